//! The compiler's word on stubs and on what is read of its errors.

mod compiler;
mod errors;
mod stubs;
