//! Texts on the heap: the characters and one cached interpretation.

use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use tclring_compiler::syntax::text::{char_count, char_width};

use super::{Place, Value, refusal};
use crate::interp::command::Lambda;

/// Every how many characters a long text's index notes an offset.
const INDEX_STEP: usize = 64;

/// A text on the heap with the interpretation it was last used as.
#[derive(Default)]
pub struct StrObj {
    text: Vec<u8>,
    /// Number of characters, once counted; `usize::MAX` before.
    chars: Cell<usize>,
    /// Byte offsets of every [`INDEX_STEP`]th character.
    offsets: OnceCell<Box<[u32]>>,
    side: RefCell<Side>,
    /// For a braced word of a script: where it stands.
    place: OnceCell<Rc<Place>>,
}

/// What a text was last read as. The text stays; only the cache changes.
#[derive(Default, Clone)]
pub enum Side {
    /// Nothing yet.
    #[default]
    None,
    /// A number, list, dict or byte array.
    Value(Value),
    /// A lambda.
    Lambda(Rc<Lambda>),
    /// Anything else: code, a regular expression, an index…
    Other(Rc<dyn Any>),
}

const UNCOUNTED: usize = usize::MAX;

impl StrObj {
    /// The object for `text`.
    pub fn new(text: Vec<u8>) -> StrObj {
        StrObj {
            text,
            chars: Cell::new(UNCOUNTED),
            offsets: OnceCell::new(),
            side: RefCell::default(),
            place: OnceCell::new(),
        }
    }

    /// The object for `text`, which is ASCII.
    pub fn ascii(text: Vec<u8>) -> StrObj {
        debug_assert!(text.is_ascii(), "the caller has looked");
        let object = StrObj::new(text);
        object.chars.set(object.text.len());
        object
    }

    /// The text.
    #[inline]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// The text to append to. The caches go.
    pub fn text_mut(&mut self) -> &mut Vec<u8> {
        self.chars.set(UNCOUNTED);
        self.offsets = OnceCell::new();
        self.side = RefCell::default();
        self.place = OnceCell::new();
        &mut self.text
    }

    /// Appends ASCII or any text, keeping the character count if it is known. What would be too long is refused.
    pub fn append(&mut self, more: &[u8]) {
        if self.text.len() + more.len() > refusal::TEXT_BYTES_MAX {
            return refusal::note();
        }
        let known = self.chars.get();
        if known != UNCOUNTED {
            self.chars.set(known + char_count(more));
        }
        if self.offsets.get().is_some() {
            self.offsets = OnceCell::new();
        }
        if !matches!(*self.side.get_mut(), Side::None) {
            self.side = RefCell::default();
        }
        self.text.extend_from_slice(more);
    }

    /// The number of characters.
    #[inline]
    pub fn char_count(&self) -> usize {
        if self.chars.get() == UNCOUNTED {
            self.chars.set(char_count(&self.text));
        }
        self.chars.get()
    }

    /// Whether every character is one byte.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.char_count() == self.text.len()
    }

    /// The byte offset of character number `at`; the length if there are fewer.
    pub fn offset_of(&self, at: usize) -> usize {
        let count = self.char_count();
        if at >= count {
            return self.text.len();
        }
        if count == self.text.len() {
            return at;
        }
        let mut offset = 0;
        let mut left = at;
        if count > 4 * INDEX_STEP && self.text.len() <= u32::MAX as usize {
            let offsets = self.offsets.get_or_init(|| make_offsets(&self.text));
            offset = offsets[at / INDEX_STEP] as usize;
            left = at % INDEX_STEP;
        }
        for _ in 0..left {
            offset += char_width(self.text[offset]);
        }
        offset
    }

    /// The line of the script around it that this braced word begins on, counted from 1; 0 for any other text.
    pub fn line(&self) -> u32 {
        self.place.get().map_or(0, |place| place.line)
    }

    /// Where this braced word stands, if it is one.
    pub fn place(&self) -> Option<&Rc<Place>> {
        self.place.get()
    }

    /// Notes where this braced word stands, unless that is known.
    pub fn set_place(&self, place: Rc<Place>) {
        let _known: Result<(), Rc<Place>> = self.place.set(place);
    }

    /// What the text was last read as.
    #[inline]
    pub fn side(&self) -> std::cell::Ref<'_, Side> {
        if super::forget::now()
            && let Ok(mut side) = self.side.try_borrow_mut()
        {
            *side = Side::None;
        }
        self.side.borrow()
    }

    /// Remembers what the text reads as.
    pub fn set_side(&self, side: Side) {
        if super::forget::now() {
            return;
        }
        let old = self.side.replace(side);
        drop(old);
    }
}

fn make_offsets(text: &[u8]) -> Box<[u32]> {
    let mut offsets = Vec::with_capacity(text.len() / INDEX_STEP + 1);
    let mut at = 0;
    let mut number = 0usize;
    while at < text.len() {
        if number.is_multiple_of(INDEX_STEP) {
            offsets.push(u32::try_from(at).expect("only texts below 4 GiB are indexed"));
        }
        number += 1;
        at += char_width(text[at]);
    }
    offsets.into_boxed_slice()
}
