//! `fcopy`: copies from one channel to another.

use tclring_vm::cmd::choice::choose;
use tclring_vm::cmd::options::integer;
use tclring_vm::interp::{Args, CommandRow, Machine, Outcome, Step};

use super::channel::row;
use super::words::{readable_channel, writable_channel};
use crate::chan::channel::Channel;
use crate::chan::copy::copy_with_scripts;
use crate::chan::error::is_busy;
use crate::chan::reflect;
use crate::event::reactor::reactor;
use crate::event::wait::Wait;

/// The usage.
pub const USAGE: &str = "input output ?-size size? ?-command callback?";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[row("fcopy", USAGE, 2, 6, "Copies from one channel to another.", fcopy)];

/// Copies, at once or in the background.
pub fn fcopy(machine: &mut Machine, args: Args) -> Outcome {
    if args.len().is_multiple_of(2) {
        return Err(machine.wrong_args(&args, 1, USAGE));
    }
    let input = readable_channel(machine, &args[1])?;
    let output = writable_channel(machine, &args[2])?;
    let (mut left, mut command) = (None, None);
    let interp = machine.current();
    for pair in args[3..].chunks_exact(2) {
        if choose(&pair[0], &["-size", "-command"], "option")? == 0 {
            let mode = machine.mode();
            left = u64::try_from(integer(&pair[1], mode)?).ok();
        } else {
            command = Some((interp, pair[1].clone()));
        }
    }
    let reactor = reactor(machine);
    for (id, direction) in [(input, 0), (output, 1)] {
        if let Some(channel) = reactor.channels.get(id)
            && channel.copies[direction]
        {
            return Err(is_busy(&channel.name));
        }
    }
    let background = command.is_some();
    let is_scripted =
        [input, output].iter().any(|id| reactor.channels.get(*id).is_some_and(Channel::is_scripted));
    let copy = reactor.add_copy(input, output, left, command);
    if background {
        reactor.begin_background_copy(copy);
        return reflect::watch_then(machine, input, Box::new(|_| Ok(Step::EMPTY)));
    }
    if is_scripted {
        return copy_with_scripts(machine, copy);
    }
    Ok(Step::block(Wait::Copied(copy), |_, outcome| outcome.map(Step::Done)))
}
