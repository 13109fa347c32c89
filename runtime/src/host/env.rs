//! The environment of the process, which the `env` array shows and children inherit.
//!
//! The table is taken over from the system when it is first used and never
//! written back: changing the C library's own table is not safe while other
//! threads run, and nothing here reads it afterwards. Entries keep their bytes
//! and their order until a script changes them.

use std::ffi::CString;
use std::os::unix::ffi::OsStringExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use super::native::{NotNative, from_native, to_native_cut};

/// A name and a value, both as the system's bytes.
type Entry = (Vec<u8>, Vec<u8>);

fn table() -> MutexGuard<'static, Vec<Entry>> {
    static TABLE: OnceLock<Mutex<Vec<Entry>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        Mutex::new(std::env::vars_os().map(|(name, value)| (name.into_vec(), value.into_vec())).collect())
    });
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

static CHANGES: AtomicU64 = AtomicU64::new(0);

/// How often variables were set or removed: what was made of their values holds as long as this stays the same.
pub fn changes() -> u64 {
    CHANGES.load(Ordering::Relaxed)
}

/// The value of the variable `name`, or None if there is none.
pub fn get(name: &[u8]) -> Option<Vec<u8>> {
    let name = to_native_cut(name).ok()?.into_bytes();
    table().iter().find(|entry| entry.0 == name).map(|entry| from_native(&entry.1))
}

/// Sets the variable `name`, which keeps its place if it exists. Name and
/// value end at their first NUL.
///
/// # Errors
/// [`NotNative::Unencodable`] if either has no native form; the reference then
/// says `can't set "env(name)": encoding error`.
///
/// # Side effects
/// Children that are started from now on, by any thread, see the value.
pub fn set(name: &[u8], value: &[u8]) -> Result<(), NotNative> {
    let name = to_native_cut(name)?.into_bytes();
    let value = to_native_cut(value)?.into_bytes();
    let mut table = table();
    match table.iter_mut().find(|entry| entry.0 == name) {
        Some(entry) => entry.1 = value,
        None => table.push((name, value)),
    }
    CHANGES.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// Removes the variable `name`; false if there is none.
///
/// # Side effects
/// Children that are started from now on do not see the variable.
pub fn unset(name: &[u8]) -> bool {
    let mut table = table();
    let count = table.len();
    table.retain(|entry| from_native(&entry.0) != name);
    CHANGES.fetch_add(1, Ordering::Relaxed);
    table.len() != count
}

/// The names and values, in the order of the environment.
pub fn list() -> Vec<(Vec<u8>, Vec<u8>)> {
    table().iter().map(|(name, value)| (from_native(name), from_native(value))).collect()
}

/// The environment for a child: `name=value` each.
pub fn native() -> Vec<CString> {
    let join = |(name, value): &Entry| CString::new([name, &b"="[..], value].concat());
    table().iter().map(join).map(|entry| entry.expect("neither name nor value has a NUL")).collect()
}

/// The directories in which programs are searched, as the system's bytes: the
/// value of `PATH`, or the system's default without one.
pub fn program_directories() -> Vec<Vec<u8>> {
    let path = table().iter().find(|entry| entry.0 == b"PATH").map(|entry| entry.1.clone());
    path.unwrap_or_else(|| b"/bin:/usr/bin".to_vec()).split(|b| *b == b':').map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_get_unset() {
        let name = b"TCLRING_ENV_TEST";
        assert_eq!(get(name), None);
        set(name, b"one").unwrap();
        set(name, "tw\u{f6}\0three".as_bytes()).unwrap();
        assert_eq!(get(name), Some("tw\u{f6}".into()));
        assert!(list().iter().any(|(n, _)| n == name));
        assert!(native().contains(&CString::new("TCLRING_ENV_TEST=tw\u{f6}").unwrap()));
        assert!(unset(name));
        assert!(!unset(name));
        assert!(matches!(
            set(name, b"a\xED\xA0\x80"),
            Err(NotNative::Unencodable { index: 1, code_point: 0xD800 })
        ));
    }
}
