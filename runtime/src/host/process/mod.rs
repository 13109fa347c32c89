//! Child processes: pipelines of `exec` and `open |…`, their start, their end.
//!
//! A pipeline is parsed ([`Pipeline::parse`]), started ([`Pipeline::start`]),
//! and either waited for ([`wait`], [`Completion`]) or left to itself
//! ([`detach`]). The descriptors of a started pipeline are plain pipes, which
//! the event loop reads and writes.

mod children;
mod completion;
mod pipeline;
mod spawn;
#[cfg(test)]
mod tests;

pub use children::{
    detach, known_children, poll, process_descriptor, purge, purge_done, purges_automatically, reap_detached,
    set_automatic_purge, wait,
};
pub use completion::{Completion, ExitStatus};
pub use pipeline::{Channels, Pipeline};
pub use spawn::{Running, StandardChannels, Wanted};

/// Makes a write to a pipe or socket without reader an error instead of the
/// end of this process. Children start with the default all the same.
///
/// # Side effects
/// Changes how the whole process takes `SIGPIPE`.
pub fn ignore_broken_pipes() {
    super::sys::ignore_sigpipe();
}
