//! What `array statistics` and `dict info` report: how the keys would lie in
//! the reference's hash table, since its figures can be observed.

use crate::value::{Value, table_order};

/// Buckets with this many keys or more are counted together.
const COUNTED_MAX: usize = 10;

/// The report about a table with these keys.
pub(super) fn report<'a>(keys: impl Iterator<Item = &'a Value>) -> Vec<u8> {
    let hashes: Vec<u64> = keys.map(|key| table_order::hash(&key.text())).collect();
    let mut era = 0;
    while hashes.len() >= table_order::keys_max(era) {
        era += 1;
    }
    let buckets = table_order::buckets(era);
    let mut sizes = vec![0usize; buckets];
    for hash in &hashes {
        sizes[(hash & (buckets as u64 - 1)) as usize] += 1;
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
