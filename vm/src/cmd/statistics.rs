//! What `array statistics` and `dict info` report: how the keys would lie in
//! the reference's hash table, since its figures can be observed.

use crate::value::Value;

/// How many buckets a table begins with.
const FIRST_BUCKETS: usize = 4;
/// A table grows when it has this many keys per bucket.
const KEYS_PER_BUCKET_MAX: usize = 3;
/// By what a table grows.
const GROWTH: usize = 4;
/// Buckets with this many keys or more are counted together.
const COUNTED_MAX: usize = 10;

fn hash(text: &[u8]) -> usize {
    let Some((first, rest)) = text.split_first() else {
        return 0;
    };
    rest.iter().fold(usize::from(*first), |hash, byte| hash.wrapping_mul(9).wrapping_add(usize::from(*byte)))
}

/// The report about a table with these keys.
pub(super) fn report<'a>(keys: impl Iterator<Item = &'a Value>) -> Vec<u8> {
    let hashes: Vec<usize> = keys.map(|key| hash(&key.text())).collect();
    let mut buckets = FIRST_BUCKETS;
    while hashes.len() >= buckets * KEYS_PER_BUCKET_MAX {
        buckets *= GROWTH;
    }
    let mut sizes = vec![0usize; buckets];
    for hash in &hashes {
        sizes[hash & (buckets - 1)] += 1;
    }
    let mut counts = [0usize; COUNTED_MAX];
    let mut more = 0;
    let mut distance = 0.0;
    for size in sizes {
        match counts.get_mut(size) {
            Some(count) => *count += 1,
            None => more += 1,
        }
        if size > 0 {
            distance += (size as f64 + 1.0) * (size as f64 / hashes.len() as f64) / 2.0;
        }
    }
    let mut out = format!("{} entries in table, {buckets} buckets\n", hashes.len());
    for (size, count) in counts.iter().enumerate() {
        out += &format!("number of buckets with {size} entries: {count}\n");
    }
    out += &format!("number of buckets with {COUNTED_MAX} or more entries: {more}\n");
    out += &format!("average search distance for entry: {distance:.1}");
    out.into_bytes()
}
