//! Encoding files in the directories of `encoding dirs`, as bytes: `vm` reads what is in them.

use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use tclring_vm::value::Value;

/// The end of the names of encoding files.
const SUFFIX: &str = ".enc";

/// The largest file that is read; the largest of the reference's has 100 kilobytes.
const FILE_BYTES_MAX: u64 = 1 << 22;

/// The content of the file for the encoding `name` in the first directory that has one.
pub fn read(directories: &[Value], name: &str) -> Option<Vec<u8>> {
    directories.iter().find_map(|directory| {
        let directory = directory.text();
        let path = Path::new(std::ffi::OsStr::from_bytes(&directory)).join(format!("{name}{SUFFIX}"));
        let mut content = Vec::new();
        File::open(path).ok()?.take(FILE_BYTES_MAX).read_to_end(&mut content).ok()?;
        Some(content)
    })
}

/// The names of the encodings for which the directories have files, in order.
pub fn list(directories: &[Value]) -> Vec<String> {
    let mut names = Vec::new();
    for directory in directories {
        let Ok(fd) = rustix::fs::open(
            &*directory.text(),
            rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::CLOEXEC,
            rustix::fs::Mode::empty(),
        ) else {
            continue;
        };
        let entries = rustix::fs::Dir::new(fd).into_iter().flatten().flatten();
        names
            .extend(entries.filter_map(|entry| {
                entry.file_name().to_str().ok()?.strip_suffix(SUFFIX).map(str::to_owned)
            }));
    }
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::test_directory::TestDirectory;

    #[test]
    fn files_are_found_by_name() {
        let directory = TestDirectory::new();
        std::io::Write::write_all(&mut File::create(directory.name("known.enc")).unwrap(), b"content")
            .unwrap();
        let directories = [Value::from("/no/such"), Value::from(directory.path().to_str().unwrap())];
        assert_eq!(read(&directories, "known").as_deref(), Some(b"content".as_slice()));
        assert_eq!(read(&directories, "unknown"), None);
        assert_eq!(list(&directories), ["known"]);
    }
}
