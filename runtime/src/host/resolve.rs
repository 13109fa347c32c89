//! Names of hosts and services.
//!
//! The system's resolver blocks, so a thread does it for whoever must not:
//! [`request`] answers at once for numeric addresses and else calls back from
//! a thread.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Condvar, Mutex, PoisonError};

use super::errno::{Errno, HostError};
use super::native::{from_native, to_native};
use super::sys::{self, AddressRequest};

/// How many look-ups run at the same time.
const THREADS_MAX: usize = 8;

/// A name that could not be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveError {
    /// The resolver's words (`Name or service not known`).
    pub message: String,
    /// What the system said, if it was the system.
    pub errno: Option<Errno>,
}

impl ResolveError {
    /// The error of a command that says `words: ` before it.
    pub fn after(&self, words: &[u8]) -> HostError {
        match self.errno {
            Some(errno) => HostError::posix(&[words], errno),
            None => HostError::other(&[words, b": ", self.message.as_bytes()], &[]),
        }
    }
}

/// What a look-up is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To connect to the address.
    Connect,
    /// To bind a local end or a listener to it; no host is every address.
    Bind,
}

/// A host to look up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName {
    /// Its name or address; None for this machine.
    pub host: Option<Vec<u8>>,
    /// The port that the addresses get.
    pub port: u16,
    /// What for.
    pub purpose: Purpose,
}

impl HostName {
    /// Every address of this machine, to be bound to `port`.
    pub fn any(port: u16) -> HostName {
        HostName { host: None, port, purpose: Purpose::Bind }
    }
}

fn look_up(name: &HostName, numeric: bool) -> Result<Vec<SocketAddr>, ResolveError> {
    let unknown = || ResolveError { message: "Name or service not known".to_owned(), errno: None };
    let host = name.host.as_deref().map(to_native).transpose().map_err(|_| unknown())?;
    let request = AddressRequest { host: host.as_deref(), passive: name.purpose == Purpose::Bind, numeric };
    let mut addresses =
        sys::addresses(request).map_err(|(message, errno)| ResolveError { message, errno })?;
    for address in &mut addresses {
        address.set_port(name.port);
    }
    if name.purpose == Purpose::Bind {
        // As in the reference, so that both kinds can get the same free port.
        addresses.sort_by_key(SocketAddr::is_ipv6);
    }
    Ok(addresses)
}

/// Looks a host up and blocks the thread for that time. The addresses come in
/// the order in which they should be tried; for binding, IPv4 comes first.
///
/// # Errors
/// The resolver's words.
pub fn resolve(name: &HostName) -> Result<Vec<SocketAddr>, ResolveError> {
    look_up(name, false)
}

/// The addresses of a host that needs no look-up: a numeric one, or none; None
/// for any other.
pub fn resolve_numeric(name: &HostName) -> Option<Vec<SocketAddr>> {
    let host = name.host.as_deref().and_then(|host| std::str::from_utf8(host).ok());
    if let Some(address) = host.and_then(|host| host.parse::<IpAddr>().ok()) {
        return Some(vec![SocketAddr::new(address, name.port)]);
    }
    look_up(name, true).ok()
}

/// What [`request`] calls with the answer, on a thread of its own.
pub type Answer = Box<dyn FnOnce(Result<Vec<SocketAddr>, ResolveError>) + Send>;

struct Queue {
    waiting: VecDeque<(HostName, Answer)>,
    threads: usize,
    idle: usize,
}

static QUEUE: Mutex<Queue> = Mutex::new(Queue { waiting: VecDeque::new(), threads: 0, idle: 0 });
static ARRIVAL: Condvar = Condvar::new();

/// Looks a host up without blocking this thread.
///
/// # Errors
/// When the system gives no thread for it; `answer` is then dropped.
///
/// # Side effects
/// Starts up to [`THREADS_MAX`] threads, which stay.
pub fn request(name: HostName, answer: Answer) -> Result<(), Errno> {
    let mut queue = QUEUE.lock().unwrap_or_else(PoisonError::into_inner);
    let needs_thread = queue.idle <= queue.waiting.len() && queue.threads < THREADS_MAX;
    if needs_thread {
        match std::thread::Builder::new().name("resolver".to_owned()).spawn(serve) {
            Ok(_) => queue.threads += 1,
            Err(error) if queue.threads == 0 => return Err(error.into()),
            Err(_) => {}
        }
    }
    queue.waiting.push_back((name, answer));
    ARRIVAL.notify_one();
    Ok(())
}

fn serve() {
    loop {
        let (name, answer) = {
            let mut queue = QUEUE.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                if let Some(next) = queue.waiting.pop_front() {
                    break next;
                }
                queue.idle += 1;
                queue = ARRIVAL.wait(queue).unwrap_or_else(PoisonError::into_inner);
                queue.idle -= 1;
            }
        };
        answer(resolve(&name));
    }
}

/// The TCP port of the service `name`; None for an unknown one, and for
/// numbers, which the caller reads by Tcl's rules.
pub fn service_port(name: &[u8]) -> Option<u16> {
    if !name.iter().any(u8::is_ascii_alphabetic)
        || name.first().is_none_or(|byte| !byte.is_ascii_alphanumeric())
    {
        return None;
    }
    sys::service_port(&to_native(name).ok()?)
}

/// The name of the host at `address`, or the address as text where it has
/// none or is every address. Blocks the thread while it asks.
pub fn host_name(address: &SocketAddr) -> Vec<u8> {
    let numeric = || address_text(address).into_bytes();
    if address.ip().is_unspecified() {
        return numeric();
    }
    sys::host_name(address).map_or_else(numeric, |name| from_native(&name))
}

/// The address as text, without the port; with the interface if it has one.
pub fn address_text(address: &SocketAddr) -> String {
    match address {
        SocketAddr::V6(address) if address.scope_id() != 0 => {
            format!("{}%{}", address.ip(), address.scope_id())
        }
        address => address.ip().to_string(),
    }
}

/// The name of this machine, for `info hostname`.
pub fn machine_name() -> Vec<u8> {
    from_native(rustix::system::uname().nodename().to_bytes())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn name(host: &str, purpose: Purpose) -> HostName {
        HostName { host: Some(host.as_bytes().to_vec()), port: 80, purpose }
    }

    fn texts(addresses: Vec<SocketAddr>) -> String {
        addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numeric_names() {
        for (host, expected) in [
            ("127.0.0.1", "127.0.0.1:80"),
            ("127.1", "127.0.0.1:80"),
            ("::1", "[::1]:80"),
            ("0", "0.0.0.0:80"),
            ("256.1.1.1", ""),
            ("1.2.3.4.5", ""),
            ("::gg", ""),
            ("localhost", ""),
        ] {
            let found = resolve_numeric(&name(host, Purpose::Connect)).map(texts);
            assert_eq!(found.unwrap_or_default(), expected, "{host}");
        }
        assert_eq!(texts(resolve(&HostName::any(7)).unwrap()), "0.0.0.0:7 [::]:7");
    }

    #[test]
    fn names_that_are_none() {
        for host in ["", "a\0b"] {
            let error = resolve(&name(host, Purpose::Connect)).unwrap_err();
            assert_eq!(error.message, "Name or service not known", "{host}");
            let error = error.after(b"couldn't open socket");
            assert_eq!(error.message(), b"couldn't open socket: Name or service not known");
            assert_eq!(error.code(), vec![b"NONE".to_vec()]);
        }
    }

    #[test]
    fn threads_answer() {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..20 {
            let sender = sender.clone();
            let answer =
                Box::new(move |found: Result<Vec<SocketAddr>, ResolveError>| sender.send(found).unwrap());
            request(name("127.0.0.1", Purpose::Bind), answer).unwrap();
        }
        for _ in 0..20 {
            assert_eq!(texts(receiver.recv().unwrap().unwrap()), "127.0.0.1:80");
        }
    }

    #[test]
    fn services_and_hosts() {
        for service in ["80", "-1", " 80", "", "no-such-service", "a\0b"] {
            assert_eq!(service_port(service.as_bytes()), None, "{service}");
        }
        assert!(matches!(service_port(b"http"), Some(80) | None));
        assert_eq!(host_name(&"0.0.0.0:5".parse().unwrap()), b"0.0.0.0");
        assert_eq!(host_name(&"[::]:5".parse().unwrap()), b"::");
        assert_eq!(address_text(&"[fe80::1]:5".parse().unwrap()), "fe80::1");
        assert!(!machine_name().is_empty());
    }
}
