//! Finding a time zone by its name, and the zones found so far.

use super::error::ClockError;
use super::posix_zone::PosixZone;
use super::tzif::{self, TzifError};
use super::zone::{Zone, ZoneBuilder};
use super::zone_table::{self, Content};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Where the bytes of zone files come from.
pub trait ZoneSource {
    /// The bytes of a zone file by its location name, such as
    /// `America/New_York`. The names `localtime` and `Tcl/Localtime` mean the
    /// machine's own zone.
    fn zone(&self, name: &[u8]) -> Option<Vec<u8>>;

    /// The text of the zone table of that name that an installed Tcl has, which is asked for first.
    fn table(&self, _name: &[u8]) -> Option<Vec<u8>> {
        None
    }

    /// The name of the zone to use when none is given: the variable `TCL_TZ`, or
    /// `TZ`, or else `:Tcl/Localtime`.
    fn system_zone(&self) -> Vec<u8> {
        b":Tcl/Localtime".to_vec()
    }

    /// The variable `TZ`, which the C library's idea of local time follows.
    fn c_library_zone(&self) -> Option<Vec<u8>> {
        None
    }
}

/// A source without any file.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoZones;

impl ZoneSource for NoZones {
    fn zone(&self, _name: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

/// Abbreviations that are known without a file, with hours and minutes east of
/// Greenwich written as one number. Single letters are the military zones.
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("gmt", 0),
    ("ut", 0),
    ("utc", 0),
    ("bst", 100),
    ("wet", 0),
    ("wat", -100),
    ("at", -200),
    ("nft", -330),
    ("nst", -330),
    ("ndt", -230),
    ("ast", -400),
    ("adt", -300),
    ("est", -500),
    ("edt", -400),
    ("cst", -600),
    ("cdt", -500),
    ("mst", -700),
    ("mdt", -600),
    ("pst", -800),
    ("pdt", -700),
    ("yst", -900),
    ("ydt", -800),
    ("akst", -900),
    ("akdt", -800),
    ("hst", -1000),
    ("hdt", -900),
    ("cat", -1000),
    ("ahst", -1000),
    ("nt", -1100),
    ("idlw", -1200),
    ("cet", 100),
    ("cest", 200),
    ("met", 100),
    ("mewt", 100),
    ("mest", 200),
    ("swt", 100),
    ("sst", 200),
    ("fwt", 100),
    ("fst", 200),
    ("eet", 200),
    ("eest", 300),
    ("bt", 300),
    ("it", 330),
    ("zp4", 400),
    ("zp5", 500),
    ("ist", 530),
    ("zp6", 600),
    ("wast", 700),
    ("wadt", 800),
    ("jt", 730),
    ("cct", 800),
    ("jst", 900),
    ("kst", 900),
    ("cast", 930),
    ("jdt", 1000),
    ("kdt", 1000),
    ("cadt", 1030),
    ("east", 1000),
    ("eadt", 1030),
    ("gst", 1000),
    ("nzt", 1200),
    ("nzst", 1200),
    ("nzdt", 1300),
    ("idle", 1200),
    ("a", 100),
    ("b", 200),
    ("c", 300),
    ("d", 400),
    ("e", 500),
    ("f", 600),
    ("g", 700),
    ("h", 800),
    ("i", 900),
    ("k", 1000),
    ("l", 1100),
    ("m", 1200),
    ("n", -100),
    ("o", -200),
    ("p", -300),
    ("q", -400),
    ("r", -500),
    ("s", -600),
    ("t", -700),
    ("u", -800),
    ("v", -900),
    ("w", -1000),
    ("x", -1100),
    ("y", -1200),
    ("z", 0),
];

/// The offset of a known abbreviation in any case, in seconds.
pub(crate) fn abbreviation_offset(name: &[u8]) -> Option<i32> {
    let (_, number) = ABBREVIATIONS.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name))?;
    Some(number / 100 * 3600 + number % 100 * 60)
}

/// How many zones are remembered; beyond that all are dropped, since scripts can
/// name any number of them.
const ZONES_MAX: usize = 256;

/// How many tables may refer to another one in a row.
const REFERENCES_MAX: usize = 8;

/// The zones that were found so far.
#[derive(Debug, Default)]
pub struct Zones {
    found: BTreeMap<Vec<u8>, Rc<Zone>>,
    last: Option<(Vec<u8>, Rc<Zone>)>,
    /// How many were looked for by names that are no offsets.
    looked_for: u64,
}

impl Zones {
    /// No zones.
    pub fn new() -> Zones {
        Zones::default()
    }

    /// Forgets everything, as when `TZ` or the zone files changed.
    pub fn clear(&mut self) {
        self.found.clear();
        self.last = None;
    }

    /// How many zones have been looked for so far, by names that are no offsets: the library finds those.
    pub fn looked_for(&self) -> u64 {
        self.looked_for
    }

    /// The zone that `name` means; an empty name means the system's zone.
    ///
    /// # Errors
    /// `time zone "…" not found` or `not valid`.
    pub fn find(&mut self, name: &[u8], source: &dyn ZoneSource) -> Result<Rc<Zone>, ClockError> {
        if name.is_empty() {
            let system = source.system_zone();
            return self.find_named(&system, source).or_else(|_| self.find_named(LOCAL_TIME, source));
        }
        self.find_named(name, source)
    }

    fn find_named(&mut self, name: &[u8], source: &dyn ZoneSource) -> Result<Rc<Zone>, ClockError> {
        if let Some((last, zone)) = &self.last
            && last == name
        {
            return Ok(zone.clone());
        }
        let zone = match self.found.get(name) {
            Some(zone) => zone.clone(),
            None => {
                let is_offset = name.starts_with(b"+") || name.starts_with(b"-");
                self.looked_for += u64::from(!is_offset && name != b":GMT");
                let zone = Rc::new(make_zone(name, source)?);
                if self.found.len() >= ZONES_MAX {
                    self.found.clear();
                }
                self.found.insert(name.to_vec(), zone.clone());
                zone
            }
        };
        self.last = Some((name.to_vec(), zone.clone()));
        Ok(zone)
    }
}

/// The name of the zone that the C library uses.
const LOCAL_TIME: &[u8] = b":localtime";

fn make_zone(name: &[u8], source: &dyn ZoneSource) -> Result<Zone, ClockError> {
    if name == LOCAL_TIME {
        return Ok(c_library_zone(source).into_c_library());
    }
    if matches!(name.strip_prefix(b":").unwrap_or(name), b"UTC" | b"GMT") {
        return Ok(Zone::fixed(0, name.strip_prefix(b":").unwrap_or(name)));
    }
    if let Some(location) = name.strip_prefix(b":") {
        return load(location, name, source);
    }
    if let Some(offset) = numeric_offset(name) {
        return Ok(Zone::fixed(offset, name));
    }
    if let Some(zone) = posix_zone(name) {
        return Ok(zone);
    }
    load(name, name, source).or_else(|error| match abbreviation_offset(name) {
        Some(offset) => Ok(Zone::fixed(offset, &super::zone::offset_name(offset))),
        None => Err(error),
    })
}

/// The zone that the C library would use: the variable `TZ` if it makes sense,
/// else the machine's zone, else UTC.
fn c_library_zone(source: &dyn ZoneSource) -> Zone {
    let file = |name: &[u8]| source.zone(name).and_then(|bytes| tzif::parse(&bytes).ok());
    let zone = match source.c_library_zone() {
        Some(name) if !name.is_empty() => {
            let location = name.strip_prefix(b":").unwrap_or(&name);
            file(location).or_else(|| posix_zone(&name))
        }
        Some(_) => None,
        None => file(b"localtime"),
    };
    zone.unwrap_or_else(|| Zone::fixed(0, b"UTC"))
}

fn posix_zone(name: &[u8]) -> Option<Zone> {
    let rules = PosixZone::parse(name, false)?;
    let mut builder = ZoneBuilder::default();
    rules.expand(&mut builder, None);
    Some(builder.finish())
}

/// A name that starts with a sign and two digits, then optionally minutes and
/// seconds of two digits with or without colons. What follows is ignored.
pub(crate) fn numeric_offset(name: &[u8]) -> Option<i32> {
    let (sign, mut rest) = match name {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let mut seconds = 0;
    for (i, unit) in [3600, 60, 1].into_iter().enumerate() {
        let digits = if i == 0 { rest } else { rest.strip_prefix(b":").unwrap_or(rest) };
        match digits {
            [a, b, after @ ..] if a.is_ascii_digit() && b.is_ascii_digit() => {
                seconds += unit * (i32::from(a - b'0') * 10 + i32::from(b - b'0'));
                rest = after;
            }
            _ if i == 0 => return None,
            _ => break,
        }
    }
    Some(sign * seconds)
}

fn load(location: &[u8], name: &[u8], source: &dyn ZoneSource) -> Result<Zone, ClockError> {
    let separator = |&byte: &u8| byte == b'/' || byte == b'\\';
    let letters = location.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let outside = location.first().is_some_and(separator)
        || (letters > 0 && location.get(letters) == Some(&b':'))
        || location.split(separator).any(|part| part.starts_with(b".."));
    if outside {
        return Err(no_zone(&[b":", location].concat(), &[b"not valid"]));
    }
    if let Some(zone) = table(location, source) {
        return Ok(zone);
    }
    let Some(bytes) = source.zone(location).filter(|_| !location.is_empty()) else {
        return Err(no_zone(&[b":", location].concat(), &[b"not found"]));
    };
    tzif::parse(&bytes).map_err(|error| {
        let reason: &[u8] = match error {
            TzifError::NotAZone => b" not a time zone information file",
            TzifError::LeapSeconds => b" contains leap seconds",
        };
        no_zone(name, &[b"not found: ", location, reason])
    })
}

/// The zone in an installed Tcl's table, or in the one that the table refers to.
fn table(location: &[u8], source: &dyn ZoneSource) -> Option<Zone> {
    let mut content = zone_table::parse(&source.table(location)?, location)?;
    for _ in 0..REFERENCES_MAX {
        match content {
            Content::Zone(zone) => return Some(zone),
            Content::Reference(other) => content = zone_table::parse(&source.table(&other)?, &other)?,
        }
    }
    None
}

fn no_zone(name: &[u8], reason: &[&[u8]]) -> ClockError {
    let message = [&[b"time zone \"", name, b"\" "], reason].concat().concat();
    ClockError::new(message, &[b"CLOCK", b"badTimeZone", name])
}
