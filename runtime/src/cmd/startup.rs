//! The variables that an interpreter has from the start.

use std::rc::Rc;

use tclring_vm::interp::var::ArrayObj;
use tclring_vm::interp::{InterpId, Machine};
use tclring_vm::value::Value;

use super::support::set_global;
use crate::host::user::current_user;
use crate::host::{env, native, path};

/// The version that `tcl_version` tells.
pub const VERSION: &str = "9.0";
/// The release that `info patchlevel` tells.
pub const PATCH_LEVEL: &str = "9.0.4";

/// Where packages of the system are, on Unix.
const PACKAGE_PATH: &[&str] = &[
    "/usr/local/lib/tcltk",
    "/usr/local/share/tcltk",
    "/usr/lib/tcltk",
    "/usr/share/tcltk",
    "/usr/lib/tcltk/tcl9.0",
    "/usr/local/lib",
    "/usr/lib",
];

/// The global variables of the main interpreter in an order that makes `info globals` list them as the reference does;
/// some are set later.
const MAIN_VARIABLES: &[&str] = &[
    "tcl_interactive",
    "argv",
    "argv0",
    "argc",
    "tcl_version",
    "tcl_patchLevel",
    "tcl_pkgPath",
    "env",
    "auto_path",
    "tcl_platform",
    "tcl_library",
    "tcl_rcFileName",
];

/// The same for other interpreters that are not safe.
const CHILD_VARIABLES: &[&str] = &[
    "tcl_interactive",
    "tcl_version",
    "tcl_patchLevel",
    "tcl_pkgPath",
    "env",
    "auto_path",
    "tcl_library",
    "tcl_platform",
];

/// How many global variables the reference has had when an interpreter is ready, helpers of its start included.
const VARIABLES_AT_START: usize = 12;

/// Makes variables without values.
fn declare_variables(machine: &mut Machine, interp: InterpId, names: &[&str]) {
    let global = machine.interp(interp).global;
    machine.namespace_mut(global).variables.note_past_keys(VARIABLES_AT_START);
    for name in names {
        machine.namespace_cell(global, &Value::from(*name), true);
    }
}

/// Sets the variables.
pub fn set_variables(machine: &mut Machine, interp: InterpId) {
    let library = library_directory();
    // An interpreter made later leaves the directories as they have been set.
    if machine.encodings().directories.is_empty() {
        machine.encodings().directories =
            vec![Value::text_value([library.as_slice(), b"/encoding"].concat())];
    }
    let is_main = interp == machine.main;
    if !machine.interp(interp).safe {
        declare_variables(machine, interp, if is_main { MAIN_VARIABLES } else { CHILD_VARIABLES });
    }
    set_global(machine, interp, "tcl_version", Value::from(VERSION));
    set_global(machine, interp, "tcl_patchLevel", Value::from(PATCH_LEVEL));
    set_global(machine, interp, "tcl_library", Value::text_of(&library));
    let packages: Vec<Value> = PACKAGE_PATH.iter().map(|path| Value::from(*path)).collect();
    set_global(machine, interp, "auto_path", auto_path(&library, &packages));
    set_global(machine, interp, "tcl_pkgPath", Value::list(packages));
    set_global(machine, interp, "tcl_interactive", Value::int(0));
    if is_main {
        set_global(machine, interp, "tcl_rcFileName", Value::from("~/.tclshrc"));
    }
    let platform = array(platform());
    set_global(machine, interp, "tcl_platform", platform);
}

/// Adds an element to `tcl_platform`.
pub fn add_to_platform(machine: &mut Machine, interp: InterpId, name: &str, value: Value) {
    let global = machine.interp(interp).global;
    let cell = machine.namespace_cell(global, &Value::from("tcl_platform"), false);
    if let Some(array) = cell.and_then(|cell| cell.array()) {
        array.elements().borrow_mut().insert(&Value::from(name), value);
    }
}

fn array(elements: Vec<(&'static str, Value)>) -> Value {
    let array = ArrayObj::default();
    for (name, value) in elements {
        array.elements().borrow_mut().insert(&Value::from(name), value);
    }
    Value::from_array(Rc::new(array))
}

fn platform() -> Vec<(&'static str, Value)> {
    let system = rustix::system::uname();
    let text = |name: &std::ffi::CStr| Value::text_value(native::from_native(name.to_bytes()));
    let order = if cfg!(target_endian = "big") { "bigEndian" } else { "littleEndian" };
    vec![
        // In the order in which the reference adds them, which `array names` shows.
        ("engine", Value::from("Tcl")),
        ("byteOrder", Value::from(order)),
        ("wordSize", Value::int(size_of::<std::ffi::c_long>() as i64)),
        ("pointerSize", Value::int(size_of::<usize>() as i64)),
        ("platform", Value::from("unix")),
        ("os", text(system.sysname())),
        ("osVersion", text(system.release())),
        ("machine", text(system.machine())),
        ("user", Value::text_value(current_user())),
        ("pathSeparator", Value::from(":")),
    ]
}

/// The directory with the script library: `TCL_LIBRARY`, or beside the program.
fn library_directory() -> Vec<u8> {
    match env::get(b"TCL_LIBRARY") {
        Some(path) if !path.is_empty() => path,
        _ => path::join([program_library().as_slice(), b"tcl9.0"], tclring_compiler::Mode::Tcl90),
    }
}

/// The directory `lib` beside the directory that the program is in.
fn program_library() -> Vec<u8> {
    let program = program_name();
    let parent = program.rsplitn(3, |b| *b == path::SEPARATOR).nth(2).unwrap_or(b"");
    [parent, b"/lib"].concat()
}

/// The name of the program's file, for `info nameofexecutable`.
pub fn program_name() -> Vec<u8> {
    use std::os::unix::ffi::OsStringExt;
    std::env::current_exe()
        .map(|path| native::from_native(&path.into_os_string().into_vec()))
        .unwrap_or_default()
}

fn auto_path(library: &[u8], packages: &[Value]) -> Value {
    let mut directories: Vec<Value> = Vec::new();
    let mut add = |directory: Value| {
        if !directories.contains(&directory) {
            directories.push(directory);
        }
    };
    if let Some(list) = env::get(b"TCLLIBPATH")
        && let Ok(list) = Value::text_value(list).to_list()
    {
        list.items().iter().cloned().for_each(&mut add);
    }
    add(Value::text_of(library));
    let parent = library.rsplitn(2, |b| *b == path::SEPARATOR).nth(1).unwrap_or(b"");
    add(Value::text_of(parent));
    add(Value::text_value(program_library()));
    packages.iter().cloned().for_each(&mut add);
    Value::list(directories)
}
