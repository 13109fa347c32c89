//! One contract, all drivers: the checks below run unchanged on each of them.
//!
//! They use the loopback and port 0 on the real drivers, and nothing of the machine on the
//! simulation. A new driver is one line in `drivers`.

#[path = "driver_contract/storm.rs"]
mod storm;
#[path = "driver_contract/world.rs"]
mod world;

use std::os::fd::{AsRawFd, OwnedFd};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::event::EventfdFlags;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tclring_runtime::driver::{
    Descriptor, Driver, Epoll, Errno, Op, Outcome, Outgoing, Sim, SimOptions, SocketAddr, SocketOption,
    Uring, UringSetup,
};
use world::{World, pattern};

/// The checks count and limit the descriptors of the process, so they run one at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

type Make = fn() -> Option<Box<dyn Driver>>;

/// Every driver that works here.
fn drivers() -> [(&'static str, Make); 5] {
    [
        ("uring", || Uring::new().ok().map(|driver| Box::new(driver) as _)),
        ("uring of an older kernel", || {
            let setup = UringSetup { deferred: false, incremental: false };
            Uring::with_setup(setup).ok().map(|driver| Box::new(driver) as _)
        }),
        ("epoll", || Some(Box::new(Epoll::new().expect("every Linux has epoll")))),
        ("sim", || Some(Box::new(Sim::new(SimOptions::calm(1))))),
        ("sim, out of order", || {
            let options = SimOptions { reorder: true, partial: true, ..SimOptions::calm(7) };
            Some(Box::new(Sim::new(options)))
        }),
    ]
}

/// Runs a check on every driver.
fn check(check: fn(&mut World)) {
    check_some(|_| true, check);
}

/// Runs a check on the drivers that use the operating system.
fn check_real(check: fn(&mut World)) {
    check_some(|name| !name.starts_with("sim"), check);
}

fn check_some(is_wanted: fn(&str) -> bool, check: fn(&mut World)) {
    let _alone = alone();
    for (name, make) in drivers().into_iter().filter(|(name, _)| is_wanted(name)) {
        let Some(driver) = make() else { continue };
        eprintln!("on {name}");
        let mut world = World::new(driver);
        check(&mut world);
    }
}

fn open_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").expect("there is a /proc").count()
}

#[test]
fn bytes_arrive_in_order_and_the_end_after_them() {
    check(|world| {
        let (client, server) = world.pair();
        let receive = world.submit(Op::Receive { socket: server });
        let bytes = pattern(1 << 20);
        for piece in bytes.chunks(77_777) {
            world.send_all(client, piece);
        }
        let shutdown = world.submit(Op::Shutdown { socket: client });
        assert!(matches!(world.next(shutdown).outcome, Outcome::ShutDown));
        assert!(world.receive_count(receive, bytes.len()) == bytes);
        let end = world.next(receive);
        assert!(!end.more && matches!(end.outcome, Outcome::EndOfStream), "{end:?}");
        // The other half still works.
        let back = world.submit(Op::Receive { socket: client });
        world.send_all(server, b"and back");
        assert_eq!(world.receive_count(back, 8), b"and back");
        world.close(client);
        assert!(world.has_ended(back), "closing ends what runs on the descriptor first");
        world.close(server);
        assert_eq!(world.in_flight(), 0);
    });
}

#[test]
fn a_send_ends_when_all_is_sent() {
    check(|world| {
        let (client, server) = world.pair();
        let bytes = Rc::new(pattern(16 << 20));
        let send = world.submit(Op::Send {
            socket: client,
            bytes: Outgoing::Shared(Rc::clone(&bytes)),
            start: 1000,
        });
        world.settle();
        assert!(!world.has_ended(send), "nobody receives, and buffers are smaller than this");
        let receive = world.submit(Op::Receive { socket: server });
        assert!(world.receive_count(receive, bytes.len() - 1000) == bytes[1000..]);
        assert!(matches!(world.next(send).outcome, Outcome::Sent(_)));
        let empty = world.send(client, b"");
        assert!(matches!(world.next(empty).outcome, Outcome::Sent(_)), "nothing is soon sent");
        world.close(client);
        let end = world.next(receive);
        assert!(matches!(end.outcome, Outcome::EndOfStream), "{end:?}");
        world.close(server);
    });
}

#[test]
fn received_bytes_can_be_sent_on() {
    check(|world| {
        let (client, server) = world.pair();
        let receive = world.submit(Op::Receive { socket: server });
        let bytes = b"to and fro";
        world.send_all(client, bytes);
        let back = world.submit(Op::Receive { socket: client });
        let (mut position, mut expected) = (0, Vec::new());
        while position < bytes.len() {
            let Outcome::Received(mut lent) = world.next(receive).outcome else { panic!("bytes were sent") };
            let count = lent.len();
            expected.extend(bytes[position..position + count].iter().skip(2));
            lent.consume(1);
            let send = world.submit(Op::Send { socket: server, bytes: Outgoing::Lent(lent), start: 1 });
            assert!(matches!(world.next(send).outcome, Outcome::Sent(_)));
            position += count;
        }
        assert_eq!(world.receive_count(back, expected.len()), expected);
    });
}

#[test]
fn a_reset_is_an_error() {
    check(|world| {
        let (client, server) = world.pair();
        // Closing with unread input resets the connection.
        world.send_all(server, b"never read");
        world.settle();
        let receive = world.submit(Op::Receive { socket: server });
        world.close(client);
        let end = world.next(receive);
        assert!(!end.more && matches!(end.outcome, Outcome::Failed(Errno::CONNRESET)), "{end:?}");
        let send = world.send(server, b"to nobody");
        match world.next(send).outcome {
            Outcome::Unsent { bytes, next: 0, error: Errno::PIPE | Errno::CONNRESET } => {
                assert_eq!(&*bytes, b"to nobody");
            }
            other => panic!("expected a broken pipe, got {other:?}"),
        }
        world.close(server);
    });
}

#[test]
fn a_refused_connection_is_an_error() {
    check(|world| {
        let (listener, address) = world.listener();
        world.close(listener);
        let socket = world.socket();
        let connect = world.submit(Op::Connect { socket, address });
        let end = world.next(connect);
        assert!(matches!(end.outcome, Outcome::Failed(Errno::CONNREFUSED)), "{end:?}");
        world.close(socket);
    });
}

#[test]
fn cancelled_operations_end_once() {
    check(|world| {
        let (client, server) = world.pair();
        let (listener, _) = world.listener();
        let blocked = pattern(16 << 20);
        for are_underway in [false, true, true] {
            let tokens = [
                world.submit(Op::Accept { listener }),
                world.submit(Op::ReceiveOnce { socket: client, bytes_max: 10 }),
                world.submit(Op::PollRead { descriptor: server }),
                world.send(client, &blocked),
            ];
            if are_underway {
                world.settle();
            }
            for token in tokens.into_iter().chain(tokens) {
                world.driver.cancel(token);
            }
            world.until(|world| world.in_flight() == 0);
            for token in tokens {
                world.driver.cancel(token);
            }
            world.settle();
            for token in tokens {
                match world.next(token).outcome {
                    Outcome::Cancelled => {}
                    // What was sent for the first send is there to be read.
                    Outcome::Ready => assert!(are_underway),
                    Outcome::Unsent { error: Errno::CANCELED, next, bytes } => assert!(next < bytes.len()),
                    other => panic!("expected to be cancelled, got {other:?}"),
                }
            }
        }
        for descriptor in [client, server, listener] {
            world.close(descriptor);
        }
    });
}

#[test]
fn what_was_received_before_a_cancel_is_delivered() {
    check(|world| {
        let (client, server) = world.pair();
        let mut received = Vec::new();
        let sent = pattern(200 * 1000);
        for round in 0..200 {
            let receive = world.submit(Op::Receive { socket: server });
            if round % 3 == 0 {
                let now = world.driver.now();
                world.turn(now);
            }
            world.send_all(client, &sent[round * 1000..(round + 1) * 1000]);
            if round % 2 == 0 {
                world.driver.cancel(receive);
                world.until(|world| world.has_ended(receive));
            } else {
                world.cancel_and_reap(receive);
            }
            while world.pending.iter().any(|done| done.token == receive) {
                if let Outcome::Received(bytes) = world.next(receive).outcome {
                    received.extend_from_slice(&bytes);
                }
            }
        }
        let rest = world.submit(Op::Receive { socket: server });
        let missing = sent.len() - received.len();
        received.extend(world.receive_count(rest, missing));
        assert!(received == sent);
    });
}

#[test]
fn one_accept_takes_many_connections() {
    check(|world| {
        let (listener, address) = world.listener();
        let accept = world.submit(Op::Accept { listener });
        let clients: Vec<Descriptor> = (0..100).map(|_| world.socket()).collect();
        let connects: Vec<_> =
            clients.iter().map(|&socket| world.submit(Op::Connect { socket, address })).collect();
        let mut names = Vec::new();
        for connect in connects {
            assert!(matches!(world.next(connect).outcome, Outcome::Connected));
            let server = world.accepted(accept);
            let net = world.driver.net();
            assert_eq!(net.local_address(server), Ok(address));
            names.push(net.peer_address(server).expect("it is connected"));
            world.close(server);
        }
        let mut expected: Vec<SocketAddr> = Vec::new();
        for &client in &clients {
            expected.push(world.driver.net().local_address(client).expect("it was connected"));
        }
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected);
        assert!(!world.has_ended(accept));
    });
}

#[test]
fn a_port_is_free_once_its_listener_is_reaped() {
    check(|world| {
        let (listener, address) = world.listener();
        let mut listener = listener;
        for _ in 0..20 {
            let accept = world.submit(Op::Accept { listener });
            world.turn(0);
            assert_eq!(world.driver.close_now(listener), Err(Errno::BUSY), "an accept runs on it");
            world.cancel_and_reap(accept);
            world.driver.close_now(listener).expect("nothing runs on it any more");
            listener = world.listen_on(&address).expect("the port is free at once");
        }
        assert_eq!(world.listen_on(&address), Err(Errno::ADDRINUSE));
    });
}

#[test]
fn waits_end_at_their_deadline() {
    check(|world| {
        let (listener, _) = world.listener();
        let _accept = world.submit(Op::Accept { listener });
        let start = world.driver.now();
        for after_ns in [100_000, 1_500_000, 25_000_000] {
            let deadline = world.driver.now() + after_ns;
            while world.driver.now() < deadline {
                world.turn(deadline);
            }
            assert!(world.driver.now() < deadline + 500_000_000, "it was late");
        }
        assert!(world.driver.now() - start >= 26_600_000);
        let before = world.driver.now();
        world.turn(0);
        world.turn(before);
        assert!(world.driver.now() - before < 500_000_000, "a past deadline is a mere look");
        assert!(world.pending.is_empty());
        let wall = world.driver.wall_clock();
        assert!(wall > 1_600_000_000_000_000_000, "it is later than 2020");
    });
}

#[test]
fn a_thousand_connections_talk() {
    raise_descriptor_limit();
    check(|world| {
        let (listener, address) = world.listener();
        let accept = world.submit(Op::Accept { listener });
        let mut clients = Vec::new();
        for _ in 0..1000 {
            let client = world.socket();
            clients.push((client, world.submit(Op::Connect { socket: client, address })));
        }
        let mut servers = Vec::new();
        for &(_, connect) in &clients {
            assert!(matches!(world.next(connect).outcome, Outcome::Connected));
            let server = world.accepted(accept);
            servers.push((server, world.submit(Op::Receive { socket: server })));
        }
        for (index, &(client, _)) in clients.iter().enumerate() {
            world.send(client, &pattern(index + 1));
        }
        let mut answers = Vec::new();
        for &(client, _) in &clients {
            answers.push(world.submit(Op::Receive { socket: client }));
        }
        // Each message is short, but may come in pieces: one send at a time keeps them in order.
        let mut missing: usize = (1..=1000).sum();
        let mut received = vec![Vec::new(); clients.len()];
        let mut unsent = vec![Vec::new(); servers.len()];
        let mut sends = vec![None; servers.len()];
        world.until(|world| {
            for done in std::mem::take(&mut world.pending) {
                let Outcome::Received(lent) = done.outcome else { continue };
                if let Some(index) = answers.iter().position(|&answer| answer == done.token) {
                    missing -= lent.len();
                    received[index].extend_from_slice(&lent);
                } else {
                    let index = servers.iter().position(|&(_, receive)| receive == done.token);
                    unsent[index.expect("clients and servers receive")].extend_from_slice(&lent);
                }
            }
            for (index, bytes) in unsent.iter_mut().enumerate().filter(|(_, bytes)| !bytes.is_empty()) {
                if sends[index].is_none_or(|send| world.has_ended(send)) {
                    sends[index] = Some(world.send(servers[index].0, &std::mem::take(bytes)));
                }
            }
            missing == 0
        });
        for (index, bytes) in received.iter().enumerate() {
            assert!(*bytes == pattern(index + 1));
        }
    });
}

#[test]
fn lent_buffers_do_not_stall_others() {
    check(|world| {
        let mut held = Vec::new();
        let (client, server) = world.pair();
        let (other_client, other_server) = world.pair();
        let receive = world.submit(Op::Receive { socket: server });
        let other = world.submit(Op::Receive { socket: other_server });
        // More than all provided buffers, and none is given back.
        let bytes = pattern(64 * 1024);
        let mut count = 0;
        for round in 1..=400 {
            world.send_all(client, &bytes);
            while count < round * bytes.len() {
                let Outcome::Received(lent) = world.next(receive).outcome else { panic!("bytes were sent") };
                let position = count % bytes.len();
                assert!(*lent == bytes[position..position + lent.len()]);
                count += lent.len();
                held.push(lent);
            }
        }
        assert_eq!(count, 400 * bytes.len());
        assert!(world.driver.report().counters.buffers_lent >= held.len() as u64);
        world.send_all(other_client, b"still there");
        assert_eq!(world.receive_count(other, 11), b"still there");
        held.clear();
        assert_eq!(world.driver.report().counters.buffers_lent, 0);
        for round in 0..20 {
            world.send_all(client, &bytes);
            assert!(world.receive_count(receive, bytes.len()) == bytes, "round {round}");
        }
    });
}

#[test]
fn a_receive_of_bounded_size_happens_once() {
    check(|world| {
        let (client, server) = world.pair();
        let bytes = pattern(100_000);
        world.send_all(client, &bytes);
        let mut received = Vec::new();
        while received.len() < bytes.len() {
            let receive = world.submit(Op::ReceiveOnce { socket: server, bytes_max: 777 });
            let done = world.next(receive);
            let Outcome::Received(lent) = done.outcome else { panic!("bytes were sent: {done:?}") };
            assert!(!done.more && lent.len() <= 777);
            received.extend_from_slice(&lent);
        }
        assert!(received == bytes);
        let receive = world.submit(Op::ReceiveOnce { socket: server, bytes_max: 777 });
        world.settle();
        assert!(!world.has_ended(receive));
        world.close(client);
        assert!(matches!(world.next(receive).outcome, Outcome::EndOfStream));
        world.close(server);
    });
}

#[test]
fn a_descriptor_has_one_reader_and_one_writer() {
    check(|world| {
        let (client, server) = world.pair();
        let receive = world.submit(Op::Receive { socket: server });
        for op in [Op::PollRead { descriptor: server }, Op::ReceiveOnce { socket: server, bytes_max: 1 }] {
            let token = world.submit(op);
            assert!(matches!(world.next(token).outcome, Outcome::Failed(Errno::BUSY)));
        }
        let bad = world.submit(Op::Receive { socket: Descriptor::new(-1) });
        assert!(matches!(world.next(bad).outcome, Outcome::Failed(Errno::BADF)));
        world.send_all(client, b"x");
        assert_eq!(world.receive_count(receive, 1), b"x");
    });
}

#[test]
fn a_poll_tells_readiness_and_consumes_nothing() {
    check(|world| {
        let (client, server) = world.pair();
        for round in 0..3 {
            let poll = world.submit(Op::PollRead { descriptor: server });
            world.settle();
            assert!(!world.has_ended(poll), "nothing was sent in round {round}");
            world.send_all(client, b"!");
            let done = world.next(poll);
            assert!(!done.more && matches!(done.outcome, Outcome::Ready), "{done:?}");
            let again = world.submit(Op::PollRead { descriptor: server });
            assert!(matches!(world.next(again).outcome, Outcome::Ready));
            let mut buffer = [0; 10];
            assert_eq!(world.driver.net().receive_now(server, &mut buffer), Ok(1));
            assert_eq!(world.driver.net().receive_now(server, &mut buffer), Err(Errno::AGAIN));
        }
        let write = world.submit(Op::PollWrite { descriptor: client });
        assert!(matches!(world.next(write).outcome, Outcome::Ready));
        while world.driver.net().send_now(client, &[0; 65536]).is_ok() {}
        let write = world.submit(Op::PollWrite { descriptor: client });
        world.settle();
        assert!(!world.has_ended(write), "the socket is full");
        let receive = world.submit(Op::Receive { socket: server });
        assert!(matches!(world.next(write).outcome, Outcome::Ready));
        world.cancel_and_reap(receive);
        world.close(client);
        let poll = world.submit(Op::PollRead { descriptor: server });
        assert!(matches!(world.next(poll).outcome, Outcome::Ready), "the end can be read");
        world.close(server);
    });
}

#[test]
fn other_descriptors_can_be_polled() {
    check_real(|world| {
        let (reader, writer) = rustix::pipe::pipe().expect("there are descriptors left");
        let descriptor = |owned: &OwnedFd| Descriptor::new(owned.as_raw_fd());
        for _ in 0..3 {
            let poll = world.submit(Op::PollRead { descriptor: descriptor(&reader) });
            world.settle();
            assert!(!world.has_ended(poll));
            rustix::io::write(&writer, b"x").expect("a pipe has room");
            assert!(matches!(world.next(poll).outcome, Outcome::Ready));
            rustix::io::read(&reader, &mut [0; 10][..]).expect("there is a byte");
        }
        let write = world.submit(Op::PollWrite { descriptor: descriptor(&writer) });
        assert!(matches!(world.next(write).outcome, Outcome::Ready));
        let poll = world.submit(Op::PollRead { descriptor: descriptor(&reader) });
        world.turn(0);
        world.cancel_and_reap(poll);
        let poll = world.submit(Op::PollRead { descriptor: descriptor(&reader) });
        world.turn(0);
        world.driver.release(descriptor(&writer));
        drop(writer);
        assert!(matches!(world.next(poll).outcome, Outcome::Ready), "the end of a pipe can be read");
        world.driver.release(descriptor(&reader));
        let file = std::fs::File::open("/proc/self/exe").expect("this program is a file");
        let file = OwnedFd::from(file);
        for op in
            [Op::PollRead { descriptor: descriptor(&file) }, Op::PollWrite { descriptor: descriptor(&file) }]
        {
            let poll = world.submit(op);
            assert!(matches!(world.next(poll).outcome, Outcome::Ready), "files never block");
        }
    });
}

#[test]
fn closing_ends_what_runs_first() {
    check(|world| {
        let (client, server) = world.pair();
        let blocked = pattern(16 << 20);
        let send = world.send(client, &blocked);
        let receive = world.submit(Op::Receive { socket: client });
        world.settle();
        let close = world.submit(Op::Close { descriptor: client });
        let twice = world.submit(Op::Close { descriptor: client });
        world.until(|world| world.has_ended(close) && world.has_ended(twice));
        assert!(world.has_ended(send) && world.has_ended(receive));
        assert!(matches!(world.next(send).outcome, Outcome::Unsent { error: Errno::CANCELED, .. }));
        assert!(matches!(world.next(receive).outcome, Outcome::Cancelled));
        assert!(matches!(world.next(close).outcome, Outcome::Closed));
        let second = world.next(twice);
        assert!(matches!(second.outcome, Outcome::Failed(Errno::BUSY | Errno::BADF)), "{second:?}");
        world.close(server);
    });
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the other thread is outside of the driver's time")]
fn another_thread_can_end_a_wait() {
    check(|world| {
        let waker = world.driver.waker().expect("there are descriptors left");
        waker.wake();
        let mut done = Vec::new();
        world.driver.wait(None, &mut done).expect("a wake before the wait counts");
        for _ in 0..10 {
            let waker = waker.clone();
            let thread = std::thread::spawn(move || {
                std::thread::sleep(std::time::Duration::from_millis(2));
                waker.wake();
            });
            let wakes = world.driver.report().counters.wakes;
            while world.driver.report().counters.wakes == wakes {
                world.driver.wait(None, &mut done).expect("the driver works");
            }
            thread.join().expect("waking does not fail");
        }
        assert!(done.is_empty());
    });
}

#[test]
fn flushing_hands_bytes_over_without_waiting() {
    check_real(|world| {
        let (client, server) = world.pair();
        let _send = world.send(client, b"working");
        world.driver.flush().expect("the driver works");
        let mut buffer = [0; 10];
        assert_eq!(world.driver.net().receive_now(server, &mut buffer), Ok(7));
    });
}

#[test]
fn running_out_of_descriptors_ends_the_accept() {
    check_real(|world| {
        let (listener, address) = world.listener();
        let client = world.socket();
        let limited = limit_descriptors();
        let accept = world.submit(Op::Accept { listener });
        let connect = world.submit(Op::Connect { socket: client, address });
        let end = world.next(accept);
        limited.lift();
        assert!(!end.more && matches!(end.outcome, Outcome::Failed(Errno::MFILE)), "{end:?}");
        assert!(matches!(world.next(connect).outcome, Outcome::Connected));
        let again = world.submit(Op::Accept { listener });
        world.accepted(again);
    });
}

#[test]
fn dropping_a_driver_leaks_nothing() {
    let _alone = alone();
    for (name, make) in drivers() {
        let before = open_descriptors();
        for round in 0..10 {
            let Some(driver) = make() else { continue };
            let mut world = World::new(driver);
            let (client, server) = world.pair();
            let (listener, address) = world.listener();
            let _ops = [
                world.submit(Op::Accept { listener }),
                world.submit(Op::Receive { socket: server }),
                world.submit(Op::ReceiveOnce { socket: client, bytes_max: 1 << 18 }),
                world.send(client, &pattern(16 << 20)),
            ];
            let late = world.socket();
            let connect = world.submit(Op::Connect { socket: late, address });
            let _waker = world.driver.waker().expect("there are descriptors left");
            if round % 2 == 0 {
                world.next(connect);
                let done = world.pending.drain(..).filter_map(|done| match done.outcome {
                    Outcome::Accepted(socket) => Some(socket),
                    _ => None,
                });
                let accepted: Vec<Descriptor> = done.collect();
                accepted.into_iter().for_each(|socket| world.close(socket));
            }
            let mine = [client, server, listener, late];
            drop(world);
            if !name.starts_with("sim") {
                let mut closer = Epoll::new().expect("every Linux has epoll");
                mine.into_iter().for_each(|socket| closer.close_now(socket).expect("it is open"));
            }
        }
        assert_eq!(open_descriptors(), before, "{name}");
    }
}

#[test]
fn sockets_have_names_and_options() {
    check(|world| {
        let (client, server) = world.pair();
        let net = world.driver.net();
        assert_eq!(net.peer_address(client), net.local_address(server));
        assert_eq!(net.local_address(client), net.peer_address(server));
        for option in [SocketOption::NoDelay, SocketOption::KeepAlive, SocketOption::ReuseAddress] {
            for on in [true, false] {
                net.set_option(server, option, on).expect("an option of TCP");
                assert_eq!(net.option(server, option), Ok(on));
            }
        }
        assert_eq!(net.take_error(client), Ok(None));
        assert_eq!(net.shutdown_now(client), Ok(()));
        let socket = world.socket();
        assert_eq!(world.driver.net().peer_address(socket), Err(Errno::NOTCONN));
        assert_eq!(world.driver.close_now(socket), Ok(()));
        assert_eq!(world.driver.close_now(socket), Err(Errno::BADF));
    });
}

#[test]
fn ten_thousand_simulations_keep_the_contract() {
    let (mut bytes_echoed, mut faults) = (0, 0);
    for seed in 0..10_000 {
        let trace = storm::simulate(SimOptions::stormy(seed));
        if seed % 100 == 0 {
            assert_eq!(
                storm::simulate(SimOptions::stormy(seed)),
                trace,
                "seed {seed} gives the same run again"
            );
        }
        bytes_echoed += trace.bytes_echoed;
        faults += trace.faults;
    }
    assert!(bytes_echoed > 1_000_000 && faults > 100, "{bytes_echoed} bytes, {faults} faults");
    for seed in 0..100 {
        assert_eq!(
            storm::simulate(SimOptions { reorder: true, partial: true, ..SimOptions::calm(seed) }).faults,
            0
        );
    }
}

#[test]
fn a_hundred_random_programs_run_on_every_driver() {
    let _alone = alone();
    for (name, make) in drivers() {
        for seed in 0..100 {
            let Some(driver) = make() else { continue };
            assert_eq!(storm::run(driver, seed).faults, 0, "on {name} with seed {seed}");
        }
    }
}

#[test]
fn many_sends_share_one_enter() {
    let _alone = alone();
    let Ok(driver) = Uring::new() else { return };
    let mut world = World::new(Box::new(driver));
    let pairs: Vec<_> = (0..64).map(|_| world.pair()).collect();
    let receives: Vec<_> =
        pairs.iter().map(|&(_, server)| world.submit(Op::Receive { socket: server })).collect();
    let before = world.driver.report().counters;
    for _ in 0..100 {
        for &(client, _) in &pairs {
            world.send(client, &[7; 64]);
        }
        for &receive in &receives {
            assert_eq!(world.receive_count(receive, 64).len(), 64);
        }
    }
    let after = world.driver.report().counters;
    assert_eq!(after.sends - before.sends, 6400);
    let enters = after.enters - before.enters;
    assert!(enters <= 400, "{enters} enters for 6400 messages there");
}

/// A limit on descriptors that makes the next one fail.
struct Limited {
    /// They use up what there was.
    used: Vec<OwnedFd>,
    before: Rlimit,
}

fn limit_descriptors() -> Limited {
    let before = getrlimit(Resource::Nofile);
    let low = Rlimit { current: Some(open_descriptors() as u64 + 8), ..before };
    setrlimit(Resource::Nofile, low).expect("limits can be lowered");
    let mut used = Vec::new();
    while let Ok(descriptor) = rustix::event::eventfd(0, EventfdFlags::CLOEXEC) {
        used.push(descriptor);
    }
    Limited { used, before }
}

impl Limited {
    fn lift(self) {
        drop(self.used);
        setrlimit(Resource::Nofile, self.before).expect("it was allowed");
    }
}

fn raise_descriptor_limit() {
    let limit = getrlimit(Resource::Nofile);
    let high = Rlimit { current: limit.maximum, ..limit };
    setrlimit(Resource::Nofile, high).expect("the soft limit can be raised");
}
