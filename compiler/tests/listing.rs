//! Listings of small programs: what lowering makes of them.
//!
//! Each file of `tests/listing` holds a program, and behind it the listing of
//! its code in comments that begin with `#|`. Its first line says how it is
//! compiled: `#! body NAME…` with the parameters' names, `#! script`,
//! `#! sourced` or `#! expr`. `UPDATE=1 cargo test` writes the listings anew.

#![allow(clippy::disallowed_methods, reason = "the test reads and writes its own files")]

use std::path::{Path, PathBuf};

use tclring_compiler::Mode;
use tclring_compiler::bytecode::asm::assemble;
use tclring_compiler::bytecode::disasm::disassemble;
use tclring_compiler::bytecode::{Code, Context, verify};
use tclring_compiler::lower::{
    AllStandard, Options, compile_body, compile_command, compile_expr, compile_script,
};
use tclring_compiler::syntax::command::{NextCommand, parse_command};

fn compile(directive: &str, source: &[u8]) -> Vec<Code> {
    let (mode, options) = (Mode::Tcl90, Options::default());
    let mut words = directive.split_whitespace();
    match words.next() {
        Some("body") => {
            let params: Vec<Vec<u8>> = words.map(|word| word.as_bytes().to_vec()).collect();
            vec![compile_body(source, &params, mode, &AllStandard, options)]
        }
        Some("script") => vec![compile_script(source, mode, Context::Script, &AllStandard, options)],
        Some("expr") => vec![compile_expr(source, mode, &AllStandard, options)],
        Some("sourced") => {
            let mut codes = Vec::new();
            let mut at = 0;
            while let NextCommand::Command(command, next) = parse_command(source, at, mode, 0) {
                codes.push(compile_command(source, &command, mode, &AllStandard, options));
                at = next;
            }
            codes
        }
        other => panic!("the directive {other:?} is unknown"),
    }
}

/// Compiles a file, checks what always holds, and returns the file as it should be.
fn renewed(path: &Path) -> (String, String) {
    let text = std::fs::read_to_string(path).expect("the test's own file");
    let program: String =
        text.lines().filter(|line| !line.starts_with("#|")).map(|line| format!("{line}\n")).collect();
    let program = program.trim_end().to_owned() + "\n";
    let (directive, source) = program.split_once('\n').expect("a line ends the directive");
    let directive = directive.strip_prefix("#!").expect("the first line is a directive");
    let mut renewed = format!("{program}\n");
    for code in compile(directive, source.trim_end().as_bytes()) {
        let listing = disassemble(&code);
        assert_eq!(assemble(&listing).as_ref(), Ok(&code), "{} reads back", path.display());
        if let Err(error) = verify(code) {
            panic!("{}: {error}\n{listing}", path.display());
        }
        for line in listing.lines().filter(|line| !line.starts_with(".source") && !line.starts_with(".mode"))
        {
            renewed.push_str(format!("#| {line}").trim_end());
            renewed.push('\n');
        }
    }
    (text, renewed)
}

#[test]
fn listings_are_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/listing");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are listings");
    for path in paths {
        let (text, renewed) = renewed(&path);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, renewed).expect("the test's own file");
        } else {
            assert_eq!(text, renewed, "{}: UPDATE=1 writes the listing anew", path.display());
        }
    }
}
