//! Units: code loaded by a machine, with its constants as values and its caches.

use std::any::Any;
use std::cell::{Cell, OnceCell};
use std::rc::{Rc, Weak};

use foldhash::fast::RandomState;
use tclring_compiler::Mode;
use tclring_compiler::bytecode::{Code, Constant, JumpTable, Op, Verified};
use tclring_compiler::source::{LineIndex, Span, line_of};
use tclring_compiler::syntax::double::canonical_double;
use tclring_compiler::syntax::number::{canonical_int, parse_number};

use crate::interp::Coroutine;
use crate::interp::arena::Id;
use crate::interp::command::{CommandId, CommandRow};
use crate::interp::namespace::NamespaceId;
use crate::oo::{Form, ObjectId};
use crate::value::{ListObj, OrderedMap, Place, StrObj, Value};

/// A map with a fast, seeded hash. Nothing observable depends on its order.
type HashMap<K, V> = hashbrown::HashMap<K, V, RandomState>;

/// Code as a machine runs it.
pub struct Unit {
    /// The verified code.
    pub code: Verified,
    /// The operations, apart from the code for speed.
    pub ops: Box<[Op]>,
    /// The constants as values.
    pub constants: Box<[Value]>,
    /// The names of the named registers as values.
    pub local_names: Box<[Value]>,
    /// The number of named registers.
    pub locals: u16,
    /// The number of parameters, if it is a procedure's body.
    pub params: u16,
    /// The number of registers.
    pub registers: u32,
    /// Inline caches of the call sites.
    pub calls: Box<[Cell<CallCache>]>,
    /// Inline caches of the call sites for command prefixes.
    pub prefixes: Box<[Cell<Option<Box<PrefixCache>>>]>,
    /// The commands' names that the call sites know, unset for the others.
    pub call_names: Box<[Value]>,
    /// Inline caches of the variable sites.
    pub variables: Box<[Cell<VariableCache>]>,
    /// The names of the variable sites as values.
    pub variable_names: Box<[Value]>,
    /// Targets of jump tables by text.
    pub jump_tables: Box<[HashMap<Vec<u8>, u32>]>,
    /// The rules it was compiled under.
    pub mode: Mode,
    /// A number of its own, for caches that depend on its registers.
    pub identity: u64,
    /// The core epoch under which its lowered commands mean the standard ones.
    pub core_epoch: Cell<u32>,
    /// How often commands that the compiler knows had been defined anew when it was last begun.
    pub redefinitions: Cell<u32>,
    /// The namespace that this was found for.
    pub namespace: Cell<NamespaceId>,
    /// The core epoch under which it was found for one of the namespaces of objects that are all alike.
    pub ordinary: Cell<u32>,
    /// How many lines come before its source in the file or body that it is part of.
    pub line_offset: u32,
    /// The line of the script around it that its source begins on, counted from 1, for a braced word; else 0.
    pub outer_line: u32,
    /// Whether it stands in for another unit whose assumptions do not hold any more; see [`Machine::renew_frames`].
    pub guarded: bool,
    /// Where the source stands, as far as it is known.
    pub place: Option<Rc<Place>>,
    /// Registers by name.
    local_index: OrderedMap<u16>,
}

/// What a call site found last.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct CallCache {
    /// The machine's epoch at that time.
    pub epoch: u32,
    /// Where it was looked up from.
    pub namespace: NamespaceId,
    /// What was found.
    pub command: CommandId,
    /// What the call enters without more ado: the compiled body of a procedure whose parameters are all plain,
    /// called with as many words. Null for anything else. Whatever replaces a procedure's unit changes the epoch.
    pub entry: *const Unit,
    /// The namespace of the procedure.
    pub home: NamespaceId,
    /// What the command is to the short ways of calls.
    pub callee: Callee,
    /// The bits of the name that was looked up, if the site does not know it; see [`Value::short_bits`].
    pub name: [u64; 2],
}

/// What a call of a command prefix (`{*}$prefix word ...`) led to last.
pub struct PrefixCache {
    /// The machine's epoch at that time.
    pub epoch: u32,
    /// How many words of the prefix are no arguments: 2 for a lambda.
    pub skipped: u32,
    /// Where it was called from.
    pub namespace: NamespaceId,
    /// The prefix.
    pub list: Weak<ListObj>,
    /// The compiled body of what was called, whose parameters are all plain.
    pub unit: Weak<Unit>,
    /// The namespace it runs in.
    pub home: NamespaceId,
    /// The command, none for a lambda.
    pub command: CommandId,
}

/// What a command is to the short ways of calls; see [`super::calls`].
#[derive(Clone, Copy)]
pub enum Callee {
    /// Not looked at yet, or a procedure that `entry` leads into.
    Unknown,
    /// Nothing that has a short way.
    Ordinary,
    /// A builtin that answers or says what to run next.
    Builtin(&'static CommandRow),
    /// A procedure with plain parameters; for its compiled body and namespace the same holds as for `entry`.
    Procedure(*const Unit, NamespaceId),
    /// A procedure with defaults or `args`, in this namespace.
    Flexible(NamespaceId),
    /// A procedure that takes whatever it is given and has an empty body.
    Nothing,
    /// `apply`.
    Apply,
    /// `yield`.
    Yield,
    /// `next`.
    Next,
    /// An object.
    Object(ObjectId, Form),
    /// A coroutine's command.
    Coroutine(Id<Coroutine>),
}

/// Where a variable site found its variable last.
#[derive(Clone, Copy)]
pub struct VariableCache {
    /// The scope: a namespace's number, or a unit's identity with the top bit set; 0 for none.
    pub scope: u64,
    /// The namespace's variable epoch, or what says what the slot is in a procedure.
    pub epoch: u32,
    /// The position among the variables, or the register.
    pub slot: u32,
}

/// The bit that marks a unit's identity as a scope.
pub const UNIT_SCOPE: u64 = 1 << 63;

impl Unit {
    /// Loads `code`, whose source stands at `place`.
    pub fn load(
        code: Verified,
        identity: u64,
        core_epoch: u32,
        namespace: NamespaceId,
        place: Option<Rc<Place>>,
    ) -> Unit {
        let plain: &Code = code.code();
        let lines = Lines { code: plain, index: OnceCell::new() };
        let constants = plain
            .constants
            .iter()
            .map(|constant| constant_value(constant, &lines, identity | UNIT_SCOPE, place.as_deref()))
            .collect();
        let local_names: Box<[Value]> = plain.locals.iter().map(|name| Value::text_of(name)).collect();
        let mut local_index = OrderedMap::default();
        for (register, name) in local_names.iter().enumerate() {
            local_index.insert(name, u16::try_from(register).expect("named registers are below 2^15"));
        }
        let no_call = CallCache {
            epoch: 0,
            namespace: Id::NONE,
            command: Id::NONE,
            entry: std::ptr::null(),
            home: Id::NONE,
            callee: Callee::Unknown,
            name: [0; 2],
        };
        let no_variable = VariableCache { scope: 0, epoch: 0, slot: 0 };
        Unit {
            ops: plain.ops.clone().into_boxed_slice(),
            constants,
            mode: plain.mode,
            locals: u16::try_from(local_names.len()).expect("named registers are below 2^15"),
            local_names,
            params: 0,
            registers: plain.registers,
            calls: plain.call_sites.iter().map(|_| Cell::new(no_call)).collect(),
            prefixes: plain.call_sites.iter().map(|_| Cell::new(None)).collect(),
            call_names: plain
                .call_sites
                .iter()
                .map(|site| site.name.as_ref().map_or(Value::UNSET, |n| text_value(n)))
                .collect(),
            variables: plain.variable_sites.iter().map(|_| Cell::new(no_variable)).collect(),
            variable_names: plain.variable_sites.iter().map(|site| Value::text_of(&site.name)).collect(),
            jump_tables: jump_tables(plain),
            identity: identity | UNIT_SCOPE,
            core_epoch: Cell::new(core_epoch),
            redefinitions: Cell::new(0),
            namespace: Cell::new(namespace),
            ordinary: Cell::new(0),
            line_offset: 0,
            outer_line: 0,
            guarded: false,
            place,
            local_index,
            code,
        }
    }

    /// The named register of a variable.
    pub fn register_of(&self, name: &Value) -> Option<u16> {
        self.register_of_same(name).or_else(|| self.local_index.get(name).copied())
    }

    /// The named register of a variable, if `name` is one of the first names in every bit.
    #[inline]
    pub fn register_of_same(&self, name: &Value) -> Option<u16> {
        let few = &self.local_names[..self.local_names.len().min(FEW_LOCALS)];
        few.iter()
            .position(|local| local.is_identical(name))
            .and_then(|register| u16::try_from(register).ok())
    }

    /// The plain code.
    pub fn code(&self) -> &Code {
        self.code.code()
    }
}

/// The targets of the code's jump tables by text; of equal texts the first counts.
fn jump_tables(code: &Code) -> Box<[HashMap<Vec<u8>, u32>]> {
    let map = |table: &JumpTable| {
        let mut map = HashMap::default();
        for (text, target) in &table.arms {
            map.entry(text.clone()).or_insert(*target);
        }
        map
    };
    code.jump_tables.iter().map(map).collect()
}

/// The lines of a code's source, which are found when they are needed.
struct Lines<'a> {
    code: &'a Code,
    index: OnceCell<LineIndex>,
}

/// Up to this length the lines of a source are counted for each constant.
const COUNTED_BYTES_MAX: usize = 2048;

impl Lines<'_> {
    /// The line, counted from 1, at an offset in the source.
    fn line(&self, offset: u32) -> u32 {
        let source = &self.code.source;
        if source.len() <= COUNTED_BYTES_MAX {
            return line_of(source, offset as usize);
        }
        self.index.get_or_init(|| LineIndex::new(source)).line(offset)
    }
}

fn constant_value(constant: &Constant, lines: &Lines, identity: u64, around: Option<&Place>) -> Value {
    let code = lines.code;
    match constant {
        Constant::Int(n) => Value::int(*n),
        Constant::Double(d) => Value::double(*d),
        // A braced word may be a script, a list or a pattern: let what it is read as be cached.
        Constant::Text { text, origin: Some(origin) }
            if text.len() > 1 || text.first().is_some_and(u8::is_ascii_alphabetic) =>
        {
            match canonical_int(text) {
                Some(n) => Value::int(n),
                None => {
                    let object = StrObj::new(text.clone());
                    object.set_place(Rc::new(place_of(text, *origin, (lines, identity), around)));
                    Value::from_str_obj(Rc::new(object))
                }
            }
        }
        Constant::Text { text, .. } => match canonical_double(text) {
            Some(number) if code.mode == Mode::Tcl90 => Value::double(number),
            // A list, or a number written in another way (`0x80`): let what it is read as be cached.
            _ if text.trim_ascii().contains(&b' ') || parse_number(text, code.mode).is_some() => {
                Value::cacheable(text.clone())
            }
            _ => text_value(text),
        },
    }
}

/// Where the word `text` stands that is at `origin` in the source of the code (with its identity), which stands at
/// `around`.
fn place_of(text: &[u8], origin: Span, (lines, identity): (&Lines, u64), around: Option<&Place>) -> Place {
    let line = lines.line(origin.start);
    let file = around.and_then(|around| {
        let (name, first) = around.file.as_ref()?;
        Some((name.clone(), first + line - 1 + around.joined_before(origin.start)))
    });
    let around = around.map_or(&[][..], |around| {
        let before = |end| around.joined_before(end) as usize;
        &around.joins[before(origin.start)..before(origin.end)]
    });
    let mut joins: Vec<u32> = around.iter().map(|join| join - origin.start).collect();
    if origin.len() != text.len() {
        joins.extend(joins_in(origin.of(&lines.code.source)));
        joins.sort_unstable();
    }
    Place { line, file, word: (identity, origin.start), joins: joins.into() }
}

/// The offsets at which a backslash joins two lines of a braced word, in the text without them.
fn joins_in(written: &[u8]) -> Vec<u32> {
    let mut joins = Vec::new();
    let (mut at, mut taken) = (0, 0);
    while let Some(found) = memchr::memchr(b'\\', &written[at..]) {
        let slash = at + found;
        if written.get(slash + 1) != Some(&b'\n') {
            at = (slash + 2).min(written.len());
            continue;
        }
        let rest = &written[slash + 2..];
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        joins.push((slash - taken) as u32);
        // The backslash, the line's end and the blanks become one space.
        taken += 1 + blanks;
        at = slash + 2 + blanks;
    }
    joins
}

/// The value with the text `text`, an integer if it is what one looks like.
fn text_value(text: &[u8]) -> Value {
    match canonical_int(text) {
        Some(n) => Value::int(n),
        None => Value::text_of(text),
    }
}

/// How many names of locals are looked through before the index is asked.
const FEW_LOCALS: usize = 12;

/// How many scripts are remembered by their text.
const SCRIPTS_MAX: usize = 256;

/// What a script was compiled for.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ScriptKey {
    /// The text.
    pub text: Vec<u8>,
    /// The rules.
    pub mode: Mode,
    /// Script or expression.
    pub is_expr: bool,
    /// Whether it is run in line in a procedure.
    pub in_procedure: bool,
}

/// What a command was compiled for that is run as the top level runs them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CommandKey {
    /// The text of the script.
    pub source: Rc<[u8]>,
    /// Where the command is looked for.
    pub at: usize,
    /// The rules.
    pub mode: Mode,
}

/// A command that was compiled before.
#[derive(Clone)]
pub struct KnownCommand {
    /// Its code.
    pub unit: Rc<Unit>,
    /// Where the next one is looked for.
    pub next: usize,
    /// Where it stands in the script.
    pub span: Span,
}

/// Scripts by their text, for those that have no side slot or were put together at run time.
#[derive(Default)]
pub struct ScriptCache {
    map: HashMap<ScriptKey, Rc<Unit>>,
    commands: HashMap<CommandKey, KnownCommand>,
}

impl ScriptCache {
    /// The unit of a script compiled before.
    pub fn get(&self, key: &ScriptKey) -> Option<Rc<Unit>> {
        self.map.get(key).cloned()
    }

    /// A command of a script run before.
    pub fn command(&self, key: &CommandKey) -> Option<KnownCommand> {
        self.commands.get(key).cloned()
    }

    /// Remembers a command. All are forgotten when there are too many.
    pub fn insert_command(&mut self, key: CommandKey, known: KnownCommand) {
        if self.commands.len() >= SCRIPTS_MAX {
            self.commands.clear();
        }
        self.commands.insert(key, known);
    }

    /// Remembers a unit. All are forgotten when there are too many.
    pub fn insert(&mut self, key: ScriptKey, unit: Rc<Unit>) {
        if self.map.len() >= SCRIPTS_MAX {
            self.map.clear();
        }
        self.map.insert(key, unit);
    }
}

/// Things that commands keep for the machine's life, by their type.
#[derive(Default)]
pub struct Caches {
    parts: Vec<Box<dyn Any>>,
}

impl Caches {
    /// The cache of type `T`, made at its first use.
    pub fn get<T: Any + Default>(&mut self) -> &mut T {
        let at = match self.parts.iter().position(|part| part.is::<T>()) {
            Some(at) => at,
            None => {
                self.parts.push(Box::new(T::default()));
                self.parts.len() - 1
            }
        };
        self.parts[at].downcast_mut::<T>().expect("found by its type")
    }
}
