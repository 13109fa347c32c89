//! Abstract and singleton classes.

use super::call::Invocation;
use super::method::{CoreMethod, Invoked, Visibility};
use crate::error;
use crate::interp::Machine;
use crate::interp::command::Outcome;
use crate::interp::step::Step;

/// The method that `oo::singleton` has.
pub(super) static SINGLETON: [CoreMethod; 1] = [CoreMethod {
    name: "new",
    kind: "core method: \"new\"",
    visibility: Visibility::Public,
    run: new_singleton,
}];

/// The methods that the instance of a singleton class has.
pub(super) static INSTANCE: [CoreMethod; 2] = [
    CoreMethod {
        name: "destroy",
        kind: "core method: \"destroy\"",
        visibility: Visibility::Public,
        run: |_, _| Err(error!("may not destroy a singleton object"; "TCL", "OO", "SINGLETON")),
    },
    CoreMethod {
        name: "<cloned>",
        kind: "core method: \"<cloned>\"",
        visibility: Visibility::Unexported,
        run: |_, _| Err(error!("may not clone a singleton object"; "TCL", "OO", "SINGLETON")),
    },
];

/// Answers the only instance of a class, made if need be.
fn new_singleton(machine: &mut Machine, invoked: Invoked) -> Outcome {
    let id = invoked.call.object;
    let foundation = machine.interp(machine.current()).objects;
    let Some(class) = machine.oo.class_if_any(id) else {
        let name = machine.object_name(id);
        return Err(error!("object \"", name, "\" is not a class"; "TCL", "OO", "INSTANTIATE_NONCLASS"));
    };
    let living = class.instances.list().into_iter().find(|instance| {
        let object = machine.oo.objects.get(*instance);
        object.is_some_and(|object| !object.is_ending && object.class_of == id)
    });
    if let Some(instance) = living {
        return Ok(Step::Done(machine.object_name(instance)));
    }
    let Some(next) = invoked.call.next() else {
        return Err(super::call::nothing_next(&invoked.call));
    };
    let Invoked { words, skip, .. } = invoked;
    let make = Invocation { call: next, words, skip, caller: None };
    Ok(make.then(move |machine, outcome| {
        let name = outcome?;
        if let Ok(instance) = machine.object_named(&name) {
            let mut mixins = machine.oo.object(instance).own.mixins.clone();
            if !mixins.contains(&foundation.singleton) {
                mixins.push(foundation.singleton);
                machine.oo.set_mixins(instance, false, mixins);
            }
        }
        Ok(Step::Done(name))
    }))
}
