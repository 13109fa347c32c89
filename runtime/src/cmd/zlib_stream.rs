//! The commands of compressed streams, and the handlers of channels that compress.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use tclring_vm::cmd::options::integer;
use tclring_vm::error;
use tclring_vm::interp::command::{CommandKind, CustomCommand, Outcome};
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, Machine, Step};
use tclring_vm::value::Value;

use super::support::index_of;
use super::zlib::{bytes_of, exception, header_dict};
use crate::chan::channel::ChannelId;
use crate::deflate::{Deflater, Failure, Flush, Format, Header, Inflater};
use crate::event::reactor::reactor;

/// What works on the bytes.
enum Engine {
    Compressing(Deflater),
    Reading(Inflater),
}

/// How the engine is made anew.
struct Settings {
    format: Format,
    level: Option<u32>,
    header: Header,
    dictionary: Vec<u8>,
    compresses: bool,
}

impl Settings {
    fn engine(&self) -> Engine {
        if self.compresses {
            Engine::Compressing(Deflater::new(self.format, self.level, self.header.clone(), &self.dictionary))
        } else {
            Engine::Reading(Inflater::new(self.format, &self.dictionary))
        }
    }
}

/// A stream as a command.
pub struct Stream {
    settings: RefCell<Settings>,
    engine: RefCell<Engine>,
    /// What was made and not fetched.
    made: RefCell<Vec<u8>>,
}

/// The options of a stream's command, in the order of the error message.
const METHODS: [&str; 11] =
    ["add", "checksum", "close", "eof", "finalize", "flush", "fullflush", "get", "header", "put", "reset"];

impl Stream {
    /// A stream that compresses.
    pub fn compressing(format: Format, level: Option<u32>, header: Header, dictionary: Vec<u8>) -> Stream {
        Stream::new(Settings { format, level, header, dictionary, compresses: true })
    }

    /// A stream that undoes compression.
    pub fn reading(format: Format, dictionary: Vec<u8>) -> Stream {
        Stream::new(Settings {
            format,
            level: None,
            header: Header::default(),
            dictionary,
            compresses: false,
        })
    }

    fn new(settings: Settings) -> Stream {
        let engine = RefCell::new(settings.engine());
        Stream { settings: RefCell::new(settings), engine, made: RefCell::default() }
    }

    fn put(&self, bytes: &[u8], flush: Flush) -> Result<(), Exception> {
        let mut made = self.made.borrow_mut();
        match &mut *self.engine.borrow_mut() {
            Engine::Compressing(deflater) => deflater.put(bytes, flush, &mut made).map_err(exception),
            Engine::Reading(inflater) if bytes.is_empty() => {
                let _ = inflater;
                Ok(())
            }
            Engine::Reading(inflater) if inflater.has_ended() => {
                Err(error!("already past compressed stream end"; "TCL", "ZIP", "CLOSED"))
            }
            Engine::Reading(inflater) => inflater.put(bytes, &mut made).map(drop).map_err(exception),
        }
    }

    /// The words of `add` and `put`: options, and the bytes at the end.
    fn put_words(&self, words: &[Value]) -> Result<(), Exception> {
        let Some((last, options)) = words.split_last() else { return Ok(()) };
        let mut flush = Flush::None;
        let mut at = 0;
        let mut bytes = Some(last);
        let allowed = ["-dictionary", "-finalize", "-flush", "-fullflush"];
        while at < options.len() {
            let wanted = match index_of(&options[at], &allowed, "option", false)? {
                0 => {
                    let value = options.get(at + 1).unwrap_or(last);
                    self.use_dictionary(bytes_of(value)?);
                    if at + 1 >= options.len() {
                        bytes = None;
                    }
                    at += 2;
                    continue;
                }
                1 => Flush::Finish,
                2 => Flush::Sync,
                _ => Flush::Full,
            };
            if flush != Flush::None {
                return Err(
                    error!("\"-flush\", \"-fullflush\" and \"-finalize\" options are mutually exclusive";
                    "TCL", "ZIP", "EXCLUSIVE"),
                );
            }
            flush = wanted;
            at += 1;
        }
        match bytes {
            Some(bytes) => self.put(&bytes_of(bytes)?, flush),
            None => Ok(()),
        }
    }

    /// Has the stream, as long as nothing went through it, made with a dictionary.
    fn use_dictionary(&self, dictionary: Vec<u8>) {
        self.settings.borrow_mut().dictionary = dictionary;
        let fresh = match &*self.engine.borrow() {
            Engine::Compressing(deflater) => !deflater.has_ended(),
            Engine::Reading(inflater) => inflater.size() == 0,
        };
        if fresh {
            let engine = self.settings.borrow().engine();
            *self.engine.borrow_mut() = engine;
        }
    }

    /// Takes so many of the bytes that were made, or all.
    fn take(&self, count: Option<i64>) -> Value {
        let mut made = self.made.borrow_mut();
        let count = match count {
            Some(count) if count >= 0 => usize::try_from(count).unwrap_or(usize::MAX).min(made.len()),
            _ => made.len(),
        };
        let rest = made.split_off(count);
        Value::bytes(std::mem::replace(&mut *made, rest))
    }

    fn has_ended(&self) -> bool {
        let ended = match &*self.engine.borrow() {
            Engine::Compressing(deflater) => deflater.has_ended(),
            Engine::Reading(inflater) => inflater.has_ended(),
        };
        ended && self.made.borrow().is_empty()
    }
}

impl CustomCommand for Stream {
    fn kind(&self) -> &'static str {
        "zlibStream"
    }

    fn invoke(self: Rc<Self>, machine: &mut Machine, args: Args) -> Outcome {
        if args.len() < 2 {
            return Err(machine.wrong_args(&args, 1, "option data ?...?"));
        }
        let method = METHODS[index_of(&args[1], &METHODS, "option", false)?];
        if !matches!(method, "add" | "put" | "get") && args.len() > 2 {
            return Err(machine.wrong_args(&args, 2, ""));
        }
        let done = match method {
            "add" => {
                self.put_words(&args[2..])?;
                self.take(None)
            }
            "put" => {
                self.put_words(&args[2..])?;
                Value::EMPTY
            }
            "get" if args.len() > 3 => return Err(machine.wrong_args(&args, 2, "?count?")),
            "get" => {
                let count = args.get(2).map(|word| integer(word, machine.mode())).transpose()?;
                self.take(count)
            }
            "checksum" => Value::int(i64::from(match &*self.engine.borrow() {
                Engine::Compressing(deflater) => deflater.checksum(),
                Engine::Reading(inflater) => inflater.checksum(),
            })),
            "close" => {
                return Ok(Step::words(vec![Value::from("::rename"), args[0].clone(), Value::EMPTY]));
            }
            "eof" => Value::bool(self.has_ended()),
            "finalize" => {
                self.put(b"", Flush::Finish)?;
                Value::EMPTY
            }
            "flush" | "fullflush" => {
                self.put(b"", if method == "flush" { Flush::Sync } else { Flush::Full })?;
                Value::EMPTY
            }
            "header" => match &*self.engine.borrow() {
                Engine::Reading(inflater) if self.settings.borrow().format == Format::Gzip => {
                    Value::dict(header_dict(inflater.header().cloned().unwrap_or_default()))
                }
                _ => {
                    return Err(
                        error!("only gunzip streams can produce header information"; "TCL", "ZIP", "BADOP"),
                    );
                }
            },
            _ => {
                let engine = self.settings.borrow().engine();
                *self.engine.borrow_mut() = engine;
                self.made.borrow_mut().clear();
                Value::EMPTY
            }
        };
        Ok(Step::Done(done))
    }
}

/// The handler of a channel that compresses what is written, or undoes that for what is read.
pub struct Transform {
    engine: RefCell<Engine>,
    format: Format,
    dictionary: RefCell<Vec<u8>>,
    /// What followed the end of the stream that was read, until somebody takes it.
    rest: RefCell<Option<Vec<u8>>>,
}

/// The exception of a channel whose bytes are no such stream.
fn channel_exception(failure: Failure) -> Exception {
    match failure {
        Failure::Broken(reason) if !reason.is_empty() => error!(reason),
        other => exception(other),
    }
}

impl Transform {
    /// One that compresses.
    pub fn compressing(deflater: Deflater, format: Format, dictionary: Vec<u8>) -> Transform {
        Transform {
            engine: RefCell::new(Engine::Compressing(deflater)),
            format,
            dictionary: RefCell::new(dictionary),
            rest: RefCell::default(),
        }
    }

    /// One that reads.
    pub fn reading(format: Format, dictionary: Vec<u8>) -> Transform {
        let engine = Engine::Reading(Inflater::new(format, &dictionary));
        Transform {
            engine: RefCell::new(engine),
            format,
            dictionary: RefCell::new(dictionary),
            rest: RefCell::default(),
        }
    }

    /// The one on top of a channel, if there is one.
    pub fn on_top(machine: &mut Machine, id: ChannelId) -> Option<Rc<Transform>> {
        let top = reactor(machine).channels.get(id)?.stack.as_ref()?.transforms.len().checked_sub(1)?;
        Transform::at_level(machine, id, top)
    }

    /// What followed the end of the stream that the transformation at `level` of a channel reads, if it has just met
    /// that end.
    pub fn take_rest(machine: &mut Machine, id: ChannelId, level: usize) -> Option<Vec<u8>> {
        Transform::at_level(machine, id, level)?.rest.borrow_mut().take()
    }

    fn at_level(machine: &mut Machine, id: ChannelId, level: usize) -> Option<Rc<Transform>> {
        let channel = reactor(machine).channels.get(id)?;
        let handler = &channel.stack.as_ref()?.transforms.get(level)?.handler;
        let (interp, name) = (handler.interp, handler.words.first()?.clone());
        let global = machine.interps.get(interp)?.global;
        let command = machine.find_command(&name.text(), global)?;
        match &machine.command(command).kind {
            CommandKind::Custom(custom) => (Rc::clone(custom) as Rc<dyn Any>).downcast::<Transform>().ok(),
            _ => None,
        }
    }

    /// The options that the channel has because of it, with their values.
    pub fn options(&self) -> Vec<(&'static str, Value)> {
        let engine = self.engine.borrow();
        let sum = match &*engine {
            Engine::Compressing(deflater) => deflater.checksum(),
            Engine::Reading(inflater) => inflater.checksum(),
        };
        let mut options = vec![("-checksum", Value::int(i64::from(sum)))];
        match &*engine {
            Engine::Reading(inflater) if self.format == Format::Gzip => {
                let header = header_dict(inflater.header().cloned().unwrap_or_default());
                options.push(("-header", Value::dict(header)));
            }
            _ if self.format != Format::Gzip => {
                options.push(("-dictionary", Value::bytes(self.dictionary.borrow().clone())));
            }
            _ => {}
        }
        options
    }

    /// What makes all that was written so far readable, if it compresses.
    ///
    /// # Errors
    /// The word names no way to do that.
    pub fn flushed(&self, word: &Value) -> Result<Option<Vec<u8>>, Exception> {
        let Engine::Compressing(deflater) = &mut *self.engine.borrow_mut() else { return Ok(None) };
        let flush = match &*word.text() {
            b"sync" => Flush::Sync,
            b"full" => Flush::Full,
            _ => {
                return Err(error!("unknown -flush type \"", word, "\": must be full or sync";
                    "TCL", "VALUE", "FLUSH"));
            }
        };
        let mut out = Vec::new();
        deflater.put(b"", flush, &mut out).map_err(exception)?;
        Ok(Some(out))
    }

    /// Sets the dictionary that the stream was made with, before it is read.
    pub fn use_dictionary(&self, dictionary: Vec<u8>) {
        if let Engine::Reading(inflater) = &mut *self.engine.borrow_mut()
            && inflater.size() == 0
        {
            *inflater = Inflater::new(self.format, &dictionary);
        }
        *self.dictionary.borrow_mut() = dictionary;
    }
}

impl CustomCommand for Transform {
    fn invoke(self: Rc<Self>, _machine: &mut Machine, args: Args) -> Outcome {
        let method = args.get(1).map(Value::to_text).unwrap_or_default();
        let bytes = || args.get(3).map(bytes_of).transpose().map(Option::unwrap_or_default);
        let mut out = Vec::new();
        match (method.as_slice(), &mut *self.engine.borrow_mut()) {
            // What goes the other way is passed on as it is.
            (b"initialize", Engine::Compressing(_)) => {
                return Ok(Step::Done(Value::from("initialize finalize write flush read")));
            }
            (b"initialize", Engine::Reading(_)) => {
                return Ok(Step::Done(Value::from("initialize finalize read drain write")));
            }
            (b"read", Engine::Compressing(_)) | (b"write", Engine::Reading(_)) => out = bytes()?,
            (b"finalize", _) => {
                return Ok(Step::words(vec![Value::from("::rename"), args[0].clone(), Value::EMPTY]));
            }
            (b"write", Engine::Compressing(deflater)) => {
                deflater.put(&bytes()?, Flush::None, &mut out).map_err(exception)?;
            }
            // The channel is closed, or this taken off.
            (b"flush", Engine::Compressing(deflater)) => {
                deflater.put(b"", Flush::Finish, &mut out).map_err(exception)?;
            }
            (b"read", Engine::Reading(inflater)) if !inflater.has_ended() => {
                let bytes = bytes()?;
                let used = inflater.put(&bytes, &mut out).map_err(channel_exception)?;
                if inflater.has_ended() {
                    *self.rest.borrow_mut() = Some(bytes[used..].to_vec());
                }
            }
            _ => {}
        }
        Ok(Step::Done(Value::bytes(out)))
    }
}
