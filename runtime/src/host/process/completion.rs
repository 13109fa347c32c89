//! How a child ended, and what the reference says about it.

use crate::host::errno::{Errno, HostError};
use crate::host::signal::{signal_message, signal_name};

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitStatus {
    /// It called exit with this code.
    Exited(i32),
    /// This signal killed it.
    Killed(i32),
    /// This signal stopped it.
    Suspended(i32),
    /// The system does not know, for this reason.
    Lost(Errno),
}

/// What a child that did not succeed makes of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The whole message.
    pub message: Vec<u8>,
    /// The elements of `errorCode`.
    pub code: Vec<Vec<u8>>,
}

const ABNORMAL: &[u8] = b"child process exited abnormally";

impl ExitStatus {
    /// What the reference says of the child `pid`, as `tcl::process status`
    /// gives it; None for success.
    pub fn completion(self, pid: i32) -> Option<Completion> {
        let number = pid.to_string().into_bytes();
        let signalled = |kind: &[u8], verb: &str, signal: i32| Completion {
            message: format!("child {verb}: {}", signal_message(signal)).into_bytes(),
            code: vec![
                kind.to_vec(),
                number.clone(),
                signal_name(signal).into(),
                signal_message(signal).into(),
            ],
        };
        match self {
            ExitStatus::Exited(0) => None,
            ExitStatus::Exited(code) => Some(Completion {
                message: ABNORMAL.to_vec(),
                code: vec![b"CHILDSTATUS".to_vec(), number, code.to_string().into_bytes()],
            }),
            ExitStatus::Killed(signal) => Some(signalled(b"CHILDKILLED", "killed", signal)),
            ExitStatus::Suspended(signal) => Some(signalled(b"CHILDSUSP", "suspended", signal)),
            ExitStatus::Lost(errno) => {
                let because = match errno {
                    Errno::CHILD => "child process lost (is SIGCHLD ignored or trapped?)".into(),
                    _ => errno.message(),
                };
                let message = format!("error waiting for process to exit: {because}").into_bytes();
                Some(Completion { message, code: errno.code() })
            }
        }
    }
}

impl Completion {
    /// What the reference says of a pipeline whose processes ended as in
    /// `statuses` and wrote `errors` to the standard error that was kept for
    /// them; None for success. A message may end in a newline, which `exec`
    /// removes from the whole result.
    pub fn of_pipeline(statuses: &[(i32, ExitStatus)], errors: &[u8]) -> Option<Completion> {
        let mut message = Vec::new();
        let mut code = vec![b"NONE".to_vec()];
        let mut abnormal = false;
        let mut failed = !errors.is_empty();
        for (pid, status) in statuses {
            let Some(completion) = status.completion(*pid) else { continue };
            failed = true;
            code = completion.code;
            if matches!(status, ExitStatus::Exited(_)) {
                abnormal = true;
            } else {
                message = [completion.message.as_slice(), b"\n"].concat();
            }
        }
        if !errors.is_empty() {
            message = errors.to_vec();
        } else if abnormal {
            message = ABNORMAL.to_vec();
        }
        failed.then_some(Completion { message, code })
    }
}

impl From<Completion> for HostError {
    fn from(completion: Completion) -> HostError {
        HostError::Other { message: completion.message, code: completion.code }
    }
}
