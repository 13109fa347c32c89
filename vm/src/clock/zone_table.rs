//! Zone tables of an installed Tcl: scripts of one form, which are read and not evaluated.
//!
//! `set TZData(:Area/Place) {{seconds offset daylight name} ...}`, or the name of a table that holds for this zone too:
//! `set TZData(:Area/Place) $TZData(:Area/Other)`.

use super::zone::{Transition, Zone, ZoneBuilder};
use tclring_compiler::Mode;
use tclring_compiler::syntax::list;
use tclring_compiler::syntax::number::{Number, parse_integer};

/// What a table says.
pub(crate) enum Content {
    /// The zone.
    Zone(Zone),
    /// The name of the zone whose table holds.
    Reference(Vec<u8>),
}

/// The most changes that a table has; the longest of the real ones has some hundreds.
const CHANGES_MAX: usize = 1 << 14;
/// The most offsets, with their names, that a table has.
const OFFSETS_MAX: usize = 256;

/// The content of the table of the zone `name`; `None` if it is not of the form.
pub(crate) fn parse(text: &[u8], name: &[u8]) -> Option<Content> {
    let start = [b"set TZData(:", name, b")"].concat();
    let statement = text.split_inclusive(|byte| *byte == b'\n').position(|line| line.starts_with(&start))?;
    let before: usize = text.split_inclusive(|byte| *byte == b'\n').take(statement).map(<[u8]>::len).sum();
    let words = list::split(&text[before..]).ok()?;
    let [_, _, value] = words.as_slice() else { return None };
    if let Some(other) = value.strip_prefix(b"$TZData(:").and_then(|rest| rest.strip_suffix(b")")) {
        return Some(Content::Reference(other.to_vec()));
    }
    let rows = list::split(value).ok().filter(|rows| !rows.is_empty() && rows.len() <= CHANGES_MAX)?;
    let mut builder = ZoneBuilder::default();
    for row in rows {
        let fields = list::split(&row).ok()?;
        let [at, offset, daylight, name] = fields.as_slice() else { return None };
        let offset = i32::try_from(integer(offset)?).ok()?;
        let at = integer(at)?;
        if builder.last().is_some_and(|last| at <= last) {
            return None;
        }
        let local_type = builder.local_type(offset, integer(daylight)? != 0, name);
        if usize::from(local_type) >= OFFSETS_MAX {
            return None;
        }
        builder.push(Transition { at, local_type });
    }
    Some(Content::Zone(builder.finish()))
}

fn integer(word: &[u8]) -> Option<i64> {
    match parse_integer(word, Mode::default()) {
        Some(Number::Int(number)) => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, name: &str, seconds: i64) -> Option<String> {
        match parse(text.as_bytes(), name.as_bytes())? {
            Content::Zone(zone) => {
                let local = zone.at(seconds);
                let name = String::from_utf8_lossy(&local.name);
                Some(format!("{} {} {name}", local.offset, local.daylight))
            }
            Content::Reference(other) => Some(String::from_utf8_lossy(&other).into_owned()),
        }
    }

    #[test]
    fn tables() {
        const TABLE: &str = "# a comment\n\nset TZData(:A/B) {\n    {-9223372036854775808 45184 0 LMT}\n    \
            {-2445424384 -41216 0 LMT}\n    {1601128800 50400 1 +1400}\n}\n";
        assert_eq!(shown(TABLE, "A/B", -3_000_000_000).unwrap(), "45184 false LMT");
        assert_eq!(shown(TABLE, "A/B", 0).unwrap(), "-41216 false LMT");
        assert_eq!(shown(TABLE, "A/B", 1_601_128_800).unwrap(), "50400 true +1400");
        assert_eq!(shown(TABLE, "A/C", 0), None);
        const LINK: &str = "if {![info exists TZData(A/B)]} {\n    LoadTimeZoneFile A/B\n}\n\
            set TZData(:C) $TZData(:A/B)\n";
        assert_eq!(shown(LINK, "C", 0).unwrap(), "A/B");
    }

    #[test]
    fn what_is_no_table() {
        for rest in [
            "",
            " {",
            " {}",
            " a b",
            " {{1 2 3}}",
            " {{x 0 0 A}}",
            " {{0 9999999999 0 A}}",
            " {{5 0 0 A} {5 0 0 B}}",
        ] {
            assert_eq!(shown(&format!("set TZData(:A){rest}"), "A", 0), None, "{rest}");
        }
    }
}
