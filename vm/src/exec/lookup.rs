//! From words to a command: what a name means, and what is done where it means nothing.

use super::settle::{self, Started};
use crate::interp::command::CommandId;
use crate::interp::frame::{DISCARD, FrameKind};
use crate::interp::namespace::NamespaceId;
use crate::interp::{FoundName, Machine, Step};
use crate::value::Value;

impl Machine {
    /// Looks the command up and invokes it, the unknown handler if there is none.
    pub(super) fn invoke(&mut self, words: Vec<Value>, result_at: u32) -> Started {
        let Some(name) = words.first() else {
            return Started::Outcome(Ok(Step::EMPTY));
        };
        match self.find_command_again(name) {
            Some(command) => self.invoke_command(command, words, result_at),
            None => self.invoke_unknown(words, result_at),
        }
    }

    /// Like [`Machine::invoke`], but the command's name is looked up from `namespace`. Everything else, the handler of
    /// unknown commands as well, is as it is here.
    pub(super) fn invoke_resolved_in(
        &mut self,
        namespace: NamespaceId,
        words: Vec<Value>,
        result_at: u32,
    ) -> Started {
        let Some(name) = words.first() else {
            return Started::Outcome(Ok(Step::EMPTY));
        };
        let namespace = self.living_namespace(namespace);
        match self.known_command(name, namespace).or_else(|| self.find_command_anew(name, namespace)) {
            Some(command) => self.invoke_command(command, words, result_at),
            None => self.invoke_unknown(words, result_at),
        }
    }

    /// The command that `name` means in `namespace`, if it was asked for lately and is short.
    #[inline]
    pub(super) fn known_command(&self, name: &Value, namespace: NamespaceId) -> Option<CommandId> {
        let known = &self.found_names[name.short_hash() as usize % self.found_names.len()];
        let is_known =
            known.epoch == self.epoch && known.namespace == namespace && known.name.is_identical(name);
        // The commands of objects go without a change of the epoch.
        (is_known && self.commands.get(known.command).is_some()).then_some(known.command)
    }

    /// The command that `name` means here. Short names that were asked for lately are answered from a table.
    #[inline]
    pub(super) fn find_command_again(&mut self, name: &Value) -> Option<CommandId> {
        let namespace = self.namespace_id();
        self.known_command(name, namespace).or_else(|| self.find_command_anew(name, namespace))
    }

    #[inline(never)]
    fn find_command_anew(&mut self, name: &Value, namespace: NamespaceId) -> Option<CommandId> {
        let at = name.short_hash() as usize % self.found_names.len();
        let command = self.find_command(&name.text(), namespace)?;
        if name.tag() == crate::value::Tag::Text {
            self.found_names[at] = FoundName { epoch: self.epoch, namespace, name: name.clone(), command };
        }
        Some(command)
    }

    fn invoke_unknown(&mut self, words: Vec<Value>, result_at: u32) -> Started {
        if let Err(exception) = self.count_level() {
            return Started::Outcome(Err(exception));
        }
        let here = self.namespace_id();
        let handler = match &self.namespace(here).unknown {
            Some(handler) => Some(handler.clone()),
            None => self.namespace(self.global()).unknown.clone(),
        };
        let prefix = match handler {
            Some(handler) => match super::listops::list_of(&handler) {
                Ok(list) => list.items().to_vec(),
                Err(e) => return Started::Outcome(Err(e)),
            },
            None => vec![Value::from("::unknown")],
        };
        let Some(command) = prefix.first().and_then(|name| self.find_command(&name.text(), here)) else {
            return Started::Outcome(Err(self.invalid_command(&words[0])));
        };
        let mut full = prefix;
        full.extend(words);
        self.push_native(settle::pass(), result_at, FrameKind::Native);
        self.invoke_command(command, full, DISCARD)
    }
}
