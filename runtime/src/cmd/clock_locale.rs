//! The texts of locales for `clock`, from what the script library found in message catalogues.

use std::collections::BTreeMap;
use std::rc::Rc;

use tclring_vm::clock::{CompiledFormat, CompiledScan, Entry, EntryKind, Era, KEYS, Locale};
use tclring_vm::exec::listops::dict_of;
use tclring_vm::value::Value;

/// How many formats are remembered for a locale.
const FORMATS_MAX: usize = 64;

/// A locale with the formats that were compiled for it.
pub struct Texts {
    /// The texts.
    pub locale: Rc<Locale>,
    /// Whether a format has been read with it.
    pub is_used: bool,
    formats: BTreeMap<Vec<u8>, Rc<CompiledFormat>>,
    scans: BTreeMap<Vec<u8>, Rc<CompiledScan>>,
}

impl Texts {
    /// A locale that nothing has been compiled for.
    pub fn new(locale: Rc<Locale>) -> Texts {
        Texts { locale, is_used: false, formats: BTreeMap::new(), scans: BTreeMap::new() }
    }

    /// A format, compiled.
    pub fn format(&mut self, text: &[u8]) -> Rc<CompiledFormat> {
        remembered(&mut self.formats, text, |text| CompiledFormat::new(text, &self.locale))
    }

    /// A format for scanning, compiled.
    pub fn scan(&mut self, text: &[u8]) -> Rc<CompiledScan> {
        remembered(&mut self.scans, text, |text| CompiledScan::new(text, &self.locale))
    }
}

fn remembered<T>(known: &mut BTreeMap<Vec<u8>, Rc<T>>, text: &[u8], make: impl FnOnce(&[u8]) -> T) -> Rc<T> {
    if let Some(made) = known.get(text) {
        return Rc::clone(made);
    }
    if known.len() >= FORMATS_MAX {
        known.clear();
    }
    let made = Rc::new(make(text));
    known.insert(text.to_vec(), Rc::clone(&made));
    made
}

/// The locale that a dictionary of texts makes of the root locale. Texts that are not what they should be change
/// nothing.
pub fn locale_of(texts: &Value) -> Locale {
    let mut locale = Locale::default();
    let Ok(dict) = dict_of(texts) else { return locale };
    for (key, text) in dict.map().iter() {
        let kind = KEYS.iter().find(|(known, _)| known.as_bytes() == &*key.text()).map(|(_, kind)| *kind);
        let entry = match kind {
            Some(EntryKind::Text) => Some(Entry::Text(text.to_text())),
            Some(EntryKind::Words) => words_of(text).map(Entry::Words),
            Some(EntryKind::Eras) => eras_of(text).map(Entry::Eras),
            None => None,
        };
        if let Some(entry) = entry {
            locale.set(&key.text(), entry);
        }
    }
    locale
}

fn words_of(list: &Value) -> Option<Vec<Vec<u8>>> {
    Some(list.to_list().ok()?.items().iter().map(Value::to_text).collect())
}

fn eras_of(list: &Value) -> Option<Vec<Era>> {
    let mut eras = Vec::new();
    for era in list.to_list().ok()?.items() {
        let parts = era.to_list().ok()?;
        let [start, name, year_offset] = parts.items() else { return None };
        let integer = |value: &Value| value.to_i64(tclring_compiler::Mode::Tcl90);
        eras.push(Era { start: integer(start)?, name: name.to_text(), year_offset: integer(year_offset)? });
    }
    Some(eras)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_make_a_locale() {
        let check = |texts: &str, format: &str, expected: &str| {
            let locale = locale_of(&Value::from(texts));
            let zone = tclring_vm::clock::Zones::new()
                .find(b":UTC", &tclring_vm::clock::NoZones)
                .expect("it is built in");
            let formatted = CompiledFormat::new(format.as_bytes(), &locale).format(100_000, &zone, &locale);
            assert_eq!(String::from_utf8_lossy(&formatted), expected, "{texts}");
        };
        check(
            "DATE_FORMAT %d.%m.%Y DAYS_OF_WEEK_FULL {So Mo Di Mi Do Freitag Sa}",
            "%A %x",
            "Freitag 02.01.1970",
        );
        check("MONTHS_FULL {Januar Februar}", "%B", "Januar");
        check("LOCALE_ERAS {{-5364662400 xix 1800} {-2208988800 xx 1900}}", "%EC", "xx");
        // What is not as it should be is passed over.
        for texts in ["LOCALE_ERAS {{x}}", "DATE_FORMAT", "{", "MONTHS_FULL \\{", "NOTHING known"] {
            check(texts, "%B %x", "January 01/02/1970");
        }
    }
}
