//! One test binary; a line a file.

mod policy;
mod policy_refusals;
mod policy_values;
