//! Compares Tclring with another Tcl on generated scripts.
//!
//! usage: differential TCLRING REFERENCE FIRST COUNT ?BATCH?
//!        differential show FIRST ?COUNT?
//!
//! Each script runs in an interpreter of its own; its completion code, result, errorCode and errorInfo are compared.
//! The scripts of the seeds from FIRST on are run, COUNT of them; what differs is printed with its seed, and the status
//! is 1 then. Differences that have a reason stand in `data/explained-differences.txt`. Scripts that take too long in
//! one of the programs are counted and left out. With `-` for REFERENCE, nothing is compared.

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
    interp limit $child time -seconds [expr {[clock seconds] + 2}]
    set code [catch {$child eval $script} result options]
    set info [expr {$code == 1 ? [dict get $options -errorinfo] : ""}]
    set error [expr {$code == 1 ? [dict get $options -errorcode] : ""}]
    if {[interp exists $child]} {interp delete $child}
    # The numbers of objects go on from script to script, and not all scripts come to an end.
    foreach word {result info error} {regsub -all {oo::Obj\d+} [set $word] oo::Obj $word}
    puts "$number [string map [list \\ \\\\ \n \\n \r \\r \0 \\0] [list $code $result $error $info]]"
}
"#;

/// What a program says of a script that it does not answer.
const NOTHING: &str = "(nothing)";
/// What is found in the answer to a script that took too long.
const OUT_OF_TIME: &str = "time limit exceeded";

/// How many scripts differed, had a known difference, and took too long.
#[derive(Default)]
struct Counts {
    different: u64,
    explained: u64,
    unfinished: u64,
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |word: &String| word.parse::<u64>().expect("seeds and counts are numbers");
    let (ours, reference, first, count, rest) = match words.as_slice() {
        [show, first, rest @ ..] if show == "show" && rest.len() < 2 => {
            let first = number(first);
            for seed in first..first + rest.first().map_or(1, number) {
                write(&format!("{}\n", Scripts::new(seed).script()));
            }
            return ExitCode::SUCCESS;
        }
        [ours, reference, first, count, rest @ ..] => (ours, reference, number(first), number(count), rest),
        _ => {
            eprintln!("usage: differential TCLRING REFERENCE FIRST COUNT ?BATCH?, or show FIRST ?COUNT?");
            return ExitCode::from(2);
        }
    };
    let batch = rest.first().map_or(500, number).max(1);
    let mut counts = Counts::default();
    let mut at = first;
    while at < first + count {
        let end = (at + batch).min(first + count);
        let scripts: Vec<String> = (at..end).map(|seed| Scripts::new(seed).script()).collect();
        let mine = answers(ours, &scripts);
        if reference != "-" {
            compare(at, &scripts, &mine, &answers(reference, &scripts), &mut counts);
        }
        at = end;
    }
    let Counts { different, explained, unfinished } = counts;
    write(&format!(
        "{count} scripts, {different} different, {explained} explained, {unfinished} unfinished\n"
    ));
    ExitCode::from(u8::from(different > 0))
}

/// Counts and shows how the answers to the scripts of the seeds from `first` on differ.
fn compare(first: u64, scripts: &[String], mine: &[String], theirs: &[String], counts: &mut Counts) {
    for (seed, (script, (mine, theirs))) in (first..).zip(scripts.iter().zip(mine.iter().zip(theirs))) {
        if [mine, theirs].iter().any(|answer| answer.contains(OUT_OF_TIME)) || theirs == NOTHING {
            counts.unfinished += 1;
        } else if mine != theirs && (is_left_over(mine, theirs) || is_explained(mine, theirs)) {
            counts.explained += 1;
        } else if mine != theirs {
            counts.different += 1;
            write(&format!("---- seed {seed}\n{script}\n-- here\n{mine}\n-- there\n{theirs}\n"));
        }
    }
}

fn write(text: &str) {
    // Nobody is told anything when there is nobody to read it.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Whether a `break` or `continue` leaves the script, which has no result here: in the reference it has the result of
/// some command before it.
fn is_left_over(mine: &str, theirs: &str) -> bool {
    let leaves = |answer: &str| answer.starts_with("3 ") || answer.starts_with("4 ");
    leaves(mine) && mine[1..] == *" {} {} {}" && theirs[..1] == mine[..1] && leaves(theirs)
}

/// Whether known differences account for this one: the answers are the same without them.
fn is_explained(mine: &str, theirs: &str) -> bool {
    let (mut mine, mut theirs) = (plain(mine), plain(theirs));
    let rules = EXPLAINED.lines().filter(|line| !line.starts_with("# ") && !line.is_empty());
    for rule in rules {
        for form in rule.split(" => ").filter(|form| !form.is_empty()) {
            (mine, theirs) = (without(&mine, form), without(&theirs, form));
        }
    }
    mine == theirs
}

/// An answer without the quoting of lists, which depends on what is quoted.
fn plain(answer: &str) -> String {
    let mut out = String::new();
    let mut letters = answer.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' => {}
            '\\' if letters.peek() == Some(&'\\') => {}
            '\\' if letters.peek() == Some(&'n') => out.push('\\'),
            '\\' => {}
            letter => out.push(letter),
        }
    }
    out
}

/// The text without what the form matches. A `*` in the form stands for any text, as short as can be; at its end, for
/// the rest. A `^` before it is the beginning of the text.
fn without(text: &str, form: &str) -> String {
    let (form, anchored) = form.strip_prefix('^').map_or((form, false), |form| (form, true));
    let mut pieces = form.split('*');
    let first = pieces.next().unwrap_or_default();
    let pieces: Vec<&str> = pieces.collect();
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(first) {
        if anchored && start > 0 {
            break;
        }
        let mut end = start + first.len();
        for (index, piece) in pieces.iter().enumerate() {
            let is_rest = piece.is_empty() && index + 1 == pieces.len();
            match rest[end..].find(piece) {
                Some(_) if is_rest => end = rest.len(),
                Some(found) => end += found + piece.len(),
                None => return out + rest,
            }
        }
        out.push_str(&rest[..start]);
        rest = &rest[end..];
        if anchored {
            break;
        }
    }
    out + rest
}

/// How long a program may take for a batch; what it is at then is left out.
const BATCH_TIME_MAX: Duration = Duration::from_secs(20);

/// What a program answers to each of the scripts; one that it does not answer gets `NOTHING`.
fn answers(program: &str, scripts: &[String]) -> Vec<String> {
    let mut all = vec![NOTHING.to_owned(); scripts.len()];
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
