//! What a driver says about itself: its name, the features in use, and counters.

/// A driver's description of itself, for `tcl::unsupported::io` and for tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// `uring`, `epoll` or `sim`.
    pub driver: &'static str,
    /// What it uses of the kernel, in a fixed order; for people to read.
    pub features: Vec<&'static str>,
    /// What it has done so far.
    pub counters: Counters,
}

/// Counts since the driver was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// System calls that submit or wait: `io_uring_enter` or `epoll_wait`.
    pub enters: u64,
    /// Operations submitted by the caller.
    pub submissions: u64,
    /// Completions delivered to the caller.
    pub completions: u64,
    /// Connections accepted.
    pub accepts: u64,
    /// Completions with received bytes.
    pub receives: u64,
    /// Bytes received.
    pub bytes_received: u64,
    /// Sends that have ended.
    pub sends: u64,
    /// Sends that a system call of their own performed at once.
    pub sends_direct: u64,
    /// Bytes handed to the kernel.
    pub bytes_sent: u64,
    /// Buffers lent at the moment.
    pub buffers_lent: u64,
    /// Multishot requests that had to be made again.
    pub rearms: u64,
    /// Receives that found no free buffer.
    pub starved: u64,
    /// Waits that a waker ended.
    pub wakes: u64,
}

impl Counters {
    /// Each counter with its name, in the order of the fields.
    #[must_use]
    pub fn named(&self) -> [(&'static str, u64); 13] {
        [
            ("enters", self.enters),
            ("submissions", self.submissions),
            ("completions", self.completions),
            ("accepts", self.accepts),
            ("receives", self.receives),
            ("bytes_received", self.bytes_received),
            ("sends", self.sends),
            ("sends_direct", self.sends_direct),
            ("bytes_sent", self.bytes_sent),
            ("buffers_lent", self.buffers_lent),
            ("rearms", self.rearms),
            ("starved", self.starved),
            ("wakes", self.wakes),
        ]
    }
}
