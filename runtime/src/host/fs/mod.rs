//! The file system: what is behind `file`, `cd` and `pwd`.
//!
//! Names come as [`FileName`]s, which keep the text for messages beside the
//! form for system calls. Nothing recurses over the depth of a tree.

mod archived;
mod attributes;
mod delete;
mod link;
mod name;
mod read;
mod stat;
mod temp;
#[cfg(test)]
mod tests;
mod transfer;
mod tree;

pub use archived::{names_in, write_file};
pub use attributes::{
    group_of, owner_of, parse_permissions, permissions_of, set_group, set_owner, set_permissions,
};
pub use delete::{delete, make_directories};
pub use link::{LinkKind, create_link, read_link};
pub use name::{FileName, SystemLinks, change_directory, current_directory, normalize};
pub use read::read_file;
pub use stat::{
    FileKind, FileStat, access_time, exists, is_directory, is_executable, is_file, is_owned, is_readable,
    is_writable, kind, modification_time, set_access_time, set_modification_time, size, stat, stat_link,
};
pub use temp::{temporary_directory, temporary_file};
pub use transfer::{copy, rename};

/// `file volumes`.
pub fn volumes() -> [&'static [u8]; 2] {
    [super::path::ARCHIVE_VOLUME, b"/"]
}
