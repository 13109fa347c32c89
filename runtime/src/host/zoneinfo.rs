//! The system's time zone files, as bytes: `vm` reads what is in them.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Where time zone files are looked for, in this order.
pub const DIRECTORIES: [&str; 4] =
    ["/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/zoneinfo", "/usr/local/etc/zoneinfo"];

/// The file of the zone that the system is in.
const LOCAL_FILE: &str = "/etc/localtime";

/// The largest file that is read; the largest zones have some kilobytes.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// What every time zone file starts with.
const MAGIC: &[u8] = b"TZif";

/// The content of the file for the zone `name` (`Europe/Berlin`), from the
/// first of the directories that has one; None if there is none or the name leads out of the directories.
pub fn read_zone(directories: &[Vec<u8>], name: &[u8]) -> Option<Vec<u8>> {
    let name = inside(name)?;
    directories.iter().find_map(|directory| read_file(&Path::new(OsStr::from_bytes(directory)).join(name)))
}

/// The text of the table for the zone `name` in the directory of an installed Tcl's tables; None if there is none or
/// the name leads out of the directory.
pub fn read_table(directory: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let path = Path::new(OsStr::from_bytes(directory)).join(inside(name)?);
    read_content(&path).filter(|_| !directory.is_empty())
}

/// The name of a zone as a path that stays inside the directory that it is looked for in.
fn inside(name: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(name).ok()?;
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains('\0');
    name.split('/').all(is_plain).then_some(name)
}

/// Whether there is such a directory.
pub fn is_directory(path: &str) -> bool {
    Path::new(path).is_dir()
}

/// The content of the file for the zone that the system is in, or None if it
/// does not say.
pub fn read_local_zone() -> Option<Vec<u8>> {
    read_file(Path::new(LOCAL_FILE))
}

fn read_file(path: &Path) -> Option<Vec<u8>> {
    read_content(path).filter(|content| content.starts_with(MAGIC))
}

fn read_content(path: &Path) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path).ok()?.take(FILE_BYTES_MAX).read_to_end(&mut content).ok()?;
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones() {
        let directories = DIRECTORIES.map(|directory| directory.as_bytes().to_vec());
        for name in [
            "",
            "/",
            "/etc/localtime",
            "../zoneinfo/UTC",
            "Europe/../UTC",
            "Europe//Paris",
            "UTC/",
            "no/such",
            "tzdata.zi",
        ] {
            assert_eq!(read_zone(&directories, name.as_bytes()), None, "{name}");
        }
        // A system without time zones is no failure.
        if Path::new(DIRECTORIES[0]).join("UTC").exists() {
            assert!(read_zone(&directories, b"UTC").unwrap().starts_with(MAGIC));
        }
    }
}
