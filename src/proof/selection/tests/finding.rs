//! Cases and loads.
