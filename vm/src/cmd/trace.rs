//! `trace`: watching variables and commands.

use std::cell::Cell;
use std::rc::Rc;

use super::choice::{choose, choose_exactly};
use crate::error;
use crate::exec::listops::list_of;
use crate::interp::command::{CommandId, Outcome};
use crate::interp::exception::{Exception, Raised};
use crate::interp::life::Task;
use crate::interp::trace::{CommandTraces, Trace, VarTraces, ops};
use crate::interp::var::VarCell;
use crate::interp::vars::{NO_NAMESPACE, Place, shown_name};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::value::Value;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "trace",
    usage: "option ?arg ...?",
    min: 1,
    max: MANY,
    safe: true,
    help: "Watches variables and commands.",
    run: trace,
}];

const VARIABLE_OPS: &[(&str, u8)] =
    &[("array", ops::ARRAY), ("read", ops::READ), ("unset", ops::UNSET), ("write", ops::WRITE)];
const COMMAND_OPS: &[(&str, u8)] = &[("delete", ops::DELETE), ("rename", ops::RENAME)];
const EXECUTION_OPS: &[(&str, u8)] = &[
    ("enter", ops::ENTER),
    ("leave", ops::LEAVE),
    ("enterstep", ops::ENTER_STEP),
    ("leavestep", ops::LEAVE_STEP),
];

/// The operations of executions.
const EXECUTION: u8 = ops::ENTER | ops::LEAVE | ops::ENTER_STEP | ops::LEAVE_STEP;

/// What can be traced.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Execution,
    Command,
    Variable,
}

impl Kind {
    fn named(word: &Value) -> Result<Kind, Exception> {
        const NAMES: &[&str] = &["execution", "command", "variable"];
        Ok([Kind::Execution, Kind::Command, Kind::Variable][choose(word, NAMES, "option")?])
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Execution => "execution",
            Kind::Command => "command",
            Kind::Variable => "variable",
        }
    }

    /// The names of its operations, in the order of messages.
    fn ops(self) -> &'static [(&'static str, u8)] {
        match self {
            Kind::Execution => EXECUTION_OPS,
            Kind::Command => COMMAND_OPS,
            Kind::Variable => VARIABLE_OPS,
        }
    }

    /// The names of the operations in a set, in the order of `trace info`.
    fn shown(self, set: u8) -> Vec<Value> {
        let order: &[&str] = match self {
            Kind::Execution => &["enter", "leave", "enterstep", "leavestep"],
            Kind::Command => &["rename", "delete"],
            Kind::Variable => &["array", "read", "write", "unset"],
        };
        let bit = |name: &str| self.ops().iter().find(|(n, _)| *n == name).map_or(0, |(_, bit)| *bit);
        order.iter().filter(|name| set & bit(name) != 0).map(|name| Value::from(*name)).collect()
    }

    /// The set of operations in a list.
    fn read(self, list: &Value) -> Result<u8, Exception> {
        let names: Vec<&str> = self.ops().iter().map(|(name, _)| *name).collect();
        let words = list_of(list)?;
        if words.items().is_empty() {
            let known = crate::interp::ensemble::alternatives(&names);
            return Err(error!("bad operation list \"", list, "\": must be one or more of ", known;
                "TCL", "OPERATION", "TRACE", "NOOPS"));
        }
        let mut set = 0;
        for word in words.items() {
            set |= self.ops()[choose_exactly(word, &names, "operation")?].1;
        }
        Ok(set)
    }
}

fn trace(machine: &mut Machine, args: Args) -> Outcome {
    if machine.mode() == tclring_compiler::Mode::Tcl86 {
        return trace_86(machine, args);
    }
    match choose(&args[1], &["add", "info", "remove"], "option")? {
        0 => change(machine, &args, true),
        1 => tell(machine, &args),
        _ => change(machine, &args, false),
    }
}

/// With the subcommands of 8.6 for variables beside the others.
fn trace_86(machine: &mut Machine, args: Args) -> Outcome {
    match choose(&args[1], &["add", "info", "remove", "variable", "vdelete", "vinfo"], "option")? {
        0 => change(machine, &args, true),
        1 => tell(machine, &args),
        2 => change(machine, &args, false),
        5 => {
            let Ok([_, _, name]) = <&[Value; 3]>::try_from(&args[..]) else {
                return Err(machine.wrong_args(&args, 2, "name"));
            };
            Ok(Step::Done(Value::list(variable_traces(machine, name, true))))
        }
        which => {
            if args.len() != 5 {
                return Err(machine.wrong_args(&args, 2, "name ops command"));
            }
            let mut set = 0;
            for letter in args[3].text().iter() {
                set |= match letter {
                    b'r' => ops::READ,
                    b'w' => ops::WRITE,
                    b'u' => ops::UNSET,
                    b'a' => ops::ARRAY,
                    _ => 0x80,
                };
            }
            if set == 0 || set & 0x80 != 0 {
                return Err(error!("bad operations \"", &args[3], "\": should be one or more of rwua";
                    "TCL", "OPERATION", "TRACE", "BADOPS"));
            }
            change_variable(machine, &args[2], set, &args[4], which == 3, true)
        }
    }
}

fn change(machine: &mut Machine, args: &Args, add: bool) -> Outcome {
    let verb = if add { "add" } else { "remove" };
    if args.len() < 3 {
        return Err(
            error!("wrong # args: should be \"trace ", verb, " type ?arg ...?\""; "TCL", "WRONGARGS"),
        );
    }
    let kind = Kind::named(&args[2])?;
    if args.len() != 6 {
        return Err(
            error!("wrong # args: should be \"trace ", verb, " ", kind.name(), " name opList command\"";
            "TCL", "WRONGARGS"),
        );
    }
    let set = kind.read(&args[4])?;
    match kind {
        Kind::Variable => change_variable(machine, &args[3], set, &args[5], add, false),
        _ => {
            let command = command_named(machine, &args[3])?;
            if add {
                add_to_command(machine, command, set, &args[5], kind);
            } else {
                remove_from_command(machine, command, set, &args[5], kind);
            }
            Ok(Step::EMPTY)
        }
    }
}

fn new_trace(set: u8, prefix: &Value, old_style: bool) -> Rc<Trace> {
    Rc::new(Trace {
        ops: set,
        prefix: prefix.clone(),
        active: Cell::new(false),
        removed: Cell::new(false),
        old_style,
        native: None,
    })
}

fn command_named(machine: &Machine, name: &Value) -> Result<CommandId, Exception> {
    machine
        .find_command(&name.text(), machine.namespace_id())
        .ok_or_else(|| error!("unknown command \"", name, "\""; "TCL", "LOOKUP", "COMMAND", name.text()))
}

/// The bit that marks execution traces: their operations share a byte with those of commands.
fn of_kind(trace: &Trace, kind: Kind) -> bool {
    (trace.ops & EXECUTION != 0) == (kind == Kind::Execution)
}

fn add_to_command(machine: &mut Machine, id: CommandId, set: u8, prefix: &Value, kind: Kind) {
    let command = machine.commands.get_mut(id).expect("the command was just found");
    let (name, namespace) = (command.name.clone(), command.namespace);
    let traces = command.traces.get_or_insert_with(|| Box::new(CommandTraces::default()));
    traces.list.insert(0, new_trace(set, prefix, false));
    if kind == Kind::Execution {
        // Lowered code and call sites know untraced commands.
        machine.names_changed(&name, namespace);
        machine.note_redefinition(&name, namespace);
    }
}

fn remove_from_command(machine: &mut Machine, id: CommandId, set: u8, prefix: &Value, kind: Kind) {
    let command = machine.commands.get_mut(id).expect("the command was just found");
    let Some(traces) = &mut command.traces else {
        return;
    };
    let found = traces.list.iter().position(|t| t.ops == set && of_kind(t, kind) && t.prefix == *prefix);
    let Some(at) = found else {
        return;
    };
    let trace = traces.list.remove(at);
    trace.removed.set(true);
    if traces.list.is_empty() {
        command.traces = None;
        let (name, namespace) = (command.name.clone(), command.namespace);
        machine.names_changed(&name, namespace);
        machine.note_redefinition(&name, namespace);
    }
    machine.end_steps(|step| Rc::ptr_eq(step, &trace));
}

/// The error of a variable that cannot be traced.
fn cannot_trace(name: &Value, key: Option<&Value>, reason: &str) -> Exception {
    Raised::error(crate::text!["can't trace \"", shown_name(name, key), "\": ", reason]).with_code(&[
        b"TCL".as_slice(),
        b"LOOKUP",
        b"VARNAME",
        &name.text(),
    ])
}

fn change_variable(
    machine: &mut Machine,
    name: &Value,
    set: u8,
    prefix: &Value,
    add: bool,
    old: bool,
) -> Outcome {
    if !add {
        if let Some(cell) = traced_cell(machine, name) {
            remove_from_cell(&cell, set, prefix);
        }
        return Ok(Step::EMPTY);
    }
    let vars = machine.vars();
    let variable = machine.variable(name, "trace").map_err(|e| {
        let whole = e.result.text().windows(NO_NAMESPACE.len()).any(|w| w == NO_NAMESPACE.as_bytes());
        if whole { e.with_code(&[b"TCL".as_slice(), b"LOOKUP", b"VARNAME", &name.text()]) } else { e }
    })?;
    let own = machine.cell_of(vars, &variable.place);
    let cell = match &variable.key {
        None => own,
        Some(key) => {
            let array = machine.array_at(&Place::Cell(own), true);
            let array = array.map_err(|reason| cannot_trace(&variable.name, Some(key), reason))?;
            array.expect("asked to be made").element_cell(key)
        }
    };
    add_to_cell(&cell, new_trace(set, prefix, old));
    Ok(Step::EMPTY)
}

fn add_to_cell(cell: &VarCell, trace: Rc<Trace>) {
    let mut traces = cell.traces().borrow_mut();
    traces.get_or_insert_with(|| Box::new(VarTraces::default())).list.insert(0, trace);
    cell.set_traced(true);
}

/// The cell of a variable (or element) that may have traces.
fn traced_cell(machine: &mut Machine, name: &Value) -> Option<Rc<VarCell>> {
    let variable = machine.existing_variable(name)?;
    let Place::Cell(cell) = &variable.place else {
        // A register holds no traces, but the elements of an array in it may.
        let key = variable.key.as_ref()?;
        return machine.peek(&variable.place).array_rc()?.existing_cell(key);
    };
    match &variable.key {
        None => Some(Rc::clone(cell)),
        Some(key) => cell.array()?.existing_cell(key),
    }
}

fn remove_from_cell(cell: &VarCell, set: u8, prefix: &Value) {
    let mut slot = cell.traces().borrow_mut();
    let Some(traces) = &mut *slot else {
        return;
    };
    let found = traces.list.iter().position(|t| t.ops == set && t.native.is_none() && t.prefix == *prefix);
    if let Some(at) = found {
        traces.list.remove(at).removed.set(true);
    }
    if traces.list.is_empty() && traces.watches.is_empty() {
        cell.set_traced(false);
    }
}

fn variable_traces(machine: &mut Machine, name: &Value, old: bool) -> Vec<Value> {
    let Some(cell) = traced_cell(machine, name) else {
        return Vec::new();
    };
    let traces = cell.traces().borrow();
    let list = traces.as_ref().map(|traces| traces.list.as_slice()).unwrap_or_default();
    let letters = |set: u8| {
        let all = [("r", ops::READ), ("w", ops::WRITE), ("u", ops::UNSET), ("a", ops::ARRAY)];
        all.iter().filter(|(_, bit)| set & bit != 0).map(|(letter, _)| *letter).collect::<String>()
    };
    list.iter()
        .filter(|trace| trace.native.is_none())
        .map(|trace| {
            let shown = if old {
                Value::from(letters(trace.ops))
            } else {
                Value::list(Kind::Variable.shown(trace.ops))
            };
            Value::list(vec![shown, trace.prefix.clone()])
        })
        .collect()
}

fn tell(machine: &mut Machine, args: &Args) -> Outcome {
    if args.len() < 3 {
        return Err(error!("wrong # args: should be \"trace info type name\""; "TCL", "WRONGARGS"));
    }
    let kind = Kind::named(&args[2])?;
    if args.len() != 4 {
        return Err(
            error!("wrong # args: should be \"trace info ", kind.name(), " name\""; "TCL", "WRONGARGS"),
        );
    }
    if kind == Kind::Variable {
        return Ok(Step::Done(Value::list(variable_traces(machine, &args[3], false))));
    }
    let command = command_named(machine, &args[3])?;
    let traces =
        machine.command(command).traces.as_ref().map(|traces| traces.list.as_slice()).unwrap_or_default();
    let shown = traces
        .iter()
        .filter(|trace| of_kind(trace, kind))
        .map(|trace| Value::list(vec![Value::list(kind.shown(trace.ops)), trace.prefix.clone()]))
        .collect();
    Ok(Step::Done(Value::list(shown)))
}

/// Deletes a command after its delete traces.
pub fn delete_command(machine: &mut Machine, command: CommandId) -> Outcome {
    machine.demolish(vec![Task::Command(command)])
}

/// Runs the rename traces of a command.
pub fn renamed(machine: &mut Machine, command: CommandId, old: &[u8], new: &[u8]) -> Outcome {
    let scripts = machine.command_trace_scripts(command, ops::RENAME, Some((old, new)));
    machine.demolish(scripts)
}
