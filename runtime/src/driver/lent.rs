//! Bytes on loan: received ones that belong to a driver, and outgoing ones that a driver holds.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use super::uring::RingBuffer;

/// The size of the buffers into which a driver without provided buffers receives.
pub(super) const POOLED_BUFFER_BYTES: usize = 64 * 1024;
/// Received bytes up to this number are copied into a buffer of this size.
const SMALL_BYTES: usize = 4 * 1024;
/// How many free buffers of each size a pool keeps.
const SMALL_FREE_MAX: usize = 256;
const LARGE_FREE_MAX: usize = 32;
const BULK_FREE_MAX: usize = 8;
/// The largest buffer that a bounded receive gets.
const BULK_BYTES_MAX: usize = 1 << 26;

/// Received bytes. They read as a slice; dropping them gives the buffer back to the driver.
///
/// Take what is needed and drop it soon: the number of buffers is limited, and receives stall
/// when all are lent. It may outlive the driver.
pub struct Lent {
    source: Source,
    start: u32,
    length: u32,
}

enum Source {
    Ring(RingBuffer),
    /// Empty only while it is dropped.
    Pooled(Option<Box<PooledBuffer>>),
}

impl Lent {
    /// Lends a piece of a provided buffer.
    pub(super) fn from_ring(buffer: RingBuffer, start: u32, length: u32) -> Self {
        Self { source: Source::Ring(buffer), start, length }
    }

    /// Leaves out the first `count` bytes from now on.
    ///
    /// # Panics
    ///
    /// When there are fewer.
    pub fn consume(&mut self, count: usize) {
        assert!(count <= self.length as usize, "no more bytes can be consumed than there are");
        self.start += count as u32;
        self.length -= count as u32;
    }
}

impl Deref for Lent {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.source {
            Source::Ring(buffer) => buffer.piece(self.start, self.length),
            Source::Pooled(Some(buffer)) => &buffer.bytes[self.start as usize..][..self.length as usize],
            Source::Pooled(None) => &[],
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Source::Pooled(buffer) = &mut self.source
            && let Some(mut buffer) = buffer.take()
            && let Some(pool) = buffer.pool.take()
        {
            pool.lent.set(pool.lent.get() - 1);
            pool.keep(buffer);
        }
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

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Shared(bytes) => bytes,
            Self::Lent(bytes) => bytes,
        }
    }
}

/// Reusable buffers.
#[derive(Default)]
#[expect(clippy::vec_box, reason = "a box goes from list to loan and back without being allocated anew")]
pub(super) struct Pool {
    small: RefCell<Vec<Box<PooledBuffer>>>,
    large: RefCell<Vec<Box<PooledBuffer>>>,
    bulk: RefCell<Vec<Box<PooledBuffer>>>,
    lent: Cell<u64>,
}

/// A buffer of a [`Pool`]. It is initialised to its full length, so that it can be filled safely.
pub(super) struct PooledBuffer {
    /// The memory.
    pub(super) bytes: Box<[u8]>,
    /// Where it goes back to, while it is lent.
    pool: Option<Rc<Pool>>,
}

impl PooledBuffer {
    fn new(bytes: usize) -> Box<Self> {
        Box::new(Self { bytes: vec![0; bytes].into_boxed_slice(), pool: None })
    }
}

impl Pool {
    /// A buffer of [`POOLED_BUFFER_BYTES`].
    pub(super) fn large(&self) -> Box<PooledBuffer> {
        self.large.borrow_mut().pop().unwrap_or_else(|| PooledBuffer::new(POOLED_BUFFER_BYTES))
    }

    /// A buffer of exactly `bytes_max`, or of [`BULK_BYTES_MAX`] if that is less.
    pub(super) fn bulk(&self, bytes_max: usize) -> Box<PooledBuffer> {
        let bytes = bytes_max.clamp(1, BULK_BYTES_MAX);
        let mut bulk = self.bulk.borrow_mut();
        match bulk.iter().position(|buffer| buffer.bytes.len() == bytes) {
            Some(index) => bulk.swap_remove(index),
            None => PooledBuffer::new(bytes),
        }
    }

    /// Takes an unused buffer back.
    pub(super) fn keep(&self, buffer: Box<PooledBuffer>) {
        let (list, count_max) = match buffer.bytes.len() {
            SMALL_BYTES => (&self.small, SMALL_FREE_MAX),
            POOLED_BUFFER_BYTES => (&self.large, LARGE_FREE_MAX),
            0 => return,
            _ => (&self.bulk, BULK_FREE_MAX),
        };
        let mut list = list.borrow_mut();
        if list.len() < count_max {
            list.push(buffer);
        }
    }

    /// Lends the first `length` bytes of a large buffer. Few bytes are copied to a small buffer, so
    /// that completions in a queue do not hold much memory.
    pub(super) fn lend(self: &Rc<Self>, buffer: Box<PooledBuffer>, length: usize) -> Lent {
        if length > SMALL_BYTES {
            return self.lend_whole(buffer, length);
        }
        let small = self.small.borrow_mut().pop();
        let mut small = small.unwrap_or_else(|| PooledBuffer::new(SMALL_BYTES));
        small.bytes[..length].copy_from_slice(&buffer.bytes[..length]);
        self.keep(buffer);
        self.lend_whole(small, length)
    }

    /// Lends the first `length` bytes of a buffer, without copying.
    pub(super) fn lend_whole(self: &Rc<Self>, mut buffer: Box<PooledBuffer>, length: usize) -> Lent {
        self.lent.set(self.lent.get() + 1);
        buffer.pool = Some(Rc::clone(self));
        let length = u32::try_from(length).expect("buffers are smaller than BULK_BYTES_MAX");
        Lent { source: Source::Pooled(Some(buffer)), start: 0, length }
    }

    /// How many buffers are lent at the moment.
    pub(super) fn lent_count(&self) -> u64 {
        self.lent.get()
    }
}

const _: () = assert!(BULK_BYTES_MAX <= u32::MAX as usize, "lengths are kept in 32 bits");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lent_bytes_come_back_and_are_used_again() {
        let pool = Rc::new(Pool::default());
        for length in [1, SMALL_BYTES, SMALL_BYTES + 1, POOLED_BUFFER_BYTES] {
            let mut buffer = pool.large();
            buffer.bytes[length - 1] = 7;
            let mut lent = pool.lend(buffer, length);
            assert_eq!((lent.len(), lent.last(), pool.lent_count()), (length, Some(&7), 1));
            lent.consume(length - 1);
            assert_eq!(*lent, [7]);
            lent.consume(1);
            assert!(lent.is_empty());
            drop(lent);
            assert_eq!((pool.lent_count(), pool.large.borrow().len()), (0, 1));
        }
        assert_eq!(pool.small.borrow().len(), 1);
        let bulk = pool.bulk(1000);
        let lent = pool.lend_whole(bulk, 10);
        drop(Rc::clone(&pool));
        drop(lent);
        assert_eq!(pool.bulk(1000).bytes.len(), 1000);
        assert!(pool.bulk.borrow().is_empty());
        assert_eq!(pool.bulk(0).bytes.len(), 1);
    }
}
