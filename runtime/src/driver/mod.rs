//! Drivers: operations on sockets and descriptors, submitted and completed.
//!
//! A [`Driver`] is what the event loop knows of the operating system's network: it takes
//! operations ([`Op`]) that own their buffers, and fills a list of completions ([`Done`]).
//! It runs no scripts, calls nobody back, and knows nothing of channels or encodings.
//!
//! What must stay true, for every driver; `tests/tests/driver_contract.rs` holds them to it:
//!
//! * Each submitted operation **ends exactly once**, cancelled or not: exactly one [`Done`] with
//!   `more == false` carries its token. [`Op::Accept`] and [`Op::Receive`] deliver any number of
//!   results with `more == true` before that. After the end the token is dead, and cancelling a
//!   dead token does nothing.
//! * Completions appear only in the list given to [`Driver::wait`] or [`Driver::cancel_and_reap`],
//!   never before `submit` has returned. Those of one operation come in order; nothing may rely on
//!   the order of completions of different operations.
//! * **One reading and one writing operation per descriptor** may be in flight (accept, receive,
//!   receive-once and poll-read read; connect, send, shutdown and poll-write write). A second one
//!   ends with `EBUSY`.
//! * Nothing that the kernel has received for a cancelled receive is lost: it is delivered before
//!   the end. An accepted connection is delivered as well, or closed if the driver is dropped.
//! * A descriptor belongs to the caller and must stay open until the operations on it have ended.
//!   [`Op::Close`] is the exception: it cancels whatever else runs on its descriptor, waits for
//!   those ends, and closes then.
//! * Time is [`Driver::now`] alone.
//! * Dropping a driver stops the kernel first and frees buffers afterwards.

mod choose;
mod epoll;
mod lent;
mod net;
mod report;
mod sim;
mod sim_net;
mod slots;
mod uring;
mod uring_driver;
mod waker;

use std::io;

pub use choose::{ChooseError, DriverName, choose};
pub use epoll::Epoll;
pub use lent::{Lent, Outgoing};
pub use net::{AddressFamily, Net, SocketOption};
pub use report::{Counters, Report};
pub use rustix::io::Errno;
pub use sim::Sim;
pub use sim_net::SimOptions;
pub use slots::Token;
pub use std::net::SocketAddr;
pub use uring::UringSetup;
pub use uring_driver::Uring;
pub use waker::Waker;

/// The number of a descriptor: of the operating system, or one that only [`Sim`] knows.
///
/// It is a plain number and owns nothing; see the module's rules for who closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Descriptor(i32);

/// Beyond the most that Linux lets a process have open by default (`fs.nr_open` is 2^20).
const DESCRIPTORS_MAX: i32 = 1 << 22;

impl Descriptor {
    /// Names the descriptor with this number.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The number, as the operating system knows it.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Another descriptor for the same thing, above the standard ones and not inherited by programs.
    ///
    /// # Errors
    /// Those of fcntl(2).
    pub fn duplicate(self) -> Result<std::os::fd::OwnedFd, Errno> {
        rustix::io::fcntl_dupfd_cloexec(uring::lend(self)?, 3)
    }

    /// Whether any system could give this number to a descriptor. Tables are indexed by it.
    pub(self) const fn is_plausible(self) -> bool {
        self.0 >= 0 && self.0 < DESCRIPTORS_MAX
    }
}

/// An operation. It owns its buffers while it runs; [`Outcome`] gives them back.
#[derive(Debug)]
pub enum Op {
    /// Accepts connections until cancelled: any number of [`Outcome::Accepted`].
    ///
    /// Transient failures of single connections (`ECONNABORTED` and the like) are not reported.
    /// Running out of descriptors or memory (`EMFILE`, `ENFILE`, `ENOBUFS`, `ENOMEM`) ends the
    /// operation with [`Outcome::Failed`]; the caller submits it again after a while.
    Accept {
        /// A listening socket.
        listener: Descriptor,
    },
    /// Receives until the end of the stream, an error, or a cancel: any number of
    /// [`Outcome::Received`], none of them empty, then [`Outcome::EndOfStream`],
    /// [`Outcome::Failed`] or [`Outcome::Cancelled`].
    ///
    /// There is no back-pressure but cancelling: a caller with too much unread input cancels and
    /// submits again later. When all buffers are lent, the driver waits for one to come back.
    Receive {
        /// A connected socket.
        socket: Descriptor,
    },
    /// Receives once, into a buffer of its own: ends with [`Outcome::Received`],
    /// [`Outcome::EndOfStream`], [`Outcome::Failed`] or [`Outcome::Cancelled`].
    ///
    /// For bulk transfers: the caller submits the next one when it has room.
    ReceiveOnce {
        /// A connected socket.
        socket: Descriptor,
        /// The size of the buffer; at least 1.
        bytes_max: usize,
    },
    /// Sends all bytes from `start` on: ends with [`Outcome::Sent`] when the kernel has taken
    /// them, or with [`Outcome::Unsent`]. Never raises SIGPIPE.
    Send {
        /// A connected socket.
        socket: Descriptor,
        /// What to send.
        bytes: Outgoing,
        /// How many bytes at the front to leave out.
        start: usize,
    },
    /// Connects: ends with [`Outcome::Connected`], [`Outcome::Failed`] or [`Outcome::Cancelled`].
    Connect {
        /// A socket that is not connected.
        socket: Descriptor,
        /// Where to.
        address: SocketAddr,
    },
    /// Waits once until a read would not block, because of input, the end, or an error: ends with
    /// [`Outcome::Ready`], [`Outcome::Failed`] or [`Outcome::Cancelled`]. It consumes nothing.
    /// For sockets, listeners, pipes, terminals, eventfds, pidfds. A regular file is always ready.
    PollRead {
        /// Any descriptor.
        descriptor: Descriptor,
    },
    /// Waits once until a write would not block, or would fail at once; otherwise as `PollRead`.
    PollWrite {
        /// Any descriptor.
        descriptor: Descriptor,
    },
    /// Ends the outgoing half of a connection: ends with [`Outcome::ShutDown`] or
    /// [`Outcome::Failed`].
    Shutdown {
        /// A connected socket.
        socket: Descriptor,
    },
    /// Cancels what runs on the descriptor, waits for it, and closes: ends with
    /// [`Outcome::Closed`]. The number may be used again by then.
    Close {
        /// Any descriptor that belongs to the caller.
        descriptor: Descriptor,
    },
}

/// What became of an operation, or one of the results of a multishot one.
#[derive(Debug)]
pub enum Outcome {
    /// A connection was accepted; the caller owns the descriptor. Its peer's name is not looked up.
    Accepted(Descriptor),
    /// Bytes were received, at least one.
    Received(Lent),
    /// The peer will send nothing more.
    EndOfStream,
    /// All bytes were handed to the kernel; here they are back.
    Sent(Outgoing),
    /// A send ended early.
    Unsent {
        /// The bytes of the operation.
        bytes: Outgoing,
        /// The offset of the first byte that was not sent; it includes the operation's `start`.
        next: usize,
        /// Why; `ECANCELED` if it was cancelled.
        error: Errno,
    },
    /// The connection stands.
    Connected,
    /// The descriptor was ready.
    Ready,
    /// The outgoing half is closed.
    ShutDown,
    /// The descriptor is closed.
    Closed,
    /// The operation was cancelled before it had an end of its own.
    Cancelled,
    /// The operation failed.
    Failed(Errno),
}

/// One completion.
#[derive(Debug)]
pub struct Done {
    /// Which operation.
    pub token: Token,
    /// What the caller gave to [`Driver::submit`], so that it need not look the token up.
    pub tag: u64,
    /// Whether the operation goes on. `false` exactly once for each operation.
    pub more: bool,
    /// The result.
    pub outcome: Outcome,
}

/// Submits operations, waits for their completions, tells the time.
///
/// Single-threaded: a driver belongs to one thread, and only its [`Waker`]s leave it.
pub trait Driver {
    /// Accepts an operation and returns its token at once. Problems show in its completion.
    ///
    /// Operations reach the kernel together, in the next `wait` (see also [`Driver::flush`]).
    /// `tag` is returned with each completion and has no meaning for the driver.
    fn submit(&mut self, op: Op, tag: u64) -> Token;

    /// Asks for an early end. The operation still ends exactly once, perhaps with success: a later
    /// `wait` delivers what was received, and the end. A dead token is ignored.
    fn cancel(&mut self, token: Token);

    /// Cancels an operation and returns only when it has ended, without waiting for anything else.
    ///
    /// All completions met on the way, those of other operations too, are appended to `done`.
    /// Afterwards the kernel holds nothing of the operation: a listener's port can be bound again
    /// once it is closed, and a descriptor can be handed to another process.
    ///
    /// # Errors
    ///
    /// Those of [`Driver::wait`].
    fn cancel_and_reap(&mut self, token: Token, done: &mut Vec<Done>) -> io::Result<()>;

    /// Hands what was submitted to the kernel, waits until there is a completion, the deadline has
    /// come, a [`Waker`] was used or a signal arrived, and appends all completions to `done`.
    ///
    /// `deadline_ns` is on the scale of [`Driver::now`]; one in the past means a mere look, `None`
    /// means to wait without limit. It may return early and with nothing.
    ///
    /// # Errors
    ///
    /// Failures of the mechanism itself, never of an operation. The simulation reports `EDEADLK`
    /// when nothing can ever happen.
    fn wait(&mut self, deadline_ns: Option<u64>, done: &mut Vec<Done>) -> io::Result<()>;

    /// Hands what was submitted to the kernel without waiting or collecting anything. For output
    /// that must not stay behind a long computation.
    ///
    /// # Errors
    ///
    /// As [`Driver::wait`].
    fn flush(&mut self) -> io::Result<()>;

    /// Monotonic time in nanoseconds, from an arbitrary origin.
    fn now(&self) -> u64;

    /// Wall-clock time in nanoseconds since 1970 began.
    fn wall_clock(&self) -> i64;

    /// Gives a lent buffer back. Dropping it does the same; this name says so at the call.
    fn give_back(&mut self, lent: Lent) {
        drop(lent);
    }

    /// Tells the driver of a socket made elsewhere (inherited, or from another thread), so that it
    /// is treated like its own.
    fn adopt(&mut self, socket: Descriptor);

    /// Makes the driver forget a descriptor that will be closed or used by others, without
    /// [`Op::Close`] and [`Driver::close_now`]. All operations on it must have ended.
    fn release(&mut self, descriptor: Descriptor);

    /// Closes a descriptor of the caller on which no operation is in flight, before it returns.
    ///
    /// # Errors
    ///
    /// `EBUSY` if there is an operation; cancel and reap it, or submit [`Op::Close`]. `EBADF` if
    /// it is not open.
    fn close_now(&mut self, descriptor: Descriptor) -> Result<(), Errno>;

    /// Sockets: making, naming, options, and input and output that is tried at once.
    fn net(&mut self) -> &mut dyn Net;

    /// A handle with which other threads end a `wait`. The wait may return with no completion.
    ///
    /// # Errors
    ///
    /// When the operating system refuses the descriptor that it needs.
    fn waker(&mut self) -> io::Result<Waker>;

    /// Which driver this is, what it uses, and its counters.
    fn report(&self) -> Report;
}

/// The monotonic clock of the drivers that use the real one.
fn monotonic_ns() -> u64 {
    u64::try_from(crate::host::clock::monotonic_ns()).expect("the monotonic clock starts at boot")
}
