//! The builder of code: operations, labels, constants, registers, side tables.
//!
//! It knows nothing of Tcl. Addresses are labels until [`Builder::finish`]
//! resolves them, and temporaries carry [`TEMPORARY`] in their numbers until
//! the number of named registers is known. What it hands out keeps the
//! verifier's rules if the caller writes temporaries before reading them.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault};

use super::layout;
use crate::Mode;
use crate::bytecode::{
    Aux, Body, CallSite, Code, CommandSpan, Const, Const16, Constant, Context, Def, ForeachShape, Handler,
    HandlerKind, Immediate, Immediate32, JumpTable, NO_REG, Near, Op, OptionalDef, OptionalUse, Place,
    REGISTERS_MAX, Site, Small, Target, Use, UseDef, VariableSite, Window,
};
use crate::for_each_op;
use crate::source::Span;
use crate::syntax::number::parse_number;

/// The bit that marks a temporary until registers get their final numbers.
pub(crate) const TEMPORARY: u16 = 0x8000;

/// The largest number of named registers of one code; further names are
/// reached through variable sites.
pub const LOCALS_MAX: usize = 0x4000;

/// The largest number of temporaries in use beyond which lowering goes no
/// deeper; what is left up to [`REGISTERS_MAX`] serves the level it is on.
pub(crate) const TEMPORARIES_DEEP: usize = 0x1000;

const _: () = assert!(LOCALS_MAX + 3 * TEMPORARIES_DEEP < REGISTERS_MAX, "a level has room for its windows");

/// An address that is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(pub(crate) u32);

/// The address of a label that is not bound.
pub(crate) const UNBOUND: u32 = u32::MAX;

/// Where in an operation or table a label's address goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixup {
    /// The operation.
    pub(crate) at: u32,
    /// The label it jumps to.
    pub(crate) label: Label,
}

/// A handler whose addresses are labels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LabelledHandler {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) kind: LabelledKind,
}

/// What a handler does, with labels.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LabelledKind {
    Loop { on_break: Label, on_continue: Label },
    Catch { target: Label, base: u16, wants_options: bool },
}

/// A jump table whose addresses are labels.
#[derive(Clone, Debug)]
pub(crate) struct LabelledTable {
    pub(crate) arms: Vec<(Vec<u8>, Label)>,
    pub(crate) default: Label,
}

/// How far the builder had come; see [`Builder::mark`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    ops: usize,
    fixups: usize,
    commands: usize,
    bodies: usize,
    folded: usize,
    handlers: usize,
    call_sites: usize,
    foreach_shapes: usize,
    jump_tables: usize,
    guards: usize,
    temporaries: usize,
}

/// Code under construction.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    pub(crate) ops: Vec<Op>,
    pub(crate) labels: Vec<u32>,
    pub(crate) fixups: Vec<Fixup>,
    pub(crate) commands: Vec<CommandSpan>,
    pub(crate) bodies: Vec<Body>,
    pub(crate) folded: Vec<u32>,
    pub(crate) handlers: Vec<LabelledHandler>,
    pub(crate) jump_tables: Vec<LabelledTable>,
    /// Where the guards begin.
    pub(crate) guards: Vec<u32>,
    constants: Vec<Constant>,
    near_constants: Vec<u16>,
    constant_index: QuickMap<u64, u32>,
    locals: Vec<Vec<u8>>,
    local_index: QuickMap<Vec<u8>, u16>,
    variable_sites: Vec<VariableSite>,
    site_index: QuickMap<Vec<u8>, u16>,
    call_sites: Vec<CallSite>,
    foreach_shapes: Vec<ForeachShape>,
    assumed: Vec<&'static str>,
    temporaries: usize,
    temporaries_max: usize,
}

/// A hasher of names and texts: quick, and enough for the few of one code.
#[derive(Clone, Copy, Debug, Default)]
struct QuickHasher(u64);

/// An odd number with bits all over, as multiplicative hashing wants it.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl std::hash::Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(SPREAD);
    }
}

type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<QuickHasher>>;

// ---- registers ----

impl Builder {
    /// A fresh temporary, the one after the last in use.
    pub(crate) fn temporary(&mut self) -> u16 {
        self.window(1)
    }

    /// `count` fresh consecutive temporaries; the first is returned.
    pub(crate) fn window(&mut self, count: usize) -> u16 {
        let first = self.temporaries;
        self.temporaries += count;
        self.temporaries_max = self.temporaries_max.max(self.temporaries);
        assert!(
            self.temporaries_max < usize::from(TEMPORARY) - 1,
            "lowering keeps the number of temporaries small"
        );
        first as u16 | TEMPORARY
    }

    /// How many temporaries are in use.
    pub(crate) fn temporaries(&self) -> usize {
        self.temporaries
    }

    /// Whether a register is the temporary that was handed out last, of those in use.
    pub(crate) fn is_last_temporary(&self, register: u16) -> bool {
        register != NO_REG
            && register & TEMPORARY != 0
            && usize::from(register & !TEMPORARY) + 1 == self.temporaries
    }

    /// Gives back all temporaries but the first `count`.
    pub(crate) fn release(&mut self, count: usize) {
        assert!(count <= self.temporaries, "temporaries are given back in reverse order");
        self.temporaries = count;
    }

    /// The named register of the variable `name`, made if there is room.
    pub(crate) fn local(&mut self, name: &[u8]) -> Option<u16> {
        if let Some(register) = self.local_index.get(name) {
            return Some(*register);
        }
        if self.locals.len() >= LOCALS_MAX {
            return None;
        }
        let register = self.locals.len() as u16;
        self.locals.push(name.to_vec());
        self.local_index.insert(name.to_vec(), register);
        Some(register)
    }

    /// The names that have registers, in their order.
    pub(crate) fn locals(&self) -> &[Vec<u8>] {
        &self.locals
    }

    /// The named register of the next parameter, if there is room. Of parameters with one name the first is the
    /// variable, but each has a register.
    pub(crate) fn parameter(&mut self, name: &[u8]) -> Option<u16> {
        if self.locals.len() >= LOCALS_MAX {
            return None;
        }
        let register = self.locals.len() as u16;
        self.locals.push(name.to_vec());
        self.local_index.entry(name.to_vec()).or_insert(register);
        Some(register)
    }

    /// The place of the variable that is reached by name, if there is room.
    pub(crate) fn variable_site(&mut self, name: &[u8]) -> Option<Place> {
        if let Some(site) = self.site_index.get(name) {
            return Some(Place::site(*site));
        }
        if self.variable_sites.len() >= usize::from(Place::SITE) {
            return None;
        }
        let site = self.variable_sites.len() as u16;
        self.variable_sites.push(VariableSite { name: name.to_vec() });
        self.site_index.insert(name.to_vec(), site);
        Some(Place::site(site))
    }
}

// ---- constants and tables ----

impl Builder {
    /// The constant with the text `text`.
    pub(crate) fn text(&mut self, text: &[u8]) -> Const {
        let hash = BuildHasherDefault::<QuickHasher>::default().hash_one(text);
        if let Some(index) = self.constant_index.get(&hash)
            && matches!(&self.constants[*index as usize], Constant::Text { text: known, origin: None } if known == text)
        {
            return Const(*index);
        }
        let index = self.push_constant(Constant::Text { text: text.to_vec(), origin: None });
        self.constant_index.insert(hash, index.0);
        index
    }

    /// The constant with a text that stands at `origin` in the source.
    pub(crate) fn text_at(&mut self, text: &[u8], origin: Span) -> Const {
        self.push_constant(Constant::Text { text: text.to_vec(), origin: Some(origin) })
    }

    /// Adds a constant.
    pub(crate) fn push_constant(&mut self, constant: Constant) -> Const {
        let index = u32::try_from(self.constants.len()).expect("a source of 4 GiB has fewer constants");
        self.constants.push(constant);
        Const(index)
    }

    /// The constant that is the integer `n`.
    pub(crate) fn integer(&mut self, n: i64) -> Const {
        let hash = BuildHasherDefault::<QuickHasher>::default().hash_one(n);
        if let Some(index) = self.constant_index.get(&hash)
            && self.constants[*index as usize] == Constant::Int(n)
        {
            return Const(*index);
        }
        let index = self.push_constant(Constant::Int(n));
        self.constant_index.insert(hash, index.0);
        index
    }

    /// Whether a constant is a text that reads as no number.
    pub(crate) fn is_plain_text(&self, constant: Const) -> bool {
        match &self.constants[constant.0 as usize] {
            Constant::Text { text, .. } => {
                parse_number(text, Mode::Tcl90).or(parse_number(text, Mode::Tcl86)).is_none()
            }
            _ => false,
        }
    }

    /// Whether a foreach shape is that of one list with one variable.
    pub(crate) fn has_one_variable(&self, shape: Aux) -> bool {
        self.foreach_shapes[usize::from(shape.0)].groups == [1]
    }

    /// The index of the constant `index` in 16 bits. A constant beyond changes
    /// places with a near one that no operation names in 16 bits.
    pub(crate) fn near_constant(&mut self, index: u32) -> u16 {
        if let Ok(near) = u16::try_from(index) {
            self.near_constants.push(near);
            return near;
        }
        let taken = &self.near_constants;
        let near = (0..=u16::MAX).find(|near| !taken.contains(near)).unwrap_or(0);
        self.near_constants.push(near);
        self.constants.swap(index as usize, usize::from(near));
        self.constant_index.clear();
        let far = Const(index);
        for op in &mut self.ops {
            if let Op::LoadConst { value, .. } = op {
                *value = match *value {
                    value if value == far => Const(u32::from(near)),
                    value if value == Const(u32::from(near)) => far,
                    value => value,
                };
            }
        }
        near
    }

    /// A call site, if there is room.
    pub(crate) fn call_site(
        &mut self,
        name: Option<&[u8]>,
        words: usize,
        quiet: bool,
        flat: bool,
    ) -> Option<Site> {
        let site = u16::try_from(self.call_sites.len()).ok()?;
        let name = name.map(<[u8]>::to_vec);
        self.call_sites.push(CallSite { name, words: words as u32, spread: 0, quiet, flat, apart: false });
        Some(Site(site))
    }

    /// Says of the last call site whether the lines of its body count apart.
    pub(crate) fn count_apart(&mut self, apart: bool) {
        if let Some(site) = self.call_sites.last_mut() {
            site.apart = apart;
        }
    }

    /// A call site that spreads some of its words, if there is room.
    pub(crate) fn spread_site(&mut self, words: usize, spread: u64) -> Option<Site> {
        let site = u16::try_from(self.call_sites.len()).ok()?;
        self.call_sites.push(CallSite {
            name: None,
            words: words as u32,
            spread,
            quiet: false,
            flat: false,
            apart: false,
        });
        Some(Site(site))
    }

    /// A foreach shape, if there is room.
    pub(crate) fn foreach_shape(&mut self, groups: Vec<u16>) -> Option<Aux> {
        let index = u16::try_from(self.foreach_shapes.len()).ok()?;
        self.foreach_shapes.push(ForeachShape { groups });
        Some(Aux(index))
    }

    /// A jump table, if there is room.
    pub(crate) fn jump_table(&mut self, table: LabelledTable) -> Option<Aux> {
        let index = u16::try_from(self.jump_tables.len()).ok()?;
        self.jump_tables.push(table);
        Some(Aux(index))
    }

    /// Records that the code holds while `name` means the standard command.
    pub(crate) fn assume(&mut self, name: &'static str) {
        self.assumed.push(name);
    }
}

// ---- operations and labels ----

impl Builder {
    /// Appends an operation.
    pub(crate) fn emit(&mut self, op: Op) {
        self.ops.push(op);
    }

    /// The address of the next operation.
    pub(crate) fn here(&self) -> u32 {
        self.ops.len() as u32
    }

    /// A new label, bound nowhere yet.
    pub(crate) fn label(&mut self) -> Label {
        self.labels.push(UNBOUND);
        Label(self.labels.len() as u32 - 1)
    }

    /// Binds a label to the next operation.
    pub(crate) fn bind(&mut self, label: Label) {
        let slot = &mut self.labels[label.0 as usize];
        assert!(*slot == UNBOUND, "a label is bound once");
        *slot = self.ops.len() as u32;
    }

    /// Appends an operation that jumps to `label`; its target operand is filled in later.
    pub(crate) fn emit_to(&mut self, op: Op, label: Label) {
        self.fixups.push(Fixup { at: self.here(), label });
        self.emit(op);
    }

    /// Appends a jump to `label`.
    pub(crate) fn jump(&mut self, label: Label) {
        self.emit_to(Op::Jump { target: Target(0) }, label);
    }

    /// Adds a handler for the operations from `start` to here. Inner handlers
    /// are added before the ones around them.
    pub(crate) fn handle(&mut self, start: u32, kind: LabelledKind) {
        let end = self.here();
        if start < end {
            self.handlers.push(LabelledHandler { start, end, kind });
        }
    }

    /// Begins a command; [`Builder::end_command`] takes the answer.
    pub(crate) fn begin_command(&mut self, source: Span, line: u32) -> usize {
        let start = self.here();
        self.commands.push(CommandSpan { start, end: start, source, line, fused: None });
        self.commands.len() - 1
    }

    /// Ends a command with the last operation.
    pub(crate) fn end_command(&mut self, index: usize) {
        self.commands[index].end = self.here();
    }

    /// How far the builder has come, for [`Builder::rewind`].
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            ops: self.ops.len(),
            fixups: self.fixups.len(),
            commands: self.commands.len(),
            bodies: self.bodies.len(),
            folded: self.folded.len(),
            handlers: self.handlers.len(),
            call_sites: self.call_sites.len(),
            foreach_shapes: self.foreach_shapes.len(),
            jump_tables: self.jump_tables.len(),
            guards: self.guards.len(),
            temporaries: self.temporaries,
        }
    }

    /// Undoes what was emitted since `mark`. Constants, locals and labels stay.
    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.ops.truncate(mark.ops);
        self.fixups.truncate(mark.fixups);
        self.commands.truncate(mark.commands);
        self.bodies.truncate(mark.bodies);
        self.folded.truncate(mark.folded);
        self.handlers.truncate(mark.handlers);
        self.call_sites.truncate(mark.call_sites);
        self.foreach_shapes.truncate(mark.foreach_shapes);
        self.jump_tables.truncate(mark.jump_tables);
        self.guards.truncate(mark.guards);
        self.temporaries = mark.temporaries;
    }
}

// ---- finishing ----

/// What the builder does not know of a code.
pub(crate) struct Frame {
    pub(crate) source: Vec<u8>,
    pub(crate) context: Context,
    pub(crate) in_procedure: bool,
    pub(crate) mode: Mode,
}

impl Builder {
    /// Resolves labels and registers.
    pub(crate) fn finish(mut self, frame: Frame) -> Code {
        layout::widen(&mut self);
        let locals = self.locals.len() as u16;
        for op in &mut self.ops {
            *op = renumber(*op, locals);
        }
        for index in 0..self.fixups.len() {
            let Fixup { at, label } = self.fixups[index];
            let target = self.address(label);
            let op = &mut self.ops[at as usize];
            *op = layout::with_target(*op, at, target).expect("layout has widened what does not fit");
        }
        let address = |label: Label| self.address(label);
        let handlers =
            self.handlers.iter().map(|handler| resolve_handler(handler, locals, address)).collect();
        let table = |table: &LabelledTable| JumpTable {
            arms: table.arms.iter().map(|(text, label)| (text.clone(), address(*label))).collect(),
            default: address(table.default),
        };
        let jump_tables = self.jump_tables.iter().map(table).collect();
        let registers = (self.locals.len() + self.temporaries_max) as u32;
        Code {
            ops: self.ops,
            constants: self.constants,
            locals: self.locals,
            registers,
            variable_sites: self.variable_sites,
            call_sites: self.call_sites,
            commands: self.commands,
            bodies: self.bodies,
            folded: self.folded,
            handlers,
            foreach_shapes: self.foreach_shapes,
            jump_tables,
            source: frame.source,
            context: frame.context,
            in_procedure: frame.in_procedure,
            mode: frame.mode,
            assumed: self.assumed,
        }
    }

    /// The address of a bound label.
    pub(crate) fn address(&self, label: Label) -> u32 {
        let address = self.labels[label.0 as usize];
        assert!(address != UNBOUND, "a label that is jumped to is bound");
        address
    }
}

fn resolve_handler(handler: &LabelledHandler, locals: u16, address: impl Fn(Label) -> u32) -> Handler {
    let kind = match handler.kind {
        LabelledKind::Loop { on_break, on_continue } => {
            HandlerKind::Loop { on_break: address(on_break), on_continue: address(on_continue) }
        }
        LabelledKind::Catch { target, base, wants_options } => {
            HandlerKind::Catch { target: address(target), base: final_number(base, locals), wants_options }
        }
    };
    Handler { start: handler.start, end: handler.end, kind }
}

fn final_number(register: u16, locals: u16) -> u16 {
    if register & TEMPORARY != 0 && register != NO_REG { (register & !TEMPORARY) + locals } else { register }
}

/// An operand that may name a register.
trait Renumber {
    fn renumber(self, locals: u16) -> Self;
}

macro_rules! renumbered {
    ($($name:ident)*) => {$(
        impl Renumber for $name {
            fn renumber(self, locals: u16) -> $name {
                $name(final_number(self.0, locals))
            }
        }
    )*};
}
renumbered!(Def Use UseDef OptionalUse OptionalDef Window);

macro_rules! kept {
    ($($name:ident)*) => {$(
        impl Renumber for $name {
            fn renumber(self, _locals: u16) -> $name {
                self
            }
        }
    )*};
}
kept!(Place Const Const16 Site Aux Target Near Immediate Immediate32 Small);

macro_rules! define_renumber {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal { $($field:ident: $kind:ident),* })*) => {
        /// The operation with the final numbers of its registers.
        fn renumber(op: Op, locals: u16) -> Op {
            let _ = locals;
            match op {
                $(Op::$name { $($field),* } => Op::$name { $($field: $field.renumber(locals)),* },)*
            }
        }
    };
}
for_each_op!(define_renumber);
