//! Where braced words of scripts stand: for the lines of messages and for `info frame`.

use std::rc::Rc;

use super::{Side, StrObj, Value, View};

/// Where a braced word, or a part of one, stands.
#[derive(Debug)]
pub struct Place {
    /// The line of the script around it that it begins on, counted from 1; 0 if that is not known.
    pub line: u32,
    /// The file that the script was read from, and the line of the file that the text begins on.
    pub file: Option<(Value, u32)>,
    /// The identity of the code that the word is in, and the word's offset in the source of that code.
    pub word: (u64, u32),
    /// The offsets in the text at which a backslash joined two lines.
    pub joins: Box<[u32]>,
}

impl Place {
    /// The place of a whole file.
    pub fn of_file(name: Value) -> Place {
        Place { line: 1, file: Some((name, 1)), word: (0, 0), joins: Box::default() }
    }

    /// How many lines were joined before the offset `end` of the text.
    pub fn joined_before(&self, end: u32) -> u32 {
        self.joins.partition_point(|join| *join < end) as u32
    }

    /// The place of the part `start..start + len` of the `whole` text that stands here.
    pub fn part(&self, whole: &[u8], start: usize, len: usize) -> Place {
        let lines = memchr::memchr_iter(b'\n', &whole[..start]).count() as u32;
        let (from, end) = (start as u32, (start + len) as u32);
        let first = lines + self.joined_before(from);
        let inside = self.joins.iter().filter(|join| (from..end).contains(*join)).map(|join| join - from);
        Place {
            line: if self.line == 0 { 0 } else { self.line + first },
            file: self.file.as_ref().map(|(name, line)| (name.clone(), line + first)),
            word: self.word,
            joins: inside.collect(),
        }
    }
}

impl Value {
    /// Where the text stands, if it is a braced word, a part of one or a file's.
    pub fn place(&self) -> Option<Rc<Place>> {
        match self.view() {
            View::Str(object) => object.place().cloned(),
            _ => None,
        }
    }

    /// The same text without its place, if it has one.
    pub fn without_place(self) -> Value {
        match self.place() {
            Some(_) => Value::text_of(&self.text()),
            None => self,
        }
    }

    /// The same text with the place of the part of `whole` that it is, which begins at `start`.
    pub fn placed_in(self, whole: &Value, start: usize) -> Value {
        let Some(place) = whole.place() else { return self };
        let text = self.to_text();
        let place = Rc::new(place.part(&whole.text(), start, text.len()));
        if let View::Str(object) = self.view() {
            object.set_place(place);
            return self;
        }
        let object = StrObj::new(text);
        object.set_place(place);
        Value::from_str_obj(Rc::new(object))
    }

    /// The element number `at` of the list that this word is, with its place. The word keeps it as the element, so that
    /// what the element is compiled to is kept, too.
    pub fn placed_element(&self, at: usize) -> Option<Value> {
        let list = self.to_list().ok()?;
        let element = list.items().get(at)?.clone();
        if element.place().is_some() || self.place().is_none() {
            return Some(element);
        }
        let start = tclring_compiler::syntax::list::elements(&self.text()).nth(at)?.ok()?.start;
        let placed = element.placed_in(self, start);
        if let View::Str(object) = self.view() {
            let mut items = list.items().to_vec();
            items[at] = placed.clone();
            object.set_side(Side::Value(Value::list(items)));
        }
        Some(placed)
    }

    /// The elements `items` of the list that this word is, with their places.
    pub fn place_elements(&self, items: &mut [Value]) {
        if self.place().is_none() {
            return;
        }
        let text = self.text();
        for (item, element) in items.iter_mut().zip(tclring_compiler::syntax::list::elements(&text)) {
            let Ok(element) = element else { return };
            *item = std::mem::take(item).placed_in(self, element.start);
        }
    }
}
