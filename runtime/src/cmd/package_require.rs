//! `package require`: choosing a version, running its script, asking `package unknown`.

use std::cmp::Ordering;

use tclring_compiler::Mode;
use tclring_compiler::syntax::list::append_element;
use tclring_vm::interp::exception::{ERROR, Exception, Raised};
use tclring_vm::interp::{At, InterpId, Machine, Outcome, Step, What};
use tclring_vm::value::Value;
use tclring_vm::{error, text};

use super::package::{Available, OLD_PATCH_LEVEL, Packages, packages, select_mode};
use super::version::Version;

/// A package that is wanted.
#[derive(Clone)]
struct Wish {
    interp: InterpId,
    name: Value,
    requirements: Vec<Vec<u8>>,
}

/// Makes a package that satisfies one of the requirements available.
pub fn require(machine: &mut Machine, name: Value, requirements: Vec<Vec<u8>>) -> Outcome {
    let interp = machine.current();
    switch_if_asked(machine, &name, &requirements);
    let wish = Wish { interp, name, requirements };
    if let Some(version) = packages(machine).provided(&wish.name) {
        return check_provided(&wish.name, version, &wish.requirements);
    }
    match select(machine, &wish)? {
        Some(available) => Ok(load(machine, wish, available)),
        None => ask_unknown(machine, wish),
    }
}

/// The answer when a package is there already: its version, or a conflict.
pub fn check_provided(name: &Value, version: Value, requirements: &[Vec<u8>]) -> Outcome {
    if Version::parse(&version.text())?.satisfies(requirements) {
        return Ok(Step::Done(version));
    }
    Err(
        error!("version conflict for package \"", name, "\": have ", &version, ", need", requirements_text(requirements);
        "TCL", "PACKAGE", "VERSIONCONFLICT"),
    )
}

/// The requirements as messages show them, each with a blank before it.
pub fn requirements_text(requirements: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for requirement in requirements {
        match exact_version(requirement) {
            Some(version) => {
                out.extend_from_slice(b" exactly ");
                out.extend_from_slice(version);
            }
            None => {
                out.push(b' ');
                out.extend_from_slice(requirement);
            }
        }
    }
    out
}

/// The version of a requirement that only one satisfies, which is a range from it to itself.
pub fn exact_version(requirement: &[u8]) -> Option<&[u8]> {
    let half = requirement.len() / 2;
    let is_exact = requirement.len() % 2 == 1
        && requirement[half] == b'-'
        && requirement[..half] == requirement[half + 1..];
    is_exact.then(|| &requirement[..half])
}

/// Follows the rules of Tcl 8.6 from now on if the script cannot run otherwise: the request is one for the language
/// that Tcl 9.0 does not satisfy and 8.6 does, nobody catches the error, and no package was loaded by other rules.
fn switch_if_asked(machine: &mut Machine, name: &Value, requirements: &[Vec<u8>]) {
    let interp = machine.current();
    let is_language = matches!(&*name.text(), b"Tcl" | b"tcl");
    if !is_language || machine.mode() == Mode::Tcl86 || !packages(machine).may_switch {
        return;
    }
    let satisfied =
        |version: &[u8]| Version::parse(version).is_ok_and(|version| version.satisfies(requirements));
    let here = packages(machine).provided(name).is_some_and(|version| satisfied(&version.text()));
    if !here && satisfied(OLD_PATCH_LEVEL.as_bytes()) && !machine.runs_inside(&[b"catch", b"try"]) {
        select_mode(machine, interp, Mode::Tcl86);
    }
}

/// The best version that could be loaded and satisfies the wish: the highest, unstable ones only if preferred or alone.
fn select(machine: &mut Machine, wish: &Wish) -> Result<Option<Available>, Exception> {
    let packages = packages(machine);
    let latest = packages.latest;
    let package = packages.entry(&wish.name);
    if let Some(version) = &package.loading {
        let shown = requirements_text(&wish.requirements);
        return Err(
            error!("circular package dependency: attempt to provide ", &wish.name, " ", version, " requires ",
            &wish.name, shown; "TCL", "PACKAGE", "CIRCULARITY"),
        );
    }
    let mut best: Option<(Version, &Available)> = None;
    let mut best_stable: Option<(Version, &Available)> = None;
    for available in &package.available {
        let Ok(version) = Version::parse(&available.version.text()) else { continue };
        if !version.satisfies(&wish.requirements) {
            continue;
        }
        let better = |best: &Option<(Version, &Available)>| {
            best.as_ref().is_none_or(|(best, _)| version.compare(best) == Ordering::Greater)
        };
        if version.is_stable() && better(&best_stable) {
            best_stable = Some((version.clone(), available));
        }
        if better(&best) {
            best = Some((version, available));
        }
    }
    let chosen = if latest { best } else { best_stable.or(best) };
    Ok(chosen.map(|(_, available)| available.clone()))
}

/// Runs the script that provides a version.
fn load(machine: &mut Machine, wish: Wish, available: Available) -> Step {
    let packages = packages(machine);
    let package = packages.entry(&wish.name);
    package.loading = Some(available.version.clone());
    if !available.index.is_empty() {
        package.files.push(available.index.clone());
    }
    packages.loading.push(wish.name.clone());
    let script = available.script.clone();
    Step::run(What::Script(script), At::Global, move |machine, outcome| {
        let Some(packages) = machine.part::<Packages>(wish.interp) else { return outcome.map(Step::Done) };
        packages.loading.pop();
        let package = packages.entry(&wish.name);
        package.loading = None;
        let failed = match outcome {
            Ok(_) => wrong_version(&wish.name, &available.version, package.provided.as_ref()),
            Err(exception) if exception.code == ERROR => Some(exception),
            Err(exception) => {
                Some(error!("attempt to provide package ", &wish.name, " ", &available.version,
                " failed: bad return code: ", exception.code; "TCL", "PACKAGE", "BADRESULT"))
            }
        };
        let Some(mut exception) = failed else {
            if *wish.name.text() != *b"tcltest" {
                packages.may_switch = false;
            }
            let version = package_version(packages, &wish);
            return check_provided(&wish.name, version, &wish.requirements);
        };
        package.provided = None;
        add_line(&mut exception, &text!["package ifneeded ", &wish.name, " ", &available.version]);
        Err(exception)
    })
}

fn package_version(packages: &Packages, wish: &Wish) -> Value {
    packages.provided(&wish.name).unwrap_or_default()
}

/// The error if a script has not provided the version that it was run for.
fn wrong_version(name: &Value, wanted: &Value, provided: Option<&Value>) -> Option<Exception> {
    let lead = text!["attempt to provide package ", name, " ", wanted, " failed: "];
    let Some(provided) = provided else {
        return Some(
            error!(lead, "no version of package ", name, " provided"; "TCL", "PACKAGE", "UNPROVIDED"),
        );
    };
    let versions = (Version::parse(&wanted.text()), Version::parse(&provided.text()));
    match versions {
        (Ok(wanted), Ok(provided)) if wanted.compare(&provided) == Ordering::Equal => None,
        (_, Err(exception)) | (Err(exception), _) => Some(exception),
        _ => Some(
            error!(lead, "package ", name, " ", provided, " provided instead"; "TCL", "PACKAGE", "WRONGPROVIDE"),
        ),
    }
}

fn add_line(exception: &mut Exception, what: &[u8]) {
    exception.add_info(&text!["\n    (\"", what, "\" script)"]);
    exception.logged = false;
}

/// Lets the script of `package unknown` look for the package, then chooses again.
fn ask_unknown(machine: &mut Machine, wish: Wish) -> Outcome {
    let unknown = packages(machine).unknown.clone();
    if unknown.is_empty() {
        return Err(not_found(&wish));
    }
    let mut script = unknown.to_text();
    append_element(&mut script, &wish.name.text(), false);
    if wish.requirements.is_empty() {
        script.extend_from_slice(b" 0-");
    }
    for requirement in &wish.requirements {
        append_element(&mut script, requirement, false);
    }
    Ok(Step::run(What::Script(Value::text_value(script)), At::Global, move |machine, outcome| {
        if let Err(exception) = outcome {
            let mut exception = match exception.code {
                ERROR => exception,
                code => Raised::error(text!["bad return code: ", code]).with_code(&[
                    "TCL",
                    "PACKAGE",
                    "BADRESULT",
                ]),
            };
            add_line(&mut exception, b"package unknown");
            return Err(exception);
        }
        if let Some(version) = packages(machine).provided(&wish.name) {
            return check_provided(&wish.name, version, &wish.requirements);
        }
        match select(machine, &wish)? {
            Some(available) => Ok(load(machine, wish, available)),
            None => Err(not_found(&wish)),
        }
    }))
}

fn not_found(wish: &Wish) -> Exception {
    error!("can't find package ", &wish.name, requirements_text(&wish.requirements); "TCL", "PACKAGE", "UNFOUND")
}
