//! The `tclring` shell: reads a script file and runs it.

use std::process::ExitCode;

fn main() -> ExitCode {
    tclring_runtime::shell::main()
}
