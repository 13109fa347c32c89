//! Lists: elements, and the canonical text once asked for.

use std::cell::OnceCell;

use tclring_compiler::syntax::list::append_element;

use super::{Value, View, refusal};

/// A list.
#[derive(Default)]
pub struct ListObj {
    items: Vec<Value>,
    text: OnceCell<Box<[u8]>>,
}

impl ListObj {
    /// The list of `items`.
    pub fn new(items: Vec<Value>) -> ListObj {
        ListObj { items, text: OnceCell::new() }
    }

    /// The elements.
    #[inline]
    pub fn items(&self) -> &[Value] {
        &self.items
    }

    /// The elements to change; the text made of them goes.
    #[inline]
    pub fn items_mut(&mut self) -> &mut Vec<Value> {
        if self.text.get().is_some() {
            self.text = OnceCell::new();
        }
        &mut self.items
    }

    /// The elements, giving up the list.
    pub fn into_items(self) -> Vec<Value> {
        self.items
    }

    /// The canonical text.
    pub fn text(&self) -> &[u8] {
        if let Some(text) = self.text.get() {
            return text;
        }
        match checked_text(Items::List(&self.items)) {
            Some(text) => self.text.get_or_init(|| text.into_boxed_slice()),
            None => &[],
        }
    }

    /// The canonical text if it was made before.
    pub fn made_text(&self) -> Option<&[u8]> {
        self.text.get().map(|text| &**text)
    }
}

/// A container that is being written out: its elements, the next one, and whether it stands in braces.
struct Open<'a> {
    items: Items<'a>,
    next: usize,
    braced: bool,
    /// For a single element in a chain of single elements: whether it stands in braces, known from further out.
    chain: Option<bool>,
}

/// The elements of a container in the order of its text.
#[derive(Clone, Copy)]
enum Items<'a> {
    List(&'a [Value]),
    Dict(&'a super::dict::DictObj),
}

impl<'a> Items<'a> {
    fn len(self) -> usize {
        match self {
            Items::List(items) => items.len(),
            Items::Dict(dict) => dict.map().len() * 2,
        }
    }

    /// The container inside `value`, if its text has not been made yet.
    fn of(value: &'a Value) -> Option<Items<'a>> {
        match value.view() {
            View::List(list) if list.made_text().is_none() => Some(Items::List(list.items())),
            View::Dict(dict) if dict.made_text().is_none() => Some(Items::Dict(dict)),
            _ => None,
        }
    }
}

/// Writes out containers with an explicit stack: lists nested a million deep
/// must not overflow the native one.
struct Writer<'a> {
    out: Vec<u8>,
    stack: Vec<(Open<'a>, Option<super::dict::Flat<'a>>)>,
}

impl<'a> Writer<'a> {
    fn open(&mut self, items: Items<'a>, braced: bool, chain: Option<bool>) {
        if braced {
            self.out.push(b'{');
        }
        let flat = match items {
            Items::Dict(dict) => Some(dict.map().flat()),
            Items::List(_) => None,
        };
        self.stack.push((Open { items, next: 0, braced, chain }, flat));
    }

    /// Writes everything; whether it was not too much.
    fn run(&mut self) -> bool {
        while let Some((open, flat)) = self.stack.last_mut() {
            let at = open.next;
            let element = match (open.items, flat) {
                (Items::List(items), _) => items.get(at),
                (Items::Dict(_), Some(flat)) => flat.next(),
                (Items::Dict(_), None) => None,
            };
            let Some(element) = element else {
                if open.braced {
                    self.out.push(b'}');
                }
                self.stack.pop();
                continue;
            };
            open.next += 1;
            if self.out.len() > refusal::TEXT_BYTES_MAX {
                refusal::note();
                return false;
            }
            match Items::of(element) {
                Some(inner) => {
                    if at > 0 {
                        self.out.push(b' ');
                    }
                    // A chain of single elements ends in one leaf: what it decides holds for every link.
                    let single = open.items.len() == 1;
                    let braced = open.chain.filter(|_| single).unwrap_or_else(|| needs_braces(inner));
                    let chain = (inner.len() == 1).then_some(braced);
                    self.open(inner, braced, chain);
                }
                None => append_element(&mut self.out, &element.text(), at == 0),
            }
        }
        true
    }
}

/// Whether the text of a container, as an element, stands in braces: always,
/// but for a chain of single elements that ends in a bare word.
fn needs_braces(mut items: Items<'_>) -> bool {
    loop {
        if items.len() != 1 {
            return true;
        }
        let Items::List([only]) = items else {
            return true;
        };
        match Items::of(only) {
            Some(inner) => items = inner,
            None => {
                let text = only.text();
                let mut quoted = Vec::new();
                append_element(&mut quoted, &text, true);
                return quoted != *text;
            }
        }
    }
}

/// The canonical text of a list of `items`; empty, and refused, if it is too long.
pub fn text_of_items(items: &[Value]) -> Vec<u8> {
    checked_text(Items::List(items)).unwrap_or_default()
}

/// The canonical text of a dict; `None` if it is refused.
pub(super) fn text_of_dict(dict: &super::dict::DictObj) -> Option<Vec<u8>> {
    checked_text(Items::Dict(dict))
}

fn checked_text(items: Items<'_>) -> Option<Vec<u8>> {
    let mut writer = Writer { out: Vec::with_capacity(items.len() * 4), stack: Vec::new() };
    writer.open(items, false, None);
    writer.run().then_some(writer.out)
}
