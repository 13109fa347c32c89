//! Lists as text: splitting into elements and canonical quoting.

use super::backslash::push_backslash;
use super::number::is_blank;
use super::text::char_width;
use std::borrow::Cow;

/// What is wrong with a text that is to be a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListError {
    /// The message, as the reference words it.
    pub message: Vec<u8>,
    /// The errorCode list.
    pub error_code: &'static [&'static str],
}

/// An element of a list's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    /// The element; borrowed if it stands byte for byte in the list's text.
    pub text: Cow<'a, [u8]>,
    /// The offset of the first byte inside braces or quotes.
    pub start: usize,
}

/// Iterates over the elements of a list's text; ends after the first error.
pub fn elements(text: &[u8]) -> Elements<'_> {
    Elements { text, at: 0 }
}

/// The elements of a list's text, or the first thing that is wrong with it.
pub fn split(text: &[u8]) -> Result<Vec<Cow<'_, [u8]>>, ListError> {
    let mut found = Vec::new();
    for element in elements(text) {
        found.push(element?.text);
    }
    Ok(found)
}

/// Iterator over the elements of a list's text; see [`elements`].
#[derive(Clone, Debug)]
pub struct Elements<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Elements<'a> {
    /// The offset behind the element that came last.
    pub fn offset(&self) -> usize {
        self.at
    }

    fn braced(&mut self) -> Result<Element<'a>, ListError> {
        let start = self.at + 1;
        let mut at = start;
        let mut nesting = 1usize;
        loop {
            let Some(step) = memchr::memchr3(b'{', b'}', b'\\', &self.text[at..]) else {
                return Err(error(
                    b"unmatched open brace in list".to_vec(),
                    &["TCL", "VALUE", "LIST", "BRACE"],
                ));
            };
            at += step + 1;
            match self.text[at - 1] {
                b'{' => nesting += 1,
                b'}' => nesting -= 1,
                _ => at = (at + 1).min(self.text.len()),
            }
            if nesting == 0 {
                break;
            }
        }
        self.expect_end(at, "braces")?;
        self.at = at;
        Ok(Element { text: Cow::Borrowed(&self.text[start..at - 1]), start })
    }

    fn quoted(&mut self) -> Result<Element<'a>, ListError> {
        let start = self.at + 1;
        let (text, end) = self.substituted(start, |byte| byte == b'"');
        if end == self.text.len() {
            return Err(error(b"unmatched open quote in list".to_vec(), &["TCL", "VALUE", "LIST", "QUOTE"]));
        }
        self.expect_end(end + 1, "quotes")?;
        self.at = end + 1;
        Ok(Element { text, start })
    }

    /// The text from `start` up to a byte that `ends` names, with backslash
    /// sequences substituted, and the offset of that byte.
    fn substituted(&self, start: usize, ends: impl Fn(u8) -> bool) -> (Cow<'a, [u8]>, usize) {
        let mut owned = Vec::new();
        let mut copied = start;
        let mut at = start;
        while let Some(&byte) = self.text.get(at) {
            if ends(byte) {
                break;
            }
            if byte == b'\\' {
                owned.extend_from_slice(&self.text[copied..at]);
                at += push_backslash(self.text, at, &mut owned);
                copied = at;
            } else {
                at += 1;
            }
        }
        if copied == start {
            return (Cow::Borrowed(&self.text[start..at]), at);
        }
        owned.extend_from_slice(&self.text[copied..at]);
        (Cow::Owned(owned), at)
    }

    /// A closing brace or quote must end the element.
    fn expect_end(&self, at: usize, delimiters: &str) -> Result<(), ListError> {
        let rest = &self.text[at..];
        if rest.first().is_none_or(|byte| is_blank(*byte)) {
            return Ok(());
        }
        let junk = rest.iter().take(JUNK_SHOWN_MAX).take_while(|byte| !is_blank(**byte)).count();
        let mut message = format!("list element in {delimiters} followed by \"").into_bytes();
        message.extend_from_slice(whole_characters(&rest[..junk]));
        message.extend_from_slice(b"\" instead of space");
        Err(error(message, &["TCL", "VALUE", "LIST", "JUNK"]))
    }
}

/// How many bytes of what follows a brace or quote an error message shows.
const JUNK_SHOWN_MAX: usize = 20;

/// `text` without a last character that is cut off.
pub(crate) fn whole_characters(text: &[u8]) -> &[u8] {
    if text.is_empty() {
        return text;
    }
    let last = super::text::previous(text, text.len());
    if last + char_width(text[last]) > text.len() { &text[..last] } else { text }
}

fn error(message: Vec<u8>, error_code: &'static [&'static str]) -> ListError {
    ListError { message, error_code }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Element<'a>, ListError>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.text.get(self.at).is_some_and(|byte| is_blank(*byte)) {
            self.at += 1;
        }
        let found = match self.text.get(self.at)? {
            b'{' => self.braced(),
            b'"' => self.quoted(),
            _ => {
                let start = self.at;
                let (text, end) = self.substituted(start, is_blank);
                self.at = end;
                Ok(Element { text, start })
            }
        };
        if found.is_err() {
            self.at = self.text.len();
        }
        Some(found)
    }
}

/// How an element is written in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quoting {
    /// As it is.
    Bare,
    /// In braces.
    Braces,
    /// With a backslash before every special character.
    Backslashes,
    /// The same, but braces stay bare.
    BackslashesButBraces,
}

/// Bytes that need quoting in a list element.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let special = b"{}[]\"$;\\ \t\n\x0B\x0C\r";
    let mut i = 0;
    while i < special.len() {
        table[special[i] as usize] = true;
        i += 1;
    }
    table
};

/// Chooses how `element` is quoted, a leading `#` left aside.
fn quoting(element: &[u8]) -> Quoting {
    let Some(&first) = element.first() else { return Quoting::Braces };
    let Some(start) = element.iter().position(|byte| SPECIAL[*byte as usize]) else { return Quoting::Bare };
    let mut needs_quoting = matches!(first, b'{' | b'"');
    let mut prefers_braces = needs_quoting;
    let mut needs_backslashes = false;
    let mut nesting = 0i64;
    let mut at = start;
    while let Some(&byte) = element.get(at) {
        at += 1;
        match byte {
            b'{' => nesting += 1,
            b'}' => {
                nesting -= 1;
                needs_backslashes |= nesting < 0;
            }
            b']' | b'"' => needs_quoting = true,
            b'\\' => match element.get(at) {
                None => needs_backslashes = true,
                Some(b'\n') => {
                    needs_backslashes = true;
                    at += 1;
                }
                Some(next) => {
                    at += usize::from(matches!(next, b'{' | b'}' | b'\\'));
                    needs_quoting = true;
                    prefers_braces = true;
                }
            },
            _ if SPECIAL[byte as usize] => {
                needs_quoting = true;
                prefers_braces = true;
            }
            _ => {}
        }
    }
    if needs_backslashes || nesting != 0 {
        Quoting::Backslashes
    } else if !needs_quoting {
        Quoting::Bare
    } else if prefers_braces {
        Quoting::Braces
    } else {
        Quoting::BackslashesButBraces
    }
}

/// Appends `element` to the list text `out`, quoted as Tcl quotes it: with a
/// separating blank unless it is the first element. Only a first element has
/// its leading `#` protected, as a list is also a command.
pub fn append_element(out: &mut Vec<u8>, element: &[u8], is_first: bool) {
    if !is_first {
        out.push(b' ');
    }
    let hash = is_first && element.first() == Some(&b'#');
    match quoting(element) {
        Quoting::Bare if !hash => out.extend_from_slice(element),
        Quoting::Bare | Quoting::Braces => push_braced(out, element),
        Quoting::BackslashesButBraces if hash => push_braced(out, element),
        Quoting::BackslashesButBraces => push_escaped(out, element, false),
        Quoting::Backslashes => {
            if hash {
                out.push(b'\\');
            }
            push_escaped(out, element, true);
        }
    }
}

fn push_braced(out: &mut Vec<u8>, element: &[u8]) {
    out.push(b'{');
    out.extend_from_slice(element);
    out.push(b'}');
}

fn push_escaped(out: &mut Vec<u8>, element: &[u8], braces: bool) {
    for &byte in element {
        let letter = match byte {
            b'{' | b'}' if !braces => {
                out.push(byte);
                continue;
            }
            b'\t' => b't',
            b'\n' => b'n',
            0x0B => b'v',
            0x0C => b'f',
            b'\r' => b'r',
            _ if SPECIAL[byte as usize] => byte,
            _ => {
                out.push(byte);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', letter]);
    }
}

/// The canonical text of a list of `elements`.
pub fn join<T: AsRef<[u8]>>(elements: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, element) in elements.into_iter().enumerate() {
        append_element(&mut out, element.as_ref(), number == 0);
    }
    out
}

/// Whether `text` is a list written as [`join`] writes it.
pub fn is_canonical(text: &[u8]) -> bool {
    let mut out = Vec::new();
    let mut list = elements(text);
    let mut is_first = true;
    let mut start = 0;
    while let Some(element) = list.next() {
        let Ok(element) = element else { return false };
        out.clear();
        append_element(&mut out, &element.text, is_first);
        if text.get(start..list.offset()) != Some(&out[..]) {
            return false;
        }
        start = list.offset();
        is_first = false;
    }
    start == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_split(text: &str, expected: Result<&[&str], &str>) {
        let found = split(text.as_bytes());
        let found =
            found.as_ref().map(|list| list.iter().map(|e| String::from_utf8_lossy(e)).collect::<Vec<_>>());
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text:?}"),
            (Err(found), Err(expected)) => {
                assert_eq!(String::from_utf8_lossy(&found.message), expected, "{text:?}")
            }
            (found, expected) => panic!("{text:?}: {found:?}, expected {expected:?}"),
        }
    }

    #[test]
    fn splitting() {
        let long = format!("{{a}}{}", "é".repeat(30));
        for (text, expected) in [
            ("a b", Ok(&["a", "b"][..])),
            (" \ta\n b\x0B", Ok(&["a", "b"])),
            ("{a b} \"c d\" {}", Ok(&["a b", "c d", ""])),
            ("a\\ b {a\\ b} \"a\\tb\"", Ok(&["a b", "a\\ b", "a\tb"])),
            ("a{b c\"d", Ok(&["a{b", "c\"d"])),
            ("{a\\\nb} a\\\n  b", Ok(&["a\\\nb", "a b"])),
            ("a\\", Ok(&["a\\"])),
            ("a b\u{a0}c", Ok(&["a", "b\u{a0}c"])),
            ("a {b", Err("unmatched open brace in list")),
            ("{a\\}", Err("unmatched open brace in list")),
            ("a \"b\\\"", Err("unmatched open quote in list")),
            ("{a}b c", Err("list element in braces followed by \"b\" instead of space")),
            ("\"a\"b c", Err("list element in quotes followed by \"b\" instead of space")),
            ("{a}\\\nb", Err("list element in braces followed by \"\\\" instead of space")),
            (&long, Err("list element in braces followed by \"éééééééééé\" instead of space")),
        ] {
            check_split(text, expected);
        }
    }

    #[test]
    fn quoting_round_trips() {
        let alphabet = b"ab{}[]\"$;\\ \t\n#";
        let mut state = 1u64;
        for _ in 0..20_000 {
            let list: Vec<Vec<u8>> = (0..random(&mut state) % 4)
                .map(|_| {
                    (0..random(&mut state) % 6)
                        .map(|_| alphabet[random(&mut state) % alphabet.len()])
                        .collect()
                })
                .collect();
            let text = join(&list);
            assert_eq!(split(&text).expect("a quoted list is a list"), list);
            assert!(is_canonical(&text), "{:?}", String::from_utf8_lossy(&text));
        }
    }

    fn random(state: &mut u64) -> usize {
        *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (*state >> 33) as usize
    }

    #[test]
    fn quoting_is_as_in_the_reference() {
        for (element, expected) in [
            ("", "{}"),
            ("a", "a"),
            ("#", "{#}"),
            ("#a b", "{#a b}"),
            ("a{b}c", "a{b}c"),
            ("{", "\\{"),
            ("a]b", "a\\]b"),
            ("a\"b", "a\\\"b"),
            ("\"a", "{\"a}"),
            ("#]", "{#]}"),
            ("#\\", "\\#\\\\"),
            ("a\\", "a\\\\"),
            ("a b", "{a b}"),
            ("a\\\nb", "a\\\\\\nb"),
            ("{a}", "{{a}}"),
            ("a{]}", "a{\\]}"),
        ] {
            assert_eq!(String::from_utf8_lossy(&join([element])), expected, "{element:?}");
        }
        assert_eq!(join(["a", "#b"]), b"a #b");
    }
}
