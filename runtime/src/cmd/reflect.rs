//! Channels and transformations written in Tcl: `chan create`, `chan push`, `chan pop`, `chan postevent`.

use tclring_vm::cmd::choice::choose;
use tclring_vm::error;
use tclring_vm::exec::listops::list_of;
use tclring_vm::interp::ensemble::alternatives;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, At, InterpId, Machine, Outcome, Step, What};
use tclring_vm::value::Value;

use super::words::channel;
use crate::chan::channel::{Channel, ChannelId, Handler, Kind, READ, WRITE};
use crate::chan::flow::Flush;
use crate::chan::reflect;
use crate::chan::scripted::{
    CHANNEL_METHODS, ScriptDevice, ScriptHandler, Stack, TRANSFORM_METHODS, Transform,
};
use crate::event::background;
use crate::event::reactor::{reactor, reactor_for_new};

/// The events that a list of words names.
fn events(list: &Value, what: &str) -> Result<u8, Exception> {
    let list = list_of(list)?;
    let mut events = 0;
    for word in list.items() {
        events |= if choose(word, &["read", "write"], what)? == 0 { READ } else { WRITE };
    }
    Ok(events)
}

/// The prefix of an error about a handler.
fn about(prefix: &Value, rest: &str) -> Vec<u8> {
    [b"chan handler \"".as_slice(), &prefix.text(), rest.as_bytes()].concat()
}

/// The bits of the methods that a handler says it has.
fn methods(prefix: &Value, answer: &Value, table: &'static [&'static str]) -> Result<u16, Exception> {
    let list = match answer.to_list() {
        Ok(list) => list,
        Err(_) => {
            return Err(error!(about(prefix, " initialize\" returned non-list: "), answer));
        }
    };
    let mut supported = 0;
    // The last bad one is told, as in the reference.
    for word in list.items().iter().rev() {
        let Some(at) = table.iter().position(|name| name.as_bytes() == &*word.text()) else {
            let start = about(prefix, " initialize\" returned bad method \"");
            return Err(error!(start, word, "\": must be ", alternatives(table);
                "TCL", "LOOKUP", "INDEX", "method", word.text()));
        };
        supported |= 1 << at;
    }
    Ok(supported)
}

/// Asks a new handler what it can do; `then` gets the handler with its methods.
fn initialise(
    machine: &mut Machine,
    prefix: Value,
    handle: Value,
    mode: u8,
    table: &'static [&'static str],
    then: impl FnOnce(&mut Machine, ScriptHandler) -> Outcome + 'static,
) -> Outcome {
    let words = list_of(&prefix)?.items().to_vec();
    let interp = machine.current();
    let mut handler = ScriptHandler { interp, words, handle, methods: table, supported: 0 };
    let call = handler.call("initialize", [reflect::event_words(mode)]);
    Ok(Step::run(What::Words(call), At::Interp(interp), move |machine, outcome| {
        handler.supported = methods(&prefix, &outcome?, table)?;
        let required = if table.contains(&"watch") {
            &["finalize", "initialize", "watch"][..]
        } else {
            &["finalize", "initialize"]
        };
        if !required.iter().all(|method| handler.has(method)) {
            return Err(error!(about(&prefix, "\" does not support all required methods")));
        }
        then(machine, handler)
    }))
}

/// `chan create`
pub fn create(machine: &mut Machine, args: Args) -> Outcome {
    let mode = events(&args[1], "mode")?;
    let prefix = args[2].clone();
    let interp = machine.current();
    list_of(&prefix)?;
    let name = reactor(machine).script_name("rc");
    initialise(machine, prefix.clone(), name.clone(), mode, &CHANNEL_METHODS, move |machine, handler| {
        for (event, method) in [(READ, "read"), (WRITE, "write")] {
            if mode & event != 0 && !handler.has(method) {
                return Err(error!(about(&prefix, "\" lacks a \""), method, "\" method"));
            }
        }
        for (one, other) in [("cget", "cgetall"), ("cgetall", "cget")] {
            if handler.has(one) && !handler.has(other) {
                return Err(error!(about(&prefix, "\" supports \""), one, "\" but not \"", other, "\""));
            }
        }
        let reactor = reactor_for_new(machine);
        let device = ScriptDevice { handler, watched: 0, waits_to_write: false };
        let encoding = reactor.encoding.clone();
        let kind = Kind::Script(Box::new(device));
        let id = reactor.add_channel(Channel::new(name, kind, mode & READ != 0, mode & WRITE != 0, encoding));
        reactor.register(interp, id);
        Ok(Step::Done(reactor.channels.get(id).map(|channel| channel.name.clone()).unwrap_or_default()))
    })
}

/// `chan push`
pub fn push(machine: &mut Machine, args: Args) -> Outcome {
    let id = channel(machine, &args[1])?;
    let prefix = args[2].clone();
    list_of(&prefix)?;
    let handle = reactor(machine).script_name("rt");
    let open =
        reactor(machine).channels.get(id).map_or([false; 2], |channel| [channel.readable, channel.writable]);
    let mode = (u8::from(open[0]) * READ) | (u8::from(open[1]) * WRITE);
    initialise(machine, prefix.clone(), handle, mode, &TRANSFORM_METHODS, move |machine, handler| {
        for (one, other) in [("drain", "read"), ("flush", "write")] {
            if handler.has(one) && !handler.has(other) {
                return Err(error!(about(&prefix, "\" supports \""), one, "\" but not \"", other, "\""));
            }
        }
        let is_read = open[0] && handler.has("read");
        let is_written = open[1] && handler.has("write");
        if !is_read && !is_written {
            return Err(error!(about(&prefix, "\" makes the channel inaccessible")));
        }
        push_flushed(machine, id, handler, open)
    })
}

/// Puts a transformation on a channel when what was written before it has left.
fn push_flushed(machine: &mut Machine, id: ChannelId, handler: ScriptHandler, open: [bool; 2]) -> Outcome {
    let reactor = reactor(machine);
    match reactor.flush(id, true) {
        Flush::Script(count) => {
            let then = move |machine: &mut Machine, flushed: Result<Flush, Exception>| {
                flushed?;
                push_flushed(machine, id, handler, open)
            };
            return reflect::flush_then(machine, id, count, Box::new(then));
        }
        Flush::Wait => {
            return Ok(Step::block(crate::event::wait::Wait::Output(id), move |machine, outcome| {
                outcome?;
                push_flushed(machine, id, handler, open)
            }));
        }
        Flush::Done | Flush::Later | Flush::Failed(_) => {}
    }
    let Some(channel) = reactor.channels.get_mut(id) else { return Ok(Step::EMPTY) };
    // What was received ahead has to be transformed too.
    let pending = channel.input.take_all();
    channel.readable &= handler.has("read");
    channel.writable &= handler.has("write");
    let state = channel.output.state;
    let stack = channel.stack.get_or_insert_with(|| Box::new(Stack::default()));
    if stack.transforms.is_empty() {
        stack.output.state = state;
    }
    stack.transforms.push(Transform {
        handler,
        pending,
        is_drained: false,
        has_ended: false,
        was_open: open,
    });
    Ok(Step::Done(channel.name.clone()))
}

/// `chan pop`
pub fn pop(machine: &mut Machine, args: Args) -> Outcome {
    let id = channel(machine, &args[1])?;
    if reactor(machine).channels.get(id).is_none_or(|channel| channel.stack.is_none()) {
        return Ok(Step::EMPTY);
    }
    // Nobody is told what the transformation makes of it.
    reflect::pop_then(machine, id, Box::new(|_, _| Ok(Step::EMPTY)))
}

/// `chan postevent`
pub fn post_event(machine: &mut Machine, args: Args) -> Outcome {
    let missing = |name: &Value| error!("can not find reflected channel named \"", name, "\""; "TCL", "LOOKUP", "CHANNEL", name.text());
    let Ok(id) = channel(machine, &args[1]) else { return Err(missing(&args[1])) };
    let interp = machine.current();
    let device = reactor(machine).channels.get_mut(id).and_then(Channel::script_device);
    let Some((watched, waits)) = device
        .filter(|device| device.handler.interp == interp)
        .map(|device| (device.watched, device.waits_to_write))
    else {
        return Err(missing(&args[1]));
    };
    let posted = events(&args[2], "event")?;
    if posted == 0 {
        return Err(error!("bad event list: is empty"));
    }
    if posted & !watched != 0 {
        return Err(error!("tried to post events channel \"", &args[1], "\" is not interested in"));
    }
    if posted & WRITE != 0 && waits {
        return write_more(machine, id, posted);
    }
    notify(machine, id, posted)
}

/// Writes what has waited until the handler takes it.
fn write_more(machine: &mut Machine, id: ChannelId, posted: u8) -> Outcome {
    let Some(channel) = reactor(machine).channels.get_mut(id) else { return Ok(Step::EMPTY) };
    let left = channel.unflushed();
    if let Some(device) = channel.script_device() {
        device.waits_to_write = false;
    }
    let then = move |machine: &mut Machine, flushed: Result<Flush, Exception>| {
        if let Err(exception) = flushed {
            let interp = machine.current();
            background::note(machine, interp, exception);
        }
        let next = move |machine: &mut Machine| notify(machine, id, posted);
        reflect::watch_then(machine, id, Box::new(next))
    };
    reflect::flush_then(machine, id, left, Box::new(then))
}

/// Runs the scripts for events, and what else waits for them.
fn notify(machine: &mut Machine, id: ChannelId, posted: u8) -> Outcome {
    let reactor = reactor(machine);
    reactor.tell_waits(id, posted);
    let Some(channel) = reactor.channels.get(id) else { return Ok(Step::EMPTY) };
    if channel.copies != [false; 2] {
        reactor.enqueue(id, posted);
        return Ok(Step::EMPTY);
    }
    let wanted = |handler: &&Handler| handler.event & posted != 0;
    let scripts: Vec<_> = channel
        .handlers
        .iter()
        .filter(wanted)
        .map(|handler| (handler.interp, handler.event, handler.script.clone()))
        .collect();
    run_scripts(machine, id, scripts)
}

/// Runs scripts one after the other; one that fails is taken back and reported in the background.
fn run_scripts(machine: &mut Machine, id: ChannelId, mut scripts: Vec<(InterpId, u8, Value)>) -> Outcome {
    if scripts.is_empty() {
        return reflect::watch_then(machine, id, Box::new(|_| Ok(Step::EMPTY)));
    }
    let (interp, event, script) = scripts.remove(0);
    Ok(Step::run(What::Script(script), At::Interp(interp), move |machine, outcome| {
        if let Err(exception) = outcome {
            reactor(machine).remove_handler(id, interp, event);
            background::note(machine, interp, exception);
        }
        run_scripts(machine, id, scripts)
    }))
}
