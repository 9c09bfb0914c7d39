//! `init --approver` and `init --new-approver-key`.
