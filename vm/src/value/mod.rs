//! Values: 16 bytes, a tag and a payload; the string of a value is its truth.
//!
//! `0x10` and `a  b` stay as written: such a value is a text with one side slot
//! that caches what it was last read as. Pure numbers, lists and dicts make
//! their text on demand. A value belongs to one thread.

pub mod bytes;
pub mod dict;
pub mod forget;
pub mod list;
pub mod number;
pub mod place;
pub(crate) mod refusal;
pub mod rep;
pub mod series;
pub mod table_order;
pub mod text;

use std::borrow::Cow;
use std::ops::Deref;
use std::rc::Rc;

use tclring_compiler::syntax::list as list_syntax;
use tclring_compiler::syntax::list::ListError;
use tclring_compiler::syntax::number::{canonical_int, format_double};
use tclring_compiler::syntax::text::{char_count, char_width};

pub use bytes::BytesObj;
pub use dict::{Dict, DictObj, OrderedMap};
pub use list::ListObj;
pub use number::Num;
pub use place::Place;
pub use rep::{Tag, Value, View};
pub use series::{SeriesObj, Terms};
pub use text::{Side, StrObj};

/// The text of a value: borrowed from it, or made on the spot for numbers.
pub enum TextRef<'a> {
    /// Borrowed.
    Borrowed(&'a [u8]),
    /// The text of a number: its length and its bytes.
    Small(u8, [u8; 31]),
}

impl Deref for TextRef<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            TextRef::Borrowed(text) => text,
            TextRef::Small(length, bytes) => &bytes[..usize::from(*length)],
        }
    }
}

impl AsRef<[u8]> for TextRef<'_> {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl TextRef<'_> {
    fn small(text: &[u8]) -> TextRef<'static> {
        let mut bytes = [0; 31];
        bytes[..text.len()].copy_from_slice(text);
        TextRef::Small(text.len() as u8, bytes)
    }
}

/// Writes the decimal digits of `n` to the end of `buffer` and answers where they start.
fn int_digits(n: i64, buffer: &mut [u8; 31]) -> usize {
    let mut at = buffer.len();
    let mut left = n.unsigned_abs();
    loop {
        at -= 1;
        buffer[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if n < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    at
}

impl Value {
    /// The value with the text `text`.
    #[inline]
    pub fn text_value(text: Vec<u8>) -> Value {
        if text.len() > refusal::TEXT_BYTES_MAX {
            refusal::note();
            return Value::EMPTY;
        }
        Value::inline(&text).unwrap_or_else(|| Value::from_str_obj(Rc::new(StrObj::new(text))))
    }

    /// The value with the text `text`.
    #[inline]
    pub fn new(text: impl AsRef<[u8]>) -> Value {
        Value::text_of(text.as_ref())
    }

    /// The value with the text `text`.
    #[inline]
    pub fn text_of(text: &[u8]) -> Value {
        Value::inline(text).unwrap_or_else(|| Value::from_str_obj(Rc::new(StrObj::new(text.to_vec()))))
    }

    /// The value with the text `text`, which is ASCII.
    #[inline]
    pub fn ascii(text: &[u8]) -> Value {
        Value::inline(text).unwrap_or_else(|| Value::from_str_obj(Rc::new(StrObj::ascii(text.to_vec()))))
    }

    /// A text on the heap whatever its length, so that what it is read as can be cached.
    pub fn cacheable(text: Vec<u8>) -> Value {
        Value::from_str_obj(Rc::new(StrObj::new(text)))
    }

    /// The list of `items`.
    pub fn list(items: Vec<Value>) -> Value {
        Value::from_list_obj(Rc::new(ListObj::new(items)))
    }

    /// The dictionary `map`.
    pub fn dict(map: Dict) -> Value {
        Value::from_dict_obj(Rc::new(DictObj::new(map)))
    }

    /// The byte array `bytes`.
    pub fn bytes(bytes: Vec<u8>) -> Value {
        Value::from_bytes_obj(Rc::new(BytesObj::new(bytes)))
    }

    /// 1 or 0.
    #[inline]
    pub fn bool(truth: bool) -> Value {
        Value::int(i64::from(truth))
    }

    /// The text of the value.
    ///
    /// # Panics
    /// For what only registers hold (unset, link, array): a bug.
    pub fn text(&self) -> TextRef<'_> {
        match self.view() {
            View::Text(text) => TextRef::Borrowed(text),
            View::Str(object) => TextRef::Borrowed(object.text()),
            View::Int(n) => {
                let mut buffer = [0; 31];
                let at = int_digits(n, &mut buffer);
                TextRef::small(&buffer[at..])
            }
            View::Double(d) => {
                let mut out = Vec::with_capacity(32);
                format_double(d, &mut out);
                TextRef::small(&out)
            }
            View::Bytes(object) => TextRef::Borrowed(object.text()),
            View::List(object) => TextRef::Borrowed(object.text()),
            View::Dict(object) => TextRef::Borrowed(object.text()),
            View::Big(object) => TextRef::Borrowed(object.text()),
            View::Series(object) => TextRef::Borrowed(object.text()),
            View::Unset | View::Link(_) | View::Array(_) => unreachable!("only registers hold this"),
        }
    }

    /// The text as an owned vector.
    pub fn to_text(&self) -> Vec<u8> {
        self.text().to_vec()
    }

    /// The text for messages to people: malformed parts replaced.
    pub fn to_display(&self) -> String {
        String::from_utf8_lossy(&self.text()).into_owned()
    }

    /// The number of characters.
    pub fn char_count(&self) -> usize {
        match self.view() {
            View::Str(object) => object.char_count(),
            View::Bytes(object) => object.bytes().len(),
            _ => char_count(&self.text()),
        }
    }

    /// Whether the text is empty, without making it.
    pub fn is_empty(&self) -> bool {
        match self.view() {
            View::Text(text) => text.is_empty(),
            View::Str(object) => object.text().is_empty(),
            View::Bytes(object) => object.bytes().is_empty(),
            View::List(object) => object.items().is_empty(),
            View::Dict(object) => object.map().is_empty(),
            View::Series(object) => object.is_empty(),
            _ => false,
        }
    }

    /// The byte offset of character number `at` of the text, its length if there are fewer.
    pub fn char_offset(&self, at: usize) -> usize {
        if let View::Str(object) = self.view() {
            return object.offset_of(at);
        }
        let text = self.text();
        let mut offset = 0;
        for _ in 0..at {
            if offset >= text.len() {
                break;
            }
            offset += char_width(text[offset]);
        }
        offset.min(text.len())
    }

    /// The text on the heap, to append to in place, if the value is its only owner.
    pub fn as_appendable(&mut self) -> Option<&mut StrObj> {
        self.str_mut()
    }

    /// The value as a list, read and remembered if need be.
    pub fn to_list(&self) -> Result<Rc<ListObj>, ListError> {
        match self.view() {
            View::List(_) => Ok(self.list_rc().expect("the view said list")),
            View::Dict(object) => {
                let mut items = Vec::with_capacity(object.map().len() * 2);
                for (key, value) in object.map().iter() {
                    items.push(key.clone());
                    items.push(value.clone());
                }
                Ok(Rc::new(ListObj::new(items)))
            }
            View::Str(object) => {
                if let Side::Value(side) = &*object.side() {
                    match side.view() {
                        View::List(_) => return Ok(side.list_rc().expect("the view said list")),
                        View::Dict(_) if list_syntax::is_canonical(object.text()) => {}
                        _ => {}
                    }
                }
                let list = Rc::new(ListObj::new(split_list(object.text())?));
                object.set_side(Side::Value(Value::from_list_obj(Rc::clone(&list))));
                Ok(list)
            }
            View::Int(_) | View::Double(_) | View::Big(_) => Ok(Rc::new(ListObj::new(vec![self.clone()]))),
            View::Text(text) => Ok(Rc::new(ListObj::new(split_list(text)?))),
            View::Series(object) => Ok(Rc::new(ListObj::new(made_series(object)?))),
            View::Bytes(_) => Ok(Rc::new(ListObj::new(split_list(&self.text())?))),
            View::Unset | View::Link(_) | View::Array(_) => unreachable!("only registers hold this"),
        }
    }

    /// The value as a dictionary, read and remembered if need be. `None` when the list has an odd length.
    pub fn to_dict(&self) -> Result<Option<Rc<DictObj>>, ListError> {
        match self.view() {
            View::Dict(_) => return Ok(self.dict_rc()),
            View::Str(object) => {
                if let Side::Value(side) = &*object.side()
                    && let Some(dict) = side.dict_rc()
                {
                    return Ok(Some(dict));
                }
            }
            _ => {}
        }
        let list = self.to_list()?;
        if list.items().len() % 2 != 0 {
            return Ok(None);
        }
        let mut map = Dict::default();
        for pair in list.items().chunks_exact(2) {
            map.insert(&pair[0], pair[1].clone());
        }
        let dict = Rc::new(DictObj::new(map));
        if let View::Str(object) = self.view() {
            object.set_side(Side::Value(Value::from_dict_obj(Rc::clone(&dict))));
        }
        Ok(Some(dict))
    }

    /// The value as bytes, or the first character that is none: its number and code point.
    pub fn to_bytes(&self) -> Result<Cow<'_, [u8]>, (usize, u32)> {
        match self.view() {
            View::Bytes(object) => Ok(Cow::Borrowed(object.bytes())),
            View::Text(text) if text.is_ascii() => Ok(Cow::Borrowed(text)),
            View::Str(object) if object.is_ascii() => Ok(Cow::Borrowed(object.text())),
            _ => bytes::bytes_of_text(&self.text()).map(Cow::Owned),
        }
    }
}

/// The elements of a series.
fn made_series(series: &SeriesObj) -> Result<Vec<Value>, ListError> {
    if series.len() > series::ELEMENTS_MADE_MAX {
        let message =
            format!("list creation failed: unable to alloc {} bytes", series.len() as u128 * 8 + 40);
        return Err(ListError { message: message.into_bytes(), error_code: &["TCL", "MEMORY"] });
    }
    Ok(series.iter().collect())
}

/// The elements of the list `text`. Canonical integers become integers, and what may be a list caches what it is read as.
fn split_list(text: &[u8]) -> Result<Vec<Value>, ListError> {
    let mut items = Vec::new();
    for element in list_syntax::elements(text) {
        let text = element?.text;
        items.push(match canonical_int(&text) {
            Some(n) => Value::int(n),
            None if text.contains(&b' ') => Value::cacheable(text.into_owned()),
            None => Value::text_of(&text),
        });
    }
    Ok(items)
}

/// The number of the first of `items` whose text is that of `value`.
pub fn position_of(items: &[Value], value: &Value) -> Option<usize> {
    let value = dict::normal_key(value);
    let needs_text = |item: &Value| !matches!(item.tag(), Tag::Int | Tag::Text);
    match value.tag() {
        // A short text that is no integer as it would be written is equal to no other short text, and to no integer.
        Tag::Text if !value.is_empty() => {
            items.iter().position(|item| item.is_identical(&value) || needs_text(item) && *item == value)
        }
        // A long text is looked for without making values of the elements one by one.
        Tag::Str => {
            let text = value.text();
            items.iter().position(|item| match item.view() {
                View::Str(other) => other.text() == &*text,
                View::Text(_) | View::Int(_) => false,
                _ => *item == value,
            })
        }
        _ => items.iter().position(|item| *item == value),
    }
}

impl PartialEq for Value {
    /// Whether the texts are equal.
    fn eq(&self, other: &Value) -> bool {
        if self.is_identical(other) {
            return true;
        }
        match (self.view(), other.view()) {
            (View::Int(a), View::Int(b)) => a == b,
            (View::Bytes(a), View::Bytes(b)) => a.bytes() == b.bytes(),
            // A comparison with the empty text makes no text.
            (View::Text([]), _) => other.is_empty(),
            (_, View::Text([])) => self.is_empty(),
            (View::Text(a), View::Text(b)) => a == b,
            (View::Str(a), View::Str(b)) => a.text() == b.text(),
            (View::Int(n), View::Text(text)) | (View::Text(text), View::Int(n)) => {
                canonical_int(text) == Some(n)
            }
            _ => *self.text() == *other.text(),
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.tag() {
            Tag::Unset | Tag::Link | Tag::Array => write!(f, "<{:?}>", self.tag()),
            _ => write!(f, "{:?}", self.to_display()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::text_of(text.as_bytes())
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::int(n)
    }
}

impl From<Vec<u8>> for Value {
    fn from(text: Vec<u8>) -> Value {
        Value::text_value(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::text_value(text.into_bytes())
    }
}
