//! Users and groups, and the home directories of the former.

use super::env;
use super::errno::HostError;
use super::native::{from_native, to_native};
use super::path::Homes;
use super::sys::{self, AccountKey};

/// The number of the user `name`.
pub fn user_number(name: &[u8]) -> Option<u32> {
    sys::user(AccountKey::Name(&to_native(name).ok()?)).map(|user| user.uid)
}

/// The name of the user `uid`.
pub fn user_name(uid: u32) -> Option<Vec<u8>> {
    sys::user(AccountKey::Number(uid)).map(|user| from_native(&user.name))
}

/// The number of the group `name`.
pub fn group_number(name: &[u8]) -> Option<u32> {
    sys::group(AccountKey::Name(&to_native(name).ok()?)).map(|group| group.gid)
}

/// The name of the group `gid`.
pub fn group_name(gid: u32) -> Option<Vec<u8>> {
    sys::group(AccountKey::Number(gid)).map(|group| from_native(&group.name))
}

/// The name of the user who runs this process, for `tcl_platform(user)`.
pub fn current_user() -> Vec<u8> {
    user_name(rustix::process::getuid().as_raw()).unwrap_or_default()
}

/// The number of this process.
pub fn process_number() -> i32 {
    rustix::process::getpid().as_raw_nonzero().get()
}

/// The home directories of the system: `HOME` for the current user.
#[derive(Clone, Copy, Debug)]
pub struct SystemHomes;

impl Homes for SystemHomes {
    fn home(&self, user: Option<&[u8]>) -> Result<Vec<u8>, HostError> {
        match user {
            None => env::get(b"HOME").ok_or_else(|| {
                HostError::other(
                    &[b"couldn't find HOME environment variable to expand path"],
                    &[b"TCL", b"VALUE", b"PATH", b"HOMELESS"],
                )
            }),
            Some(user) => {
                let entry = to_native(user).ok().and_then(|name| sys::user(AccountKey::Name(&name)));
                entry.map(|entry| from_native(&entry.home)).ok_or_else(|| {
                    HostError::other(
                        &[b"user \"", user, b"\" doesn't exist"],
                        &[b"TCL", b"VALUE", b"PATH", b"NOUSER"],
                    )
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_superuser() {
        assert_eq!(user_number(b"root"), Some(0));
        assert_eq!(user_name(0).as_deref(), Some(&b"root"[..]));
        assert_eq!(group_number(b"root"), Some(0));
        assert_eq!(group_name(0).as_deref(), Some(&b"root"[..]));
        assert_eq!(SystemHomes.home(Some(b"root")).unwrap(), b"/root");
    }

    #[test]
    fn nobody_of_that_name() {
        let name = b"no-such-user";
        assert_eq!(user_number(name), None);
        assert_eq!(user_name(4_000_000_001), None);
        assert_eq!(group_number(b"no\0group"), None);
        let error = SystemHomes.home(Some(name)).unwrap_err();
        assert_eq!(error.message(), b"user \"no-such-user\" doesn't exist");
        assert_eq!(error.code().concat(), b"TCLVALUEPATHNOUSER");
    }
}
