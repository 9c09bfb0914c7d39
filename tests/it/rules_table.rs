//! The registry of rules as users see it: codes, names and the table of the README.
