//! The examples: each server on each driver, checked by the client that stands beside them and by clients in
//! other languages.
#![expect(clippy::disallowed_methods, reason = "tests run programs and speak to them as their users do")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Duration;

use tclring_tests::program::{DRIVERS, Ended, Server, program, root, run};

/// The text of an example, on another port than the one it names.
fn on_port(name: &str, port: u16) -> String {
    let text = std::fs::read_to_string(root().join("examples").join(name)).expect("the example is there");
    text.replace("9900", &port.to_string())
}

/// A port that is free.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback works");
    listener.local_addr().expect("it is bound").port()
}

/// The time server, which says when it listens.
fn time_server(driver: &str) -> Server {
    let port = free_port();
    let script = on_port("time-server.tcl", port)
        .replace("vwait forever", &format!("puts {port}\nflush stdout\nvwait forever"));
    Server::start_script(driver, &script)
}

fn ended(output: &str) -> Ended {
    Ended { output: output.to_owned(), errors: String::new(), status: Some(0) }
}

#[test]
fn the_time_server_and_its_client() {
    for driver in DRIVERS {
        let mut server = time_server(driver);
        let client = on_port("time-client.tcl", server.port);
        let told = run(Command::new(program()).args(["--io", driver, "-c", &client]));
        assert!(told.output.starts_with("The time on localhost is "), "{driver}: {told:?}");
        assert!(told.output.contains(" 20"), "{driver}: a date has a year: {told:?}");
        let line = server.line();
        assert!(
            line == "Connection from 127.0.0.1 registered" || line == "Connection from ::1 registered",
            "{line}"
        );
    }
}

#[test]
fn the_time_server_and_a_client_in_another_language() {
    for driver in DRIVERS {
        let server = time_server(driver);
        let mut text = String::new();
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("it is a socket");
        stream.read_to_string(&mut text).expect("the server writes text and closes");
        assert!(text.ends_with("\r\n") && text.contains(" 20"), "{driver}: {text:?}");
    }
}

#[test]
fn the_time_client_and_a_server_in_another_language() {
    for driver in DRIVERS {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback works");
        let port = listener.local_addr().expect("it is bound").port();
        let serve = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client comes");
            stream.write_all(b"half past nine\r\n").expect("it reads");
        });
        let client = on_port("time-client.tcl", port);
        let told = run(Command::new(program()).args(["--io", driver, "-c", &client]));
        assert_eq!(told, ended("The time on localhost is half past nine\n"), "{driver}");
        serve.join().expect("the server ends well");
    }
}

#[test]
fn all_servers_answer_the_checking_client() {
    for driver in DRIVERS {
        let mut check = Command::new(program());
        check
            .args(["--io", driver])
            .arg(root().join("examples/check.tcl"))
            .arg(program())
            .args(["--io", driver]);
        assert_eq!(
            run(&mut check),
            ended("line-echo ok\nbinary-echo ok\nhttp-server ok\nchat ok\n"),
            "{driver}"
        );
    }
}

#[test]
fn the_http_server_is_short() {
    let text = on_port("http-server.tcl", 1);
    assert!(text.lines().count() < 60, "the example stays readable");
}

#[test]
fn many_requests_in_pieces() {
    for driver in DRIVERS {
        let mut command = Command::new(program());
        let server =
            Server::start(command.args(["--io", driver]).arg(root().join("examples/http-server.tcl")));
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("the server listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("it is a socket");
        stream.set_nodelay(true).expect("it is a socket");
        let requests = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20);
        for piece in requests.chunks(7) {
            stream.write_all(piece).expect("the server reads");
        }
        let mut lines = BufReader::new(stream);
        for number in 0..20 {
            let mut answer = String::new();
            for _ in 0..4 {
                lines.read_line(&mut answer).expect("the server answers");
            }
            assert_eq!(
                answer, "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nHello.\n",
                "{driver}: answer {number}"
            );
        }
    }
}
