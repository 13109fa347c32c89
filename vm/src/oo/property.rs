//! Properties of configurable objects: what can be configured, and how it is read and written.

use super::call::Invocation;
use super::method::{Body, CoreMethod, Invoked, Visibility};
use super::object::{Members, ObjectId};
use super::{System, create};
use crate::cmd::choice::choose;
use crate::cmd::proc::make_proc;
use crate::error;
use crate::interp::command::{Outcome, row};
use crate::interp::exception::{BREAK, CONTINUE, Exception};
use crate::interp::vars::{Place, Variable};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text;
use crate::value::Value;

/// The commands of the dialects of configurable classes and objects.
pub(super) const ROWS: &[CommandRow] = &[
    row(
        "oo::configuresupport::configurableclass::property",
        "?name ...?",
        (0, MANY),
        "Defines properties of instances.",
        |m, a| property(m, a, true),
    ),
    row(
        "oo::configuresupport::configurableclass::properties",
        "?name ...?",
        (0, MANY),
        "Defines properties of instances.",
        |m, a| property(m, a, true),
    ),
    row(
        "oo::configuresupport::configurableobject::property",
        "?name ...?",
        (0, MANY),
        "Defines properties of the object.",
        |m, a| property(m, a, false),
    ),
    row(
        "oo::configuresupport::configurableobject::properties",
        "?name ...?",
        (0, MANY),
        "Defines properties of the object.",
        |m, a| property(m, a, false),
    ),
];

/// The method of `oo::configuresupport::configurable`.
pub(super) static CONFIGURABLE: [CoreMethod; 1] = [CoreMethod {
    name: "configure",
    kind: "core method: \"configure\"",
    visibility: Visibility::Public,
    run: configure,
}];

/// The constructor of `oo::configurable`.
pub(super) static CONSTRUCTOR: CoreMethod = CoreMethod {
    name: "<constructor>",
    kind: "core method: \"<constructor>\"",
    visibility: Visibility::Public,
    run: construct,
};

/// Mixes into a new class what makes instances configurable, then defines.
fn construct(machine: &mut Machine, invoked: Invoked) -> Outcome {
    if invoked.args().len() > 1 {
        return invoked.wrong_args(machine, "?definitionScript?");
    }
    let id = invoked.call.object;
    let support = machine.interp(machine.current()).objects.configurable;
    if machine.oo.class_if_any(id).is_some() && machine.oo.class_if_any(support).is_some() {
        let mut mixins = machine.oo.class(id).members.mixins.clone();
        if !mixins.contains(&support) {
            mixins.push(support);
            machine.oo.set_mixins(id, true, mixins);
        }
    }
    match invoked.call.next() {
        Some(call) => {
            let Invoked { words, skip, .. } = invoked;
            Ok(Invocation { call, words, skip, caller: None }.step())
        }
        None => create::construct_class(machine, invoked),
    }
}

/// The elements of a list in order, each once.
pub(super) fn in_order(list: &[Value]) -> Vec<Value> {
    let mut list = list.to_vec();
    list.sort_by(|a, b| a.text().cmp(&*b.text()));
    list.dedup();
    list
}

/// Whether something is read or written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Read,
    Write,
}

fn list_of(members: &Members, way: Way) -> &[Value] {
    if way == Way::Read { &members.readable } else { &members.writable }
}

impl System {
    /// The properties of a class with all that it inherits from.
    fn class_properties(&self, starts: Vec<ObjectId>, way: Way) -> Vec<Value> {
        let mut names = Vec::new();
        let mut next = starts;
        let mut seen: Vec<ObjectId> = Vec::new();
        while let Some(id) = next.pop() {
            let Some(class) = self.class_if_any(id).filter(|_| !seen.contains(&id)) else { continue };
            seen.push(id);
            names.extend_from_slice(list_of(&class.members, way));
            next.extend(class.superclasses.iter().chain(&class.members.mixins));
        }
        names
    }

    /// The properties of an object with those of its classes, sorted.
    fn all_properties(&self, id: ObjectId, way: Way) -> Vec<Value> {
        let Some(object) = self.objects.get(id) else { return Vec::new() };
        let mut starts = object.own.mixins.clone();
        starts.push(object.class_of);
        let mut names = self.class_properties(starts, way);
        names.extend_from_slice(list_of(&object.own, way));
        in_order(&names)
    }
}

/// The properties of an object or class, as the options say.
pub(super) fn tell(machine: &mut Machine, id: ObjectId, of_class: bool, options: &[Value]) -> Outcome {
    const OPTIONS: &[&str] = &["-all", "-readable", "-writable"];
    let (mut all, mut way) = (false, Way::Read);
    for option in options {
        match choose(option, OPTIONS, "option")? {
            0 => all = true,
            1 => way = Way::Read,
            _ => way = Way::Write,
        }
    }
    let names = match (all, of_class) {
        (false, _) => list_of(machine.oo.members(id, of_class), way).to_vec(),
        (true, true) => in_order(&machine.oo.class_properties(vec![id], way)),
        (true, false) => machine.oo.all_properties(id, way),
    };
    Ok(Step::Done(Value::list(names)))
}

fn bad_name(name: &Value, problem: &str) -> Exception {
    error!("bad property name \"", name, "\": must ", problem; "TCL", "OO", "PROPERTY_FORMAT")
}

/// Whether a list of the text alone looks as the text does.
fn is_simple_word(text: &[u8]) -> bool {
    *Value::list(vec![Value::text_of(text)]).text() == *text
}

/// # Errors
/// The word cannot be the name of a property.
fn check_name(name: &Value) -> Result<(), Exception> {
    let text = name.text();
    if text.starts_with(b"-") {
        return Err(bad_name(name, "not begin with -"));
    }
    if !is_simple_word(&text) {
        return Err(bad_name(name, "be a simple word"));
    }
    if memchr::memmem::find(&text, b"::").is_some() {
        return Err(bad_name(name, "not contain namespace separators"));
    }
    if text.iter().any(|byte| matches!(byte, b'(' | b')')) {
        return Err(bad_name(name, "not contain parentheses"));
    }
    Ok(())
}

/// What is said of a property.
#[derive(Default)]
struct Said {
    /// Which of the two ways it is for: all three kinds by their number.
    kind: Option<usize>,
    get: Option<Value>,
    set: Option<Value>,
}

const KINDS: &[&str] = &["readable", "readwrite", "writable"];

/// `property ?name ?-option value ...? ...?`
fn property(machine: &mut Machine, args: Args, of_class: bool) -> Outcome {
    const OPTIONS: &[&str] = &["-get", "-kind", "-set"];
    let definition = if of_class { machine.class_definition()? } else { machine.definition()? };
    let id = definition.object;
    let mut words = args.into_vec().into_iter().skip(1).peekable();
    while let Some(name) = words.next() {
        let mut said = Said::default();
        while let Some(option) = words.next_if(|word| word.text().starts_with(b"-")) {
            let number = choose(&option, OPTIONS, "option")?;
            let Some(value) = words.next() else {
                let what = if number == 1 { "kind value" } else { "body" };
                return Err(
                    error!("missing ", what, " to go with ", OPTIONS[number], " option"; "TCL", "WRONGARGS"),
                );
            };
            match number {
                0 => said.get = Some(value),
                1 => said.kind = Some(choose(&value, KINDS, "kind")?),
                _ => said.set = Some(value),
            }
        }
        check_name(&name)?;
        machine.add_property(id, of_class, &name, said)?;
    }
    Ok(Step::EMPTY)
}

/// The name of the method that reads or writes a property, which is named as it is listed: with its dash.
fn method_name(way: Way, listed: &Value) -> Value {
    let verb = if way == Way::Read { "<ReadProp" } else { "<WriteProp" };
    Value::text_value(text![verb, listed, ">"])
}

impl Machine {
    fn add_property(
        &mut self,
        id: ObjectId,
        of_class: bool,
        name: &Value,
        said: Said,
    ) -> Result<(), Exception> {
        let listed = Value::text_value(text!["-", name]);
        let kind = said.kind.unwrap_or(1);
        for (way, script, except) in [(Way::Read, said.get, 2), (Way::Write, said.set, 0)] {
            if kind == except {
                let members = self.oo.members_mut(id, of_class);
                let list = if way == Way::Read { &mut members.readable } else { &mut members.writable };
                list.retain(|known| *known != listed);
                continue;
            }
            let body = match (script, way) {
                (Some(script), way) => {
                    let params = Value::from(if way == Way::Read { "" } else { "value" });
                    Body::Procedure(make_proc(&params, &script)?.into())
                }
                (None, Way::Read) => Body::ReadProperty(name.clone()),
                (None, Way::Write) => Body::WriteProperty(name.clone()),
            };
            self.add_method(id, of_class, &method_name(way, &listed), Visibility::Unexported, body);
            let members = self.oo.members_mut(id, of_class);
            let list = if way == Way::Read { &mut members.readable } else { &mut members.writable };
            list.push(listed.clone());
            *list = in_order(list);
        }
        Ok(())
    }

    /// The variable that a property stands for.
    fn property_variable(&mut self, invoked: &Invoked, name: &Value) -> Option<Variable> {
        let namespace = self.oo.objects.get(invoked.call.object)?.namespace;
        let full = self.oo.declared_name(invoked.call.method().declarer, name);
        let cell = self.namespace_cell(namespace, &full.unwrap_or_else(|| name.clone()), true)?;
        Some(Variable { place: Place::Cell(cell), key: None, name: name.clone() })
    }
}

/// The method that reads a property from its variable.
pub(super) fn read(machine: &mut Machine, invoked: Invoked, name: &Value) -> Outcome {
    if !invoked.args().is_empty() {
        return invoked.wrong_args(machine, "");
    }
    match machine.property_variable(&invoked, name) {
        Some(variable) if !machine.is_traced(&variable) && !machine.has_value(&variable) => {
            let missing = machine.read_variable(&variable);
            missing.map_err(|e| e.with_code(&["TCL", "READ", "VARNAME"]))
        }
        Some(variable) => machine.read_variable(&variable),
        None => Ok(Step::EMPTY),
    }
}

/// The method that writes a property to its variable.
pub(super) fn write(machine: &mut Machine, invoked: Invoked, name: &Value) -> Outcome {
    let [value] = invoked.args() else {
        return invoked.wrong_args(machine, "value");
    };
    let value = value.clone();
    match machine.property_variable(&invoked, name) {
        Some(variable) => {
            let written = machine.write_variable(&variable, value);
            machine.after(written, |_, outcome| outcome.map(|_| Step::EMPTY))
        }
        None => Ok(Step::EMPTY),
    }
}

/// The property that a word means.
///
/// # Errors
/// There is none, or it is for the other way only.
fn property_named(machine: &Machine, id: ObjectId, word: &Value, way: Way) -> Result<Value, Exception> {
    let names = machine.oo.all_properties(id, way);
    let shown: Vec<String> = names.iter().map(Value::to_display).collect();
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    match choose(word, &shown, "property") {
        Ok(number) => Ok(names[number].clone()),
        Err(exception) => {
            let (other, only) = match way {
                Way::Read => (Way::Write, "write only"),
                Way::Write => (Way::Read, "read only"),
            };
            if machine.oo.all_properties(id, other).contains(word) {
                return Err(error!("property \"", word, "\" is ", only;
                    "TCL", "LOOKUP", "INDEX", "property", word.text()));
            }
            if names.is_empty() {
                return Err(error!("bad property \"", word, "\": no valid options";
                    "TCL", "LOOKUP", "INDEX", "property", word.text()));
            }
            Err(exception)
        }
    }
}

/// The step that reads a property.
fn read_property(
    machine: &mut Machine,
    id: ObjectId,
    name: Value,
    then: impl FnOnce(&mut Machine, Value) -> Outcome + 'static,
) -> Outcome {
    let method = method_name(Way::Read, &name);
    let call = machine.find_method(id, Some(&method), false)?;
    let skip = call.chain.skip();
    let words = vec![Value::from("my"), method];
    let invocation = Invocation { call, words, skip, caller: None };
    Ok(invocation.then(move |machine, outcome| match outcome {
        Ok(value) => then(machine, value),
        Err(exception) if matches!(exception.code, BREAK | CONTINUE) => {
            let what = if exception.code == BREAK { "break" } else { "continue" };
            Err(error!("property getter for ", name, " did a ", what))
        }
        Err(exception) => Err(exception),
    }))
}

fn configure(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let id = invoked.call.object;
    match invoked.args() {
        [] => {
            let mut names = machine.oo.all_properties(id, Way::Read);
            names.reverse();
            read_all(machine, id, names, Vec::new())
        }
        [name] => {
            let name = property_named(machine, id, name, Way::Read)?;
            read_property(machine, id, name, |_, value| Ok(Step::Done(value)))
        }
        args if args.len() % 2 == 1 => invoked.wrong_args(machine, "?-option value ...?"),
        args => {
            let mut left = args.to_vec();
            left.reverse();
            write_all(machine, id, left)
        }
    }
}

/// Reads what is left of the properties, the last one first.
fn read_all(machine: &mut Machine, id: ObjectId, mut left: Vec<Value>, mut list: Vec<Value>) -> Outcome {
    let Some(name) = left.pop() else {
        return Ok(Step::Done(Value::list(list)));
    };
    read_property(machine, id, name.clone(), move |machine, value| {
        list.extend([name, value]);
        read_all(machine, id, left, list)
    })
}

/// Writes what is left of the properties and values, the last ones first.
fn write_all(machine: &mut Machine, id: ObjectId, mut left: Vec<Value>) -> Outcome {
    let (Some(name), Some(value)) = (left.pop(), left.pop()) else {
        return Ok(Step::EMPTY);
    };
    let name = property_named(machine, id, &name, Way::Write)?;
    let method = method_name(Way::Write, &name);
    let call = machine.find_method(id, Some(&method), false)?;
    let skip = call.chain.skip();
    let words = vec![Value::from("my"), method, value];
    let invocation = Invocation { call, words, skip, caller: None };
    Ok(invocation.then(move |machine, outcome| match outcome {
        Ok(_) => write_all(machine, id, left),
        Err(exception) if matches!(exception.code, BREAK | CONTINUE) => {
            let what = if exception.code == BREAK { "break" } else { "continue" };
            Err(error!("property setter for ", name, " did a ", what))
        }
        Err(exception) => Err(exception),
    }))
}
