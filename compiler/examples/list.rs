//! Lists the code of a procedure body read from a file.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a tool for developers")]

use tclring_compiler::Mode;
use tclring_compiler::bytecode::disasm::disassemble;
use tclring_compiler::lower::{AllStandard, Options, compile_body};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("the body's path is the first argument");
    let params: Vec<Vec<u8>> = arguments.map(String::into_bytes).collect();
    let text = std::fs::read(path).expect("the body can be read");
    let code = compile_body(&text, &params, Mode::Tcl90, &AllStandard, Options::default());
    println!("{}", disassemble(&code));
}
