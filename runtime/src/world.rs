//! A machine with the runtime: what embedders and the shell use.
//!
//! ```
//! use tclring_runtime::world::{End, World};
//!
//! let mut world = World::new(None).expect("a driver can be had");
//! let End::Done(Ok(sum)) = world.run("expr {1 + 2}".into(), false) else { panic!("it is a sum") };
//! assert_eq!(sum.to_display(), "3");
//! ```

use tclring_vm::cmd::info::ProcessFacts;
use tclring_vm::cmd::interp::InterpHooks;
use tclring_vm::interp::command::{CommandKind, CustomCommand};
use tclring_vm::interp::{At, Machine, Run, Then, What};
use tclring_vm::value::Value;

use std::rc::Rc;

use crate::cmd;
use crate::driver::{ChooseError, Driver, choose};
use crate::event::interps;
use crate::event::pump::drive;
use crate::event::reactor::{Reactor, reactor};

pub use crate::event::pump::End;

/// A machine with channels, an event loop and the commands that touch the world.
pub struct World {
    /// The machine.
    pub machine: Machine,
}

impl World {
    /// A world on a driver chosen by name: `uring`, `epoll`, or the best one for none.
    ///
    /// # Errors
    /// When there is no such driver, or the system refuses it.
    ///
    /// # Side effects
    /// Makes a write to a connection without reader an error instead of the end of the process.
    pub fn new(driver: Option<&str>) -> Result<World, ChooseError> {
        Ok(World::with_driver(choose(driver)?))
    }

    /// A world on a driver.
    ///
    /// # Side effects
    /// As [`World::new`].
    pub fn with_driver(driver: Box<dyn Driver>) -> World {
        crate::host::process::ignore_broken_pipes();
        let mut machine = Machine::new();
        machine.wall_clock = Some(crate::host::clock::real_us);
        let pending = std::sync::Arc::clone(&machine.pending);
        machine.extension = Some(Box::new(Reactor::new(driver, pending)));
        machine.on_pending = Some(|machine| reactor(machine).serve_pending());
        let facts = machine.caches.get::<ProcessFacts>();
        facts.executable = Value::text_value(cmd::startup::program_name());
        facts.host_name = Some(crate::host::resolve::machine_name);
        machine.caches.get::<InterpHooks>().give_channel = Some(interps::give_channel);
        machine.on_interp_deleted.push(interps::interp_deleted);
        machine.on_background_error = Some(crate::event::background::note);
        let encodings = machine.encodings();
        encodings.read_file = Some(crate::host::encoding_files::read);
        encodings.on_system = Some(crate::host::native::set_system_encoding);
        encodings.list_files = Some(crate::host::encoding_files::list);
        let main = machine.main;
        cmd::register(&mut machine, main);
        machine.on_interp_made.push(cmd::register);
        World { machine }
    }

    /// Runs a script at the global level until it is complete, events included while it waits. `sourced`: command
    /// by command, as a file is.
    pub fn run(&mut self, script: Value, sourced: bool) -> End {
        let end = self.machine.run_script(script, sourced);
        drive(&mut self.machine, end)
    }

    /// Sources a file at the global level, as [`World::run`] does a script.
    pub fn source(&mut self, path: &[u8]) -> End {
        let words = vec![Value::from("source"), Value::text_of(path)];
        let run = Run { what: What::Words(words), at: At::Global, then: Then::Pass };
        let end = self.machine.run_behind_barrier(run);
        drive(&mut self.machine, end)
    }

    /// Adds a command that is written in Rust; it follows the rules of builtin ones.
    pub fn add_command(&mut self, name: &str, command: Rc<dyn CustomCommand>) {
        let global = self.machine.global();
        let (namespace, tail) = match name.rsplit_once("::") {
            Some((head, tail)) => (self.machine.make_namespace(format!("::{head}").as_bytes(), global), tail),
            None => (global, name),
        };
        self.machine.create_command(namespace, Value::from(tail), CommandKind::Custom(command));
    }

    /// Sets a global variable.
    pub fn set_global(&mut self, name: &str, value: Value) {
        let global = self.machine.global();
        if let Some(cell) = self.machine.namespace_cell(global, &Value::from(name), true) {
            cell.set(value);
        }
    }

    /// The global variable's value, if it has one.
    pub fn global(&mut self, name: &str) -> Option<Value> {
        let global = self.machine.global();
        let value = self.machine.namespace_cell(global, &Value::from(name), false)?.get();
        (!value.is_unset()).then_some(value)
    }

    /// Reports text on the standard error channel.
    pub fn report(&mut self, text: &[u8]) {
        reactor(&mut self.machine).write_stderr(text);
    }

    /// Writes text to the standard output channel.
    pub fn print(&mut self, text: &[u8]) {
        let reactor = reactor(&mut self.machine);
        if let Some(id) = reactor.standard_channel(1) {
            // Without a standard output there is nobody to tell.
            let _ = reactor.write(id, &Value::text_of(text), false);
        }
        reactor.close_all();
    }

    /// Hands all output to the system, as the end of the process does.
    pub fn flush_all(&mut self) {
        reactor(&mut self.machine).close_all();
    }
}
