//! Compares Tclring with another Tcl on generated scripts.
//!
//! usage: differential TCLRING REFERENCE FIRST COUNT ?BATCH?
//!
//! Each script runs in an interpreter of its own; its completion code, result, errorCode and errorInfo are compared.
//! The scripts of the seeds from FIRST on are run, COUNT of them; what differs is printed with its seed, and the status
//! is 1 then. Differences that have a reason stand in `data/explained-differences.txt`.

#![expect(clippy::disallowed_methods, reason = "it runs the two programs")]

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use tclring_tests::scripts::Scripts;

const EXPLAINED: &str = include_str!("../../data/explained-differences.txt");

/// What runs the scripts, which follow as list elements.
const DRIVER: &str = r#"
fconfigure stdout -encoding utf-8 -profile tcl8 -buffering line
proc one {number script} {
    set child [interp create]
    interp limit $child time -seconds [expr {[clock seconds] + 5}]
    interp limit $child commands -value 20000
    set code [catch {$child eval $script} result options]
    set info [expr {$code == 1 ? [dict get $options -errorinfo] : ""}]
    set error [expr {$code == 1 ? [dict get $options -errorcode] : ""}]
    interp delete $child
    puts "$number [string map [list \\ \\\\ \n \\n \r \\r \0 \\0] [list $code $result $error $info]]"
}
"#;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [ours, reference, first, count, rest @ ..] = words.as_slice() else {
        eprintln!("usage: differential TCLRING REFERENCE FIRST COUNT ?BATCH?");
        return ExitCode::from(2);
    };
    let number = |word: &String| word.parse::<u64>().expect("the words behind the programs are numbers");
    let (first, count) = (number(first), number(count));
    let batch = rest.first().map_or(500, number).max(1);
    let mut different = 0;
    let mut explained = 0;
    let mut at = first;
    while at < first + count {
        let end = (at + batch).min(first + count);
        let scripts: Vec<String> = (at..end).map(|seed| Scripts::new(seed).script()).collect();
        let (mine, theirs) = (answers(ours, &scripts), answers(reference, &scripts));
        for (index, script) in scripts.iter().enumerate() {
            let (mine, theirs) = (&mine[index], &theirs[index]);
            if mine == theirs {
                continue;
            }
            if is_explained(mine, theirs) {
                explained += 1;
                continue;
            }
            different += 1;
            let mut out = String::new();
            let _ = writeln!(
                out,
                "---- seed {}\n{script}\n-- here\n{mine}\n-- there\n{theirs}",
                at + index as u64
            );
            let _ = std::io::stdout().write_all(out.as_bytes());
        }
        at = end;
    }
    let summary = format!("{count} scripts, {different} different, {explained} explained\n");
    let _ = std::io::stdout().write_all(summary.as_bytes());
    ExitCode::from(u8::from(different > 0))
}

/// Whether a known difference accounts for this one: a line `HERE => THERE` of the list, both found in the answers.
fn is_explained(mine: &str, theirs: &str) -> bool {
    EXPLAINED.lines().filter(|line| !line.starts_with('#')).any(|line| match line.split_once(" => ") {
        Some((here, there)) => mine.contains(here) && theirs.contains(there),
        None => false,
    })
}

/// How long a program may take for a batch; what it is at then is left out.
const BATCH_TIME_MAX: Duration = Duration::from_secs(20);

/// What a program answers to each of the scripts; one that it does not answer gets `(nothing)`.
fn answers(program: &str, scripts: &[String]) -> Vec<String> {
    let mut all = vec!["(nothing)".to_owned(); scripts.len()];
    let mut from = 0;
    while from < scripts.len() {
        let mut last = from;
        for line in answers_until_stuck(program, scripts, from).lines() {
            if let Some((number, answer)) = line.split_once(' ')
                && let Ok(number) = number.parse::<usize>()
                && let Some(slot) = all.get_mut(number)
            {
                answer.clone_into(slot);
                last = number + 1;
            }
        }
        // What it was at when it stopped is left out.
        from = last + 1;
    }
    all
}

/// The numbered answers to the scripts from the number `from` on, up to one that the program ends or stops at.
fn answers_until_stuck(program: &str, scripts: &[String], from: usize) -> String {
    let mut text = DRIVER.to_owned();
    for (number, script) in scripts.iter().enumerate().skip(from) {
        let quoted: String = script.chars().fold(String::new(), |mut out, letter| {
            if matches!(letter, '{' | '}' | '\\' | '[' | ']' | '$' | '"' | ';') {
                out.push('\\');
            }
            match letter {
                '\n' => out.push_str("\\n"),
                letter => out.push(letter),
            }
            out
        });
        let _ = writeln!(text, "one {number} \"{quoted}\"");
    }
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .env("LC_ALL", "C.UTF-8")
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("it is piped");
    let feed = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let mut output = child.stdout.take().expect("it is piped");
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before a failure counts.
        let _ = output.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    let bytes = receiver.recv_timeout(BATCH_TIME_MAX).unwrap_or_else(|_| {
        // It may have ended just now.
        let _ = child.kill();
        receiver.recv().unwrap_or_default()
    });
    let _ = child.wait();
    // A program that ended early has not read everything.
    let _ = feed.join();
    String::from_utf8_lossy(&bytes).into_owned()
}
