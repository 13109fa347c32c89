//! Channels and transformations that are written in Tcl: what is known of them.
//!
//! Nothing here runs scripts; `reflect.rs` asks their handlers.

use tclring_vm::interp::InterpId;
use tclring_vm::value::Value;

use super::channel::{Channel, Kind};
use super::input::Input;
use super::output::Output;

/// The methods of a channel's handler.
pub const CHANNEL_METHODS: [&str; 11] = [
    "blocking",
    "cget",
    "cgetall",
    "configure",
    "finalize",
    "initialize",
    "read",
    "seek",
    "truncate",
    "watch",
    "write",
];
/// The methods of a transformation's handler.
pub const TRANSFORM_METHODS: [&str; 8] =
    ["clear", "drain", "finalize", "flush", "initialize", "limit?", "read", "write"];

/// A command prefix whose methods do the work.
#[derive(Clone)]
pub struct ScriptHandler {
    /// In which interpreter it runs.
    pub interp: InterpId,
    /// The words before the method.
    pub words: Vec<Value>,
    /// What the methods know the channel by.
    pub handle: Value,
    /// The names of all methods.
    pub methods: &'static [&'static str],
    /// The bits of those that it has, by their places.
    pub supported: u16,
}

impl ScriptHandler {
    /// Whether it has a method.
    pub fn has(&self, method: &str) -> bool {
        self.methods.iter().position(|name| *name == method).is_some_and(|at| self.supported & (1 << at) != 0)
    }

    /// The words that call a method.
    pub fn call(&self, method: &str, args: impl IntoIterator<Item = Value>) -> Vec<Value> {
        let mut words = self.words.clone();
        words.push(Value::from(method));
        words.push(self.handle.clone());
        words.extend(args);
        words
    }
}

/// A channel that a handler makes up.
pub struct ScriptDevice {
    /// The handler.
    pub handler: ScriptHandler,
    /// The events that it was last told somebody waits for.
    pub watched: u8,
    /// Whether output waits until it says that it takes some.
    pub waits_to_write: bool,
}

/// A transformation on top of a channel.
pub struct Transform {
    /// The handler.
    pub handler: ScriptHandler,
    /// Bytes that it has to read before those from below.
    pub pending: Vec<u8>,
    /// Whether it has given all it held back at the end of the input.
    pub is_drained: bool,
    /// Whether it has met the end of what it reads: what is pending then is for those below.
    pub has_ended: bool,
    /// Whether the channel was open for reading and for writing below it.
    pub was_open: [bool; 2],
}

/// What stands on top of a channel. Its `input` is what the uppermost transformation has made; its `output` is what
/// the lowest one has.
#[derive(Default)]
pub struct Stack {
    /// The transformations, the lowest first.
    pub transforms: Vec<Transform>,
    /// What the channel below has received.
    pub base: Input,
    /// What scripts have written, not transformed yet.
    pub output: Output,
}

impl Channel {
    /// Whether input and output go through scripts.
    pub fn is_scripted(&self) -> bool {
        self.stack.is_some() || matches!(self.kind, Kind::Script(_))
    }

    /// What has been received and not transformed.
    #[inline]
    pub fn raw_input(&mut self) -> &mut Input {
        match &mut self.stack {
            Some(stack) => &mut stack.base,
            None => &mut self.input,
        }
    }

    /// What scripts have written, encoded.
    #[inline]
    pub fn top_output(&mut self) -> &mut Output {
        match &mut self.stack {
            Some(stack) => &mut stack.output,
            None => &mut self.output,
        }
    }

    /// How many bytes scripts have written that were not passed on yet.
    pub fn unflushed(&self) -> usize {
        self.output.buffer.len() + self.stack.as_ref().map_or(0, |stack| stack.output.buffer.len())
    }

    /// Whether input stands below or between transformations.
    pub fn has_input_below(&self) -> bool {
        self.stack.as_ref().is_some_and(|stack| {
            !stack.base.is_empty() || stack.transforms.iter().any(|transform| !transform.pending.is_empty())
        })
    }

    /// The device that a handler makes up, if it is one.
    pub fn script_device(&mut self) -> Option<&mut ScriptDevice> {
        match &mut self.kind {
            Kind::Script(device) => Some(device),
            _ => None,
        }
    }
}
