//! The reference page of the commands follows from the interpreter: the rows of their tables, the maps of ensembles
//! and the parameters of the library's procedures.

#![expect(clippy::disallowed_methods, reason = "the test reads and writes its own files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use tclring_runtime::world::{End, World};
use tclring_tests::program::root;
use tclring_vm::interp::{CommandRow, EnsembleRow};

/// Lists all commands: name, and its parameters if it is a procedure.
const LIST: &str = "
    proc all {namespace} {
        set found {}
        foreach name [lsort [info commands ${namespace}::*]] {
            if {$name eq {::all}} continue
            set usage {}
            if {[llength [info procs $name]]} {
                foreach parameter [info args $name] {
                    if {$parameter eq {args}} {
                        lappend usage {?arg ...?}
                    } elseif {[info default $name $parameter value]} {
                        lappend usage ?$parameter?
                    } else {
                        lappend usage $parameter
                    }
                }
            }
            lappend found [string range $name 2 end] [join $usage]
        }
        foreach child [lsort [namespace children [expr {$namespace eq {} ? {::} : $namespace}]]] {
            lappend found {*}[all $child]
        }
        return $found
    }
    join [lmap {name usage} [all {}] {string cat $name \\t $usage}] \\n
";

/// Rows that are commands by themselves, and rows of ensembles.
fn rows() -> (Vec<&'static CommandRow>, Vec<&'static EnsembleRow>) {
    let tables = tclring_vm::cmd::COMMANDS.iter().chain(tclring_runtime::cmd::COMMANDS);
    let ensembles = tclring_vm::cmd::ENSEMBLES.iter().chain(tclring_runtime::cmd::ENSEMBLES);
    (tables.flat_map(|table| table.iter()).collect(), ensembles.collect())
}

/// The command that a subcommand is.
fn command_of(path: &str) -> String {
    format!("tcl::{}", path.strip_prefix("tcl::").unwrap_or(path).replace(' ', "::"))
}

fn entry(page: &mut String, name: &str, usage: &str, help: &str) {
    let space = if usage.is_empty() { "" } else { " " };
    let dash = if help.is_empty() { "" } else { ": " };
    writeln!(page, "* `{name}{space}{usage}`{dash}{help}").expect("a string takes all");
}

fn page() -> String {
    let mut world = World::new(Some("epoll")).expect("every Linux has epoll");
    let End::Done(Ok(list)) = world.run(LIST.into(), false) else { panic!("the list is made") };
    let list = list.to_display();
    let (commands, ensembles) = rows();
    let by_name: BTreeMap<&str, &CommandRow> = commands.iter().map(|row| (row.name, *row)).collect();
    let parts: BTreeMap<String, &CommandRow> =
        ensembles.iter().flat_map(|ensemble| ensemble.rows).map(|row| (command_of(row.name), row)).collect();
    let mut page = String::from(
        "# Commands\n\nEvery command of a new interpreter, with its arguments as it tells them itself. \
         `UPDATE=1 cargo test -p tclring-tests --test commands_page` writes this page.\n\n",
    );
    for line in list.lines() {
        let (name, parameters) = line.split_once('\t').expect("a tab stands between");
        if parts.contains_key(name) {
            continue;
        }
        if let Some(ensemble) = ensembles.iter().find(|one| one.name == name || command_of(one.name) == name)
        {
            entry(&mut page, ensemble.name, "subcommand ?arg ...?", "");
            for row in ensemble.rows {
                page.push_str("  ");
                entry(&mut page, row.name, row.usage, row.help);
            }
            continue;
        }
        match by_name.get(name) {
            Some(row) => entry(&mut page, name, row.usage, row.help),
            None => entry(&mut page, name, parameters, ""),
        }
    }
    page
}

#[test]
fn the_page_is_as_the_interpreter() {
    let path = root().join("docs/COMMANDS.md");
    let page = page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, page).expect("the page can be written");
        return;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/COMMANDS.md is out of date: UPDATE=1 cargo test -p tclring-tests --test commands_page writes it anew"
    );
}
