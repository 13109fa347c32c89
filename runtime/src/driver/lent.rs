//! Bytes on loan: received ones that belong to a driver, and outgoing ones that a driver holds.

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use super::uring::RingBytes;

/// The size of the buffers into which a driver without provided buffers receives.
pub(super) const POOLED_BUFFER_BYTES: usize = 64 * 1024;
/// Received bytes up to this number are copied into a buffer of their own size.
const SMALL_BYTES_MAX: usize = 4 * 1024;
/// How many free buffers of each size a pool keeps.
const POOL_FREE_MAX: usize = 64;

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

    pub(super) fn from_pool(bytes: PooledBytes) -> Self {
        Self { source: Source::Pooled(bytes), start: 0 }
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
            Source::Pooled(bytes) => &bytes.bytes,
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

/// Reusable buffers of two sizes.
#[derive(Default)]
pub(super) struct Pool {
    free: RefCell<Free>,
}

#[derive(Default)]
struct Free {
    small: Vec<Vec<u8>>,
    large: Vec<Vec<u8>>,
    lent: u64,
}

/// A filled buffer of a [`Pool`].
pub(super) struct PooledBytes {
    bytes: Vec<u8>,
    pool: Rc<Pool>,
}

impl Pool {
    /// An empty buffer with room for [`POOLED_BUFFER_BYTES`].
    pub(super) fn large(&self) -> Vec<u8> {
        self.free.borrow_mut().large.pop().unwrap_or_else(|| Vec::with_capacity(POOLED_BUFFER_BYTES))
    }

    /// Takes an unused large buffer back.
    pub(super) fn keep(&self, mut buffer: Vec<u8>) {
        let mut free = self.free.borrow_mut();
        buffer.clear();
        if buffer.capacity() < POOLED_BUFFER_BYTES {
            if free.small.len() < POOL_FREE_MAX && buffer.capacity() > 0 {
                free.small.push(buffer);
            }
        } else if free.large.len() < POOL_FREE_MAX && buffer.capacity() == POOLED_BUFFER_BYTES {
            free.large.push(buffer);
        }
    }

    /// Lends the contents of a large buffer: few bytes are copied to a small one, so that waiting
    /// completions do not hold much memory, and the large one stays in `buffer`.
    pub(super) fn lend(self: &Rc<Self>, buffer: &mut Vec<u8>) -> Lent {
        let bytes = if buffer.len() <= SMALL_BYTES_MAX {
            let small = self.free.borrow_mut().small.pop();
            let mut small = small.unwrap_or_else(|| Vec::with_capacity(SMALL_BYTES_MAX));
            small.extend_from_slice(buffer);
            buffer.clear();
            small
        } else {
            std::mem::take(buffer)
        };
        self.lend_whole(bytes)
    }

    /// Lends a buffer as it is.
    pub(super) fn lend_whole(self: &Rc<Self>, bytes: Vec<u8>) -> Lent {
        self.free.borrow_mut().lent += 1;
        Lent::from_pool(PooledBytes { bytes, pool: Rc::clone(self) })
    }

    /// How many buffers are lent at the moment.
    pub(super) fn lent_count(&self) -> u64 {
        self.free.borrow().lent
    }
}

impl Drop for PooledBytes {
    fn drop(&mut self) {
        self.pool.free.borrow_mut().lent -= 1;
        self.pool.keep(std::mem::take(&mut self.bytes));
    }
}
