//! Scripts and commands: spans, calls, syntax errors.

use std::borrow::Cow;

use super::conversion::Conversions;
use super::words::WINDOW_MAX;
use super::{Dest, Lower, cmd, is_temporary};
use crate::bytecode::Context;
use crate::bytecode::{Aux, Const16, Def, Immediate32, NO_REG, Op, OptionalDef, Use, UseDef, Window};
use crate::source::Span;
use crate::syntax::command::{Command, Script, SyntaxError, Word, WordBody, parse_script};
use crate::syntax::list;
use crate::syntax::list::{Element, elements};

impl Lower<'_> {
    /// Lowers the commands of a script; the value of the last goes to `dest`.
    pub(super) fn script(&mut self, script: &Script, dest: Dest) {
        if let Some(error) = &script.error {
            for command in &script.commands {
                self.command(command, Dest::Discard);
            }
            self.syntax_error(error);
            return;
        }
        let mut commands = script.commands.iter().filter(|command| !is_nothing(command));
        let Some(last) = commands.next_back() else {
            self.empty(dest);
            return;
        };
        for command in commands {
            self.command(command, Dest::Discard);
        }
        self.command(last, dest);
    }

    /// Lowers a body: a literal word that stands in the source as it is.
    /// Declines for any other word and when bodies nest too deep.
    pub(super) fn body(&mut self, word: &Word, dest: Dest) -> Option<()> {
        self.body_at(origin(word)?, dest)
    }

    /// Lowers the body that `word` is, or the evaluation of the script that it gives.
    pub(super) fn body_or_value(&mut self, word: &Word, dest: Dest) -> Option<()> {
        if origin(word).is_some() {
            return self.body(word, dest);
        }
        let temporaries = self.builder.temporaries();
        let text = self.builder.temporary();
        self.word(word, text);
        self.emit(Op::EvalScript { dst: Def(dest.register().unwrap_or(text)), src: Use(text) });
        self.builder.release(temporaries);
        Some(())
    }

    /// Lowers the script that stands at `origin` in the source.
    pub(super) fn body_at(&mut self, origin: Span, dest: Dest) -> Option<()> {
        self.deeper(|lower| {
            let script = parse_script(lower.source, origin, lower.mode, 0);
            lower.script(&script, dest);
            Some(())
        })
    }

    /// Lowers one command.
    pub(super) fn command(&mut self, command: &Command, dest: Dest) {
        match self.with_literals_expanded(command) {
            Some(expanded) => self.plain_command(&expanded, dest),
            None => self.plain_command(command, dest),
        }
    }

    /// The command with `{*}` done for the words that are literal lists, if there are such words.
    fn with_literals_expanded(&self, command: &Command) -> Option<Command> {
        if !command.words.iter().any(|word| word.expand) {
            return None;
        }
        let mut words = Vec::new();
        let mut is_changed = false;
        for word in &command.words {
            match literal_list(word) {
                Some(elements) => {
                    words.extend(elements);
                    is_changed = true;
                }
                None => words.push(word.clone()),
            }
        }
        (is_changed && !words.is_empty()).then(|| Command { words, ..command.clone() })
    }

    fn plain_command(&mut self, command: &Command, dest: Dest) {
        let span = self.span(command.span);
        let line = self.line(span);
        let index = self.builder.begin_command(span, line);
        let temporaries = self.builder.temporaries();
        let outer = std::mem::replace(&mut self.command, index);
        let in_line = self.options.lowering || self.is_apart_from_text(command);
        if !(in_line && self.guarded(index, command, dest)) {
            self.call(command, dest);
        }
        self.command = outer;
        self.builder.release(temporaries);
        self.builder.end_command(index);
        if let Dest::Register(register) = dest
            && !is_temporary(register)
        {
            self.builder.commands[index].fused = Some(register);
        }
    }

    /// Whether the command is an `expr` that gives something else in code than as a text that is evaluated.
    fn is_apart_from_text(&mut self, command: &Command) -> bool {
        let [name, word] = command.words.as_slice() else { return false };
        if !matches!(name.literal(), Some(b"expr" | b"::expr")) || self.context == Context::Sourced {
            return false;
        }
        let Some(expr) = self.expression_word(word) else { return false };
        Conversions::of(&expr, true) != Conversions::of(&expr, false)
    }

    /// Lowers a command in line, behind a guard if there are to be guards; false if it is to be called.
    fn guarded(&mut self, index: usize, command: &Command, dest: Dest) -> bool {
        let (true, Ok(number)) = (self.guards, u16::try_from(index)) else {
            return cmd::lower(self, command, dest);
        };
        let mark = self.builder.mark();
        let behind = self.builder.label();
        let here = self.builder.here();
        self.builder.guards.push(here);
        self.emit(Op::EvalCommand {
            dst: OptionalDef(dest.register().unwrap_or(NO_REG)),
            command: Aux(number),
        });
        self.builder.jump(behind);
        let lowered = cmd::lower(self, command, dest);
        if !lowered && !self.is_compiled(&command.words) {
            self.builder.rewind(mark);
            return false;
        }
        if !lowered {
            self.call(command, dest);
        }
        self.builder.bind(behind);
        true
    }

    /// Whether the reference compiles the call of a command that is not lowered here: it looks then, too, whether a
    /// command has been redefined.
    fn is_compiled(&mut self, words: &[Word]) -> bool {
        let Some(name) = words[0].literal().map(|name| name.strip_prefix(b"::").unwrap_or(name)) else {
            return false;
        };
        if words.iter().any(|word| word.expand) {
            return false;
        }
        match name {
            b"array" | b"binary" | b"chan" | b"clock" | b"dict" | b"encoding" | b"file" | b"info"
            | b"namespace" | b"string" => words.get(1).is_none_or(|word| word.literal().is_some()),
            _ => self.is_flat(name, &words[1..]),
        }
    }

    /// Lowers a command to a call of it.
    pub(super) fn call(&mut self, command: &Command, dest: Dest) {
        self.call_words(&command.words, dest);
    }

    fn call_words(&mut self, words: &[Word], dest: Dest) {
        let spread = words.len() > WINDOW_MAX || words.iter().any(|word| word.expand);
        let quiet = !spread && words[0].literal().is_some_and(|name| self.is_quiet(name, &words[1..]));
        let site = match spread {
            true => None,
            false => {
                let flat = words[0].literal().is_some_and(|name| self.is_flat(name, &words[1..]));
                self.builder.call_site(words[0].literal(), words.len(), quiet, flat)
            }
        };
        let in_line = self.options.in_line && self.context != Context::Sourced;
        if in_line && matches!(words[0].literal(), Some(b"catch" | b"::catch")) {
            let apart = !quiet && has_made_script(words);
            self.builder.count_apart(apart);
        }
        let Some(site) = site else {
            if self.call_spread(words, dest).is_some() {
                return;
            }
            let list = self.builder.temporary();
            self.word_list(words, list);
            let dst = Def(dest.register().unwrap_or(list));
            self.emit(Op::CallList { dst, words: Use(list) });
            return;
        };
        let (first, dst) = self.call_window(words.len(), dest);
        // The site knows a literal name.
        let known = usize::from(words[0].literal().is_some());
        for (index, word) in words.iter().enumerate().skip(known) {
            let register = first + index as u16;
            match (word.literal(), origin(word)) {
                (Some(text), origin @ Some(_)) if quiet => self.load_literal(text, origin, register),
                _ => self.word(word, register),
            }
        }
        if in_line && computes_while_compiling(words) {
            let here = self.builder.here();
            self.builder.folded.push(here);
        }
        self.emit(Op::Call { dst, first: Window(first), site });
        if dest == Dest::Discard && answers_with_variable(words) {
            // The variable's value would be copied when it changes the next time.
            self.emit(Op::LoadInt { dst, value: Immediate32(0) });
        }
    }

    /// Consecutive temporaries for the words of a call: the first of them, and where its result goes. A result for the
    /// last temporary in use, where nothing is yet, takes the place of the first word. One that is not wanted goes
    /// behind it, where it is let go with the other words as soon as the procedure is left.
    fn call_window(&mut self, count: usize, dest: Dest) -> (u16, Def) {
        match dest {
            Dest::Register(register) if self.builder.is_last_temporary(register) => {
                self.builder.window(count - 1);
                (register, Def(register))
            }
            Dest::Register(register) => (self.builder.window(count), Def(register)),
            Dest::Discard => {
                let first = self.builder.window(count.max(2));
                (first, Def(first + 1))
            }
        }
    }

    /// Whether nothing happens when the word is evaluated, but that a variable is read.
    fn is_plain(&mut self, word: &Word) -> bool {
        let whole = Word { expand: false, ..word.clone() };
        self.is_undisturbing(&whole)
    }

    /// Lowers a command some of whose words are spread.
    fn call_spread(&mut self, words: &[Word], dest: Dest) -> Option<()> {
        if words.len() > u64::BITS as usize {
            return None;
        }
        let bits = words.iter().enumerate().map(|(index, word)| u64::from(word.expand) << index);
        let site = self.builder.spread_site(words.len(), bits.sum())?;
        let (first, dst) = self.call_window(words.len(), dest);
        for (index, word) in words.iter().enumerate() {
            let register = first + index as u16;
            self.word(word, register);
            // What is no list is found out by the call, unless something else happens before.
            if word.expand && !words[index + 1..].iter().all(|later| self.is_plain(later)) {
                self.emit(Op::CheckList { list: UseDef(register) });
            }
        }
        self.emit(Op::CallSpread { dst, first: Window(first), site });
        Some(())
    }

    /// Lowers a command to a call of `name` with `args`: the command that
    /// implements a subcommand.
    pub(super) fn call_named(&mut self, name: &'static str, args: &[Word], dest: Dest) -> Option<()> {
        if args.len() >= WINDOW_MAX || args.iter().any(|word| word.expand) {
            return None;
        }
        let quiet = self.is_quiet(name.as_bytes(), args);
        let flat = self.is_flat(name.as_bytes(), args);
        let site = self.builder.call_site(Some(name.as_bytes()), args.len() + 1, quiet, flat)?;
        let (first, dst) = self.call_window(args.len() + 1, dest);
        for (index, word) in args.iter().enumerate() {
            self.word(word, first + 1 + index as u16);
        }
        self.emit(Op::Call { dst, first: Window(first), site });
        Some(())
    }

    /// Whether the reference compiles a command with bodies, given its arguments, in line here: it does so when the body
    /// is literal, some commands only in procedures. `array set` has a loop of its own.
    pub(super) fn is_quiet(&mut self, name: &[u8], args: &[Word]) -> bool {
        if !self.options.in_line {
            return false;
        }
        let name = name.strip_prefix(b"::").unwrap_or(name);
        if name == b"tcl::array::set" {
            return self.in_procedure() && cmd::is_compiled_array_set(args);
        }
        let has_literal_body = match name {
            b"catch" => args.first(),
            _ => args.last(),
        };
        has_literal_body.is_some_and(|word| origin(word).is_some())
            && match name {
                b"if" => self.context != Context::Sourced && cmd::is_compiled_if(args),
                b"switch" => self.context != Context::Sourced && cmd::is_compiled_switch(self, args),
                b"expr" => self.context != Context::Sourced && args.len() == 1,
                b"subst" => self.context != Context::Sourced,
                b"catch" => self.context != Context::Sourced && cmd::is_compiled_catch(self, args),
                b"while" | b"for" => {
                    let test = args.get(usize::from(name == b"for"));
                    self.context != Context::Sourced
                        && (name != b"for" || args.get(2).is_some_and(|next| origin(next).is_some()))
                        && test.is_some_and(|test| origin(test).is_some())
                }
                b"try" if args.len() == 3 => self.context != Context::Sourced,
                b"try" => cmd::is_compiled_try(self, args),
                b"foreach" | b"lmap" => {
                    args.chunks(2).filter(|pair| pair.len() == 2).all(|pair| self.are_registers(&pair[0]))
                }
                b"tcl::dict::for" | b"tcl::dict::map" => {
                    args.first().is_some_and(|names| self.are_registers(names))
                }
                b"tcl::dict::update" => self.is_compiled_update(args),
                b"tcl::dict::with" => self.in_procedure(),
                b"dict" => match args.first().and_then(Word::literal) {
                    Some(b"for" | b"map") => args.get(1).is_some_and(|names| self.are_registers(names)),
                    Some(b"update") => self.is_compiled_update(&args[1..]),
                    Some(b"with") => self.in_procedure(),
                    _ => false,
                },
                _ => false,
            }
    }

    /// Whether the reference compiles a `dict update` of these words: its variables are local.
    fn is_compiled_update(&self, words: &[Word]) -> bool {
        let pairs = (words.len() / 2).saturating_sub(1);
        let names = words.iter().take(1).chain(words.iter().skip(2).step_by(2).take(pairs));
        words.len() > 3
            && names.map(Word::literal).all(|name| name.is_some_and(|name| self.has_registers(&[name])))
    }

    /// Whether a literal list names variables that have registers in the reference.
    fn are_registers(&self, names: &Word) -> bool {
        let names = names.literal().and_then(|names| list::split(names).ok());
        names.is_some_and(|names| self.has_registers(&names))
    }

    /// The operations that raise a syntax error met while parsing. The span of
    /// the malformed command covers no operation: the error belongs to it
    /// first, and then to the command around the operation.
    pub(super) fn syntax_error(&mut self, error: &SyntaxError) {
        let span = self.span(Span { start: error.start, end: error.end.max(error.start) });
        let line = self.line(span);
        let index = self.builder.begin_command(span, line);
        self.throw(error, index);
    }

    /// Raises `error` as the error of the command span `index`.
    pub(super) fn throw(&mut self, error: &SyntaxError, index: usize) {
        let message = self.throw_constant(&error.message);
        let code = match error.error_code {
            None => b"NONE".to_vec(),
            Some(words) => words.join(" ").into_bytes(),
        };
        let error_code = self.throw_constant(&code);
        let command = Aux(u16::try_from(index).unwrap_or(NO_REG));
        self.emit(Op::Throw { message, error_code, command });
    }

    /// A constant in 16 bits: those of errors come before the rest is numbered.
    fn throw_constant(&mut self, text: &[u8]) -> Const16 {
        let index = self.builder.text(text).0;
        Const16(self.builder.near_constant(index))
    }
}

/// Whether a command that is called changes a variable and answers with its value.
fn answers_with_variable(words: &[Word]) -> bool {
    matches!(words[0].literal(), Some(b"ledit" | b"lset" | b"lappend" | b"append"))
}

/// Whether the reference performs a command with these words while it compiles: its errors are begun then.
fn computes_while_compiling(words: &[Word]) -> bool {
    match words[0].literal() {
        Some(b"format") => words.len() > 2 && words.iter().all(|word| word.literal().is_some()),
        Some(b"string") => {
            words.get(1).and_then(Word::literal) == Some(b"is") && cmd::has_unknown_class(&words[2..])
        }
        _ => false,
    }
}

/// Whether the script of a `catch` with these words is made when it runs, and its variables have plain names.
fn has_made_script(words: &[Word]) -> bool {
    words.len() <= 4
        && words.get(1).is_some_and(|script| script.literal().is_none())
        && words.iter().skip(2).all(cmd::is_plain_name)
}

/// Whether the reference compiles a `regexp` of these words: a pattern and a string after no option but `-nocase`.
pub(super) fn is_compiled_regexp(args: &[Word]) -> bool {
    let Some((rest, options)) = args.split_last_chunk::<2>().map(|(options, rest)| (rest, options)) else {
        return false;
    };
    let is_last = |option: &Word| option.literal() == Some(b"--");
    let are_known = options.iter().enumerate().all(|(index, option)| {
        is_last(option) && index + 1 == options.len()
            || option.literal().is_some_and(|text| text.len() > 1 && b"-nocase".starts_with(text))
    });
    let may_be_option = rest[0].literal().is_some_and(|pattern| pattern.starts_with(b"-"));
    are_known && (!may_be_option || options.last().is_some_and(is_last))
}

/// Whether the reference compiles a `regsub` of these words: of all occurrences of a plain text by a plain text.
pub(super) fn is_compiled_regsub(args: &[Word]) -> bool {
    let (pattern, replacement) = match args {
        [all, pattern, _, replacement] if all.literal() == Some(b"-all") => (pattern, replacement),
        [all, last, pattern, _, replacement]
            if all.literal() == Some(b"-all") && last.literal() == Some(b"--") =>
        {
            (pattern, replacement)
        }
        _ => return false,
    };
    let is_plain = |text: &[u8]| !text.is_empty() && !text.iter().any(|b| b"*?[]\\(){}+.^$|".contains(b));
    pattern.literal().is_some_and(is_plain)
        && !(args.len() == 4 && pattern.literal().is_some_and(|pattern| pattern.starts_with(b"-")))
        && replacement.literal().is_some_and(|text| !text.iter().any(|b| b"\\&".contains(b)))
}

/// Whether a command has no words once the literal lists in it are expanded: the result of the one before it stays.
fn is_nothing(command: &Command) -> bool {
    command.words.iter().all(|word| literal_list(word).is_some_and(|elements| elements.is_empty()))
}

/// The elements of a word that is a literal list to be expanded.
fn literal_list(word: &Word) -> Option<Vec<Word>> {
    match &word.body {
        WordBody::Literal { text, origin: Some(origin), .. } if word.expand => {
            elements(text).map(|element| Some(element_word(*origin, &element.ok()?))).collect()
        }
        _ => None,
    }
}

/// An element of the literal list that stands at `list` in the source, as a word.
fn element_word(list: Span, element: &Element<'_>) -> Word {
    let start = list.start + element.start as u32;
    let span = Span { start, end: start + element.text.len() as u32 };
    let origin = matches!(element.text, Cow::Borrowed(_)).then_some(span);
    let body = WordBody::Literal { text: element.text.to_vec(), origin, braced: origin.is_some() };
    Word { span: Span { start: span.start.saturating_sub(1), end: span.end + 1 }, expand: false, body }
}

/// Where the text of a literal word stands in the source.
pub(super) fn origin(word: &Word) -> Option<Span> {
    match &word.body {
        WordBody::Literal { origin, .. } if !word.expand => *origin,
        _ => None,
    }
}
