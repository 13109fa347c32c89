//! Connections: attempts to make one, and those that come in.

use std::collections::VecDeque;
use std::net::SocketAddr;

use tclring_vm::interp::InterpId;
use tclring_vm::value::Value;

use super::channel::{Channel, ChannelId, Kind, READ, WRITE, utf8};
use super::listener::{Listener, ListeningSocket};
use super::socket::{Connecting, Receive, Socket};
use super::translate::LineEnd;
use crate::driver::{AddressFamily, Descriptor, Done, Op, Outcome, SocketOption};
use crate::event::handler::Handler;
use crate::event::pump::Call;
use crate::event::reactor::{Reactor, Role, tag};
use crate::host::errno::Errno;
use crate::host::resolve::{ResolveError, address_text};

/// How many connections the system may keep until they are accepted: it takes its own limit.
pub const BACKLOG: i32 = 4096;

/// What a listener is made with.
pub struct ListenOptions {
    /// The backlog.
    pub backlog: i32,
    /// Whether old connections may still use the address.
    pub reuse_address: bool,
    /// Whether other listeners may share the port.
    pub reuse_port: bool,
}

impl Reactor {
    /// A channel for a connection, named but not registered.
    pub fn add_socket(&mut self, socket: Socket) -> ChannelId {
        let name = self.socket_name();
        let mut channel =
            Channel::new(name, Kind::Socket(Box::new(socket)), true, true, self.encoding.clone());
        channel.output_ends = LineEnd::CrLf;
        self.add_channel(channel)
    }

    /// A channel that is being connected: to one of `remotes` in turn, from one of `locals`.
    pub fn add_connection(&mut self, remotes: &[SocketAddr], locals: Option<&[SocketAddr]>) -> ChannelId {
        let mut socket = Socket::connected(Descriptor::new(-1));
        socket.descriptor = None;
        socket.connecting = Some(Box::new(Connecting {
            left: pairs(remotes, locals),
            token: None,
            error: Errno::CONNREFUSED,
        }));
        self.add_socket(socket)
    }

    /// Keeps the local addresses of a connection whose remote ones are being looked up.
    pub fn remember_locals(&mut self, id: ChannelId, locals: Option<&[SocketAddr]>) {
        let Some(socket) = self.channels.get_mut(id).and_then(Channel::socket) else { return };
        if let (Some(connecting), Some(locals)) = (&mut socket.connecting, locals) {
            connecting.left = locals.iter().map(|local| (*local, Some(*local))).collect();
        }
    }

    /// Tries the next address of a connection, or ends the attempt.
    pub fn try_next_address(&mut self, id: ChannelId) {
        loop {
            let Some(socket) = self.channels.get_mut(id).and_then(Channel::socket) else { return };
            let Some(connecting) = &mut socket.connecting else { return };
            connecting.token = None;
            let Some((remote, local)) = connecting.left.pop_front() else {
                let error = connecting.error;
                socket.connecting = None;
                socket.connect_error = Some(error);
                socket.never_connected = true;
                self.connection_settled(id);
                return;
            };
            match self.start_connecting(id, remote, local) {
                Ok(()) => return,
                Err(error) => {
                    if let Some(socket) = self.channels.get_mut(id).and_then(Channel::socket)
                        && let Some(connecting) = &mut socket.connecting
                    {
                        connecting.error = Errno::from(error);
                    }
                }
            }
        }
    }

    fn start_connecting(
        &mut self,
        id: ChannelId,
        remote: SocketAddr,
        local: Option<SocketAddr>,
    ) -> Result<(), crate::driver::Errno> {
        let Reactor { channels, driver, .. } = self;
        let Some(socket) = channels.get_mut(id).and_then(Channel::socket) else { return Ok(()) };
        if let Some(old) = socket.descriptor.take() {
            // The failed attempt has ended, so nothing is in flight on it.
            let _ = driver.close_now(old);
        }
        let descriptor = driver.net().socket(AddressFamily::of(&remote))?;
        socket.descriptor = Some(descriptor);
        driver.net().set_option(descriptor, SocketOption::NoDelay, true)?;
        if let Some(local) = local {
            driver.net().set_option(descriptor, SocketOption::ReuseAddress, true)?;
            driver.net().bind(descriptor, &local)?;
        }
        let token =
            driver.submit(Op::Connect { socket: descriptor, address: remote }, tag(id, Role::Connect));
        if let Some(connecting) = &mut socket.connecting {
            connecting.token = Some(token);
        }
        Ok(())
    }

    /// A connection attempt to one address has ended.
    pub fn connect_done(&mut self, id: ChannelId, done: Done) {
        let Some(socket) = self.channels.get_mut(id).and_then(Channel::socket) else { return };
        let Some(connecting) = &mut socket.connecting else { return };
        match done.outcome {
            Outcome::Connected => {
                socket.connecting = None;
                self.connection_settled(id);
            }
            Outcome::Failed(error) => {
                connecting.error = Errno::from(error);
                self.try_next_address(id);
            }
            _ => {}
        }
    }

    /// The addresses of a connection's peer are known.
    pub fn resolved(&mut self, id: ChannelId, answer: Result<Vec<SocketAddr>, ResolveError>) {
        let Some(socket) = self.channels.get_mut(id).and_then(Channel::socket) else { return };
        let Some(connecting) = &mut socket.connecting else { return };
        match answer {
            Ok(remotes) => {
                let locals: Vec<SocketAddr> =
                    connecting.left.iter().filter_map(|(_, local)| *local).collect();
                let locals = if locals.is_empty() { None } else { Some(&locals[..]) };
                connecting.left = pairs(&remotes, locals);
                self.try_next_address(id);
            }
            Err(failure) => {
                socket.connecting = None;
                socket.never_connected = true;
                socket.connect_error = Some(failure.errno.unwrap_or(Errno::HOSTUNREACH));
                socket.connect_words = Some(failure.message);
                self.connection_settled(id);
            }
        }
    }

    /// A connection attempt has ended, well or badly: what waited for that goes on.
    fn connection_settled(&mut self, id: ChannelId) {
        let Some(channel) = self.channels.get_mut(id) else { return };
        let failed = channel.socket().is_some_and(|socket| socket.never_connected);
        let interest = channel.interest();
        let ready = if failed { interest } else { interest & WRITE };
        if !failed && !channel.output.buffer.is_empty() {
            self.mark_dirty(id);
        }
        if ready != 0 {
            self.enqueue(id, ready);
        }
        if interest & READ != 0 {
            self.note_change(id);
        }
        self.finish_closing(id);
    }

    /// Whether a connection attempt has ended.
    pub fn is_connected_or_failed(&mut self, id: ChannelId) -> bool {
        match self.channels.get_mut(id).and_then(Channel::socket) {
            Some(socket) => socket.connecting.is_none(),
            None => true,
        }
    }

    /// Makes a listener on all `addresses`. With port 0 all get the port that the first was given.
    ///
    /// # Errors
    /// That of the last address, if none could be had.
    pub fn listen(
        &mut self,
        addresses: &[SocketAddr],
        options: &ListenOptions,
        command: Value,
        interp: InterpId,
    ) -> Result<ChannelId, Errno> {
        let mut sockets: Vec<ListeningSocket> = Vec::new();
        let mut failure = Errno::INVAL;
        let mut port = None;
        for address in addresses {
            let mut address = *address;
            if let (0, Some(port)) = (address.port(), port) {
                address.set_port(port);
            }
            match self.listen_at(&address, options) {
                Ok(descriptor) => {
                    if port.is_none() {
                        port = self.driver.net().local_address(descriptor).ok().map(|local| local.port());
                    }
                    sockets.push(ListeningSocket { descriptor, accept: None });
                }
                Err(error) => failure = Errno::from(error),
            }
        }
        if sockets.is_empty() {
            return Err(failure);
        }
        let name = self.socket_name();
        let listener = Listener { sockets, command, interp };
        let channel = Channel::new(name, Kind::Listener(Box::new(listener)), false, false, utf8());
        let id = self.channels.insert(channel);
        self.note_change(id);
        Ok(id)
    }

    fn listen_at(
        &mut self,
        address: &SocketAddr,
        options: &ListenOptions,
    ) -> Result<Descriptor, crate::driver::Errno> {
        let net = self.driver.net();
        let descriptor = net.socket(AddressFamily::of(address))?;
        let prepared = prepare(net, descriptor, address, options);
        if let Err(error) = prepared {
            // It was just made: nothing is in flight on it.
            let _ = self.driver.close_now(descriptor);
            return Err(error);
        }
        Ok(descriptor)
    }

    /// The handler of a connection that came in; none if the listener or the peer is gone.
    pub fn accepted(&mut self, listener: ChannelId, descriptor: Descriptor) -> Option<Handler> {
        let found = self.channels.get_mut(listener).and_then(Channel::listener);
        let (command, interp) = match found {
            Some(listener) => (listener.command.clone(), listener.interp),
            None => {
                // Nobody is there to take it.
                let _ = self.driver.close_now(descriptor);
                return None;
            }
        };
        let Ok(peer) = self.driver.net().peer_address(descriptor) else {
            // The peer has given up already.
            let _ = self.driver.close_now(descriptor);
            return None;
        };
        let id = self.add_socket(Socket::connected(descriptor));
        self.register(interp, id);
        let name = self.channels.get(id)?.name.clone();
        let mut words = match command.to_list() {
            Ok(list) => list.items().to_vec(),
            Err(_) => vec![command],
        };
        words.push(name);
        words.push(Value::text_value(address_text(&peer).into_bytes()));
        words.push(Value::int(i64::from(peer.port())));
        Some(Handler::Once { call: Some(Box::new(Call::words(interp, words))), interp })
    }
}

fn prepare(
    net: &mut dyn crate::driver::Net,
    descriptor: Descriptor,
    address: &SocketAddr,
    options: &ListenOptions,
) -> Result<(), crate::driver::Errno> {
    // Connections inherit it: with sends put together there is nothing left to wait for.
    net.set_option(descriptor, SocketOption::NoDelay, true)?;
    net.set_option(descriptor, SocketOption::ReuseAddress, options.reuse_address)?;
    if options.reuse_port {
        net.set_option(descriptor, SocketOption::ReusePort, true)?;
    }
    if address.is_ipv6() {
        net.set_option(descriptor, SocketOption::V6Only, true)?;
    }
    net.bind(descriptor, address)?;
    net.listen(descriptor, options.backlog)
}

/// Pairs of remote and local addresses of the same family, remote ones in their order.
fn pairs(
    remotes: &[SocketAddr],
    locals: Option<&[SocketAddr]>,
) -> VecDeque<(SocketAddr, Option<SocketAddr>)> {
    let mut pairs = VecDeque::new();
    for remote in remotes {
        match locals {
            None => pairs.push_back((*remote, None)),
            Some(locals) => {
                let fitting = locals.iter().filter(|local| local.is_ipv4() == remote.is_ipv4());
                pairs.extend(fitting.map(|local| (*remote, Some(*local))));
            }
        }
    }
    pairs
}

impl Socket {
    /// Whether a script may read or write: nothing is pending and nothing has failed.
    pub fn is_usable(&self) -> bool {
        self.connecting.is_none() && !self.never_connected && self.receive != Receive::Ended
    }
}
