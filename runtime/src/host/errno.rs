//! The system's error numbers in Tcl's words, and the errors that the host's functions return.
//!
//! The names and texts are those that Tcl puts into `errorCode` and into
//! messages; the C library's own texts differ in case and sometimes in words.
//! The numbers are Linux's.

use std::borrow::Cow;

/// An error number of the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Errno(pub i32);

impl Errno {
    /// Operation not permitted.
    pub const PERM: Errno = Errno(libc::EPERM);
    /// No such file or directory.
    pub const NOENT: Errno = Errno(libc::ENOENT);
    /// Bad file descriptor.
    pub const BADF: Errno = Errno(libc::EBADF);
    /// No child processes.
    pub const CHILD: Errno = Errno(libc::ECHILD);
    /// Resource temporarily unavailable.
    pub const AGAIN: Errno = Errno(libc::EAGAIN);
    /// Permission denied.
    pub const ACCES: Errno = Errno(libc::EACCES);
    /// Bad address: what a name with a NUL character gives.
    pub const FAULT: Errno = Errno(libc::EFAULT);
    /// File exists.
    pub const EXIST: Errno = Errno(libc::EEXIST);
    /// Invalid cross-device link.
    pub const XDEV: Errno = Errno(libc::EXDEV);
    /// Not a directory.
    pub const NOTDIR: Errno = Errno(libc::ENOTDIR);
    /// Is a directory.
    pub const ISDIR: Errno = Errno(libc::EISDIR);
    /// Invalid argument.
    pub const INVAL: Errno = Errno(libc::EINVAL);
    /// `EFBIG`
    pub const FBIG: Errno = Errno(libc::EFBIG);
    /// Exec format error.
    pub const NOEXEC: Errno = Errno(libc::ENOEXEC);
    /// Interrupted system call.
    pub const INTR: Errno = Errno(libc::EINTR);
    /// Directory not empty.
    pub const NOTEMPTY: Errno = Errno(libc::ENOTEMPTY);
    /// Invalid multibyte character: what a name with a surrogate gives.
    pub const ILSEQ: Errno = Errno(libc::EILSEQ);

    /// Input/output error.
    pub const IO: Errno = Errno(libc::EIO);
    /// Operation not supported.
    pub const NOTSUP: Errno = Errno(libc::ENOTSUP);
    /// Device or resource busy.
    pub const BUSY: Errno = Errno(libc::EBUSY);
    /// Broken pipe.
    pub const PIPE: Errno = Errno(libc::EPIPE);
    /// Transport endpoint is not connected.
    pub const NOTCONN: Errno = Errno(libc::ENOTCONN);
    /// Connection refused.
    pub const CONNREFUSED: Errno = Errno(libc::ECONNREFUSED);
    /// No route to host.
    pub const HOSTUNREACH: Errno = Errno(libc::EHOSTUNREACH);

    /// The symbolic name (`ENOENT`), or `unknown error`.
    pub fn name(self) -> &'static str {
        posix_name(self.0)
    }

    /// The text in Tcl's words (`no such file or directory`).
    pub fn message(self) -> Cow<'static, str> {
        posix_message(self.0)
    }

    /// The elements of Tcl's `errorCode` list for this error.
    pub fn code(self) -> Vec<Vec<u8>> {
        vec![b"POSIX".to_vec(), self.name().into(), self.message().into_owned().into_bytes()]
    }
}

impl From<rustix::io::Errno> for Errno {
    fn from(errno: rustix::io::Errno) -> Errno {
        Errno(errno.raw_os_error())
    }
}

impl From<std::io::Error> for Errno {
    fn from(error: std::io::Error) -> Errno {
        Errno(error.raw_os_error().unwrap_or(libc::EIO))
    }
}

/// The symbolic name of an error number as Tcl prints it (`ENOENT`);
/// `unknown error` for one that Tcl does not name.
pub fn posix_name(errno: i32) -> &'static str {
    row(errno).map_or(UNNAMED, |row| row.1)
}

/// The text of an error number in Tcl's words (`no such file or directory`).
pub fn posix_message(errno: i32) -> Cow<'static, str> {
    match row(errno) {
        Some(row) => Cow::Borrowed(row.2),
        None => Cow::Owned(format!("Unknown error {errno}")),
    }
}

/// The error number with the symbolic name `name`, for drivers and scripts
/// that report errors by name.
pub fn posix_number(name: &str) -> Option<i32> {
    TABLE.iter().find(|row| row.1 == name && name != UNNAMED).map(|row| row.0)
}

fn row(errno: i32) -> Option<&'static Row> {
    TABLE.binary_search_by_key(&errno, |row| row.0).ok().map(|at| &TABLE[at])
}

/// What Tcl calls an error number that it does not name.
const UNNAMED: &str = "unknown error";

/// A failure of a host function, complete as a script sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostError {
    /// A system call failed: the whole message and the error number, which
    /// becomes the `errorCode`.
    Posix {
        /// The whole message.
        message: Vec<u8>,
        /// What the system said.
        errno: Errno,
    },
    /// Any other failure.
    Other {
        /// The whole message.
        message: Vec<u8>,
        /// The elements of `errorCode`; empty for `NONE`.
        code: Vec<Vec<u8>>,
    },
}

impl HostError {
    /// A failed system call whose message is `words` followed by `: ` and
    /// Tcl's text for `errno`.
    pub fn posix(words: &[&[u8]], errno: Errno) -> HostError {
        let mut message = words.concat();
        message.extend_from_slice(b": ");
        message.extend_from_slice(errno.message().as_bytes());
        HostError::Posix { message, errno }
    }

    /// A failure with the message `words` and the `errorCode` elements `code`.
    pub fn other(words: &[&[u8]], code: &[&[u8]]) -> HostError {
        HostError::Other { message: words.concat(), code: code.iter().map(|word| word.to_vec()).collect() }
    }

    /// The whole message.
    pub fn message(&self) -> &[u8] {
        match self {
            HostError::Posix { message, .. } | HostError::Other { message, .. } => message,
        }
    }

    /// The elements of the `errorCode` list (`NONE` where there is none).
    pub fn code(&self) -> Vec<Vec<u8>> {
        match self {
            HostError::Posix { errno, .. } => errno.code(),
            HostError::Other { code, .. } if code.is_empty() => vec![b"NONE".to_vec()],
            HostError::Other { code, .. } => code.clone(),
        }
    }
}

impl std::fmt::Display for HostError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&String::from_utf8_lossy(self.message()))
    }
}

impl std::error::Error for HostError {}

type Row = (i32, &'static str, &'static str);

/// Number, name and text, in the order of the numbers.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    (0, "unknown error", "Success"),
    (1, "EPERM", "operation not permitted"),
    (2, "ENOENT", "no such file or directory"),
    (3, "ESRCH", "no such process"),
    (4, "EINTR", "interrupted system call"),
    (5, "EIO", "input/output error"),
    (6, "ENXIO", "no such device or address"),
    (7, "E2BIG", "argument list too long"),
    (8, "ENOEXEC", "exec format error"),
    (9, "EBADF", "bad file descriptor"),
    (10, "ECHILD", "no child processes"),
    (11, "EAGAIN", "resource temporarily unavailable"),
    (12, "ENOMEM", "cannot allocate memory"),
    (13, "EACCES", "permission denied"),
    (14, "EFAULT", "bad address"),
    (15, "ENOTBLK", "block device required"),
    (16, "EBUSY", "device or resource busy"),
    (17, "EEXIST", "file exists"),
    (18, "EXDEV", "invalid cross-device link"),
    (19, "ENODEV", "no such device"),
    (20, "ENOTDIR", "not a directory"),
    (21, "EISDIR", "is a directory"),
    (22, "EINVAL", "invalid argument"),
    (23, "ENFILE", "too many open files in system"),
    (24, "EMFILE", "too many open files"),
    (25, "ENOTTY", "inappropriate ioctl for device"),
    (26, "ETXTBSY", "text file busy"),
    (27, "EFBIG", "file too large"),
    (28, "ENOSPC", "no space left on device"),
    (29, "ESPIPE", "illegal seek"),
    (30, "EROFS", "read-only file system"),
    (31, "EMLINK", "too many links"),
    (32, "EPIPE", "broken pipe"),
    (33, "EDOM", "numerical argument out of domain"),
    (34, "ERANGE", "numerical result out of range"),
    (35, "EDEADLK", "resource deadlock avoided"),
    (36, "ENAMETOOLONG", "file name too long"),
    (37, "ENOLCK", "no locks available"),
    (38, "ENOSYS", "function not implemented"),
    (39, "ENOTEMPTY", "directory not empty"),
    (40, "ELOOP", "too many levels of symbolic links"),
    (42, "ENOMSG", "no message of desired type"),
    (43, "EIDRM", "identifier removed"),
    (44, "ECHRNG", "channel number out of range"),
    (45, "EL2NSYNC", "level 2 not synchronized"),
    (46, "EL3HLT", "level 3 halted"),
    (47, "EL3RST", "level 3 reset"),
    (48, "ELNRNG", "link number out of range"),
    (49, "EUNATCH", "protocol driver not attached"),
    (50, "ENOCSI", "no CSI structure available"),
    (51, "EL2HLT", "level 2 halted"),
    (52, "EBADE", "invalid exchange"),
    (53, "EBADR", "invalid request descriptor"),
    (54, "EXFULL", "exchange full"),
    (55, "ENOANO", "no anode"),
    (56, "EBADRQC", "invalid request code"),
    (57, "EBADSLT", "invalid slot"),
    (59, "EBFONT", "bad font file format"),
    (60, "ENOSTR", "device not a stream"),
    (61, "ENODATA", "no data available"),
    (62, "ETIME", "timer expired"),
    (63, "ENOSR", "out of streams resources"),
    (64, "ENONET", "machine is not on the network"),
    (65, "ENOPKG", "package not installed"),
    (66, "EREMOTE", "object is remote"),
    (67, "ENOLINK", "link has been severed"),
    (68, "EADV", "advertise error"),
    (69, "ESRMNT", "srmount error"),
    (70, "ECOMM", "communication error on send"),
    (71, "EPROTO", "protocol error"),
    (72, "EMULTIHOP", "multihop attempted"),
    (73, "EDOTDOT", "cross mount point"),
    (74, "EBADMSG", "bad message"),
    (75, "EOVERFLOW", "value too large for defined data type"),
    (76, "ENOTUNIQ", "name not unique on network"),
    (77, "EBADFD", "file descriptor in bad state"),
    (78, "EREMCHG", "remote address changed"),
    (79, "ELIBACC", "can not access a needed shared library"),
    (80, "ELIBBAD", "accessing a corrupted shared library"),
    (81, "ELIBSCN", ".lib section in a.out corrupted"),
    (82, "ELIBMAX", "attempting to link in too many shared libraries"),
    (83, "ELIBEXEC", "cannot exec a shared library directly"),
    (84, "EILSEQ", "invalid or incomplete multibyte or wide character"),
    (85, "ERESTART", "interrupted system call should be restarted"),
    (86, "unknown error", "streams pipe error"),
    (87, "EUSERS", "too many users"),
    (88, "ENOTSOCK", "socket operation on non-socket"),
    (89, "EDESTADDRREQ", "destination address required"),
    (90, "EMSGSIZE", "message too long"),
    (91, "EPROTOTYPE", "protocol wrong type for socket"),
    (92, "ENOPROTOOPT", "protocol not available"),
    (93, "EPROTONOSUPPORT", "protocol not supported"),
    (94, "ESOCKTNOSUPPORT", "socket type not supported"),
    (95, "ENOTSUP", "operation not supported"),
    (96, "EPFNOSUPPORT", "protocol family not supported"),
    (97, "EAFNOSUPPORT", "address family not supported by protocol"),
    (98, "EADDRINUSE", "address already in use"),
    (99, "EADDRNOTAVAIL", "cannot assign requested address"),
    (100, "ENETDOWN", "network is down"),
    (101, "ENETUNREACH", "network is unreachable"),
    (102, "ENETRESET", "network dropped connection on reset"),
    (103, "ECONNABORTED", "software caused connection abort"),
    (104, "ECONNRESET", "connection reset by peer"),
    (105, "ENOBUFS", "no buffer space available"),
    (106, "EISCONN", "transport endpoint is already connected"),
    (107, "ENOTCONN", "transport endpoint is not connected"),
    (108, "ESHUTDOWN", "cannot send after transport endpoint shutdown"),
    (109, "ETOOMANYREFS", "too many references: cannot splice"),
    (110, "ETIMEDOUT", "connection timed out"),
    (111, "ECONNREFUSED", "connection refused"),
    (112, "EHOSTDOWN", "host is down"),
    (113, "EHOSTUNREACH", "no route to host"),
    (114, "EALREADY", "operation already in progress"),
    (115, "EINPROGRESS", "operation now in progress"),
    (116, "ESTALE", "stale file handle"),
    (117, "EUCLEAN", "structure needs cleaning"),
    (118, "ENOTNAM", "not a name file"),
    (119, "ENAVAIL", "not available"),
    (120, "EISNAM", "is a named type file"),
    (121, "EREMOTEIO", "remote I/O error"),
    (122, "EDQUOT", "disk quota exceeded"),
    (123, "ENOMEDIUM", "no medium found"),
    (124, "EMEDIUMTYPE", "wrong medium type"),
    (125, "ECANCELED", "operation canceled"),
    (126, "unknown error", "Required key not available"),
    (127, "unknown error", "Key has expired"),
    (128, "unknown error", "Key has been revoked"),
    (129, "unknown error", "Key was rejected by service"),
    (130, "EOWNERDEAD", "owner died"),
    (131, "ENOTRECOVERABLE", "state not recoverable"),
    (132, "unknown error", "Operation not possible due to RF-kill"),
    (133, "unknown error", "Memory page has hardware error"),
    (134, "EFTYPE", "inappropriate file type or format"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted() {
        assert!(TABLE.is_sorted_by_key(|row| row.0));
    }

    #[test]
    fn words() {
        for (errno, name, message) in [
            (libc::ENOENT, "ENOENT", "no such file or directory"),
            (libc::ENOTEMPTY, "ENOTEMPTY", "directory not empty"),
            (libc::EDEADLK, "EDEADLK", "resource deadlock avoided"),
            (libc::EOPNOTSUPP, "ENOTSUP", "operation not supported"),
            (libc::ECONNREFUSED, "ECONNREFUSED", "connection refused"),
            (libc::ENOTRECOVERABLE, "ENOTRECOVERABLE", "state not recoverable"),
            (41, "unknown error", "Unknown error 41"),
            (-1, "unknown error", "Unknown error -1"),
        ] {
            assert_eq!((posix_name(errno), &*posix_message(errno)), (name, message));
        }
        assert_eq!(posix_number("EPIPE"), Some(libc::EPIPE));
        assert_eq!(posix_number("unknown error"), None);
    }

    #[test]
    fn composed_messages() {
        let error = HostError::posix(&[b"could not read \"", b"x", b"\""], Errno::NOENT);
        assert_eq!(error.message(), b"could not read \"x\": no such file or directory");
        assert_eq!(error.code(), Errno::NOENT.code());
        assert_eq!(HostError::other(&[b"a"], &[]).code(), vec![b"NONE".to_vec()]);
    }
}
