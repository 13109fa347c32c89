//! The signals in Tcl's words, for the errors of child processes.

/// The symbolic name of a signal (`SIGTERM`), or `unknown signal`.
pub fn signal_name(signal: i32) -> &'static str {
    row(signal).map_or("unknown signal", |row| row.1)
}

/// The text of a signal in Tcl's words (`software termination signal`).
pub fn signal_message(signal: i32) -> &'static str {
    row(signal).map_or("unknown signal", |row| row.2)
}

fn row(signal: i32) -> Option<&'static (i32, &'static str, &'static str)> {
    TABLE.iter().find(|row| row.0 == signal)
}

/// Number, name and text of Linux's signals.
#[rustfmt::skip]
const TABLE: &[(i32, &str, &str)] = &[
    (1, "SIGHUP", "hangup"),
    (2, "SIGINT", "interrupt"),
    (3, "SIGQUIT", "quit signal"),
    (4, "SIGILL", "illegal instruction"),
    (5, "SIGTRAP", "trace trap"),
    (6, "SIGABRT", "SIGABRT"),
    (7, "SIGBUS", "bus error"),
    (8, "SIGFPE", "floating-point exception"),
    (9, "SIGKILL", "kill signal"),
    (10, "SIGUSR1", "user-defined signal 1"),
    (11, "SIGSEGV", "segmentation violation"),
    (12, "SIGUSR2", "user-defined signal 2"),
    (13, "SIGPIPE", "write on pipe with no readers"),
    (14, "SIGALRM", "alarm clock"),
    (15, "SIGTERM", "software termination signal"),
    (17, "SIGCHLD", "child status changed"),
    (18, "SIGCONT", "continue after stop"),
    (19, "SIGSTOP", "stop"),
    (20, "SIGTSTP", "stop signal from tty"),
    (21, "SIGTTIN", "background tty read"),
    (22, "SIGTTOU", "background tty write"),
    (23, "SIGURG", "urgent I/O condition"),
    (24, "SIGXCPU", "exceeded CPU time limit"),
    (25, "SIGXFSZ", "exceeded file size limit"),
    (26, "SIGVTALRM", "virtual time alarm"),
    (27, "SIGPROF", "profiling alarm"),
    (28, "SIGWINCH", "window changed"),
    (29, "SIGIO", "input/output possible on file"),
    (30, "SIGPWR", "power-fail restart"),
    (31, "SIGSYS", "bad argument to system call"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (signal, name, message) in [
            (libc::SIGTERM, "SIGTERM", "software termination signal"),
            (libc::SIGABRT, "SIGABRT", "SIGABRT"),
            (libc::SIGSYS, "SIGSYS", "bad argument to system call"),
            (0, "unknown signal", "unknown signal"),
            (64, "unknown signal", "unknown signal"),
        ] {
            assert_eq!((signal_name(signal), signal_message(signal)), (name, message));
        }
    }
}
