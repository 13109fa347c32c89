//! Tests of the algebra of file names; every expectation is the reference's.

use std::collections::HashMap;

use tclring_compiler::Mode::{self, Tcl86, Tcl90};

use super::errno::HostError;
use super::path::*;

struct Home;

impl Homes for Home {
    fn home(&self, user: Option<&[u8]>) -> Result<Vec<u8>, HostError> {
        match user {
            None | Some(b"me") => Ok(b"/home/me".to_vec()),
            Some(user) => Err(HostError::other(&[b"user \"", user, b"\" doesn't exist"], &[])),
        }
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// A list as Tcl would print it where no element needs quoting.
fn list(parts: Vec<Vec<u8>>) -> String {
    parts.into_iter().map(text).collect::<Vec<_>>().join(" ")
}

/// Name, `file split`, `file join`, `file dirname`, `file tail`, `file rootname`, `file extension`.
type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

fn check(mode: Mode, rows: &[Row]) {
    for (name, parts, joined, directory, last, root, suffix) in rows {
        let name = name.as_bytes();
        let shown = String::from_utf8_lossy(name);
        assert_eq!(list(split(name, mode)), *parts, "split {shown}");
        assert_eq!(text(join([name], mode)), *joined, "join {shown}");
        assert_eq!(text(dirname(name, mode, &Home).unwrap()), *directory, "dirname {shown}");
        assert_eq!(text(tail(name, mode, &Home).unwrap()), *last, "tail {shown}");
        assert_eq!(text(rootname(name).to_vec()), *root, "rootname {shown}");
        assert_eq!(text(extension(name).to_vec()), *suffix, "extension {shown}");
    }
}

#[test]
fn parts_of_names() {
    check(
        Tcl90,
        &[
            ("", "", "", ".", "", "", ""),
            (".", ".", ".", ".", ".", "", "."),
            ("..", "..", "..", ".", "..", ".", "."),
            ("/", "/", "/", "/", "", "/", ""),
            ("//", "/", "/", "/", "", "//", ""),
            ("//a", "//a", "//a", "//a", "", "//a", ""),
            ("//a/", "//a", "//a/", "//a", "", "//a/", ""),
            ("//a//", "//a", "//a/", "//a", "", "//a//", ""),
            ("//a/b", "//a b", "//a/b", "//a", "b", "//a/b", ""),
            ("///a", "/ a", "/a", "/", "a", "///a", ""),
            ("a//", "a", "a", ".", "a", "a//", ""),
            ("./a", ". a", "./a", ".", "a", "./a", ""),
            ("a/.", "a .", "a/.", "a", ".", "a/", "."),
            ("a/./b", "a . b", "a/./b", "a/.", "b", "a/./b", ""),
            ("/../a", "/ .. a", "/../a", "/..", "a", "/../a", ""),
            ("~/a", "~ a", "~/a", "~", "a", "~/a", ""),
            ("a/~b", "a ~b", "a/~b", "a", "~b", "a/~b", ""),
            ("a.b.", "a.b.", "a.b.", ".", "a.b.", "a.b", "."),
            ("a.b/c", "a.b c", "a.b/c", "a.b", "c", "a.b/c", ""),
            ("a.b/", "a.b", "a.b", ".", "a.b", "a.b/", ""),
            ("a/b.c.d", "a b.c.d", "a/b.c.d", "a", "b.c.d", "a/b.c", ".d"),
            ("...", "...", "...", ".", "...", "..", "."),
            ("//zipfs:/", "//zipfs:/", "//zipfs:/", "//zipfs:/", "", "//zipfs:/", ""),
            ("//zipfs:/a/b", "//zipfs:/ a b", "//zipfs:/a/b", "//zipfs:/a", "b", "//zipfs:/a/b", ""),
            ("//zipfs://a", "//zipfs:/ a", "//zipfs:/a", "//zipfs:/", "a", "//zipfs://a", ""),
            ("C:/a", "C: a", "C:/a", "C:", "a", "C:/a", ""),
        ],
    );
    check(
        Tcl86,
        &[
            ("//a/b", "/ a b", "/a/b", "/a", "b", "//a/b", ""),
            ("~", "~", "~", "/home", "me", "~", ""),
            ("~/", "~", "~/", "/home", "me", "~/", ""),
            ("~me/a", "~me a", "~me/a", "~me", "a", "~me/a", ""),
            ("a/~b", "a ./~b", "a/~b", "a", "./~b", "a/~b", ""),
            ("./~", ". ./~", "./~", ".", "./~", "./~", ""),
            ("//zipfs:/a", "/ zipfs: a", "/zipfs:/a", "/zipfs:", "a", "//zipfs:/a", ""),
        ],
    );
}

#[test]
fn joins() {
    for (names, plain, old) in [
        (&["a", "b/"][..], "a/b", "a/b"),
        (&["a", "/b"], "/b", "/b"),
        (&["a", "", "b"], "a/b", "a/b"),
        (&["", ""], "", ""),
        (&["a", ".//b"], "a/./b", "a/./b"),
        (&["./", "a"], "./a", "./a"),
        (&["/", "/"], "/", "/"),
        (&["//", "b"], "/b", "/b"),
        (&["a", "//b"], "//b", "/b"),
        (&["a", "//zipfs:/b"], "//zipfs:/b", "/zipfs:/b"),
        (&["///a///b", "c"], "/a/b/c", "/a/b/c"),
        (&["a", "~b"], "a/~b", "~b"),
        (&["a", "./~b"], "a/./~b", "a/~b"),
        (&["", "./~a"], "./~a", "./~a"),
        (&["/", "./a"], "/./a", "/./a"),
        (&["//a/../b", "x"], "//a/../b/x", "/a/../b/x"),
    ] {
        for (mode, expected) in [(Tcl90, plain), (Tcl86, old)] {
            assert_eq!(text(join(names.iter().map(|n| n.as_bytes()), mode)), expected, "{names:?}");
        }
    }
}

#[test]
fn types_and_tildes() {
    for (name, plain, old) in [
        ("", "relative", "relative"),
        ("/a", "absolute", "absolute"),
        ("~", "relative", "absolute"),
        ("~me/a", "relative", "absolute"),
        ("//a", "absolute", "absolute"),
        ("./~", "relative", "relative"),
    ] {
        assert_eq!(path_type(name.as_bytes(), Tcl90).word(), plain);
        assert_eq!(path_type(name.as_bytes(), Tcl86).word(), old);
    }
    for (name, expected) in [
        ("~", "/home/me"),
        ("~/", "/home/me"),
        ("~/a//b/", "/home/me/a/b"),
        ("~me/../x", "/home/me/../x"),
        ("a//~", "a//~"),
        ("", ""),
    ] {
        assert_eq!(text(tilde_expand(name.as_bytes(), &Home).unwrap()), expected);
    }
    assert_eq!(tilde_expand(b"~no/x", &Home).unwrap_err().message(), b"user \"no\" doesn't exist");
    assert_eq!(text(native_name(b"~/a//b", Tcl86, &Home).unwrap()), "/home/me/a/b");
    assert_eq!(text(native_name(b"~/a//b", Tcl90, &Home).unwrap()), "~/a/b");
}

/// A tree that `mkdir -p real/sub other; ln -s …` in `/n` would make.
struct Tree(HashMap<&'static str, &'static str>);

impl Tree {
    fn new() -> Tree {
        Tree(HashMap::from([
            ("/n/l", "real"),
            ("/n/abs", "/n/real"),
            ("/n/ls", "real/sub"),
            ("/n/slash", "real/"),
            ("/n/dang", "nosuch"),
            ("/n/real/up", ".."),
            ("/n/ls/o", "../other"),
            ("/n/real/sub/o", "../other"),
        ]))
    }
}

impl Links for Tree {
    fn read_link(&self, path: &[u8]) -> Option<Vec<u8>> {
        let path = if path.starts_with(b"/n/l/") { [b"/n/real", &path[4..]].concat() } else { path.to_vec() };
        self.0.get(std::str::from_utf8(&path).unwrap()).map(|target| target.as_bytes().to_vec())
    }

    fn real_path(&self, path: &[u8]) -> Option<Vec<u8>> {
        let real = match path {
            b"/n" | b"/n/real" | b"/n/other" | b"/n/real/sub" => return Some(path.to_vec()),
            b"/n/l" | b"/n/abs" | b"/n/slash" | b"/n/ls/.." => "/n/real",
            b"/" => "/",
            b"/n/ls" => "/n/real/sub",
            b"/n/l/up" => "/n",
            _ => return None,
        };
        Some(real.into())
    }
}

#[test]
fn normal_forms() {
    for (name, expected) in [
        ("", ""),
        ("/", "/"),
        ("//", "/"),
        ("/./a", "//a"),
        ("/././a", "//a"),
        ("/../a", "/a"),
        ("/./../a", "/a"),
        ("/.././a", "//a"),
        ("/a/./b", "/a/b"),
        ("/a/../..", "/"),
        ("/./a/../b", "//b"),
        ("/.//a", "//a"),
        ("//a/../b", "//b"),
        ("//a/../../b", "/b"),
        ("//a/", "//a/"),
        ("//..", "/"),
        ("//zipfs:/a/b/../c", "//zipfs:/a/c"),
        ("//zipfs:/..", "//zipfs:/"),
        ("~", "/n/~"),
        (".", "/n"),
        ("..", "/"),
        ("l/", "/n/l"),
        ("l/.", "/n/l"),
        ("l/x", "/n/real/x"),
        ("l/sub/..", "/n/l"),
        ("l/../x", "/n/x"),
        ("abs/../q", "/n/q"),
        ("ls/..", "/n/real"),
        ("ls/o/..", "/n/real/sub/.."),
        ("ls/o/../z", "/n/real/z"),
        ("slash/..", "/n/real"),
        ("l/up", "/n/real/up"),
        ("l/up/x", "/n/x"),
        ("l/up/..", "/n/l"),
        ("dang/x", "/n/dang/x"),
        ("dang/../y", "/n/y"),
        ("nosuch/../l/x", "/n/real/x"),
        ("a/..b/c", "/n/a/..b/c"),
    ] {
        let normal = normalize(name.as_bytes(), Tcl90, || Ok(b"/n".to_vec()), &Tree::new()).unwrap();
        assert_eq!(text(normal), expected, "{name}");
    }
    assert_eq!(text(normalize(b"//a/../b", Tcl86, || Ok(Vec::new()), &NoLinks).unwrap()), "/b");
}
