//! The program `tclring`, run by tests as its users do.

#![expect(clippy::disallowed_methods, reason = "tests run the program and wait for it in real time")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The drivers that every test of sockets runs on.
pub const DRIVERS: [&str; 2] = ["uring", "epoll"];

/// How long a program may take.
const TIME_MAX: Duration = Duration::from_secs(60);

/// The project's folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package stands in the workspace").to_path_buf()
}

/// The program, built as the tests are.
///
/// # Panics
/// When it cannot be built.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let test = std::env::current_exe().expect("a running test has a file");
        let folder = test.parent().and_then(Path::parent).expect("tests stand in deps/ of a profile");
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "tclring-runtime", "--bin", "tclring", "--target-dir"]);
        build.arg(folder.parent().expect("a profile stands in the target folder")).current_dir(root());
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().expect("cargo runs").success(), "the program can be built");
        folder.join("tclring")
    })
}

/// What a program that has ended has written, and how it ended.
#[derive(Debug, PartialEq, Eq)]
pub struct Ended {
    /// Its standard output.
    pub output: String,
    /// Its standard error.
    pub errors: String,
    /// Its status; none if a signal ended it.
    pub status: Option<i32>,
}

/// Runs a command to its end, which has to come in time.
///
/// # Panics
/// When it does not start, or not end.
pub fn run(command: &mut Command) -> Ended {
    run_with_input(command, b"")
}

/// Runs a command with a standard input to its end, which has to come in time.
///
/// # Panics
/// When it does not start, or not end.
pub fn run_with_input(command: &mut Command, input: &[u8]) -> Ended {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    // Whoever ends early does not read all of it.
    let _ = child.stdin.take().expect("it is piped").write_all(input);
    let output = collect(child.stdout.take().expect("it is piped"));
    let errors = collect(child.stderr.take().expect("it is piped"));
    let until = Instant::now() + TIME_MAX;
    let status = loop {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            break status;
        }
        if Instant::now() > until {
            // It may have ended just now.
            let _ = child.kill();
            let (output, errors) = (output.recv(), errors.recv());
            panic!("{command:?} does not end; so far: {output:?} {errors:?}");
        }
        thread::sleep(Duration::from_millis(5));
    };
    let text = |received: Receiver<Vec<u8>>| {
        String::from_utf8_lossy(&received.recv_timeout(TIME_MAX).unwrap_or_default()).into_owned()
    };
    Ended { output: text(output), errors: text(errors), status: status.code() }
}

fn collect(mut from: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before a failure counts.
        let _ = from.read_to_end(&mut bytes);
        let _ = sender.send(bytes);
    });
    receiver
}

/// Runs a script on a driver.
pub fn run_script(driver: &str, script: &str) -> Ended {
    run(Command::new(program()).args(["--io", driver, "-c", script]))
}

/// A server that runs until it is dropped.
pub struct Server {
    child: Child,
    output: BufReader<ChildStdout>,
    /// The port that it listens on.
    pub port: u16,
}

impl Server {
    /// Starts a server that prints its port first.
    ///
    /// # Panics
    /// When it does not.
    pub fn start(command: &mut Command) -> Server {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        output.read_line(&mut line).expect("it writes text");
        let port =
            line.trim().parse().unwrap_or_else(|_| panic!("{command:?} prints its port, not {line:?}"));
        Server { child, output, port }
    }

    /// Starts a script on a driver; it prints its port first.
    pub fn start_script(driver: &str, script: &str) -> Server {
        Server::start(Command::new(program()).args(["--io", driver, "-c", script]))
    }

    /// The next line that it prints.
    ///
    /// # Panics
    /// When it writes no text.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it writes text");
        line.trim_end().to_owned()
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
