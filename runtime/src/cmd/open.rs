//! `open`, `exec` and `pid`.

use std::os::fd::OwnedFd;

use tclring_vm::cmd::choice::choose;
use tclring_vm::cmd::options::integer;
use tclring_vm::error;
use tclring_vm::exec::listops::list_of;
use tclring_vm::interp::exception::{Exception, Raised};
use tclring_vm::interp::{Args, CommandRow, MANY, Machine, Outcome, Step};
use tclring_vm::text::encoding::{Encoding, Profile};
use tclring_vm::value::Value;

use super::words::channel;
use crate::chan::channel::{Channel, Kind};
use crate::chan::open::{Access, open_file};
use crate::chan::options::encoding_named;
use crate::event::reactor::{reactor, reactor_for_new};
use crate::host::errno::Errno;
use crate::host::process::{self, Completion, Wanted};
use crate::host::user::process_number;

const EXEC_USAGE: &str = "?-option ...? arg ?arg ...?";
/// The permissions of new files, of which the process's mask is taken away.
const PERMISSIONS: u32 = 0o666;

const fn unsafe_row(
    name: &'static str,
    usage: &'static str,
    min: u16,
    max: u16,
    help: &'static str,
    run: tclring_vm::interp::Native,
) -> CommandRow {
    CommandRow { name, usage, min, max, safe: false, help, run }
}

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    unsafe_row("open", "fileName ?access? ?permissions?", 1, 3, "Opens a file or a pipeline.", open),
    unsafe_row("exec", EXEC_USAGE, 1, MANY, "Runs programs and gives their output.", exec),
    CommandRow {
        name: "pid",
        usage: "?channel?",
        min: 0,
        max: 1,
        safe: true,
        help: "Tells the numbers of processes.",
        run: pid,
    },
];

fn open(machine: &mut Machine, args: Args) -> Outcome {
    let mode = machine.mode();
    let access_word = args.get(2).cloned().unwrap_or_else(|| Value::from("r"));
    let name = args[1].text();
    let is_pipeline = name.starts_with(b"|");
    let permissions = match args.get(3) {
        // A zero in front means octal here, whatever it means elsewhere.
        Some(word) => match &*word.text() {
            [b'0', digits @ ..] if matches!(digits, [b'0'..=b'7', ..]) => {
                integer(&Value::text_value([b"0o", digits].concat()), mode)? as u32
            }
            _ => integer(word, mode)? as u32,
        },
        None => PERMISSIONS,
    };
    let access = Access::parse(&access_word)?;
    let interp = machine.current();
    let id = if is_pipeline {
        let list = list_of(&Value::text_of(&name[1..]))?;
        let words: Vec<Vec<u8>> = list.items().iter().map(Value::to_text).collect();
        reactor_for_new(machine).open_pipeline(interp, &words, access, mode)?
    } else {
        let bytes_max = super::zipfs::check_writing(machine, &name, access)?;
        let is_terminal_of_process = *name == *b"/dev/tty";
        let fd = open_file(&args[1], access, permissions, mode)?;
        let reactor = reactor_for_new(machine);
        let id = reactor.add_file(fd, access, is_terminal_of_process);
        if let Some(Kind::Device(device)) = reactor.channels.get_mut(id).map(|channel| &mut channel.kind) {
            device.bytes_max = bytes_max;
        }
        id
    };
    let reactor = reactor(machine);
    reactor.register(interp, id);
    Ok(Step::Done(reactor.channels.get(id).map(|channel| channel.name.clone()).unwrap_or_default()))
}

fn pid(machine: &mut Machine, args: Args) -> Outcome {
    let Some(name) = args.get(1) else { return Ok(Step::Done(Value::int(i64::from(process_number())))) };
    let id = channel(machine, name)?;
    let device = reactor(machine).channels.get_mut(id).and_then(Channel::device);
    let pids = device.and_then(|device| device.processes.as_ref()).map(|processes| processes.pids.clone());
    Ok(Step::Done(pid_list(&pids.unwrap_or_default())))
}

fn pid_list(pids: &[i32]) -> Value {
    match pids {
        [] => Value::EMPTY,
        pids => Value::list(pids.iter().map(|pid| Value::int(i64::from(*pid))).collect()),
    }
}

/// The options of `exec`.
struct Options {
    keeps_newline: bool,
    ignores_errors: bool,
    encoding: Encoding,
}

fn exec(machine: &mut Machine, args: Args) -> Outcome {
    let mut options =
        Options { keeps_newline: false, ignores_errors: false, encoding: machine.encodings().system.clone() };
    let mut at = 1;
    while let Some(word) = args.get(at) {
        if !word.text().starts_with(b"-") {
            break;
        }
        let option = choose(word, &["-ignorestderr", "-keepnewline", "-encoding", "--"], "option")?;
        at += 1;
        match option {
            0 => options.ignores_errors = true,
            1 => options.keeps_newline = true,
            2 => {
                let Some(name) = args.get(at) else { return Err(machine.wrong_args(&args, 1, EXEC_USAGE)) };
                options.encoding = encoding_named(machine, name)?;
                at += 1;
            }
            _ => break,
        }
    }
    let mut words: Vec<Vec<u8>> = args[at..].iter().map(Value::to_text).collect();
    if words.is_empty() {
        return Err(machine.wrong_args(&args, 1, EXEC_USAGE));
    }
    let background = words.last().is_some_and(|word| word == b"&");
    if background {
        words.pop();
        if words.is_empty() {
            return Err(machine.wrong_args(&args, 1, EXEC_USAGE));
        }
    }
    let wanted = Wanted {
        input: false,
        output: !background,
        errors: !background && !options.ignores_errors,
        strict: false,
    };
    let (interp, mode) = (machine.current(), machine.mode());
    let mut running = reactor_for_new(machine).start_pipeline(interp, &words, wanted, mode)?;
    if background {
        process::detach(&running.pids);
        return Ok(Step::Done(pid_list(&running.pids)));
    }
    let output = match running.output.take().map(read_to_end).transpose() {
        Ok(output) => output.unwrap_or_default(),
        Err(errno) => {
            process::detach(&running.pids);
            return Err(
                error!("error reading output from command: ", errno.message().as_ref(); "POSIX", errno.name(), errno.message().as_ref()),
            );
        }
    };
    let statuses: Vec<_> = running.pids.iter().map(|pid| (*pid, process::wait(*pid))).collect();
    process::purge_done(&running.pids);
    let (errors, _) =
        options.encoding.decode_all(&running.read_errors().unwrap_or_default(), Profile::Replace);
    finish_exec(&options, &output, Completion::of_pipeline(&statuses, &errors))
}

/// Reads what a pipeline writes until it ends.
fn read_to_end(fd: OwnedFd) -> Result<Vec<u8>, Errno> {
    let mut out = Vec::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match rustix::io::read(&fd, &mut buffer) {
            Ok(0) => return Ok(out),
            Ok(count) => out.extend_from_slice(&buffer[..count]),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(Errno::from(error)),
        }
    }
}

/// The result of `exec`: the output, then what went wrong.
fn finish_exec(options: &Options, output: &[u8], completion: Option<Completion>) -> Outcome {
    let (mut text, _) = options.encoding.decode_all(output, Profile::Replace);
    if text.contains(&b'\r') {
        text = without_returns(&text);
    }
    let failure: Option<Completion> = completion;
    if let Some(completion) = &failure {
        text.extend_from_slice(&completion.message);
    }
    if !options.keeps_newline && text.last() == Some(&b'\n') {
        text.pop();
    }
    match failure {
        None => Ok(Step::Done(Value::text_value(text))),
        Some(completion) => Err(with_code(Raised::error(Value::text_value(text)), &completion.code)),
    }
}

fn with_code(exception: Exception, code: &[Vec<u8>]) -> Exception {
    if code.len() == 1 && code[0] == b"NONE" { exception } else { exception.with_code(code) }
}

/// The text with each end of a line as a newline.
fn without_returns(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.iter().peekable();
    while let Some(byte) = bytes.next() {
        if *byte == b'\r' {
            bytes.next_if(|next| **next == b'\n');
            out.push(b'\n');
        } else {
            out.push(*byte);
        }
    }
    out
}
