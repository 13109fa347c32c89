//! `info object`.

use super::chain::Wanted;
use super::object::ObjectId;
use super::{property, tell};
use crate::cmd::choice::choose;
use crate::error;
use crate::interp::command::{Outcome, row};
use crate::interp::exception::Exception;
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::text::glob;
use crate::value::{Tag, Value};

/// The subcommands.
pub(super) const ROWS: &[CommandRow] = &[
    row(
        "oo::InfoObject call",
        "objName methodName",
        (2, 2),
        "Lists the methods that a call leads through.",
        call,
    ),
    row(
        "oo::InfoObject class",
        "objName ?className?",
        (1, 2),
        "Names the class of an object, or tells whether it is of one.",
        class,
    ),
    row(
        "oo::InfoObject creationid",
        "objName",
        (1, 1),
        "Answers a number that only this object has.",
        creation_id,
    ),
    row(
        "oo::InfoObject definition",
        "objName methodName",
        (2, 2),
        "Answers parameters and body of a method.",
        |m, a| {
            let id = m.object_named(&a[1])?;
            tell::definition(&m.oo.object(id).own, &a[2])
        },
    ),
    row("oo::InfoObject filters", "objName", (1, 1), "Lists filters.", |m, a| {
        let id = m.object_named(&a[1])?;
        Ok(Step::Done(Value::list(m.oo.object(id).own.filters.clone())))
    }),
    row(
        "oo::InfoObject forward",
        "objName methodName",
        (2, 2),
        "Answers what a method forwards to.",
        |m, a| {
            let id = m.object_named(&a[1])?;
            tell::forward(&m.oo.object(id).own, &a[2])
        },
    ),
    row(
        "oo::InfoObject isa",
        "category objName ?arg ...?",
        (2, MANY),
        "Tells whether an object belongs to a category.",
        isa,
    ),
    row("oo::InfoObject methods", "objName ?-option value ...?", (1, MANY), "Lists methods.", methods),
    row(
        "oo::InfoObject methodtype",
        "objName methodName",
        (2, 2),
        "Answers what kind of method one is.",
        |m, a| {
            let id = m.object_named(&a[1])?;
            tell::method_type(&m.oo.object(id).own, &a[2])
        },
    ),
    row("oo::InfoObject mixins", "objName", (1, 1), "Lists classes that are mixed in.", |m, a| {
        let id = m.object_named(&a[1])?;
        let mixins = m.oo.object(id).own.mixins.clone();
        tell::matching(m, &mixins, None)
    }),
    row("oo::InfoObject namespace", "objName", (1, 1), "Names the namespace of an object.", namespace),
    row("oo::InfoObject properties", "objName ?options...?", (1, MANY), "Lists properties.", |m, a| {
        let id = m.object_named(&a[1])?;
        property::tell(m, id, false, &a[2..])
    }),
    row("oo::InfoObject variables", "objName ?-private?", (1, 2), "Lists declared variables.", |m, a| {
        tell::check_private_word(a.get(2))?;
        let id = m.object_named(&a[1])?;
        Ok(tell::variables(&m.oo.object(id).own, a.len() > 2))
    }),
    row("oo::InfoObject vars", "objName ?pattern?", (1, 2), "Lists the variables of an object.", vars),
];

fn call(machine: &mut Machine, args: Args) -> Outcome {
    let id = machine.object_named(&args[1])?;
    let wanted = Wanted { name: Some(&args[2]), is_public: true, from_object: None, from_class: None };
    match machine.oo.find_call(id, wanted) {
        Some(call) => Ok(Step::Done(machine.shown_chain(&call.chain))),
        None => Err(error!("cannot construct any call chain"; "TCL", "OO", "BAD_CALL_CHAIN")),
    }
}

/// The class that a word names.
pub(super) fn class_of_word(machine: &Machine, word: &Value) -> Result<ObjectId, Exception> {
    let id = machine.object_named(word)?;
    match machine.oo.object(id).class {
        Some(_) => Ok(id),
        None => Err(error!("\"", word, "\" is not a class"; "TCL", "LOOKUP", "CLASS", word.text())),
    }
}

fn class(machine: &mut Machine, args: Args) -> Outcome {
    let id = machine.object_named(&args[1])?;
    let Some(word) = args.get(2) else {
        let class = machine.oo.object(id).class_of;
        return Ok(Step::Done(machine.object_name(class)));
    };
    let class = class_of_word(machine, word)?;
    Ok(Step::Done(Value::bool(machine.oo.is_instance(id, class))))
}

fn creation_id(machine: &mut Machine, args: Args) -> Outcome {
    let id = machine.object_named(&args[1])?;
    Ok(Step::Done(Value::int(machine.oo.object(id).serial as i64)))
}

fn isa(machine: &mut Machine, args: Args) -> Outcome {
    const CATEGORIES: &[&str] = &["class", "metaclass", "mixin", "object", "typeof"];
    let category = CATEGORIES[choose(&args[1], CATEGORIES, "category")?];
    let wants_class = matches!(category, "mixin" | "typeof");
    if args.len() != if wants_class { 4 } else { 3 } {
        return Err(machine.wrong_args(&args, 2, if wants_class { "objName className" } else { "objName" }));
    }
    let no = Ok(Step::Done(Value::bool(false)));
    let Ok(id) = machine.object_named(&args[2]) else { return no };
    let foundation = machine.interp(machine.current()).objects;
    let is_class = machine.oo.object(id).class.is_some();
    let answer = match category {
        "object" => true,
        "class" => is_class,
        "metaclass" => is_class && machine.oo.is_reachable(foundation.class, id),
        _ => {
            let Ok(class) = class_of_word(machine, &args[3]) else { return no };
            match category {
                "mixin" => machine.oo.object(id).own.mixins.contains(&class),
                _ => machine.oo.is_instance(id, class),
            }
        }
    };
    Ok(Step::Done(Value::bool(answer)))
}

fn methods(machine: &mut Machine, args: Args) -> Outcome {
    let id = machine.object_named(&args[1])?;
    let selection = tell::selection(&args[2..])?;
    Ok(Step::Done(if selection.all && selection.scope.is_none() {
        Value::list(machine.oo.method_names(id, (None, None), !selection.unexported))
    } else {
        tell::own_methods(&machine.oo.object(id).own.methods, &selection)
    }))
}

fn namespace(machine: &mut Machine, args: Args) -> Outcome {
    let id = machine.object_named(&args[1])?;
    let namespace = machine.namespaces.get(machine.oo.object(id).namespace);
    Ok(Step::Done(namespace.map(|namespace| namespace.name.clone()).unwrap_or_default()))
}

fn vars(machine: &mut Machine, args: Args) -> Outcome {
    let id = machine.object_named(&args[1])?;
    let Some(namespace) = machine.namespaces.get(machine.oo.object(id).namespace) else {
        return Ok(Step::EMPTY);
    };
    // Variables that were only set, by no declared name, are not told of.
    let wanted = |name: &Value, link: &Value| {
        link.cell_rc().is_some_and(|cell| cell.tag() != Tag::Unset && cell.is_declared())
            && args.get(2).is_none_or(|pattern| glob::matches(&pattern.text(), &name.text(), false))
    };
    let names = namespace.variables.table_order(wanted);
    Ok(Step::Done(Value::list(names.into_iter().map(|(name, _)| name.clone()).collect())))
}
