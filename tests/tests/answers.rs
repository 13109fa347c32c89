//! Scripts with the answers that the reference gave: `answers/NAME.tcl` prints `answers/NAME.txt`.
//!
//! To add one, write the script, run it in the reference from the folder that it is in, and keep what it wrote to the
//! standard output and then to the standard error.

#![expect(clippy::disallowed_methods, reason = "tests run the program and read their own files")]

use std::process::Command;

use tclring_tests::program::{program, root, run};

#[test]
fn scripts_give_the_answers_of_the_reference() {
    let folder = root().join("tests/answers");
    let mut names: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tcl"))
        .collect();
    names.sort();
    assert!(names.len() > 5, "the scripts are there");
    let mut wrong = Vec::new();
    for script in names {
        let expected =
            std::fs::read_to_string(script.with_extension("txt")).expect("each script has its answers");
        let name = script.file_name().expect("it is a file");
        let ended = run(Command::new(program()).current_dir(&folder).arg(name));
        if ended.output.clone() + &ended.errors != expected {
            wrong.push(format!("{}:\n{}{}", script.display(), ended.output, ended.errors));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
