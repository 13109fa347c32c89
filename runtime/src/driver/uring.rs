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
use std::io;
use std::ops::Deref;
use std::os::fd::BorrowedFd;
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::sync::atomic::{AtomicU16, Ordering};

use super::{Descriptor, Errno};

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

/// Received bytes within a provided buffer. The memory lives as long as any of them.
pub(super) struct RingBytes {
    buffers: Rc<Buffers>,
    buffer: u16,
    start: u32,
    length: u32,
}

impl Deref for RingBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let start = usize::from(self.buffer) * self.buffers.buffer_bytes as usize + self.start as usize;
        let start = self.buffers.pages.at(start);
        // SAFETY: `BufferRing::take` checked that the range lies in the buffer. The kernel has
        // written it, and writes each byte of a buffer once only, until the buffer is given to it
        // again; that happens after the last reader, this one included, is gone.
        unsafe { std::slice::from_raw_parts(start, self.length as usize) }
    }
}

impl Drop for RingBytes {
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
    fn take(&mut self, buffer: u16, length: u32, more: bool) -> RingBytes {
        let state = &mut self.buffers.states.borrow_mut()[usize::from(buffer)];
        let start = state.filled;
        assert!(length <= self.buffers.buffer_bytes - start, "the kernel fills a buffer to its end at most");
        state.filled += length;
        state.readers += 1;
        state.retired = !more;
        self.buffers.lent.set(self.buffers.lent.get() + 1);
        RingBytes { buffers: Rc::clone(&self.buffers), buffer, start, length }
    }
}
