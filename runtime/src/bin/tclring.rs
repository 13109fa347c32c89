//! The `tclring` shell.

fn main() {}
