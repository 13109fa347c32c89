//! The reference page of the operations follows from their table.

#![allow(clippy::disallowed_methods, reason = "the test reads and writes its own files")]

use std::path::Path;

use tclring_compiler::bytecode::disasm::opcodes_page;

#[test]
fn the_page_is_as_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/OPCODES.md");
    let page = opcodes_page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder");
        std::fs::write(&path, page).expect("the page");
        return;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/OPCODES.md is out of date: UPDATE=1 cargo test writes it anew");
}
