//! The ends of things: commands, namespaces, coroutines, interpreters; and interruptions.
//!
//! What ends may have traces, so an end is a list of tasks that is worked off
//! one by one, with the scripts of traces in between.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::arena::Id;
use super::command::{CommandId, Outcome};
use super::exception::{Exception, Raised};
use super::frame::{Continuation, FrameKind};
use super::namespace::NamespaceId;
use super::step::{At, Run, Step, Then, What};
use super::trace::{Trace, ops};
use super::{Context, Coroutine, InterpId, Machine};
use crate::exec::tracing::{UnsetTraces, cell_traces, drop_traces, trace_script};
use crate::oo::end::End;
use crate::text;
use crate::value::Value;

/// One thing that ends, or a part of its end.
pub(crate) enum Task {
    /// A command, its delete traces first.
    Command(CommandId),
    /// A command whose traces have run: commands imported from it, then itself.
    Finish(CommandId),
    /// A command, for good.
    Remove(CommandId),
    /// A namespace, as soon as no frame runs in it.
    Namespace(NamespaceId),
    /// The variables of a namespace, one by one.
    Variables(NamespaceId),
    /// The commands of a namespace, one by one.
    Commands(NamespaceId),
    /// The namespaces inside a namespace.
    Children(NamespaceId),
    /// A namespace that is empty.
    Gone(NamespaceId),
    /// Unset traces of variables that are gone.
    Unset(Vec<UnsetTraces>),
    /// The script of a trace in an interpreter, with the trace.
    Script(InterpId, Rc<Trace>, Value),
    /// An interpreter, as soon as no frame runs in it.
    Interp(InterpId),
    /// A part of an object.
    Object(End),
}

/// Ends under way; the last task is the next one.
struct Demolition {
    tasks: Vec<Task>,
}

impl Continuation for Demolition {
    fn resume(self: Box<Self>, machine: &mut Machine, _outcome: Result<Value, Exception>) -> Outcome {
        self.work(machine)
    }
}

impl Demolition {
    fn work(mut self: Box<Self>, machine: &mut Machine) -> Outcome {
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Command(id) => self.command(machine, id),
                Task::Finish(id) => self.finish_command(machine, id),
                Task::Remove(id) => machine.forget_command(id),
                Task::Namespace(id) => self.namespace(machine, id),
                Task::Variables(id) => self.variable(machine, id),
                Task::Commands(id) => self.commands(machine, id),
                Task::Children(id) => self.children(machine, id),
                Task::Gone(id) => match machine.namespaces.get_mut(id).and_then(|ns| ns.attached.pop()) {
                    // A trace made one more ensemble of it.
                    Some(ensemble) => self.tasks.extend([Task::Gone(id), Task::Command(ensemble)]),
                    None => machine.namespace_gone(id),
                },
                Task::Interp(id) => machine.end_interp(id),
                Task::Object(end) => {
                    if let Some(outcome) = machine.end_of_object(end, &mut self.tasks) {
                        return machine.after(outcome, move |machine, _| self.work(machine));
                    }
                }
                Task::Unset(list) => {
                    let outcome = machine.run_unset_list(list);
                    if !matches!(outcome, Ok(Step::Done(_))) {
                        return machine.after(outcome, move |machine, _| self.work(machine));
                    }
                }
                Task::Script(interp, trace, script) => {
                    if trace.removed.get() || machine.interps.get(interp).is_none_or(|i| i.dying) {
                        continue;
                    }
                    let at = if machine.current() == interp { At::Here } else { At::Interp(interp) };
                    let run = Run { what: What::Sourced(script), at, then: Then::Barrier(self) };
                    return Ok(Step::Run(Box::new(run)));
                }
            }
            self.tasks.append(&mut machine.endings);
        }
        Ok(Step::EMPTY)
    }

    fn command(&mut self, machine: &mut Machine, id: CommandId) {
        let Some(command) = machine.commands.get_mut(id) else {
            return;
        };
        if std::mem::replace(&mut command.dying, true) {
            // A trace of its own end asks for it again: it is found no more.
            machine.hide_dying(id);
            return;
        }
        self.tasks.push(Task::Finish(id));
        // An object goes with its command, while that can still be called.
        let command = machine.command(id);
        self.tasks.extend(machine.namespace_of_object(command).map(Task::Namespace));
        self.tasks.extend(machine.command_trace_scripts(id, ops::DELETE, None).into_iter().rev());
    }

    fn finish_command(&mut self, machine: &mut Machine, id: CommandId) {
        let Some(command) = machine.commands.get_mut(id) else {
            return;
        };
        let imports = std::mem::take(&mut command.imports);
        self.tasks.push(Task::Remove(id));
        self.tasks.extend(imports.into_iter().rev().map(Task::Command));
    }

    fn namespace(&mut self, machine: &mut Machine, id: NamespaceId) {
        let Some(namespace) = machine.namespaces.get_mut(id).filter(|ns| !ns.killed) else {
            return;
        };
        let object = std::mem::replace(&mut namespace.object, Id::NONE);
        if object != Id::NONE {
            self.tasks.extend([Task::Namespace(id), Task::Object(End::Begin(object))]);
            return;
        }
        if let Some(ensemble) = namespace.attached.pop() {
            self.tasks.extend([Task::Namespace(id), Task::Command(ensemble)]);
            return;
        }
        if !machine.condemn_namespace(id) {
            return;
        }
        self.tasks.extend([Task::Gone(id), Task::Children(id), Task::Commands(id), Task::Variables(id)]);
    }

    fn variable(&mut self, machine: &mut Machine, id: NamespaceId) {
        let Some(namespace) = machine.namespaces.get_mut(id) else {
            return;
        };
        let Some((name, link)) =
            namespace.variables.iter().next().map(|(name, link)| (name.clone(), link.clone()))
        else {
            return;
        };
        self.tasks.push(Task::Variables(id));
        namespace.variables.remove(&name);
        namespace.variable_epoch = namespace.variable_epoch.wrapping_add(1);
        let prefix = if namespace.is_global() { Vec::new() } else { namespace.name.to_text() };
        if let Some(at) = namespace.links.iter().position(|link| *link == name) {
            namespace.links.swap_remove(at);
            return;
        }
        let Some(cell) = link.cell_rc() else {
            return;
        };
        let name = Value::text_value(text![prefix, "::", &name]);
        let mut list = Vec::new();
        let traces = cell_traces(&cell, ops::UNSET);
        if !traces.is_empty() {
            list.push(UnsetTraces { traces, name: name.clone(), key: None });
        }
        let old = cell.take();
        cell.set_gone(true);
        drop_traces(&cell);
        if let Some(array) = old.array_rc() {
            list.extend(machine.element_unset_traces(&array, &name));
        }
        if !list.is_empty() {
            self.tasks.push(Task::Unset(list));
        }
    }

    fn commands(&mut self, machine: &mut Machine, id: NamespaceId) {
        let Some(namespace) = machine.namespaces.get_mut(id) else {
            return;
        };
        let Some((name, command)) =
            namespace.commands.iter().next().map(|(name, command)| (name.clone(), *command))
        else {
            return;
        };
        self.tasks.push(Task::Commands(id));
        match command.filter(|command| machine.commands.get(*command).is_some()) {
            Some(command) => self.tasks.push(Task::Command(command)),
            None => {
                machine.namespace_mut(id).commands.remove(&name);
            }
        }
    }

    fn children(&mut self, machine: &mut Machine, id: NamespaceId) {
        let Some(namespace) = machine.namespaces.get_mut(id) else {
            return;
        };
        let Some((name, child)) =
            namespace.children.iter().next().map(|(name, child)| (name.clone(), *child))
        else {
            return;
        };
        self.tasks.push(Task::Children(id));
        match child.filter(|child| machine.namespaces.get(*child).is_some_and(|ns| !ns.killed)) {
            Some(child) => self.tasks.push(Task::Namespace(child)),
            None => {
                machine.namespace_mut(id).children.remove(&name);
            }
        }
    }
}

impl Machine {
    /// Ends things with their traces.
    pub(crate) fn demolish(&mut self, mut tasks: Vec<Task>) -> Outcome {
        tasks.reverse();
        Box::new(Demolition { tasks }).work(self)
    }

    /// Ends what was left to be ended, then goes on with `outcome`.
    #[cold]
    pub(crate) fn after_endings(&mut self, outcome: Outcome) -> Outcome {
        let tasks = std::mem::take(&mut self.endings);
        // What ends it runs inside the command that brings the end about.
        self.levels_ahead = self.levels_ahead.max(1);
        match Box::new(Demolition { tasks }).work(self) {
            Ok(Step::Done(_)) => outcome,
            ends => self.after(ends, move |_, _| outcome),
        }
    }

    /// The scripts of a command's traces for an operation, newest first. All its traces go when it is deleted.
    pub(crate) fn command_trace_scripts(
        &mut self,
        id: CommandId,
        op: u8,
        names: Option<(&[u8], &[u8])>,
    ) -> Vec<Task> {
        let Some(traces) = self.commands.get(id).and_then(|command| command.traces.as_ref()) else {
            return Vec::new();
        };
        let list: Vec<Rc<Trace>> = traces.list.iter().filter(|trace| trace.ops & op != 0).cloned().collect();
        let whole = self.command_name(id);
        let word = if op == ops::DELETE { "delete" } else { "rename" };
        let (old, new) = names.unwrap_or((&whole, b""));
        let interp = self.commands.get(id).and_then(|c| self.namespaces.get(c.namespace)).map(|ns| ns.interp);
        let Some(interp) = interp else {
            return Vec::new();
        };
        if op == ops::DELETE {
            self.drop_step_traces(id);
            let command = self.commands.get_mut(id).expect("looked at just now");
            command.traces = None;
        }
        list.into_iter()
            .map(|trace| {
                let script = trace_script(&trace, &Value::text_of(old), Some(&Value::text_of(new)), word);
                Task::Script(interp, trace, script)
            })
            .collect()
    }

    /// Runs the delete traces of the command that a new one called `name` replaces, if there is one, then goes on with
    /// `then`, which makes the command unless the traces have deleted the namespace.
    pub(crate) fn replacing_then(
        &mut self,
        namespace: NamespaceId,
        name: &Value,
        then: impl FnOnce(&mut Machine) -> Outcome + 'static,
    ) -> Outcome {
        let Some(old) = self.command_in(namespace, name) else {
            return then(self);
        };
        let outcome = self.announce_redefinition(old)?;
        self.after(Ok(outcome), move |machine, outcome| {
            outcome?;
            match machine.namespaces.get(namespace) {
                None => Ok(Step::EMPTY),
                Some(_) => then(machine),
            }
        })
    }

    /// Runs the delete traces of a command that another one is to replace.
    fn announce_redefinition(&mut self, id: CommandId) -> Outcome {
        match self.commands.get_mut(id) {
            Some(command) if command.traces.is_some() => command.dying = true,
            _ => return Ok(Step::EMPTY),
        }
        let scripts = self.command_trace_scripts(id, ops::DELETE, None);
        self.demolish(scripts)
    }

    /// Takes a command that is being deleted out of its namespace.
    fn hide_dying(&mut self, id: CommandId) {
        let Some(command) = self.commands.get(id) else {
            return;
        };
        let (name, namespace) = (command.name.clone(), command.namespace);
        if self.command_in(namespace, &name) == Some(id) {
            self.namespace_mut(namespace).commands.remove(&name);
            self.names_changed(&name, namespace);
        }
    }

    /// Whether any frame of any context has the namespace; the base of the main context does not count.
    fn namespace_in_use(&self, id: NamespaceId) -> bool {
        self.contexts().any(|context| {
            context.frames.iter().any(|frame| frame.namespace == id && frame.kind != FrameKind::Base)
        })
    }

    /// All contexts: the one that runs, those that wait and those of suspended coroutines.
    pub(crate) fn contexts(&self) -> impl Iterator<Item = &Context> {
        let suspended = self.coroutines.ids().filter_map(|id| self.coroutines.get(id)?.context.as_deref());
        std::iter::once(&*self.active).chain(self.waiting.iter().map(|context| &**context)).chain(suspended)
    }

    fn for_frames_mut(&mut self, mut change: impl FnMut(&mut super::frame::Frame)) {
        let ids: Vec<_> = self.coroutines.ids().collect();
        for id in ids {
            if let Some(context) = self.coroutines.get_mut(id).and_then(|c| c.context.as_mut()) {
                context.frames.iter_mut().for_each(&mut change);
            }
        }
        for context in std::iter::once(&mut self.active).chain(&mut self.waiting) {
            context.frames.iter_mut().for_each(&mut change);
        }
    }

    /// Makes a namespace unfindable. Whether it can be taken to pieces now; else that is done when the last frame
    /// leaves it.
    fn condemn_namespace(&mut self, id: NamespaceId) -> bool {
        let in_use = self.namespace_in_use(id);
        let namespace = self.namespace_mut(id);
        if let Some(parent) = namespace.parent {
            namespace.dying = true;
            if in_use {
                namespace.parent = None;
                namespace.detached = true;
                let tail = namespace.tail.clone();
                self.detach_child(parent, &tail, id);
            }
        }
        let namespace = self.namespace_mut(id);
        if !in_use {
            namespace.killed = true;
        } else if !self.dying_namespaces.contains(&id) {
            self.dying_namespaces.push(id);
            // Procedures in it must not leave it unnoticed.
            self.for_frames_mut(|frame| frame.careful |= frame.namespace == id);
        }
        let namespace = self.namespace_mut(id);
        namespace.is_bare = !in_use && namespace.commands.is_empty() && namespace.children.is_empty();
        if !namespace.is_bare {
            self.all_names_changed();
        }
        !in_use
    }

    fn detach_child(&mut self, parent: NamespaceId, tail: &Value, id: NamespaceId) {
        if let Some(parent) = self.namespaces.get_mut(parent)
            && parent.children.get(tail).copied().flatten() == Some(id)
        {
            parent.children.remove(tail);
        }
    }

    /// A frame of a namespace or interpreter that is being deleted was popped.
    #[cold]
    pub(crate) fn left_dying(&mut self) {
        let (ended, kept) = std::mem::take(&mut self.dying_namespaces)
            .into_iter()
            .partition(|id| !self.namespace_in_use(*id));
        self.dying_namespaces = kept;
        let ended: Vec<NamespaceId> = ended;
        self.endings.extend(ended.into_iter().rev().map(Task::Namespace));
        let (ended, kept): (Vec<InterpId>, _) =
            std::mem::take(&mut self.dying_interps).into_iter().partition(|id| !self.interp_in_use(*id));
        self.dying_interps = kept;
        self.endings.extend(ended.into_iter().rev().map(Task::Interp));
    }

    /// A namespace that has been emptied goes; the global one stays.
    fn namespace_gone(&mut self, id: NamespaceId) {
        if !self.namespace(id).is_bare {
            self.all_names_changed();
        }
        let namespace = self.namespace_mut(id);
        if namespace.is_global() {
            namespace.killed = false;
            namespace.exports.clear();
            namespace.path.clear();
            namespace.unknown = None;
            return;
        }
        let (parent, tail) = (namespace.parent, namespace.tail.clone());
        if let Some(parent) = parent {
            self.detach_child(parent, &tail, id);
        }
        if !self.namespace_in_use(id) {
            self.namespaces.remove(id);
        }
    }

    /// A coroutine's command is gone: its frames go too, unless it runs.
    pub(crate) fn coroutine_command_gone(&mut self, id: Id<Coroutine>) {
        let Some(coroutine) = self.coroutines.get_mut(id) else {
            return;
        };
        let Some(context) = coroutine.context.take() else {
            // It runs; it is forgotten when it ends.
            coroutine.command = Id::NONE;
            return;
        };
        let depth = coroutine.depth;
        self.coroutines.remove(id);
        let before = self.depth;
        self.push_context(context);
        self.depth += depth;
        let gone = self.drop_frames();
        drop(self.pop_context());
        self.depth = before;
        self.update_depth_limit();
        if !gone.is_empty() {
            self.endings.push(Task::Unset(gone));
        }
    }

    /// Whether any frame runs in an interpreter, the base of the main context apart.
    pub(crate) fn interp_in_use(&self, id: InterpId) -> bool {
        self.contexts().any(|context| {
            context.frames.iter().any(|frame| frame.interp == id && frame.kind != FrameKind::Base)
        })
    }

    /// A child interpreter's command is gone: the interpreter goes too.
    pub(crate) fn child_command_gone(&mut self, id: InterpId) {
        self.endings.push(Task::Interp(id));
    }

    /// Ends an interpreter: its children, its namespaces with all that is in them, aliases that lead to it. No traces
    /// run. If frames run in it, that is done when the last one has left.
    pub(crate) fn end_interp(&mut self, id: InterpId) {
        let mut order = Vec::new();
        let mut next = vec![id];
        while let Some(interp) = next.pop() {
            let Some(entry) = self.interps.get(interp) else {
                continue;
            };
            next.extend(entry.children.values().flatten());
            order.push(interp);
        }
        for interp in order.into_iter().rev() {
            self.end_one_interp(interp);
        }
    }

    fn end_one_interp(&mut self, id: InterpId) {
        let interp = self.interp_mut(id);
        interp.dying = true;
        let (parent, name) = (interp.parent.take(), interp.name.clone());
        if let Some(parent) = parent.and_then(|parent| self.interps.get_mut(parent))
            && parent.children.get(&name).copied().flatten() == Some(id)
        {
            parent.children.remove(&name);
        }
        let ours: Vec<CommandId> = self
            .commands
            .ids()
            .filter(|command| {
                let command = self.command(*command);
                matches!(&command.kind, super::command::CommandKind::Child(child) if *child == id)
            })
            .collect();
        for command in ours {
            self.forget_command(command);
        }
        if self.interp_in_use(id) {
            // What runs in it is told at the next command.
            self.set_pending(super::pending::INTERRUPT);
            self.is_stale = true;
            if !self.dying_interps.contains(&id) {
                self.dying_interps.push(id);
                self.for_frames_mut(|frame| frame.careful |= frame.interp == id);
            }
            return;
        }
        for hook in self.on_interp_deleted.clone() {
            hook(self, id);
        }
        self.drop_interp(id);
    }

    fn drop_interp(&mut self, id: InterpId) {
        let in_it = |machine: &Machine, command: CommandId| {
            let command = machine.command(command);
            let leads_here =
                matches!(&command.kind, super::command::CommandKind::Alias(alias) if alias.target == id);
            leads_here || machine.namespaces.get(command.namespace).is_none_or(|ns| ns.interp == id)
        };
        let commands: Vec<CommandId> = self.commands.ids().filter(|command| in_it(self, *command)).collect();
        for command in commands {
            self.forget_command(command);
        }
        let namespaces: Vec<NamespaceId> =
            self.namespaces.ids().filter(|ns| self.namespace(*ns).interp == id).collect();
        for namespace in namespaces {
            if let Some(namespace) = self.namespaces.remove(namespace) {
                for cell in namespace.variables.values().filter_map(Value::cell_rc) {
                    cell.set_gone(true);
                    drop(cell.take());
                }
            }
        }
        self.forget_objects_of(id);
        self.interps.remove(id);
        self.all_names_changed();
    }

    /// What a cancellation or the end of the running interpreter raises now, if there is one.
    pub(crate) fn interruption(&mut self) -> Option<Exception> {
        let here = self.current();
        if self.interp(here).dying {
            return Some(self.deleted_interp());
        }
        self.cancellation(here)
    }

    /// What a cancellation of an interpreter raises now, if there is one.
    pub(crate) fn cancellation(&mut self, interp: InterpId) -> Option<Exception> {
        let cancelled = self.interp_mut(interp).cancelled.take();
        if self.dying_interps.is_empty() && self.interps.ids().all(|id| self.interp(id).cancelled.is_none()) {
            self.pending.fetch_and(!super::pending::INTERRUPT, Ordering::Relaxed);
        }
        let (message, unwinds) = cancelled?;
        let message = match (message.is_empty(), unwinds) {
            (false, _) => message,
            (true, true) => Value::from("eval unwound"),
            (true, false) => Value::from("eval canceled"),
        };
        let word = if unwinds { "IUNWIND" } else { "ICANCEL" };
        let code = [b"TCL".as_slice(), b"CANCEL", word.as_bytes(), &message.text()].map(<[u8]>::to_vec);
        let mut exception = Raised::error(message).with_code(&code);
        exception.uncatchable = unwinds;
        Some(exception)
    }

    /// The script to run before the limit of time of an interpreter ends the wait of the running command, and where: it
    /// may give more time. It is asked once for each end.
    pub fn wait_callback(&mut self) -> Option<(InterpId, Value)> {
        let now = self.wall_clock?();
        self.time_limit().filter(|end| *end <= now)?;
        let passed = self.context().frames.iter().map(|frame| frame.interp).find(|interp| {
            self.interps.get(*interp).and_then(|interp| interp.limits.time).is_some_and(|end| end <= now)
        })?;
        let limits = &mut self.interps.get_mut(passed)?.limits;
        if limits.time_asked == limits.time {
            return None;
        }
        limits.time_asked = limits.time;
        let (home, script) = limits.time_callback.clone()?;
        self.interps.get(home).filter(|home| !home.dying)?;
        Some((home, script))
    }

    /// What ends the wait of the running command now: a cancellation, the end of its interpreter, a limit of time.
    /// `sleeps`: nothing happens meanwhile.
    pub fn wait_interruption(&mut self, sleeps: bool) -> Option<Exception> {
        if self.pending.load(Ordering::Relaxed) & super::pending::INTERRUPT != 0
            && let Some(exception) = self.interruption()
        {
            return Some(exception);
        }
        if self.time_limit()? > self.wall_clock?() {
            return None;
        }
        let message = if sleeps { "time limit exceeded" } else { "limit exceeded" };
        let mut exception = Raised::error(message).with_code(&["TCL", "LIMIT", "TIME"]);
        exception.uncatchable = true;
        Some(exception)
    }

    /// The error of commands in an interpreter that is being deleted.
    pub(crate) fn deleted_interp(&self) -> Exception {
        const MESSAGE: &str = "attempt to call eval in deleted interpreter";
        let mut exception = Raised::error(MESSAGE).with_code(&["TCL", "IDELETE", MESSAGE]);
        exception.uncatchable = true;
        exception
    }
}
