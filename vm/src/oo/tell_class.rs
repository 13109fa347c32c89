//! `info class`.

use super::method::{Body, Method};
use super::tell_object::class_of_word;
use super::{property, tell};
use crate::cmd::choice::choose;
use crate::error;
use crate::interp::command::{Outcome, row};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::value::Value;

/// The subcommands.
pub(super) const ROWS: &[CommandRow] = &[
    row(
        "oo::InfoClass call",
        "className methodName",
        (2, 2),
        "Lists the methods that a call leads through.",
        call,
    ),
    row(
        "oo::InfoClass constructor",
        "className",
        (1, 1),
        "Answers parameters and body of the constructor.",
        |m, a| {
            let id = class_of_word(m, &a[1])?;
            life_method(m.oo.class(id).constructor.as_deref(), true)
        },
    ),
    row(
        "oo::InfoClass definition",
        "className methodName",
        (2, 2),
        "Answers parameters and body of a method.",
        |m, a| {
            let id = class_of_word(m, &a[1])?;
            tell::definition(&m.oo.class(id).members, &a[2])
        },
    ),
    row(
        "oo::InfoClass definitionnamespace",
        "className ?kind?",
        (1, 2),
        "Answers where definitions are looked up.",
        dialect,
    ),
    row("oo::InfoClass destructor", "className", (1, 1), "Answers the body of the destructor.", |m, a| {
        let id = class_of_word(m, &a[1])?;
        life_method(m.oo.class(id).destructor.as_deref(), false)
    }),
    row("oo::InfoClass filters", "className", (1, 1), "Lists filters.", |m, a| {
        let id = class_of_word(m, &a[1])?;
        Ok(Step::Done(Value::list(m.oo.class(id).members.filters.clone())))
    }),
    row(
        "oo::InfoClass forward",
        "className methodName",
        (2, 2),
        "Answers what a method forwards to.",
        |m, a| {
            let id = class_of_word(m, &a[1])?;
            tell::forward(&m.oo.class(id).members, &a[2])
        },
    ),
    row("oo::InfoClass instances", "className ?pattern?", (1, 2), "Lists instances.", |m, a| {
        let id = class_of_word(m, &a[1])?;
        let instances = m.oo.class(id).instances.list();
        tell::matching(m, &instances, a.get(2))
    }),
    row("oo::InfoClass methods", "className ?-option value ...?", (1, MANY), "Lists methods.", methods),
    row(
        "oo::InfoClass methodtype",
        "className methodName",
        (2, 2),
        "Answers what kind of method one is.",
        |m, a| {
            let id = class_of_word(m, &a[1])?;
            tell::method_type(&m.oo.class(id).members, &a[2])
        },
    ),
    row("oo::InfoClass mixins", "className", (1, 1), "Lists classes that are mixed in.", |m, a| {
        let id = class_of_word(m, &a[1])?;
        let mixins = m.oo.class(id).members.mixins.clone();
        tell::matching(m, &mixins, None)
    }),
    row("oo::InfoClass properties", "className ?options...?", (1, MANY), "Lists properties.", |m, a| {
        let id = class_of_word(m, &a[1])?;
        property::tell(m, id, true, &a[2..])
    }),
    row("oo::InfoClass subclasses", "className ?pattern?", (1, 2), "Lists subclasses.", |m, a| {
        let id = class_of_word(m, &a[1])?;
        let mut subclasses = m.oo.class(id).subclasses.clone();
        subclasses.extend_from_slice(&m.oo.class(id).mixed_into);
        tell::matching(m, &subclasses, a.get(2))
    }),
    row("oo::InfoClass superclasses", "className", (1, 1), "Lists superclasses.", |m, a| {
        let id = class_of_word(m, &a[1])?;
        let superclasses = m.oo.class(id).superclasses.clone();
        tell::matching(m, &superclasses, None)
    }),
    row("oo::InfoClass variables", "className ?-private?", (1, 2), "Lists declared variables.", |m, a| {
        tell::check_private_word(a.get(2))?;
        let id = class_of_word(m, &a[1])?;
        Ok(tell::variables(&m.oo.class(id).members, a.len() > 2))
    }),
];

fn call(machine: &mut Machine, args: Args) -> Outcome {
    let id = class_of_word(machine, &args[1])?;
    match machine.oo.chain_of_class(id, &args[2]) {
        Some(chain) => Ok(Step::Done(machine.shown_chain(&chain))),
        None => Err(error!("cannot construct any call chain"; "TCL", "OO", "BAD_CALL_CHAIN")),
    }
}

/// What there is to be told of a constructor or destructor.
fn life_method(method: Option<&Method>, with_params: bool) -> Outcome {
    let Some(method) = method else { return Ok(Step::EMPTY) };
    match &method.body {
        Body::Procedure(procedure) if with_params => Ok(Step::Done(tell::shown_proc(procedure))),
        Body::Procedure(procedure) => Ok(Step::Done(Value::text_of(&procedure.body.text()))),
        _ => Err(error!("definition not available for this kind of method"; "TCL", "OO", "METHOD_TYPE")),
    }
}

fn dialect(machine: &mut Machine, args: Args) -> Outcome {
    let id = class_of_word(machine, &args[1])?;
    let kind = match args.get(2) {
        Some(kind) => choose(kind, &["-class", "-instance"], "kind")?,
        None => 0,
    };
    let class = machine.oo.class(id);
    let dialect = if kind == 0 { &class.class_dialect } else { &class.object_dialect };
    Ok(Step::Done(dialect.clone().unwrap_or_default()))
}

fn methods(machine: &mut Machine, args: Args) -> Outcome {
    let id = class_of_word(machine, &args[1])?;
    let selection = tell::selection(&args[2..])?;
    Ok(Step::Done(if selection.all && selection.scope.is_none() {
        Value::list(machine.oo.method_names_of_class(id, !selection.unexported))
    } else {
        tell::own_methods(&machine.oo.class(id).members.methods, &selection)
    }))
}
