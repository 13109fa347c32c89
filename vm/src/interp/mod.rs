//! The machine and its interpreters.
//!
//! A machine belongs to one thread. It owns the chain of frames that are being
//! run, the interpreters, and the namespaces and commands of all of them. It
//! does no I/O and reads no clock: what must wait suspends it.

pub mod arena;
pub mod args;
pub mod command;
pub mod ensemble;
pub mod exception;
pub mod frame;
pub mod life;
pub mod names;
pub mod namespace;
pub mod step;
pub mod trace;
pub mod var;
pub mod vars;

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tclring_compiler::Mode;

use crate::value::{OrderedMap, Value};
use arena::{Arena, Id};
use command::{Command, CommandId};
use exception::Exception;
use frame::{Context, DISCARD, Frame, FrameKind, FrameStack, WordForm};
use namespace::{Namespace, NamespaceId};

pub use command::{Args, CommandRow, EnsembleRow, MANY, Native, Outcome};
pub use step::{At, Run, Step, Then, What};

/// The identifier of an interpreter.
pub type InterpId = Id<Interp>;

/// How deep evaluations nest unless `interp recursionlimit` says otherwise.
pub const RECURSION_LIMIT: u32 = 1000;

/// The number of the main interpreter's first level of frames.
const BASE_REGISTERS: usize = 1024;

/// An interpreter: a global namespace and settings.
pub struct Interp {
    /// Its global namespace.
    pub global: NamespaceId,
    /// Grows when a command of it that the compiler knows is defined anew.
    pub redefinitions: u32,
    /// The rules it follows.
    pub mode: Mode,
    /// The interpreter that made it.
    pub parent: Option<InterpId>,
    /// Its name in the parent.
    pub name: Value,
    /// Interpreters that it made, by name.
    pub children: OrderedMap<Option<InterpId>>,
    /// The command in the parent that stands for it.
    pub command: CommandId,
    /// Hidden commands by token.
    pub hidden: OrderedMap<Option<CommandId>>,
    /// Aliases by token.
    pub aliases: OrderedMap<Option<CommandId>>,
    /// How deep evaluations may nest.
    pub recursion_limit: u64,
    /// How deep its own evaluations are nested while it does not run, and below which depth of the machine they
    /// begin while it does.
    pub(crate) own_depth: u32,
    /// See `own_depth`.
    pub(crate) base_depth: u32,
    /// How many commands it has run, as far as they are counted.
    pub command_count: u64,
    /// Whether it is safe.
    pub safe: bool,
    /// Whether it is being deleted.
    pub dying: bool,
    /// The trace of the last error that was caught or reported, for `info errorstack`.
    pub last_error_stack: Value,
    /// The line of the last error that was traced, for errors that have none.
    pub last_error_line: i64,
    /// Where that was: the identity of the code, and the address of the command.
    pub last_error_place: (u64, u32),
    /// The file that is being sourced, or what `info script` set; empty without one.
    pub script_file: Value,
    /// Traces whose steps are on, in the order of creation.
    pub steps: Vec<crate::cmd::trace_steps::StepTrace>,
    /// How many execution traces run: none of its commands is a step meanwhile.
    pub tracing: u32,
    /// Parts that the runtime hangs on it, by kind.
    pub parts: Vec<Box<dyn Any>>,
    /// Limits on it.
    pub limits: Limits,
    /// A cancellation asked for: the message and whether it unwinds everything.
    pub cancelled: Option<(Value, bool)>,
    /// The seed of `rand()`, once used.
    pub random_seed: Option<i64>,
    /// Whether `interp debug -frame` was turned on.
    pub debug_frame: bool,
    /// Whether completion codes other than those of errors may leave the script that another interpreter evaluates: none
    /// has been evaluated inside of it.
    pub allows_codes: bool,
    /// The command prefix that handles errors in the background; the default without one.
    pub background_error: Option<Value>,
    /// What its object system is built on.
    pub objects: crate::oo::Foundation,
}

impl Interp {
    /// Notes that a script of its own begins, as the reference evaluates one where a command needs its library.
    pub fn note_script(&mut self) {
        self.allows_codes = false;
        self.last_error_line = 1;
    }
}

/// Limits of one interpreter.
#[derive(Default, Clone)]
pub struct Limits {
    /// The command count at which it ends.
    pub commands: Option<u64>,
    /// How often (in commands) the count is looked at.
    pub command_granularity: u32,
    /// The script to run when the count is reached, and where.
    pub command_callback: Option<(InterpId, Value)>,
    /// The time (wall clock, microseconds) at which it ends.
    pub time: Option<i64>,
    /// How often the time is looked at.
    pub time_granularity: u32,
    /// The script to run when the time is reached, and where.
    pub time_callback: Option<(InterpId, Value)>,
    /// The end for which a command that waits has asked the script.
    pub time_asked: Option<i64>,
    /// Counts the commands between two looks.
    pub ticker: u32,
}

/// A coroutine: its frames while it is suspended.
pub struct Coroutine {
    /// The command that resumes it.
    pub command: CommandId,
    /// The frames; none while it runs.
    pub context: Option<Box<Context>>,
    /// The state.
    pub state: CoroutineState,
    /// Words to run in the coroutine's context when it is resumed next (`coroinject`).
    pub injected: Vec<Vec<Value>>,
    /// Depth of evaluations inside it.
    pub depth: u32,
}

/// What a coroutine waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoroutineState {
    /// Running, or waiting below what it resumed.
    Running,
    /// Suspended by `yield`: takes one argument at most.
    Yielded,
    /// Suspended by `yieldto`: takes any number of arguments.
    YieldedTo,
}

impl CoroutineState {
    /// The command that suspended the coroutine, or `active`.
    pub fn name(self) -> &'static str {
        match self {
            CoroutineState::Running => "active",
            CoroutineState::Yielded => "yield",
            CoroutineState::YieldedTo => "yieldto",
        }
    }
}

/// Words that an ensemble or alias replaced, for messages about wrong arguments.
#[derive(Clone)]
pub struct Rewrite {
    /// The words as they were given.
    pub original: Vec<Value>,
    /// How many of the original words stand for `inserted`.
    pub removed: usize,
    /// How many words of the invocation stand for them.
    pub inserted: usize,
}

/// Why [`Machine::run`] came back.
pub enum RunEnd {
    /// What the outermost barrier asked for is complete.
    Done(Result<Value, Exception>),
    /// The fuel is used up; call again to go on.
    OutOfFuel,
    /// A command waits for the runtime: what for, in the runtime's own terms.
    Blocked(Box<dyn Any>),
    /// `exit` with a status.
    Exit(i32),
}

/// Bits of the pending flag; see [`Machine::pending`].
pub mod pending {
    /// A limit or cancellation is to be looked at.
    pub const INTERRUPT: u32 = 1;
    /// The runtime wants to be asked (deferred sends, deadlines).
    pub const RUNTIME: u32 = 2;
    /// Fuel or command counts are being counted.
    pub const COUNT: u32 = 4;
    /// There are options of a `return` that succeeded, which the next call forgets.
    pub const OPTIONS: u32 = 8;
}

/// What a name was found to mean.
pub(crate) struct FoundName {
    pub(crate) epoch: u32,
    pub(crate) namespace: NamespaceId,
    pub(crate) name: Value,
    pub(crate) command: CommandId,
}

/// How many names that were looked up lately are remembered.
const FOUND_NAMES: usize = 64;

/// The machine of one thread.
pub struct Machine {
    /// The context that runs.
    active: Box<Context>,
    /// The contexts below it that wait for it, the main one first.
    #[expect(clippy::vec_box, reason = "a context moves between here, a coroutine and the active place")]
    waiting: Vec<Box<Context>>,
    /// All namespaces.
    pub namespaces: Arena<Namespace>,
    /// All commands.
    pub commands: Arena<Command>,
    /// All interpreters.
    pub interps: Arena<Interp>,
    /// All coroutines.
    pub coroutines: Arena<Coroutine>,
    /// The main interpreter.
    pub main: InterpId,
    /// Changes whenever a name may mean another command.
    pub epoch: u32,
    /// Changes whenever a lowered command may mean something else somewhere.
    pub core_epoch: u32,
    /// Whether code that runs may have lowered commands in line that mean something else by now.
    pub is_stale: bool,
    /// How many invocations of commands are under way, as the frames on the chain count them.
    pub depth: u32,
    /// How many more have begun whose frame is still to be pushed: it counts them. Commands that lead to other ones
    /// have no frame of their own.
    pub(crate) levels_ahead: u32,
    /// How deep evaluations may nest in the running interpreter.
    pub(crate) depth_limit: u32,
    /// Things to look at on backward jumps and calls; see [`pending`].
    pub pending: Arc<AtomicU32>,
    /// Operations left, if they are counted.
    pub fuel: Option<u64>,
    /// What the runtime hangs on the machine.
    pub extension: Option<Box<dyn Any>>,
    /// Called when the pending flag has [`pending::RUNTIME`].
    pub on_pending: Option<fn(&mut Machine)>,
    /// What a builtin's words replaced, while it runs.
    pub rewrite: Option<Rewrite>,
    /// The options of a `return` that succeeded, while [`pending::OPTIONS`] is set.
    pub(crate) kept_options: Value,
    /// The return options of any other success.
    pub(crate) plain_options: Value,
    /// Whether commands are lowered (off: every command is invoked).
    pub lowering: bool,
    /// Whether peephole improvements are made.
    pub peephole: bool,
    /// Counts units, for their identities.
    pub next_unit: u64,
    /// Scripts by their text, compiled before.
    pub scripts: crate::exec::unit::ScriptCache,
    /// Compiled regular expressions and the like, by kind.
    pub caches: crate::exec::unit::Caches,
    /// Names of commands that were looked up lately.
    pub(crate) found_names: Box<[FoundName; FOUND_NAMES]>,
    /// What the outermost barrier came to, on the way out.
    pub(crate) finished: Option<Result<Value, Exception>>,
    /// How many traces' steps are on: code entered meanwhile is not lowered, so that every command is seen.
    pub(crate) stepping: usize,
    /// Ends to be seen to before anything else goes on.
    pub(crate) endings: Vec<life::Task>,
    /// Namespaces that end when the last frame leaves them.
    pub(crate) dying_namespaces: Vec<NamespaceId>,
    /// Interpreters that end when the last frame leaves them.
    pub(crate) dying_interps: Vec<InterpId>,
    /// Called when an interpreter is about to be dropped.
    pub on_interp_deleted: Vec<fn(&mut Machine, InterpId)>,
    /// Called when an interpreter has been made: what the runtime adds to it.
    pub on_interp_made: Vec<fn(&mut Machine, InterpId)>,
    /// The objects of all interpreters.
    pub oo: crate::oo::System,
    /// Called with what went wrong where nobody waits for it.
    pub on_background_error: Option<fn(&mut Machine, InterpId, Exception)>,
    /// The words of the invocation that opens the next level, for `info level`.
    pub(crate) level_words: Option<Rc<[Value]>>,
    /// A clock for limits, given by the runtime (microseconds); none without it.
    pub wall_clock: Option<fn() -> i64>,
}

impl Machine {
    /// A machine with one interpreter that has the core commands.
    pub fn new() -> Machine {
        let mut machine = Machine {
            active: Box::new(Context::empty()),
            waiting: Vec::new(),
            namespaces: Arena::default(),
            commands: Arena::default(),
            interps: Arena::default(),
            coroutines: Arena::default(),
            main: Id::NONE,
            epoch: 1,
            core_epoch: 1,
            is_stale: false,
            depth: 0,
            levels_ahead: 0,
            depth_limit: RECURSION_LIMIT,
            pending: Arc::new(AtomicU32::new(0)),
            fuel: None,
            extension: None,
            on_pending: None,
            rewrite: None,
            kept_options: Value::EMPTY,
            plain_options: Value::from("-code 0 -level 0"),
            lowering: true,
            peephole: true,
            next_unit: 1,
            scripts: Default::default(),
            caches: Default::default(),
            found_names: Box::new(std::array::from_fn(|_| FoundName {
                epoch: 0,
                namespace: Id::NONE,
                name: Value::UNSET,
                command: Id::NONE,
            })),
            finished: None,
            stepping: 0,
            endings: Vec::new(),
            dying_namespaces: Vec::new(),
            dying_interps: Vec::new(),
            on_interp_deleted: Vec::new(),
            on_interp_made: Vec::new(),
            oo: Default::default(),
            on_background_error: None,
            level_words: None,
            wall_clock: None,
        };
        let main = machine.new_interp(None, Value::EMPTY, Mode::Tcl90);
        machine.main = main;
        let base = machine.base_context(main, None);
        machine.active = Box::new(base);
        crate::cmd::register_core(&mut machine, main);
        machine
    }

    /// A new interpreter without commands.
    pub fn new_interp(&mut self, parent: Option<InterpId>, name: Value, mode: Mode) -> InterpId {
        let interp = self.interps.insert(Interp {
            global: Id::NONE,
            mode,
            parent,
            name,
            children: OrderedMap::default(),
            command: Id::NONE,
            hidden: OrderedMap::default(),
            aliases: OrderedMap::default(),
            recursion_limit: u64::from(RECURSION_LIMIT),
            own_depth: 0,
            base_depth: 0,
            command_count: 0,
            redefinitions: 0,
            safe: false,
            dying: false,
            last_error_stack: Value::EMPTY,
            last_error_line: 1,
            last_error_place: (0, 0),
            script_file: Value::EMPTY,
            steps: Vec::new(),
            tracing: 0,
            parts: Vec::new(),
            limits: Limits { command_granularity: 1, time_granularity: 10, ..Limits::default() },
            cancelled: None,
            random_seed: None,
            debug_frame: false,
            allows_codes: false,
            background_error: None,
            objects: crate::oo::Foundation::default(),
        });
        let global = self.namespaces.insert(Namespace::new(Value::EMPTY, Value::from("::"), None, interp));
        self.interp_mut(interp).global = global;
        interp
    }

    /// A context with only its base frame, at the global level of `interp`.
    pub fn base_context(&self, interp: InterpId, coroutine: Option<Id<Coroutine>>) -> Context {
        let base = self.base_frame(interp);
        let registers = if coroutine.is_some() { Vec::new() } else { vec![Value::UNSET; BASE_REGISTERS] };
        Context {
            registers,
            frames: FrameStack::new(base),
            top: 0,
            coroutine,
            resume_at: DISCARD,
            yield_at: DISCARD,
            first: None,
            depth_before: 0,
            core_epoch: 0,
        }
    }

    fn base_frame(&self, interp: InterpId) -> Frame {
        Frame {
            kind: FrameKind::Base,
            careful: true,
            words_are: WordForm::Whole,
            standing: frame::Standing::Known,
            unit: None,
            then: None,
            pc: 0,
            levels: 0,
            base: 0,
            floor: 0,
            result_at: DISCARD,
            vars: 0,
            caller_vars: 0,
            level: 0,
            words: 0,
            word_count: 0,
            interp,
            namespace: self.interp(interp).global,
            command: Id::NONE,
            extra: None,
            method: None,
        }
    }

    /// The active context.
    #[inline(always)]
    pub fn context(&self) -> &Context {
        &self.active
    }

    /// The active context, to change.
    #[inline(always)]
    pub fn context_mut(&mut self) -> &mut Context {
        &mut self.active
    }

    /// Makes `context` the one that runs; the one that ran waits below it.
    pub(crate) fn push_context(&mut self, context: Box<Context>) {
        self.is_stale |= context.core_epoch != 0 && context.core_epoch != self.core_epoch;
        let below = std::mem::replace(&mut self.active, context);
        self.waiting.push(below);
    }

    /// The context that runs and those that wait for it, the bottom one first.
    pub(crate) fn running_contexts(&self) -> impl Iterator<Item = &Context> {
        self.waiting.iter().map(|context| &**context).chain(std::iter::once(&*self.active))
    }

    /// The same, to change.
    pub(crate) fn running_contexts_mut(&mut self) -> impl Iterator<Item = &mut Context> {
        std::iter::once(&mut *self.active).chain(self.waiting.iter_mut().map(|context| &mut **context))
    }

    /// The innermost coroutine of the running interpreter that runs or waits for what it called.
    pub(crate) fn own_coroutine(&self) -> Option<arena::Id<Coroutine>> {
        let here = self.current();
        let is_own = |context: &&Context| context.frames.first().is_some_and(|frame| frame.interp == here);
        let contexts =
            std::iter::once(&*self.active).chain(self.waiting.iter().rev().map(|context| &**context));
        contexts.filter(is_own).find_map(|context| context.coroutine)
    }

    /// Takes the context that runs off the one that waits below it.
    ///
    /// # Panics
    /// If it is the main context: only coroutines' contexts are taken off.
    pub(crate) fn pop_context(&mut self) -> Box<Context> {
        let below = self.waiting.pop().expect("a coroutine's context has one below it");
        let mut context = std::mem::replace(&mut self.active, below);
        if !self.is_stale {
            context.core_epoch = self.core_epoch;
        }
        context
    }

    /// The context that waits for the one that runs.
    pub(crate) fn context_below(&mut self) -> Option<&mut Context> {
        self.waiting.last_mut().map(|context| &mut **context)
    }

    /// The top frame.
    #[inline(always)]
    pub fn frame(&self) -> &Frame {
        self.context().frames.last().expect("a context has its base frame")
    }

    /// The top frame, to change.
    #[inline(always)]
    pub fn frame_mut(&mut self) -> &mut Frame {
        self.context_mut().frames.last_mut().expect("a context has its base frame")
    }

    /// The index of the frame whose variables the top frame sees.
    #[inline]
    pub fn vars(&self) -> u32 {
        self.frame().vars
    }

    /// The interpreter that runs.
    #[inline(always)]
    pub fn current(&self) -> InterpId {
        self.frame().interp
    }

    /// The namespace that names are resolved in.
    #[inline(always)]
    pub fn namespace_id(&self) -> NamespaceId {
        self.frame().namespace
    }

    /// An interpreter that is known to live.
    #[inline]
    pub fn interp(&self, id: InterpId) -> &Interp {
        self.interps.get(id).expect("a frame's interpreter lives as long as the frame")
    }

    /// An interpreter that is known to live, to change.
    #[inline]
    pub fn interp_mut(&mut self, id: InterpId) -> &mut Interp {
        self.interps.get_mut(id).expect("a frame's interpreter lives as long as the frame")
    }

    /// The rules that the running interpreter follows.
    #[inline]
    pub fn mode(&self) -> Mode {
        self.interp(self.current()).mode
    }

    /// A namespace that is known to live.
    #[inline]
    pub fn namespace(&self, id: NamespaceId) -> &Namespace {
        self.namespaces.get(id).expect("a frame's namespace lives as long as the frame")
    }

    /// A namespace that is known to live, to change.
    #[inline]
    pub fn namespace_mut(&mut self, id: NamespaceId) -> &mut Namespace {
        self.namespaces.get_mut(id).expect("a frame's namespace lives as long as the frame")
    }

    /// The global namespace of the running interpreter.
    pub fn global(&self) -> NamespaceId {
        self.interp(self.current()).global
    }

    /// Asks that the pending bits `bits` be looked at soon.
    pub fn set_pending(&self, bits: u32) {
        self.pending.fetch_or(bits, Ordering::Relaxed);
    }

    /// The part of type `T` of an interpreter, if it has one.
    pub fn part<T: Any>(&mut self, interp: InterpId) -> Option<&mut T> {
        self.interps.get_mut(interp)?.parts.iter_mut().find_map(|part| part.downcast_mut::<T>())
    }

    /// The runtime's extension of type `T`.
    pub fn extension<T: Any>(&mut self) -> Option<&mut T> {
        self.extension.as_mut()?.downcast_mut::<T>()
    }
}

impl Default for Machine {
    fn default() -> Machine {
        Machine::new()
    }
}
