//! The end of objects.
//!
//! An object's end begins with its namespace or its command, whichever goes first, and takes the other with it. What
//! depends on a class goes before it: classes that it is mixed into, subclasses, instances.

use super::call::Invocation;
use super::chain::Kind;
use super::method::MethodCall;
use super::object::{Members, Object, ObjectId};
use crate::interp::Machine;
use crate::interp::arena::Id;
use crate::interp::command::{Command, CommandId, Outcome};
use crate::interp::exception::Exception;
use crate::interp::life::Task;
use crate::interp::namespace::NamespaceId;
use crate::value::Value;

/// A part of the end of an object.
pub(crate) enum End {
    /// All of it.
    Begin(ObjectId),
    /// What depends on it as a class, one by one.
    Dependants(ObjectId),
    /// Its destructor.
    Destructor(ObjectId),
    /// Its commands.
    Commands(ObjectId),
    /// What is known of it.
    Forget(ObjectId),
}

impl Machine {
    /// Ends a part of an object; what is to be ended next goes to `tasks`. Answers what has to run first.
    pub(crate) fn end_of_object(&mut self, end: End, tasks: &mut Vec<Task>) -> Option<Outcome> {
        match end {
            End::Begin(id) => {
                let object = self.oo.objects.get_mut(id)?;
                if !std::mem::replace(&mut object.is_ending, true) {
                    let parts =
                        [End::Forget(id), End::Commands(id), End::Destructor(id), End::Dependants(id)];
                    tasks.extend(parts.map(Task::Object));
                }
            }
            End::Dependants(id) => self.next_dependant(id, tasks),
            End::Destructor(id) => return self.last_words(id),
            End::Commands(id) => {
                let object = self.oo.objects.get(id)?;
                let mut commands = vec![object.my_class, object.my];
                // The command goes last if it went first: until then it says that there is nothing to be called.
                if self.commands.get(object.command).is_some_and(|command| !command.dying) {
                    commands.push(object.command);
                }
                tasks.extend(commands.into_iter().filter(|c| *c != Id::NONE).map(Task::Command));
            }
            End::Forget(id) => self.forget_object(id, tasks),
        }
        None
    }

    /// The namespace of the next object that goes with a class.
    fn next_dependant(&mut self, id: ObjectId, tasks: &mut Vec<Task>) {
        let Some(class) = self.oo.class_mut(id) else { return };
        let dependant =
            class.mixed_into.pop().or_else(|| class.subclasses.pop()).or_else(|| class.instances.pop());
        let Some(dependant) = dependant else { return };
        tasks.push(Task::Object(End::Dependants(id)));
        let is_other = |object: &&Object| !object.is_ending && dependant != id;
        if let Some(object) = self.oo.objects.get(dependant).filter(is_other) {
            tasks.push(Task::Namespace(object.namespace));
        }
    }

    /// Calls the destructor of an object that goes with something else: what goes wrong is reported in the background.
    fn last_words(&mut self, id: ObjectId) -> Option<Outcome> {
        let object = self.oo.objects.get_mut(id)?;
        let interp = object.interp;
        if std::mem::replace(&mut object.is_destructed, true)
            || self.interps.get(interp).is_none_or(|interp| interp.dying)
        {
            return None;
        }
        let chain = self.oo.life_chain(id, Kind::Destructor)?;
        let call = MethodCall::new(id, chain, 0);
        let invocation = Invocation { call, words: Vec::new(), skip: 0, caller: None };
        let report = move |machine: &mut Machine, outcome: Result<Value, Exception>| {
            if let (Err(exception), Some(report)) = (outcome, machine.on_background_error) {
                report(machine, interp, exception);
            }
            Ok(crate::interp::Step::EMPTY)
        };
        Some(Ok(invocation.then(report)))
    }

    /// Nobody knows an object any more.
    fn forget_object(&mut self, id: ObjectId, tasks: &mut Vec<Task>) {
        let Some(object) = self.oo.objects.get(id) else { return };
        let (class, is_class, interp) = (object.class_of, object.class.is_some(), object.interp);
        self.oo.set_mixins(id, false, Vec::new());
        self.oo.remove_instance(id, class);
        if is_class {
            self.oo.set_mixins(id, true, Vec::new());
            self.oo.set_superclasses(id, Vec::new());
        }
        let foundation = self.interps.get(interp).map(|interp| interp.objects);
        if let Some(foundation) = foundation.filter(|foundation| foundation.object == id)
            && let Some(class) = self.oo.objects.get(foundation.class).filter(|class| !class.is_ending)
        {
            // Without objects there are no classes.
            tasks.push(Task::Command(class.command));
        }
        let object = self.oo.object_mut(id);
        (object.my, object.my_class, object.class_of) = (Id::NONE, Id::NONE, Id::NONE);
        (object.own, object.class) = (Members::default(), None);
        object.epoch = object.epoch.wrapping_add(1);
        object.is_gone = true;
        if object.command == Id::NONE {
            self.oo.objects.remove(id);
        }
        if is_class {
            self.oo.epoch = self.oo.epoch.wrapping_add(1);
        }
    }

    /// The namespace that goes with a command, if that is the command of an object.
    pub(crate) fn namespace_of_object(&self, command: &Command) -> Option<NamespaceId> {
        use super::object::Form;
        use crate::interp::command::CommandKind;
        match command.kind {
            CommandKind::Object(id, Form::Public) => {
                let object = self.oo.objects.get(id).filter(|object| !object.is_ending)?;
                Some(object.namespace)
            }
            _ => None,
        }
    }

    /// A command of an object is gone; the object goes with its own command, but for `my` and `myclass`.
    pub(crate) fn object_command_gone(&mut self, command: CommandId, id: ObjectId) {
        let Some(object) = self.oo.objects.get_mut(id) else { return };
        if object.my == command {
            object.my = Id::NONE;
            let linked = std::mem::take(&mut object.linked);
            let global = self.interps.get(object.interp).map(|interp| interp.global);
            for name in linked.iter().rev() {
                let found = global.and_then(|global| self.find_command(&name.text(), global));
                self.endings.extend(found.map(Task::Command));
            }
        } else if object.my_class == command {
            object.my_class = Id::NONE;
        }
        let Some(object) = self.oo.objects.get_mut(id) else { return };
        if object.command == command {
            object.command = Id::NONE;
            if object.is_gone {
                self.oo.objects.remove(id);
            } else if !object.is_ending {
                let namespace = object.namespace;
                self.endings.push(Task::Namespace(namespace));
            }
        }
    }

    /// Forgets the objects of an interpreter that goes; no destructors are called.
    pub(crate) fn forget_objects_of(&mut self, interp: crate::interp::InterpId) {
        let gone: Vec<ObjectId> =
            self.oo.objects.ids().filter(|id| self.oo.object(*id).interp == interp).collect();
        for id in gone {
            self.oo.objects.remove(id);
        }
        self.oo.epoch = self.oo.epoch.wrapping_add(1);
    }
}
