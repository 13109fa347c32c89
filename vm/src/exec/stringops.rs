//! What the operations on strings compute.

use std::cmp::Ordering;

use tclring_compiler::Mode;
use tclring_compiler::syntax::index::{bad_index, parse_index};
use tclring_compiler::syntax::text::char_width;

use super::frame::Window;
use crate::interp::exception::{Exception, Raised};
use crate::value::{Value, View, refusal};

/// Whether two values have the same text.
#[inline]
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    a == b
}

/// The order of two values' texts by code points.
#[inline]
pub(super) fn order(a: &Value, b: &Value) -> Ordering {
    crate::arith::compare::string_compare(a, b)
}

/// The text with which only empty ones are joined. Its value stays what it is, as in the reference: a list may be
/// changed in place then (`[lreplace $list[set list {}] ...]`).
fn the_only_one(w: Window, first: u16, count: u16) -> Option<u16> {
    let mut others = (first..first + count).filter(|at| !w.get(*at).is_identical(&Value::EMPTY));
    let only = others.next()?;
    others.next().is_none().then_some(only)
}

/// The texts of `count` temporaries from `first` on, joined. The first one's buffer is used again if it can be. None,
/// and all as it was, if one of them or the whole is too long.
pub(super) fn concat(w: Window, first: u16, count: u16) -> Option<Value> {
    if let Some(only) = the_only_one(w, first, count) {
        return Some(w.get_mut(only).take());
    }
    let mut length = 0;
    for i in 0..count {
        length += w.get(first + i).text().len();
    }
    if refusal::take() || length > refusal::TEXT_BYTES_MAX {
        return None;
    }
    let mut start = w.get_mut(first).take();
    if let Some(object) = start.as_appendable() {
        for i in 1..count {
            object.append(&w.get(first + i).text());
        }
        return Some(start);
    }
    if length <= crate::value::rep::INLINE_MAX {
        let mut buffer = [0u8; crate::value::rep::INLINE_MAX];
        let mut at = 0;
        let mut put = |text: &[u8]| {
            buffer[at..at + text.len()].copy_from_slice(text);
            at += text.len();
        };
        put(&start.text());
        for i in 1..count {
            put(&w.get(first + i).text());
        }
        return Some(Value::text_of(&buffer[..at]));
    }
    let mut out = Vec::with_capacity(length);
    out.extend_from_slice(&start.text());
    for i in 1..count {
        out.extend_from_slice(&w.get(first + i).text());
    }
    Some(Value::text_value(out))
}

/// The position that the index `value` means among `length` elements.
pub(crate) fn resolve_index(value: &Value, length: usize, mode: Mode) -> Result<i64, Exception> {
    if let Some(n) = value.as_int() {
        return Ok(n);
    }
    let text = value.text();
    match parse_index(&text, mode) {
        Some(index) => Ok(index.resolve(length)),
        None => Err(Raised::error(bad_index(&text)).with_code(&["TCL", "VALUE", "INDEX"])),
    }
}

/// The same for the short ways: nothing if `value` is no index.
pub(super) fn plain_index(value: &Value, length: usize, mode: Mode) -> Option<i64> {
    match value.as_int() {
        Some(n) => Some(n),
        None => parse_index(&value.text(), mode).map(|index| index.resolve(length)),
    }
}

/// The character number `index` of `value`, or the empty string.
pub(crate) fn index(value: &Value, index: &Value, mode: Mode) -> Result<Value, Exception> {
    if let View::Bytes(object) = value.view() {
        let at = resolve_index(index, object.bytes().len(), mode)?;
        let byte = usize::try_from(at).ok().and_then(|at| object.bytes().get(at));
        return Ok(byte.map_or(Value::EMPTY, |b| Value::bytes(vec![*b])));
    }
    if let (View::Str(object), Some(at)) = (value.view(), index.as_int())
        && object.is_ascii()
    {
        let byte = usize::try_from(at).ok().and_then(|at| object.text().get(at));
        return Ok(byte.map_or(Value::EMPTY, |b| Value::text_of(std::slice::from_ref(b))));
    }
    let count = value.char_count();
    let at = resolve_index(index, count, mode)?;
    if at < 0 || at as u64 >= count as u64 {
        return Ok(Value::EMPTY);
    }
    let offset = value.char_offset(at as usize);
    let text = value.text();
    let width = char_width(text[offset]).min(text.len() - offset);
    Ok(Value::text_of(&text[offset..offset + width]))
}

/// The characters `first` to `last` of `value`.
pub(crate) fn range(value: &Value, first: &Value, last: &Value, mode: Mode) -> Result<Value, Exception> {
    let count = value.char_count();
    let first = resolve_index(first, count, mode)?.max(0);
    let last = resolve_index(last, count, mode)?.min(count as i64 - 1);
    if first > last {
        return Ok(Value::EMPTY);
    }
    let (first, last) = (first as usize, last as usize);
    if first == 0 && last + 1 == count {
        return Ok(value.clone());
    }
    if let View::Bytes(object) = value.view() {
        return Ok(Value::bytes(object.bytes()[first..=last].to_vec()));
    }
    let (start, end) = (value.char_offset(first), value.char_offset(last + 1));
    Ok(Value::text_of(&value.text()[start..end]))
}
