//! Frames and contexts: the chain of what is being run.

use std::rc::Rc;

use tclring_compiler::bytecode::Op;

use super::arena::Id;
use super::command::CommandId;
use super::exception::Exception;
use super::namespace::NamespaceId;
use super::{Interp, Machine};
use crate::exec::unit::Unit;
use crate::interp::command::Outcome;
use crate::value::{OrderedMap, Value, View};

/// What a frame does with the outcome of what runs above it.
pub trait Continuation {
    /// Goes on with the outcome of what was asked for.
    fn resume(self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome;

    /// The list whose elements are the words of the command that runs above, if that is why this waits.
    fn command_list(&self) -> Option<&Value> {
        None
    }

    /// Whether it adds the command that runs above to the trace of its error.
    fn tells_of_command(&self) -> bool {
        false
    }
}

impl<F: FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome> Continuation for F {
    fn resume(self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        self(machine, outcome)
    }
}

/// What kind of frame it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// The bottom of a context: the global level.
    Base,
    /// A procedure or lambda, with variables of its own.
    Procedure,
    /// A script in a namespace (`namespace eval`), a level of its own.
    Namespace,
    /// A script in the variables of another frame (eval, uplevel, a body).
    Script,
    /// A native command that waits for what it asked for.
    Native,
    /// What events, traces and the like enter through: `yield`, `break` and
    /// `tailcall` do not cross it.
    Barrier,
}

/// Whether it is known to `info frame` where the script of a frame stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Known,
    /// Only if the script is a word of a command that a file runs itself: it runs at another level than the command
    /// that asked for it.
    IfDirect,
    /// It is not: the script was kept to be run later.
    Unknown,
    /// It is a body or an expression of a command that the reference compiles in line: it is told of as a part of the
    /// code around it.
    InLine,
}

/// Where the words are that a frame was invoked with, if its extra part does not hold them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordForm {
    /// In the frame's word registers.
    Whole,
    /// There, but for the name, which the call site of the frame below knows.
    Unnamed,
    /// There as the call site of the frame below has them: some are lists that stand for their elements.
    Parts,
}

/// Where the result of a frame goes.
pub const DISCARD: u32 = u32::MAX;

/// One frame.
///
/// What `exec::frame::push` writes at once stands together, the namespace and the command in the order of a call
/// site's cache.
#[repr(C)]
pub struct Frame {
    /// What it is.
    pub kind: FrameKind,
    /// Whether its end needs care: it is clear only in frames that an operation of the frame below entered, which takes
    /// the result (see `exec::frame::push`), and set when something comes to be owed on the way out.
    pub careful: bool,
    /// Where the words of its invocation are.
    pub words_are: WordForm,
    /// What the place of its script counts for `info frame`.
    pub standing: Standing,
    /// The next operation.
    pub pc: u32,
    /// How many levels of evaluation end with it: one in frames that `exec::frame::push` makes and in blanks.
    pub levels: u32,
    /// The code it runs; none in native frames.
    pub unit: Option<Rc<Unit>>,
    /// What goes on in a native frame.
    pub then: Option<Box<dyn Continuation>>,
    /// The first of its registers.
    pub base: u32,
    /// The first register beyond those in use when it was pushed.
    pub floor: u32,
    /// The register of the context where its result goes, or [`DISCARD`].
    pub result_at: u32,
    /// The frame whose variables it sees; itself for procedures and namespaces.
    pub vars: u32,
    /// For a frame with variables: the one that `uplevel 1` means.
    pub caller_vars: u32,
    /// The level, 0 at the base.
    pub level: u32,
    /// The first register of the words it was invoked with.
    pub words: u32,
    /// How many registers those are.
    pub word_count: u32,
    /// The interpreter that it runs in.
    pub interp: Id<Interp>,
    /// The namespace that names are resolved in.
    pub namespace: NamespaceId,
    /// The command that it is the body of; none in lambdas.
    pub command: CommandId,
    /// What only some frames need.
    pub extra: Option<Box<Extra>>,
    /// The call that it is the body of, if it is a method's; then it is careful, too.
    pub(crate) method: Option<Rc<crate::oo::MethodCall>>,
}

/// What only some frames need.
#[derive(Default)]
pub struct Extra {
    /// Variables made at run time beyond the named registers; every value is a link.
    pub variables: OrderedMap<Value>,
    /// Those of them that are links to variables elsewhere.
    pub links: Vec<Value>,
    /// Named registers that were moved to a cell and belong to this frame.
    pub owned: Vec<u16>,
    /// Operands whose read traces have fired: the operation's address and a mask.
    pub fired: Option<(u32, u8)>,
    /// Words to run in place of the frame when it ends (`tailcall`), with their namespace.
    pub tail_call: Option<(Vec<Value>, NamespaceId)>,
    /// The words of the invocation, when they are not in registers.
    pub words: Option<Rc<[Value]>>,
    /// A handler that runs when the frame ends, whatever its outcome.
    pub leave: Option<Box<dyn Continuation>>,
    /// What the level defines (`oo::define`).
    pub definition: Option<crate::oo::Definition>,
}

/// A chain of frames with its registers: the main one, or a coroutine's.
pub struct Context {
    /// The registers of all frames. Those above the top frame's are unset.
    pub registers: Vec<Value>,
    /// The frames, the base first.
    pub frames: FrameStack,
    /// The first register beyond those in use by the top frame.
    pub top: u32,
    /// The coroutine that it belongs to, if any.
    pub coroutine: Option<Id<super::Coroutine>>,
    /// Where the resumer of the coroutine wants the result.
    pub resume_at: u32,
    /// The register where what `yield` gives back goes.
    pub yield_at: u32,
    /// What is done first at the next resumption, in the place of what waits.
    pub first: Option<Box<dyn Continuation>>,
    /// How deep evaluations were nested when it was resumed.
    pub depth_before: u32,
    /// The core epoch when it was suspended; 0 before it ran.
    pub core_epoch: u32,
}

impl Frame {
    /// Whether a named register holds the variable `name`.
    pub fn has_register(&self, name: &Value) -> bool {
        self.unit.as_ref().is_some_and(|unit| unit.register_of(name).is_some())
    }

    /// Whether the variable `name` was moved from a register of this frame to a cell.
    pub fn owns(&self, name: &Value) -> bool {
        let register = self.unit.as_ref().and_then(|unit| unit.register_of(name));
        self.extra.as_ref().zip(register).is_some_and(|(extra, register)| extra.owned.contains(&register))
    }

    /// Whether it is the body of a lambda: the words are those of `apply`.
    pub fn is_lambda(&self) -> bool {
        self.kind == FrameKind::Procedure && self.command == Id::NONE
    }

    /// The extra part, made if need be.
    pub fn extra(&mut self) -> &mut Extra {
        self.careful = true;
        self.extra.get_or_insert_default()
    }
}

/// The live frames of a context. Frames that were popped stay behind as blanks,
/// so that entering a procedure writes a frame in place instead of moving one.
pub struct FrameStack {
    frames: Vec<Frame>,
    live: usize,
}

impl FrameStack {
    /// A stack with its base frame.
    pub fn new(base: Frame) -> FrameStack {
        FrameStack { frames: vec![base], live: 1 }
    }

    /// Pushes a frame.
    pub fn push(&mut self, frame: Frame) {
        match self.frames.get_mut(self.live) {
            Some(blank) => *blank = frame,
            None => self.frames.push(frame),
        }
        self.live += 1;
    }

    /// Makes the top frame a blank, where it stands; what it held is let go, but for what goes on in it.
    ///
    /// # Panics
    /// If there is no frame.
    pub fn pop(&mut self) -> Option<Box<dyn Continuation>> {
        self.live = self.live.checked_sub(1).expect("a context has its base frame");
        let frame = &mut self.frames[self.live];
        frame.levels = 1;
        frame.unit = None;
        frame.extra = None;
        frame.method = None;
        frame.then.take()
    }

    /// All frames, blanks included; how many of them are live; and how many there are.
    #[inline(always)]
    pub(crate) fn parts(&mut self) -> (*mut Frame, usize, usize) {
        (self.frames.as_mut_ptr(), self.live, self.frames.len())
    }

    /// Makes the blank above the top frame live.
    #[inline(always)]
    pub fn raise(&mut self) {
        debug_assert!(self.live < self.frames.len(), "there is a blank to be raised");
        self.live += 1;
    }

    /// Makes the top frame a blank; it holds nothing any more.
    #[inline(always)]
    pub fn lower(&mut self) {
        self.live -= 1;
    }
}

impl std::ops::Deref for FrameStack {
    type Target = [Frame];

    #[inline(always)]
    fn deref(&self) -> &[Frame] {
        &self.frames[..self.live]
    }
}

impl std::ops::DerefMut for FrameStack {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [Frame] {
        &mut self.frames[..self.live]
    }
}

impl Context {
    /// The words of the invocation that pushed the frame number `index`; none for a frame that was not invoked.
    pub(crate) fn words_of(&self, index: usize) -> Vec<Value> {
        let frame = &self.frames[index];
        if let Some(words) = frame.extra.as_ref().and_then(|extra| extra.words.as_ref()) {
            return words.to_vec();
        }
        let start = frame.words as usize;
        let registers = &self.registers[start..start + frame.word_count as usize];
        let below = index.checked_sub(1).map(|below| &self.frames[below]);
        let site = below.and_then(|below| Some((below.unit.as_ref()?, below.pc.checked_sub(1)?)));
        let op = site.and_then(|(unit, pc)| Some((unit, unit.ops.get(pc as usize)?)));
        match (frame.words_are, op) {
            (WordForm::Unnamed, Some((unit, Op::Call { site, .. }))) => {
                let mut words = registers.to_vec();
                let known = unit.call_names.get(usize::from(site.0)).filter(|name| !name.is_unset());
                if let (Some(name), Some(first)) = (known, words.first_mut()) {
                    *first = name.clone();
                }
                words
            }
            (WordForm::Parts, Some((unit, Op::CallSpread { site, .. }))) => {
                let spread = unit.code().call_sites[usize::from(site.0)].spread;
                let mut words = Vec::new();
                for (number, part) in registers.iter().enumerate() {
                    match part.view() {
                        View::List(list) if spread >> number & 1 == 1 => {
                            words.extend_from_slice(list.items())
                        }
                        _ => words.push(part.clone()),
                    }
                }
                words
            }
            _ => registers.to_vec(),
        }
    }

    /// A context without frames, to be replaced before it runs.
    pub(crate) fn empty() -> Context {
        Context {
            registers: Vec::new(),
            frames: FrameStack { frames: Vec::new(), live: 0 },
            top: 0,
            coroutine: None,
            resume_at: DISCARD,
            yield_at: DISCARD,
            first: None,
            depth_before: 0,
            core_epoch: 0,
        }
    }
}
