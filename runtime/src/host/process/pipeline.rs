//! The words of `exec` and `open |…` as a pipeline, with its redirections opened.

use std::os::fd::OwnedFd;

use rustix::fs::{Mode as FileMode, OFlags};
use tclring_compiler::Mode;

use crate::host::errno::{Errno, HostError};
use crate::host::native::to_native_cut;
use crate::host::path::{self, Homes};

/// The channels that a redirection may name.
pub trait Channels {
    /// A descriptor of its own for the channel `name`, which is to be written
    /// to or read from. What the channel holds for writing goes out first.
    ///
    /// # Errors
    /// The reference's message, such as `can not find channel named "name"`
    /// or that of [`wrong_direction`](Pipeline::wrong_direction).
    fn descriptor(&mut self, name: &[u8], write: bool) -> Result<OwnedFd, HostError>;
}

/// Where the first process reads.
#[derive(Debug)]
pub(super) enum Input {
    /// It is not redirected.
    Default,
    /// This text (`<<`).
    Text(Vec<u8>),
    /// This file (`<`, `<@`).
    Descriptor(OwnedFd),
}

/// Where the last process writes.
#[derive(Debug)]
pub(super) enum Output {
    /// It is not redirected.
    Default,
    /// This file (`>`, `>>`, `>@` and with `&`).
    Descriptor(OwnedFd),
}

/// Where the processes write their errors.
#[derive(Debug)]
pub(super) enum Errors {
    /// They are not redirected.
    Default,
    /// This file (`2>`, `>&` and their kin).
    Descriptor(OwnedFd),
    /// Where the last process writes its output (`2>@1`).
    Output,
}

/// One process of a pipeline.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// The program and its arguments; at least one word.
    pub(super) words: Vec<Vec<u8>>,
    /// Whether its errors go into the pipe to the next one (`|&`).
    pub(super) joins_errors: bool,
}

/// A pipeline that is ready to start.
#[derive(Debug)]
pub struct Pipeline {
    pub(super) commands: Vec<Command>,
    pub(super) input: Input,
    pub(super) output: Output,
    pub(super) errors: Errors,
    pub(super) mode: Mode,
}

impl Pipeline {
    /// Changes the text that the first process reads, if there is such: it is not in the system's encoding yet.
    pub fn convert_input(&mut self, convert: impl FnOnce(&[u8]) -> Vec<u8>) {
        if let Input::Text(text) = &mut self.input {
            *text = convert(text);
        }
    }
}

/// The parser's place in the words.
struct Parser<'a> {
    words: &'a [Vec<u8>],
    at: usize,
    mode: Mode,
    channels: &'a mut dyn Channels,
    homes: &'a dyn Homes,
}

fn illegal_pipe() -> HostError {
    HostError::other(&[b"illegal use of | or |& in command"], &[b"TCL", b"OPERATION", b"EXEC", b"PIPESYNTAX"])
}

fn last_word(operator: &[u8], kind: &[u8]) -> HostError {
    HostError::other(
        &[b"can't specify \"", operator, b"\" as last word in command"],
        &[b"TCL", b"OPERATION", b"EXEC", kind],
    )
}

impl Pipeline {
    /// Parses `words` (without the `&` for the background) and opens the files
    /// of its redirections, in the order of the words.
    ///
    /// # Errors
    /// The reference's, for the first word that is wrong; files that were
    /// opened before it are closed.
    ///
    /// # Side effects
    /// Creates and empties files.
    pub fn parse(
        words: &[Vec<u8>],
        mode: Mode,
        channels: &mut dyn Channels,
        homes: &dyn Homes,
    ) -> Result<Pipeline, HostError> {
        let mut pipeline = Pipeline {
            commands: Vec::new(),
            input: Input::Default,
            output: Output::Default,
            errors: Errors::Default,
            mode,
        };
        let mut parser = Parser { words, at: 0, mode, channels, homes };
        let mut current = Vec::new();
        let mut last_bar = None;
        while let Some(word) = words.get(parser.at) {
            let is_last = parser.at + 1 == words.len();
            parser.at += 1;
            match word.as_slice() {
                b"|" | b"|&" => {
                    if is_last || last_bar.map_or(0, |bar| bar + 1) == parser.at - 1 {
                        return Err(illegal_pipe());
                    }
                    last_bar = Some(parser.at - 1);
                    finish_command(&mut pipeline.commands, &mut current, word.len() == 2)?;
                }
                [b'|', ..] if is_last => return Err(illegal_pipe()),
                [b'<', b'<', text @ ..] => {
                    let text = parser.operand(text).ok_or_else(|| last_word(b"<<", b"PIPESYNTAX"))?;
                    pipeline.input = Input::Text(text.to_vec());
                }
                [b'<', spec @ ..] => {
                    pipeline.input = Input::Descriptor(parser.open(spec, true, OFlags::RDONLY, word)?);
                }
                [b'>', spec @ ..] => parser.redirect_output(spec, word, &mut pipeline)?,
                b"2>@1" if is_last => pipeline.errors = Errors::Output,
                b"2>@1" => return Err(must_be_last()),
                [b'2', b'>', b'>', spec @ ..] => {
                    pipeline.errors = Errors::Descriptor(parser.open(spec, false, APPEND, word)?);
                }
                [b'2', b'>', spec @ ..] => {
                    pipeline.errors = Errors::Descriptor(parser.open(spec, true, OVERWRITE, word)?);
                }
                _ => current.push(word.clone()),
            }
        }
        // To the reference a word that begins as `2>` does is none that makes the last command one.
        if current.iter().all(|word| word.starts_with(b"2")) {
            return Err(illegal_pipe());
        }
        finish_command(&mut pipeline.commands, &mut current, false)?;
        Ok(pipeline)
    }

    /// The error for a channel that a redirection names but that was opened
    /// the other way.
    pub fn wrong_direction(channel: &[u8], write: bool) -> HostError {
        let way: &[u8] = if write { b"writing" } else { b"reading" };
        HostError::other(
            &[b"channel \"", channel, b"\" wasn't opened for ", way],
            &[b"TCL", b"OPERATION", b"EXEC", b"BADCHAN"],
        )
    }
}

const OVERWRITE: OFlags = OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::TRUNC);
const APPEND: OFlags = OFlags::WRONLY.union(OFlags::CREATE).union(OFlags::APPEND);

fn must_be_last() -> HostError {
    HostError::other(
        &[b"must specify \"2>@1\" as last word in command"],
        &[b"TCL", b"OPERATION", b"EXEC", b"PIPESYNTAX"],
    )
}

fn finish_command(
    commands: &mut Vec<Command>,
    current: &mut Vec<Vec<u8>>,
    joins_errors: bool,
) -> Result<(), HostError> {
    if current.is_empty() {
        return Err(illegal_pipe());
    }
    commands.push(Command { words: std::mem::take(current), joins_errors });
    Ok(())
}

impl<'a> Parser<'a> {
    /// What follows an operator, in its word or as the next one.
    fn operand(&mut self, rest: &'a [u8]) -> Option<&'a [u8]> {
        if !rest.is_empty() {
            return Some(rest);
        }
        let next = self.words.get(self.at)?;
        self.at += 1;
        Some(next)
    }

    /// What follows `>` in `word`: `>`, `&`, `@` in this order.
    fn redirect_output(
        &mut self,
        spec: &'a [u8],
        word: &'a [u8],
        pipeline: &mut Pipeline,
    ) -> Result<(), HostError> {
        let (spec, flags, may_be_channel) = match spec {
            [b'>', rest @ ..] => (rest, APPEND, false),
            _ => (spec, OVERWRITE, true),
        };
        let (spec, with_errors) = match spec {
            [b'&', rest @ ..] => (rest, true),
            _ => (spec, false),
        };
        let file = self.open(spec, may_be_channel, flags, word)?;
        if with_errors {
            let errors = file
                .try_clone()
                .map_err(|error| HostError::posix(&[b"couldn't duplicate file descriptor"], error.into()))?;
            pipeline.errors = Errors::Descriptor(errors);
        }
        pipeline.output = Output::Descriptor(file);
        Ok(())
    }

    /// Opens what the rest `spec` of the operator `word`, or the next word,
    /// names: a channel after `@`, else a file.
    fn open(
        &mut self,
        spec: &'a [u8],
        may_be_channel: bool,
        flags: OFlags,
        word: &'a [u8],
    ) -> Result<OwnedFd, HostError> {
        let write = flags.contains(OFlags::WRONLY);
        if let [b'@', rest @ ..] = spec
            && may_be_channel
        {
            let name = self.operand(rest).ok_or_else(|| last_word(word, b"SYNTAX"))?;
            return self.channels.descriptor(name, write);
        }
        let name = self.operand(spec).ok_or_else(|| last_word(word, b"SYNTAX"))?;
        let native = path::native_name(name, self.mode, self.homes)?;
        let open = || -> Result<OwnedFd, Errno> {
            let native = to_native_cut(&native).map_err(|error| error.errno())?;
            Ok(rustix::fs::open(native, flags | OFlags::CLOEXEC, FileMode::from_raw_mode(0o666))?)
        };
        open().map_err(|errno| {
            let verb: &[u8] = if write { b"write" } else { b"read" };
            HostError::posix(&[b"couldn't ", verb, b" file \"", name, b"\""], errno)
        })
    }
}
