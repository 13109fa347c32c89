//! The parts of io_uring that need `unsafe`: the ring, its provided buffers, and raw descriptors.
//!
//! What operations mean is in `uring_driver.rs`. What must stay true here:
//!
//! * Memory that a request names lives until the request has ended. [`Ring::push`] states the
//!   obligation; the driver meets it by keeping the buffers in the table of operations.
//! * A provided buffer goes back to the kernel only when the kernel is done with it and nobody
//!   reads from it.
//! * The ring is closed before any of this memory is freed, and if requests would not end, the
//!   memory is leaked instead.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::{BorrowedFd, IntoRawFd, OwnedFd};
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::atomic::{AtomicU16, Ordering};

use io_uring::{IoUring, opcode, squeue, types};
use rustix::net::SocketAddrAny;

use super::lent::PooledBuffer;
use super::slots::{Slots, Token};
use super::{Descriptor, Errno, Lent, Outgoing};

/// Lends a descriptor to one call. A negative number is refused as the kernel would.
///
/// The number may be stale if a caller breaks the rules of the module `driver`; the kernel answers
/// such a call with an error or performs it on another file, and no memory is at risk.
pub(super) fn lend<'call>(descriptor: Descriptor) -> Result<BorrowedFd<'call>, Errno> {
    if descriptor.number() < 0 {
        return Err(Errno::BADF);
    }
    // SAFETY: the number is not -1. That it is open is the caller's promise, by the rules of the
    // module `driver`; nothing here maps memory through it.
    Ok(unsafe { BorrowedFd::borrow_raw(descriptor.number()) })
}

/// Hands a descriptor to the caller of the driver, who closes it.
pub(super) fn give_away(descriptor: OwnedFd) -> Descriptor {
    Descriptor::new(descriptor.into_raw_fd())
}

/// Closes a descriptor.
pub(super) fn close(descriptor: Descriptor) -> Result<(), Errno> {
    // SAFETY: the descriptor belongs to the driver's caller, who asks for this, or was accepted and
    // never handed out; by the rules of the module `driver` nothing else uses it.
    let result = unsafe { libc::close(descriptor.number()) };
    // Linux has closed it even if it was interrupted.
    if result < 0 && io::Error::last_os_error().raw_os_error() == Some(libc::EBADF) {
        return Err(Errno::BADF);
    }
    Ok(())
}

/// Pages of memory of our own, zero until written.
struct Pages {
    start: NonNull<u8>,
    bytes: usize,
}

impl Pages {
    fn new(bytes: usize) -> io::Result<Self> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: a new anonymous mapping, wherever the kernel has room, touches no other memory.
        let start = unsafe { libc::mmap(ptr::null_mut(), bytes, protection, flags, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast()).expect("a mapping is never placed at address 0");
        Ok(Self { start, bytes })
    }

    /// The address of a byte.
    fn at(&self, offset: usize) -> *mut u8 {
        assert!(offset < self.bytes, "an offset lies within its pages");
        // SAFETY: the offset was checked against the size of this one mapping.
        unsafe { self.start.as_ptr().add(offset) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: the mapping was made by `new` with this size, and its owner goes now.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.bytes) };
    }
}

/// The memory of provided buffers, and who uses it.
struct Buffers {
    pages: Pages,
    buffer_bytes: u32,
    states: RefCell<Vec<BufferState>>,
    /// Buffers that nobody uses, to be given to the kernel.
    idle: RefCell<Vec<u16>>,
    lent: Cell<u64>,
}

/// How far the kernel has filled a buffer, and how many still read from it.
#[derive(Clone, Copy, Default)]
struct BufferState {
    filled: u32,
    readers: u32,
    /// Whether the kernel will not add to it.
    retired: bool,
}

impl Buffers {
    /// Notes that a reader is done; the buffer becomes idle when nobody needs it.
    fn release(&self, buffer: u16) {
        self.lent.set(self.lent.get() - 1);
        let state = &mut self.states.borrow_mut()[usize::from(buffer)];
        state.readers -= 1;
        if state.readers == 0 && state.retired {
            *state = BufferState::default();
            self.idle.borrow_mut().push(buffer);
        }
    }
}

/// A reader's hold on a provided buffer. The memory lives as long as any of them.
pub(super) struct RingBuffer {
    buffers: Rc<Buffers>,
    buffer: u16,
    /// How far the kernel had filled the buffer when this hold was made.
    filled: u32,
}

impl RingBuffer {
    /// Bytes that the kernel had written when this hold was made.
    #[inline]
    pub(super) fn piece(&self, start: u32, length: u32) -> &[u8] {
        assert!(u64::from(start) + u64::from(length) <= u64::from(self.filled), "only filled bytes are read");
        if length == 0 {
            // What is read up may end where the pages do.
            return &[];
        }
        let buffer_start = usize::from(self.buffer) * self.buffers.buffer_bytes as usize;
        let address = self.buffers.pages.at(buffer_start + start as usize);
        // SAFETY: `filled` is at most the buffer's size, by `BufferRing::take`, so the range lies in
        // the buffer. The kernel has written it, and writes each byte of a buffer once only, until
        // the buffer is given to it again; that happens after the last hold, this one included, is
        // gone.
        unsafe { std::slice::from_raw_parts(address, length as usize) }
    }
}

impl Drop for RingBuffer {
    fn drop(&mut self) {
        self.buffers.release(self.buffer);
    }
}

/// The size of one entry of a buffer ring: address, length, number and a reserved half-word, which
/// in the first entry is the tail (`struct io_uring_buf_ring`).
const RING_ENTRY_BYTES: usize = 16;
/// Where the length, the number and the tail lie in an entry.
const ENTRY_LENGTH: usize = 8;
const ENTRY_BUFFER: usize = 12;
const RING_TAIL: usize = 14;

/// Provided buffers, shared with the kernel through a ring of their own.
struct BufferRing {
    entries: Pages,
    mask: u16,
    tail: u16,
    buffers: Rc<Buffers>,
}

impl BufferRing {
    /// Makes a ring of `count` buffers, all idle. `count` is a power of two.
    fn new(count: u16, buffer_bytes: u32) -> io::Result<Self> {
        assert!(count.is_power_of_two(), "the kernel indexes the ring with a mask");
        let buffers = Buffers {
            pages: Pages::new(usize::from(count) * buffer_bytes as usize)?,
            buffer_bytes,
            states: RefCell::new(vec![BufferState::default(); usize::from(count)]),
            idle: RefCell::new((0..count).collect()),
            lent: Cell::new(0),
        };
        let entries = Pages::new(usize::from(count) * RING_ENTRY_BYTES)?;
        Ok(Self { entries, mask: count - 1, tail: 0, buffers: Rc::new(buffers) })
    }

    /// Gives all idle buffers to the kernel and returns how many there were.
    fn publish(&mut self) -> usize {
        let mut idle = self.buffers.idle.borrow_mut();
        let count = idle.len();
        for buffer in idle.drain(..) {
            let offset = usize::from(buffer) * self.buffers.buffer_bytes as usize;
            let address = self.buffers.pages.at(offset) as u64;
            let entry = usize::from(self.tail & self.mask) * RING_ENTRY_BYTES;
            let length = self.buffers.buffer_bytes;
            // SAFETY: the entry lies in the ring and is aligned; the kernel does not read entries
            // at or beyond the tail, which is stored below.
            unsafe { self.entries.at(entry).cast::<u64>().write(address) };
            // SAFETY: as above.
            unsafe { self.entries.at(entry + ENTRY_LENGTH).cast::<u32>().write(length) };
            // SAFETY: as above.
            unsafe { self.entries.at(entry + ENTRY_BUFFER).cast::<u16>().write(buffer) };
            self.tail = self.tail.wrapping_add(1);
        }
        if count > 0 {
            let tail = self.entries.at(RING_TAIL).cast::<u16>();
            // SAFETY: the half-word is aligned, lives as long as the ring, and only this thread
            // writes it; the kernel reads it atomically.
            unsafe { AtomicU16::from_ptr(tail) }.store(self.tail, Ordering::Release);
        }
        count
    }

    /// Takes over what the kernel has put in a buffer; `more` if it will add to the same buffer.
    fn take(&mut self, buffer: u16, length: u32, more: bool) -> Lent {
        let state = &mut self.buffers.states.borrow_mut()[usize::from(buffer)];
        let start = state.filled;
        assert!(length <= self.buffers.buffer_bytes - start, "the kernel fills a buffer to its end at most");
        state.filled += length;
        state.readers += 1;
        state.retired = !more;
        self.buffers.lent.set(self.buffers.lent.get() + 1);
        let hold = RingBuffer { buffers: Rc::clone(&self.buffers), buffer, filled: start + length };
        Lent::from_ring(hold, start, length)
    }
}

/// The number of submission entries; more wait in a queue of our own.
const SUBMISSION_ENTRIES: u32 = 512;
/// The number of completion entries; the kernel keeps more in a list of its own.
const COMPLETION_ENTRIES: u32 = 8192;
/// Flags of the system call, from the kernel's `io_uring.h`: wait and run deferred work; the
/// argument is a structure with the timeout; an idle wait is not waiting for a disk.
const ENTER_GETEVENTS: u32 = 1 << 0;
const ENTER_EXT_ARG: u32 = 1 << 3;
const ENTER_NO_IOWAIT: u32 = 1 << 7;
/// The only group of provided buffers.
const BUFFER_GROUP: u16 = 0;
/// `IOU_PBUF_RING_INC`: a buffer is filled by one receive after the other (6.12).
const INCREMENTAL: u16 = 2;
/// Number and size of incremental buffers: small messages share one, bulk needs few.
const INCREMENTAL_BUFFERS: (u16, u32) = (128, 64 * 1024);
/// Number and size of plain buffers, each of which takes one receive.
const PLAIN_BUFFERS: (u16, u32) = (1024, 16 * 1024);
/// In the user data of requests that are no operations: cancels, and the poll on the waker.
pub(super) const CANCEL_NUMBER: u64 = 1 << 63;
pub(super) const WAKER_NUMBER: u64 = 1 << 62;

/// An operation in flight, with the memory that its request names.
pub(super) struct Running {
    pub(super) work: Work,
    /// Whether a request for it is with the kernel, or queued for it.
    pub(super) in_kernel: bool,
    /// Whether the caller wants it to end.
    pub(super) cancelled: bool,
}

/// What an operation does. No memory named here is touched while `in_kernel` is set.
pub(super) enum Work {
    Accept {
        listener: Descriptor,
    },
    Receive {
        socket: Descriptor,
        polling: bool,
    },
    ReceiveOnce {
        socket: Descriptor,
        buffer: Box<PooledBuffer>,
    },
    /// Bytes from `next` to `end` are still to be sent.
    Send {
        socket: Descriptor,
        bytes: Outgoing,
        next: usize,
        end: usize,
    },
    Connect {
        socket: Descriptor,
        address: Box<SocketAddrAny>,
    },
    Poll {
        descriptor: Descriptor,
        write: bool,
    },
    Close {
        descriptor: Descriptor,
    },
}

/// One completion of the kernel.
#[derive(Clone, Copy)]
pub(super) struct Completion {
    pub(super) number: u64,
    pub(super) result: i32,
    pub(super) flags: u32,
}

/// Which of the kernel's newer abilities may be used. All may by default; tests forbid some to see
/// what happens on older kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UringSetup {
    /// Completions run when they are waited for (6.1), instead of at the next system call.
    pub deferred: bool,
    /// One provided buffer takes several receives (6.12).
    pub incremental: bool,
}

impl Default for UringSetup {
    fn default() -> Self {
        Self { deferred: true, incremental: true }
    }
}

/// The ring, its buffers, and the operations whose memory it uses.
pub(super) struct Ring {
    /// Closed before the rest is freed: see `drop`.
    ring: ManuallyDrop<IoUring>,
    buffers: Option<BufferRing>,
    /// The operations; they own the memory of the requests.
    pub(super) slots: ManuallyDrop<Slots<Running>>,
    /// Requests for which the submission queue had no room.
    backlog: VecDeque<squeue::Entry>,
    features: Vec<&'static str>,
    setup: UringSetup,
    /// How often the kernel was entered.
    pub(super) enters: u64,
}

impl Ring {
    /// Makes a ring with the best set-up that the kernel has.
    ///
    /// # Errors
    ///
    /// `ENOSYS`, `EPERM`, `ENOMEM` or `EINVAL` where there is none.
    pub(super) fn new(setup: UringSetup) -> io::Result<Self> {
        let (ring, features) = build_best(setup)?;
        if !ring.params().is_feature_ext_arg() || !ring.params().is_feature_nodrop() {
            return Err(Errno::NOSYS.into());
        }
        Ok(Self {
            ring: ManuallyDrop::new(ring),
            buffers: None,
            slots: ManuallyDrop::new(Slots::new()),
            backlog: VecDeque::new(),
            features,
            setup,
            enters: 0,
        })
    }

    /// What is used of the kernel.
    pub(super) fn features(&self) -> Vec<&'static str> {
        self.features.clone()
    }

    /// Makes the request for an operation that has none with the kernel.
    pub(super) fn request(&mut self, token: Token) {
        let running = self.slots.get_mut(token).expect("only live operations make requests");
        assert!(!running.in_kernel, "an operation has one request at a time");
        running.in_kernel = true;
        let no_signal = libc::MSG_NOSIGNAL;
        let entry = match &mut running.work {
            Work::Accept { listener } => {
                opcode::AcceptMulti::new(file(*listener)).flags(libc::SOCK_CLOEXEC).build()
            }
            Work::Receive { socket, polling: false } => {
                opcode::RecvMulti::new(file(*socket), BUFFER_GROUP).build()
            }
            Work::Receive { socket, polling: true } => poll_entry(*socket, false),
            Work::ReceiveOnce { socket, buffer } => {
                let length = u32::try_from(buffer.bytes.len()).unwrap_or(u32::MAX);
                opcode::Recv::new(file(*socket), buffer.bytes.as_mut_ptr(), length).build()
            }
            Work::Send { socket, bytes, next, .. } => {
                let rest = &bytes[*next..];
                let length = u32::try_from(rest.len()).unwrap_or(SEND_BYTES_MAX).min(SEND_BYTES_MAX);
                let flags = no_signal | libc::MSG_WAITALL;
                opcode::Send::new(file(*socket), rest.as_ptr(), length).flags(flags).build()
            }
            Work::Connect { socket, address } => {
                opcode::Connect::new(file(*socket), address.as_ptr().cast(), address.addr_len()).build()
            }
            Work::Poll { descriptor, write } => poll_entry(*descriptor, *write),
            Work::Close { .. } => unreachable!("descriptors are closed by a call"),
        };
        // SAFETY: the memory that the entry names is owned by the operation in `slots`. It is not
        // moved, changed or freed while `in_kernel` is set, which only the request's end clears,
        // and `drop` leaks it if that end does not come.
        unsafe { self.push(entry.user_data(token.pack())) };
    }

    /// Asks the kernel to end an operation's request.
    pub(super) fn request_cancel(&mut self, token: Token) {
        let entry = opcode::AsyncCancel::new(token.pack()).build().user_data(CANCEL_NUMBER);
        // SAFETY: the entry names no memory.
        unsafe { self.push(entry) };
    }

    /// Watches a waker's event until the ring goes.
    pub(super) fn request_waker(&mut self, event: Descriptor) {
        let entry = opcode::PollAdd::new(file(event), libc::POLLIN as u32).multi(true).build();
        // SAFETY: the entry names no memory.
        unsafe { self.push(entry.user_data(WAKER_NUMBER)) };
    }

    /// Queues a request.
    ///
    /// # Safety
    ///
    /// The memory that the entry names must stay valid until the request has ended.
    unsafe fn push(&mut self, entry: squeue::Entry) {
        if self.backlog.is_empty() {
            // SAFETY: the caller's promise.
            if unsafe { self.ring.submission().push(&entry) }.is_ok() {
                return;
            }
        }
        self.backlog.push_back(entry);
    }

    /// Whether requests wait for an enter.
    pub(super) fn has_queued(&mut self) -> bool {
        !self.backlog.is_empty() || !self.ring.submission().is_empty()
    }

    /// Whether the kernel has completions that only an enter brings forth.
    pub(super) fn has_deferred(&mut self) -> bool {
        let queue = self.ring.submission();
        queue.taskrun() || queue.cq_overflow()
    }

    /// Whether completions can be collected without an enter.
    pub(super) fn has_completions(&mut self) -> bool {
        !self.ring.completion().is_empty()
    }

    /// Submits what is queued and waits for a completion: not at all with a timeout of 0, without
    /// limit with `None`.
    ///
    /// # Errors
    ///
    /// Those of the system call, but not the ones that only mean "later": the end of the time,
    /// signals, and a kernel that is short of memory or has completions to deliver first.
    pub(super) fn enter(&mut self, timeout_ns: Option<u64>) -> io::Result<()> {
        loop {
            self.refill();
            let is_last = self.backlog.is_empty();
            self.enter_once(if is_last { timeout_ns } else { Some(0) })?;
            if is_last || !self.ring.submission().is_empty() {
                return Ok(());
            }
        }
    }

    /// Moves requests from the backlog to the submission queue.
    fn refill(&mut self) {
        while let Some(entry) = self.backlog.front() {
            // SAFETY: the promise was made when the entry was queued.
            if unsafe { self.ring.submission().push(entry) }.is_err() {
                return;
            }
            self.backlog.pop_front();
        }
    }

    fn enter_once(&mut self, timeout_ns: Option<u64>) -> io::Result<()> {
        let queued = self.ring.submission().len() as u32;
        let wanted = u32::from(timeout_ns != Some(0));
        let nanoseconds = timeout_ns.unwrap_or(0);
        let timespec = types::Timespec::new()
            .sec(nanoseconds / 1_000_000_000)
            .nsec((nanoseconds % 1_000_000_000) as u32);
        let mut args = types::SubmitArgs::new();
        if wanted > 0 && timeout_ns.is_some() {
            args = args.timespec(&timespec);
        }
        let mut flags = ENTER_GETEVENTS | ENTER_EXT_ARG;
        if self.ring.params().is_feature_no_iowait() {
            flags |= ENTER_NO_IOWAIT;
        }
        self.enters += 1;
        let submitter = self.ring.submitter();
        // SAFETY: `args` is what EXT_ARG asks for, and lives until the call returns.
        match unsafe { submitter.enter(queued, wanted, flags, Some(&args)) } {
            Ok(_) => Ok(()),
            Err(error) => match error.raw_os_error() {
                Some(libc::ETIME | libc::EINTR | libc::EBUSY | libc::EAGAIN) => Ok(()),
                _ => Err(error),
            },
        }
    }

    /// Appends the kernel's completions to a list.
    pub(super) fn collect(&mut self, completions: &mut Vec<Completion>) {
        completions.extend(self.ring.completion().map(|entry| Completion {
            number: entry.user_data(),
            result: entry.result(),
            flags: entry.flags(),
        }));
    }

    /// Gives the provided buffers that came back to the kernel and returns how many there were.
    pub(super) fn publish_buffers(&mut self) -> usize {
        self.buffers.as_mut().map_or(0, BufferRing::publish)
    }

    /// How many pieces of provided buffers are lent.
    pub(super) fn lent_count(&self) -> u64 {
        self.buffers.as_ref().map_or(0, |ring| ring.buffers.lent.get())
    }

    /// Takes over what was received into a provided buffer.
    pub(super) fn take(&mut self, buffer: u16, length: u32, more: bool) -> Lent {
        let ring = self.buffers.as_mut().expect("a buffer that was used comes from the ring of buffers");
        ring.take(buffer, length, more)
    }

    /// Makes sure that there are provided buffers.
    ///
    /// # Errors
    ///
    /// When there is no memory for them, or the kernel refuses.
    pub(super) fn provide_buffers(&mut self) -> io::Result<()> {
        if self.buffers.is_some() {
            return Ok(());
        }
        let (count, bytes) = INCREMENTAL_BUFFERS;
        let incremental = self.setup.incremental.then(|| self.register(count, bytes, INCREMENTAL));
        if let Some(Ok(buffers)) = incremental {
            self.features.push("incremental-buffers");
            self.buffers = Some(buffers);
        } else {
            let (count, bytes) = PLAIN_BUFFERS;
            self.buffers = Some(self.register(count, bytes, 0)?);
            self.features.push("plain-buffers");
        }
        self.publish_buffers();
        Ok(())
    }

    fn register(&mut self, count: u16, bytes: u32, flags: u16) -> io::Result<BufferRing> {
        let buffers = BufferRing::new(count, bytes)?;
        let address = buffers.entries.at(0) as u64;
        let submitter = self.ring.submitter();
        // SAFETY: the ring of entries has room for `count` of them. The caller keeps it beside the
        // ring, which is closed first.
        unsafe { submitter.register_buf_ring_with_flags(address, count, BUFFER_GROUP, flags) }?;
        Ok(buffers)
    }

    /// Whether the kernel still has requests of operations.
    pub(super) fn has_requests(&self) -> bool {
        let tokens = self.slots.tokens();
        tokens.into_iter().any(|token| self.slots.get(token).is_some_and(|running| running.in_kernel))
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        let is_idle = !self.has_requests();
        // SAFETY: the ring is not used again; `self` is going.
        unsafe { ManuallyDrop::drop(&mut self.ring) };
        if is_idle {
            // SAFETY: as above. No request names memory of an operation any more.
            unsafe { ManuallyDrop::drop(&mut self.slots) };
        } else {
            // Requests did not end: the kernel may still use their memory, and the buffers'.
            std::mem::forget(self.buffers.take());
        }
    }
}

/// The most bytes that one send asks for, so that the answer fits the completion's `i32`.
const SEND_BYTES_MAX: u32 = 1 << 30;

fn file(descriptor: Descriptor) -> types::Fd {
    types::Fd(descriptor.number())
}

fn poll_entry(descriptor: Descriptor, write: bool) -> squeue::Entry {
    let events = if write { libc::POLLOUT } else { libc::POLLIN };
    opcode::PollAdd::new(file(descriptor), events as u32).build()
}

/// Tries the set-ups from the best down. All have multishot receive (6.0), for they need
/// `SINGLE_ISSUER` of the same kernel.
fn build_best(setup: UringSetup) -> io::Result<(IoUring, Vec<&'static str>)> {
    let mut last = Errno::NOSYS.into();
    for (defer, no_array) in [(true, true), (true, false), (false, false)] {
        if defer && !setup.deferred {
            continue;
        }
        let mut builder = IoUring::builder();
        builder.dontfork().setup_cqsize(COMPLETION_ENTRIES).setup_clamp();
        builder.setup_single_issuer().setup_submit_all();
        let mut features = vec!["single-issuer"];
        if defer {
            builder.setup_defer_taskrun().setup_taskrun_flag();
            features.push("defer-taskrun");
        } else {
            builder.setup_coop_taskrun().setup_taskrun_flag();
            features.push("coop-taskrun");
        }
        if no_array {
            builder.setup_no_sqarray();
        }
        match builder.build(SUBMISSION_ENTRIES) {
            Ok(ring) => return Ok((ring, features)),
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}
