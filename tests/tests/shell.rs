//! The program as its users start it: arguments, scripts on the standard input, statuses, the prompt.

#![expect(clippy::disallowed_methods, reason = "tests run programs and write their own files")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tclring_tests::program::{Ended, program, run, run_with_input};
use tclring_tests::pseudo_terminal::Typist;

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(program());
    // Nobody's own file of commands shall matter.
    command.args(args).env("HOME", "/nonexistent").env_remove("TCLRING_IO").env_remove("TCLRING_COMPAT");
    command
}

/// A file that goes with the test.
struct Script(PathBuf);

impl Script {
    fn new(name: &str, text: &str) -> Script {
        let path = std::env::temp_dir().join(format!("tclring-shell-{}-{name}", std::process::id()));
        std::fs::write(&path, text).expect("a temporary file can be written");
        Script(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("its name is text")
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        // A file that is left over does no harm.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn ended(output: &str, errors: &str, status: i32) -> Ended {
    Ended { output: output.to_owned(), errors: errors.to_owned(), status: Some(status) }
}

#[test]
fn texts_as_arguments() {
    let check = |args: &[&str], expected| assert_eq!(run(&mut command(args)), expected, "{args:?}");
    check(&["-c", "puts [list $argc $argv $tcl_interactive]", "a b", "-c"], ended("2 {{a b} -c} 0\n", "", 0));
    check(&["-c", "exit 256"], ended("", "", 0));
    check(&["-c", "exit -1"], ended("", "", 255));
    check(&["-c", "error x"], ended("", "x\n    while executing\n\"error x\"\n", 1));
    check(&["--version"], ended(&format!("tclring {} (Tcl 9.0.4)\n", env!("CARGO_PKG_VERSION")), "", 0));
    check(&["--nosuch"], ended("", "tclring: unknown option --nosuch\n", 1));
    check(&["--io", "nosuch", "-c", ""], {
        let errors = run(&mut command(&["--io", "nosuch", "-c", ""])).errors;
        assert!(errors.contains("nosuch"), "{errors}");
        ended("", &errors, 1)
    });
    check(&["--io", "epoll", "-c", "puts [dict get [tcl::unsupported::io] driver]"], ended("epoll\n", "", 0));
    check(&["--tcl", "8.6", "-c", "puts $tcl_version[expr 010]"], ended("8.68\n", "", 0));
    check(&["--tcl", "9.0", "-c", "puts $tcl_version[expr 010]"], ended("9.010\n", "", 0));
    let help = run(&mut command(&["--help"]));
    assert!(help.output.starts_with("usage: tclring ?options? ?script? ?args?\n") && help.status == Some(0));
}

#[test]
fn a_script_may_ask_for_older_rules() {
    let script = "package require Tcl 8.6; puts $tcl_version";
    assert_eq!(run(&mut command(&["-c", script])), ended("8.6\n", "", 0));
    let strict = run(&mut command(&["--strict-version", "-c", script]));
    assert_eq!(strict.status, Some(1));
    assert!(
        strict.errors.starts_with("version conflict for package \"Tcl\": have 9.0.4, need 8.6\n"),
        "{strict:?}"
    );
    let old = run(command(&["-c", "puts $tcl_version"]).env("TCLRING_COMPAT", "8.6"));
    assert_eq!(old, ended("8.6\n", "", 0));
}

/// What ends a script file, as the reference tells it. `FILE` stands for the file's name.
#[test]
fn ends_of_script_files() {
    let check = |text: &str, errors: &str, status| {
        let script = Script::new("ends", text);
        let expected = ended("", &errors.replace("FILE", script.path()), status);
        assert_eq!(run(&mut command(&[script.path()])), expected, "{text}");
    };
    check("return foo\nerror x", "", 0);
    check(
        "\nproc f {} {error boo}\nf",
        "boo\n    while executing\n\"error boo\"\n    (procedure \"f\" line 1)\n    invoked from within\n\"f\"\n    \
         (file \"FILE\" line 3)\n",
        1,
    );
    check(
        "\nreturn -code 5 foo",
        "command returned bad code: 5\n    while executing\n\"return -code 5 foo\"\n    (file \"FILE\" line 2)\n",
        1,
    );
    check(
        "if 1 {break}",
        "invoked \"break\" outside of a loop\n    while executing\n\"if 1 {break}\"\n    (file \"FILE\" line 1)\n",
        1,
    );
    check("proc exit {status} {puts stderr [list $status $errorCode]}\nset errorCode x", "", 0);
    check(
        "rename exit leave; proc exit {status} {puts stderr [list $status $::errorCode]; leave 7}\ncontinue",
        "invoked \"continue\" outside of a loop\n    while executing\n\"continue\"\n    (file \"FILE\" line 2)\n\
         1 {TCL UNEXPECTED_RESULT_CODE 4}\n",
        7,
    );
    let missing = run(&mut command(&["/nonexistent/script"]));
    let message = "couldn't read file \"/nonexistent/script\": no such file or directory\n";
    assert_eq!(missing, ended("", message, 1));
}

#[test]
fn encodings_of_script_files() {
    let path = std::env::temp_dir().join(format!("tclring-shell-{}-latin", std::process::id()));
    std::fs::write(&path, b"puts [string length \xE9\xE8]").expect("a temporary file can be written");
    let script = Script(path);
    assert_eq!(run(&mut command(&["-encoding", "iso8859-1", script.path()])), ended("2\n", "", 0));
    assert_eq!(run(&mut command(&[script.path()])).status, Some(1));
}

#[test]
fn commands_on_the_standard_input() {
    let check = |input: &str, expected| {
        assert_eq!(run_with_input(&mut command(&[]), input.as_bytes()), expected, "{input}");
    };
    // Errors end nothing, and only their messages are told.
    check(
        "error x\nputs hi\nproc f {} {\nerror boo\n}\nf\nputs $errorInfo",
        ended(
            "hi\nboo\n    while executing\n\"error boo\"\n    (procedure \"f\" line 2)\n    invoked from within\n\"f\"\n",
            "x\nboo\n",
            0,
        ),
    );
    check("exit 3", ended("", "", 3));
    check("puts [list [info script] $argv]\nputs {a", ended("{} {}\n", "", 0));
    check(
        "break\nreturn -code 7 u\nreturn u\nnosuch",
        ended(
            "",
            "invoked \"break\" outside of a loop\ncommand returned bad code: 7\ninvalid command name \"nosuch\"\n",
            0,
        ),
    );
    // What follows on the standard input is the script's to read.
    check("puts [gets stdin]\nfirst\nputs [read stdin]\nsecond\n", ended("first\nsecond\n\n", "", 0));
    check(
        "set tcl_interactive 1\nexpr 1+2\nset tcl_prompt1 {puts -nonewline P>}\nlist {a\nb}\nset tcl_prompt2 {error no}\nset x {\n}\n",
        ended("1\n% 3\n% puts -nonewline P>\nP>{a\nb}\nP>error no\nP>\n\nP>", "no\n", 0),
    );
    check(
        "history\nset a 1\nputs [history]",
        ended("     1  history\n     2  set a 1\n     3  puts [history]\n", "", 0),
    );
    let args = run_with_input(&mut command(&["-", "a b"]), b"puts $argv");
    assert_eq!(args, ended("{a b}\n", "", 0));
}

/// Output that nobody takes ends a script with an error, as in the reference; nothing else.
#[test]
fn output_that_goes_nowhere() {
    let script = "while 1 {puts [string repeat x 1000]}";
    let full = run_output(script, Path::new("/dev/full"));
    assert!(full.0.starts_with("error writing \"stdout\": no space left on device\n"), "{full:?}");
    assert_eq!(full.1, Some(1));
    let mut child =
        command(&["-c", script]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdout.take());
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(1));
    let errors = String::from_utf8_lossy(&ended.stderr);
    assert!(errors.starts_with("error writing \"stdout\": broken pipe\n"), "{errors}");
}

fn run_output(script: &str, path: &Path) -> (String, Option<i32>) {
    let output = std::fs::OpenOptions::new().write(true).open(path).expect("the device is there");
    let ended = command(&["-c", script]).stdout(output).stderr(Stdio::piped()).output().expect("it runs");
    (String::from_utf8_lossy(&ended.stderr).into_owned(), ended.status.code())
}

#[test]
fn listings() {
    let text = "proc f {a} {return [expr {$a + 1}]}\nputs [f 2]\nnamespace eval n {proc g {} {}}\n";
    let script = Script::new("listing", text);
    let listed = run(&mut command(&["--disassemble", script.path()]));
    assert_eq!((listed.errors.as_str(), listed.status), ("", Some(0)));
    assert!(
        listed.output.contains("\nproc f\n") && listed.output.contains("\nproc g\n"),
        "{}",
        listed.output
    );
    let typed = run_with_input(&mut command(&["--disassemble", "-"]), text.as_bytes());
    assert_eq!(typed, listed);
    let missing = run(&mut command(&["--disassemble", "/nonexistent/x"]));
    let message = "tclring: couldn't read file \"/nonexistent/x\": no such file or directory\n";
    assert_eq!(missing, ended("", message, 1));
}

fn typist(args: &[&str]) -> Typist {
    let mut typist = Typist::start(&mut command(args));
    typist.expect("% ");
    typist
}

#[test]
fn a_prompt_shows_results() {
    let mut typist = typist(&[]);
    typist.send("expr {6 * 7}\r");
    typist.expect("\n42\r\n");
    typist.expect("% ");
    // A command of more than one line.
    typist.send("proc f {} {\r");
    typist.expect("\r\n");
    typist.send("return [list $::tcl_interactive two]\r");
    typist.send("}\r");
    typist.expect("% ");
    typist.send("f\r");
    typist.expect("1 two\r\n");
    typist.expect("% ");
    typist.send("error boo\r");
    typist.expect("\nboo\r\n");
    typist.expect("% ");
    // Abbreviations and old commands.
    typist.send("lin {a b} 1\r");
    typist.expect("ambiguous command name \"lin\": ");
    typist.expect("% ");
    typist.send("linser {a b} 0 z\r");
    typist.expect("\nz a b\r\n");
    typist.expect("% ");
    typist.send("!!\r");
    typist.expect("\nlinser {a b} 0 z\r\nz a b\r\n");
    typist.expect("% ");
    typist.send("^z^y^\r");
    typist.expect("\nlinser {a b} 0 y\r\ny a b\r\n");
    typist.expect("% ");
    // Programs.
    typist.send("basename /a/b.c .c\r");
    typist.expect("\nb\r\n");
    typist.expect("% ");
    // The editor's own history.
    typist.send("\u{1b}[A\r");
    typist.expect("\nb\r\n");
    typist.expect("% ");
    typist.send("exit 5\r");
    assert_eq!(typist.status(), Some(5));
}

#[test]
fn events_go_on_at_a_prompt() {
    let mut typist = typist(&[]);
    typist.send("after 50 {puts tick; after 50 {puts tock}}\r");
    typist.expect("after#");
    typist.expect("% ");
    typist.expect("tick\r\n");
    typist.expect("tock\r\n");
    typist.send("set tcl_prompt1 {puts -nonewline \"[incr n]> \"; flush stdout}\r");
    typist.expect("1> ");
    typist.send("set tcl_prompt2 {puts -nonewline more}\r");
    typist.expect("2> ");
    typist.send("list {\r");
    typist.expect("more");
    typist.send("\u{3}");
    typist.expect("3> ");
    typist.send("gets stdin line\r");
    typist.expect("\r\n");
    typist.send("typed\r");
    typist.expect("4> ");
    typist.send("set line\r");
    typist.expect("\ntyped\r\n");
    typist.expect("5> ");
    typist.send("after 50 {exit 3}\r");
    assert_eq!(typist.status(), Some(3));
}

#[test]
fn the_end_of_input_ends_a_session() {
    let mut typist = typist(&[]);
    typist.send("\u{4}");
    assert_eq!(typist.status(), Some(0));
}
