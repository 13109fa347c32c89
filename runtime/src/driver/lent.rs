//! Bytes on loan: received ones that belong to a driver, and outgoing ones that a driver holds.

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use super::uring::RingBytes;

/// The size of the buffers into which a driver without provided buffers receives.
pub(super) const POOLED_BUFFER_BYTES: usize = 64 * 1024;
/// Received bytes up to this number are copied into a buffer of this size.
const SMALL_BYTES: usize = 4 * 1024;
/// How many free buffers of each size a pool keeps.
const SMALL_FREE_MAX: usize = 256;
const LARGE_FREE_MAX: usize = 32;
const BULK_FREE_MAX: usize = 8;

/// Received bytes. They read as a slice; dropping them gives the buffer back to the driver.
///
/// Take what is needed and drop it soon: the number of buffers is limited, and receives stall
/// when all are lent. It may outlive the driver.
pub struct Lent {
    source: Source,
    start: usize,
}

enum Source {
    Ring(RingBytes),
    Pooled(PooledBytes),
}

impl Lent {
    pub(super) fn from_ring(bytes: RingBytes) -> Self {
        Self { source: Source::Ring(bytes), start: 0 }
    }

    /// Leaves out the first `count` bytes from now on.
    ///
    /// # Panics
    ///
    /// When there are fewer.
    pub fn consume(&mut self, count: usize) {
        assert!(count <= self.len(), "no more bytes can be consumed than there are");
        self.start += count;
    }
}

impl Deref for Lent {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let all: &[u8] = match &self.source {
            Source::Ring(bytes) => bytes,
            Source::Pooled(bytes) => &bytes.buffer[..bytes.length],
        };
        &all[self.start..]
    }
}

impl fmt::Debug for Lent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Lent({} bytes)", self.len())
    }
}

/// Bytes to send. The driver keeps them unchanged and in place until the send has ended.
#[derive(Debug)]
pub enum Outgoing {
    /// A buffer that comes back for reuse.
    Owned(Vec<u8>),
    /// A value's bytes, shared without copying.
    Shared(Rc<Vec<u8>>),
    /// Received bytes, passed on without copying.
    Lent(Lent),
}

impl Deref for Outgoing {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Shared(bytes) => bytes,
            Self::Lent(bytes) => bytes,
        }
    }
}

/// Reusable buffers. Each is initialised to its full length, so that it can be filled safely.
#[derive(Default)]
pub(super) struct Pool {
    free: RefCell<Free>,
}

#[derive(Default)]
struct Free {
    small: Vec<Vec<u8>>,
    large: Vec<Vec<u8>>,
    bulk: Vec<Vec<u8>>,
    lent: u64,
}

/// A buffer of a [`Pool`], filled up to a length.
pub(super) struct PooledBytes {
    buffer: Vec<u8>,
    length: usize,
    pool: Rc<Pool>,
}

impl Pool {
    /// A buffer of [`POOLED_BUFFER_BYTES`].
    pub(super) fn large(&self) -> Vec<u8> {
        self.free.borrow_mut().large.pop().unwrap_or_else(|| vec![0; POOLED_BUFFER_BYTES])
    }

    /// A buffer of exactly `bytes_max`.
    pub(super) fn bulk(&self, bytes_max: usize) -> Vec<u8> {
        let mut free = self.free.borrow_mut();
        match free.bulk.iter().position(|buffer| buffer.len() == bytes_max) {
            Some(index) => free.bulk.swap_remove(index),
            None => vec![0; bytes_max],
        }
    }

    /// Takes an unused buffer back.
    pub(super) fn keep(&self, buffer: Vec<u8>) {
        let mut free = self.free.borrow_mut();
        let (list, count_max) = match buffer.len() {
            SMALL_BYTES => (&mut free.small, SMALL_FREE_MAX),
            POOLED_BUFFER_BYTES => (&mut free.large, LARGE_FREE_MAX),
            _ => (&mut free.bulk, BULK_FREE_MAX),
        };
        if list.len() < count_max {
            list.push(buffer);
        }
    }

    /// Lends the first `length` bytes of a large buffer. Few bytes are copied to a small buffer, so
    /// that completions in a queue do not hold much memory.
    pub(super) fn lend(self: &Rc<Self>, buffer: Vec<u8>, length: usize) -> Lent {
        if length > SMALL_BYTES {
            return self.lend_whole(buffer, length);
        }
        let small = self.free.borrow_mut().small.pop();
        let mut small = small.unwrap_or_else(|| vec![0; SMALL_BYTES]);
        small[..length].copy_from_slice(&buffer[..length]);
        self.keep(buffer);
        self.lend_whole(small, length)
    }

    /// Lends the first `length` bytes of a buffer, without copying.
    pub(super) fn lend_whole(self: &Rc<Self>, buffer: Vec<u8>, length: usize) -> Lent {
        self.free.borrow_mut().lent += 1;
        Lent { source: Source::Pooled(PooledBytes { buffer, length, pool: Rc::clone(self) }), start: 0 }
    }

    /// How many buffers are lent at the moment.
    pub(super) fn lent_count(&self) -> u64 {
        self.free.borrow().lent
    }
}

impl Drop for PooledBytes {
    fn drop(&mut self) {
        self.pool.free.borrow_mut().lent -= 1;
        self.pool.keep(std::mem::take(&mut self.buffer));
    }
}
