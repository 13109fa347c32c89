//! Programs to run: those in the project's own tests and examples, and generated ones.

#![expect(clippy::disallowed_methods, reason = "tests read the project's files")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::program::root;
use crate::seeds::Seeds;

/// What makes a script's outcome another one each time, or tells how it is run.
const UNSTEADY: &[&str] = &[
    "cmdcount",
    "clock",
    "time",
    "pid",
    "representation",
    "disassemble",
    "rand",
    "address",
    "info frame",
    "statistics",
    "after",
    "vwait",
    "stats",
    "enterstep",
    "leavestep",
    "limit",
];

/// The scripts among the project's files, in order: files of Tcl, and the texts in Rust files that can be scripts.
pub fn own_scripts() -> Vec<Vec<u8>> {
    let mut found = BTreeSet::new();
    let mut open: Vec<PathBuf> =
        ["compiler", "vm", "tests", "examples", "fuzz/seeds"].iter().map(|dir| root().join(dir)).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("a folder of the project can be read");
            open.extend(entries.map(|entry| entry.expect("an entry can be read").path()));
            continue;
        }
        // Those fill the memory up to the limits.
        if path.file_name().is_some_and(|name| name == "limit_tests.rs") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") => found.extend(texts_in(&text)),
            Some("tcl") | None => {
                found.insert(text.into_bytes());
            }
            _ => {}
        }
    }
    found.into_iter().filter(|script| is_steady(script)).collect()
}

/// Whether a script's outcome can be the same each time.
fn is_steady(script: &[u8]) -> bool {
    let text = String::from_utf8_lossy(script);
    !UNSTEADY.iter().any(|word| text.contains(word))
}

/// The texts between quotes in a Rust file that have more than one word.
fn texts_in(source: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find('"') {
        let raw = rest[..at].ends_with('r');
        let hashes = if raw { 0 } else { rest[..at].bytes().rev().take_while(|byte| *byte == b'#').count() };
        let raw = raw || hashes > 0 && rest[..at - hashes].ends_with('r');
        rest = &rest[at + 1..];
        let end = if raw {
            let mark = format!("\"{}", "#".repeat(hashes));
            rest.find(&mark).map(|end| (rest[..end].to_owned(), end + mark.len()))
        } else {
            plain_text(rest)
        };
        let Some((text, length)) = end else { return found };
        rest = &rest[length..];
        if text.trim().contains([' ', '\n']) && text.len() < 4_000 {
            found.push(text.into_bytes());
        }
    }
    found
}

/// The text up to the closing quote, its escapes resolved, and how long it is in the source.
fn plain_text(source: &str) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut chars = source.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((text, at + 1)),
            '\\' => match chars.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                '0' => text.push('\0'),
                '\n' => while chars.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

/// A program that does sensible things with variables, lists, dictionaries, procedures and exceptions.
pub fn generated(seed: u64) -> Vec<u8> {
    let mut seeds = Seeds::new(seed);
    let mut writer = Writer {
        seeds: &mut seeds,
        text: String::new(),
        indent: 0,
        loops: 0,
        is_inside: false,
        tells_trace: seed % 2 == 1,
    };
    for number in 0..2 {
        writer.line(&format!("proc p{number} {{a {{b 3}} args}} {{"));
        writer.is_inside = true;
        writer.block(3);
        writer.is_inside = false;
        writer.line("    return [list $a $b $args]");
        writer.line("}");
    }
    writer.line("set log {}; set x 1; set y {a b c}; set z {k 1 l 2}; set n 0");
    for _ in 0..6 {
        writer.statement(3);
    }
    writer.line("list $log $x $y $z");
    writer.text.into_bytes()
}

struct Writer<'a> {
    seeds: &'a mut Seeds,
    text: String,
    indent: usize,
    loops: usize,
    /// Whether this is a procedure's body: it calls no procedure, since depth is counted differently by each way.
    is_inside: bool,
    /// Whether exceptions are asked where they came along.
    tells_trace: bool,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        for _ in 0..self.indent {
            self.text.push_str("    ");
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn block(&mut self, depth: usize) {
        self.indent += 1;
        self.line("upvar #0 log log x x y y z z n n");
        for _ in 0..1 + self.seeds.below(3) {
            self.statement(depth);
        }
        self.indent -= 1;
    }

    fn body(&mut self, depth: usize) {
        self.indent += 1;
        for _ in 0..1 + self.seeds.below(2) {
            self.statement(depth);
        }
        self.indent -= 1;
    }

    fn value(&mut self) -> String {
        self.seeds
            .pick(&[
                "$x",
                "$y",
                "$z",
                "1",
                "-7",
                "2.5",
                "{}",
                "abc",
                "{a b}",
                "[llength $y]",
                "[incr n]",
                "0x1f",
                "\"$x-$y\"",
                "[lindex $y 1]",
                "[dict get $z k]",
                "$nosuch",
                "[string length $x]",
                "1e400",
                "end",
            ])
            .to_owned()
    }

    fn expression(&mut self) -> String {
        let (a, b) = (self.value(), self.value());
        let op =
            self.seeds.pick(&["+", "-", "*", "/", "%", "<", "==", "eq", "in", "&&", "||", "**", "<<", "ni"]);
        format!("{a} {op} {b}")
    }

    fn statement(&mut self, depth: usize) {
        let (value, expression) = (self.value(), self.expression());
        match self.seeds.below(if depth == 0 { 10 } else { 20 }) {
            0 => self.line(&format!("set x {value}")),
            1 => self.line(&format!("lappend y {value}")),
            2 => self.line(&format!("dict set z k {value}")),
            3 => self.line(&format!("append log {value} ,")),
            4 => self.line(&format!("set x [expr {{{expression}}}]")),
            5 => self.line(&format!("catch {{incr x {value}}} message; append log $message,")),
            6 => self.line(&format!("lset y 0 {value}")),
            7 => self.line(&format!("set y [lreplace $y 0 0 {value}]")),
            8 => self.line(&format!("append log [catch {{expr {{{expression}}}}} message] $message ,")),
            9 => self.line(&format!("dict incr z l; append log [string range {value} 0 1]")),
            10 => {
                self.line(&format!("if {{[catch {{expr {{{expression}}}}} r] || $r eq {{1}}}} {{"));
                self.body(depth - 1);
                self.line("} else {");
                self.body(depth - 1);
                self.line("}");
            }
            11 | 12 => self.counted_loop(depth),
            13 => {
                self.line(&format!("foreach {{e f}} {value} {{"));
                self.body(depth - 1);
                let word = self.seeds.pick(&["continue", "break", "append log $e$f"]).to_owned();
                self.line(&format!("    {word}"));
                self.line("}");
            }
            14 => {
                self.line("try {");
                self.body(depth - 1);
                let word = self.seeds.pick(&["error oops", "throw {A B} thrown", "list fine"]).to_owned();
                self.line(&format!("    {word}"));
                self.line("} on error {message options} {");
                // What tells of the way out is left to every other program: it differs when nothing is lowered.
                let told = if self.tells_trace {
                    "    append log [dict get $options -errorinfo] [dict get $options -errorline]"
                } else {
                    "    append log [dict get $options -errorcode] $message"
                };
                self.line(told);
                self.line("} finally {");
                self.body(0);
                self.line("}");
            }
            15 => {
                self.line(&format!("switch -glob -- {value} {{ a* {{"));
                self.body(depth - 1);
                self.line("} default {");
                self.body(depth - 1);
                self.line("}}");
            }
            16 if !self.is_inside => {
                let number = self.seeds.below(2);
                self.line(&format!("append log [catch {{p{number} {value}}} m o] $m"));
            }
            17 => self.line(&format!("append log [apply {{{{v}} {{expr {{$v + 1}}}}}} {value}]")),
            18 => self.line(&format!("append log [lmap e {value} {{string cat $e !}}]")),
            _ => self.line(&format!("uplevel #0 {{append log {value}}}")),
        }
    }

    fn counted_loop(&mut self, depth: usize) {
        self.loops += 1;
        let name = format!("i{}", self.loops);
        self.line(&format!("for {{set {name} 0}} {{${name} < 3}} {{incr {name}}} {{"));
        self.body(depth - 1);
        self.line("}");
    }
}
