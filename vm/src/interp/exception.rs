//! Script exceptions: completion codes other than ok, with their return options.

use tclring_compiler::syntax::list::append_element;

use crate::value::{Dict, Value};

/// The completion code of success.
pub const OK: i64 = 0;
/// The completion code of an error.
pub const ERROR: i64 = 1;
/// The completion code of `return`.
pub const RETURN: i64 = 2;
/// The completion code of `break`.
pub const BREAK: i64 = 3;
/// The completion code of `continue`.
pub const CONTINUE: i64 = 4;

/// A script exception; boxed, since success is the common case.
pub type Exception = Box<Raised>;

/// What was raised.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The completion code, not ok.
    pub code: i64,
    /// The result: for an error its message.
    pub result: Value,
    /// For [`RETURN`]: how many procedure levels to go up before `return_code` takes effect.
    pub level: i64,
    /// For [`RETURN`]: the completion code at the end.
    pub return_code: i64,
    /// The error code, once set.
    pub error_code: Option<Value>,
    /// The error's trace so far, once begun.
    pub error_info: Option<Vec<u8>>,
    /// The line of the command that failed last, in its script.
    pub error_line: i64,
    /// `-errorstack`, newest last, once begun.
    pub error_stack: Vec<Value>,
    /// Options that `return` was given: those that are kept elsewhere, too, for their places.
    pub other_options: Vec<(Value, Value)>,
    /// Whether the command at hand is in the trace already.
    pub logged: bool,
    /// Whether the command that it came from last was left out of the trace, as `try` is.
    pub left_out: bool,
    /// Whether `error_line` is the line of a command in the code that it leaves at the moment.
    pub counted: bool,
    /// Whether it is passing a command that the reference compiles in line, where it stands: nothing is said of that.
    pub in_line: bool,
    /// Whether it is about a malformed command that stands at the end of what it is passing so.
    pub is_malformed: bool,
    /// Whether the reference raises it by options that it has made while compiling: its stack comes last then.
    pub is_compiled_in: bool,
    /// Whether `catch` and `try` let it pass (a cancellation that unwinds, a limit).
    pub uncatchable: bool,
}

/// The options that every error has beside its code and level.
const OWN_OPTIONS: [&str; 4] = ["-errorstack", "-errorcode", "-errorinfo", "-errorline"];

impl Raised {
    /// An exception with a completion code and a result.
    pub fn new(code: i64, result: Value) -> Exception {
        Box::new(Raised {
            code,
            result,
            level: if code == RETURN { 1 } else { 0 },
            return_code: if code == RETURN { OK } else { code },
            error_code: None,
            error_info: None,
            error_line: 1,
            error_stack: Vec::new(),
            other_options: Vec::new(),
            logged: false,
            left_out: false,
            counted: false,
            in_line: false,
            is_malformed: false,
            is_compiled_in: false,
            uncatchable: false,
        })
    }

    /// An error with a message.
    pub fn error(message: impl Into<Value>) -> Exception {
        Raised::new(ERROR, message.into())
    }

    /// The exception with the error code made of `words`.
    pub fn with_code<T: AsRef<[u8]>>(mut self: Box<Self>, words: &[T]) -> Exception {
        let mut list = Vec::new();
        for (i, word) in words.iter().enumerate() {
            append_element(&mut list, word.as_ref(), i == 0);
        }
        self.error_code = Some(Value::text_value(list));
        self
    }

    /// Gives the options that an error has their places, before its code and level: it is raised by its options.
    pub fn settle_options(&mut self) {
        if self.code != ERROR {
            return;
        }
        let own = OWN_OPTIONS.map(Value::from);
        let given = self.other_options.iter().rposition(|(key, _)| own.contains(key));
        let mut at = given.map_or(0, |last| last + 1);
        for key in own {
            if !self.is_given(&key) {
                self.other_options.insert(at, (key, Value::EMPTY));
                at += 1;
            }
        }
    }

    /// The same, behind all options that were given: it comes from another interpreter.
    pub fn append_options(&mut self) {
        if self.code == ERROR {
            let missing = OWN_OPTIONS.map(Value::from).into_iter().filter(|key| !self.is_given(key));
            let missing: Vec<_> = missing.map(|key| (key, Value::EMPTY)).collect();
            self.other_options.extend(missing);
        }
    }

    /// Adds text to the error's trace, which begins with the message. The command around is added next.
    pub fn add_info(&mut self, text: &[u8]) {
        if self.in_line {
            return;
        }
        self.logged = false;
        self.trace().extend_from_slice(text);
    }

    /// The error's trace, begun with the message if need be.
    pub fn trace(&mut self) -> &mut Vec<u8> {
        let result = &self.result;
        self.error_info.get_or_insert_with(|| result.to_text())
    }

    /// Adds the command that failed to the error's trace, unless that stands there already.
    pub fn log_command(&mut self, command: &[u8]) {
        if self.code != ERROR {
            return;
        }
        if !self.logged {
            self.error_line = 1;
            crate::exec::log_text(self, command);
        }
        self.logged = false;
    }

    /// The error code, `NONE` if none was set.
    pub fn error_code(&self) -> Value {
        self.error_code.clone().unwrap_or_else(|| Value::from("NONE"))
    }

    /// The return options dictionary, as `catch` gives it.
    pub fn options(&self) -> Dict {
        let mut options = Dict::default();
        let has_error = self.code == ERROR || self.code == RETURN;
        let known = |key: &[u8]| -> Option<Value> {
            match key {
                b"-errorstack" if self.code == ERROR => Some(Value::list(self.error_stack.clone())),
                b"-errorcode" if self.code == ERROR || self.error_code.is_some() && has_error => {
                    Some(self.error_code())
                }
                b"-errorinfo" if self.code == ERROR || self.error_info.is_some() && has_error => {
                    let info = self.error_info.as_deref().map(Value::text_of);
                    Some(info.unwrap_or_else(|| self.result.clone()))
                }
                b"-errorline" if self.code == ERROR || self.error_info.is_some() && has_error => {
                    Some(Value::int(self.error_line))
                }
                _ => None,
            }
        };
        // What was given keeps its place. What it happened during comes last until that is settled.
        let is_settled = OWN_OPTIONS.map(Value::from).iter().all(|own| self.is_given(own));
        let comes_last = |key: &Value| !is_settled && *key.text() == *b"-during";
        for (key, value) in self.other_options.iter().filter(|(key, _)| !comes_last(key)) {
            let value = known(&key.text()).unwrap_or_else(|| value.clone());
            options.insert(key, value);
        }
        let (code, level) = if self.code == RETURN { (self.return_code, self.level) } else { (self.code, 0) };
        options.insert(&Value::from("-code"), Value::int(code));
        options.insert(&Value::from("-level"), Value::int(level));
        let mut own = OWN_OPTIONS;
        own.rotate_left(usize::from(self.is_compiled_in));
        for key in own {
            if let Some(value) = known(key.as_bytes()) {
                options.insert(&Value::from(key), value);
            }
        }
        for (key, value) in self.other_options.iter().filter(|(key, _)| comes_last(key)) {
            options.insert(key, value.clone());
        }
        options
    }

    fn is_given(&self, key: &Value) -> bool {
        self.other_options.iter().any(|(given, _)| given == key)
    }
}

/// A piece of a message; see [`crate::text!`].
pub trait Piece {
    /// Appends the piece.
    fn append_to(&self, out: &mut Vec<u8>);
}

impl Piece for &str {
    fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }
}

impl Piece for String {
    fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }
}

impl Piece for &[u8] {
    fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
}

impl Piece for Vec<u8> {
    fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
}

impl Piece for &Vec<u8> {
    fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
}

impl Piece for Value {
    fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text());
    }
}

impl Piece for &Value {
    fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text());
    }
}

impl Piece for crate::value::TextRef<'_> {
    fn append_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
}

macro_rules! number_pieces {
    ($($ty:ty),*) => {$(
        impl Piece for $ty {
            fn append_to(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(self.to_string().as_bytes());
            }
        }
    )*};
}
number_pieces!(i64, u64, usize, i32, u32);

/// The text made of pieces: strings, texts, values, numbers.
#[macro_export]
macro_rules! text {
    ($($piece:expr),* $(,)?) => {{
        #[allow(unused_mut, reason = "there may be no pieces")]
        let mut out: Vec<u8> = Vec::new();
        $($crate::interp::exception::Piece::append_to(&$piece, &mut out);)*
        out
    }};
}

/// An error whose message is made of pieces; after `;` the words of the error code.
#[macro_export]
macro_rules! error {
    ($($piece:expr),+ ; $($word:expr),+ $(,)?) => {
        $crate::interp::exception::Raised::error($crate::text![$($piece),+])
            .with_code(&[$(AsRef::<[u8]>::as_ref(&$word)),+])
    };
    ($($piece:expr),+ $(,)?) => {
        $crate::interp::exception::Raised::error($crate::text![$($piece),+])
    };
}
