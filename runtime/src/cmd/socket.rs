//! `socket`: connections and listeners.

use std::net::SocketAddr;

use tclring_vm::cmd::options::{boolean, integer};
use tclring_vm::error;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, MANY, Machine, Outcome, Step};
use tclring_vm::value::Value;

use crate::chan::channel::{Channel, ChannelId};
use crate::chan::connect::{BACKLOG, ListenOptions};
use crate::chan::error::host_error;
use crate::event::reactor::reactor_for_new;
use crate::event::wait::Wait;
use crate::host::errno::HostError;
use crate::host::resolve::{HostName, Purpose, resolve, resolve_numeric, service_port};

const USAGE: &str = "?-async? ?-myaddr addr? ?-myport myport? host port\" or \"socket -server command \
                     ?-backlog count? ?-myaddr addr? ?-reuseaddr boolean? ?-reuseport boolean? port";
const OPTIONS: [&str; 7] =
    ["-async", "-backlog", "-myaddr", "-myport", "-reuseaddr", "-reuseport", "-server"];
/// What every failure begins with.
const FAILED: &[u8] = b"couldn't open socket";

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "socket",
    usage: USAGE,
    min: 0,
    max: MANY,
    safe: false,
    help: "Connects to a server, or becomes one.",
    run: socket,
}];

/// The words of the command.
#[derive(Default)]
struct Request {
    server: Option<Value>,
    is_async: bool,
    my_address: Option<Value>,
    my_port: Option<u16>,
    backlog: Option<i64>,
    reuse_address: Option<bool>,
    reuse_port: Option<bool>,
}

fn socket(machine: &mut Machine, args: Args) -> Outcome {
    let mut request = Request::default();
    let mut at = 1;
    let mode = machine.mode();
    while let Some(word) = args.get(at) {
        if !word.text().starts_with(b"-") {
            break;
        }
        // Abbreviations are not accepted here.
        let Some(option) = OPTIONS.iter().position(|name| name.as_bytes() == &*word.text()) else {
            return Err(
                error!("bad option \"", word, "\": must be -async, -backlog, -myaddr, -myport, -reuseaddr, ",
                "-reuseport, or -server"; "TCL", "LOOKUP", "INDEX", "option", word.text()),
            );
        };
        let clashes = match OPTIONS[option] {
            "-async" => request.server.is_some(),
            "-server" => request.is_async,
            _ => false,
        };
        if clashes {
            return Err(error!("cannot set -async option for server sockets"));
        }
        if option == 0 {
            request.is_async = true;
            at += 1;
            continue;
        }
        let Some(value) = args.get(at + 1) else {
            return Err(error!("no argument given for ", OPTIONS[option], " option"));
        };
        match OPTIONS[option] {
            // The number that stands for the default is as good as none.
            "-backlog" => request.backlog = Some(integer(value, mode)?).filter(|count| *count != -1),
            "-myaddr" => request.my_address = Some(value.clone()),
            "-myport" => request.my_port = Some(client_port(machine, value)?),
            "-reuseaddr" => request.reuse_address = Some(boolean(value, mode)?),
            "-reuseport" => request.reuse_port = Some(boolean(value, mode)?),
            _ => request.server = Some(value.clone()),
        }
        at += 2;
    }
    let rest = &args[at..];
    let for_servers =
        request.backlog.is_some() || request.reuse_address.is_some() || request.reuse_port.is_some();
    match (&request.server, rest) {
        (Some(_), _) if request.my_port.is_some_and(|port| port != 0) => {
            Err(error!("option -myport is not valid for servers"))
        }
        (Some(_), [port]) => listen(machine, request, port),
        (None, [_, ..]) if for_servers => {
            Err(error!("options -backlog, -reuseaddr, and -reuseport are only valid for servers"))
        }
        (None, [host, port]) => connect(machine, request, host, port),
        _ => Err(machine.wrong_args(&args, 1, USAGE)),
    }
}

/// A port: a number or the name of a service.
fn port_number(machine: &mut Machine, port: &Value) -> Result<i64, Exception> {
    let mode = machine.mode();
    match port.to_i64(mode) {
        Some(number) => Ok(number),
        None => match service_port(&port.text()) {
            Some(number) => Ok(i64::from(number)),
            None => integer(port, mode),
        },
    }
}

fn client_port(machine: &mut Machine, port: &Value) -> Result<u16, Exception> {
    let number = port_number(machine, port)?;
    if number < 0 {
        // The reference leaves it to the resolver to refuse this.
        return Err(error!("couldn't open socket: Servname not supported for ai_socktype"));
    }
    u16::try_from(number).map_err(|_| error!("couldn't open socket: port number too high"))
}

fn failure(error: &crate::host::resolve::ResolveError) -> Exception {
    host_error(error.after(FAILED))
}

fn listen(machine: &mut Machine, request: Request, port: &Value) -> Outcome {
    let invalid = "couldn't open socket: invalid port number";
    let number = match port_number(machine, port) {
        Ok(number) => number,
        Err(_) => return Err(error!(invalid; "TCL", "VALUE", "NUMBER")),
    };
    let Ok(port) = u16::try_from(number) else { return Err(error!(invalid)) };
    let name = HostName { host: request.my_address.map(|name| name.to_text()), port, purpose: Purpose::Bind };
    let addresses = resolve(&name).map_err(|error| failure(&error))?;
    let options = ListenOptions {
        backlog: request
            .backlog
            .map_or(BACKLOG, |count| i32::try_from(count.clamp(0, 1 << 20)).unwrap_or(BACKLOG)),
        reuse_address: request.reuse_address.unwrap_or(true),
        reuse_port: request.reuse_port.unwrap_or(false),
    };
    let interp = machine.current();
    let reactor = reactor_for_new(machine);
    let command = request.server.unwrap_or_default();
    match reactor.listen(&addresses, &options, command, interp) {
        Ok(id) => {
            reactor.register(interp, id);
            Ok(Step::Done(name_of(reactor, id)))
        }
        Err(errno) => Err(host_error(HostError::posix(&[FAILED], errno))),
    }
}

fn name_of(reactor: &crate::event::reactor::Reactor, id: ChannelId) -> Value {
    reactor.channels.get(id).map(|channel| channel.name.clone()).unwrap_or_default()
}

fn connect(machine: &mut Machine, request: Request, host: &Value, port: &Value) -> Outcome {
    let port = client_port(machine, port)?;
    let local_port = request.my_port;
    let locals: Option<Vec<SocketAddr>> = if request.my_address.is_some() || local_port.is_some() {
        let host = request.my_address.as_ref().map(Value::to_text);
        let name = HostName { host, port: local_port.unwrap_or(0), purpose: Purpose::Bind };
        Some(resolve(&name).map_err(|error| failure(&error))?)
    } else {
        None
    };
    let host = host.to_text();
    let host = if host.is_empty() { None } else { Some(host) };
    let name = HostName { host, port, purpose: Purpose::Connect };
    let interp = machine.current();
    if request.is_async {
        let known = resolve_numeric(&name);
        let reactor = reactor_for_new(machine);
        let id = reactor.add_connection(known.as_deref().unwrap_or_default(), locals.as_deref());
        reactor.register(interp, id);
        match known {
            Some(_) => {
                reactor.try_next_address(id);
                let socket = reactor.channels.get_mut(id).and_then(Channel::socket);
                if let Some(errno) =
                    socket.filter(|socket| socket.never_connected).and_then(|socket| socket.connect_error)
                {
                    // No attempt could even begin.
                    reactor.unregister(interp, id);
                    reactor.discard(id);
                    return Err(host_error(HostError::posix(&[FAILED], errno)));
                }
            }
            None => {
                reactor.remember_locals(id, locals.as_deref());
                if let Err(errno) = reactor.look_up(id, name) {
                    reactor.discard(id);
                    return Err(host_error(HostError::posix(&[FAILED], errno)));
                }
            }
        }
        return Ok(Step::Done(name_of(reactor, id)));
    }
    let remotes = resolve(&name).map_err(|error| failure(&error))?;
    let reactor = reactor_for_new(machine);
    let id = reactor.add_connection(&remotes, locals.as_deref());
    reactor.try_next_address(id);
    Ok(Step::block(Wait::Connected(id), move |machine, outcome| {
        let reactor = crate::event::reactor::reactor(machine);
        if let Err(exception) = outcome {
            reactor.discard(id);
            return Err(exception);
        }
        let failed =
            reactor.channels.get_mut(id).and_then(Channel::socket).and_then(|socket| socket.connect_error);
        if let Some(errno) = failed {
            reactor.discard(id);
            return Err(host_error(HostError::posix(&[FAILED], errno)));
        }
        reactor.register(interp, id);
        Ok(Step::Done(name_of(reactor, id)))
    }))
}
