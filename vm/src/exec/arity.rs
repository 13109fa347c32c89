//! Numbers of arguments: the check of builtins, and the message about wrong ones.

use super::too_long;
use crate::error;
use crate::interp::command::{Args, CommandRow, MANY, Outcome, Proc};
use crate::interp::exception::Exception;
use crate::interp::{Machine, Rewrite, Step};
use crate::text;
use crate::value::{Value, refusal};

impl Machine {
    /// Runs a builtin after checking its arity.
    #[inline(always)]
    pub(crate) fn run_native(&mut self, row: &'static CommandRow, args: Args) -> Outcome {
        let given = args.len() - 1;
        if given < usize::from(row.min) || (row.max != MANY && given > usize::from(row.max)) {
            return Err(self.wrong_args_row(row, &args));
        }
        let outcome = (row.run)(self, args);
        if refusal::take() {
            return Err(too_long());
        }
        if self.rewrite.is_some() && !matches!(outcome, Ok(Step::Run(_))) {
            // Nobody else's words were replaced.
            self.rewrite = None;
        }
        outcome
    }

    #[cold]
    fn wrong_args_row(&mut self, row: &'static CommandRow, args: &Args) -> Exception {
        let is_lowered = self.rewrite.is_none() && row.name.contains(' ') && self.is_named_call();
        if is_lowered || row.name.starts_with("clock ") {
            // Lowered code calls what implements a subcommand. The reference has the names of the clock's in the texts.
            self.rewrite = None;
            let shown = if row.usage.is_empty() {
                row.name.to_owned()
            } else {
                format!("{} {}", row.name, row.usage)
            };
            return error!("wrong # args: should be \"", shown, "\""; "TCL", "WRONGARGS");
        }
        self.wrong_args(args, 1, row.usage)
    }

    /// Notes that the first `removed` of the words given stand for `inserted` words of what is invoked instead.
    pub(crate) fn note_rewrite(&mut self, words: &[Value], removed: usize, inserted: usize) {
        match &mut self.rewrite {
            None => self.rewrite = Some(Rewrite { original: words.to_vec(), removed, inserted }),
            Some(rewrite) if rewrite.inserted < removed => {
                rewrite.removed += removed - rewrite.inserted;
                rewrite.inserted = inserted;
            }
            Some(rewrite) => rewrite.inserted = rewrite.inserted + inserted - removed,
        }
    }

    /// The error about the number of arguments: the first `skip` words as they were given, then the usage.
    pub fn wrong_args(&mut self, args: &[Value], skip: usize, usage: &str) -> Exception {
        let mut shown = Vec::new();
        let rewrite = self.rewrite.take();
        let mut words: Vec<Value> = Vec::new();
        match rewrite {
            Some(rewrite) if skip >= rewrite.inserted && args.len() >= rewrite.inserted => {
                words.extend_from_slice(&rewrite.original[..rewrite.removed.min(rewrite.original.len())]);
                words.extend_from_slice(&args[rewrite.inserted..skip.max(rewrite.inserted)]);
            }
            _ => words.extend_from_slice(&args[..skip.min(args.len())]),
        }
        for (i, word) in words.iter().enumerate() {
            if i > 0 {
                shown.push(b' ');
            }
            tclring_compiler::syntax::list::append_element(&mut shown, &word.text(), true);
        }
        if !usage.is_empty() {
            if !shown.is_empty() {
                shown.push(b' ');
            }
            shown.extend_from_slice(usage.as_bytes());
        }
        error!("wrong # args: should be \"", shown, "\""; "TCL", "WRONGARGS")
    }

    /// The error about the number of arguments of a procedure.
    pub(super) fn wrong_proc_args(&mut self, procedure: &Proc, name: &Value) -> Exception {
        let mut words = vec![name.clone()];
        let plain = procedure.params.len() - usize::from(procedure.variadic);
        words.extend(procedure.params[..plain].iter().map(|param| match param.default {
            Some(_) => Value::text_value(text!["?", &param.name, "?"]),
            None => param.name.clone(),
        }));
        let rest = if procedure.variadic { "?arg ...?" } else { "" };
        self.wrong_args(&words, words.len(), rest)
    }
}
