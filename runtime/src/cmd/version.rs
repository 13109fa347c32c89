//! Versions of packages and requirements on them.
//!
//! A version is numbers with dots between; one `a` (alpha) or `b` (beta) may
//! stand in the place of a dot and counts as a number below zero. What follows
//! a `+` says how it was built and does not count. A requirement is a version
//! (up to the next major one), `MIN-` or `MIN-MAX`.

use std::cmp::Ordering;

use tclring_vm::error;
use tclring_vm::interp::exception::Exception;

/// What `a` counts as.
const ALPHA: i8 = -2;
/// What `b` counts as.
const BETA: i8 = -1;

/// A number of a version: digits without leading zeros, of any length, or one below zero.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Below(i8),
    Digits(Vec<u8>),
}

impl Part {
    fn zero() -> Part {
        Part::Digits(Vec::new())
    }
}

impl Ord for Part {
    fn cmp(&self, other: &Part) -> Ordering {
        match (self, other) {
            (Part::Below(a), Part::Below(b)) => a.cmp(b),
            (Part::Below(_), Part::Digits(_)) => Ordering::Less,
            (Part::Digits(_), Part::Below(_)) => Ordering::Greater,
            (Part::Digits(a), Part::Digits(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
        }
    }
}

impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Part) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A version, read.
#[derive(Clone, Debug)]
pub struct Version {
    parts: Vec<Part>,
    stable: bool,
}

impl Version {
    /// Reads a version.
    ///
    /// # Errors
    /// `expected version number but got "text"`
    pub fn parse(text: &[u8]) -> Result<Version, Exception> {
        Version::read(text).ok_or_else(
            || error!("expected version number but got \"", text, "\""; "TCL", "VALUE", "VERSION"),
        )
    }

    fn read(text: &[u8]) -> Option<Version> {
        let end = memchr::memchr(b'+', text).unwrap_or(text.len());
        let mut version = Version { parts: Vec::new(), stable: true };
        let mut digits: Vec<u8> = Vec::new();
        let mut any_digit = false;
        for &byte in &text[..end] {
            match byte {
                b'0'..=b'9' => {
                    any_digit = true;
                    if byte != b'0' || !digits.is_empty() {
                        digits.push(byte);
                    }
                }
                b'.' | b'a' | b'b' if any_digit => {
                    version.parts.push(Part::Digits(std::mem::take(&mut digits)));
                    any_digit = false;
                    if byte != b'.' {
                        if !version.stable {
                            return None;
                        }
                        version.stable = false;
                        version.parts.push(Part::Below(if byte == b'a' { ALPHA } else { BETA }));
                    }
                }
                _ => return None,
            }
        }
        if !any_digit {
            return None;
        }
        version.parts.push(Part::Digits(digits));
        Some(version)
    }

    /// Whether it is neither an alpha nor a beta version.
    pub fn is_stable(&self) -> bool {
        self.stable
    }

    /// How it compares, and whether the first number makes the difference. Missing numbers are zeros.
    fn compare_major(&self, other: &[Part]) -> (Ordering, bool) {
        let zero = Part::zero();
        for at in 0..self.parts.len().max(other.len()) {
            let ordering = self.parts.get(at).unwrap_or(&zero).cmp(other.get(at).unwrap_or(&zero));
            if ordering != Ordering::Equal {
                return (ordering, at == 0);
            }
        }
        (Ordering::Equal, false)
    }

    /// How it compares with another version.
    pub fn compare(&self, other: &Version) -> Ordering {
        self.compare_major(&other.parts).0
    }

    /// The numbers of its first alpha version.
    fn lowest(&self) -> Vec<Part> {
        let mut parts = self.parts.clone();
        parts.push(Part::Below(ALPHA));
        parts
    }

    /// Whether it satisfies one of the requirements, which are well-formed; without any it does.
    pub fn satisfies(&self, requirements: &[Vec<u8>]) -> bool {
        requirements.is_empty() || requirements.iter().any(|requirement| self.satisfies_one(requirement))
    }

    fn satisfies_one(&self, requirement: &[u8]) -> bool {
        let Some(dash) = memchr::memchr(b'-', requirement) else {
            let Some(least) = Version::read(requirement) else { return false };
            let (ordering, major) = self.compare_major(&least.lowest());
            return ordering == Ordering::Equal || (ordering == Ordering::Greater && !major);
        };
        let Some(least) = Version::read(&requirement[..dash]) else { return false };
        let most = &requirement[dash + 1..];
        if most.is_empty() {
            return self.compare_major(&least.lowest()).0 != Ordering::Less;
        }
        let Some(most) = Version::read(most) else { return false };
        if least.compare(&most) == Ordering::Equal {
            return self.compare(&least) == Ordering::Equal;
        }
        self.compare_major(&least.lowest()).0 != Ordering::Less
            && self.compare_major(&most.lowest()).0 == Ordering::Less
    }
}

/// Checks the form of a requirement.
///
/// # Errors
/// `expected version number but got "…"` or `expected versionMin-versionMax but got "text"`
pub fn check_requirement(text: &[u8]) -> Result<(), Exception> {
    let Some(dash) = memchr::memchr(b'-', text) else {
        return Version::parse(text).map(drop);
    };
    let (least, most) = (&text[..dash], &text[dash + 1..]);
    if memchr::memchr(b'-', most).is_some() {
        return Err(
            error!("expected versionMin-versionMax but got \"", text, "\""; "TCL", "VALUE", "VERSIONRANGE"),
        );
    }
    Version::parse(least)?;
    if !most.is_empty() {
        Version::parse(most)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_order(a: &str, b: &str, expected: Ordering) {
        let (first, second) = (Version::read(a.as_bytes()).unwrap(), Version::read(b.as_bytes()).unwrap());
        assert_eq!(first.compare(&second), expected, "{a} {b}");
        assert_eq!(second.compare(&first), expected.reverse(), "{b} {a}");
    }

    #[test]
    fn order() {
        check_order("1a1", "1", Ordering::Less);
        check_order("1+a", "1", Ordering::Equal);
        check_order("01.1", "1.01", Ordering::Equal);
        check_order("1.2", "1.2.0", Ordering::Equal);
        check_order("1.2", "1.2a1", Ordering::Greater);
        check_order("1.2a3", "1.2b1", Ordering::Less);
        check_order("1.10", "1.9", Ordering::Greater);
        check_order("123456789012345678901234567890", "99", Ordering::Greater);
    }

    #[test]
    fn malformed() {
        for text in ["", "a", "1a2b3", "1.", "1..2", ".1", "1a", "1.a2", "1-2", "v1"] {
            assert!(Version::read(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn requirements() {
        for (version, requirement, expected) in [
            ("1.2", "1.2-1.2", true),
            ("1.2a1", "1.2", true),
            ("1.3a1", "1.2", true),
            ("2.0a1", "1.2", false),
            ("1.2", "1.2-", true),
            ("3", "1.2-", true),
            ("3", "1-3", false),
            ("2.9", "1-3", true),
            ("9.0.4", "8.6", false),
            ("9.0.4", "8.6-", true),
        ] {
            let version = Version::read(version.as_bytes()).unwrap();
            assert_eq!(version.satisfies(&[requirement.into()]), expected, "{version:?} {requirement}");
        }
    }
}
