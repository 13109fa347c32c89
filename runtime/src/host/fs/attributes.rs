//! `file attributes`: owner, group and permissions.

use rustix::fs::{Gid, Mode, Uid};

use super::name::FileName;
use super::stat::{could_not_read, raw_stat};
use crate::host::errno::{Errno, HostError};
use crate::host::user;

/// The option `-group`: the group's name, or its number if it has none.
///
/// # Errors
/// `could not read "name": …`
pub fn group_of(name: &FileName) -> Result<Vec<u8>, HostError> {
    let gid = attribute_stat(name)?.st_gid;
    Ok(user::group_name(gid).unwrap_or_else(|| gid.to_string().into_bytes()))
}

/// The option `-owner`: the owner's name, or number if there is none.
///
/// # Errors
/// `could not read "name": …`
pub fn owner_of(name: &FileName) -> Result<Vec<u8>, HostError> {
    let uid = attribute_stat(name)?.st_uid;
    Ok(user::user_name(uid).unwrap_or_else(|| uid.to_string().into_bytes()))
}

/// The option `-permissions`, in the reference's notation: `0o644`, `0o40755`
/// for a directory, `00000` for none at all.
///
/// # Errors
/// `could not read "name": …`
pub fn permissions_of(name: &FileName) -> Result<String, HostError> {
    Ok(match attribute_stat(name)?.st_mode & 0o77777 {
        0 => "00000".to_owned(),
        bits => format!("0o{bits:03o}"),
    })
}

fn attribute_stat(name: &FileName) -> Result<rustix::fs::Stat, HostError> {
    name.encodable()?;
    raw_stat(name).map_err(|errno| could_not_read(name, errno))
}

fn could_not_set(what: &[u8], name: &FileName, errno: Errno) -> HostError {
    HostError::posix(&[b"could not set ", what, b" for file \"", name.text(), b"\""], errno)
}

fn change_owner(name: &FileName, owner: Option<Uid>, group: Option<Gid>) -> Result<(), Errno> {
    Ok(rustix::fs::chown(name.native()?, owner, group)?)
}

/// Sets the option `-group`; `number` is what `group` is as an integer, if it
/// is one.
///
/// # Errors
/// `could not set group for file "name": …`
pub fn set_group(name: &FileName, group: &[u8], number: Option<i64>) -> Result<(), HostError> {
    let gid = number.map(|number| number as u32).or_else(|| user::group_number(group)).ok_or_else(|| {
        HostError::other(
            &[b"could not set group for file \"", name.text(), b"\": group \"", group, b"\" does not exist"],
            &[b"TCL", b"OPERATION", b"SETGRP", b"NO_GROUP"],
        )
    })?;
    change_owner(name, None, Some(Gid::from_raw(gid))).map_err(|errno| could_not_set(b"group", name, errno))
}

/// Sets the option `-owner`; `number` is what `owner` is as an integer, if it
/// is one.
///
/// # Errors
/// `could not set owner for file "name": …`
pub fn set_owner(name: &FileName, owner: &[u8], number: Option<i64>) -> Result<(), HostError> {
    let uid = number.map(|number| number as u32).or_else(|| user::user_number(owner)).ok_or_else(|| {
        HostError::other(
            &[b"could not set owner for file \"", name.text(), b"\": user \"", owner, b"\" does not exist"],
            &[b"TCL", b"OPERATION", b"SETOWN", b"NO_USER"],
        )
    })?;
    change_owner(name, Some(Uid::from_raw(uid)), None).map_err(|errno| could_not_set(b"owner", name, errno))
}

/// Sets the option `-permissions`; `integer` reads Tcl's integers.
///
/// # Errors
/// `unknown permission string format "…"`, or `could not set permissions for file "name": …`
pub fn set_permissions(
    name: &FileName,
    text: &[u8],
    integer: impl Fn(&[u8]) -> Option<i64>,
) -> Result<(), HostError> {
    let bits = match permission_number(text, integer) {
        Some(bits) => bits,
        None => {
            let old = raw_stat(name).map_err(|errno| could_not_read(name, errno))?.st_mode;
            parse_permissions(text, old & 0o7777).ok_or_else(|| {
                HostError::other(
                    &[b"unknown permission string format \"", text, b"\""],
                    &[b"TCL", b"VALUE", b"PERMISSION"],
                )
            })?
        }
    };
    let change = || -> Result<(), Errno> {
        Ok(rustix::fs::chmod(name.native()?, Mode::from_raw_mode(bits & 0o7777))?)
    };
    change().map_err(|errno| could_not_set(b"permissions", name, errno))
}

/// Permissions as a number: a leading zero makes it octal in every mode.
fn permission_number(text: &[u8], integer: impl Fn(&[u8]) -> Option<i64>) -> Option<u32> {
    let trimmed = text.trim_ascii_start();
    if let [b'0', digits @ ..] = trimmed
        && digits.first().is_some_and(u8::is_ascii_digit)
        && let Some(number) = integer(&[b"0o", digits].concat())
    {
        return Some(number as u32);
    }
    integer(text).map(|number| number as u32)
}

/// Permissions as `rwxr-xr-x` or as `u+s,go-rw`, applied to the bits `old`;
/// None for anything else.
pub fn parse_permissions(text: &[u8], old: u32) -> Option<u32> {
    if let Ok(letters) = <&[u8; 9]>::try_from(text)
        && let Some(bits) = parse_listing(letters)
    {
        return Some(bits);
    }
    let mut bits = old;
    let mut rest = text;
    while !rest.is_empty() {
        let (who, after) = take_letters(rest, |letter| match letter {
            b'u' => Some(0o4700),
            b'g' => Some(0o2070),
            b'o' => Some(0o1007),
            b'a' => Some(0o7777),
            _ => None,
        });
        let who = if after.len() == rest.len() { 0o7777 } else { who };
        let Some((operator, after)) = after.split_first() else { break };
        let (what, after) = take_letters(after, |letter| match letter {
            b'r' => Some(0o444),
            b'w' => Some(0o222),
            b'x' => Some(0o111),
            b's' => Some(0o6000),
            b't' => Some(0o1000),
            _ => None,
        });
        match operator {
            b'+' => bits |= who & what,
            b'-' => bits &= !(who & what),
            b'=' => bits = bits & !who | who & what,
            _ => return None,
        }
        rest = match after {
            [] => after,
            [b',', more @ ..] => more,
            _ => return None,
        };
    }
    Some(bits)
}

/// The bits of the letters at the start of `text`, and what follows them.
fn take_letters(text: &[u8], bits_of: impl Fn(u8) -> Option<u32>) -> (u32, &[u8]) {
    let mut bits = 0;
    for (at, letter) in text.iter().enumerate() {
        match bits_of(*letter) {
            Some(more) => bits |= more,
            None => return (bits, &text[at..]),
        }
    }
    (bits, &[])
}

/// Permissions as `ls` shows them.
fn parse_listing(letters: &[u8; 9]) -> Option<u32> {
    let mut bits = 0;
    for (at, letter) in letters.iter().enumerate() {
        let bit = 0o400 >> at;
        bits |= match (at, letter) {
            (_, b'-') => 0,
            (0 | 3 | 6, b'r') | (1 | 4 | 7, b'w') | (2 | 5 | 8, b'x') => bit,
            (2, b's') => bit | 0o4000,
            (2, b'S') => 0o4000,
            (5, b's') => bit | 0o2000,
            (5, b'S') => 0o2000,
            (8, b't') => bit | 0o1000,
            (8, b'T') => 0o1000,
            _ => return None,
        };
    }
    Some(bits)
}
