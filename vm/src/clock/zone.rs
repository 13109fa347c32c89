//! One time zone: a table of the instants at which its offset changes.
//!
//! A zone is immutable but for a remembered position, which makes the next
//! lookup nearby cheap. It never reads files: bytes come from the caller.

use std::cell::Cell;

/// An offset with its name, as in force over some period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalType {
    /// Seconds east of Greenwich.
    pub offset: i32,
    /// Whether this is summer time.
    pub daylight: bool,
    /// What `%Z` shows.
    pub name: Vec<u8>,
}

/// A change of offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    /// The first second of the new offset, in seconds since the epoch.
    pub(crate) at: i64,
    /// The index of the new offset in the zone's list.
    pub(crate) local_type: u16,
}

/// How local times are mapped when they are ambiguous or missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mapping {
    /// As with a table of the reference.
    Table,
    /// As the C library does for `:localtime`.
    Library,
}

/// A time zone.
#[derive(Clone, Debug)]
pub struct Zone {
    transitions: Box<[Transition]>,
    types: Box<[LocalType]>,
    mapping: Mapping,
    last: Cell<usize>,
}

/// Collects the table of a zone.
#[derive(Debug, Default)]
pub(crate) struct ZoneBuilder {
    transitions: Vec<Transition>,
    types: Vec<LocalType>,
}

/// The largest number of distinct offsets; a file has at most 256 and a footer
/// adds two.
const TYPES_MAX: usize = 1 << 12;

impl ZoneBuilder {
    /// The index of an offset, which is added if it is new.
    pub(crate) fn local_type(&mut self, offset: i32, daylight: bool, name: &[u8]) -> u16 {
        let known =
            self.types.iter().position(|t| t.offset == offset && t.daylight == daylight && t.name == name);
        let index = known.unwrap_or_else(|| {
            assert!(self.types.len() < TYPES_MAX, "a zone file has at most 256 offsets");
            self.types.push(LocalType { offset, daylight, name: name.to_vec() });
            self.types.len() - 1
        });
        index as u16
    }

    pub(crate) fn push(&mut self, transition: Transition) {
        self.transitions.push(transition);
    }

    /// The instant of the last change.
    pub(crate) fn last(&self) -> Option<i64> {
        self.transitions.last().map(|transition| transition.at)
    }

    /// The finished zone.
    ///
    /// # Panics
    /// If nothing was pushed.
    pub(crate) fn finish(self) -> Zone {
        assert!(!self.transitions.is_empty(), "a zone has an offset from the beginning of time");
        Zone {
            transitions: self.transitions.into(),
            types: self.types.into(),
            mapping: Mapping::Table,
            last: Cell::new(0),
        }
    }
}

impl Zone {
    /// A zone with one offset.
    pub(crate) fn fixed(offset: i32, name: &[u8]) -> Zone {
        let mut builder = ZoneBuilder::default();
        let local_type = builder.local_type(offset, false, name);
        builder.push(Transition { at: i64::MIN, local_type });
        builder.finish()
    }

    /// The same zone as `:localtime` shows it: offsets instead of names, and the
    /// C library's choice among ambiguous times.
    pub(crate) fn into_c_library(mut self) -> Zone {
        for local_type in &mut self.types {
            local_type.name = offset_name(local_type.offset);
        }
        self.mapping = Mapping::Library;
        self
    }

    /// What is in force at an instant.
    #[inline]
    pub fn at(&self, seconds: i64) -> &LocalType {
        let index = self.index_at(seconds);
        &self.types[usize::from(self.transitions[index].local_type)]
    }

    #[inline]
    fn index_at(&self, seconds: i64) -> usize {
        let last = self.last.get();
        let after = self.transitions.get(last + 1).is_none_or(|next| seconds < next.at);
        if after && self.transitions[last].at <= seconds {
            return last;
        }
        let index = self.search(seconds);
        self.last.set(index);
        index
    }

    fn search(&self, seconds: i64) -> usize {
        self.transitions.partition_point(|transition| transition.at <= seconds).saturating_sub(1)
    }

    /// The instant at which this zone's clocks show `local`, a number of seconds
    /// counted as if the zone were UTC, and the offset used.
    ///
    /// A local time that is skipped is taken as if the clock had not changed; of
    /// a repeated one the first is taken in western and the second in eastern
    /// zones, as in the reference.
    ///
    /// If `near` is an instant in a period of one offset, and the local time falls
    /// into that period, then it is taken there. The reference does so because
    /// it remembers the conversion of the base time.
    pub fn to_utc(&self, local: i64, near: Option<i64>) -> (i64, &LocalType) {
        if let Some(near) = near {
            let index = self.index_at(near);
            let local_type = &self.types[usize::from(self.transitions[index].local_type)];
            let utc = local.saturating_sub(i64::from(local_type.offset));
            if self.search(utc) == index {
                return (utc, local_type);
            }
        }
        let mut tried = [0_i32; 8];
        let mut count = 0;
        let mut local_type = self.at(local);
        while !tried[..count].contains(&local_type.offset) && count < tried.len() {
            tried[count] = local_type.offset;
            count += 1;
            local_type = self.at(local.saturating_sub(i64::from(local_type.offset)));
        }
        let mut utc = local.saturating_sub(i64::from(local_type.offset));
        if self.mapping == Mapping::Library {
            // The library prefers the second of two equal local times.
            let later = self.at(utc.saturating_add(i64::from(local_type.offset.max(0)) + 10_800));
            let second = local.saturating_sub(i64::from(later.offset));
            if second > utc && self.at(second).offset == later.offset {
                utc = second;
                local_type = later;
            }
        }
        (utc, local_type)
    }
}

/// An offset as `%z` shows it: sign, hours, minutes and, if there are any,
/// seconds.
pub fn offset_name(offset: i32) -> Vec<u8> {
    let mut name = Vec::with_capacity(7);
    push_offset(&mut name, offset);
    name
}

/// Appends an offset as `%z` shows it.
pub(crate) fn push_offset(out: &mut Vec<u8>, offset: i32) {
    out.push(if offset < 0 { b'-' } else { b'+' });
    let seconds = offset.unsigned_abs();
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60];
    let count = if parts[2] == 0 { 2 } else { 3 };
    for part in &parts[..count] {
        if *part >= 100 {
            out.push(b'0' + (part / 100 % 10) as u8);
        }
        out.extend_from_slice(&[b'0' + (part / 10 % 10) as u8, b'0' + (part % 10) as u8]);
    }
}
