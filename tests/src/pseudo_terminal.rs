//! A program at a pseudo terminal: what it shows is read, and keys are typed.

#![expect(clippy::disallowed_methods, reason = "tests run the program and wait for it in real time")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// How long the program may take to show something.
const TIME_MAX: Duration = Duration::from_secs(20);

/// A program at a pseudo terminal; it ends when it is dropped.
pub struct Typist {
    child: Child,
    keys: File,
    screen: Receiver<Vec<u8>>,
    shown: Vec<u8>,
}

impl Typist {
    /// Starts a program.
    ///
    /// # Panics
    /// When there are no pseudo terminals, or it does not start.
    pub fn start(command: &mut Command) -> Typist {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("there are pseudo terminals");
        grantpt(&ours).expect("it may be used");
        unlockpt(&ours).expect("it may be opened");
        let name = ptsname(&ours, Vec::new()).expect("it has a name");
        let theirs = || -> OwnedFd {
            rustix::fs::open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty())
                .expect("it can be opened")
        };
        let child = command
            .env("TERM", "xterm")
            .stdin(Stdio::from(theirs()))
            .stdout(Stdio::from(theirs()))
            .stderr(Stdio::from(theirs()))
            .spawn()
            .expect("it starts");
        let keys = File::from(ours);
        let mut display = keys.try_clone().expect("a descriptor is left");
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            // The end of the program is an error here.
            while let Ok(count @ 1..) = display.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Typist { child, keys, screen, shown: Vec::new() }
    }

    /// Types.
    ///
    /// # Panics
    /// When the terminal is gone.
    pub fn send(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("the terminal takes keys");
    }

    /// Waits until something has been shown, and forgets what was shown up to it.
    ///
    /// # Panics
    /// When it is not shown in time.
    pub fn expect(&mut self, text: &str) {
        let until = Instant::now() + TIME_MAX;
        loop {
            let found = self.shown.windows(text.len()).position(|window| window == text.as_bytes());
            if let Some(at) = found {
                self.shown.drain(..at + text.len());
                return;
            }
            match self.screen.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(more) => self.shown.extend(more),
                Err(_) => panic!("{text:?} is not shown, but {:?}", String::from_utf8_lossy(&self.shown)),
            }
        }
    }

    /// Waits for the end of the program; its status.
    ///
    /// # Panics
    /// When it does not end in time.
    pub fn status(&mut self) -> Option<i32> {
        let until = Instant::now() + TIME_MAX;
        while Instant::now() < until {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("it does not end; shown: {:?}", String::from_utf8_lossy(&self.shown));
    }
}

impl Drop for Typist {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
