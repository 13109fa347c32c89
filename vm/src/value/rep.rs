//! The 16-byte representation of a value: a tag word and a payload word.
//!
//! This is the crate's first home of `unsafe`. What must stay true:
//!
//! * The low byte of `head` is the [`Tag`]. For [`Tag::Text`] the second byte
//!   is the length and the text fills the rest of `head` and the payload.
//! * For a counted tag the payload is a pointer from `Rc::into_raw` of exactly
//!   the type that [`counted_types`] names for it, and the value owns one count.
//! * `Unset`, `Link` and `Array` occur only in registers and variable cells,
//!   never inside lists, dicts or what scripts hold.

use std::mem::ManuallyDrop;
use std::rc::Rc;

use super::bytes::BytesObj;
use super::dict::DictObj;
use super::list::ListObj;
use super::number::BigObj;
use super::series::SeriesObj;
use super::text::StrObj;
use crate::interp::var::{ArrayObj, VarCell};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Tag {
    /// An integer of 64 bits.
    Int = 0,
    /// A floating-point number.
    Double = 1,
    /// A text of at most [`INLINE_MAX`] bytes.
    Text = 2,
    /// No value (registers only).
    Unset = 3,
    /// A text on the heap.
    Str = 4,
    /// A byte array.
    Bytes = 5,
    /// A list.
    List = 6,
    /// A link to a variable cell (registers and cells only).
    Link = 7,
    /// A dictionary.
    Dict = 8,
    /// An integer beyond 64 bits.
    Big = 9,
    /// A list of numbers in even steps.
    Series = 10,
    /// An array variable (registers and cells only).
    Array = 11,
}

/// Tags up to this one own nothing: such a value may be overwritten.
pub(crate) const LAST_SIMPLE: u8 = Tag::Unset as u8;

/// How many bytes of text fit into a value.
pub const INLINE_MAX: usize = 14;

/// A Tcl value. Its string is its truth; see the module [`crate::value`].
///
/// The payload is a pointer that for integers, doubles and texts is only an
/// address without provenance. Two scalar fields travel in two machine
/// registers and are never copied as 16 bytes through memory, which would cost
/// a failed store forwarding each time.
#[repr(C)]
pub struct Value {
    head: u64,
    payload: *const (),
}

const _: () = assert!(size_of::<Value>() == 16, "a value is two words");
const _: () = assert!(size_of::<usize>() == 8, "an address holds 64 bits");
const _: () = assert!(cfg!(target_endian = "little"), "the tag is the first byte of the head");

/// Eight bytes as a payload that points nowhere.
#[inline(always)]
const fn word(bits: u64) -> *const () {
    std::ptr::without_provenance(bits as usize)
}

/// A borrowed look at what a value is.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "the variants are those of Tag")]
pub enum View<'a> {
    Int(i64),
    Double(f64),
    Text(&'a [u8]),
    Unset,
    Str(&'a StrObj),
    Bytes(&'a BytesObj),
    List(&'a ListObj),
    Dict(&'a DictObj),
    Big(&'a BigObj),
    Link(&'a VarCell),
    Array(&'a ArrayObj),
    Series(&'a SeriesObj),
}

macro_rules! define_counted {
    ($($tag:ident: $ty:ty, $from:ident, $get:ident, $get_mut:ident;)*) => {
        impl Value {
            $(
                /// The value that owns `object`.
                #[inline]
                pub fn $from(object: Rc<$ty>) -> Value {
                    Value {
                        head: Tag::$tag as u64,
                        payload: Rc::into_raw(object).cast(),
                    }
                }

                /// Another count of the object, if the value is of this kind.
                #[inline]
                pub fn $get(&self) -> Option<Rc<$ty>> {
                    if self.tag() != Tag::$tag {
                        return None;
                    }
                    // SAFETY: a value with this tag holds a pointer of `Rc<$ty>`; the count it owns is not given up.
                    let object = ManuallyDrop::new(unsafe { Rc::from_raw(self.pointer().cast::<$ty>()) });
                    Some(Rc::clone(&object))
                }

                /// The object to change in place, if the value is of this kind and its only owner.
                #[inline]
                pub fn $get_mut(&mut self) -> Option<&mut $ty> {
                    if self.tag() != Tag::$tag {
                        return None;
                    }
                    // SAFETY: a value with this tag holds a pointer of `Rc<$ty>`; the count it owns is not given up.
                    let mut object = ManuallyDrop::new(unsafe { Rc::from_raw(self.pointer().cast::<$ty>()) });
                    let unique: *mut $ty = Rc::get_mut(&mut object)?;
                    // SAFETY: `get_mut` proved that this value is the only owner, and the result borrows it mutably.
                    Some(unsafe { &mut *unique })
                }
            )*

            /// A look at the value.
            #[inline]
            pub fn view(&self) -> View<'_> {
                match self.tag() {
                    Tag::Int => View::Int(self.int_payload()),
                    Tag::Double => View::Double(self.double_payload()),
                    Tag::Text => View::Text(self.inline_text()),
                    Tag::Unset => View::Unset,
                    $(Tag::$tag => {
                        let pointer = self.pointer().cast::<$ty>();
                        // SAFETY: a value with this tag owns a count of the object behind the pointer.
                        View::$tag(unsafe { &*pointer })
                    })*
                }
            }

            #[inline(never)]
            fn clone_counted(&self) -> Value {
                match self.tag() {
                    $(Tag::$tag => {
                        let pointer = self.pointer().cast::<$ty>();
                        // SAFETY: the pointer came from `Rc::into_raw` of this type and the value keeps it alive.
                        unsafe { Rc::increment_strong_count(pointer) };
                    })*
                    Tag::Int | Tag::Double | Tag::Text | Tag::Unset => {}
                }
                Value { head: self.head, payload: self.payload }
            }

            /// Gives up the count that the value owns if it is not the last one.
            #[inline]
            fn release_shared(&mut self) -> bool {
                match self.tag() {
                    $(Tag::$tag => {
                        let pointer = self.pointer().cast::<$ty>();
                        // SAFETY: a value with this tag holds a pointer of `Rc<$ty>`; its count is given up only below.
                        let object = ManuallyDrop::new(unsafe { Rc::from_raw(pointer) });
                        let is_shared = Rc::strong_count(&object) > 1;
                        if is_shared {
                            drop(ManuallyDrop::into_inner(object));
                        }
                        is_shared
                    })*
                    Tag::Int | Tag::Double | Tag::Text | Tag::Unset => true,
                }
            }

            /// Gives up the count that the value owns.
            fn release(&mut self) {
                match self.tag() {
                    $(Tag::$tag => {
                        let pointer = self.pointer().cast::<$ty>();
                        // SAFETY: the value owns one count of this type, given up here once.
                        drop(unsafe { Rc::from_raw(pointer) });
                    })*
                    Tag::Int | Tag::Double | Tag::Text | Tag::Unset => {}
                }
            }
        }
    };
}

define_counted! {
    Str: StrObj, from_str_obj, str_rc, str_mut;
    Bytes: BytesObj, from_bytes_obj, bytes_rc, bytes_mut;
    List: ListObj, from_list_obj, list_rc, list_mut;
    Dict: DictObj, from_dict_obj, dict_rc, dict_mut;
    Big: BigObj, from_big_obj, big_rc, big_mut;
    Link: VarCell, from_cell, cell_rc, cell_mut;
    Array: ArrayObj, from_array, array_rc, array_mut;
    Series: SeriesObj, from_series_obj, series_rc, series_mut;
}

impl Value {
    /// No value.
    pub const UNSET: Value = Value { head: Tag::Unset as u64, payload: word(0) };

    /// The empty string.
    pub const EMPTY: Value = Value { head: Tag::Text as u64, payload: word(0) };

    /// The integer `n`.
    #[inline]
    pub const fn int(n: i64) -> Value {
        Value { head: Tag::Int as u64, payload: word(n as u64) }
    }

    /// The floating-point number `d`.
    #[inline]
    pub const fn double(d: f64) -> Value {
        Value { head: Tag::Double as u64, payload: word(d.to_bits()) }
    }

    /// The inline text `text`, if it is short enough.
    #[inline]
    pub(crate) fn inline(text: &[u8]) -> Option<Value> {
        if text.len() > INLINE_MAX {
            return None;
        }
        let mut words = [0u8; 16];
        words[0] = Tag::Text as u8;
        words[1] = text.len() as u8;
        words[2..2 + text.len()].copy_from_slice(text);
        let (head, tail) = words.split_at(8);
        let half = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("half of 16 bytes is 8 bytes"));
        Some(Value { head: half(head), payload: word(half(tail)) })
    }

    /// What the value is.
    #[inline]
    pub fn tag(&self) -> Tag {
        let tag = self.head as u8;
        debug_assert!(tag <= Tag::Array as u8, "the low byte of the head is a tag");
        // SAFETY: every constructor puts a `Tag` into the low byte, and nothing else writes it.
        unsafe { std::mem::transmute::<u8, Tag>(tag) }
    }

    /// The integer, if the value is held as one.
    #[inline]
    pub fn as_int(&self) -> Option<i64> {
        (self.head as u8 == Tag::Int as u8).then(|| self.int_payload())
    }

    /// The floating-point number, if the value is held as one.
    #[inline]
    pub fn as_double(&self) -> Option<f64> {
        (self.head as u8 == Tag::Double as u8).then(|| self.double_payload())
    }

    /// Whether it is an unset register.
    #[inline]
    pub fn is_unset(&self) -> bool {
        self.head as u8 == Tag::Unset as u8
    }

    /// Whether it is no value: an unset register, a link or an array.
    #[inline(always)]
    pub(crate) fn needs_care(&self) -> bool {
        const ALL: u8 = Tag::Unset as u8 & Tag::Link as u8 & Tag::Array as u8;
        const _: () = assert!(ALL == 3, "their tags, and no others, end in these bits");
        self.head as u8 & ALL == ALL
    }

    /// Whether the value owns nothing and is no link or array: it may be overwritten.
    #[inline]
    pub fn is_simple(&self) -> bool {
        self.head as u8 <= LAST_SIMPLE
    }

    /// Whether all of the values own nothing and are no links or arrays.
    #[inline(always)]
    pub(crate) fn are_all_simple(values: &[Value]) -> bool {
        const _: () = assert!(LAST_SIMPLE == 3, "the tags of such values have no bits but the last two");
        let of_four = |[a, b, c, d]: &[Value; 4]| a.head | b.head | c.head | d.head;
        let bits = match (values.first_chunk::<4>(), values.last_chunk::<4>()) {
            // The first and the last four may be in part the same: that is cheaper than to count what is left over.
            (Some(first), Some(last)) if values.len() <= 8 => of_four(first) | of_four(last),
            _ => values.iter().fold(0, |bits, value| bits | value.head),
        };
        bits as u8 <= LAST_SIMPLE
    }

    /// Whether both are the same in every bit: equal for sure, and if both are held as short texts, only then.
    #[inline]
    pub fn is_identical(&self, other: &Value) -> bool {
        self.head == other.head && std::ptr::addr_eq(self.payload, other.payload)
    }

    /// The bits of a short text, which no other value has.
    #[inline]
    pub(crate) fn short_bits(&self) -> Option<[u64; 2]> {
        (self.head as u8 == Tag::Text as u8).then(|| [self.head, self.payload.addr() as u64])
    }

    /// Whether it is the short text with these bits.
    #[inline]
    pub(crate) fn has_bits(&self, bits: [u64; 2]) -> bool {
        self.head == bits[0] && self.payload.addr() as u64 == bits[1] && bits[0] as u8 == Tag::Text as u8
    }

    /// A small number that equal short texts share.
    #[inline]
    pub fn short_hash(&self) -> u32 {
        let mixed =
            (self.head ^ (self.payload.addr() as u64).rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 40) as u32
    }

    /// Both values as integers, if both are held as such.
    #[inline]
    pub fn both_ints(a: &Value, b: &Value) -> Option<(i64, i64)> {
        const _: () = assert!(Tag::Int as u8 == 0, "one test serves for two tags");
        ((a.head | b.head) as u8 == 0).then(|| (a.int_payload(), b.int_payload()))
    }

    /// Both values as floating-point numbers, if both are held as such.
    #[inline]
    pub fn both_doubles(a: &Value, b: &Value) -> Option<(f64, f64)> {
        const DOUBLE: u8 = Tag::Double as u8;
        (a.head as u8 == DOUBLE && b.head as u8 == DOUBLE).then(|| (a.double_payload(), b.double_payload()))
    }

    /// The list, if it is held as one.
    #[inline(always)]
    pub(crate) fn list_ref(&self) -> Option<&ListObj> {
        if self.head as u8 != Tag::List as u8 {
            return None;
        }
        match self.view() {
            View::List(list) => Some(list),
            _ => None,
        }
    }

    /// The array, if it is one.
    #[inline]
    pub(crate) fn array_ref(&self) -> Option<&ArrayObj> {
        match self.view() {
            View::Array(array) => Some(array),
            _ => None,
        }
    }

    /// Whether two values have the same text; for two short texts a look at their words.
    #[inline(always)]
    pub(crate) fn is_same_text(&self, other: &Value) -> bool {
        const TEXT: u8 = Tag::Text as u8;
        if self.head as u8 == TEXT && other.head as u8 == TEXT {
            // What is behind the end of a short text is zero.
            return self.head == other.head && self.payload.addr() == other.payload.addr();
        }
        self == other
    }

    /// The order of two short texts by bytes, which is that of their code points.
    #[inline(always)]
    pub(crate) fn order_of_short(a: &Value, b: &Value) -> Option<std::cmp::Ordering> {
        const TEXT: u8 = Tag::Text as u8;
        if a.head as u8 != TEXT || b.head as u8 != TEXT {
            return None;
        }
        // The bytes of the text, the first one the most significant, and behind them the length: a text that
        // another one continues is shorter.
        let rank = |value: &Value| {
            let text = (u128::from(value.payload.addr() as u64) << 48) | u128::from(value.head >> 16);
            (text.swap_bytes(), value.head as u16)
        };
        Some(rank(a).cmp(&rank(b)))
    }

    /// Whether it is an integer, a floating-point number or a short text: a copy of its bits is a value.
    #[inline]
    pub fn is_inline(&self) -> bool {
        const _: () = assert!(Tag::Text as u8 + 1 == LAST_SIMPLE, "only Unset comes between");
        (self.head as u8) < LAST_SIMPLE
    }

    /// The copy of a value that [`Value::is_inline`].
    #[inline]
    pub fn copy_inline(&self) -> Value {
        debug_assert!(self.is_inline(), "only a value that owns nothing is copied as it is");
        Value { head: self.head, payload: self.payload }
    }

    /// Overwrites a value that [`Value::is_simple`].
    #[inline]
    pub fn overwrite_simple(&mut self, new: Value) {
        debug_assert!(self.is_simple(), "only a value that owns nothing is overwritten");
        let new = ManuallyDrop::new(new);
        self.head = new.head;
        self.payload = new.payload;
    }

    /// Overwrites a value that [`Value::is_simple`] with an integer.
    #[inline]
    pub fn overwrite_int(&mut self, n: i64) {
        debug_assert!(self.is_simple(), "only a value that owns nothing is overwritten");
        self.head = Tag::Int as u64;
        self.payload = word(n as u64);
    }

    /// The value, leaving [`Value::UNSET`] behind.
    #[inline]
    pub fn take(&mut self) -> Value {
        let taken = Value { head: self.head, payload: self.payload };
        self.head = Tag::Unset as u64;
        taken
    }

    #[inline]
    fn int_payload(&self) -> i64 {
        self.payload.addr() as i64
    }

    #[inline]
    fn double_payload(&self) -> f64 {
        f64::from_bits(self.payload.addr() as u64)
    }

    #[inline]
    fn pointer(&self) -> *const () {
        debug_assert!(!self.is_simple(), "only counted values hold a pointer");
        self.payload
    }

    #[inline]
    fn inline_text(&self) -> &[u8] {
        let length = usize::from((self.head >> 8) as u8).min(INLINE_MAX);
        let start: *const u8 = std::ptr::from_ref(self).cast();
        // SAFETY: the value is 16 initialised bytes of which the first two are tag and length, and the
        // text of at most 14 bytes follows them.
        unsafe { std::slice::from_raw_parts(start.wrapping_add(2), length) }
    }
}

impl Clone for Value {
    #[inline]
    fn clone(&self) -> Value {
        if self.is_simple() { Value { head: self.head, payload: self.payload } } else { self.clone_counted() }
    }
}

thread_local! {
    /// How deep values are being dropped inside values right now.
    static DROP_DEPTH: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    /// Values whose drop was put off because it was nested too deep.
    static PUT_OFF: std::cell::RefCell<Vec<Value>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// How deep drops nest before they are put off to the outermost one.
const DROP_DEPTH_MAX: u32 = 64;

impl Drop for Value {
    #[inline]
    fn drop(&mut self) {
        if !self.is_simple() {
            drop_counted(self);
        }
    }
}

/// Drops a counted value without recursing deeper than [`DROP_DEPTH_MAX`].
#[inline(never)]
fn drop_counted(value: &mut Value) {
    if !value.release_shared() {
        drop_last(value);
    }
}

/// Drops the last count of an object. It stands apart, so that giving up another count needs no stack.
#[inline(never)]
fn drop_last(value: &mut Value) {
    // Thread-local storage may be gone when a thread ends; then depth is not watched.
    let depth = DROP_DEPTH.try_with(std::cell::Cell::get).unwrap_or(0);
    if depth >= DROP_DEPTH_MAX {
        let put_off = value.take();
        PUT_OFF.with_borrow_mut(|queue| queue.push(put_off));
        return;
    }
    let _ = DROP_DEPTH.try_with(|d| d.set(depth + 1));
    value.release();
    if depth == 0 {
        while let Ok(Some(mut next)) = PUT_OFF.try_with(|queue| queue.borrow_mut().pop()) {
            if !next.is_simple() {
                next.release();
            }
            std::mem::forget(next);
        }
    }
    let _ = DROP_DEPTH.try_with(|d| d.set(depth));
}

impl Default for Value {
    fn default() -> Value {
        Value::EMPTY
    }
}
