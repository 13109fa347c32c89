//! Ten thousand instants in twenty zones, as the reference tells them. The zones come from the system.

#![expect(clippy::disallowed_methods, reason = "the test runs the program and reads its own files")]

use std::process::Command;

use tclring_tests::program::{program, root, run};

#[test]
fn instants_in_zones() {
    let script = root().join("tests/zones/zones.tcl");
    let ended = run(Command::new(program()).arg(&script));
    assert_eq!((ended.status, ended.errors.as_str()), (Some(0), ""));
    let recorded =
        std::fs::read_to_string(root().join("tests/data/zones.txt")).expect("the answers are recorded");
    let different: Vec<String> = recorded
        .lines()
        .zip(ended.output.lines())
        .filter(|(expected, told)| expected != told)
        .map(|(expected, told)| format!("{told}, not {expected}"))
        .collect();
    assert!(different.is_empty(), "blocks that differ from {}:\n{}", script.display(), different.join("\n"));
    assert_eq!(recorded.lines().count(), ended.output.lines().count());
}
