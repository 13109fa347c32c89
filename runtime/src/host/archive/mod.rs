//! Zip archives as part of the file system, below the volume `//zipfs:/`.
//!
//! The content of a file is read when it is first asked for, into memory that is a file to the system: channels
//! open that, and what they write is there as long as the archive is mounted. Paths are canonical everywhere here:
//! absolute, without dots, and without a separator at the end but for the volume itself.

mod crypt;
pub mod zip;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::os::fd::{AsRawFd, OwnedFd};
use std::rc::Rc;

use rustix::fs::{MemfdFlags, Mode as FileMode, OFlags};
use tclring_compiler::Mode;
use tclring_vm::clock::{ZoneSource, Zones, julian_day_of_date};

pub use crypt::{PASSWORD_BYTES_MAX, hidden, revealed};
pub use zip::Failure;

use crate::host::path::{self, ARCHIVE_VOLUME};
use crate::host::{clock, env, zoneinfo};

/// The largest archive, for which positions fit.
const ARCHIVE_BYTES_MAX: usize = i32::MAX as usize;

/// An archive that is mounted.
struct Mount {
    /// Where it came from: a path, or what stands for memory.
    source: Vec<u8>,
    bytes: Rc<[u8]>,
    password: Vec<u8>,
    /// Where the archive begins in its file.
    start: usize,
    /// Its number among all that were ever mounted: its files' names in the system have it.
    number: u64,
    /// When it was mounted.
    time: i64,
}

/// A file or directory of an archive.
struct Node {
    mount: Vec<u8>,
    entry: Option<zip::Entry>,
    /// When it was changed, in seconds since 1970.
    time: i64,
    content: Option<OwnedFd>,
}

#[derive(Default)]
struct Archives {
    mounts: BTreeMap<Vec<u8>, Mount>,
    nodes: BTreeMap<Vec<u8>, Node>,
    directory: Option<Vec<u8>>,
    mounted: u64,
}

thread_local!(static ARCHIVES: RefCell<Archives> = RefCell::default());

/// What is known of a path in the volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Whether it is a directory.
    pub is_directory: bool,
    /// The size of its content.
    pub size: i64,
    /// How much is stored of it.
    pub stored_size: i64,
    /// Where that is in the archive's file.
    pub offset: i64,
    /// The checksum in the directory.
    pub checksum: u32,
    /// When it was changed, in seconds since 1970.
    pub time: i64,
    /// Where the archive is mounted; empty for a directory that only leads to one.
    pub mount: Vec<u8>,
    /// Where the archive came from.
    pub archive: Vec<u8>,
}

/// The canonical path in the volume that a name means, if it means one.
pub fn path_of(name: &[u8], mode: Mode) -> Option<Vec<u8>> {
    if mode == Mode::Tcl86 {
        return None;
    }
    if name.starts_with(ARCHIVE_VOLUME) {
        return Some(below(ARCHIVE_VOLUME, &name[ARCHIVE_VOLUME.len()..]));
    }
    if name.is_empty() || name.first() == Some(&path::SEPARATOR) {
        return None;
    }
    working_directory().map(|directory| below(&directory, name))
}

/// The canonical path of a relative one.
pub fn below(directory: &[u8], relative: &[u8]) -> Vec<u8> {
    let volume = ARCHIVE_VOLUME.len();
    let base = directory.get(volume..).unwrap_or_default();
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in base.split(|byte| *byte == b'/').chain(relative.split(|byte| *byte == b'/')) {
        match part {
            b"" | b"." => {}
            b".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    [ARCHIVE_VOLUME, &parts.join(&b'/')].concat()
}

/// The working directory, if it is in the volume.
pub fn working_directory() -> Option<Vec<u8>> {
    ARCHIVES.with_borrow(|archives| archives.directory.clone())
}

/// Makes a directory of the volume the working directory, or none.
pub fn set_working_directory(directory: Option<Vec<u8>>) {
    ARCHIVES.with_borrow_mut(|archives| archives.directory = directory);
}

/// Whether a path leads to the other: it is the volume or a directory above it.
fn leads_to(above: &[u8], path: &[u8]) -> bool {
    above == ARCHIVE_VOLUME || path.strip_prefix(above).is_some_and(|rest| rest.first() == Some(&b'/'))
}

impl Archives {
    fn find(&self, path: &[u8]) -> Option<Found> {
        if let Some(node) = self.nodes.get(path) {
            return Some(self.describe(path, node));
        }
        let leads = self.mounts.keys().any(|mount| mount != path && leads_to(path, mount));
        let time = self.mounts.values().map(|mount| mount.time).max().unwrap_or(0);
        leads.then(|| Found { is_directory: true, time, ..Found::default() })
    }

    fn describe(&self, path: &[u8], node: &Node) -> Found {
        let mount = self.mounts.get(&node.mount);
        let archive = mount.map(|mount| mount.source.clone()).unwrap_or_default();
        let mut found = Found {
            is_directory: true,
            time: node.time,
            mount: node.mount.clone(),
            archive,
            ..Found::default()
        };
        if path == node.mount {
            found.offset = mount.map_or(0, |mount| mount.start as i64);
        }
        if let Some(entry) = &node.entry {
            found.is_directory = entry.is_directory;
            found.size = entry.size as i64;
            found.stored_size = entry.stored_size as i64;
            found.offset = entry.offset as i64;
            found.checksum = entry.checksum;
        }
        if let Some(content) = &node.content
            && let Ok(stat) = rustix::fs::fstat(content)
        {
            found.size = stat.st_size;
        }
        found
    }

    fn is_directory(&self, path: &[u8]) -> bool {
        match self.nodes.get(path) {
            Some(node) => node.entry.as_ref().is_none_or(|entry| entry.is_directory),
            None => true,
        }
    }

    fn add(&mut self, path: Vec<u8>, mount: &[u8], entry: Option<zip::Entry>, time: i64) {
        // Directories above it that the archive does not name.
        let mut above = path.as_slice();
        while let Some(at) = above.iter().rposition(|byte| *byte == b'/')
            && at >= mount.len().max(ARCHIVE_VOLUME.len())
        {
            above = &above[..at];
            let node = || Node { mount: mount.to_vec(), entry: None, time, content: None };
            self.nodes.entry(above.to_vec()).or_insert_with(node);
        }
        // What another archive has there stays, but a directory that was only implied becomes itself.
        let implied = self.nodes.get(&path).is_some_and(|node| node.mount == mount && node.entry.is_none());
        if implied || !self.nodes.contains_key(&path) {
            self.nodes.insert(path, Node { mount: mount.to_vec(), entry, time, content: None });
        }
    }
}

/// What is known of a path.
pub fn find(path: &[u8]) -> Option<Found> {
    ARCHIVES.with_borrow(|archives| archives.find(path))
}

/// The names in a directory, with whether they are directories, in order.
pub fn names_in(directory: &[u8]) -> Vec<(Vec<u8>, bool)> {
    let prefix = if directory == ARCHIVE_VOLUME { directory.to_vec() } else { [directory, b"/"].concat() };
    ARCHIVES.with_borrow(|archives| {
        let mut names: BTreeMap<Vec<u8>, bool> = BTreeMap::new();
        for path in archives.nodes.keys().chain(archives.mounts.keys()) {
            let Some(rest) = path.strip_prefix(prefix.as_slice()).filter(|rest| !rest.is_empty()) else {
                continue;
            };
            let name = rest.split(|byte| *byte == b'/').next().unwrap_or_default();
            let whole = [prefix.as_slice(), name].concat();
            names.insert(name.to_vec(), archives.is_directory(&whole));
        }
        names.into_iter().collect()
    })
}

/// The paths of all archives: mount points, and what is in them.
pub fn paths() -> Vec<Vec<u8>> {
    ARCHIVES.with_borrow(|archives| archives.nodes.keys().cloned().collect())
}

/// The mount points with where their archives came from.
pub fn mounts() -> Vec<(Vec<u8>, Vec<u8>)> {
    ARCHIVES.with_borrow(|archives| {
        archives.mounts.iter().map(|(point, mount)| (point.clone(), mount.source.clone())).collect()
    })
}

/// Mounts an archive. An image that hides a password is read with it unless another one is given.
///
/// # Errors
/// What is wrong with it.
pub fn mount(point: &[u8], source: &[u8], bytes: Vec<u8>, password: &[u8]) -> Result<(), Failure> {
    if bytes.len() > ARCHIVE_BYTES_MAX {
        return Err(("illegal file size", "FILE_SIZE"));
    }
    let directory = zip::directory(&bytes)?;
    let password = match revealed(&bytes[..directory.start]) {
        Some((hidden, _)) if password.is_empty() => hidden,
        _ => password.to_vec(),
    };
    let zone = Zones::new().find(b":localtime", &LocalZone).ok();
    let now = clock::real_s();
    ARCHIVES.with_borrow_mut(|archives| {
        archives.mounted += 1;
        let mount = Mount {
            source: source.to_vec(),
            bytes: bytes.into(),
            password,
            start: directory.start,
            number: archives.mounted,
            time: now,
        };
        archives.mounts.insert(point.to_vec(), mount);
        archives.add(point.to_vec(), point, None, now);
        for entry in directory.entries {
            let local = local_seconds_of(entry.time);
            let time = zone.as_ref().map_or(local, |zone| zone.to_utc(local, None).0);
            archives.add(below(point, &entry.name), point, Some(entry), time);
        }
    });
    Ok(())
}

/// Takes an archive off. A path where none is mounted is no failure.
///
/// # Errors
/// One of its files is open.
pub fn unmount(point: &[u8]) -> Result<(), Failure> {
    ARCHIVES.with_borrow_mut(|archives| {
        let Some(mount) = archives.mounts.get(point) else { return Ok(()) };
        let held =
            archives.nodes.values().filter(|node| node.mount == point && node.content.is_some()).count();
        if open_files(mount.number) > held {
            return Err(("filesystem is busy", "BUSY"));
        }
        archives.nodes.retain(|_, node| node.mount != point);
        archives.mounts.remove(point);
        Ok(())
    })
}

/// The name that files of a mount have in the system.
fn system_name(number: u64) -> String {
    format!("zipfs-{number}")
}

/// How many descriptors of this process are of files of a mount.
fn open_files(number: u64) -> usize {
    let wanted = format!("/memfd:{} ", system_name(number));
    let Ok(directory) = rustix::fs::open(DESCRIPTORS, OFlags::RDONLY | OFlags::DIRECTORY, FileMode::empty())
    else {
        return 0;
    };
    let Ok(entries) = rustix::fs::Dir::read_from(&directory) else { return 0 };
    let is_wanted = |name: &std::ffi::CStr| {
        let target = rustix::fs::readlinkat(&directory, name, Vec::new());
        target.is_ok_and(|target| target.as_bytes().starts_with(wanted.as_bytes()))
    };
    entries.flatten().filter(|entry| is_wanted(entry.file_name())).count()
}

/// Where the system shows the descriptors of this process.
const DESCRIPTORS: &str = "/proc/self/fd";

/// Why a file could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenFailure {
    /// It is not there.
    Missing,
    /// It is a directory, and to be written.
    Directory,
    /// The archive is broken, or the password wrong.
    Broken(Failure),
    /// The system fails.
    System(rustix::io::Errno),
}

/// Opens a file.
///
/// # Errors
/// See [`OpenFailure`].
pub fn open(path: &[u8], flags: OFlags) -> Result<OwnedFd, OpenFailure> {
    ARCHIVES.with_borrow_mut(|archives| {
        let Archives { mounts, nodes, .. } = archives;
        let node = nodes.get_mut(path).ok_or(OpenFailure::Missing)?;
        let mount = mounts.get(&node.mount).ok_or(OpenFailure::Missing)?;
        let is_file = node.entry.as_ref().is_some_and(|entry| !entry.is_directory);
        if !is_file && flags.intersects(OFlags::WRONLY | OFlags::RDWR) {
            return Err(OpenFailure::Directory);
        }
        if node.content.is_none() {
            let content = match &node.entry {
                Some(entry) if is_file => {
                    entry.content(&mount.bytes, &mount.password).map_err(OpenFailure::Broken)?
                }
                _ => Vec::new(),
            };
            let made = filled(&system_name(mount.number), &content).map_err(OpenFailure::System)?;
            node.content = Some(made);
        }
        let Some(content) = &node.content else { return Err(OpenFailure::Missing) };
        let again = format!("{DESCRIPTORS}/{}", content.as_raw_fd());
        let flags = flags - (OFlags::CREATE | OFlags::EXCL);
        rustix::fs::open(again, flags | OFlags::CLOEXEC, FileMode::empty()).map_err(OpenFailure::System)
    })
}

/// A file in memory with this content.
fn filled(name: &str, content: &[u8]) -> Result<OwnedFd, rustix::io::Errno> {
    let file = rustix::fs::memfd_create(name, MemfdFlags::CLOEXEC)?;
    let mut at = 0;
    while at < content.len() {
        at += rustix::io::write(&file, &content[at..])?;
    }
    Ok(file)
}

/// The whole content of a file.
///
/// # Errors
/// See [`OpenFailure`].
pub fn read(path: &[u8]) -> Result<Vec<u8>, OpenFailure> {
    let file = open(path, OFlags::RDONLY)?;
    let mut content = vec![0; rustix::fs::fstat(&file).map_or(0, |stat| stat.st_size as usize)];
    let mut at = 0;
    while at < content.len() {
        match rustix::io::read(&file, &mut content[at..]).map_err(OpenFailure::System)? {
            0 => break,
            count => at += count,
        }
    }
    content.truncate(at);
    Ok(content)
}

/// The system's zone files.
struct LocalZone;

impl ZoneSource for LocalZone {
    fn zone(&self, name: &[u8]) -> Option<Vec<u8>> {
        match name {
            b"localtime" => zoneinfo::read_local_zone(),
            _ => zoneinfo::read_zone(&zoneinfo::DIRECTORIES.map(|path| path.as_bytes().to_vec()), name),
        }
    }

    fn c_library_zone(&self) -> Option<Vec<u8>> {
        env::get(b"TZ")
    }
}

/// The first Julian day of the Gregorian calendar; archives are younger.
const CHANGEOVER: i64 = 2_299_161;

/// The local time of a date and time in the form of DOS, in seconds since 1970.
fn local_seconds_of(time: u32) -> i64 {
    let field = |shift: u32, bits: u32| i64::from((time >> shift) & ((1 << bits) - 1));
    let (day, _) = julian_day_of_date(false, 1980 + field(25, 7), field(21, 4), field(16, 5), CHANGEOVER);
    let (epoch, _) = julian_day_of_date(false, 1970, 1, 1, CHANGEOVER);
    (day - epoch) * 86_400 + field(11, 5) * 3600 + field(5, 6) * 60 + field(0, 5) * 2
}

/// An instant in the form of DOS, which is local time and begins in 1980.
pub fn time_of(seconds: i64) -> u32 {
    let offset =
        Zones::new().find(b":localtime", &LocalZone).map_or(0, |zone| i64::from(zone.at(seconds).offset));
    let local = seconds.saturating_add(offset);
    let (days, of_day) = (local.div_euclid(86_400), local.rem_euclid(86_400));
    // Years that begin in March have the day that is not always there at their end.
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let Ok(years) = u32::try_from(year - 1980) else { return 0x0021_0000 };
    let date = (years.min(127) << 9) | ((month as u32) << 5) | day as u32;
    let time = ((of_day / 3600) << 11) | ((of_day / 60 % 60) << 5) | (of_day % 60 / 2);
    (date << 16) | time as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local() {
        for seconds in [315_532_800, 951_782_400, 1_065_455_202, 1_709_164_800, 4_102_444_798] {
            let offset = Zones::new()
                .find(b":localtime", &LocalZone)
                .map_or(0, |zone| i64::from(zone.at(seconds).offset));
            assert_eq!(local_seconds_of(time_of(seconds)), seconds + offset);
        }
    }

    #[test]
    fn archives_are_directories() {
        let source =
            |name: &str, content: &str| zip::Source { name: name.into(), content: content.into(), time: 0 };
        let bytes =
            zip::write(&[source("top", "one"), source("in/deep", "two")], b"", 5).expect("it is small");
        mount(b"//zipfs:/a/b", b"memory", bytes, b"").expect("it is whole");
        let check = |path: &str, expected: Option<(bool, i64)>| {
            let found = find(&path_of(path.as_bytes(), Mode::Tcl90).expect("it is in the volume"));
            assert_eq!(found.map(|found| (found.is_directory, found.size)), expected, "{path}");
        };
        check("//zipfs:/", Some((true, 0)));
        check("//zipfs:/a", Some((true, 0)));
        check("//zipfs:/a/b/", Some((true, 0)));
        check("//zipfs:/a/b/in", Some((true, 0)));
        check("//zipfs:/a/./b/in/../top", Some((false, 3)));
        check("//zipfs:/a/c", None);
        assert_eq!(names_in(b"//zipfs:/a/b"), [(b"in".to_vec(), true), (b"top".to_vec(), false)]);
        assert_eq!(read(b"//zipfs:/a/b/in/deep"), Ok(b"two".to_vec()));
        let file = open(b"//zipfs:/a/b/top", OFlags::RDWR | OFlags::TRUNC).expect("it is there");
        assert_eq!(rustix::io::write(&file, b"changed").ok(), Some(7));
        assert_eq!(unmount(b"//zipfs:/a/b").map_err(|(_, code)| code), Err("BUSY"));
        drop(file);
        assert_eq!(read(b"//zipfs:/a/b/top"), Ok(b"changed".to_vec()));
        assert_eq!(unmount(b"//zipfs:/a/b"), Ok(()));
        check("//zipfs:/a", None);
    }
}
