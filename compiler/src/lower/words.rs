//! Words: literals, substitution, lists of words, operands.

use super::{Dest, Lower, is_temporary};
use crate::bytecode::{Constant, Def, Immediate, Immediate32, Op, Use, UseDef, Window};
use crate::source::Span;
use crate::syntax::command::{Part, Script, Variable, Word, WordBody};
use crate::syntax::number::canonical_int;

/// The longest window of temporaries that a call, list or concatenation gets;
/// longer ones are built step by step.
pub(super) const WINDOW_MAX: usize = 200;

impl Lower<'_> {
    /// The value of a word into the register `dst`.
    pub(super) fn word(&mut self, word: &Word, dst: u16) {
        match &word.body {
            WordBody::Literal { text, origin, braced } => {
                // Where a backslash joins lines in braces, only the lines are told.
                let inside = Span { start: word.span.start + 1, end: word.span.end.saturating_sub(1) };
                let origin = if *braced && !word.expand { Some(origin.unwrap_or(inside)) } else { None };
                self.load_literal(text, origin, dst);
            }
            WordBody::Parts(parts) => self.parts(parts, dst),
        }
    }

    /// Loads a literal word.
    pub(super) fn load_literal(&mut self, text: &[u8], origin: Option<Span>, dst: u16) {
        if let Some(origin) = origin
            && canonical_int(text).is_none()
        {
            let origin = self.span(origin);
            let value = self.builder.text_at(text, origin);
            self.emit(Op::LoadConst { dst: Def(dst), value });
        } else {
            self.load_text(text, dst);
        }
    }

    /// Loads a text; one that is an integer's canonical form is loaded as that.
    pub(super) fn load_text(&mut self, text: &[u8], dst: u16) {
        match canonical_int(text) {
            Some(n) => self.load_integer(n, dst),
            None => {
                let value = self.builder.text(text);
                self.emit(Op::LoadConst { dst: Def(dst), value });
            }
        }
    }

    /// Loads an integer.
    pub(super) fn load_integer(&mut self, n: i64, dst: u16) {
        match i32::try_from(n) {
            Ok(n) => self.emit(Op::LoadInt { dst: Def(dst), value: Immediate32(n) }),
            Err(_) => {
                let value = self.builder.push_constant(Constant::Int(n));
                self.emit(Op::LoadConst { dst: Def(dst), value });
            }
        }
    }

    /// The empty string into `dest`.
    pub(super) fn empty(&mut self, dest: Dest) {
        if let Dest::Register(dst) = dest {
            self.load_text(b"", dst);
        }
    }

    /// The pieces of a word or array index, joined, into the register `dst`.
    pub(super) fn parts(&mut self, parts: &[Part], dst: u16) {
        match parts {
            [] => self.load_text(b"", dst),
            [part] => self.part(part, dst),
            _ => self.joined(parts, dst),
        }
    }

    fn joined(&mut self, parts: &[Part], dst: u16) {
        self.join(parts.len(), dst, |lower, index, register| lower.part(&parts[index], register));
    }

    /// The texts of `count` pieces joined into the register `dst`; `piece`
    /// loads one.
    pub(super) fn join(&mut self, count: usize, dst: u16, mut piece: impl FnMut(&mut Self, usize, u16)) {
        let temporaries = self.builder.temporaries();
        let first = self.builder.window(count.min(WINDOW_MAX));
        let mut filled = 0;
        for index in 0..count {
            if filled == WINDOW_MAX {
                self.emit(concat(first, first, filled));
                filled = 1;
            }
            piece(self, index, first + filled as u16);
            filled += 1;
        }
        self.emit(concat(dst, first, filled));
        self.builder.release(temporaries);
    }

    fn part(&mut self, part: &Part, dst: u16) {
        match part {
            Part::Text(text) => self.load_text(text, dst),
            Part::Variable(variable) => self.variable(variable, dst),
            Part::Script { span, script } => self.bracketed(*span, script, dst),
        }
    }

    /// The value of a bracketed script into the register `dst`.
    pub(super) fn bracketed(&mut self, span: Span, script: &Script, dst: u16) {
        let lowered = self.deeper(|lower| {
            lower.script(script, Dest::Register(dst));
            Some(())
        });
        if lowered.is_none() {
            let temporaries = self.builder.temporaries();
            let text = self.builder.temporary();
            self.load_literal(span.of(self.source), Some(span), text);
            self.emit(Op::EvalScript { dst: Def(dst), src: Use(text) });
            self.builder.release(temporaries);
        }
    }

    /// A variable's value into the register `dst`.
    pub(super) fn variable(&mut self, variable: &Variable, dst: u16) {
        if let Some(local) = self.plain_local(variable) {
            self.emit(Op::Move { dst: Def(dst), src: Use(local) });
            return;
        }
        let temporaries = self.builder.temporaries();
        let target = self.variable_target(variable);
        self.load_target(target, dst);
        self.builder.release(temporaries);
    }

    /// The values of the words as a list in the temporary `list`.
    pub(super) fn word_list(&mut self, words: &[Word], list: u16) {
        let window = words.iter().take(WINDOW_MAX).take_while(|word| !word.expand).count();
        let (head, tail) = words.split_at(window);
        let temporaries = self.builder.temporaries();
        let first = self.builder.window(head.len().max(1));
        for (index, word) in head.iter().enumerate() {
            self.word(word, first + index as u16);
        }
        let count = Immediate(head.len() as i16);
        self.emit(Op::List { dst: Def(list), first: Window(first), count });
        for word in tail {
            self.word(word, first);
            let (acc, src) = (UseDef(list), Use(first));
            self.emit(if word.expand { Op::ListSplice { acc, src } } else { Op::ListPush { acc, src } });
        }
        self.builder.release(temporaries);
    }

    /// The values of the words with a space between them, in the temporary `text`.
    pub(super) fn spaced(&mut self, words: &[Word], text: u16) {
        self.join(2 * words.len() - 1, text, |lower, index, register| {
            if index % 2 == 1 {
                lower.load_text(b" ", register)
            } else {
                lower.word(&words[index / 2], register)
            }
        });
    }

    /// Registers with the values of `words`, read in that order by one
    /// operation: named registers where nothing can come in between.
    pub(super) fn operands<const N: usize>(&mut self, words: [&Word; N]) -> [u16; N] {
        let mut registers = [0; N];
        for index in 0..N {
            let undisturbed = words[index + 1..].iter().all(|word| self.is_undisturbing(word));
            registers[index] = self.operand(words[index], undisturbed);
        }
        registers
    }

    /// Drops what an operation has looked at in temporaries, so that they do
    /// not share a variable's value when that is changed in place. `written` is
    /// the operation's result.
    pub(super) fn drop_copies<const N: usize>(
        &mut self,
        words: &[&Word; N],
        registers: &[u16; N],
        written: Def,
    ) {
        for (word, register) in words.iter().zip(registers) {
            let copied = is_temporary(*register) && self.local_word(word).is_some();
            if copied && *register != written.0 {
                self.emit(Op::LoadInt { dst: Def(*register), value: Immediate32(0) });
            }
        }
    }

    /// A register with the value of `word`, read before the words `then`, which
    /// go to temporaries.
    pub(super) fn operand_before(&mut self, word: &Word, then: &[Word]) -> u16 {
        let direct = then.iter().all(|word| word.literal().is_some());
        self.operand(word, direct)
    }

    /// The values of the words in fresh consecutive temporaries.
    pub(super) fn word_window(&mut self, words: &[Word]) -> u16 {
        let first = self.builder.window(words.len());
        for (index, word) in words.iter().enumerate() {
            self.word(word, first + index as u16);
        }
        first
    }

    /// A register with the value of `word`; a named one only if `direct`.
    pub(super) fn operand(&mut self, word: &Word, direct: bool) -> u16 {
        if direct && let Some(local) = self.local_word(word) {
            return local;
        }
        let register = self.builder.temporary();
        self.word(word, register);
        register
    }

    /// Whether evaluating the word runs no script and reads nothing before the
    /// operation that it is an operand of.
    pub(super) fn is_undisturbing(&mut self, word: &Word) -> bool {
        matches!(word.body, WordBody::Literal { .. }) || self.local_word(word).is_some()
    }

    /// The named register whose value the word is.
    pub(super) fn local_word(&mut self, word: &Word) -> Option<u16> {
        match &word.body {
            WordBody::Parts(parts) if !word.expand => match parts.as_slice() {
                [Part::Variable(variable)] => self.plain_local(variable),
                _ => None,
            },
            _ => None,
        }
    }
}

fn concat(dst: u16, first: u16, count: usize) -> Op {
    Op::Concat { dst: Def(dst), first: Window(first), count: Immediate(count as i16) }
}
