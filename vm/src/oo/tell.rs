//! What `info object` and `info class` have in common.

use std::rc::Rc;

use super::method::{Body, Method, Visibility};
use super::object::{Members, Methods, ObjectId};
use crate::cmd::choice::choose;
use crate::error;
use crate::interp::Machine;
use crate::interp::command::{Outcome, Proc};
use crate::interp::exception::Exception;
use crate::interp::namespace::NamespaceId;
use crate::interp::step::Step;
use crate::text::glob;
use crate::value::Value;

/// The error for a method that there is not.
fn unknown_method(name: &Value) -> Exception {
    error!("unknown method \"", name, "\""; "TCL", "LOOKUP", "METHOD", name.text())
}

/// A method by its name.
///
/// # Errors
/// There is none.
fn method_named<'a>(members: &'a Members, name: &Value) -> Result<&'a Method, Exception> {
    members.methods.get(name).and_then(Option::as_deref).ok_or_else(|| unknown_method(name))
}

/// Parameters and body of a procedure, as a list.
pub(super) fn shown_proc(procedure: &Proc) -> Value {
    let shown = |param: &crate::interp::command::Param| match &param.default {
        Some(default) => Value::list(vec![param.name.clone(), default.clone()]),
        None => param.name.clone(),
    };
    let params = Value::list(procedure.params.iter().map(shown).collect());
    Value::list(vec![params, Value::text_of(&procedure.body.text())])
}

/// The definition of a method.
pub(super) fn definition(members: &Members, name: &Value) -> Outcome {
    match &method_named(members, name)?.body {
        Body::Procedure(procedure) => Ok(Step::Done(shown_proc(procedure))),
        _ => Err(error!("definition not available for this kind of method";
            "TCL", "LOOKUP", "METHOD", name.text())),
    }
}

/// The words that a method forwards to.
pub(super) fn forward(members: &Members, name: &Value) -> Outcome {
    match &method_named(members, name)?.body {
        Body::Forward(prefix) => Ok(Step::Done(Value::list(prefix.clone()))),
        _ => Err(error!("prefix argument list not available for this kind of method";
            "TCL", "LOOKUP", "METHOD", name.text())),
    }
}

/// What kind of method one is.
pub(super) fn method_type(members: &Members, name: &Value) -> Outcome {
    match &method_named(members, name)?.body {
        Body::Mark => Err(unknown_method(name)),
        body => Ok(Step::Done(Value::from(body.kind()))),
    }
}

/// Which methods are asked for.
pub(super) struct Selection {
    /// Those of classes, too.
    pub all: bool,
    /// Those that are not exported, too.
    pub unexported: bool,
    /// Those of one kind only.
    pub scope: Option<Visibility>,
    /// None, as the reference answers to `-localprivate`.
    pub none: bool,
}

/// The options of `methods`.
pub(super) fn selection(options: &[Value]) -> Result<Selection, Exception> {
    const OPTIONS: &[&str] = &["-all", "-localprivate", "-private", "-scope"];
    const SCOPES: &[&str] = &["private", "public", "unexported"];
    let mut selection = Selection { all: false, unexported: false, scope: None, none: false };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match choose(option, OPTIONS, "option")? {
            0 => selection.all = true,
            1 => selection.none = true,
            2 => selection.unexported = true,
            _ => {
                let Some(scope) = options.next() else {
                    return Err(error!("missing option for -scope"; "TCL", "ARGUMENT", "MISSING"));
                };
                selection.scope = Some(match choose(scope, SCOPES, "scope")? {
                    0 => Visibility::Private,
                    1 => Visibility::Public,
                    _ => Visibility::Unexported,
                });
            }
        }
    }
    Ok(selection)
}

/// The names of those methods of a table that are asked for.
pub(super) fn own_methods(methods: &Methods, selection: &Selection) -> Value {
    let wanted = |method: &Option<Rc<Method>>| {
        let Some(method) = method.as_ref().filter(|method| !matches!(method.body, Body::Mark)) else {
            return false;
        };
        match selection.scope {
            None if selection.none => false,
            Some(scope) => method.visibility == scope,
            None => {
                method.visibility == Visibility::Public
                    || selection.unexported && method.visibility == Visibility::Unexported
            }
        }
    };
    let names = methods.table_order(|_, method| wanted(method));
    Value::list(names.into_iter().map(|(name, _)| name.clone()).collect())
}

/// Checks a word that says that private ones are meant.
///
/// # Errors
/// It says something else.
pub(super) fn check_private_word(word: Option<&Value>) -> Result<(), Exception> {
    match word {
        Some(word) if *word.text() != *b"-private" => {
            Err(error!("option \"", word, "\" is not exactly \"-private\""; "TCL", "OO", "BAD_ARG"))
        }
        _ => Ok(()),
    }
}

/// Declared variables, private ones or the others.
pub(super) fn variables(members: &Members, only_private: bool) -> Step {
    let list = match only_private {
        false => members.variables.clone(),
        true => members.private_variables.iter().map(|variable| variable.name.clone()).collect(),
    };
    Step::Done(Value::list(list))
}

/// The names of objects that match a pattern.
pub(super) fn matching(machine: &mut Machine, ids: &[ObjectId], pattern: Option<&Value>) -> Outcome {
    let mut names = machine.object_names(ids);
    if let Some(pattern) = pattern {
        names.retain(|name| glob::matches(&pattern.text(), &name.text(), false));
    }
    Ok(Step::Done(Value::list(names)))
}

/// The script of a method, constructor or destructor that words name, and a namespace that it may run in.
///
/// # Errors
/// There is none, or it has no script.
pub(crate) fn method_body(
    machine: &Machine,
    kind: &str,
    words: &[Value],
) -> Result<(Rc<Proc>, NamespaceId), Exception> {
    let id = match kind {
        "objmethod" => machine.object_named(&words[0])?,
        _ => super::tell_object::class_of_word(machine, &words[0])?,
    };
    let undefined = |code: &str| {
        Err(error!("\"", &words[0], "\" has no defined ", kind; "TCL", "OPERATION", "DISASSEMBLE", code))
    };
    let (method, what) = match kind {
        "constructor" => match machine.oo.class(id).constructor.as_deref() {
            Some(method) => (method, kind),
            // The reference spells it so.
            None => return undefined("CONSRUCTOR"),
        },
        "destructor" => match machine.oo.class(id).destructor.as_deref() {
            Some(method) => (method, kind),
            None => return undefined("DESRUCTOR"),
        },
        _ => (method_named(machine.oo.members(id, kind == "method"), &words[1])?, "method"),
    };
    match &method.body {
        Body::Procedure(procedure) => Ok((Rc::clone(procedure), machine.oo.object(id).namespace)),
        _ => Err(error!("body not available for this kind of ", what;
            "TCL", "OPERATION", "DISASSEMBLE", "METHODTYPE")),
    }
}
