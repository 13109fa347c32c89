//! From received bytes to lines and characters: ends of lines, the end-of-file character, decoding.
//!
//! Ends of lines are looked for in the bytes, before decoding: in every encoding they are units of
//! their own. So the bytes of what is read, and no others, are consumed, and `tell` is exact.

use tclring_vm::text::encoding::{Encoding, Profile, Stop};
use tclring_vm::value::Value;

use super::input::Input;

/// How the ends of lines look outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// On input any of the three; for output it is replaced by what the channel's kind uses.
    Auto,
    /// A line feed.
    Lf,
    /// A carriage return.
    Cr,
    /// A carriage return and a line feed.
    CrLf,
}

impl LineEnd {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            LineEnd::Auto => "auto",
            LineEnd::Lf => "lf",
            LineEnd::Cr => "cr",
            LineEnd::CrLf => "crlf",
        }
    }
}

/// The two characters that end lines, as an encoding writes them.
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    unit: usize,
    line_feed: [u8; 4],
    carriage_return: [u8; 4],
}

impl Marks {
    /// Those of an encoding.
    pub fn of(encoding: &Encoding) -> Marks {
        let unit = encoding.unit_bytes();
        let mark = |character: u8| {
            let (bytes, _) = encoding.encode_all(&[character], Profile::Tcl8);
            let mut padded = [0; 4];
            // An escape encoding writes its initial sequence first, and then the character itself.
            let bytes = if bytes.len() == unit { &bytes[..] } else { &[character] };
            padded[..bytes.len()].copy_from_slice(bytes);
            padded
        };
        Marks { unit, line_feed: mark(b'\n'), carriage_return: mark(b'\r') }
    }

    /// The number of bytes of an end of a line.
    pub fn unit(&self) -> usize {
        self.unit
    }

    /// The place of the first of `marks` at or after `from`.
    fn find(&self, bytes: &[u8], from: usize, mark: &[u8; 4]) -> Option<usize> {
        if self.unit == 1 {
            return memchr::memchr(mark[0], &bytes[from..]).map(|at| from + at);
        }
        let from = from - from % self.unit;
        let wanted = &mark[..self.unit];
        bytes[from..].chunks_exact(self.unit).position(|unit| unit == wanted).map(|at| from + at * self.unit)
    }

    fn find_either(&self, bytes: &[u8], from: usize) -> Option<usize> {
        if self.unit == 1 {
            return memchr::memchr2(self.line_feed[0], self.carriage_return[0], &bytes[from..])
                .map(|at| from + at);
        }
        let line_feed = self.find(bytes, from, &self.line_feed);
        let bytes = &bytes[..line_feed.unwrap_or(bytes.len())];
        self.find(bytes, from.min(bytes.len()), &self.carriage_return).or(line_feed)
    }

    fn is_line_feed(&self, bytes: &[u8]) -> bool {
        bytes.starts_with(&self.line_feed[..self.unit])
    }
}

/// How bytes are read.
pub struct Reading<'a> {
    /// The encoding.
    pub encoding: &'a Encoding,
    /// What happens to malformed bytes.
    pub profile: Profile,
    /// How lines end.
    pub line_end: LineEnd,
    /// The encoding's ends of lines.
    pub marks: Marks,
    /// The character that ends the input, 0 for none.
    pub eof_char: u8,
    /// Whether the device has nothing more.
    pub at_end: bool,
}

/// What an attempt to take a line came to.
pub enum Line {
    /// A line without its end.
    Whole(Value),
    /// The last line, which has no end; `true` if the end-of-file character stands after it.
    Last(Value, bool),
    /// The input's end; `true` if it is the end-of-file character.
    End(bool),
    /// There is no whole line yet.
    Partial,
    /// Malformed bytes.
    Invalid,
}

/// Where a line ends: the number of its bytes and of those of its end.
enum Found {
    At(usize, usize),
    /// Nowhere in the bytes at hand, of which so many need not be searched again.
    Nowhere(usize),
}

impl Reading<'_> {
    fn find_end(&self, bytes: &[u8], from: usize, is_all: bool) -> Found {
        let unit = self.marks.unit;
        let searched = bytes.len() - bytes.len() % unit;
        let mut from = from.min(searched);
        match self.line_end {
            LineEnd::Lf => match self.marks.find(bytes, from, &self.marks.line_feed) {
                Some(at) => Found::At(at, unit),
                None => Found::Nowhere(searched),
            },
            LineEnd::Cr => match self.marks.find(bytes, from, &self.marks.carriage_return) {
                Some(at) => Found::At(at, unit),
                None => Found::Nowhere(searched),
            },
            LineEnd::Auto => match self.marks.find_either(bytes, from) {
                Some(at) if self.marks.is_line_feed(&bytes[at..]) => Found::At(at, unit),
                Some(at) if self.marks.is_line_feed(&bytes[at + unit..]) => Found::At(at, 2 * unit),
                Some(at) => Found::At(at, unit),
                None => Found::Nowhere(searched),
            },
            LineEnd::CrLf => loop {
                let Some(at) = self.marks.find(bytes, from, &self.marks.carriage_return) else {
                    return Found::Nowhere(searched);
                };
                if self.marks.is_line_feed(&bytes[at + unit..]) {
                    return Found::At(at, 2 * unit);
                }
                if bytes.len() < at + 2 * unit && !is_all {
                    return Found::Nowhere(at);
                }
                from = at + unit;
            },
        }
    }

    /// Takes a line out of `input`.
    pub fn line(&self, input: &mut Input) -> Line {
        if self.line_end == LineEnd::Auto && input.saw_return && !input.is_empty() {
            input.saw_return = false;
            if self.marks.is_line_feed(input.available()) {
                input.consume(self.marks.unit);
            }
        }
        loop {
            let bytes = input.available();
            let stop = self.eof_place(bytes);
            let window = &bytes[..stop.unwrap_or(bytes.len())];
            match self.find_end(window, input.searched, stop.is_some()) {
                Found::At(length, end) => return self.whole_line(input, length, end),
                Found::Nowhere(searched) => {
                    if stop.is_some() {
                        let length = window.len();
                        return self.last_line(input, length, true);
                    }
                    input.searched = searched;
                }
            }
            if !input.gather() {
                break;
            }
        }
        if !self.at_end {
            return Line::Partial;
        }
        let length = input.available().len();
        self.last_line(input, length, false)
    }

    fn eof_place(&self, bytes: &[u8]) -> Option<usize> {
        if self.eof_char == 0 {
            return None;
        }
        let mark = [self.eof_char, 0, 0, 0];
        if self.marks.unit == 1 {
            return memchr::memchr(self.eof_char, bytes);
        }
        // The units of the wide encodings differ from the line feed's in the character alone.
        let mut wide = self.marks.line_feed;
        for byte in &mut wide[..self.marks.unit] {
            if *byte == b'\n' {
                *byte = mark[0];
            }
        }
        self.marks.find(bytes, 0, &wide)
    }

    fn whole_line(&self, input: &mut Input, length: usize, end: usize) -> Line {
        let bytes = input.available();
        // A carriage return that is the last byte at hand may have its line feed still to come.
        let saw_return = self.line_end == LineEnd::Auto
            && end == self.marks.unit
            && length + end == bytes.len()
            && !self.marks.is_line_feed(&bytes[length..]);
        let mut state = input.state;
        let Some(text) = self.decode(&bytes[..length], &mut state) else {
            input.searched = 0;
            return Line::Invalid;
        };
        input.state = state;
        input.consume(length + end);
        input.searched = 0;
        input.saw_return = saw_return;
        Line::Whole(text)
    }

    fn last_line(&self, input: &mut Input, length: usize, at_mark: bool) -> Line {
        input.searched = 0;
        if length == 0 {
            return Line::End(at_mark);
        }
        let mut state = input.state;
        let Some(text) = self.decode(&input.available()[..length], &mut state) else {
            return Line::Invalid;
        };
        input.state = state;
        input.consume(length);
        Line::Last(text, at_mark)
    }

    /// The text of whole characters, or nothing if some bytes are malformed.
    fn decode(&self, bytes: &[u8], state: &mut tclring_vm::text::encoding::State) -> Option<Value> {
        let (is_utf8, is_latin1) = (self.encoding.is_utf8(), self.encoding.is_latin1());
        if (is_utf8 || is_latin1) && bytes.is_ascii() {
            return Some(Value::ascii(bytes));
        }
        if is_utf8 && std::str::from_utf8(bytes).is_ok() {
            return Some(Value::text_of(bytes));
        }
        if is_latin1 {
            return Some(Value::bytes(bytes.to_vec()));
        }
        let mut text = Vec::with_capacity(bytes.len());
        let decoded = self.encoding.decode(state, bytes, true, self.profile, usize::MAX, &mut text);
        match decoded.stop {
            Stop::Invalid(_) => None,
            Stop::Done | Stop::Incomplete | Stop::Limit => Some(Value::text_value(text)),
        }
    }
}

/// Why taking characters ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// There are as many as were asked for.
    Enough,
    /// The bytes at hand are used up, but for the start of a character.
    More,
    /// The input's end was reached; `true` if it is the end-of-file character.
    End(bool),
    /// The next bytes are malformed.
    Invalid,
}

impl Reading<'_> {
    /// Takes at most `limit` characters out of `input`, appends them to `out` as text, and counts them off.
    pub fn characters(&self, input: &mut Input, limit: &mut usize, out: &mut Vec<u8>) -> Taken {
        loop {
            if *limit == 0 {
                return Taken::Enough;
            }
            if input.saw_return && !input.is_empty() {
                input.saw_return = false;
                if self.line_end == LineEnd::Auto && self.marks.is_line_feed(input.available()) {
                    input.consume(self.marks.unit);
                    continue;
                }
            }
            let bytes = input.available();
            if bytes.is_empty() {
                return if self.at_end { Taken::End(false) } else { Taken::More };
            }
            let stop = self.eof_place(bytes);
            let window = &bytes[..stop.unwrap_or(bytes.len())];
            let mark = match self.line_end {
                LineEnd::Lf => None,
                _ => self.marks.find(window, 0, &self.marks.carriage_return),
            };
            let end = mark.unwrap_or(window.len());
            // What stands before a mark is complete; so is the last of the input.
            let is_whole = mark.is_some() || stop.is_some();
            match self.segment(input, end, is_whole, limit, out) {
                Segment::Done if mark.is_some() => {
                    match self.behind_return(input) {
                        Some(Stop::Invalid(_)) => return Taken::Invalid,
                        Some(Stop::Incomplete) if input.gather() => continue,
                        Some(Stop::Incomplete) if !self.at_end => return Taken::More,
                        _ => {}
                    }
                    if !self.carriage_return(input, limit, out) {
                        return Taken::More;
                    }
                }
                Segment::Done if stop.is_some() && *limit > 0 => return Taken::End(true),
                Segment::Done => {}
                Segment::Limit => return Taken::Enough,
                Segment::Invalid => return Taken::Invalid,
                Segment::Incomplete => {
                    if input.gather() {
                        continue;
                    }
                    return if self.at_end { Taken::Invalid } else { Taken::More };
                }
            }
        }
    }

    /// Decodes the first `end` bytes as far as the limit allows.
    fn segment(
        &self,
        input: &mut Input,
        end: usize,
        is_whole: bool,
        limit: &mut usize,
        out: &mut Vec<u8>,
    ) -> Segment {
        if end == 0 {
            return Segment::Done;
        }
        let is_last = is_whole || (self.at_end && input.len() == end);
        let bytes = &input.available()[..end];
        if self.encoding.is_utf8() && *limit >= end && std::str::from_utf8(bytes).is_ok() {
            out.extend_from_slice(bytes);
            if *limit != usize::MAX {
                *limit -= tclring_compiler::syntax::text::char_count(bytes);
            }
            input.consume(end);
            return Segment::Done;
        }
        let mut state = input.state;
        let decoded = self.encoding.decode(&mut state, bytes, is_last, self.profile, *limit, out);
        if *limit != usize::MAX {
            *limit -= decoded.chars;
        }
        input.state = state;
        input.consume(decoded.consumed);
        match decoded.stop {
            Stop::Done => Segment::Done,
            Stop::Incomplete => Segment::Incomplete,
            Stop::Limit => Segment::Limit,
            Stop::Invalid(_) => Segment::Invalid,
        }
    }

    /// Why no character is known to follow a carriage return of a channel that looks at what follows it.
    fn behind_return(&self, input: &Input) -> Option<Stop> {
        let rest = input.available().get(self.marks.unit..)?;
        if self.line_end != LineEnd::CrLf || rest.is_empty() || self.marks.is_line_feed(rest) {
            return None;
        }
        let mut state = input.state;
        let decoded = self.encoding.decode(&mut state, rest, false, self.profile, 1, &mut Vec::new());
        (decoded.chars == 0).then_some(decoded.stop)
    }

    /// Reads a carriage return; `false` if what follows has to be known first.
    fn carriage_return(&self, input: &mut Input, limit: &mut usize, out: &mut Vec<u8>) -> bool {
        if *limit == 0 {
            return true;
        }
        let unit = self.marks.unit;
        let count_off = |limit: &mut usize| {
            if *limit != usize::MAX {
                *limit -= 1;
            }
        };
        if self.line_end == LineEnd::CrLf {
            while input.available().len() < 2 * unit {
                if input.gather() {
                    continue;
                }
                if !self.at_end {
                    return false;
                }
                break;
            }
            let is_pair = self.marks.is_line_feed(&input.available()[unit..]);
            out.push(if is_pair { b'\n' } else { b'\r' });
            count_off(limit);
            input.consume(if is_pair { 2 * unit } else { unit });
            return true;
        }
        out.push(b'\n');
        count_off(limit);
        input.consume(unit);
        input.saw_return = self.line_end == LineEnd::Auto;
        true
    }
}

/// What became of a stretch of bytes without ends of lines.
enum Segment {
    Done,
    Limit,
    Incomplete,
    Invalid,
}
