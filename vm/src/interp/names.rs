//! Names to namespaces and commands, and what changes them.

use std::rc::Rc;

use super::command::{Command, CommandId, CommandKind};
use super::exception::Exception;
use super::namespace::{Namespace, NamespaceId, components, split_qualified};
use super::{Id, InterpId, Machine};
use crate::value::Value;
use crate::{error, text};

impl Machine {
    /// The namespace named `name` inside `from`; absolute names from the global one of `from`'s interpreter.
    pub fn find_namespace(&self, name: &[u8], from: NamespaceId) -> Option<NamespaceId> {
        let (absolute, parts) = components(name);
        let global = self.interp(self.namespace(from).interp).global;
        if name.is_empty() && from != global {
            // It names the global namespace only from there.
            return None;
        }
        let start = if absolute { global } else { from };
        self.walk(start, &parts)
    }

    fn walk(&self, start: NamespaceId, parts: &[&[u8]]) -> Option<NamespaceId> {
        let mut at = start;
        for part in parts {
            at = (*self.namespaces.get(at)?.children.get(&Value::text_of(part))?)?;
        }
        self.namespaces.get(at).map(|_| at)
    }

    /// The namespace named `name` inside `from`, made if need be.
    pub fn make_namespace(&mut self, name: &[u8], from: NamespaceId) -> NamespaceId {
        let (absolute, parts) = components(name);
        let interp = self.namespace(from).interp;
        let mut at = if absolute { self.interp(interp).global } else { from };
        for part in parts {
            let tail = Value::text_of(part);
            let existing = self.namespace(at).children.get(&tail).copied().flatten();
            at = match existing.filter(|id| self.namespaces.get(*id).is_some_and(|ns| !ns.dying)) {
                Some(child) => child,
                None => self.add_namespace(at, tail, interp),
            };
        }
        at
    }

    pub(crate) fn add_namespace(
        &mut self,
        parent: NamespaceId,
        tail: Value,
        interp: InterpId,
    ) -> NamespaceId {
        let around = self.namespace(parent);
        let prefix = if around.is_global() { Vec::new() } else { around.name.to_text() };
        let name = Value::text_value(text![prefix, "::", &tail]);
        let child = self.namespaces.insert(Namespace::new(tail.clone(), name, Some(parent), interp));
        self.namespace_mut(parent).children.insert(&tail, Some(child));
        child
    }

    /// The command named `name` exactly in a namespace.
    pub fn command_in(&self, namespace: NamespaceId, name: &Value) -> Option<CommandId> {
        let id = (*self.namespaces.get(namespace)?.commands.get(name)?)?;
        self.commands.get(id).map(|_| id)
    }

    /// The command that `name` means in `namespace`: there, on its path, in the global namespace.
    pub fn find_command(&self, name: &[u8], namespace: NamespaceId) -> Option<CommandId> {
        if let Some((head, tail)) = split_qualified(name) {
            let tail = Value::text_of(tail);
            let (absolute, parts) = components(head);
            if absolute {
                let global = self.interp(self.namespace(namespace).interp).global;
                return self.command_in(self.walk(global, &parts)?, &tail);
            }
            let tries = std::iter::once(namespace).chain(self.namespace(namespace).path.iter().copied());
            for start in tries.chain(std::iter::once(self.interp(self.namespace(namespace).interp).global)) {
                if let Some(found) = self.walk(start, &parts).and_then(|ns| self.command_in(ns, &tail)) {
                    return Some(found);
                }
            }
            return None;
        }
        self.find_simple(&Value::text_of(name), namespace)
    }

    fn find_simple(&self, name: &Value, namespace: NamespaceId) -> Option<CommandId> {
        if let Some(found) = self.command_in(namespace, name) {
            return Some(found);
        }
        let ns = self.namespaces.get(namespace)?;
        for step in &ns.path {
            if let Some(found) = self.command_in(*step, name) {
                return Some(found);
            }
        }
        let global = self.interp(ns.interp).global;
        if global == namespace { None } else { self.command_in(global, name) }
    }

    /// A live command.
    #[inline]
    pub fn command(&self, id: CommandId) -> &Command {
        self.commands.get(id).expect("the command was just found")
    }

    /// The whole name of a command.
    pub fn command_name(&self, id: CommandId) -> Vec<u8> {
        let Some(command) = self.commands.get(id) else {
            return Vec::new();
        };
        let mut name = match self.namespaces.get(command.namespace) {
            Some(ns) if !ns.is_global() => ns.name.to_text(),
            _ => Vec::new(),
        };
        name.extend_from_slice(b"::");
        name.extend_from_slice(&command.name.text());
        name
    }

    /// What stands behind a chain of imports.
    pub fn original_command(&self, id: CommandId) -> CommandId {
        self.original_behind(id).0
    }

    /// The same, and how many commands are between that are imported, too.
    pub(crate) fn original_behind(&self, mut id: CommandId) -> (CommandId, u32) {
        let mut imports = 0_u32;
        while let Some(Command { kind: CommandKind::Import(from), .. }) = self.commands.get(id) {
            id = *from;
            imports += 1;
        }
        (id, imports.saturating_sub(1))
    }

    /// Splits the name of something to create: the namespace (which must exist) and the simple name.
    pub fn place_for(&self, name: &[u8], from: NamespaceId) -> Option<(NamespaceId, Value)> {
        match split_qualified(name) {
            None => Some((from, Value::text_of(name))),
            Some((head, tail)) => {
                let (absolute, parts) = components(head);
                let start = if absolute { self.interp(self.namespace(from).interp).global } else { from };
                Some((self.walk(start, &parts)?, Value::text_of(tail)))
            }
        }
    }

    /// Puts a command into a namespace where nobody can have looked for its name before.
    pub(crate) fn create_new_command(
        &mut self,
        namespace: NamespaceId,
        name: Value,
        kind: CommandKind,
    ) -> CommandId {
        let id = self.add_command(namespace, name.clone(), kind);
        self.namespace_mut(namespace).commands.insert(&name, Some(id));
        id
    }

    fn add_command(&mut self, namespace: NamespaceId, name: Value, kind: CommandKind) -> CommandId {
        self.commands.insert(Command {
            name,
            namespace,
            kind,
            traces: None,
            imports: Vec::new(),
            dying: false,
            hidden: false,
        })
    }

    /// Puts a command into a namespace in the place of any that had its name.
    pub fn create_command(&mut self, namespace: NamespaceId, name: Value, kind: CommandKind) -> CommandId {
        let mut imports = Vec::new();
        let mut is_findable = true;
        if let Some(old) = self.command_in(namespace, &name) {
            // Commands imported from it stay, and stand for the new one.
            imports = std::mem::take(&mut self.commands.get_mut(old).expect("looked at just now").imports);
            self.forget_command(old);
            // As in the reference, where a namespace is deleted once it is left, nothing takes a command's place.
            is_findable = !self.namespace(namespace).detached;
        }
        self.names_changed(&name, namespace);
        let id = self.add_command(namespace, name.clone(), kind);
        if is_findable {
            self.namespace_mut(namespace).commands.insert(&name, Some(id));
        }
        imports.retain(|import| {
            self.commands.get_mut(*import).is_some_and(|import| {
                import.kind = CommandKind::Import(id);
                true
            })
        });
        self.commands.get_mut(id).expect("made just now").imports = imports;
        id
    }

    /// Moves a command to another name.
    pub fn move_command(&mut self, id: CommandId, namespace: NamespaceId, name: Value) {
        let Some(command) = self.commands.get(id) else {
            return;
        };
        let (old_name, old_namespace) = (command.name.clone(), command.namespace);
        if let Some(ns) = self.namespaces.get_mut(old_namespace) {
            ns.commands.remove(&old_name);
        }
        self.names_changed(&old_name, old_namespace);
        self.note_redefinition(&old_name, old_namespace);
        let command = self.commands.get_mut(id).expect("looked at just now");
        command.name = name.clone();
        command.namespace = namespace;
        if let CommandKind::Object(object, _) = command.kind {
            self.object_renamed(object);
        }
        self.namespace_mut(namespace).commands.insert(&name, Some(id));
        self.names_changed(&name, namespace);
    }

    /// Lets a command go by one more name; [`Machine::drop_name`] takes it back.
    pub(crate) fn add_name(&mut self, id: CommandId, namespace: NamespaceId, name: &Value) {
        if let Some(ns) = self.namespaces.get_mut(namespace) {
            ns.commands.insert(name, Some(id));
            self.names_changed(name, namespace);
        }
    }

    /// Takes back a name that [`Machine::add_name`] gave, unless another command has it now.
    pub(crate) fn drop_name(&mut self, id: CommandId, namespace: NamespaceId, name: &Value) {
        let is_own = self.commands.get(id).is_some_and(|c| c.namespace == namespace && c.name == *name);
        if let Some(ns) = self.namespaces.get_mut(namespace)
            && !is_own
            && ns.commands.get(name).copied().flatten() == Some(id)
        {
            ns.commands.remove(name);
            self.names_changed(name, namespace);
        }
    }

    /// Notes that what `name` means may have changed.
    pub fn names_changed(&mut self, name: &Value, _namespace: NamespaceId) {
        self.epoch = self.epoch.wrapping_add(1);
        if crate::exec::lowered::is_lowered_name(&name.text()) {
            self.core_epoch = self.core_epoch.wrapping_add(1);
            self.is_stale = true;
        }
    }

    /// Notes that the command `name` goes; see [`Interp::redefinitions`](super::Interp::redefinitions).
    pub(crate) fn note_redefinition(&mut self, name: &Value, namespace: NamespaceId) {
        let here = self.current();
        let interp = self.interp_mut(here);
        if interp.global == namespace && crate::exec::lowered::is_compiled_name(&name.text()) {
            interp.redefinitions = interp.redefinitions.wrapping_add(1);
            self.is_stale = true;
        }
    }

    /// Notes that any name may mean something else (imports, paths, unknown handlers).
    pub fn all_names_changed(&mut self) {
        self.epoch = self.epoch.wrapping_add(1);
        self.core_epoch = self.core_epoch.wrapping_add(1);
        self.is_stale = true;
    }

    /// Removes a command from its namespace and lets it go, imports of it included; no traces.
    pub fn forget_command(&mut self, id: CommandId) {
        let Some(command) = self.commands.get_mut(id) else {
            return;
        };
        let leaves_traces = !std::mem::replace(&mut command.dying, true) && command.traces.is_some();
        if leaves_traces {
            let scripts = self.command_trace_scripts(id, super::trace::ops::DELETE, None);
            self.endings.extend(scripts.into_iter().rev());
        }
        let command = self.commands.get_mut(id).expect("looked at just now");
        let (name, namespace, hidden) = (command.name.clone(), command.namespace, command.hidden);
        let imports = std::mem::take(&mut command.imports);
        for import in imports {
            self.forget_command(import);
        }
        if !hidden && self.command_in(namespace, &name) == Some(id) {
            self.namespace_mut(namespace).commands.remove(&name);
        }
        if hidden && let Some(interp) = self.namespaces.get(namespace).map(|ns| ns.interp) {
            self.interp_mut(interp).hidden.remove(&name);
        }
        // Who remembers the command of an object asks whether it is still there.
        let is_object = self.commands.get(id).is_some_and(|c| matches!(c.kind, CommandKind::Object(..)));
        if !is_object {
            self.names_changed(&name, namespace);
            self.note_redefinition(&name, namespace);
        }
        let Some(command) = self.commands.remove(id) else {
            return;
        };
        self.command_gone(id, &command);
    }

    /// What else goes when a command goes.
    fn command_gone(&mut self, id: CommandId, command: &Command) {
        match &command.kind {
            CommandKind::Import(from) => {
                if let Some(original) = self.commands.get_mut(*from) {
                    original.imports.retain(|import| *import != id);
                }
            }
            CommandKind::Custom(custom) => Rc::clone(custom).deleted(self),
            CommandKind::Coroutine(coroutine) => self.coroutine_command_gone(*coroutine),
            CommandKind::Child(child) => self.child_command_gone(*child),
            CommandKind::Object(object, _) => self.object_command_gone(id, *object),
            CommandKind::Alias(alias) => {
                let token = alias.token.borrow().clone();
                if let Some(interp) = self.interps.get_mut(alias.source)
                    && interp.aliases.get(&token).copied().flatten() == Some(id)
                {
                    interp.aliases.remove(&token);
                }
            }
            CommandKind::Native(_) | CommandKind::Proc(_) | CommandKind::Ensemble(_) => {}
        }
    }

    /// Whether `name`, seen from `namespace`, means the builtin of that name and nobody traces it.
    pub fn is_standard(&self, name: &str, namespace: NamespaceId) -> bool {
        let plain = name.strip_prefix("::").unwrap_or(name);
        let Some(found) = self.find_command(name.as_bytes(), namespace) else {
            return false;
        };
        let command = self.command(found);
        if command.traces.is_some() {
            return false;
        }
        match &command.kind {
            CommandKind::Native(row) => {
                row.name == plain
                    || plain
                        .strip_prefix("tcl::")
                        .is_some_and(|rest| rest.split("::").eq(row.name.split(' ')))
            }
            CommandKind::Ensemble(ensemble) => ensemble.borrow().is_builtin(plain),
            _ => false,
        }
    }

    /// Whether a namespace is an object's in which all names that the compiler knows mean what they mean in all such
    /// namespaces.
    pub(crate) fn is_ordinary(&self, id: NamespaceId) -> bool {
        let Some(namespace) = self.namespaces.get(id) else { return false };
        if namespace.object == crate::oo::ObjectId::NONE {
            return false;
        }
        if namespace.ordinary.get() == self.core_epoch {
            return true;
        }
        let foundation = self.interp(namespace.interp).objects;
        let is_ordinary = self.has_no_known_name(id)
            && namespace.path.iter().all(|beyond| {
                (*beyond == foundation.helpers || *beyond == foundation.home)
                    && self.has_no_known_name(*beyond)
            });
        if is_ordinary {
            namespace.ordinary.set(self.core_epoch);
        }
        is_ordinary
    }

    /// Whether no name in a namespace is one that the compiler knows.
    pub(crate) fn has_no_known_name(&self, id: NamespaceId) -> bool {
        let Some(namespace) = self.namespaces.get(id) else { return false };
        if namespace.ordinary.get() == self.core_epoch {
            return true;
        }
        let is_known = |name: &Value| crate::exec::lowered::is_lowered_name(&name.text());
        let holds =
            !namespace.children.contains(&Value::from("tcl")) && !namespace.commands.keys().any(is_known);
        if holds && namespace.object == crate::oo::ObjectId::NONE {
            // Of an object's there is more to be known.
            namespace.ordinary.set(self.core_epoch);
        }
        holds
    }

    /// The error for a name that means no command.
    pub fn invalid_command(&self, name: &Value) -> Exception {
        let mut exception =
            error!("invalid command name \"", name, "\""; "TCL", "LOOKUP", "COMMAND", name.text());
        // The reference's library raises it with this option.
        exception.other_options.push((Value::from("-errorcode"), Value::EMPTY));
        exception
    }

    /// The error for a name that means no namespace.
    pub fn unknown_namespace(&self, name: &Value) -> Exception {
        error!("namespace \"", name, "\" not found"; "TCL", "LOOKUP", "NAMESPACE", name.text())
    }

    /// A stand-in identifier.
    pub(crate) fn no_command() -> CommandId {
        Id::NONE
    }
}
