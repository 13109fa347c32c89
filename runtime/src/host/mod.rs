//! The operating system: files, processes, environment, clocks, users and names of hosts.
//!
//! Besides the I/O drivers, nothing else calls it. Every text that goes in or
//! out is generalised UTF-8; [`native`] has the rules for its bytes. Errors are
//! complete as scripts see them ([`errno::HostError`]), or a bare
//! [`errno::Errno`] where the caller has the words.

pub mod archive;
pub mod clock;
pub mod encoding_files;
pub mod env;
pub mod errno;
pub mod fs;
pub mod glob;
pub mod native;
pub mod path;
#[cfg(test)]
mod path_tests;
pub mod process;
pub mod resolve;
pub mod signal;
pub mod sys;
pub mod terminal;
#[cfg(test)]
mod test_directory;
pub mod user;
pub mod zoneinfo;
