//! Sets of characters, and the classes of characters that a pattern cannot
//! tell apart.
//!
//! An automaton reads classes, not characters: a pattern has a few, whatever the
//! size of the alphabet. ASCII is mapped by a table; above it a class is found
//! by the interval of the pattern's own ranges and the membership of the
//! character in the standard classes, so that no pattern has to enumerate them.

use super::fold;
use crate::text::class::Class;
use foldhash::{HashMap, HashMapExt};
use std::sync::OnceLock;
use tclring_compiler::syntax::text::CODE_POINT_MAX;

const NEWLINE: u32 = 0x0A;

/// The memberships of all characters in the standard classes.
struct Memberships {
    /// The first characters of the runs of equal membership, ascending.
    starts: Vec<u32>,
    /// For each run the index of its membership.
    kinds: Vec<u8>,
    /// The memberships that occur, each a bit set over [`Class::ALL`].
    distinct: Vec<u16>,
    ascii: [u16; 128],
    /// The memberships, as bits by index, that occur above ASCII.
    upper: u64,
}

impl Memberships {
    fn get() -> &'static Memberships {
        static TABLE: OnceLock<Memberships> = OnceLock::new();
        TABLE.get_or_init(Memberships::new)
    }

    fn new() -> Memberships {
        let mut edges: Vec<(u32, u16)> = vec![(0, 0)];
        for (bit, (_, class)) in Class::ALL.iter().enumerate() {
            for (first, last) in class.ranges() {
                edges.push((first, 1 << bit));
                edges.push((last + 1, 1 << bit));
            }
        }
        edges.sort_unstable();
        let mut table = Memberships {
            starts: Vec::new(),
            kinds: Vec::new(),
            distinct: Vec::new(),
            ascii: [0; 128],
            upper: 0,
        };
        let mut bits = 0;
        for (i, (at, bit)) in edges.iter().enumerate() {
            bits ^= bit;
            if edges.get(i + 1).is_some_and(|next| next.0 == *at) || *at > CODE_POINT_MAX {
                continue;
            }
            let known = table.distinct.iter().position(|known| *known == bits);
            let kind = known.unwrap_or_else(|| {
                table.distinct.push(bits);
                table.distinct.len() - 1
            });
            table.starts.push(*at);
            table.kinds.push(kind as u8);
        }
        for c in 0..128 {
            table.ascii[c as usize] = table.distinct[table.kind(c)];
        }
        assert!(table.distinct.len() <= 64, "the memberships are bits of a word");
        table.upper =
            table.occurring(0x80, CODE_POINT_MAX - 1) | table.occurring(CODE_POINT_MAX, CODE_POINT_MAX);
        table
    }

    /// The memberships, as bits by index, of the characters from `first` to `last`.
    fn occurring(&self, first: u32, last: u32) -> u64 {
        if first == 0x80 && last == CODE_POINT_MAX {
            return self.upper;
        }
        let from = self.starts.partition_point(|start| *start <= first) - 1;
        let runs = self.starts[from..].iter().take_while(|start| **start <= last).count();
        self.kinds[from..from + runs].iter().fold(0, |bits, kind| bits | 1 << kind)
    }

    /// The index of the membership of `c`.
    fn kind(&self, c: u32) -> usize {
        usize::from(self.kinds[self.starts.partition_point(|start| *start <= c) - 1])
    }
}

fn class_bit(class: Class) -> u16 {
    let index = Class::ALL.iter().position(|(_, known)| *known == class);
    1 << index.expect("every class is listed in ALL")
}

/// A set of characters as a pattern writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct CharSet {
    /// Ascending and apart once [`CharSet::finish`] was called.
    ranges: Vec<(u32, u32)>,
    /// Standard classes, a bit set over [`Class::ALL`].
    classes: u16,
    negated: bool,
    /// The newline is not in the set though the set is negated.
    stops_at_newline: bool,
}

impl CharSet {
    /// The set of `c` and, without case, its counterparts.
    pub(super) fn character(c: u32, nocase: bool) -> CharSet {
        let mut set = CharSet::default();
        set.add_range(c, c, nocase);
        set.finish();
        set
    }

    /// The set of word characters.
    fn word() -> CharSet {
        CharSet { classes: class_bit(Class::Wordchar), ..CharSet::default() }
    }

    /// Adds the characters from `first` to `last`.
    pub(super) fn add_range(&mut self, first: u32, last: u32, nocase: bool) {
        self.ranges.push((first, last));
        if !nocase {
            return;
        }
        let add = |set: &mut CharSet, c| {
            set.ranges.extend(fold::counterparts(c).iter().skip(1).filter(|d| **d != c).map(|d| (*d, *d)));
        };
        for c in first..=last.min(0x7F) {
            add(self, c);
        }
        if last <= 0x7F {
            return;
        }
        if first == last {
            return add(self, first);
        }
        let cased = fold::cased();
        let from = cased.partition_point(|c| *c < first.max(0x80));
        for c in cased[from..].iter().take_while(|c| **c <= last) {
            add(self, *c);
        }
    }

    /// Adds a standard class; without case, upper and lower are as good as
    /// alphanumeric to the reference.
    pub(super) fn add_class(&mut self, class: Class, nocase: bool) {
        let class = match class {
            Class::Upper | Class::Lower if nocase => Class::Alnum,
            // What `[[:print:]]` has is not what `string is print` says: it is
            // graphic characters and white space but for the ASCII controls.
            Class::Print => {
                self.ranges.extend(Class::Space.ranges().iter().filter(|range| range.0 >= 0x20));
                Class::Graph
            }
            other => other,
        };
        self.classes |= class_bit(class);
    }

    /// Orders the ranges and joins those that touch.
    pub(super) fn finish(&mut self) {
        self.ranges.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(self.ranges.len());
        for (first, last) in self.ranges.drain(..) {
            match joined.last_mut() {
                Some(open) if first <= open.1.saturating_add(1) => open.1 = open.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        self.ranges = joined;
    }

    /// Turns the set into its complement, without the newline if `stop`.
    pub(super) fn negate(&mut self, stop: bool) {
        self.negated = true;
        self.stops_at_newline = stop;
    }

    /// The characters of the set if they are at most `limit`.
    pub(super) fn few(&self, limit: usize) -> Option<Vec<u32>> {
        if self.negated || self.classes != 0 {
            return None;
        }
        let count: u64 = self.ranges.iter().map(|(first, last)| u64::from(last - first) + 1).sum();
        (count <= limit as u64).then(|| self.ranges.iter().flat_map(|(first, last)| *first..=*last).collect())
    }

    fn contains(&self, c: u32, membership: u16) -> bool {
        if c == NEWLINE && self.stops_at_newline {
            return false;
        }
        let after = self.ranges.partition_point(|(first, _)| *first <= c);
        let listed = after > 0 && self.ranges[after - 1].1 >= c;
        (listed || self.classes & membership != 0) != self.negated
    }
}

/// What a position's neighbour is, as far as assertions ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(super) enum Neighbour {
    /// Before the start of the text, which is the start of a line.
    LineEdge,
    /// Before the start of the text, in the middle of a line.
    StartEdge,
    /// Behind the end of the text.
    EndEdge,
    Newline,
    Word,
    Other,
}

impl Neighbour {
    /// How many there are.
    pub(super) const COUNT: usize = 6;

    /// Every neighbour by number.
    pub(super) const ALL: [Neighbour; Neighbour::COUNT] = [
        Neighbour::LineEdge,
        Neighbour::StartEdge,
        Neighbour::EndEdge,
        Neighbour::Newline,
        Neighbour::Word,
        Neighbour::Other,
    ];
}

/// The byte table's entry for bytes that do not make a character.
pub(super) const NOT_ASCII: u16 = u16::MAX;

/// How many classes a pattern may have.
const CLASSES_MAX: usize = 20_000;

/// How many words the bit sets of classes may take together.
const BIT_WORDS_MAX: usize = 1 << 20;

/// The classes of a set.
#[derive(Clone, Copy, Debug)]
enum Members {
    One(u16),
    /// A bit set that starts at this word.
    Bits(u32),
}

/// From characters to classes.
#[derive(Debug)]
pub(super) struct ClassMap {
    /// The classes of ASCII by byte, [`NOT_ASCII`] for other bytes.
    pub(super) bytes: [u16; 256],
    count: usize,
    /// What a character of each class is to its neighbour.
    pub(super) neighbours: Vec<Neighbour>,
    /// For each set its classes.
    members: Vec<Members>,
    /// The bits of [`Members::Bits`].
    bits: Vec<u64>,
    /// Where the intervals above ASCII start, the first at 0x80.
    starts: Vec<u32>,
    /// Interval by interval the classes by membership.
    upper: Vec<u16>,
    /// How many memberships an interval distinguishes: 1 or all.
    kinds: usize,
}

impl ClassMap {
    /// Finds the classes of `sets`; newlines and word characters get classes of
    /// their own if they are asked for. `None` if there are too many.
    pub(super) fn new(sets: &[CharSet], asks_lines: bool, asks_words: bool) -> Option<ClassMap> {
        let newline = CharSet::character(NEWLINE, false);
        let word = CharSet::word();
        let mut all: Vec<&CharSet> = sets.iter().collect();
        all.extend(asks_lines.then_some(&newline));
        all.extend(asks_words.then_some(&word));
        let table = Memberships::get();
        let kinds = match all.iter().any(|set| set.classes != 0) {
            true => table.distinct.len(),
            false => 1,
        };
        let mut starts = vec![0x80];
        for (first, last) in all.iter().flat_map(|set| &set.ranges) {
            starts.extend([*first, *last + 1].into_iter().filter(|c| (0x80..=CODE_POINT_MAX).contains(c)));
        }
        starts.sort_unstable();
        starts.dedup();
        // One element for each ASCII character, then one for each interval and
        // membership that occurs there; `places` says which.
        let mut elements: Vec<(u32, u16)> = (0..128).map(|c| (c, table.ascii[c as usize])).collect();
        let mut places = Vec::new();
        for (i, start) in starts.iter().enumerate() {
            let end = starts.get(i + 1).map_or(CODE_POINT_MAX, |next| next - 1);
            let occurring = if kinds == 1 { 1 } else { table.occurring(*start, end) };
            for kind in (0..kinds).filter(|kind| occurring >> kind & 1 != 0) {
                elements.push((*start, table.distinct[kind]));
                places.push(i * kinds + kind);
            }
        }
        let (classes, count) = partition(&elements, &all)?;
        let mut upper = vec![0; starts.len() * kinds];
        for (place, class) in places.iter().zip(&classes[128..]) {
            upper[*place] = *class;
        }
        let mut bytes = [NOT_ASCII; 256];
        bytes[..128].copy_from_slice(&classes[..128]);
        let mut map = ClassMap {
            bytes,
            count,
            neighbours: vec![Neighbour::Other; count],
            members: Vec::with_capacity(sets.len()),
            bits: Vec::new(),
            starts,
            upper,
            kinds,
        };
        // An element of each class stands for all of them.
        let mut examples: Vec<Option<(u32, u16)>> = vec![None; count];
        for (element, class) in elements.iter().zip(&classes) {
            examples[usize::from(*class)].get_or_insert(*element);
        }
        let examples: Vec<(u32, u16)> = examples.into_iter().flatten().collect();
        map.name_neighbours(&examples, asks_lines, asks_words);
        map.add_members(&examples, sets)?;
        Some(map)
    }

    fn name_neighbours(&mut self, examples: &[(u32, u16)], asks_lines: bool, asks_words: bool) {
        let word_bit = class_bit(Class::Wordchar);
        for (neighbour, (c, membership)) in self.neighbours.iter_mut().zip(examples) {
            if asks_words && membership & word_bit != 0 {
                *neighbour = Neighbour::Word;
            } else if asks_lines && *c == NEWLINE {
                *neighbour = Neighbour::Newline;
            }
        }
    }

    fn add_members(&mut self, examples: &[(u32, u16)], sets: &[CharSet]) -> Option<()> {
        for set in sets {
            if let Some([c]) = set.few(1).as_deref() {
                let class = match self.bytes.get(*c as usize) {
                    Some(class) if *class != NOT_ASCII => *class,
                    _ => self.upper_class(*c),
                };
                self.members.push(Members::One(class));
                continue;
            }
            let first = self.bits.len();
            self.members.push(Members::Bits(first as u32));
            self.bits.resize(first + examples.len().div_ceil(64), 0);
            if self.bits.len() > BIT_WORDS_MAX {
                return None;
            }
            for (class, (c, membership)) in examples.iter().enumerate() {
                if set.contains(*c, *membership) {
                    self.bits[first + class / 64] |= 1 << (class % 64);
                }
            }
        }
        Some(())
    }

    /// How many classes there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Whether the set with the number `set` has the characters of `class`.
    #[inline]
    pub(super) fn contains(&self, set: u32, class: usize) -> bool {
        match self.members[set as usize] {
            Members::One(only) => usize::from(only) == class,
            Members::Bits(first) => self.bits[first as usize + class / 64] >> (class % 64) & 1 != 0,
        }
    }

    /// The class of a character above ASCII.
    pub(super) fn upper_class(&self, c: u32) -> u16 {
        let interval = self.starts.partition_point(|start| *start <= c) - 1;
        let kind = match self.kinds {
            1 => 0,
            _ => Memberships::get().kind(c),
        };
        self.upper[interval * self.kinds + kind]
    }
}

/// Gives elements that are in the same sets the same number; and how many
/// numbers there are, or `None` if they are too many.
///
/// Each set splits the classes of the elements in its ranges, so that many small
/// sets cost little. That a set is negated makes no difference.
fn partition(elements: &[(u32, u16)], sets: &[&CharSet]) -> Option<(Vec<u16>, usize)> {
    let mut split = Split { classes: vec![0; elements.len()], sizes: vec![elements.len() as u32] };
    let mut members = Vec::new();
    let newline = CharSet::character(NEWLINE, false);
    let stop = sets.iter().any(|set| set.stops_at_newline).then_some(&newline);
    for set in sets.iter().copied().chain(stop) {
        members.clear();
        if set.classes != 0 {
            let plain = CharSet { negated: false, stops_at_newline: false, ..set.clone() };
            let inside = |element: &(u32, u16)| plain.contains(element.0, element.1);
            members.extend((0..elements.len()).filter(|i| inside(&elements[*i])));
        } else {
            for (first, last) in &set.ranges {
                let from = elements.partition_point(|element| element.0 < *first);
                let to = elements.partition_point(|element| element.0 <= *last);
                members.extend(from..to);
            }
        }
        split.by(&members);
        if split.sizes.len() > CLASSES_MAX {
            return None;
        }
    }
    Some((split.classes, split.sizes.len()))
}

struct Split {
    classes: Vec<u16>,
    /// How many elements each class has.
    sizes: Vec<u32>,
}

impl Split {
    /// Separates `members` from the other elements of their classes.
    fn by(&mut self, members: &[usize]) {
        let mut inside: HashMap<u16, u32> = HashMap::new();
        for member in members {
            *inside.entry(self.classes[*member]).or_insert(0) += 1;
        }
        let mut moved: HashMap<u16, u16> = HashMap::new();
        for member in members {
            let class = self.classes[*member];
            if inside[&class] == u32::MAX {
                continue;
            }
            let target = match moved.get(&class) {
                Some(target) => *target,
                None if inside[&class] == self.sizes[usize::from(class)] => {
                    inside.insert(class, u32::MAX);
                    continue;
                }
                None => {
                    let target = self.sizes.len() as u16;
                    self.sizes.push(inside[&class]);
                    self.sizes[usize::from(class)] -= inside[&class];
                    moved.insert(class, target);
                    inside.insert(target, u32::MAX);
                    target
                }
            };
            self.classes[*member] = target;
        }
    }
}
