//! The ends of things: namespaces, coroutines, interpreters; and interruptions.

use super::arena::Id;
use super::exception::{Exception, Raised};
use super::namespace::NamespaceId;
use super::{Coroutine, InterpId, Machine};
use crate::value::Value;

impl Machine {
    /// What a cancellation or a passed limit raises now, if there is one.
    pub(crate) fn interruption(&mut self) -> Option<Exception> {
        let here = self.current();
        let interp = self.interp_mut(here);
        let (message, unwinds) = interp.cancelled.take()?;
        let message = if message.is_empty() {
            Value::from(if unwinds { "eval unwound" } else { "eval canceled" })
        } else {
            message
        };
        let mut exception = Raised::error(message).with_code(&["TCL", "CANCEL", if unwinds { "IUNWIND" } else { "ICANCEL" }]);
        exception.uncatchable = unwinds;
        Some(exception)
    }

    /// A namespace that was deleted while frames ran in it is left by the last one.
    pub(crate) fn finish_namespace(&mut self, id: NamespaceId) {
        self.namespaces.remove(id);
    }

    /// A coroutine's command is gone: its frames go too, unless it runs.
    pub(crate) fn coroutine_command_gone(&mut self, id: Id<Coroutine>) {
        self.coroutines.remove(id);
    }

    /// A child interpreter's command is gone: the interpreter goes too.
    pub(crate) fn child_command_gone(&mut self, _id: InterpId) {}
}
