//! Starting a pipeline.

use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{Access, MemfdFlags, Mode, OFlags, SeekFrom};
use rustix::pipe::{PipeFlags, pipe_with};
use tclring_compiler::Mode as Language;

use super::children;
use super::pipeline::{Command, Errors, Input, Output, Pipeline};
use crate::host::env;
use crate::host::errno::{Errno, HostError};
use crate::host::native::to_native_cut;
use crate::host::path::{self, Homes};
use crate::host::sys;

/// How many bytes of a program's name an error shows.
const SHOWN_NAME_BYTES_MAX: usize = 150;

/// The program that runs a script without `#!`, as the C library's own search does.
const SHELL: &CStr = c"/bin/sh";

/// Which ends of the pipeline the caller takes; what is neither taken nor
/// redirected goes to the standard channels.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// A pipe to the first process.
    pub input: bool,
    /// A pipe from the last process.
    pub output: bool,
    /// A file with what all processes wrote to their standard error.
    pub errors: bool,
    /// Whether a pipe that is wanted but redirected is an error, as for `open`.
    pub strict: bool,
}

/// The standard channels of this process; one that is closed is `/dev/null`
/// for children.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandardChannels<'a> {
    /// Where children read.
    pub input: Option<BorrowedFd<'a>>,
    /// Where children write.
    pub output: Option<BorrowedFd<'a>>,
    /// Where children write errors.
    pub errors: Option<BorrowedFd<'a>>,
}

/// A pipeline that has been started. The descriptors block until their taker
/// says otherwise, and are not inherited by other children.
#[derive(Debug)]
pub struct Running {
    /// The processes, in the order of the commands.
    pub pids: Vec<i32>,
    /// Write end of the pipe to the first process.
    pub input: Option<OwnedFd>,
    /// Read end of the pipe from the last process.
    pub output: Option<OwnedFd>,
    /// The file that collects errors; read it from its start when all
    /// processes have ended.
    pub errors: Option<OwnedFd>,
}

impl Running {
    /// What the processes have written to the file that collects errors.
    ///
    /// # Errors
    /// What the system says.
    pub fn read_errors(&self) -> Result<Vec<u8>, Errno> {
        let Some(file) = &self.errors else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match rustix::io::pread(file, &mut buffer, out.len() as u64)? {
                0 => return Ok(out),
                count => out.extend_from_slice(&buffer[..count]),
            }
        }
    }
}

/// A descriptor for a child: its own, or one of this process.
enum End<'a> {
    Own(OwnedFd),
    Shared(BorrowedFd<'a>),
}

impl AsFd for End<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            End::Own(fd) => fd.as_fd(),
            End::Shared(fd) => *fd,
        }
    }
}

fn pipe() -> Result<(OwnedFd, OwnedFd), HostError> {
    pipe_with(PipeFlags::CLOEXEC).map_err(|errno| HostError::posix(&[b"couldn't create pipe"], errno.into()))
}

fn null_device() -> Result<OwnedFd, HostError> {
    let opened = rustix::fs::open(c"/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty());
    opened.map_err(|errno| HostError::posix(&[b"couldn't open /dev/null"], errno.into()))
}

fn standard<'a>(channel: Option<BorrowedFd<'a>>) -> Result<End<'a>, HostError> {
    Ok(match channel {
        Some(fd) => End::Shared(fd),
        None => End::Own(null_device()?),
    })
}

/// A file without a name.
fn nameless_file() -> Result<OwnedFd, Errno> {
    Ok(rustix::fs::memfd_create(c"tclring", MemfdFlags::CLOEXEC)?)
}

/// A file without a name that holds `text`, to be read from its start.
fn input_file(text: &[u8]) -> Result<OwnedFd, HostError> {
    let fill = || -> Result<OwnedFd, Errno> {
        let bytes = crate::host::native::to_bytes(text).map_err(|error| error.errno())?;
        let file = nameless_file()?;
        let mut at = 0;
        while at < bytes.len() {
            at += rustix::io::write(&file, &bytes[at..])?;
        }
        rustix::fs::seek(&file, SeekFrom::Start(0))?;
        Ok(file)
    };
    fill().map_err(|errno| HostError::posix(&[b"couldn't create input file for command"], errno))
}

impl Pipeline {
    /// Starts the processes.
    ///
    /// # Errors
    /// `couldn't execute "program": …`, when processes before that one may be
    /// running; they are detached. Or, if `wanted` is strict, that an end has
    /// been redirected.
    pub fn start(
        self,
        wanted: Wanted,
        channels: StandardChannels<'_>,
        homes: &dyn Homes,
    ) -> Result<Running, HostError> {
        children::reap_detached();
        let Pipeline { commands, input, output, errors, mode } = self;
        let mut running = Running { pids: Vec::new(), input: None, output: None, errors: None };
        let first_input = match input {
            Input::Text(text) => End::Own(input_file(&text)?),
            Input::Descriptor(fd) => End::Own(fd),
            Input::Default if wanted.input => {
                let (read, write) = pipe()?;
                running.input = Some(write);
                End::Own(read)
            }
            Input::Default => standard(channels.input)?,
        };
        let last_output = match output {
            Output::Descriptor(fd) => End::Own(fd),
            Output::Default if wanted.output => {
                let (read, write) = pipe()?;
                running.output = Some(read);
                End::Own(write)
            }
            Output::Default => standard(channels.output)?,
        };
        let all_errors = match errors {
            Errors::Descriptor(fd) => Some(End::Own(fd)),
            Errors::Output => None,
            Errors::Default if wanted.errors => {
                let create = || -> Result<(OwnedFd, OwnedFd), Errno> {
                    let file = nameless_file()?;
                    Ok((file.try_clone()?, file))
                };
                let (theirs, ours) = create()
                    .map_err(|errno| HostError::posix(&[b"couldn't create error file for command"], errno))?;
                running.errors = Some(ours);
                Some(End::Own(theirs))
            }
            Errors::Default => Some(standard(channels.errors)?),
        };
        let started =
            start_commands(&commands, first_input, last_output, all_errors, mode, homes, &mut running.pids);
        let checked = started.and_then(|()| check_ends(&running, wanted));
        if let Err(error) = checked {
            children::detach(&running.pids);
            return Err(error);
        }
        Ok(running)
    }
}

fn check_ends(running: &Running, wanted: Wanted) -> Result<(), HostError> {
    let redirected =
        |words: &[u8]| Err(HostError::other(&[words], &[b"TCL", b"OPERATION", b"EXEC", b"BADREDIRECT"]));
    if !wanted.strict {
        return Ok(());
    }
    if wanted.output && running.output.is_none() {
        return redirected(b"can't read output from command: standard output was redirected");
    }
    if wanted.input && running.input.is_none() {
        return redirected(b"can't write input to command: standard input was redirected");
    }
    Ok(())
}

/// Starts all commands, connected by pipes; `pids` gets those that run, also
/// when one does not.
fn start_commands(
    commands: &[Command],
    first_input: End<'_>,
    last_output: End<'_>,
    errors: Option<End<'_>>,
    mode: Language,
    homes: &dyn Homes,
    pids: &mut Vec<i32>,
) -> Result<(), HostError> {
    let environment = env::native();
    let mut input = first_input;
    for (at, command) in commands.iter().enumerate() {
        let pipe = if at + 1 < commands.len() { Some(pipe()?) } else { None };
        let output = pipe.as_ref().map_or(last_output.as_fd(), |(_, write)| write.as_fd());
        let own_errors = match &errors {
            _ if command.joins_errors => output,
            Some(errors) => errors.as_fd(),
            None => last_output.as_fd(),
        };
        let streams = [input.as_fd(), output, own_errors];
        let pid = start_command(command, streams, &environment, mode, homes)?;
        children::register(pid);
        pids.push(pid);
        if let Some((read, _)) = pipe {
            input = End::Own(read);
        }
    }
    Ok(())
}

fn start_command(
    command: &Command,
    streams: [BorrowedFd<'_>; 3],
    environment: &[CString],
    mode: Language,
    homes: &dyn Homes,
) -> Result<i32, HostError> {
    let mut words = Vec::with_capacity(command.words.len());
    for (at, word) in command.words.iter().enumerate() {
        let expanded = match mode {
            Language::Tcl86 if at == 0 => Some(path::tilde_expand(word, homes)?),
            _ => None,
        };
        let native = to_native_cut(expanded.as_deref().unwrap_or(word));
        words.push(native.map_err(|error| error.encoding_error().expect("a cut text has no NUL"))?);
    }
    execute(&words, streams, environment).map_err(|errno| {
        let name = &command.words[0];
        let shown = &name[..name.len().min(SHOWN_NAME_BYTES_MAX)];
        HostError::posix(&[b"couldn't execute \"", shown, b"\""], errno)
    })
}

/// Starts the program that `words` names, searching for it like the C
/// library's `execvp`.
fn execute(words: &[CString], streams: [BorrowedFd<'_>; 3], environment: &[CString]) -> Result<i32, Errno> {
    let name = words[0].as_bytes();
    if name.is_empty() {
        return Err(Errno::NOENT);
    }
    if name.contains(&b'/') {
        return execute_file(&words[0], words, streams, environment);
    }
    let mut denied = false;
    for directory in env::program_directories() {
        let separator: &[u8] = if directory.is_empty() { b"" } else { b"/" };
        let Ok(file) = CString::new([&directory, separator, name].concat()) else { continue };
        if !may_execute(&file, &mut denied)? {
            continue;
        }
        match execute_file(&file, words, streams, environment) {
            Err(Errno::ACCES) => denied = true,
            Err(Errno::NOENT | Errno::NOTDIR) => {}
            done => return done,
        }
    }
    Err(if denied { Errno::ACCES } else { Errno::NOENT })
}

/// Whether `file` is worth an attempt, which costs a process; notes one that
/// is there but must not be executed.
fn may_execute(file: &CStr, denied: &mut bool) -> Result<bool, Errno> {
    match rustix::fs::access(file, Access::EXEC_OK).map_err(Errno::from) {
        Ok(()) => Ok(true),
        Err(Errno::ACCES) => {
            *denied = true;
            Ok(false)
        }
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(false),
        Err(errno) => Err(errno),
    }
}

fn execute_file(
    file: &CStr,
    words: &[CString],
    streams: [BorrowedFd<'_>; 3],
    environment: &[CString],
) -> Result<i32, Errno> {
    match sys::spawn(file, words, environment, streams) {
        Err(Errno::NOEXEC) => {
            let mut with_shell = vec![SHELL.to_owned(), file.to_owned()];
            with_shell.extend_from_slice(&words[1..]);
            sys::spawn(SHELL, &with_shell, environment, streams)
        }
        done => done,
    }
}
