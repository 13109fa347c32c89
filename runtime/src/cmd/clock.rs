//! The `clock` ensemble: the system's clocks and zone files for the clock engine.

use std::collections::BTreeMap;
use std::rc::Rc;

use smallvec::SmallVec;
use tclring_vm::clock::{
    Clicks, ClockError, DEFAULT_FORMAT, Locale, Settings, Subcommand, Words, ZoneSource, Zones,
    clicks_option, command,
};
use tclring_vm::interp::command::{Outcome, row};
use tclring_vm::interp::exception::{Exception, Raised};
use tclring_vm::interp::var::VarCell;
use tclring_vm::interp::{Args, At, EnsembleRow, InterpId, MANY, Machine, Step, What};
use tclring_vm::value::{TextRef, Value};

use super::clock_locale::{Texts, locale_of};
use super::library;
use crate::host::{clock as host_clock, env, path, zoneinfo};

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

/// Where zones come from: directories in variables that scripts may set.
struct SystemZones {
    /// The list of directories of the system's zone files.
    directories: Option<Rc<VarCell>>,
    /// The directory of an installed Tcl's tables.
    tables: Option<Rc<VarCell>>,
}

fn value_of(cell: Option<&VarCell>) -> Value {
    cell.map(VarCell::get).filter(|value| !value.is_unset()).unwrap_or_default()
}

impl ZoneSource for SystemZones {
    fn zone(&self, name: &[u8]) -> Option<Vec<u8>> {
        match name {
            b"localtime" | b"Tcl/Localtime" => zoneinfo::read_local_zone(),
            _ => {
                let directories = value_of(self.directories.as_deref()).to_list().ok()?;
                let directories: Vec<_> = directories.items().iter().map(Value::to_text).collect();
                zoneinfo::read_zone(&directories, name)
            }
        }
    }

    fn table(&self, name: &[u8]) -> Option<Vec<u8>> {
        zoneinfo::read_table(&value_of(self.tables.as_deref()).text(), name)
    }

    fn system_zone(&self) -> Vec<u8> {
        env::get(b"TCL_TZ").or_else(|| env::get(b"TZ")).unwrap_or_else(|| b":Tcl/Localtime".to_vec())
    }

    fn c_library_zone(&self) -> Option<Vec<u8>> {
        env::get(b"TZ")
    }
}

/// What the commands of an interpreter remember.
pub struct State {
    /// How scans are done.
    pub settings: Settings,
    /// The locale that is meant when none is given.
    pub default_locale: Vec<u8>,
    zones: Zones,
    /// The environment that the zones were found under.
    environment: (Option<Vec<u8>>, Option<Vec<u8>>),
    /// [`env::changes`] of then.
    environment_changes: Option<u64>,
    /// Where zones come from; none until they are needed.
    source: Option<SystemZones>,
    texts: BTreeMap<Vec<u8>, Texts>,
}

impl State {
    fn new(machine: &Machine) -> State {
        State {
            settings: Settings::of(machine.mode()),
            default_locale: b"C".to_vec(),
            zones: Zones::new(),
            environment: (None, None),
            environment_changes: None,
            source: None,
            texts: BTreeMap::new(),
        }
    }

    /// Forgets what was found out about zones and locales.
    pub fn clear(&mut self) {
        self.zones.clear();
        self.source = None;
        self.texts.clear();
    }

    /// Forgets the zones if the environment names others now.
    fn refresh(&mut self) {
        let changes = Some(env::changes());
        if std::mem::replace(&mut self.environment_changes, changes) == changes {
            return;
        }
        let now = (env::get(b"TCL_TZ"), env::get(b"TZ"));
        if now != self.environment {
            self.environment = now;
            self.zones.clear();
        }
    }
}

/// The interpreter whose state the running one uses: safe ones share that of their parents.
pub fn owner(machine: &Machine) -> InterpId {
    let mut interp = machine.current();
    while let Some(parent) = machine.interp(interp).parent.filter(|_| machine.interp(interp).safe) {
        interp = parent;
    }
    interp
}

/// The state of an interpreter. The first call defines what scripts see of it.
pub fn state(machine: &mut Machine, interp: InterpId) -> &mut State {
    if machine.part::<State>(interp).is_none() {
        let state = State::new(machine);
        machine.interp_mut(interp).parts.push(Box::new(state));
        library::define(machine, interp, include_str!("../../library/clock.tcl"));
        machine.interp_mut(interp).note_script();
        let directory = library::directory(machine, interp);
        let zones = path::join([directory.as_slice(), b"tzdata"], machine.mode());
        let paths = zoneinfo::DIRECTORIES.iter().filter(|path| zoneinfo::is_directory(path));
        let paths = Value::list(paths.map(|path| Value::from(*path)).collect());
        set_variable(machine, interp, "LibDir", Value::text_value(directory));
        set_variable(machine, interp, "DataDir", Value::text_value(zones));
        set_variable(machine, interp, "ZoneinfoPaths", paths);
    }
    machine.part::<State>(interp).expect("it was made above if it was not there")
}

/// A variable of the namespace that scripts see.
fn namespace_variable(machine: &mut Machine, interp: InterpId, name: &str) -> Option<Rc<VarCell>> {
    let global = machine.interp(interp).global;
    let namespace = machine.make_namespace(b"::tcl::clock", global);
    machine.namespace_cell(namespace, &Value::from(name), true)
}

fn set_variable(machine: &mut Machine, interp: InterpId, name: &str, value: Value) {
    if let Some(cell) = namespace_variable(machine, interp, name) {
        cell.set(value);
    }
}

fn zone_source(machine: &mut Machine, interp: InterpId) -> SystemZones {
    SystemZones {
        directories: namespace_variable(machine, interp, "ZoneinfoPaths"),
        tables: namespace_variable(machine, interp, "DataDir"),
    }
}

/// The exception that a failure is.
pub fn exception(error: ClockError) -> Exception {
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
    run(machine, args, Subcommand::Format)
}

fn scan(machine: &mut Machine, args: Args) -> Outcome {
    run(machine, args, Subcommand::Scan)
}

fn add(machine: &mut Machine, args: Args) -> Outcome {
    run(machine, args, Subcommand::Add)
}

/// Finds the locale, then does what the command says.
fn run(machine: &mut Machine, args: Args, subcommand: Subcommand) -> Outcome {
    let mode = machine.mode();
    let texts: SmallVec<[TextRef<'_>; 8]> = args[1..].iter().map(Value::text).collect();
    let words: SmallVec<[&[u8]; 8]> = texts.iter().map(|text| &**text).collect();
    let words = Words::parse(subcommand, &words, mode).map_err(exception)?;
    let owner = owner(machine);
    let state = state(machine, owner);
    let name = words.locale.unwrap_or(&state.default_locale).to_ascii_lowercase();
    match name.as_slice() {
        b"" | b"c" => perform(machine, owner, &words, subcommand, b""),
        b"current" | b"system" => {
            let asked = vec![Value::from("::tcl::clock::GetSystemLocale")];
            let values = args[1..].to_vec();
            Ok(Step::run(What::Words(asked), At::Interp(owner), move |machine, outcome| {
                let name = outcome?.to_text().to_ascii_lowercase();
                run_in(machine, owner, values, subcommand, name)
            }))
        }
        _ => run_in(machine, owner, args[1..].to_vec(), subcommand, name),
    }
}

/// Learns the texts of the locale if need be, then does what the command says.
fn run_in(
    machine: &mut Machine,
    owner: InterpId,
    values: Vec<Value>,
    subcommand: Subcommand,
    name: Vec<u8>,
) -> Outcome {
    let perform = move |machine: &mut Machine, name: &[u8]| {
        let texts: Vec<TextRef<'_>> = values.iter().map(Value::text).collect();
        let words: Vec<&[u8]> = texts.iter().map(|text| &**text).collect();
        let words = Words::parse(subcommand, &words, machine.mode()).map_err(exception)?;
        perform(machine, owner, &words, subcommand, name)
    };
    if state(machine, owner).texts.contains_key(&name) {
        return perform(machine, &name);
    }
    let asked = vec![Value::from("::tcl::clock::mcget"), Value::text_of(&name)];
    let line = machine.interp(owner).last_error_line;
    Ok(Step::run(What::Words(asked), At::Interp(owner), move |machine, outcome| {
        // What fails while the texts are looked for leaves nothing behind.
        machine.interp_mut(owner).last_error_line = line;
        let locale = Rc::new(locale_of(&outcome?));
        let known = &mut state(machine, owner).texts;
        if known.len() >= LOCALES_MAX {
            known.clear();
        }
        known.insert(name.clone(), Texts::new(locale));
        perform(machine, &name)
    }))
}

/// How many locales are remembered.
const LOCALES_MAX: usize = 64;

fn perform(
    machine: &mut Machine,
    owner: InterpId,
    words: &Words,
    subcommand: Subcommand,
    locale: &[u8],
) -> Outcome {
    if state(machine, owner).source.is_none() {
        let source = zone_source(machine, owner);
        state(machine, owner).source = Some(source);
    }
    let here = machine.current();
    let zones_before = state(machine, owner).zones.looked_for();
    let outcome = perform_with(machine, owner, words, subcommand, locale);
    let state = state(machine, owner);
    let texts =
        state.texts.get_mut(locale).filter(|_| subcommand == Subcommand::Format || words.format.is_some());
    let is_new = texts.is_some_and(|texts| !std::mem::replace(&mut texts.is_used, true));
    if is_new || state.zones.looked_for() != zones_before {
        // The reference's library looks for zones and texts.
        machine.interp_mut(here).note_script();
    }
    outcome
}

fn perform_with(
    machine: &mut Machine,
    owner: InterpId,
    words: &Words,
    subcommand: Subcommand,
    locale: &[u8],
) -> Outcome {
    let mode = machine.mode();
    let state = state(machine, owner);
    state.refresh();
    let source = state.source.as_ref().expect("it was found above if it was not known");
    let now = host_clock::real_s();
    let meaning = words.meaning(subcommand, now, &mut state.zones, source, mode).map_err(exception)?;
    if !state.texts.contains_key(locale) {
        state.texts.insert(locale.to_vec(), Texts::new(Locale::root()));
    }
    let texts = state.texts.get_mut(locale).expect("it is there or was put there");
    let validate = words.validate.unwrap_or(state.settings.validate);
    let locale = Rc::clone(&texts.locale);
    let mut context = command::Context {
        locale: &locale,
        timezone: meaning.timezone,
        zones: &mut state.zones,
        source,
        settings: state.settings,
    };
    let value = match (subcommand, words.format) {
        (Subcommand::Format, format) => {
            let format = texts.format(format.unwrap_or(DEFAULT_FORMAT));
            Value::from(command::format(meaning.seconds, &format, &mut context).map_err(exception)?)
        }
        (Subcommand::Scan, Some(format)) => {
            let format = texts.scan(format);
            let instant = command::scan(words.subject, &format, meaning.seconds, validate, &mut context);
            Value::int(instant.map_err(exception)?)
        }
        (Subcommand::Scan, None) => {
            let instant = command::scan_free(words.subject, meaning.seconds, validate, &mut context);
            Value::int(instant.map_err(exception)?)
        }
        (Subcommand::Add, _) => {
            Value::int(command::add(meaning.seconds, &meaning.counts, &mut context).map_err(exception)?)
        }
    };
    Ok(Step::Done(value))
}

/// The instant of a local time in a zone, both in seconds since the epoch.
///
/// # Errors
/// The zone is not known.
pub fn to_universal(
    machine: &mut Machine,
    owner: InterpId,
    zone: &[u8],
    local: i64,
) -> Result<i64, Exception> {
    let source = zone_source(machine, owner);
    let zone = state(machine, owner).zones.find(zone, &source).map_err(exception)?;
    Ok(zone.to_utc(local, None).0)
}
