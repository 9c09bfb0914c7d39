//! PDD009 over hand-built proofs.
