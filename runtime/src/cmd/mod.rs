//! The commands that touch the world: tables of rows, one file per theme.

pub mod chan;
pub mod channel;
pub mod clock;
pub mod clock_locale;
pub mod clock_settings;
pub mod configuration;
pub mod encodings;
pub mod env;
pub mod event;
pub mod fcopy;
pub mod file;
pub mod file_change;
pub mod glob;
pub mod io;
pub mod library;
pub mod load;
pub mod open;
pub mod package;
pub mod package_require;
pub mod process;
pub mod reflect;
pub mod socket;
pub mod source;
pub mod startup;
pub mod subprocesses;
pub mod support;
pub mod unknown;
pub mod version;
pub mod words;
pub mod zipfs;
pub mod zlib;
pub mod zlib_stream;

use tclring_compiler::Mode;
use tclring_vm::interp::{CommandRow, EnsembleRow, InterpId, Machine};

use crate::event::background;
use crate::event::reactor::reactor;

/// The tables of commands.
pub const COMMANDS: &[&[CommandRow]] = &[
    package::ROWS,
    background::ROWS,
    configuration::ROWS,
    chan::ROWS,
    channel::ROWS,
    event::ROWS,
    fcopy::ROWS,
    glob::ROWS,
    io::ROWS,
    library::ROWS,
    load::ROWS,
    open::ROWS,
    process::ROWS,
    socket::ROWS,
    source::ROWS,
    unknown::ROWS,
    zlib::ROWS,
];

/// The ensembles.
pub const ENSEMBLES: &[EnsembleRow] =
    &[chan::CHAN, clock::CLOCK, file::FILE, subprocesses::ENSEMBLE, zipfs::ZIPFS, zlib::ZLIB];

/// Puts the runtime's commands into an interpreter.
pub fn register(machine: &mut Machine, interp: InterpId) {
    if interp != machine.main {
        // What another interpreter closes, the main one goes on using.
        let main = machine.main;
        reactor(machine).name_standard_streams(main);
    }
    // `package` is one of the core commands, which the reference makes before the others.
    let (core, others) = COMMANDS.split_at(1);
    machine.register_commands(interp, core);
    machine.register_commands(interp, others);
    if !machine.interp(interp).safe {
        machine.register_commands(interp, &[clock_settings::ROWS, unknown::LIBRARY_ROWS]);
    }
    for row in ENSEMBLES {
        machine.register_ensemble(interp, row);
    }
    package::set_up(machine, interp);
    startup::set_variables(machine, interp);
    if !machine.interp(interp).safe {
        zipfs::set_variables(machine, interp);
    }
    env::link(machine, interp);
    machine.interp_mut(interp).debug_frame = crate::host::env::get(b"TCL_INTERP_DEBUG_FRAME").is_some();
    // Safe interpreters begin without the script library, whose files they could not read.
    if !machine.interp(interp).safe {
        library::start(machine, interp);
    }
    if machine.interp(interp).mode == Mode::Tcl86 {
        package::select_mode(machine, interp, Mode::Tcl86);
    }
}
