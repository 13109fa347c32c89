//! An echo server on a bare driver: what the runtime can reach at best.
//!
//! `driver_echo DRIVER MODE PORT ?SECONDS?`, where DRIVER is `uring` or `epoll`. Mode `echo` sends back what
//! comes; `copy` does the same with bounded receives, one at a time, as a copy command would.
//! Both are modes of the same names of `iobench.py`. With SECONDS it ends after that time, so that
//! a profiler gets to write its results.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;

use tclring_runtime::driver::{
    AddressFamily, Descriptor, Done, Driver, Errno, Lent, Op, Outcome, Outgoing, SocketAddr, SocketOption,
    Token, choose,
};

/// Above this many unsent bytes a connection stops receiving; below a quarter it goes on.
const UNSENT_BYTES_MAX: usize = 256 * 1024;
/// The size of a bounded receive.
const COPY_BYTES: usize = 256 * 1024;

/// What an operation was for: the tag is twice the descriptor, plus one for sends.
fn tag(socket: Descriptor, is_send: bool) -> u64 {
    (socket.number() as u64) << 1 | u64::from(is_send)
}

#[derive(Default)]
struct Connection {
    receive: Option<Token>,
    /// Whether the receive was cancelled for having too much to send.
    is_full: bool,
    is_ended: bool,
    is_sending: bool,
    unsent: VecDeque<Lent>,
    unsent_bytes: usize,
}

struct Server {
    driver: Box<dyn Driver>,
    is_copy: bool,
    listener: Descriptor,
    connections: Vec<Connection>,
}

impl Server {
    fn accepted(&mut self, socket: Descriptor) {
        let index = socket.number() as usize;
        if index >= self.connections.len() {
            self.connections.resize_with(index + 1, Connection::default);
        }
        self.connections[index] = Connection::default();
        // Without it the server still works.
        let _ = self.driver.net().set_option(socket, SocketOption::NoDelay, true);
        self.receive(socket);
    }

    fn receive(&mut self, socket: Descriptor) {
        let op = match self.is_copy {
            true => Op::ReceiveOnce { socket, bytes_max: COPY_BYTES },
            false => Op::Receive { socket },
        };
        let token = self.driver.submit(op, tag(socket, false));
        self.connections[socket.number() as usize].receive = Some(token);
    }

    fn received(&mut self, socket: Descriptor, lent: Lent) {
        let connection = &mut self.connections[socket.number() as usize];
        connection.unsent_bytes += lent.len();
        if connection.unsent_bytes > UNSENT_BYTES_MAX && !connection.is_full && !self.is_copy {
            connection.is_full = true;
            if let Some(token) = connection.receive {
                self.driver.cancel(token);
            }
        }
        connection.unsent.push_back(lent);
        self.send(socket);
    }

    fn send(&mut self, socket: Descriptor) {
        let connection = &mut self.connections[socket.number() as usize];
        if connection.is_sending {
            return;
        }
        if let Some(lent) = connection.unsent.pop_front() {
            connection.is_sending = true;
            let op = Op::Send { socket, bytes: Outgoing::Lent(lent), start: 0 };
            self.driver.submit(op, tag(socket, true));
        } else if connection.is_ended {
            self.driver.submit(Op::Close { descriptor: socket }, tag(socket, true));
        }
    }

    fn sent(&mut self, socket: Descriptor, count: usize) {
        let connection = &mut self.connections[socket.number() as usize];
        connection.is_sending = false;
        connection.unsent_bytes -= count;
        let is_drained = connection.unsent_bytes <= UNSENT_BYTES_MAX / 4;
        if connection.receive.is_none() && !connection.is_ended && is_drained {
            connection.is_full = false;
            self.receive(socket);
        }
        self.send(socket);
    }

    fn complete(&mut self, done: Done) {
        let socket = Descriptor::new((done.tag >> 1) as i32);
        match done.outcome {
            Outcome::Accepted(socket) => self.accepted(socket),
            Outcome::Received(lent) => {
                if !done.more {
                    self.connections[socket.number() as usize].receive = None;
                }
                self.received(socket, lent);
            }
            Outcome::Sent(bytes) => self.sent(socket, bytes.len()),
            Outcome::Failed(Errno::MFILE | Errno::NFILE) if socket == self.listener => {
                self.driver.submit(Op::Accept { listener: self.listener }, tag(self.listener, false));
            }
            Outcome::Cancelled if self.connections[socket.number() as usize].is_full => {
                let connection = &mut self.connections[socket.number() as usize];
                connection.receive = None;
                if !connection.is_sending && connection.unsent.is_empty() {
                    connection.is_full = false;
                    self.receive(socket);
                }
            }
            Outcome::EndOfStream | Outcome::Failed(_) | Outcome::Cancelled => {
                self.connections[socket.number() as usize].is_ended = true;
                self.connections[socket.number() as usize].receive = None;
                self.send(socket);
            }
            Outcome::Unsent { .. } => {
                let connection = &mut self.connections[socket.number() as usize];
                connection.is_ended = true;
                connection.is_sending = false;
                connection.unsent.clear();
                self.send(socket);
            }
            _ => {}
        }
    }
}

fn serve(
    driver: &str,
    is_copy: bool,
    port: u16,
    seconds: Option<u64>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut driver = choose(Some(driver))?;
    let net = driver.net();
    let listener = net.socket(AddressFamily::V4)?;
    net.set_option(listener, SocketOption::ReuseAddress, true)?;
    net.bind(listener, &SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))?;
    net.listen(listener, 4096)?;
    driver.submit(Op::Accept { listener }, tag(listener, false));
    let mut server = Server { driver, is_copy, listener, connections: Vec::new() };
    let deadline_ns = seconds.map(|seconds| server.driver.now() + seconds * 1_000_000_000);
    let mut done = Vec::new();
    while deadline_ns.is_none_or(|deadline_ns| server.driver.now() < deadline_ns) {
        server.driver.wait(deadline_ns, &mut done)?;
        for done in done.drain(..) {
            server.complete(done);
        }
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "a program without other output")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    let result = match args.as_slice() {
        [_, driver, mode, port, seconds @ ..] if seconds.len() <= 1 && (mode == "echo" || mode == "copy") => {
            let seconds = seconds.first().and_then(|seconds| seconds.parse().ok());
            match port.parse() {
                Ok(port) => serve(driver, mode == "copy", port, seconds).map_err(|error| error.to_string()),
                Err(_) => Err("the port must be a number".to_owned()),
            }
        }
        [_, _, mode, _] => Err(format!("no mode {mode}")),
        _ => Err("usage: driver_echo DRIVER MODE PORT ?SECONDS?".to_owned()),
    };
    if let Err(message) = result {
        eprintln!("{message}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
