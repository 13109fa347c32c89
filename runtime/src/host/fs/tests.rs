//! Tests of the file system's commands; every expectation is the reference's.

#![allow(clippy::disallowed_methods, reason = "the tests read and write their own files")]

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};

use tclring_compiler::Mode::Tcl90;

use super::*;
use crate::host::errno::HostError;
use crate::host::test_directory::TestDirectory;
use crate::host::user::SystemHomes;

/// Files `f` and `g`, which hold their names, directories, links and a pipe.
fn fresh() -> TestDirectory {
    let directory = TestDirectory::new();
    let at = |name: &str| directory.path().join(name);
    for file in ["f", "g"] {
        std::fs::write(at(file), file).unwrap();
    }
    for made in ["d/sub", "e/d/sub2", "full/d", "empty", "dirf/f", "dirf2/f/z"] {
        std::fs::create_dir_all(at(made)).unwrap();
    }
    for file in ["d/x", "full/f", "full/d/x"] {
        std::fs::write(at(file), "").unwrap();
    }
    for (link, target) in [("l", "f"), ("ld", "d"), ("dangling", "nosuch")] {
        symlink(target, at(link)).unwrap();
    }
    let pipe = rustix::fs::Mode::from_raw_mode(0o644);
    rustix::fs::mknodat(rustix::fs::CWD, at("p"), rustix::fs::FileType::Fifo, pipe, 0).unwrap();
    directory
}

fn file_name(text: &str) -> FileName {
    FileName::new(text.as_bytes(), Tcl90, &SystemHomes).unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// Performs one `file` command whose names are in `directory`.
fn perform(directory: &TestDirectory, command: &str) -> Result<String, HostError> {
    let mut words: Vec<&str> = command.split(' ').collect();
    let force = words.get(1) == Some(&"-force");
    let hard = words.get(1) == Some(&"-hard");
    if force || hard {
        words.remove(1);
    }
    let name = |word: &str| file_name(&if word == "{}" { String::new() } else { directory.name(word) });
    let integer = |text: &[u8]| integer(text);
    let mut names: Vec<FileName> = words[1..].iter().map(|word| name(word)).collect();
    let done = |result: Result<(), HostError>| result.map(|()| "ok".to_owned());
    match words[0] {
        "delete" => done(names.iter().try_for_each(|name| delete(name, force))),
        "mkdir" => done(names.iter().try_for_each(|name| make_directories(name, &SystemHomes))),
        "rename" | "copy" => {
            let target = names.pop().unwrap();
            let transfer = if words[0] == "copy" { copy } else { rename };
            done(transfer(&names, &target, force, &SystemHomes))
        }
        "link" => {
            let kind = if hard { LinkKind::Hard } else { LinkKind::Symbolic };
            let target = if hard { name(words[2]) } else { file_name(words[2].trim_matches(['{', '}'])) };
            done(create_link(&names[0], &target, kind, &SystemHomes))
        }
        "readlink" => read_link(&names[0]).map(text),
        "type" => kind(&names[0]).map(|kind| kind.word().to_owned()),
        "size" => size(&names[0]).map(|size| size.to_string()),
        "exists" => Ok(exists(&names[0]).to_string()),
        "mtime" => match words.get(2) {
            Some(seconds) => set_modification_time(&names[0], seconds.parse().unwrap()),
            None => modification_time(&names[0]),
        }
        .map(|seconds| seconds.to_string()),
        "permissions" => match words.get(2) {
            Some(bits) => done(set_permissions(&names[0], bits.as_bytes(), integer)),
            None => permissions_of(&names[0]),
        },
        "owner" => done(set_owner(&names[0], words[2].as_bytes(), None)),
        "group" => done(set_group(&names[0], words[2].as_bytes(), None)),
        "cd" => done(change_directory(&names[0])),
        other => panic!("no such command: {other}"),
    }
}

/// A stand-in for Tcl's integers.
fn integer(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.trim();
    match text.strip_prefix("0o") {
        Some(digits) => i64::from_str_radix(digits, 8).ok(),
        None => text.parse().ok(),
    }
}

/// Runs `;`-separated commands in a fresh directory; the outcome of the last
/// one, or of the first that fails, must be as given.
fn check(cases: &[(&str, &str)]) {
    for (commands, expected) in cases {
        let directory = fresh();
        let mut outcome = String::new();
        for command in commands.split("; ") {
            match perform(&directory, command) {
                Ok(result) => outcome = result,
                Err(error) => {
                    let code = error.code().into_iter().map(text).collect::<Vec<_>>();
                    outcome = format!("{error} | {}", code[..code.len().min(2)].join(" "));
                    break;
                }
            }
        }
        assert_eq!(directory.shorten(&outcome), *expected, "{commands}");
    }
}

#[test]
fn renaming() {
    check(&[
        ("rename f e; size e/f", "1"),
        (
            "rename f nosuch/x",
            "error renaming \"f\" to \"nosuch/x\": no such file or directory | POSIX ENOENT",
        ),
        ("rename f nosuch/; type nosuch", "file"),
        ("rename nosuch x", "error renaming \"nosuch\": no such file or directory | POSIX ENOENT"),
        ("rename f d f e/x", "error renaming: target \"e/x\" is not a directory | POSIX ENOTDIR"),
        ("rename f f", "error renaming \"f\": file exists | POSIX EEXIST"),
        ("rename -force f f; size f", "1"),
        ("rename f g", "error renaming \"f\" to \"g\": file exists | POSIX EEXIST"),
        ("rename -force f g; exists f", "false"),
        (
            "rename d d",
            "error renaming \"d\" to \"d/d\": trying to rename a volume or move a directory into itself | NONE",
        ),
        (
            "rename -force d d/sub/new",
            "error renaming \"d\" to \"d/sub/new\": trying to rename a volume or move a directory into itself | NONE",
        ),
        ("rename d f", "error renaming \"d\" to \"f\": file exists | POSIX EEXIST"),
        ("rename -force d f", "can't overwrite file \"f\" with directory \"d\" | NONE"),
        ("rename -force f dirf", "can't overwrite directory \"dirf/f\" with file \"f\" | NONE"),
        ("rename -force d full", "error renaming \"d\" to \"full/d\": file exists | POSIX EEXIST"),
        ("mkdir empty/d; rename -force d empty; exists empty/d/x", "true"),
        ("rename l e; type e/l", "link"),
        ("rename -force f l; type l", "file"),
        ("rename f ld; exists d/f", "true"),
        ("rename f dangling", "error renaming \"f\" to \"dangling\": file exists | POSIX EEXIST"),
        ("rename f/ x; size x", "1"),
        ("rename {} x", "error renaming \"\": no such file or directory | POSIX ENOENT"),
        ("rename f {}", "error renaming \"f\" to \"\": no such file or directory | POSIX ENOENT"),
        ("rename f g/x", "error renaming \"f\" to \"g/x\": not a directory | POSIX ENOTDIR"),
        ("rename f g e; exists e/g", "true"),
    ]);
}

#[test]
fn copying() {
    check(&[
        ("copy f h; size h", "1"),
        ("copy f g", "error copying \"f\" to \"g\": file exists | POSIX EEXIST"),
        ("copy -force f g; size g", "1"),
        ("copy f full", "error copying \"f\" to \"full/f\": file exists | POSIX EEXIST"),
        ("copy f nosuch/x", "error copying \"f\" to \"nosuch/x\": no such file or directory | POSIX ENOENT"),
        ("copy f g nosuch", "error copying: target \"nosuch\" is not a directory | POSIX ENOTDIR"),
        ("copy d new; type new/sub", "directory"),
        ("copy d e", "error copying \"d\" to \"e/d\": file exists | POSIX EEXIST"),
        ("copy -force d full", "error copying \"d\" to \"full/d\": file exists | POSIX EEXIST"),
        ("copy -force d f", "can't overwrite file \"f\" with directory \"d\" | NONE"),
        ("copy -force f dirf2", "can't overwrite directory \"dirf2/f\" with file \"f\" | NONE"),
        ("copy l new; type new", "link"),
        ("copy dangling new; readlink new", "nosuch"),
        ("copy ld new; type new", "link"),
        ("copy -force f l; type l", "file"),
        ("copy -force f f; size f", "1"),
        ("copy p new; type new", "fifo"),
        ("copy {} x", "error copying \"\": no such file or directory | POSIX ENOENT"),
        ("copy f f/x", "error copying \"f\" to \"f/x\": not a directory | POSIX ENOTDIR"),
        ("permissions f 04711; copy f h; permissions h", "0o4711"),
        ("mtime f 1000; copy f h; mtime h", "1000"),
        ("permissions d 0700; mtime d 1000; copy d h; mtime h", "1000"),
        ("permissions d 0500; copy d h; permissions h", "0o40500"),
    ]);
    let directory = fresh();
    let message = perform(&directory, "copy d d/sub").unwrap_err().to_string();
    assert!(directory.shorten(&message).starts_with("error copying \"d\" to \"d/sub/d\": \"d/sub/d/sub/"));
    assert!(message.ends_with(": file name too long"));
}

#[test]
fn deleting_and_making() {
    check(&[
        ("delete nosuch", "ok"),
        ("delete d", "error deleting \"d\": directory not empty | POSIX EEXIST"),
        ("delete -force d ld dangling f; exists d", "false"),
        ("delete ld/; type d/x", "file"),
        ("delete -force ld; type d/x", "file"),
        ("delete f/x", "error deleting \"f/x\": not a directory | POSIX ENOTDIR"),
        ("delete empty/.", "error deleting \"empty/.\": invalid argument | POSIX EINVAL"),
        ("delete {}", "ok"),
        ("delete f nosuch d g", "error deleting \"d\": directory not empty | POSIX EEXIST"),
        ("mkdir a/b/c; type a/b/c", "directory"),
        ("mkdir f", "can't create directory \"f\": file exists | POSIX EEXIST"),
        ("mkdir f/x/y", "can't create directory \"f\": file exists | POSIX EEXIST"),
        ("mkdir dangling", "ok"),
        (
            "mkdir dangling/x",
            "can't create directory \"dangling/x\": no such file or directory | POSIX ENOENT",
        ),
        ("mkdir {}", "can't create directory \"\": no such file or directory | POSIX ENOENT"),
        ("mkdir a//b/../c/; exists a/c", "true"),
        ("mkdir ld/q; exists d/q", "true"),
    ]);
}

#[test]
fn deep_trees() {
    let directory = TestDirectory::new();
    let deep = "a/".repeat(1500);
    assert!(perform(&directory, &format!("mkdir {deep}")).is_ok());
    assert_eq!(perform(&directory, "copy a b").unwrap(), "ok");
    assert_eq!(perform(&directory, "delete -force a b").unwrap(), "ok");
    assert_eq!(perform(&directory, "exists b").unwrap(), "false");
}

#[test]
fn links() {
    check(&[
        ("link n f; readlink n", "f"),
        ("link n ./f; readlink n", "./f"),
        ("link n d/; readlink n", "d"),
        ("link d/n f", "could not create new link \"d/n\": target \"f\" doesn't exist | POSIX ENOENT"),
        ("link d/n x; readlink d/n", "x"),
        (
            "link nosuch/n f",
            "could not create new link \"nosuch/n\": no such file or directory | POSIX ENOENT",
        ),
        ("link l f", "could not create new link \"l\": that path already exists | POSIX EEXIST"),
        (
            "link dangling f",
            "could not create new link \"dangling\": that path already exists | POSIX EEXIST",
        ),
        ("link n {}", "could not create new link \"n\": target \"\" doesn't exist | POSIX ENOENT"),
        ("link -hard d/n f; size d/n", "1"),
        ("link -hard n l; type n", "link"),
        (
            "link -hard n d",
            "could not create new link \"n\" pointing to \"d\": operation not permitted | POSIX EPERM",
        ),
        ("readlink f", "could not read link \"f\": invalid argument | POSIX EINVAL"),
        ("readlink nosuch", "could not read link \"nosuch\": no such file or directory | POSIX ENOENT"),
    ]);
}

#[test]
fn attributes() {
    check(&[
        ("type p", "fifo"),
        ("type nosuch", "could not read \"nosuch\": no such file or directory | POSIX ENOENT"),
        ("size dangling", "could not read \"dangling\": no such file or directory | POSIX ENOENT"),
        ("mtime f -5; mtime l", "-5"),
        ("mtime nosuch 5", "could not read \"nosuch\": no such file or directory | POSIX ENOENT"),
        ("permissions f 0644; permissions f", "0o644"),
        ("permissions f 644; permissions f", "0o1204"),
        ("permissions f 08; permissions f", "0o010"),
        ("permissions f 00; permissions f", "00000"),
        ("permissions f foo", "unknown permission string format \"foo\" | TCL VALUE"),
        ("permissions p", "0o10644"),
        (
            "owner f no-such-user",
            "could not set owner for file \"f\": user \"no-such-user\" does not exist | TCL OPERATION",
        ),
        (
            "group f no-such-group",
            "could not set group for file \"f\": group \"no-such-group\" does not exist | TCL OPERATION",
        ),
        (
            "cd nosuch",
            "couldn't change working directory to \"nosuch\": no such file or directory | POSIX ENOENT",
        ),
    ]);
    for (old, letters, expected) in [
        (0, "rwxr-xr-t", Some(0o1755)),
        (0, "rwsr-Sr-T", Some(0o7744)),
        (0, "rwxrwxrw", None),
        (0o7744, "u+s,go-rw", Some(0o7700)),
        (0o7777, "a=", Some(0)),
        (0o7777, "u=", Some(0o3077)),
        (0o7777, "ug=r", Some(0o1447)),
        (0, "+x", Some(0o111)),
        (0, "ugo+rwxst", Some(0o7777)),
        (0, "u+r,g+w,o=x", Some(0o421)),
        (0, "u+r,", Some(0o400)),
        (0, "u+r,g", Some(0o400)),
        (0o777, "", Some(0o777)),
        (0o777, "u", Some(0o777)),
        (0, "x", None),
        (0, "go=u", None),
        (0, "u+r-w", None),
        (0, ",u+r", None),
        (0, "u++r", None),
        (0, "a+X", None),
        (0, "--s------", Some(0o4100)),
        (0, "xrw------", None),
    ] {
        assert_eq!(parse_permissions(letters.as_bytes(), old), expected, "{letters}");
    }
}

#[test]
fn names_without_native_form() {
    let nul = FileName::new(b"a\0b", Tcl90, &SystemHomes).unwrap();
    let lone = FileName::new(b"a\xED\xA0\x80", Tcl90, &SystemHomes).unwrap();
    assert!(!exists(&nul) && !exists(&lone));
    assert_eq!(size(&nul).unwrap_err().to_string(), "could not read \"a\0b\": bad address");
    assert!(
        size(&lone).unwrap_err().to_string().ends_with(": invalid or incomplete multibyte or wide character")
    );
    assert_eq!(delete(&nul, false).unwrap_err().to_string(), "error deleting \"a\0b\": bad address");
    assert_eq!(delete(&lone, false).unwrap_err().to_string(), "unexpected character at index 1: 'U+00D800'");
}

#[test]
fn normal_forms_and_stat() {
    let directory = fresh();
    let normal = |name: &str| {
        let name = directory.name(name);
        directory.shorten(&text(normalize(name.as_bytes(), Tcl90, &SystemHomes).unwrap()))
    };
    for (name, expected) in
        [("ld", "ld"), ("ld/x", "d/x"), ("ld/../f", "f"), ("./d/./sub/..//x", "d/x"), ("l/..", "")]
    {
        assert_eq!(normal(name), expected, "{name}");
    }
    let found = stat(&file_name(&directory.name("l"))).unwrap();
    assert_eq!((found.kind, found.size, found.nlink), (FileKind::File, 1, 1));
    assert_eq!(stat_link(&file_name(&directory.name("l"))).unwrap().kind, FileKind::Link);
    let names: Vec<_> = found.fields().iter().map(|(name, _)| *name).collect();
    assert_eq!(names.join(" "), "dev ino nlink uid gid size blocks blksize atime mtime ctime mode");
    assert!(is_file(&file_name(&directory.name("l"))) && is_directory(&file_name(&directory.name("ld"))));
    assert!(is_owned(&file_name(&directory.name("f"))) && is_readable(&file_name(&directory.name("f"))));
    assert!(!is_executable(&file_name(&directory.name("f"))));
    std::fs::set_permissions(directory.path().join("f"), Permissions::from_mode(0o755)).unwrap();
    assert!(is_executable(&file_name(&directory.name("f"))));
}

#[test]
fn temporary_names() {
    let directory = TestDirectory::new();
    for (template, start, end) in
        [("foo", "foo_", ""), ("foo.bar.txt", "foo.bar_", ".txt"), (".x", "tcl_", ".x")]
    {
        let (_, name) = temporary_file(directory.name(template).as_bytes()).unwrap();
        let name = directory.shorten(&text(name));
        assert!(name.starts_with(start) && name.ends_with(end), "{name}");
        assert_eq!(name.len(), start.len() + 6 + end.len());
    }
    for (template, start) in [("foo.txt", "foo.txt_"), ("", "tcl_")] {
        let name = text(temporary_directory(directory.name(template).as_bytes()).unwrap());
        assert!(directory.shorten(&name).starts_with(start), "{name}");
        assert!(is_directory(&file_name(&name)));
    }
    let template = directory.name("no/x");
    assert_eq!(
        temporary_file(template.as_bytes()).unwrap_err().to_string(),
        "can't create temporary file: no such file or directory"
    );
    assert_eq!(
        temporary_directory(template.as_bytes()).unwrap_err().to_string(),
        "can't create temporary directory: no such file or directory"
    );
}
