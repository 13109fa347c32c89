//! Invoking methods: by an object's command, by `my`, by `next`.

use std::rc::Rc;

use super::chain::Wanted;
use super::method::{Body, Declarer, Invoked, MethodCall};
use super::object::{Form, ObjectId};
use crate::error;
use crate::exec::{Started, shorten};
use crate::interp::command::{Outcome, Proc};
use crate::interp::exception::Exception;
use crate::interp::frame::{DISCARD, FrameKind};
use crate::interp::step::{At, Run, Step, Then, What};
use crate::interp::{Machine, frame::Continuation};
use crate::text;
use crate::value::Value;

/// A method to be invoked.
pub struct Invocation {
    /// The call.
    pub(crate) call: Rc<MethodCall>,
    /// The words, and how many of them come before the arguments.
    pub(crate) words: Vec<Value>,
    pub(crate) skip: usize,
    /// The frame that is the caller, if it is not the running one (`next`).
    pub(crate) caller: Option<u32>,
}

impl Invocation {
    /// The step that invokes it; its outcome is the command's.
    pub(crate) fn step(self) -> Step {
        Step::Run(Box::new(Run { what: What::Method(Box::new(self)), at: At::Here, then: Then::Pass }))
    }

    /// The step that invokes it and goes on with its outcome.
    pub(crate) fn then(
        self,
        then: impl FnOnce(&mut Machine, Result<Value, Exception>) -> Outcome + 'static,
    ) -> Step {
        Step::run(What::Method(Box::new(self)), At::Here, then)
    }
}

/// Says again that no filter runs, or that one does, when a method is done.
struct AfterFilter {
    object: ObjectId,
    was_filtering: bool,
}

impl Continuation for AfterFilter {
    fn resume(self: Box<Self>, machine: &mut Machine, outcome: Result<Value, Exception>) -> Outcome {
        if let Some(object) = machine.oo.objects.get_mut(self.object) {
            object.is_filtering = self.was_filtering;
        }
        outcome.map(Step::Done)
    }
}

/// How much of an object's or method's name errors show.
const NAME_SHOWN_MAX: usize = 60;

impl Machine {
    /// The call of the method whose frame sees the running code's variables, if there is one.
    pub(crate) fn method_call(&self) -> Option<&Rc<MethodCall>> {
        self.context().frames[self.vars() as usize].method.as_ref()
    }

    /// Invokes an object by one of its commands.
    pub(crate) fn invoke_object(
        &mut self,
        object: ObjectId,
        form: Form,
        words: Vec<Value>,
        result_at: u32,
    ) -> Started {
        if form == Form::MyClass && words.len() < 2 {
            return Started::Outcome(Err(self.wrong_args(&words, 1, "methodName ?arg ...?")));
        }
        let target = match form {
            Form::MyClass => self.oo.objects.get(object).map(|object| object.class_of),
            _ => Some(object),
        };
        let Some(target) = target.filter(|target| self.oo.objects.get(*target).is_some()) else {
            return Started::Outcome(Err(self.invalid_command(&words[0])));
        };
        match self.find_method(target, words.get(1), form == Form::Public) {
            Ok(call) => {
                let skip = call.chain.skip();
                self.invoke_method(Invocation { call, words, skip, caller: None }, result_at)
            }
            Err(exception) => Started::Outcome(Err(exception)),
        }
    }

    /// The call of the method called `name`, as seen from the running code.
    ///
    /// # Errors
    /// There is neither such a method nor `unknown`.
    pub(crate) fn find_method(
        &mut self,
        object: ObjectId,
        name: Option<&Value>,
        is_public: bool,
    ) -> Result<Rc<MethodCall>, Exception> {
        let (from_object, from_class) = match self.method_call().map(|call| call.method().declarer) {
            Some(Declarer::Object(id)) => (Some(id), None),
            Some(Declarer::Class(id)) => (None, Some(id)),
            None => (None, None),
        };
        self.oo.find_call(object, Wanted { name, is_public, from_object, from_class }).ok_or_else(|| {
            let name = name.map(Value::to_text).unwrap_or_default();
            error!("impossible to invoke method \"", &name, "\": no defined method or unknown method";
                "TCL", "LOOKUP", "METHOD_MAPPED", &name)
        })
    }

    /// The step that calls a method of an object as `my` does.
    ///
    /// # Errors
    /// As for [`Machine::find_method`].
    pub(crate) fn my_method(
        &mut self,
        object: ObjectId,
        name: &str,
        args: Vec<Value>,
    ) -> Result<Invocation, Exception> {
        let name = Value::from(name);
        // What words were replaced before concerns another command.
        self.rewrite = None;
        let call = self.find_method(object, Some(&name), false)?;
        let mut words = vec![Value::from("my"), name];
        words.extend(args);
        let skip = call.chain.skip();
        Ok(Invocation { call, words, skip, caller: None })
    }

    /// Invokes a method.
    pub(crate) fn invoke_method(&mut self, invocation: Invocation, result_at: u32) -> Started {
        let mut result_at = result_at;
        let call = &invocation.call;
        let filters = call.link().is_filter || call.chain.is_filtering;
        if let Some(object) = self.oo.objects.get_mut(call.object)
            && object.is_filtering != filters
        {
            let was_filtering = std::mem::replace(&mut object.is_filtering, filters);
            let after = AfterFilter { object: call.object, was_filtering };
            self.push_native(Box::new(after), result_at, FrameKind::Native);
            result_at = DISCARD;
        }
        if let Body::Procedure(procedure) = &call.method().body {
            let procedure = Rc::clone(procedure);
            return self.enter_method(invocation, &procedure, result_at);
        }
        if let Some(caller) = invocation.caller {
            self.place_frame(At::Vars(caller), result_at);
        }
        let Invocation { call, words, skip, .. } = invocation;
        let method = Rc::clone(call.method());
        match &method.body {
            Body::Core(core) if self.oo.objects.get(call.object).is_some_and(|object| !object.is_gone) => {
                let outcome = (core.run)(self, Invoked { call, words, skip });
                if !matches!(outcome, Ok(Step::Run(_))) {
                    self.rewrite = None;
                }
                Started::Outcome(outcome)
            }
            // What is gone can be destroyed again, and that is all.
            Body::Core(core) if core.name == "destroy" => Started::Outcome(Ok(Step::EMPTY)),
            Body::Core(_) => Started::Outcome(Err(
                error!("this command cannot be called when the object has been deleted"; "TCL", "OO", "MONKEY_BUSINESS"),
            )),
            Body::Forward(prefix) => Started::Outcome(self.forward(&call, prefix, words, skip)),
            Body::ReadProperty(name) => {
                Started::Outcome(super::property::read(self, Invoked { call, words, skip }, name))
            }
            Body::WriteProperty(name) => {
                Started::Outcome(super::property::write(self, Invoked { call, words, skip }, name))
            }
            Body::Mark | Body::Procedure(_) => Started::Outcome(Ok(Step::EMPTY)),
        }
    }

    /// Enters a method's script.
    fn enter_method(&mut self, invocation: Invocation, procedure: &Proc, result_at: u32) -> Started {
        let Invocation { call, words, skip, caller } = invocation;
        let home = self.oo.objects.get(call.object).map(|object| (object.command, object.namespace));
        let Some((command, namespace)) = home.filter(|(_, ns)| self.namespaces.get(*ns).is_some()) else {
            // Of an object that is gone the next method is called.
            return match call.next() {
                Some(call) => self.invoke_method(Invocation { call, words, skip, caller }, result_at),
                None => Started::Outcome(Err(nothing_next(&call))),
            };
        };
        if let Some(below) = words.len().checked_sub(skip)
            && (below < procedure.required || (below > procedure.params.len() && !procedure.variadic))
        {
            return Started::Outcome(Err(self.wrong_method_args(procedure, &words, skip)));
        }
        let (start, count) = self.push_words(words);
        if let Err(e) = self.enter_proc(procedure, (command, namespace), (start, count, skip), result_at) {
            return Started::Outcome(Err(e));
        }
        if let Some(caller) = caller {
            let level = self.context().frames[caller as usize].level + 1;
            let frame = self.frame_mut();
            frame.caller_vars = caller;
            frame.level = level;
        }
        self.bind_declared(&call);
        self.frame_mut().method = Some(call);
        Started::Pushed
    }

    /// The error about the number of arguments of a method: all words before them, then the parameters.
    fn wrong_method_args(&mut self, procedure: &Proc, words: &[Value], skip: usize) -> Exception {
        let mut shown = words[..skip].to_vec();
        let plain = procedure.params.len() - usize::from(procedure.variadic);
        shown.extend(procedure.params[..plain].iter().map(|param| match param.default {
            Some(_) => Value::text_value(text!["?", &param.name, "?"]),
            None => param.name.clone(),
        }));
        let rest = if procedure.variadic { "?arg ...?" } else { "" };
        self.wrong_args(&shown, shown.len(), rest)
    }

    /// Invokes the command that a method forwards to, in the object's namespace.
    fn forward(&mut self, call: &MethodCall, prefix: &[Value], words: Vec<Value>, skip: usize) -> Outcome {
        let namespace = self.oo.objects.get(call.object).map(|object| object.namespace);
        self.note_rewrite(&words, skip, prefix.len());
        let mut full = prefix.to_vec();
        full.extend(words.into_iter().skip(skip));
        let found = namespace
            .filter(|namespace| self.namespaces.get(*namespace).is_some())
            .and_then(|namespace| self.find_command(&full[0].text(), namespace));
        let what = match found {
            Some(command) => What::Command(command, full),
            None => What::Words(full),
        };
        Ok(Step::Run(Box::new(Run { what, at: At::Here, then: Then::Pass })))
    }

    /// The title of the method that the top frame runs, for errorInfo.
    pub(crate) fn method_title(&mut self) -> Option<Vec<u8>> {
        let call = Rc::clone(self.frame().method.as_ref()?);
        let declarer = call.method().declarer;
        let name = self.object_name(declarer.id());
        let (what, name) = match declarer.class() {
            _ if name.is_empty() && call.chain.kind == super::chain::Kind::Method => {
                ("instance", Value::from("unknown or deleted"))
            }
            Some(_) => ("class", name),
            None => ("object", name),
        };
        let owner = text![what, " \"", shorten(&name.text(), NAME_SHOWN_MAX), "\" "];
        Some(match call.chain.kind {
            super::chain::Kind::Method => {
                let name = shorten(&call.method().name.text(), NAME_SHOWN_MAX);
                text![owner, "method \"", name, "\""]
            }
            kind => text![owner, kind.word()],
        })
    }
}

/// The error of `next` at the end of a chain.
pub(crate) fn nothing_next(call: &MethodCall) -> Exception {
    error!("no next ", call.chain.kind.word(), " implementation"; "TCL", "OO", "NOTHING_NEXT")
}
