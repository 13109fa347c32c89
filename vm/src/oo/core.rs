//! The methods of `oo::object` and `oo::class`.

use super::call::Invocation;
use super::chain::Kind;
use super::method::{CoreMethod, Invoked, MethodCall, Visibility};
use super::{copy, create, names};
use crate::cmd::eval::concat;
use crate::error;
use crate::exec::shorten;
use crate::interp::command::Outcome;
use crate::interp::exception::ERROR;
use crate::interp::life::Task;
use crate::interp::step::{At, What};
use crate::interp::vars::split_element;
use crate::interp::{Machine, Step};
use crate::text;
use crate::value::Value;

/// The methods of `oo::object`.
pub(super) static OBJECT: [CoreMethod; 6] = [
    CoreMethod::new("destroy", "core method: \"destroy\"", Visibility::Public, destroy),
    CoreMethod::new("eval", "core method: \"eval\"", Visibility::Unexported, eval),
    CoreMethod::new("unknown", "core method: \"unknown\"", Visibility::Unexported, names::unknown),
    CoreMethod::new("variable", "core method: \"variable\"", Visibility::Unexported, variable),
    CoreMethod::new("varname", "core method: \"varname\"", Visibility::Unexported, varname),
    CoreMethod::new("<cloned>", "core method: \"<cloned>\"", Visibility::Unexported, copy::cloned),
];

/// The methods of `oo::class`.
pub(super) static CLASS: [CoreMethod; 4] = [
    CoreMethod::new("create", "core method: \"create\"", Visibility::Public, create::create),
    CoreMethod::new("new", "core method: \"new\"", Visibility::Public, create::new),
    CoreMethod::new(
        "createWithNamespace",
        "core method: \"createWithNamespace\"",
        Visibility::Unexported,
        create::create_with_namespace,
    ),
    CoreMethod::new("<cloned>", "core method: \"<cloned>\"", Visibility::Unexported, copy::cloned_class),
];

/// The constructor of `oo::class`.
pub(super) static CLASS_CONSTRUCTOR: CoreMethod = CoreMethod::new(
    "<constructor>",
    "core method: \"<constructor>\"",
    Visibility::Public,
    create::construct_class,
);

fn eval(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let id = invoked.call.object;
    if invoked.args().is_empty() {
        return invoked.wrong_args(machine, "arg ?arg ...?");
    }
    let script = concat(invoked.args());
    let object = machine.oo.object(id);
    let (namespace, command) = (object.namespace, object.command);
    if machine.namespaces.get(namespace).is_none() {
        return Err(error!("object deleted"; "TCL", "OO", "GONE"));
    }
    // Errors tell by which name the object was called.
    let is_named = invoked.call.chain.is_public && machine.commands.get(command).is_some();
    let shown = if is_named { machine.object_name(id) } else { Value::from("my") };
    machine.level_words = Some(invoked.words.into());
    machine.oo.next_call = Some(std::rc::Rc::clone(&invoked.call));
    Ok(Step::run(What::Script(script), At::Namespace(namespace), move |_, outcome| {
        outcome.map(Step::Done).map_err(|mut e| {
            if e.code == ERROR {
                let line = text![
                    "\n    (in \"",
                    shorten(&shown.text(), 200),
                    " eval\" script line ",
                    e.error_line,
                    ")"
                ];
                e.add_info(&line);
            }
            e
        })
    }))
}

/// The whole name of a variable of the object.
fn varname(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let [name] = invoked.args() else {
        return invoked.wrong_args(machine, "varName");
    };
    machine.whole_variable_name(invoked.call.object, name)
}

impl Machine {
    /// The whole name of a variable of an object, which is there from now on. Elements keep their keys.
    fn whole_variable_name(&mut self, object: super::ObjectId, name: &Value) -> Outcome {
        let whole = name.text();
        let (base, key) = match split_element(&whole) {
            Some((base, key)) => (base.to_vec(), Some(key.to_vec())),
            None => (whole.to_vec(), None),
        };
        let object = self.oo.object(object);
        let mut namespace = object.namespace;
        let mut tail = Value::text_of(&base);
        if base.starts_with(b"::") {
            return Ok(Step::Done(name.clone()));
        }
        if let Some((head, last)) = crate::interp::namespace::split_qualified(&base) {
            let Some(found) = self.find_namespace(head, namespace) else {
                let home = self.namespaces.get(namespace).map(|ns| ns.name.clone()).unwrap_or_default();
                return Err(
                    error!("can't refer to \"", home, "::", name, "\": parent namespace doesn't exist";
                    "TCL", "LOOKUP", "VARIABLE", name.text()),
                );
            };
            namespace = found;
            tail = Value::text_of(last);
        } else if let Some(call) = self.method_call()
            && self.oo.objects.get(call.object).is_some_and(|object| object.namespace == namespace)
            && let Some(full) = self.oo.declared_name(call.method().declarer, &tail)
        {
            tail = full;
        }
        let cell = self.declared_cell(namespace, &tail);
        if self.namespace(namespace).links.contains(&tail)
            && let Some(whole) = cell.and_then(|cell| self.name_of_cell(&cell))
        {
            tail = whole;
            return Ok(Step::Done(match key {
                Some(key) => Value::text_value(text![tail, "(", key, ")"]),
                None => tail,
            }));
        }
        let ns = self.namespace(namespace);
        let prefix = if ns.is_global() { Vec::new() } else { ns.name.to_text() };
        let mut shown = text![prefix, "::", tail];
        if let Some(key) = key {
            shown = text![shown, "(", key, ")"];
        }
        Ok(Step::Done(Value::text_value(shown)))
    }
}

/// Links variables of the object into the caller's frame.
fn variable(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let vars = machine.vars();
    let declarer = machine.method_call().map(|call| call.method().declarer);
    let namespace = machine.oo.object(invoked.call.object).namespace;
    for name in invoked.args() {
        if crate::interp::namespace::split_qualified(&name.text()).is_some() {
            return Err(error!("variable name \"", name, "\" illegal: must not contain namespace separator";
                "TCL", "UPVAR", "INVERTED"));
        }
        if split_element(&name.text()).is_some() {
            return Err(error!("can't define \"", name, "\": name refers to an element in an array";
                "TCL", "UPVAR", "LOCAL_ELEMENT"));
        }
        let full = declarer.and_then(|declarer| machine.oo.declared_name(declarer, name));
        if let Some(cell) = machine.namespace_cell(namespace, full.as_ref().unwrap_or(name), true) {
            cell.set_declared(true);
            machine.link(vars, name, cell)?;
        }
    }
    Ok(Step::EMPTY)
}

/// Destroys the object, its destructor first: an error of that is the outcome, but the object goes all the same.
fn destroy(machine: &mut Machine, invoked: Invoked) -> Outcome {
    if !invoked.args().is_empty() {
        return invoked.wrong_args(machine, "");
    }
    let id = invoked.call.object;
    let object = machine.oo.object_mut(id);
    let was_called = std::mem::replace(&mut object.is_destructed, true);
    let chain = if was_called { None } else { machine.oo.life_chain(id, Kind::Destructor) };
    let Some(chain) = chain else {
        return end(machine, id);
    };
    let call = MethodCall::new(id, chain, 0);
    let invocation = Invocation { call, words: Vec::new(), skip: 0, caller: None };
    // A destructor is a level beside the invocation of what destroys the object.
    machine.levels_ahead += 1;
    Ok(invocation.then(move |machine, outcome| {
        let ends = end(machine, id);
        machine.after(ends, move |_, _| outcome.map(Step::Done))
    }))
}

/// Deletes the command of an object, and the object with it.
fn end(machine: &mut Machine, id: super::ObjectId) -> Outcome {
    match machine.oo.objects.get(id) {
        Some(object) => machine.demolish(vec![Task::Command(object.command)]),
        None => Ok(Step::EMPTY),
    }
}
