//! Lists: elements, and the canonical text once asked for.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use tclring_compiler::syntax::list::append_element;

use super::{Value, View, refusal};

/// A list.
///
/// Its elements are its own, or a part of those of another list, as the reference's lists may be: taking the first
/// element off a list that is shared, or a long range of one, copies nothing.
pub struct ListObj {
    elements: Elements,
    /// The number in the vector, or in the whole, of the first element. What is before it in a vector is empty.
    start: usize,
    text: OnceCell<Box<Box<[u8]>>>,
}

/// Where the elements of a list are.
enum Elements {
    Own(Vec<Value>),
    /// So many elements of a list that has its own.
    Part(Rc<ListObj>, u32),
}

/// A part of a list shares its elements from this length on; fewer are copied as quickly.
const PART_MIN: usize = 24;

/// From this length on elements before the place of a change are moved if they are fewer than those behind it.
const MOVED_FRONT_MIN: usize = 64;

impl Default for ListObj {
    fn default() -> ListObj {
        ListObj::new(Vec::new())
    }
}

impl ListObj {
    /// The list of `items`.
    #[inline]
    pub fn new(items: Vec<Value>) -> ListObj {
        ListObj { elements: Elements::Own(items), start: 0, text: OnceCell::new() }
    }

    /// The elements of `list` in `range`, which is within the bounds. They are shared if they are many and at least
    /// half of what would be kept for them.
    pub fn part(list: &Rc<ListObj>, range: Range<usize>) -> ListObj {
        let (whole, kept) = match &list.elements {
            Elements::Own(items) => (list, items.len()),
            Elements::Part(whole, _) => (whole, whole.vector().len()),
        };
        match u32::try_from(range.len()) {
            Ok(length) if range.len() >= PART_MIN && range.len() >= kept / 2 => ListObj {
                elements: Elements::Part(Rc::clone(whole), length),
                start: list.start + range.start,
                text: OnceCell::new(),
            },
            _ => ListObj::new(list.items()[range].to_vec()),
        }
    }

    /// The vector of a list that has its own elements.
    fn vector(&self) -> &[Value] {
        match &self.elements {
            Elements::Own(items) => items,
            Elements::Part(..) => unreachable!("the whole of a part has its own elements"),
        }
    }

    /// The elements.
    #[inline]
    pub fn items(&self) -> &[Value] {
        match &self.elements {
            Elements::Own(items) => &items[self.start..],
            Elements::Part(whole, length) => &whole.vector()[self.start..self.start + *length as usize],
        }
    }

    /// The vector to change, in which the elements begin at `start`; the text made of them goes.
    #[inline]
    fn own(&mut self) -> &mut Vec<Value> {
        if self.text.get().is_some() || matches!(self.elements, Elements::Part(..)) {
            self.prepare();
        }
        match &mut self.elements {
            Elements::Own(items) => items,
            Elements::Part(..) => unreachable!("it has just been given its own elements"),
        }
    }

    /// Drops the text, and gives a part elements of its own.
    #[cold]
    #[inline(never)]
    fn prepare(&mut self) {
        self.text = OnceCell::new();
        if matches!(self.elements, Elements::Part(..)) {
            self.part_to_own();
        }
    }

    /// Gives a part elements of its own: the whole's, if nothing else needs them.
    fn part_to_own(&mut self) {
        let Elements::Part(whole, length) = std::mem::replace(&mut self.elements, Elements::Own(Vec::new()))
        else {
            unreachable!("only parts are made lists of their own");
        };
        let range = self.start..self.start + length as usize;
        let items = match Rc::try_unwrap(whole) {
            Ok(ListObj { elements: Elements::Own(mut items), start, .. }) => {
                items.truncate(range.end);
                items[start..range.start].fill(Value::EMPTY);
                items
            }
            Ok(_) => unreachable!("the whole of a part has its own elements"),
            Err(shared) => {
                self.start = 0;
                let mut items = Vec::with_capacity(room_for(range.len()));
                items.extend_from_slice(&shared.vector()[range]);
                items
            }
        };
        self.elements = Elements::Own(items);
    }

    /// The elements to change; the text made of them goes.
    #[inline(always)]
    pub fn items_mut(&mut self) -> &mut [Value] {
        if self.text.get().is_some() || matches!(self.elements, Elements::Part(..)) {
            self.prepare();
        }
        match &mut self.elements {
            Elements::Own(items) => &mut items[self.start..],
            Elements::Part(..) => unreachable!("it has just been given its own elements"),
        }
    }

    /// Adds an element at the end.
    #[inline(always)]
    pub fn push(&mut self, element: Value) {
        let items = self.own();
        if items.len() < items.capacity() {
            items.push(element);
        } else {
            self.push_with_room(element);
        }
    }

    /// Adds an element at the end of a full vector.
    #[cold]
    #[inline(never)]
    fn push_with_room(&mut self, element: Value) {
        self.make_room_behind();
        self.own().push(element);
    }

    /// Adds elements at the end.
    pub fn extend(&mut self, more: impl IntoIterator<Item = Value>) {
        self.make_room_behind();
        self.own().extend(more);
    }

    /// Adds copies of elements at the end.
    pub fn extend_from_slice(&mut self, more: &[Value]) {
        self.make_room_behind();
        self.own().extend_from_slice(more);
    }

    /// Closes the gap before the elements, if it is as long as they are: there is more room behind them then.
    fn make_room_behind(&mut self) {
        self.own();
        let start = self.start;
        let items = self.own();
        if start > 0 && start >= items.len() - start {
            items.drain(..start);
            self.start = 0;
        }
    }

    /// Puts `fresh` in the place of the elements in `range`, which is within the bounds. Of the others those are moved
    /// that are fewer, if the list is long.
    pub fn splice(&mut self, range: Range<usize>, fresh: Vec<Value>) {
        self.own();
        let start = self.start;
        let items = self.own();
        let (length, gone, more) = (items.len() - start, range.len(), fresh.len());
        if length < MOVED_FRONT_MIN || range.start >= length - range.end || more > length {
            items.splice(start + range.start..start + range.end, fresh);
            return;
        }
        if more <= gone {
            let kept = start + range.end - more;
            items[start..kept].rotate_right(gone - more);
            items[start..start + gone - more].fill(Value::EMPTY);
            self.start += gone - more;
        } else {
            let room = more - gone;
            if room > start {
                let gap = room + length / 2;
                items.splice(..start, std::iter::repeat_n(Value::EMPTY, gap));
                self.start = gap;
            }
            self.start -= room;
            let begin = self.start;
            self.own()[begin..begin + room + range.start].rotate_left(room);
        }
        let place = self.start + range.start;
        for (slot, value) in self.own()[place..].iter_mut().zip(fresh) {
            *slot = value;
        }
    }

    /// The elements, leaving none.
    pub fn take_items(&mut self) -> Vec<Value> {
        let mut items = std::mem::take(self.own());
        items.drain(..std::mem::take(&mut self.start));
        items
    }

    /// The elements, giving up the list.
    pub fn into_items(mut self) -> Vec<Value> {
        self.take_items()
    }

    /// The canonical text.
    pub fn text(&self) -> &[u8] {
        if let Some(text) = self.text.get() {
            return text;
        }
        match checked_text(Items::List(self.items())) {
            Some(text) => self.text.get_or_init(|| Box::new(text.into_boxed_slice())),
            None => &[],
        }
    }

    /// The canonical text if it was made before.
    pub fn made_text(&self) -> Option<&[u8]> {
        self.text.get().map(|text| &***text)
    }
}

/// How much room a list that is copied to be changed gets.
pub(crate) fn room_for(length: usize) -> usize {
    length + (length / 2).max(4)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look like chance.
    fn next(state: &mut u64, below: usize) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize % below
    }

    fn numbers(items: &[Value]) -> Vec<i64> {
        items.iter().map(|item| item.as_int().expect("the list has integers only")).collect()
    }

    #[test]
    fn lists_and_their_parts_change_as_vectors_do() {
        for seed in 0..200 {
            let mut state = seed;
            let mut expected: Vec<i64> = (0..100 + seed as i64).collect();
            let mut list = Rc::new(ListObj::new(expected.iter().map(|n| Value::int(*n)).collect()));
            let mut others: Vec<(Rc<ListObj>, Vec<i64>)> = Vec::new();
            for step in 0..200 {
                let length = expected.len();
                let start = next(&mut state, length + 1);
                let end = start + next(&mut state, (length - start).min(12) + 1);
                let fresh: Vec<i64> = (0..next(&mut state, 4) as i64).map(|n| 1000 * step + n).collect();
                if next(&mut state, 5) == 0 {
                    others.push((Rc::clone(&list), expected.clone()));
                    others.truncate(3);
                }
                if next(&mut state, 5) == 0 {
                    others.clear();
                }
                let kind = next(&mut state, 5);
                if kind == 0 {
                    let range = start.min(length / 8)..length - (length - end).min(length / 8);
                    list = Rc::new(ListObj::part(&list, range.clone()));
                    expected = expected[range].to_vec();
                    continue;
                }
                let Some(own) = Rc::get_mut(&mut list) else {
                    list = Rc::new(ListObj::part(&list, 0..length));
                    continue;
                };
                match kind {
                    1 => {
                        own.push(Value::int(step));
                        expected.push(step);
                    }
                    2 if start < length => {
                        own.items_mut()[start] = Value::int(-step);
                        expected[start] = -step;
                    }
                    3 => {
                        own.extend(fresh.iter().map(|n| Value::int(*n)));
                        expected.extend(&fresh);
                    }
                    _ => {
                        own.splice(start..end, fresh.iter().map(|n| Value::int(*n)).collect());
                        expected.splice(start..end, fresh);
                    }
                }
                assert_eq!(numbers(list.items()), expected, "seed {seed}, step {step}");
                for (other, numbers_then) in &others {
                    assert_eq!(numbers(other.items()), *numbers_then, "seed {seed}, step {step}");
                }
            }
            let items = Rc::try_unwrap(list).map_or_else(|list| list.items().to_vec(), ListObj::into_items);
            assert_eq!(numbers(&items), expected, "seed {seed}");
        }
    }
}
