//! What is read of the compiler's own errors.
