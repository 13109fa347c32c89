//! A script server that meets bad and many clients: it loses no byte that it answered and no descriptor. And clients
//! and servers in other languages.

#![expect(clippy::disallowed_methods, reason = "tests run programs and wait for them in real time")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::sockopt::set_socket_linger;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tclring_tests::program::{DRIVERS, Server, program, root, run};

/// A server that sends lines back, and says what goes wrong on its standard error.
const ECHO: &str = "
proc accept {s args} {
    fconfigure $s -blocking 0 -buffering line -translation lf -profile replace
    fileevent $s readable [list echo $s]
}
proc echo s {
    if {[catch {gets $s line} count]} {close $s; return}
    if {$count >= 0} {catch {puts $s $line}} elseif {[eof $s]} {catch {close $s}}
}
proc bgerror message {}
set l [socket -server accept -myaddr 127.0.0.1 0]
puts [lindex [fconfigure $l -sockname] 2]
flush stdout
vwait forever
";
const PATIENCE: Duration = Duration::from_secs(30);
/// As many as the limit on descriptors lets the two processes have, ten thousand at most.
const MANY: usize = 10_000;

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", server.port)).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("it is a socket");
    stream
}

fn descriptors(server: &Server) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", server.process())).expect("the server runs").count()
}

/// Waits until a server has no more descriptors than it had.
fn check_leaks(server: &Server, before: usize, driver: &str) {
    let until = Instant::now() + PATIENCE;
    while descriptors(server) > before {
        assert!(Instant::now() < until, "{driver}: {} descriptors, {before} before", descriptors(server));
        thread::sleep(Duration::from_millis(10));
    }
}

fn check_echo(stream: &mut TcpStream, text: &str, driver: &str) {
    stream.write_all(text.as_bytes()).expect("the server reads");
    let mut answer = vec![0; text.len()];
    stream.read_exact(&mut answer).unwrap_or_else(|error| panic!("{driver}: {error}"));
    assert_eq!(String::from_utf8_lossy(&answer), text, "{driver}");
}

fn reset(stream: TcpStream) {
    set_socket_linger(&stream, Some(Duration::ZERO)).expect("it is a socket");
}

#[test]
fn garbage_half_lines_and_resets() {
    for driver in DRIVERS {
        let server = Server::start_script(driver, ECHO);
        let mut good = connect(&server);
        check_echo(&mut good, "first\n", driver);
        let before = descriptors(&server);
        for round in 0..200_u32 {
            let mut bad = connect(&server);
            let garbage: Vec<u8> = (0..round * 37).map(|i| (i * i + round) as u8).collect();
            // It may have been cut off already.
            let _ = bad.write_all(&garbage);
            match round % 4 {
                0 => reset(bad),
                1 => drop(bad),
                2 => {
                    let _ = bad.write_all(b"half a line");
                    let _ = bad.shutdown(std::net::Shutdown::Write);
                    let _ = bad.read_to_end(&mut Vec::new());
                }
                _ => {
                    let _ = bad.write_all(&b"many lines\n".repeat(5000));
                    reset(bad);
                }
            }
            check_echo(&mut good, &format!("line {round}\n"), driver);
        }
        check_leaks(&server, before, driver);
        check_echo(&mut good, "last\n", driver);
    }
}

#[test]
fn ten_thousand_connections_at_once() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).expect("the soft limit may grow");
    let many = limit.maximum.map_or(MANY, |most| MANY.min(most as usize * 2 / 3));
    for driver in DRIVERS {
        let server = Server::start_script(driver, ECHO);
        let before = descriptors(&server);
        let mut streams: Vec<TcpStream> = (0..many).map(|_| connect(&server)).collect();
        for (number, stream) in streams.iter_mut().enumerate() {
            writeln!(stream, "number {number}").expect("the server reads");
        }
        for (number, stream) in streams.iter_mut().enumerate() {
            let wanted = format!("number {number}\n");
            let mut answer = vec![0; wanted.len()];
            stream.read_exact(&mut answer).unwrap_or_else(|error| panic!("{driver}: {number}: {error}"));
            assert_eq!(answer, wanted.as_bytes(), "{driver}");
        }
        assert!(descriptors(&server) >= before + many, "{driver}: all are served at once");
        drop(streams);
        check_leaks(&server, before, driver);
        let mut after = connect(&server);
        check_echo(&mut after, "after\n", driver);
    }
}

#[test]
fn more_lines_than_the_buffers_hold() {
    let line = "0123456789abcde\n".repeat(4);
    let batch = line.repeat(16);
    for driver in DRIVERS {
        let server = Server::start_script(driver, ECHO);
        let mut streams: Vec<TcpStream> = (0..16).map(|_| connect(&server)).collect();
        for _ in 0..600 {
            streams
                .iter_mut()
                .for_each(|stream| stream.write_all(batch.as_bytes()).expect("the server reads"));
            for stream in &mut streams {
                let mut answer = vec![0; batch.len()];
                stream.read_exact(&mut answer).unwrap_or_else(|error| panic!("{driver}: {error}"));
                assert_eq!(answer, batch.as_bytes(), "{driver}");
            }
        }
    }
}

#[test]
fn no_connection_is_lost_for_want_of_descriptors() {
    for driver in DRIVERS {
        let mut command = Command::new("sh");
        command
            .args(["-c", "ulimit -n 40; exec \"$@\"", "sh"])
            .arg(program())
            .args(["--io", driver, "-c", ECHO]);
        let server = Server::start(&mut command);
        let before = descriptors(&server);
        let mut streams: Vec<TcpStream> = (0..80).map(|_| connect(&server)).collect();
        for (number, stream) in streams.iter_mut().enumerate() {
            writeln!(stream, "number {number}").expect("the system takes it");
        }
        while !streams.is_empty() {
            let number = 80 - streams.len();
            let mut stream = streams.remove(0);
            let wanted = format!("number {number}\n");
            let mut answer = vec![0; wanted.len()];
            stream.read_exact(&mut answer).unwrap_or_else(|error| panic!("{driver}: {number}: {error}"));
            assert_eq!(answer, wanted.as_bytes(), "{driver}");
        }
        check_leaks(&server, before, driver);
    }
}

/// Whether a program is there.
fn has(name: &str) -> bool {
    Command::new("sh")
        .args(["-c", &format!("command -v {name}")])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

#[test]
fn clients_in_other_languages() {
    let python = "import socket,sys
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
f = s.makefile('rwb')
for i in range(100):
    f.write(b'line %d\\n' % i); f.flush()
    assert f.readline() == b'line %d\\n' % i
s.shutdown(socket.SHUT_WR)
assert f.read() == b''
print('ok')";
    for driver in DRIVERS {
        let mut command = Command::new(program());
        let server = Server::start(command.args(["--io", driver]).arg(root().join("examples/line-echo.tcl")));
        let port = server.port.to_string();
        if has("python3") {
            let told = run(Command::new("python3").args(["-c", python, &port]));
            assert_eq!((told.output.as_str(), told.errors.as_str()), ("ok\n", ""), "{driver}");
        }
        if has("nc") {
            let netcat = format!("printf 'one\\ntwo\\n' | nc -N 127.0.0.1 {port}");
            let told = run(Command::new("sh").args(["-c", &netcat]));
            assert_eq!((told.output.as_str(), told.status), ("one\ntwo\n", Some(0)), "{driver}");
        }
    }
}

#[test]
fn servers_in_other_languages() {
    let client = "
        set s [socket 127.0.0.1 [lindex $argv 0]]
        fconfigure $s -translation lf -buffering line
        puts $s hello
        puts [gets $s],[read $s],[eof $s]
        close $s";
    let python = "import socket
l = socket.create_server(('127.0.0.1', 0))
print(l.getsockname()[1], flush=True)
s, _ = l.accept()
f = s.makefile('rwb')
f.write(b'heard ' + f.readline() + b'bye'); f.flush()
f.close(); s.close()";
    for driver in DRIVERS {
        let tell = |port: u16| {
            run(Command::new(program()).args(["--io", driver, "-c", client, &port.to_string()])).output
        };
        if has("python3") {
            let server = Server::start(Command::new("python3").args(["-c", python]));
            assert_eq!(tell(server.port), "heard hello,bye,1\n", "{driver}");
        }
        if has("nc") {
            let free = TcpListener::bind(("127.0.0.1", 0)).expect("there is a port");
            let port = free.local_addr().expect("it is bound").port();
            drop(free);
            let netcat =
                format!("echo {port}; printf 'heard it\\nbye' | nc -N -l 127.0.0.1 {port} >/dev/null");
            let _server = Server::start(Command::new("sh").args(["-c", &netcat]));
            thread::sleep(Duration::from_millis(300));
            assert_eq!(tell(port), "heard it,bye,1\n", "{driver}");
        }
    }
}
