//! Tests of pipelines; every expectation is the reference's.

#![allow(clippy::disallowed_methods, reason = "the tests read and write their own files")]

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;

use tclring_compiler::Mode::Tcl90;

use super::*;
use crate::host::errno::{Errno, HostError};
use crate::host::test_directory::TestDirectory;
use crate::host::user::SystemHomes;

/// Channels that are files of the test's directory: `c…` can be written,
/// others read.
struct TestChannels<'a>(&'a TestDirectory);

impl Channels for TestChannels<'_> {
    fn descriptor(&mut self, name: &[u8], write: bool) -> Result<OwnedFd, HostError> {
        let name = std::str::from_utf8(name).unwrap();
        let path = self.0.path().join(name);
        match (name.starts_with('c'), write) {
            (true, true) => Ok(File::create(path).unwrap().into()),
            (false, false) if path.exists() => Ok(File::open(path).unwrap().into()),
            (true, false) | (false, true) => Err(Pipeline::wrong_direction(name.as_bytes(), write)),
            _ => Err(HostError::other(&[b"can not find channel named \"", name.as_bytes(), b"\""], &[])),
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Does what `exec` does with `words`, where `%` stands for the directory; the
/// result, or message and code without the process number.
fn execute(directory: &TestDirectory, words: &[&str]) -> String {
    let shown = |message: &[u8], code: &[Vec<u8>]| {
        let code: Vec<String> =
            code.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, word)| text(word)).collect();
        directory.shorten(&format!("{} | {}", text(message), code.join(" ")))
    };
    let failed = |error: HostError| shown(error.message(), &error.code());
    let place = |word: &&str| word.replace('%', &directory.path().to_string_lossy()).into_bytes();
    let words: Vec<Vec<u8>> = words.iter().map(place).collect();
    let pipeline = match Pipeline::parse(&words, Tcl90, &mut TestChannels(directory), &SystemHomes) {
        Ok(pipeline) => pipeline,
        Err(error) => return failed(error),
    };
    let wanted = Wanted { output: true, errors: true, ..Wanted::default() };
    let mut running = match pipeline.start(wanted, StandardChannels::default(), &SystemHomes) {
        Ok(running) => running,
        Err(error) => return failed(error),
    };
    let mut result = Vec::new();
    if let Some(output) = running.output.take() {
        File::from(output).read_to_end(&mut result).unwrap();
    }
    let statuses: Vec<_> = running.pids.iter().map(|pid| (*pid, wait(*pid))).collect();
    purge(Some(&running.pids));
    let errors = running.read_errors().unwrap();
    match Completion::of_pipeline(&statuses, &errors) {
        None => text(&result),
        Some(completion) => {
            result.extend(completion.message);
            shown(&result, &completion.code)
        }
    }
}

fn check(cases: &[(&[&str], &str)]) {
    for (words, expected) in cases {
        let directory = TestDirectory::new();
        std::fs::write(directory.path().join("f"), "from f\n").unwrap();
        std::fs::create_dir(directory.path().join("dir")).unwrap();
        assert_eq!(execute(&directory, words), *expected, "{words:?}");
    }
}

#[test]
fn wrong_words() {
    const PIPE: &str = "illegal use of | or |& in command | TCL EXEC PIPESYNTAX";
    check(&[
        (&[], PIPE),
        (&["|"], PIPE),
        (&["2"], PIPE),
        (&["cat", "|", "2a", "2b"], PIPE),
        (&["|", "cat"], PIPE),
        (&["cat", "|"], PIPE),
        (&["echo", "a", "|", "|", "cat"], PIPE),
        (&["echo", "a", "|&"], PIPE),
        (&["echo", "|b"], PIPE),
        (&["<", "%/f"], PIPE),
        (&["echo", "a", "|", ">", "%/q"], PIPE),
        (&["cat", "<"], "can't specify \"<\" as last word in command | TCL EXEC SYNTAX"),
        (&["cat", "<@"], "can't specify \"<@\" as last word in command | TCL EXEC SYNTAX"),
        (&["cat", "<<"], "can't specify \"<<\" as last word in command | TCL EXEC PIPESYNTAX"),
        (&["echo", ">>&"], "can't specify \">>&\" as last word in command | TCL EXEC SYNTAX"),
        (&["echo", ">&@"], "can't specify \">&@\" as last word in command | TCL EXEC SYNTAX"),
        (&["echo", "2>>"], "can't specify \"2>>\" as last word in command | TCL EXEC SYNTAX"),
        (&["echo", "2>@1", "x"], "must specify \"2>@1\" as last word in command | TCL EXEC PIPESYNTAX"),
        (
            &["cat", "<", "%/no"],
            "couldn't read file \"no\": no such file or directory | POSIX no such file or directory",
        ),
        (&["cat", ">%/dir"], "couldn't write file \"dir\": is a directory | POSIX is a directory"),
        (&["cat", "<@", "no"], "can not find channel named \"no\" | NONE"),
        (&["cat", "<@cat"], "channel \"cat\" wasn't opened for reading | TCL EXEC BADCHAN"),
        (&["cat", "2>@", "f"], "channel \"f\" wasn't opened for writing | TCL EXEC BADCHAN"),
        (
            &["echo", "a\u{1}", "<<", "x", "2>@1x"],
            "channel \"1x\" wasn't opened for writing | TCL EXEC BADCHAN",
        ),
    ]);
}

#[test]
fn programs_that_do_not_start() {
    check(&[
        (
            &["no-such-program"],
            "couldn't execute \"no-such-program\": no such file or directory | POSIX no such file or directory",
        ),
        (
            &["true", "|", "no-such-program"],
            "couldn't execute \"no-such-program\": no such file or directory | POSIX no such file or directory",
        ),
        (&[""], "couldn't execute \"\": no such file or directory | POSIX no such file or directory"),
        (&["%/f"], "couldn't execute \"f\": permission denied | POSIX permission denied"),
        (&["%/dir"], "couldn't execute \"dir\": permission denied | POSIX permission denied"),
        (&["%/f/x"], "couldn't execute \"f/x\": not a directory | POSIX not a directory"),
    ]);
}

#[test]
fn redirections() {
    let sh = "echo out; echo err >&2";
    check(&[
        (&["echo", "a"], "a\n"),
        (&["cat", "<<", "a\u{e9}", "|", "tr", "a", "b"], "b\u{e9}"),
        (&["cat", "<<@x"], "@x"),
        (&["cat", "<", "%/f", "|", "cat"], "from f\n"),
        (&["cat", "<@", "f"], "from f\n"),
        (&["cat", "<<", "a", "<<b"], "b"),
        (&["sh", "-c", sh], "out\nerr\n | NONE"),
        (&["sh", "-c", sh, "2>@1"], "out\nerr\n"),
        (&["sh", "-c", sh, "|&", "cat"], "out\nerr\n"),
        (&["sh", "-c", sh, "|", "cat"], "out\nerr\n | NONE"),
        (&["sh", "-c", sh, "|", "cat", "2>", "%/q"], "out\n"),
        (&["sh", "-c", sh, ">", "%/q", "2>@1"], ""),
        (&["echo", "a", ">", "%/q", "|", "cat"], ""),
        (&["echo", "|b", "x"], "|b x\n"),
        (&["echo", "||", "2", "2x"], "|| 2 2x\n"),
        (&["echo", "a", "&&"], "a &&\n"),
        (&["sh", "-c", "echo $0 $1", "a\0b", "c"], "a c\n"),
    ]);
    for (words, file, expected) in [
        (&["sh", "-c", sh, ">&", "%/q"][..], "q", "out\nerr\n"),
        (&["sh", "-c", sh, ">&", "%/q", ">", "%/r"], "q", "err\n"),
        (&["sh", "-c", sh, ">", "%/q", ">&%/r"], "q", ""),
        (&["sh", "-c", sh, "2>>%/f"], "f", "from f\nerr\n"),
        (&["echo", "a", ">>", "%/f"], "f", "from f\na\n"),
        (&["sh", "-c", sh, ">&@", "chan"], "chan", "out\nerr\n"),
        (&["sh", "-c", sh, "2>@chan"], "chan", "err\n"),
    ] {
        let directory = TestDirectory::new();
        std::fs::write(directory.path().join("f"), "from f\n").unwrap();
        execute(&directory, words);
        assert_eq!(std::fs::read_to_string(directory.path().join(file)).unwrap(), expected, "{words:?}");
    }
}

#[test]
fn ends_of_children() {
    const ABNORMAL: &str = "child process exited abnormally";
    const KILLED: &str = "child killed: software termination signal\n";
    check(&[
        (&["sh", "-c", "exit 3"], &format!("{ABNORMAL} | CHILDSTATUS 3")),
        (&["sh", "-c", "echo out; exit 3"], &format!("out\n{ABNORMAL} | CHILDSTATUS 3")),
        (&["sh", "-c", "printf err >&2; exit 3"], "err | CHILDSTATUS 3"),
        (
            &["sh", "-c", "kill -TERM $$"],
            &format!("{KILLED} | CHILDKILLED SIGTERM software termination signal"),
        ),
        (&["sh", "-c", "printf err >&2; kill $$"], "err | CHILDKILLED SIGTERM software termination signal"),
        (&["sh", "-c", "exit 2", "|", "sh", "-c", "exit 4"], &format!("{ABNORMAL} | CHILDSTATUS 4")),
        (
            &["sh", "-c", "exit 2", "|", "sh", "-c", "kill $$", "|", "cat"],
            &format!("{ABNORMAL} | CHILDKILLED SIGTERM software termination signal"),
        ),
        (
            &["yes", "|", "head", "-1"],
            "y\nchild killed: write on pipe with no readers\n | CHILDKILLED SIGPIPE write on pipe with no readers",
        ),
    ]);
    assert_eq!(ExitStatus::Exited(0).completion(5), None);
    assert_eq!(
        ExitStatus::Lost(Errno::CHILD).completion(5).unwrap().message,
        b"error waiting for process to exit: child process lost (is SIGCHLD ignored or trapped?)"
    );
}

#[test]
fn scripts_without_interpreter_line() {
    use std::os::unix::fs::PermissionsExt;
    let directory = TestDirectory::new();
    let script = directory.path().join("script");
    std::fs::write(&script, "echo script $1\n").unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(execute(&directory, &["%/script", "arg"]), "script arg\n");
}

fn start(words: &[&str], wanted: Wanted) -> Result<Running, HostError> {
    let directory = TestDirectory::new();
    let words: Vec<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
    let pipeline = Pipeline::parse(&words, Tcl90, &mut TestChannels(&directory), &SystemHomes).unwrap();
    pipeline.start(wanted, StandardChannels::default(), &SystemHomes)
}

#[test]
fn pipes_in_both_directions() {
    let running =
        start(&["cat", "|", "tr", "a-z", "A-Z"], Wanted { input: true, output: true, ..Wanted::default() })
            .unwrap();
    rustix::io::write(running.input.as_ref().unwrap(), b"hello\n").unwrap();
    drop(running.input);
    let mut result = String::new();
    File::from(running.output.unwrap()).read_to_string(&mut result).unwrap();
    assert_eq!(result, "HELLO\n");
    for pid in &running.pids {
        assert_eq!(wait(*pid), ExitStatus::Exited(0));
    }
    let both = Wanted { input: true, output: true, errors: true, strict: true };
    assert_eq!(
        start(&["cat", "<<", "x"], both).unwrap_err().message(),
        b"can't write input to command: standard input was redirected"
    );
    assert_eq!(
        start(&["cat", ">", "/dev/null"], both).unwrap_err().message(),
        b"can't read output from command: standard output was redirected"
    );
}

#[test]
fn detached_children_are_reaped() {
    let running = start(&["sh", "-c", "exit 5"], Wanted::default()).unwrap();
    let pid = running.pids[0];
    assert!(known_children().contains(&pid));
    detach(&running.pids);
    let zombie = || {
        let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        !status.is_empty()
    };
    for _ in 0..500 {
        if !zombie() {
            break;
        }
        crate::host::clock::sleep_ns(10_000_000);
    }
    assert!(!zombie());
    // The start of a child by another test may have made the table forget this one.
    assert!(matches!(poll(pid), Some(ExitStatus::Exited(5) | ExitStatus::Lost(Errno::CHILD))));
    reap_detached();
    assert!(!known_children().contains(&pid));
    assert_eq!(wait(pid), ExitStatus::Lost(Errno::CHILD));
}
