//! What there is to a Tcl 9.0, and how much of it the interpreter says that it has.
//!
//! `tests/data/inventory.tsv` lists the commands, subcommands, options, specifiers and behaviours of the reference.
//! `tests/completeness/probe.tcl` asks the interpreter about each; the reference answers all of them with yes. What is
//! missing stands in `tests/data/missing.txt` with a reason; what stands there and is not missing fails the test.

#![expect(clippy::disallowed_methods, reason = "the test runs the program and reads its own files")]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::Command;

use tclring_tests::program::{program, root, run};

/// One line of the list: what is missing, and why. `*` stands for any.
struct Missing {
    words: [String; 3],
    reason: String,
    is_used: bool,
}

fn missing_list() -> Vec<Missing> {
    let text = std::fs::read_to_string(root().join("tests/data/missing.txt")).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let parts: Vec<&str> = line.split('\t').collect();
            let [section, command, name, reason] = parts[..] else {
                panic!("section, command, name and reason stand between tabs: {line:?}");
            };
            assert!(!reason.is_empty(), "there is a reason: {line:?}");
            let words = [section, command, name].map(str::to_owned);
            Missing { words, reason: reason.to_owned(), is_used: false }
        })
        .collect()
}

/// Whether a row is what a line of the list means; `*` at the end of a word stands for anything.
fn fits(pattern: &str, word: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => pattern == word,
    }
}

#[test]
fn all_that_the_reference_has_is_there_or_missing_for_a_reason() {
    let folder = root().join("tests");
    let mut command = Command::new(program());
    command.arg(folder.join("completeness/probe.tcl")).arg(folder.join("data/inventory.tsv"));
    command.arg(folder.join("completeness/probes.tcl")).current_dir(std::env::temp_dir());
    let ended = run(&mut command);
    assert_eq!(ended.status, Some(0), "{}", ended.errors);

    let mut list = missing_list();
    let mut sections: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for line in ended.output.lines() {
        let row: Vec<&str> = line.split('\t').collect();
        let [answer, section, asked, _, name, why] = row[..] else { panic!("a row has six words: {line:?}") };
        let is_there = answer == "done";
        sections.entry(section).or_default()[usize::from(!is_there)] += 1;
        if is_there {
            continue;
        }
        let words = [section, asked, name];
        let known =
            list.iter_mut().find(|one| one.words.iter().zip(words).all(|(one, word)| fits(one, word)));
        match known {
            Some(known) => known.is_used = true,
            None => unexplained.push(format!("{section}\t{asked}\t{name}\t{why}")),
        }
    }
    print_table(&sections);
    assert!(
        unexplained.is_empty(),
        "missing without a reason in tests/data/missing.txt:\n{}",
        unexplained.join("\n")
    );
    let there: Vec<String> = list
        .iter()
        .filter(|one| !one.is_used)
        .map(|one| format!("{} ({})", one.words.join(" "), one.reason))
        .collect();
    assert!(
        there.is_empty(),
        "listed in tests/data/missing.txt, but nothing of it is missing:\n{}",
        there.join("\n")
    );
    let total: usize = sections.values().flatten().sum();
    assert!(total > 1_500, "the inventory has more rows than {total}");
}

/// Prints the table where a test's success does not hide it.
fn print_table(sections: &BTreeMap<&str, [usize; 2]>) {
    let mut text = format!("\n{:20}{:>8}{:>9}\n", "section", "done", "missing");
    for (section, [done, missing]) in sections {
        text.push_str(&format!("{section:20}{done:8}{missing:9}\n"));
    }
    let [done, missing] = sections.values().fold([0, 0], |[a, b], [c, d]| [a + c, b + d]);
    text.push_str(&format!("{:20}{done:8}{missing:9}\n", "all"));
    // Nobody to read it is no failure.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
