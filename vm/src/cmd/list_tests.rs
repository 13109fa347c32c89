//! Tests of the commands of lists, dictionaries and arrays.
//!
//! The cases are pairs of a script and what the reference program answered:
//! `=` and a result, `!` and an error with its code, `code N` and another
//! completion, `*` if they may differ (the order of an array). The scripts of a file run one after the other at the global
//! level of one interpreter.

use crate::interp::exception::ERROR;
use crate::interp::{Machine, RunEnd};
use crate::value::Value;

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\u{1}").replace("\\\u{1}", "\\\\n").replace('\u{1}', "\n").replace("\\\\", "\\")
}

fn run(machine: &mut Machine, script: &str) -> String {
    match machine.run_script(Value::from(script), false) {
        RunEnd::Done(Ok(value)) => format!("= {}", value.to_display()),
        RunEnd::Done(Err(e)) if e.code == ERROR => {
            format!("! {} | {}", e.result.to_display(), e.error_code().to_display())
        }
        RunEnd::Done(Err(e)) => format!("code {} {}", e.code, e.result.to_display()),
        _ => "ended oddly".to_owned(),
    }
}

fn check(cases: &str) {
    let mut machine = Machine::new();
    run(&mut machine, "array set A {a 1 b 2 c 3}; set S scalar");
    let mut lines = cases.lines();
    let mut wrong = Vec::new();
    while let (Some(script), Some(expected)) = (lines.next(), lines.next()) {
        run(&mut machine, "unset -nocomplain k v a b vv x");
        let found = run(&mut machine, &unescaped(script));
        let expected = unescaped(expected.trim_start());
        if found != expected && expected != "*" {
            wrong.push(format!("{script}\n  found    {found}\n  expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lists() {
    check(include_str!("cases/list.txt"));
}

#[test]
fn sorting_and_searching() {
    check(include_str!("cases/lsort.txt"));
}

#[test]
fn series() {
    check(include_str!("cases/lseq.txt"));
}

#[test]
fn dictionaries() {
    check(include_str!("cases/dict.txt"));
}

#[test]
fn arrays() {
    check(include_str!("cases/array.txt"));
}
