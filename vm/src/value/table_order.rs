//! The order in which the reference's hash tables list their keys.
//!
//! It is what a script sees from `array names`, and what programs print. A
//! table begins with four buckets and has four times as many whenever it holds
//! three keys per bucket; it never shrinks. A new key stands first in its
//! bucket, and growing turns the order of the keys that stay together around.
//! So the order follows from the order of insertion and the *era* of each key:
//! how often the table had grown when the key was added.

use std::collections::VecDeque;

use super::{Value, View};

/// How many buckets a table begins with.
const FIRST_BUCKETS: usize = 4;
/// A table grows when it has this many keys per bucket.
const KEYS_PER_BUCKET: usize = 3;
/// By what power of two it grows.
const GROWTH_BITS: u32 = 2;

/// How many buckets a table has in an era.
pub fn buckets(era: u8) -> usize {
    FIRST_BUCKETS << (u32::from(era) * GROWTH_BITS)
}

/// With how many keys an era ends.
#[inline]
pub fn keys_max(era: u8) -> usize {
    buckets(era) * KEYS_PER_BUCKET
}

/// The hash that decides about a key's bucket.
pub fn hash(text: &[u8]) -> u64 {
    let step = |hash: u64, byte: u8| hash.wrapping_mul(9).wrapping_add(u64::from(byte));
    text.iter().fold(0, |hash, byte| match byte {
        // The reference writes a zero byte as two.
        0 => step(step(hash, 0xc0), 0x80),
        byte => step(hash, *byte),
    })
}

/// The hash of a key as maps hold it.
fn hash_of(key: &Value) -> u64 {
    match key.view() {
        View::Text(text) => hash(text),
        View::Str(object) => hash(object.text()),
        _ => hash(&key.text()),
    }
}

/// Puts things into the order of the table: `placed` has each thing's key and era, in the order of insertion; `era` is
/// the table's now.
pub fn order<T>(placed: Vec<(&Value, u8, T)>, era: u8) -> Vec<T> {
    let mask = buckets(era) as u64 - 1;
    let in_bucket = |(key, era, thing): (&Value, u8, T)| (hash_of(key) & mask, era, thing);
    let mut placed: Vec<(u64, u8, T)> = placed.into_iter().map(in_bucket).collect();
    // The sort keeps the order within a bucket.
    placed.sort_by_key(|(bucket, ..)| *bucket);
    let mut out = Vec::with_capacity(placed.len());
    let mut chain = Chain::default();
    let mut current = None;
    for (bucket, added, thing) in placed {
        if current != Some(bucket) {
            chain.give_out(era, &mut out);
            current = Some(bucket);
        }
        chain.add(added, thing);
    }
    chain.give_out(era, &mut out);
    out
}

/// The keys of one bucket.
struct Chain<T> {
    things: VecDeque<T>,
    /// Whether the last stands first.
    turned: bool,
    era: u8,
}

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Chain { things: VecDeque::new(), turned: false, era: 0 }
    }
}

impl<T> Chain<T> {
    fn grow_to(&mut self, era: u8) {
        self.turned ^= era.wrapping_sub(self.era) % 2 == 1;
        self.era = era;
    }

    fn add(&mut self, era: u8, thing: T) {
        self.grow_to(era);
        match self.turned {
            true => self.things.push_back(thing),
            false => self.things.push_front(thing),
        }
    }

    /// Moves the keys out, as they stand in the era `era`.
    fn give_out(&mut self, era: u8, out: &mut Vec<T>) {
        self.grow_to(era);
        match self.turned {
            true => out.extend(self.things.drain(..).rev()),
            false => out.extend(self.things.drain(..)),
        }
        self.turned = false;
        self.era = 0;
    }
}
