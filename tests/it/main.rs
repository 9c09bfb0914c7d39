//! One test binary; a line a file.

mod support;
