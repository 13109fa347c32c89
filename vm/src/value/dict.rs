//! Ordered maps, for dictionaries and array variables.
//!
//! Entries stand in the order they were made; an index by hash is added beyond
//! [`LINEAR_MAX`] entries. Removal leaves a gap that is closed when gaps are
//! half of it, so that removal is constant on average. Keys that are canonical
//! integers are held as integers: `1` from text and from arithmetic meet
//! without formatting. The order in which the reference lists the names of an
//! array can be had, too (see [`super::table_order`]).

use std::cell::OnceCell;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use tclring_compiler::syntax::number::canonical_int;

use super::{Tag, Value, View, table_order};

/// Up to this many entries are searched without an index.
const LINEAR_MAX: usize = 8;

struct Entry<V> {
    /// The key's hash, if the map has an index.
    hash: u32,
    /// How often the reference's table had grown when the entry was made.
    era: u8,
    /// Unset in a gap.
    key: Value,
    value: V,
}

/// A map from strings to `V` that keeps the order of insertion.
pub struct OrderedMap<V> {
    entries: Vec<Entry<V>>,
    index: Option<HashTable<u32>>,
    gaps: u32,
    /// How often the reference's table has grown.
    era: u8,
}

impl<V> Default for OrderedMap<V> {
    fn default() -> Self {
        OrderedMap { entries: Vec::new(), index: None, gaps: 0, era: 0 }
    }
}

impl<V: Clone> Clone for OrderedMap<V> {
    fn clone(&self) -> Self {
        let mut copy = OrderedMap::default();
        copy.entries.reserve(self.len());
        for entry in self.entries.iter().filter(|e| !e.key.is_unset()) {
            let Entry { hash, era, .. } = *entry;
            copy.entries.push(Entry { hash, era, key: entry.key.clone(), value: entry.value.clone() });
        }
        copy.era = self.era;
        if copy.entries.len() > LINEAR_MAX {
            copy.rebuild_index();
        }
        copy
    }
}

thread_local! {
    static SEED: RandomState = RandomState::default();
}

/// The key as maps hold it: an integer if its text is a canonical one, else a text, on the heap only if it is long.
pub fn normal_key(key: &Value) -> Value {
    with_normal(key, Value::clone)
}

/// What `then` makes of the key as maps hold it.
#[inline(always)]
fn with_normal<T>(key: &Value, then: impl FnOnce(&Value) -> T) -> T {
    if key.tag() == Tag::Int { then(key) } else { with_text_normal(key, then) }
}

#[inline]
fn with_text_normal<T>(key: &Value, then: impl FnOnce(&Value) -> T) -> T {
    match key.view() {
        View::Int(_) => then(key),
        View::Text(text) => match canonical_int(text) {
            Some(n) => then(&Value::int(n)),
            None => then(key),
        },
        View::Str(object) => match canonical_int(object.text()) {
            Some(n) => then(&Value::int(n)),
            None => match Value::inline(object.text()) {
                Some(short) => then(&short),
                None => then(key),
            },
        },
        _ => {
            let text = key.text();
            match canonical_int(&text) {
                Some(n) => then(&Value::int(n)),
                None => then(&Value::text_of(&text)),
            }
        }
    }
}

fn hash_key(key: &Value) -> u32 {
    SEED.with(|seed| {
        let mut hasher = seed.build_hasher();
        match key.view() {
            View::Int(n) => hasher.write_i64(n),
            View::Text(text) => hasher.write(text),
            View::Str(object) => hasher.write(object.text()),
            _ => unreachable!("keys are normalised"),
        }
        let hash = hasher.finish();
        (hash ^ hash >> 32) as u32
    })
}

/// The hash as the index takes it, which looks at the lowest and the highest bits.
#[inline]
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

/// Whether two normalised keys are equal.
#[inline(always)]
fn same_key(a: &Value, b: &Value) -> bool {
    // Integers and short texts are equal in every bit.
    a.is_identical(b) || b.tag() == Tag::Str && same_text(a, b)
}

#[inline(never)]
fn same_text(a: &Value, b: &Value) -> bool {
    matches!((a.view(), b.view()), (View::Str(x), View::Str(y)) if x.text() == y.text())
}

impl<V> OrderedMap<V> {
    /// The number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        self.entries.len() - self.gaps as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of a normalised key. Without an index no hashes are needed.
    #[inline]
    fn find(&self, key: &Value) -> Option<usize> {
        match &self.index {
            None => self.entries.iter().position(|e| same_key(&e.key, key)),
            Some(index) => {
                let hash = hash_key(key);
                let same = |at: &u32| same_key(&self.entries[*at as usize].key, key);
                index.find(spread(hash), same).map(|at| *at as usize)
            }
        }
    }

    /// Where the entry of `key` is, for [`OrderedMap::at`].
    pub fn position(&self, key: &Value) -> Option<usize> {
        if self.entries.is_empty() {
            return None;
        }
        with_normal(key, |key| self.find(key))
    }

    /// The value of `key`.
    #[inline]
    pub fn get(&self, key: &Value) -> Option<&V> {
        self.position(key).map(|at| &self.entries[at].value)
    }

    /// The value of `key`, to change.
    pub fn get_mut(&mut self, key: &Value) -> Option<&mut V> {
        let at = self.position(key)?;
        Some(&mut self.entries[at].value)
    }

    /// Whether `key` has an entry.
    pub fn contains(&self, key: &Value) -> bool {
        self.position(key).is_some()
    }

    /// The entry at a position: none in a gap or beyond the end.
    pub fn at(&self, position: usize) -> Option<(&Value, &V)> {
        self.entries.get(position).filter(|e| !e.key.is_unset()).map(|e| (&e.key, &e.value))
    }

    /// The first entry at or after a position, with its position.
    pub fn next_from(&self, position: usize) -> Option<(usize, &Value, &V)> {
        let rest = self.entries.get(position..)?;
        rest.iter()
            .enumerate()
            .find(|(_, e)| !e.key.is_unset())
            .map(|(i, e)| (position + i, &e.key, &e.value))
    }

    /// Sets the value of `key`; answers the one it had.
    pub fn insert(&mut self, key: &Value, value: V) -> Option<V> {
        let key = normal_key(key);
        if let Some(at) = self.find(&key) {
            return Some(std::mem::replace(&mut self.entries[at].value, value));
        }
        self.push_new(key, value);
        None
    }

    /// The value of `key`, made by `make` if there is none.
    pub fn get_or_insert_with(&mut self, key: &Value, make: impl FnOnce() -> V) -> &mut V {
        let key = normal_key(key);
        let at = match self.find(&key) {
            Some(at) => at,
            None => {
                self.push_new(key, make());
                self.entries.len() - 1
            }
        };
        &mut self.entries[at].value
    }

    fn push_new(&mut self, key: Value, value: V) {
        let at = self.entries.len();
        let hash = if self.index.is_some() { hash_key(&key) } else { 0 };
        self.entries.push(Entry { hash, era: self.era, key, value });
        if self.len() >= table_order::keys_max(self.era) {
            self.era += 1;
        }
        if let Some(index) = &mut self.index {
            let at = u32::try_from(at).expect("a map holds fewer than 2^32 entries");
            let entries = &self.entries;
            index.insert_unique(spread(hash), at, |i| spread(entries[*i as usize].hash));
        } else if self.entries.len() > LINEAR_MAX {
            self.rebuild_index();
        }
    }

    fn rebuild_index(&mut self) {
        let mut index = HashTable::with_capacity(self.entries.len() + 1);
        for entry in self.entries.iter_mut().filter(|entry| !entry.key.is_unset()) {
            entry.hash = hash_key(&entry.key);
        }
        for (at, entry) in self.entries.iter().enumerate().filter(|(_, entry)| !entry.key.is_unset()) {
            let at = u32::try_from(at).expect("a map holds fewer than 2^32 entries");
            index.insert_unique(spread(entry.hash), at, |i: &u32| spread(self.entries[*i as usize].hash));
        }
        self.index = Some(index);
    }

    /// Removes the entry of `key`; answers its value.
    pub fn remove(&mut self, key: &Value) -> Option<V>
    where
        V: Default,
    {
        if self.entries.is_empty() {
            return None;
        }
        let key = normal_key(key);
        let at = self.find(&key)?;
        if let Some(index) = &mut self.index
            && let Ok(slot) = index.find_entry(spread(self.entries[at].hash), |i| *i as usize == at)
        {
            slot.remove();
        }
        let entry = &mut self.entries[at];
        entry.key = Value::UNSET;
        // No live entry has the hash of a gap and an unset key.
        let value = std::mem::take(&mut entry.value);
        self.gaps += 1;
        if at + 1 == self.entries.len() {
            while self.entries.last().is_some_and(|e| e.key.is_unset()) {
                self.entries.pop();
                self.gaps -= 1;
            }
        } else if self.gaps as usize > LINEAR_MAX && self.gaps as usize * 2 > self.entries.len() {
            self.close_gaps();
        }
        Some(value)
    }

    fn close_gaps(&mut self) {
        self.entries.retain(|e| !e.key.is_unset());
        self.gaps = 0;
        self.index = None;
        if self.entries.len() > LINEAR_MAX {
            self.rebuild_index();
        }
    }

    /// Makes room for `more` entries.
    pub fn reserve(&mut self, more: usize) {
        self.entries.reserve(more);
    }

    /// Removes everything.
    pub fn clear(&mut self) {
        *self = OrderedMap::default();
    }

    /// Gives an empty map the order that the reference's table has after it has held `count` keys.
    pub fn note_past_keys(&mut self, count: usize) {
        while count >= table_order::keys_max(self.era) {
            self.era += 1;
        }
    }

    /// The entries in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Value, &V)> {
        self.entries.iter().filter(|e| !e.key.is_unset()).map(|e| (&e.key, &e.value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Value> {
        self.iter().map(|(key, _)| key)
    }

    /// The entries that `keep` wants, in the order in which the reference's hash table would have them.
    pub fn table_order(&self, keep: impl FnMut(&Value, &V) -> bool) -> Vec<(&Value, &V)> {
        self.table_order_as(|key| key, keep)
    }

    /// Like [`OrderedMap::table_order`] for keys that the reference has under other names, which `name` tells.
    pub fn table_order_as<'a>(
        &'a self,
        name: impl Fn(&'a Value) -> &'a Value,
        mut keep: impl FnMut(&Value, &V) -> bool,
    ) -> Vec<(&'a Value, &'a V)> {
        let kept = self.entries.iter().filter(|e| !e.key.is_unset() && keep(&e.key, &e.value));
        let placed = kept.map(|entry| (name(&entry.key), entry.era, (&entry.key, &entry.value))).collect();
        table_order::order(placed, self.era)
    }

    /// The keys as a list, in the order in which the reference's hash table would have them.
    pub fn listed_keys(&self) -> Value {
        Value::list(self.table_order(|_, _| true).into_iter().map(|(key, _)| key.clone()).collect())
    }

    /// The values in order, to change.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.entries.iter_mut().filter(|e| !e.key.is_unset()).map(|e| &mut e.value)
    }

    /// The values in order.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

/// Walks over key, value, key, value…
pub(super) struct Flat<'a> {
    entries: std::slice::Iter<'a, Entry<Value>>,
    value: Option<&'a Value>,
}

impl<'a> Flat<'a> {
    pub(super) fn next(&mut self) -> Option<&'a Value> {
        if let Some(value) = self.value.take() {
            return Some(value);
        }
        let entry = self.entries.by_ref().find(|e| !e.key.is_unset())?;
        self.value = Some(&entry.value);
        Some(&entry.key)
    }
}

impl OrderedMap<Value> {
    pub(super) fn flat(&self) -> Flat<'_> {
        Flat { entries: self.entries.iter(), value: None }
    }
}

/// A map from strings to values.
pub type Dict = OrderedMap<Value>;

/// A dictionary, and its canonical text once asked for.
#[derive(Default)]
pub struct DictObj {
    map: Dict,
    text: OnceCell<Box<[u8]>>,
}

impl DictObj {
    /// The dictionary of `map`.
    pub fn new(map: Dict) -> DictObj {
        DictObj { map, text: OnceCell::new() }
    }

    /// The entries.
    #[inline]
    pub fn map(&self) -> &Dict {
        &self.map
    }

    /// The entries to change; the text made of them goes.
    #[inline]
    pub fn map_mut(&mut self) -> &mut Dict {
        if self.text.get().is_some() {
            self.text = OnceCell::new();
        }
        &mut self.map
    }

    /// The entries, giving up the dictionary.
    pub fn into_map(self) -> Dict {
        self.map
    }

    /// The canonical text.
    pub fn text(&self) -> &[u8] {
        if let Some(text) = self.text.get() {
            return text;
        }
        match super::list::text_of_dict(self) {
            Some(text) => self.text.get_or_init(|| text.into_boxed_slice()),
            None => &[],
        }
    }

    /// The canonical text if it was made before.
    pub fn made_text(&self) -> Option<&[u8]> {
        self.text.get().map(|text| &**text)
    }
}
