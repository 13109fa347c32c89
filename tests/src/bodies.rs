//! Bodies of the fuzz targets: each takes bytes and must neither panic nor hang.
//!
//! The targets in `fuzz/` are thin glue; `tests/tests/seeded.rs` runs the same
//! bodies on seeded inputs with a fixed budget.

use crate::scripts::Scripts;
use tclring_compiler::Mode;
use tclring_compiler::bytecode::{Context, verify};
use tclring_compiler::lower::{AllStandard, Options, compile_body, compile_expr, compile_script};
use tclring_compiler::source::Span;
use tclring_compiler::syntax::command::{is_complete, parse_script};
use tclring_compiler::syntax::list::{append_element, elements};
use tclring_compiler::syntax::number::{Number, format_double, parse_number};
use tclring_vm::interp::{Machine, RunEnd};
use tclring_vm::regex::{Flags, Regex};
use tclring_vm::value::Value;

/// How many operations a fuzzed script may run.
const FUEL: u64 = 20_000;
/// How often a fuzzed match may ask whether to go on.
const POLLS_MAX: u32 = 200;

/// Parses the bytes as a script, in both modes.
pub fn parse(bytes: &[u8]) {
    for mode in [Mode::Tcl90, Mode::Tcl86] {
        let script = parse_script(bytes, Span::new(0, bytes.len()), mode, 0);
        for command in &script.commands {
            assert!(command.span.start <= command.span.end, "a command's span is in order");
            assert!(command.span.end as usize <= bytes.len(), "a command lies inside its source");
        }
        let _ = is_complete(bytes, mode);
    }
}

/// Compiles the bytes in every way and verifies the code.
pub fn compile_and_verify(bytes: &[u8]) {
    for (lowering, peephole) in [(true, true), (true, false), (false, true), (false, false)] {
        let options = Options { lowering, peephole, ..Options::default() };
        let codes = [
            compile_script(bytes, Mode::Tcl90, Context::Script, &AllStandard, options),
            compile_script(bytes, Mode::Tcl90, Context::Sourced, &AllStandard, options),
            compile_body(bytes, &[b"a".to_vec(), b"args".to_vec()], Mode::Tcl90, &AllStandard, options),
            compile_expr(bytes, Mode::Tcl90, &AllStandard, options),
        ];
        for code in codes {
            if let Err(error) = verify(code) {
                panic!("the compiler made code that breaks rule {:?}: {}", error.rule, error.what);
            }
        }
    }
}

/// Runs the bytes as a script with limited fuel in an interpreter without I/O.
pub fn run_with_fuel(bytes: &[u8]) {
    let mut machine = Machine::new();
    machine.fuel = Some(FUEL);
    machine.set_pending(tclring_vm::interp::pending::COUNT);
    match machine.run_script(Value::text_of(bytes), true) {
        RunEnd::Done(_) | RunEnd::OutOfFuel | RunEnd::Blocked(_) | RunEnd::Exit(_) => {}
    }
}

/// Runs the script that the generator makes of the bytes, like [`run_with_fuel`].
pub fn generated_script(bytes: &[u8]) {
    let seed = bytes.iter().fold(0_u64, |seed, byte| seed.wrapping_mul(0x100_0000_01B3) ^ u64::from(*byte));
    run_with_fuel(Scripts::new(seed).script().as_bytes());
}

/// Splits the bytes as a list; what was split is joined and split again, and must be the same.
pub fn list_round_trip(bytes: &[u8]) {
    let Ok(items) = elements(bytes).map(|e| e.map(|e| e.text.into_owned())).collect::<Result<Vec<_>, _>>()
    else {
        return;
    };
    let mut joined = Vec::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            joined.push(b' ');
        }
        append_element(&mut joined, item, i == 0);
    }
    let again: Vec<Vec<u8>> = elements(&joined)
        .map(|e| e.map(|e| e.text.into_owned()))
        .collect::<Result<_, _>>()
        .expect("a joined list is a list");
    assert_eq!(items, again, "a list survives joining");
}

/// Reads the bytes as a number; a double that is printed reads back as the same double.
pub fn number_round_trip(bytes: &[u8]) {
    for mode in [Mode::Tcl90, Mode::Tcl86] {
        match parse_number(bytes, mode) {
            Some(Number::Int(n)) => {
                let text = n.to_string();
                assert!(matches!(parse_number(text.as_bytes(), mode), Some(Number::Int(m)) if m == n));
            }
            Some(Number::Double(d)) if d.is_finite() => {
                let mut text = Vec::new();
                format_double(d, &mut text);
                let again = match parse_number(&text, mode) {
                    Some(Number::Double(again)) => again,
                    _ => panic!("a printed double reads as a double"),
                };
                // Some powers of two print digits that read back as a neighbour, as in the reference.
                assert!((again - d).abs() <= d.abs() * f64::EPSILON, "{d} printed and read is {again}");
            }
            _ => {}
        }
    }
}

/// Compiles the bytes up to the first NUL as a regular expression and matches the rest with it.
pub fn regex(bytes: &[u8]) {
    let (pattern, text) = match bytes.iter().position(|b| *b == 0) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &b"abc aab 12"[..]),
    };
    // Patterns and texts are generalised UTF-8.
    let pattern = String::from_utf8_lossy(pattern);
    let text = String::from_utf8_lossy(text);
    let Ok(regex) = Regex::compile(pattern.as_bytes(), Flags::default()) else {
        return;
    };
    let mut captures = vec![None; regex.group_count() + 1];
    let mut polls = 0;
    let found = regex.exec(text.as_bytes(), 0, false, &mut captures, &mut || {
        polls += 1;
        polls < POLLS_MAX
    });
    if let Ok(true) = found {
        let (start, end) = captures[0].expect("a match has its whole");
        assert!(start <= end && end <= text.len(), "a match lies inside the text");
    }
}

/// The canary: fails on inputs that begin with `bug!`, to show that the machinery finds failures.
pub fn canary(bytes: &[u8]) {
    assert!(!bytes.starts_with(b"bug!"), "the canary sings");
}
