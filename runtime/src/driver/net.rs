//! Sockets outside of operations: making, naming, options, and calls that never wait.

use std::net::SocketAddr;

use rustix::net::{
    self, AddressFamily as Domain, RecvFlags, SendFlags, Shutdown, SocketFlags, SocketType, sockopt,
};

use super::uring::{give_away, lend};
use super::{Descriptor, Errno};

/// The family of a socket's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressFamily {
    /// IP version 4.
    V4,
    /// IP version 6.
    V6,
}

impl AddressFamily {
    /// The family to which an address belongs.
    #[must_use]
    pub fn of(address: &SocketAddr) -> Self {
        match address {
            SocketAddr::V4(_) => Self::V4,
            SocketAddr::V6(_) => Self::V6,
        }
    }
}

/// A yes-or-no option of a stream socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketOption {
    /// Send small segments at once (`TCP_NODELAY`).
    NoDelay,
    /// Probe an idle connection (`SO_KEEPALIVE`).
    KeepAlive,
    /// Bind an address that old connections still use (`SO_REUSEADDR`).
    ReuseAddress,
    /// Share a port with other listeners of the same user (`SO_REUSEPORT`).
    ReusePort,
    /// Keep an IPv6 listener from taking IPv4 connections (`IPV6_V6ONLY`).
    V6Only,
}

/// What a driver offers on sockets beside operations. No call waits.
///
/// All errors are those of the system call of the same name.
#[expect(clippy::missing_errors_doc, reason = "the sentence above holds for every method")]
pub trait Net {
    /// Makes a TCP socket that child processes do not inherit; the caller closes it.
    fn socket(&mut self, family: AddressFamily) -> Result<Descriptor, Errno>;

    /// Gives a socket its local address; port 0 asks for any free one.
    fn bind(&mut self, socket: Descriptor, address: &SocketAddr) -> Result<(), Errno>;

    /// Makes a bound socket a listener. The system limits the backlog.
    fn listen(&mut self, socket: Descriptor, backlog: i32) -> Result<(), Errno>;

    /// The socket's own address.
    fn local_address(&mut self, socket: Descriptor) -> Result<SocketAddr, Errno>;

    /// The address of the other end.
    fn peer_address(&mut self, socket: Descriptor) -> Result<SocketAddr, Errno>;

    /// Reads an option.
    fn option(&mut self, socket: Descriptor, option: SocketOption) -> Result<bool, Errno>;

    /// Sets an option.
    fn set_option(&mut self, socket: Descriptor, option: SocketOption, on: bool) -> Result<(), Errno>;

    /// Fetches and clears the socket's pending error (`SO_ERROR`).
    fn take_error(&mut self, socket: Descriptor) -> Result<Option<Errno>, Errno>;

    /// Receives what is there: `EAGAIN` if nothing is, 0 at the end of the stream. Only while no
    /// receive is in flight on the socket: it would overtake that one.
    fn receive_now(&mut self, socket: Descriptor, buffer: &mut [u8]) -> Result<usize, Errno>;

    /// Sends what the kernel takes at once, perhaps less than all: `EAGAIN` if that is nothing.
    /// Only while no send is in flight on the socket.
    fn send_now(&mut self, socket: Descriptor, bytes: &[u8]) -> Result<usize, Errno>;

    /// Ends the outgoing half at once.
    fn shutdown_now(&mut self, socket: Descriptor) -> Result<(), Errno>;
}

/// Sockets of the operating system, for the drivers that use it.
pub(super) struct HostNet {
    /// Whether new sockets are non-blocking: epoll needs that; requests of a ring must not have it
    /// on older kernels, where they would answer `EAGAIN` instead of waiting.
    pub(super) nonblocking: bool,
    /// Sockets made since the driver last looked; only epoll asks.
    pub(super) made: Vec<Descriptor>,
}

impl HostNet {
    pub(super) fn new(nonblocking: bool) -> Self {
        Self { nonblocking, made: Vec::new() }
    }

    /// The flags of new sockets.
    pub(super) fn flags(&self) -> SocketFlags {
        let mode = if self.nonblocking { SocketFlags::NONBLOCK } else { SocketFlags::empty() };
        SocketFlags::CLOEXEC | mode
    }
}

impl Net for HostNet {
    fn socket(&mut self, family: AddressFamily) -> Result<Descriptor, Errno> {
        let domain = match family {
            AddressFamily::V4 => Domain::INET,
            AddressFamily::V6 => Domain::INET6,
        };
        let socket = net::socket_with(domain, SocketType::STREAM, self.flags(), None)?;
        let socket = give_away(socket);
        if self.nonblocking {
            self.made.push(socket);
        }
        Ok(socket)
    }

    fn bind(&mut self, socket: Descriptor, address: &SocketAddr) -> Result<(), Errno> {
        net::bind(lend(socket)?, address)
    }

    fn listen(&mut self, socket: Descriptor, backlog: i32) -> Result<(), Errno> {
        net::listen(lend(socket)?, backlog)
    }

    fn local_address(&mut self, socket: Descriptor) -> Result<SocketAddr, Errno> {
        net::getsockname(lend(socket)?)?.try_into()
    }

    fn peer_address(&mut self, socket: Descriptor) -> Result<SocketAddr, Errno> {
        net::getpeername(lend(socket)?)?.ok_or(Errno::NOTCONN)?.try_into()
    }

    fn option(&mut self, socket: Descriptor, option: SocketOption) -> Result<bool, Errno> {
        let socket = lend(socket)?;
        match option {
            SocketOption::NoDelay => sockopt::tcp_nodelay(socket),
            SocketOption::KeepAlive => sockopt::socket_keepalive(socket),
            SocketOption::ReuseAddress => sockopt::socket_reuseaddr(socket),
            SocketOption::ReusePort => sockopt::socket_reuseport(socket),
            SocketOption::V6Only => sockopt::ipv6_v6only(socket),
        }
    }

    fn set_option(&mut self, socket: Descriptor, option: SocketOption, on: bool) -> Result<(), Errno> {
        let socket = lend(socket)?;
        match option {
            SocketOption::NoDelay => sockopt::set_tcp_nodelay(socket, on),
            SocketOption::KeepAlive => sockopt::set_socket_keepalive(socket, on),
            SocketOption::ReuseAddress => sockopt::set_socket_reuseaddr(socket, on),
            SocketOption::ReusePort => sockopt::set_socket_reuseport(socket, on),
            SocketOption::V6Only => sockopt::set_ipv6_v6only(socket, on),
        }
    }

    fn take_error(&mut self, socket: Descriptor) -> Result<Option<Errno>, Errno> {
        Ok(sockopt::socket_error(lend(socket)?)?.err())
    }

    fn receive_now(&mut self, socket: Descriptor, buffer: &mut [u8]) -> Result<usize, Errno> {
        net::recv(lend(socket)?, buffer, RecvFlags::DONTWAIT).map(|(count, _)| count)
    }

    fn send_now(&mut self, socket: Descriptor, bytes: &[u8]) -> Result<usize, Errno> {
        net::send(lend(socket)?, bytes, SendFlags::DONTWAIT | SendFlags::NOSIGNAL)
    }

    fn shutdown_now(&mut self, socket: Descriptor) -> Result<(), Errno> {
        net::shutdown(lend(socket)?, Shutdown::Write)
    }
}

/// Whether a failed accept says nothing about the next one: the connection was gone already, or
/// its network failed before it was taken (accept(2) lists these).
pub(super) fn is_transient(error: Errno) -> bool {
    matches!(
        error,
        Errno::AGAIN
            | Errno::INTR
            | Errno::CONNABORTED
            | Errno::PROTO
            | Errno::NOPROTOOPT
            | Errno::NETDOWN
            | Errno::NETUNREACH
            | Errno::HOSTDOWN
            | Errno::HOSTUNREACH
            | Errno::NONET
            | Errno::TIMEDOUT
    )
}
