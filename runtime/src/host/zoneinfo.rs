//! The system's time zone files, as bytes: `vm` reads what is in them.

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
    let name = std::str::from_utf8(name).ok()?;
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.contains('\0');
    if !name.split('/').all(plain) {
        return None;
    }
    directories
        .iter()
        .find_map(|directory| read_file(&Path::new(std::ffi::OsStr::from_bytes(directory)).join(name)))
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
    let mut content = Vec::new();
    File::open(path).ok()?.take(FILE_BYTES_MAX).read_to_end(&mut content).ok()?;
    content.starts_with(MAGIC).then_some(content)
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
