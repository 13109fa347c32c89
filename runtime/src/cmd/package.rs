//! `package`: which packages there are, how to load them, and loading them.

use std::cmp::Ordering;

use tclring_compiler::Mode;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, InterpId, MANY, Machine, Outcome, Step};
use tclring_vm::value::{OrderedMap, Value};
use tclring_vm::{error, text};

use super::package_require::{self, exact_version};
use super::support::{index_of, set_global, texts};
use super::version::{Version, check_requirement};
use super::{library, startup};
use crate::event::reactor::reactor;
use crate::host::env;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "package",
    usage: "option ?arg ...?",
    min: 1,
    max: MANY,
    safe: true,
    help: "Finds, describes and loads packages.",
    run: package,
}];

const OPTIONS: [&str; 12] = [
    "files",
    "forget",
    "ifneeded",
    "names",
    "prefer",
    "present",
    "provide",
    "require",
    "unknown",
    "vcompare",
    "versions",
    "vsatisfies",
];

/// The release that `package require Tcl 8.6` gets.
pub const OLD_PATCH_LEVEL: &str = "8.6.17";
const OLD_VERSION: &str = "8.6";

/// Packages that are always there, with their versions; the first two are the language.
const BUILT_IN: &[(&str, &str)] = &[
    ("Tcl", startup::PATCH_LEVEL),
    ("tcl", startup::PATCH_LEVEL),
    ("tcl::tommath", startup::PATCH_LEVEL),
    ("TclOO", "1.3.1"),
    ("tcl::oo", "1.3.1"),
    ("tcl::zlib", "2.0.1"),
];

/// Which of them can also be asked for with `package ifneeded`.
const OBJECT_PACKAGES: std::ops::Range<usize> = 3..5;

/// One version of a package that could be loaded.
#[derive(Clone)]
pub(super) struct Available {
    pub(super) version: Value,
    pub(super) script: Value,
    /// The index that said so.
    pub(super) index: Value,
}

/// What is known about a package.
#[derive(Default)]
pub(super) struct Package {
    /// The version that was provided.
    pub(super) provided: Option<Value>,
    /// Versions that could be loaded.
    pub(super) available: Vec<Available>,
    /// The version that is being loaded.
    pub(super) loading: Option<Value>,
    /// The files that were read to load it.
    pub(super) files: Vec<Value>,
}

/// The packages of an interpreter.
pub struct Packages {
    pub(super) table: OrderedMap<Option<Box<Package>>>,
    pub(super) unknown: Value,
    pub(super) latest: bool,
    /// The packages that are being loaded, the innermost last.
    pub(super) loading: Vec<Value>,
    /// Whether a request for Tcl 8.x may still change the rules.
    pub(super) may_switch: bool,
}

impl Packages {
    /// The packages that are there from the start.
    fn new() -> Packages {
        let mut packages = Packages {
            table: OrderedMap::default(),
            unknown: Value::EMPTY,
            latest: env::get(b"TCL_PKG_PREFER_LATEST").is_some(),
            loading: Vec::new(),
            may_switch: true,
        };
        for (name, version) in BUILT_IN {
            packages.entry(&Value::from(*name)).provided = Some(Value::from(*version));
        }
        for (name, version) in &BUILT_IN[OBJECT_PACKAGES] {
            let script = Value::from("# Already present, OK?");
            let here = Available { version: Value::from(*version), script, index: Value::EMPTY };
            packages.entry(&Value::from(*name)).available.push(here);
        }
        packages
    }

    /// What is known about `name`, made if need be.
    pub(super) fn entry(&mut self, name: &Value) -> &mut Package {
        self.table.get_or_insert_with(name, || Some(Box::default())).get_or_insert_default()
    }

    /// What is known about `name`.
    pub(super) fn known(&self, name: &Value) -> Option<&Package> {
        self.table.get(name)?.as_deref()
    }

    /// The version of `name` that was provided.
    pub(super) fn provided(&self, name: &Value) -> Option<Value> {
        self.known(name)?.provided.clone()
    }
}

/// Gives an interpreter its packages.
pub fn set_up(machine: &mut Machine, interp: InterpId) {
    let packages = Packages::new();
    machine.interp_mut(interp).parts.push(Box::new(packages));
}

/// Sets the handler of packages that are not known, as `package unknown` does.
pub fn set_unknown(machine: &mut Machine, interp: InterpId, handler: Value) {
    if let Some(packages) = machine.part::<Packages>(interp) {
        packages.unknown = handler;
    }
}

/// Lets no request for Tcl 8.x change the rules of an interpreter.
pub fn keep_mode(machine: &mut Machine, interp: InterpId) {
    if let Some(packages) = machine.part::<Packages>(interp) {
        packages.may_switch = false;
    }
}

/// Makes an interpreter follow the rules of `mode` and say so.
pub fn select_mode(machine: &mut Machine, interp: InterpId, mode: Mode) {
    machine.interp_mut(interp).mode = mode;
    let (version, release) = match mode {
        Mode::Tcl86 => (OLD_VERSION, OLD_PATCH_LEVEL),
        Mode::Tcl90 => (startup::VERSION, startup::PATCH_LEVEL),
    };
    set_global(machine, interp, "tcl_version", Value::from(version));
    set_global(machine, interp, "tcl_patchLevel", Value::from(release));
    if let Some(packages) = machine.part::<Packages>(interp) {
        packages.may_switch = false;
        for (name, _) in &BUILT_IN[..2] {
            packages.entry(&Value::from(*name)).provided = Some(Value::from(release));
        }
    }
    if mode == Mode::Tcl86 {
        set_global(machine, interp, "tcl_precision", Value::int(0));
        startup::add_to_platform(machine, interp, "threaded", Value::int(1));
        library::add_old(machine, interp);
        reactor(machine).follow_old_rules();
    }
    machine.all_names_changed();
}

/// Notes that a file is read; it belongs to the package that is being loaded.
pub fn note_file(machine: &mut Machine, path: &Value) {
    let packages = packages(machine);
    if let Some(name) = packages.loading.last().cloned() {
        packages.entry(&name).files.push(path.clone());
    }
}

/// The packages of the running interpreter.
pub(super) fn packages(machine: &mut Machine) -> &mut Packages {
    let interp = machine.current();
    if machine.part::<Packages>(interp).is_none() {
        set_up(machine, interp);
    }
    machine.part::<Packages>(interp).expect("it was made just now")
}

/// The usage of a subcommand, and how many words may follow it.
fn usage(option: usize) -> (&'static str, usize, usize) {
    match option {
        0 => ("package", 1, 1),
        1 => ("?package ...?", 0, usize::MAX),
        2 => ("package version ?script?", 2, 3),
        3 => ("", 0, 0),
        4 => ("?latest|stable?", 0, 1),
        5 | 7 => ("?-exact? package ?requirement ...?", 1, usize::MAX),
        6 => ("package ?version?", 1, 2),
        8 => ("?command?", 0, 1),
        9 => ("version1 version2", 2, 2),
        10 => ("package", 1, 1),
        _ => ("version ?requirement ...?", 2, usize::MAX),
    }
}

fn package(machine: &mut Machine, args: Args) -> Outcome {
    let option = index_of(&args[1], &OPTIONS, "option", false)?;
    let (words, least, most) = usage(option);
    let given = args.len() - 2;
    if given < least || given > most {
        return Err(machine.wrong_args(&args, 2, words));
    }
    match option {
        0 => Ok(Step::Done(Value::list(
            packages(machine).known(&args[2]).map_or(Vec::new(), |p| p.files.clone()),
        ))),
        1 => {
            for name in &args[2..] {
                packages(machine).table.remove(name);
            }
            Ok(Step::EMPTY)
        }
        2 => if_needed(machine, &args),
        3 => Ok(Step::Done(Value::list(names(packages(machine))))),
        4 => prefer(machine, &args),
        5 | 7 => require(machine, args, words, option == 7),
        6 => provide(machine, &args),
        8 => {
            let packages = packages(machine);
            if let Some(command) = args.get(2) {
                packages.unknown = command.clone();
                return Ok(Step::EMPTY);
            }
            Ok(Step::Done(packages.unknown.clone()))
        }
        9 => {
            let (first, second) = (Version::parse(&args[2].text())?, Version::parse(&args[3].text())?);
            Ok(Step::Done(Value::int(first.compare(&second) as i64)))
        }
        10 => {
            let known = packages(machine).known(&args[2]);
            let versions =
                known.map_or(Vec::new(), |p| p.available.iter().map(|a| a.version.clone()).collect());
            Ok(Step::Done(Value::list(versions)))
        }
        _ => {
            let version = Version::parse(&args[2].text())?;
            let requirements = texts(&args[3..]);
            requirements.iter().try_for_each(|requirement| check_requirement(requirement))?;
            Ok(Step::Done(Value::bool(version.satisfies(&requirements))))
        }
    }
}

fn names(packages: &Packages) -> Vec<Value> {
    let there = |package: &Option<Box<Package>>| {
        package.as_ref().is_some_and(|package| package.provided.is_some() || !package.available.is_empty())
    };
    let known = packages.table.table_order(|_, package| there(package));
    known.into_iter().map(|(name, _)| name.clone()).collect()
}

fn if_needed(machine: &mut Machine, args: &Args) -> Outcome {
    let version = Version::parse(&args[3].text())?;
    let interp = machine.current();
    let index = machine.interp(interp).script_file.clone();
    let packages = packages(machine);
    let equal = |available: &&mut Available| {
        Version::parse(&available.version.text())
            .is_ok_and(|known| known.compare(&version) == Ordering::Equal)
    };
    let Some(script) = args.get(4) else {
        let Some(Some(package)) = packages.table.get_mut(&args[2]) else { return Ok(Step::EMPTY) };
        let found = package.available.iter_mut().find(equal);
        return Ok(Step::Done(found.map_or(Value::EMPTY, |available| available.script.clone())));
    };
    let package = packages.entry(&args[2]);
    match package.available.iter_mut().find(equal) {
        Some(available) => {
            available.script = script.clone();
            available.index = index;
        }
        None => {
            let version = args[3].clone();
            package.available.push(Available { version, script: script.clone(), index });
        }
    }
    Ok(Step::EMPTY)
}

fn prefer(machine: &mut Machine, args: &Args) -> Outcome {
    let packages = packages(machine);
    if let Some(word) = args.get(2) {
        // There is no way back to stable versions.
        packages.latest |= index_of(word, &["latest", "stable"], "preference", true)? == 0;
    }
    Ok(Step::Done(Value::from(if packages.latest { "latest" } else { "stable" })))
}

fn provide(machine: &mut Machine, args: &Args) -> Outcome {
    let packages = packages(machine);
    let name = &args[2];
    let Some(word) = args.get(3) else {
        return Ok(Step::Done(packages.provided(name).unwrap_or_default()));
    };
    let version = Version::parse(&word.text())?;
    let package = packages.entry(name);
    if let Some(before) = &package.provided {
        if Version::parse(&before.text())?.compare(&version) != Ordering::Equal {
            return Err(
                error!("conflicting versions provided for package \"", name, "\": ", before, ", then ", word;
                "TCL", "PACKAGE", "VERSIONCONFLICT"),
            );
        }
        return Ok(Step::EMPTY);
    }
    package.provided = Some(word.clone());
    Ok(Step::EMPTY)
}

/// `package require` and `package present`.
fn require(machine: &mut Machine, args: Args, usage: &str, load: bool) -> Outcome {
    let exact = *args[2].text() == *b"-exact";
    let (name, requirements) = if exact {
        if args.len() != 5 {
            return Err(machine.wrong_args(&args, 2, usage));
        }
        let version = args[4].to_text();
        Version::parse(&version)?;
        (args[3].clone(), vec![[version.as_slice(), b"-", &version].concat()])
    } else {
        let requirements = texts(&args[3..]);
        (args[2].clone(), requirements)
    };
    if load {
        requirements.iter().try_for_each(|requirement| check_requirement(requirement))?;
        return package_require::require(machine, name, requirements);
    }
    let provided = packages(machine).provided(&name);
    requirements.iter().try_for_each(|requirement| check_requirement(requirement))?;
    match provided {
        Some(version) => package_require::check_provided(&name, version, &requirements),
        None => Err(not_present(&name, &requirements)),
    }
}

fn not_present(name: &Value, requirements: &[Vec<u8>]) -> Exception {
    // Of an exact requirement, which is a range, the version is told.
    let wanted = match requirements.first() {
        Some(first) => text![" ", exact_version(first).unwrap_or(first)],
        None => Vec::new(),
    };
    error!("package ", name, &wanted, " is not present"; "TCL", "LOOKUP", "PACKAGE", name.text())
}
