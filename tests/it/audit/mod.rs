//! The audit's reports, as those who read them find them.

mod browser;
mod html;
mod html_shown;
mod html_used;
mod sample;
