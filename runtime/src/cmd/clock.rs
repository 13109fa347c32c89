//! The `clock` ensemble: the system's clocks and zone files for the clock engine.

use std::collections::HashMap;
use std::rc::Rc;

use tclring_vm::clock::{
    Clicks, ClockError, CompiledFormat, CompiledScan, DEFAULT_FORMAT, Locale, Settings, Subcommand, Words,
    ZoneSource, Zones, clicks_option, command,
};
use tclring_vm::interp::command::Outcome;
use tclring_vm::interp::exception::{Exception, Raised};
use tclring_vm::interp::{Args, CommandRow, EnsembleRow, MANY, Machine, Native, Step};
use tclring_vm::value::Value;

use crate::host::{clock as host_clock, env, zoneinfo};

const fn row(
    name: &'static str,
    usage: &'static str,
    (min, max): (u16, u16),
    help: &'static str,
    run: Native,
) -> CommandRow {
    CommandRow { name, usage, min, max, safe: true, help, run }
}

/// The `clock` ensemble.
pub const CLOCK: EnsembleRow = EnsembleRow {
    name: "clock",
    rows: &[
        row("clock add", "clockval|now ?number units?...", (0, MANY), "Adds to an instant.", add),
        row("clock clicks", "?-switch?", (0, 1), "A fine clock.", clicks),
        row("clock format", "clockval|now ?-format string?", (0, MANY), "The text of an instant.", format),
        row("clock microseconds", "", (0, 0), "Microseconds since the epoch.", |_, _| {
            done(host_clock::real_us())
        }),
        row("clock milliseconds", "", (0, 0), "Milliseconds since the epoch.", |_, _| {
            done(host_clock::real_ms())
        }),
        row("clock scan", "string ?-base seconds?", (0, MANY), "The instant that a text tells.", scan),
        row("clock seconds", "", (0, 0), "Seconds since the epoch.", |_, _| done(host_clock::real_s())),
    ],
    safe: true,
};

fn done(number: i64) -> Outcome {
    Ok(Step::Done(Value::int(number)))
}

/// Zone files of the system.
struct SystemZones;

impl ZoneSource for SystemZones {
    fn zone(&self, name: &[u8]) -> Option<Vec<u8>> {
        match name {
            b"localtime" | b"Tcl/Localtime" => zoneinfo::read_local_zone(),
            _ => zoneinfo::read_zone(name),
        }
    }

    fn system_zone(&self) -> Vec<u8> {
        env::get(b"TCL_TZ").or_else(|| env::get(b"TZ")).unwrap_or_else(|| b":Tcl/Localtime".to_vec())
    }

    fn c_library_zone(&self) -> Option<Vec<u8>> {
        env::get(b"TZ")
    }
}

/// How many formats are remembered.
const FORMATS_MAX: usize = 64;

/// What the commands remember.
#[derive(Default)]
struct State {
    zones: Zones,
    /// The environment that the zones were found under.
    environment: (Option<Vec<u8>>, Option<Vec<u8>>),
    formats: HashMap<Vec<u8>, Rc<CompiledFormat>>,
    scans: HashMap<Vec<u8>, Rc<CompiledScan>>,
}

impl State {
    /// Forgets the zones if the environment names others now.
    fn refresh(&mut self) {
        let now = (env::get(b"TCL_TZ"), env::get(b"TZ"));
        if now != self.environment {
            self.environment = now;
            self.zones.clear();
        }
    }

    fn format(&mut self, text: &[u8], locale: &Locale) -> Rc<CompiledFormat> {
        if let Some(known) = self.formats.get(text) {
            return Rc::clone(known);
        }
        if self.formats.len() >= FORMATS_MAX {
            self.formats.clear();
        }
        let made = Rc::new(CompiledFormat::new(text, locale));
        self.formats.insert(text.to_vec(), Rc::clone(&made));
        made
    }

    fn scan(&mut self, text: &[u8], locale: &Locale) -> Rc<CompiledScan> {
        if let Some(known) = self.scans.get(text) {
            return Rc::clone(known);
        }
        if self.scans.len() >= FORMATS_MAX {
            self.scans.clear();
        }
        let made = Rc::new(CompiledScan::new(text, locale));
        self.scans.insert(text.to_vec(), Rc::clone(&made));
        made
    }
}

fn exception(error: ClockError) -> Exception {
    Raised::error(error.message).with_code(&error.error_code)
}

fn clicks(_machine: &mut Machine, args: Args) -> Outcome {
    match args.get(1) {
        None => done(host_clock::real_us()),
        Some(word) => match clicks_option(&word.text()).map_err(exception)? {
            Clicks::Milliseconds => done(host_clock::real_ms()),
            Clicks::Microseconds => done(host_clock::real_us()),
        },
    }
}

fn format(machine: &mut Machine, args: Args) -> Outcome {
    run(machine, &args, Subcommand::Format)
}

fn scan(machine: &mut Machine, args: Args) -> Outcome {
    run(machine, &args, Subcommand::Scan)
}

fn add(machine: &mut Machine, args: Args) -> Outcome {
    run(machine, &args, Subcommand::Add)
}

fn run(machine: &mut Machine, args: &Args, subcommand: Subcommand) -> Outcome {
    let mode = machine.mode();
    let texts: Vec<Vec<u8>> = args[1..].iter().map(Value::to_text).collect();
    let words: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
    let state = machine.caches.get::<State>();
    state.refresh();
    let words = Words::parse(subcommand, &words, mode).map_err(exception)?;
    let now = host_clock::real_s();
    let meaning = words.meaning(subcommand, now, &mut state.zones, &SystemZones, mode).map_err(exception)?;
    let locale = Locale::root();
    let compiled_format = match subcommand {
        Subcommand::Format => Some(state.format(words.format.unwrap_or(DEFAULT_FORMAT), &locale)),
        _ => None,
    };
    let compiled_scan = match (subcommand, words.format) {
        (Subcommand::Scan, Some(format)) => Some(state.scan(format, &locale)),
        _ => None,
    };
    let settings = Settings::of(mode);
    let validate = words.validate.unwrap_or(settings.validate);
    let mut context = command::Context {
        locale: &locale,
        timezone: meaning.timezone,
        zones: &mut state.zones,
        source: &SystemZones,
        settings,
    };
    let value = match (compiled_format, compiled_scan) {
        (Some(format), _) => {
            Value::from(command::format(meaning.seconds, &format, &mut context).map_err(exception)?)
        }
        (_, Some(scan)) => Value::int(
            command::scan(words.subject, &scan, meaning.seconds, validate, &mut context)
                .map_err(exception)?,
        ),
        _ if matches!(subcommand, Subcommand::Scan) => Value::int(
            command::scan_free(words.subject, meaning.seconds, validate, &mut context).map_err(exception)?,
        ),
        _ => Value::int(command::add(meaning.seconds, &meaning.counts, &mut context).map_err(exception)?),
    };
    Ok(Step::Done(value))
}
