//! What a channel has received and scripts have not read yet: bytes, not decoded.
//!
//! Received buffers on loan from the driver are read in place, so that a line from a socket is
//! copied once. What is left of one when the script's turn ends moves to the channel's own buffer,
//! so that a sleeping channel holds no buffer of the driver.

use std::collections::VecDeque;

use tclring_vm::text::encoding::State;

use crate::driver::Lent;

/// An empty buffer above this size is given back to the allocator.
const KEPT_BYTES_MAX: usize = 16 * 1024;

/// Received bytes in order: the own ones, then those on loan.
#[derive(Default)]
pub struct Input {
    own: Vec<u8>,
    start: usize,
    lent: Option<Lent>,
    more: VecDeque<Lent>,
    /// How many of the first bytes are known to hold no end of a line.
    pub searched: usize,
    /// What the decoder remembers.
    pub state: State,
    /// Whether the last character read was a carriage return that ended a line in `auto` mode.
    pub saw_return: bool,
}

impl Input {
    /// The first bytes that stand together; empty only if there are none at all.
    #[inline]
    pub fn available(&self) -> &[u8] {
        if self.start < self.own.len() {
            return &self.own[self.start..];
        }
        self.lent.as_deref().unwrap_or_default()
    }

    /// The number of all bytes.
    pub fn len(&self) -> usize {
        let lent: usize = self.lent.iter().chain(&self.more).map(|lent| lent.len()).sum();
        self.own.len() - self.start + lent
    }

    /// Whether there is none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.start == self.own.len() && self.lent.is_none()
    }

    /// The number of bytes in the channel's own buffer: those that the driver holds do not count.
    pub fn own_len(&self) -> usize {
        self.own.len() - self.start
    }

    /// Takes a received buffer over.
    pub fn push(&mut self, lent: Lent) {
        if lent.is_empty() {
            return;
        }
        if self.lent.is_none() {
            self.lent = Some(lent);
        } else {
            self.more.push_back(lent);
        }
    }

    /// Appends bytes.
    pub fn append(&mut self, bytes: &[u8]) {
        self.settle();
        self.compact();
        self.own.extend_from_slice(bytes);
    }

    /// Room for `count` bytes at the end of the own buffer, filled by `fill`, which says how many it has written.
    pub fn fill_with<E>(
        &mut self,
        count: usize,
        fill: impl FnOnce(&mut [u8]) -> Result<usize, E>,
    ) -> Result<usize, E> {
        self.settle();
        self.compact();
        let old = self.own.len();
        self.own.resize(old + count, 0);
        let filled = fill(&mut self.own[old..]);
        self.own.truncate(old + *filled.as_ref().unwrap_or(&0));
        filled
    }

    fn compact(&mut self) {
        if self.start == self.own.len() {
            self.own.clear();
            self.start = 0;
        } else if self.start > self.own.len() / 2 {
            self.own.drain(..self.start);
            self.start = 0;
        }
    }

    /// Leaves the first `count` available bytes out from now on.
    #[inline]
    pub fn consume(&mut self, count: usize) {
        self.searched = self.searched.saturating_sub(count);
        if self.start < self.own.len() {
            self.start += count;
            debug_assert!(self.start <= self.own.len(), "only what is available can be consumed");
            if self.start == self.own.len() {
                self.own.clear();
                self.start = 0;
            }
            return;
        }
        let Some(lent) = &mut self.lent else {
            debug_assert!(count == 0, "only what is available can be consumed");
            return;
        };
        lent.consume(count);
        if lent.is_empty() {
            self.lent = self.more.pop_front();
            if self.more.is_empty() && self.more.capacity() > 0 {
                self.more = VecDeque::new();
            }
        }
    }

    /// Makes more bytes stand together with the available ones; `false` if these are all.
    pub fn gather(&mut self) -> bool {
        if self.start == self.own.len() {
            if self.more.is_empty() {
                return false;
            }
            self.keep_front();
        }
        let Some(lent) = self.lent.take() else {
            return false;
        };
        self.compact();
        self.own.extend_from_slice(&lent);
        self.lent = self.more.pop_front();
        true
    }

    fn keep_front(&mut self) {
        if let Some(lent) = self.lent.take() {
            self.compact();
            self.own.extend_from_slice(&lent);
            self.lent = self.more.pop_front();
        }
    }

    /// Gives all buffers on loan back: their bytes move to the own buffer.
    pub fn settle(&mut self) {
        while self.lent.is_some() {
            self.keep_front();
        }
        if self.more.capacity() > 0 {
            self.more = VecDeque::new();
        }
        if self.start == self.own.len() && self.own.capacity() > KEPT_BYTES_MAX {
            self.own = Vec::new();
            self.start = 0;
        }
    }

    /// Forgets the memory of an empty own buffer, for channels that will sleep.
    pub fn shrink(&mut self) {
        if self.start == self.own.len() {
            self.own = Vec::new();
            self.start = 0;
        }
    }

    /// Takes all bytes out.
    pub fn take_all(&mut self) -> Vec<u8> {
        self.searched = 0;
        if self.start == self.own.len() && self.more.is_empty() {
            return self.lent.take().map(|lent| lent.to_vec()).unwrap_or_default();
        }
        self.settle();
        let start = std::mem::take(&mut self.start);
        let mut own = std::mem::take(&mut self.own);
        if start > 0 {
            own.drain(..start);
        }
        own
    }

    /// Takes the first buffer on loan out whole, if there are no other bytes before it.
    pub fn take_lent(&mut self) -> Option<Lent> {
        if self.start < self.own.len() {
            return None;
        }
        self.searched = 0;
        let lent = self.lent.take();
        self.lent = self.more.pop_front();
        lent
    }

    /// Forgets everything, as a seek does.
    pub fn clear(&mut self) {
        *self = Input::default();
    }
}
