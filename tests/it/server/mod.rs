//! A server: a bare repository that judges what is pushed to it, over real pushes.

mod attacks;
mod doctor;
mod forms;
mod honest;
mod install;
pub(crate) mod scene;
mod transitions;
mod weakened;
