//! The `chan` ensemble, and the commands that set channels up: `fconfigure fileevent`.

use tclring_vm::cmd::choice::choose;
use tclring_vm::cmd::options::{boolean_name, integer};
use tclring_vm::error;
use tclring_vm::exec::listops::list_of;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, EnsembleRow, MANY, Machine, Outcome, Step};
use tclring_vm::text::glob;
use tclring_vm::value::Value;

use super::channel::{self as channel_io, row};
use super::fcopy;
use super::reflect as reflect_commands;
use super::words::channel;
use super::zlib_stream::Transform;
use crate::chan::channel::{Channel, ChannelId, Handler, Kind, READ, WRITE};
use crate::chan::error::{failed, host_error};
use crate::chan::flow::Flush;
use crate::chan::options;
use crate::chan::reflect;
use crate::chan::scripted::ScriptHandler;
use crate::event::reactor::{STANDARD_NAMES, reactor, reactor_for_new};
use crate::event::wait::Wait;
use crate::host::errno::{Errno, HostError};

const CONFIGURE_USAGE: &str = "channel ?-option value ...?";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "fconfigure",
        usage: CONFIGURE_USAGE,
        min: 1,
        max: MANY,
        safe: false,
        help: "Sets and tells the options of a channel.",
        run: configure,
    },
    row("fileevent", "channel event ?script?", 2, 3, "Sets a script for when a channel is ready.", event),
];

/// The ensemble.
pub const CHAN: EnsembleRow = EnsembleRow {
    name: "chan",
    safe: true,
    rows: &[
        row(
            "chan blocked",
            "channel",
            1,
            1,
            "Says whether the last input would have had to wait.",
            channel_io::blocked,
        ),
        row(
            "chan close",
            "channel ?direction?",
            1,
            2,
            "Closes a channel or one direction of it.",
            channel_io::close_command,
        ),
        row(
            "chan configure",
            CONFIGURE_USAGE,
            1,
            MANY,
            "Sets and tells the options of a channel.",
            configure,
        ),
        row("chan copy", fcopy::USAGE, 2, 6, "Copies from one channel to another.", fcopy::fcopy),
        row(
            "chan create",
            "mode cmdprefix",
            2,
            2,
            "Makes a channel that a command prefix makes up.",
            reflect_commands::create,
        ),
        row("chan eof", "channel", 1, 1, "Says whether the last input met the end.", channel_io::eof),
        row(
            "chan event",
            "channel event ?script?",
            2,
            3,
            "Sets a script for when a channel is ready.",
            event,
        ),
        row("chan flush", "channel", 1, 1, "Hands a channel's output to the system.", channel_io::flush),
        row("chan gets", "channel ?varName?", 1, 2, "Reads a line from a channel.", channel_io::gets),
        row("chan isbinary", "channel", 1, 1, "Says whether a channel passes bytes as they are.", is_binary),
        row("chan names", "?pattern?", 0, 1, "Lists the names of channels.", names),
        row("chan pending", "mode channel", 2, 2, "Counts the bytes in a channel's buffer.", pending),
        row("chan pipe", "", 0, MANY, "Makes a pipe.", pipe),
        row(
            "chan pop",
            "channel",
            1,
            1,
            "Takes the uppermost transformation off a channel.",
            reflect_commands::pop,
        ),
        row(
            "chan postevent",
            "channel eventspec",
            2,
            2,
            "Says that a made-up channel is ready.",
            reflect_commands::post_event,
        ),
        row(
            "chan push",
            "channel cmdprefix",
            2,
            2,
            "Puts a transformation on a channel.",
            reflect_commands::push,
        ),
        row("chan puts", channel_io::PUTS_USAGE, 1, 3, "Writes a line to a channel.", channel_io::puts),
        row(
            "chan read",
            channel_io::CHAN_READ_USAGE,
            1,
            2,
            "Reads characters from a channel.",
            channel_io::read,
        ),
        row(
            "chan seek",
            "channel offset ?origin?",
            2,
            3,
            "Moves the place in a channel's file.",
            channel_io::seek,
        ),
        row("chan tell", "channel", 1, 1, "Tells the place in a channel's file.", channel_io::tell),
        row("chan truncate", "channel ?length?", 1, 2, "Cuts a channel's file off.", truncate),
    ],
};

fn configure(machine: &mut Machine, args: Args) -> Outcome {
    if args.len() > 3 && args.len() % 2 == 1 {
        return Err(machine.wrong_args(&args, 1, CONFIGURE_USAGE));
    }
    let id = channel(machine, &args[1])?;
    let device = reactor(machine).channels.get_mut(id).and_then(Channel::script_device);
    if let Some(handler) = device.map(|device| device.handler.clone()) {
        return configure_script(machine, id, &handler, &args[2..]);
    }
    match args.len() {
        2 => options::all(machine, id).map(Step::Done),
        3 => options::get(machine, id, &args[2]).map(Step::Done),
        _ => configure_all(machine, id, args.split_off(2).into_iter()),
    }
}

/// Sets the options of a channel one by one.
fn configure_all(machine: &mut Machine, id: ChannelId, mut words: std::vec::IntoIter<Value>) -> Outcome {
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        let is_flush = name.text().len() > 1 && b"-flush".starts_with(&name.text());
        let flushed = match Transform::on_top(machine, id).filter(|_| is_flush) {
            Some(transform) => transform.flushed(&value)?,
            None => None,
        };
        let Some(bytes) = flushed else {
            options::set(machine, id, &name, &value)?;
            continue;
        };
        let then = Box::new(move |machine: &mut Machine, flushed: Result<Flush, Exception>| {
            flushed?;
            configure_all(machine, id, words)
        });
        return reflect::send_below_top(machine, id, bytes, then);
    }
    Ok(Step::EMPTY)
}

/// The options of a channel that a handler makes up.
fn configure_script(
    machine: &mut Machine,
    id: ChannelId,
    handler: &ScriptHandler,
    words: &[Value],
) -> Outcome {
    let is_own = |name: &Value| !options::is_common(&name.text());
    match words {
        [] => {
            let all = options::all(machine, id)?;
            if !handler.has("cgetall") {
                return Ok(Step::Done(all));
            }
            reflect::ask(handler, "cgetall", [], move |_, answer| {
                let own = answer?;
                let list = list_of(&own)?;
                let count = list.items().len();
                if !count.is_multiple_of(2) {
                    let words = if count == 1 { "element" } else { "elements" };
                    return Err(error!(
                        "Expected list with even number of elements, got ",
                        count, " ", words, " instead"
                    ));
                }
                let common = list_of(&all)?;
                Ok(Step::Done(Value::list([common.items(), list.items()].concat())))
            })
        }
        [name] if is_own(name) && handler.has("cget") => {
            reflect::ask(handler, "cget", [name.clone()], |_, answer| answer.map(Step::Done))
        }
        [name] => options::get(machine, id, name).map(Step::Done),
        [name, value, rest @ ..] => {
            let (handler, rest) = (handler.clone(), rest.to_vec());
            let go_on = move |machine: &mut Machine, rest: Vec<Value>, handler: ScriptHandler| match rest
                .is_empty()
            {
                true => Ok(Step::EMPTY),
                false => configure_script(machine, id, &handler, &rest),
            };
            if is_own(name) && handler.has("configure") {
                let its = handler.clone();
                return reflect::ask(
                    &its,
                    "configure",
                    [name.clone(), value.clone()],
                    move |machine, answer| {
                        answer?;
                        go_on(machine, rest, handler)
                    },
                );
            }
            if options::is_blocking(&name.text()) && handler.has("blocking") {
                let blocking = Value::bool(boolean_name(value)?);
                let (its, name, value) = (handler.clone(), name.clone(), value.clone());
                return reflect::ask(&its, "blocking", [blocking], move |machine, answer| {
                    answer?;
                    options::set(machine, id, &name, &value)?;
                    go_on(machine, rest, handler)
                });
            }
            options::set(machine, id, name, value)?;
            go_on(machine, rest, handler)
        }
    }
}

fn event(machine: &mut Machine, mut args: Args) -> Outcome {
    // The event's name is looked at first, as in the reference.
    let event = if choose(&args[2], &["readable", "writable"], "event name")? == 0 { READ } else { WRITE };
    let id = channel(machine, &args[1])?;
    let interp = machine.current();
    let reactor = reactor(machine);
    let Some(found) = reactor.channels.get_mut(id) else { return Ok(Step::EMPTY) };
    let is_open = if event == READ { found.readable } else { found.writable };
    if !is_open {
        let way = if event == READ { "readable" } else { "writable" };
        return Err(error!("channel is not ", way));
    }
    if args.len() == 3 {
        let set = found.handlers.iter().find(|handler| handler.interp == interp && handler.event == event);
        return Ok(Step::Done(set.map(|handler| handler.script.clone()).unwrap_or_default()));
    }
    let script = args.take(3);
    if script.is_empty() {
        reactor.remove_handler(id, interp, event);
        return reflect::watch_then(machine, id, Box::new(|_| Ok(Step::EMPTY)));
    }
    let script = cacheable(script);
    match found.handlers.iter_mut().find(|handler| handler.interp == interp && handler.event == event) {
        Some(handler) => handler.script = script,
        None => {
            // Most channels have one, and there may be very many channels.
            found.handlers.reserve_exact(1);
            found.handlers.insert(0, Handler { interp, event, script });
        }
    }
    reactor.note_change(id);
    reflect::watch_then(machine, id, Box::new(|_| Ok(Step::EMPTY)))
}

/// A script in a form that keeps its compiled code.
pub fn cacheable(script: Value) -> Value {
    match script.view() {
        tclring_vm::value::View::Text(text) => Value::cacheable(text.to_vec()),
        _ => script,
    }
}

fn is_binary(machine: &mut Machine, args: Args) -> Outcome {
    let id = channel(machine, &args[1])?;
    let is_binary = reactor(machine).channels.get(id).is_some_and(|channel| {
        (!channel.readable || channel.reads_bytes()) && (!channel.writable || channel.writes_bytes())
    });
    Ok(Step::Done(Value::bool(is_binary)))
}

/// `chan names` and `file channels`.
pub fn names(machine: &mut Machine, args: Args) -> Outcome {
    let interp = machine.current();
    if !machine.interp(interp).safe {
        reactor(machine).name_standard_streams(interp);
    }
    let pattern = args.get(1).map(Value::text);
    let wanted = |name: &Value| pattern.as_ref().is_none_or(|p| glob::matches(p, &name.text(), false));
    // The reference keeps the standard streams under the names of their descriptors.
    let of_descriptors = ["file0", "file1", "file2"].map(Value::from);
    let channels = &reactor(machine).interp(interp).channels;
    fn kept_as<'a>(name: &'a Value, of_descriptors: &'a [Value; 3]) -> &'a Value {
        let number = STANDARD_NAMES.iter().position(|standard| *standard.as_bytes() == *name.text());
        number.map_or(name, |number| &of_descriptors[number])
    }
    let names = channels.table_order_as(|name| kept_as(name, &of_descriptors), |name, _| wanted(name));
    Ok(Step::Done(Value::list(names.into_iter().map(|(name, _)| name.clone()).collect())))
}

fn pending(machine: &mut Machine, args: Args) -> Outcome {
    let mode = choose(&args[1], &["input", "output"], "mode")?;
    let id = channel(machine, &args[2])?;
    let count = match reactor(machine).channels.get(id) {
        Some(channel) if mode == 0 && channel.readable => channel.input.own_len() as i64,
        Some(channel) if mode == 1 && channel.writable => channel.unflushed() as i64,
        _ => -1,
    };
    Ok(Step::Done(Value::int(count)))
}

fn pipe(machine: &mut Machine, args: Args) -> Outcome {
    if args.len() > 1 {
        // The reference shows a blank where the usage is empty.
        return Err(error!("wrong # args: should be \"chan pipe \""; "TCL", "WRONGARGS"));
    }
    let interp = machine.current();
    let reactor = reactor_for_new(machine);
    match reactor.add_pipe() {
        Ok(ends) => {
            let mut names = Vec::new();
            for id in ends {
                reactor.register(interp, id);
                names.extend(reactor.channels.get(id).map(|channel| channel.name.clone()));
            }
            Ok(Step::Done(Value::list(names)))
        }
        Err(errno) => Err(host_error(HostError::posix(&[b"couldn't create pipe"], errno))),
    }
}

fn truncate(machine: &mut Machine, args: Args) -> Outcome {
    let id = channel(machine, &args[1])?;
    let mut length = None;
    if let Some(word) = args.get(2) {
        let mode = machine.mode();
        let number = integer(word, mode)?;
        length = match u64::try_from(number) {
            Ok(number) => Some(number),
            Err(_) => return Err(error!("cannot truncate to negative length of file")),
        };
    }
    truncate_flushed(machine, id, length)
}

fn truncate_flushed(machine: &mut Machine, id: ChannelId, length: Option<u64>) -> Outcome {
    let reactor = reactor(machine);
    match reactor.flush(id, true) {
        Flush::Wait => Ok(Step::block(Wait::Output(id), move |machine, outcome| {
            outcome?;
            truncate_flushed(machine, id, length)
        })),
        Flush::Script(count) => {
            let then = move |machine: &mut Machine, flushed: Result<Flush, Exception>| {
                flushed?;
                cut(machine, id, length)
            };
            reflect::flush_then(machine, id, count, Box::new(then))
        }
        _ => cut(machine, id, length),
    }
}

/// Cuts the file off when nothing is unwritten.
fn cut(machine: &mut Machine, id: ChannelId, length: Option<u64>) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return Ok(Step::EMPTY) };
    if let Some(device) = channel.script_device() {
        let handler = device.handler.clone();
        let Some(length) = length else {
            let words =
                [b"could not determine current location in \"".as_slice(), &channel.name.text(), b"\""];
            return Err(host_error(HostError::posix(&words, Errno::INVAL)));
        };
        if handler.has("truncate") {
            let length = Value::int(i64::try_from(length).unwrap_or(i64::MAX));
            let name = channel.name.clone();
            return reflect::ask(&handler, "truncate", [length], move |_, answer| match answer {
                Ok(_) => Ok(Step::EMPTY),
                Err(_) => {
                    let words = [b"error during truncate on \"".as_slice(), &name.text(), b"\""];
                    Err(host_error(HostError::posix(&words, Errno::INVAL)))
                }
            });
        }
        return Err(failed("during truncate on", channel, Errno::INVAL));
    }
    let cut = || -> Result<(), Errno> {
        let Kind::Device(device) = &channel.kind else { return Err(Errno::INVAL) };
        let handle = device.output.as_ref().ok_or(Errno::INVAL)?;
        let length = match length {
            Some(length) => length,
            None => device.seek(rustix::fs::SeekFrom::Current(0))?.saturating_sub(channel.input.len() as u64),
        };
        rustix::fs::ftruncate(handle.fd(), length).map_err(Errno::from)
    };
    match cut() {
        Ok(()) => Ok(Step::EMPTY),
        Err(error) => Err(failed("during truncate on", channel, error)),
    }
}
