//! The `zlib` ensemble: compressed values, streams and channels.

use std::rc::Rc;

use tclring_vm::cmd::options::{boolean, integer};
use tclring_vm::error;
use tclring_vm::exec::listops::dict_of;
use tclring_vm::interp::command::{CommandKind, CustomCommand, Outcome, row};
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, EnsembleRow, MANY, Machine, Step};
use tclring_vm::value::{Dict, Value};

use super::support::index_of;
use super::words::{readable_channel, writable_channel};
use super::zlib_stream::{Stream, Transform};
use crate::deflate::{Deflater, Failure, Flush, Format, Header, Inflater, adler32, crc32};

/// The ensemble.
pub const ZLIB: EnsembleRow = EnsembleRow {
    name: "zlib",
    rows: &[
        row("zlib adler32", "data ?startValue?", (1, 2), "A checksum of bytes.", |machine, args| {
            checksum(machine, args, 1, adler32)
        }),
        row(
            "zlib compress",
            "data ?level?",
            (1, 2),
            "Compresses bytes with a short header.",
            |machine, args| pack(machine, args, Format::Zlib),
        ),
        row("zlib crc32", "data ?startValue?", (1, 2), "A checksum of bytes.", |machine, args| {
            checksum(machine, args, 0, crc32)
        }),
        row("zlib decompress", "data ?bufferSize?", (1, 2), "Undoes compress.", |machine, args| {
            unpack(machine, args, Format::Zlib)
        }),
        row("zlib deflate", "data ?level?", (1, 2), "Compresses bytes without header.", |machine, args| {
            pack(machine, args, Format::Raw)
        }),
        row("zlib gunzip", "data ?-headerVar varName?", (1, 5), "Undoes gzip.", gunzip),
        row(
            "zlib gzip",
            "data ?-level level? ?-header header?",
            (1, 5),
            "Compresses bytes as in a gzip file.",
            gzip,
        ),
        row("zlib inflate", "data ?bufferSize?", (1, 2), "Undoes deflate.", |machine, args| {
            unpack(machine, args, Format::Raw)
        }),
        row("zlib push", "mode channel ?options...?", (2, MANY), "Puts compression on a channel.", push),
        row("zlib stream", "mode ?-option value...?", (1, MANY), "Makes a command for a stream.", stream),
    ],
    safe: true,
};

/// The commands beside the ensemble.
pub const ROWS: &[CommandRow] =
    &[row("zlib::pkgconfig", "subcommand ?arg?", (1, 2), "Tells of the library.", configuration)];

/// The version of the library that streams are compatible with.
const VERSION: &str = "1.3.1";

fn configuration(machine: &mut Machine, args: Args) -> Outcome {
    match (index_of(&args[1], &["get", "list"], "subcommand", false)?, args.get(2)) {
        (0, None) => Err(machine.wrong_args(&args, 2, "key")),
        (0, Some(key)) if *key.text() == *b"zlibVersion" => Ok(Step::Done(Value::from(VERSION))),
        (0, Some(key)) => Err(error!("key not known"; "TCL", "LOOKUP", "CONFIG", key.text())),
        (_, None) => Ok(Step::Done(Value::from("zlibVersion"))),
        _ => Err(machine.wrong_args(&args, 2, "")),
    }
}

/// The exception that a failure is.
pub fn exception(failure: Failure) -> Exception {
    match failure {
        Failure::Broken(_) => error!("data error"; "TCL", "ZLIB", "DATA"),
        Failure::Ended => error!("stream error"; "TCL", "ZLIB", "STREAM"),
        Failure::NeedsDictionary(sum) => {
            error!("need dictionary"; "TCL", "ZLIB", "NEED_DICT", sum.to_string())
        }
    }
}

/// The bytes in a word.
pub fn bytes_of(word: &Value) -> Result<Vec<u8>, Exception> {
    word.to_bytes().map(|bytes| bytes.into_owned()).map_err(|(at, c)| {
        error!("expected code point values below 0xff but value at byte offset ", at, " was ", format!("0x{c:x}");
            "TCL", "VALUE", "BYTES")
    })
}

fn checksum(machine: &mut Machine, args: Args, start: u32, sum: fn(u32, &[u8]) -> u32) -> Outcome {
    let bytes = bytes_of(&args[1])?;
    let start = match args.get(2) {
        Some(word) => integer(word, machine.mode())? as u32,
        None => start,
    };
    Ok(Step::Done(Value::int(i64::from(sum(start, &bytes)))))
}

fn level_of(machine: &Machine, word: &Value) -> Result<u32, Exception> {
    let level = integer(word, machine.mode())?;
    u32::try_from(level)
        .ok()
        .filter(|level| *level <= 9)
        .ok_or_else(|| error!("level must be 0 to 9"; "TCL", "VALUE", "COMPRESSIONLEVEL"))
}

fn packed(bytes: &[u8], mut deflater: Deflater) -> Outcome {
    let mut out = Vec::new();
    deflater.put(bytes, Flush::Finish, &mut out).map_err(exception)?;
    Ok(Step::Done(Value::bytes(out)))
}

fn pack(machine: &mut Machine, args: Args, format: Format) -> Outcome {
    let level = args.get(2).map(|word| level_of(machine, word)).transpose()?;
    packed(&bytes_of(&args[1])?, Deflater::new(format, level, Header::default(), b""))
}

/// Checks a word that tells how large the reference's buffer is to be; here it does not matter.
fn check_buffer_size(machine: &Machine, word: &Value) -> Result<(), Exception> {
    match integer(word, machine.mode())? {
        16..=65_536 => Ok(()),
        _ => Err(error!("buffer size must be 16 to 65536"; "TCL", "VALUE", "BUFFERSIZE")),
    }
}

fn unpacked(bytes: &[u8], format: Format) -> Result<(Vec<u8>, Inflater), Exception> {
    let mut inflater = Inflater::new(format, b"");
    let mut out = Vec::new();
    inflater.put(bytes, &mut out).map_err(exception)?;
    // A stream that is not whole.
    if inflater.is_complete() { Ok((out, inflater)) } else { Err(exception(Failure::Ended)) }
}

fn unpack(machine: &mut Machine, args: Args, format: Format) -> Outcome {
    if let Some(word) = args.get(2) {
        check_buffer_size(machine, word)?;
    }
    Ok(Step::Done(Value::bytes(unpacked(&bytes_of(&args[1])?, format)?.0)))
}

fn gzip(machine: &mut Machine, args: Args) -> Outcome {
    if args.len() % 2 == 1 {
        return Err(machine.wrong_args(&args, 1, "data ?-level level? ?-header header?"));
    }
    let options = Options::read(machine, &args[2..], &["-header", "-level"])?;
    packed(&bytes_of(&args[1])?, options.deflater(Format::Gzip))
}

fn gunzip(machine: &mut Machine, args: Args) -> Outcome {
    if args.len() % 2 == 1 {
        return Err(machine.wrong_args(&args, 1, "data ?-headerVar varName?"));
    }
    let mut variable = None;
    for pair in args[2..].chunks_exact(2) {
        match index_of(&pair[0], &["-buffersize", "-headerVar"], "option", false)? {
            0 => check_buffer_size(machine, &pair[1])?,
            _ => variable = Some(pair[1].clone()),
        }
    }
    let (out, inflater) = unpacked(&bytes_of(&args[1])?, Format::Gzip)?;
    let out = Value::bytes(out);
    let Some(variable) = variable else { return Ok(Step::Done(out)) };
    let mut header = header_dict(inflater.header().cloned().unwrap_or_default());
    header.insert(&Value::from("size"), Value::int(inflater.size() as i64));
    machine.write_then(&variable, Value::dict(header), move |_, _| Ok(Step::Done(out)))
}

/// What the header of a gzip stream tells.
pub fn header_dict(header: Header) -> Dict {
    let latin1 = |bytes: Vec<u8>| Value::text_value(Value::bytes(bytes).to_text());
    let mut dict = Dict::default();
    let mut tell = |name: &str, value: Value| drop(dict.insert(&Value::from(name), value));
    if let Some(comment) = header.comment {
        tell("comment", latin1(comment));
    }
    tell("crc", Value::bool(header.has_checksum));
    if let Some(filename) = header.filename {
        tell("filename", latin1(filename));
    }
    tell("os", Value::int(i64::from(header.system)));
    if header.time != 0 {
        tell("time", Value::int(i64::from(header.time)));
    }
    tell("type", Value::from(if header.is_text { "text" } else { "binary" }));
    dict
}

/// The longest texts in a header, those of the reference.
const COMMENT_BYTES_MAX: usize = 254;
const FILENAME_BYTES_MAX: usize = 4094;

/// The header that a dictionary describes.
fn header_of(machine: &Machine, word: &Value) -> Result<Header, Exception> {
    let dict = dict_of(word)?;
    let value = |name: &str| dict.map().get(&Value::from(name)).cloned();
    let mut header = Header::default();
    let text = |name: &str, shown: &str, limit: usize| match value(name) {
        None => Ok(None),
        Some(value) => match value.to_bytes() {
            Err(_) => Err(error!(shown, " contains characters > 0xFF")),
            Ok(bytes) if bytes.len() > limit => Err(error!(shown, " too large for zip")),
            Ok(bytes) => Ok(Some(bytes.into_owned())),
        },
    };
    header.comment = text("comment", "Comment", COMMENT_BYTES_MAX)?;
    header.filename = text("filename", "Filename", FILENAME_BYTES_MAX)?;
    if let Some(crc) = value("crc") {
        header.has_checksum = boolean(&crc, machine.mode())?;
    }
    if let Some(system) = value("os") {
        header.system = integer(&system, machine.mode())? as u8;
    }
    if let Some(time) = value("time") {
        header.time = integer(&time, machine.mode())? as u32;
    }
    if let Some(kind) = value("type") {
        header.is_text = index_of(&kind, &["binary", "text"], "type", true)? == 1;
    }
    Ok(header)
}

/// What the options of a stream say.
#[derive(Default)]
struct Options {
    level: Option<u32>,
    header: Header,
    dictionary: Vec<u8>,
}

impl Options {
    fn read(machine: &Machine, words: &[Value], allowed: &[&str]) -> Result<Options, Exception> {
        let mut options = Options::default();
        for pair in words.chunks(2) {
            if allowed.is_empty() {
                return Err(error!("bad option \"", &pair[0], "\": no valid options";
                    "TCL", "LOOKUP", "INDEX", "option", pair[0].text()));
            }
            let option = allowed[index_of(&pair[0], allowed, "option", false)?];
            let Some(value) = pair.get(1) else {
                return Err(error!("value missing for ", option, " option"; "TCL", "ZIP", "NOVAL"));
            };
            match option {
                "-dictionary" => options.dictionary = bytes_of(value)?,
                "-header" => options.header = header_of(machine, value)?,
                "-level" => options.level = Some(level_of(machine, value)?),
                // How much is read at once does not matter here.
                _ => drop(integer(value, machine.mode())?),
            }
        }
        Ok(options)
    }

    fn deflater(self, format: Format) -> Deflater {
        Deflater::new(format, self.level, self.header, &self.dictionary)
    }
}

/// The modes of streams: the format, and whether they compress.
const MODES: [(&str, Format, bool); 6] = [
    ("compress", Format::Zlib, true),
    ("decompress", Format::Zlib, false),
    ("deflate", Format::Raw, true),
    ("gunzip", Format::Gzip, false),
    ("gzip", Format::Gzip, true),
    ("inflate", Format::Raw, false),
];

fn mode_of(word: &Value) -> Result<(Format, bool), Exception> {
    let names = MODES.map(|(name, ..)| name);
    let (_, format, compresses) = MODES[index_of(word, &names, "mode", false)?];
    Ok((format, compresses))
}

/// Makes a command with a number of its own.
fn make_command(machine: &mut Machine, prefix: &str, command: Rc<dyn CustomCommand>) -> Value {
    let interp = machine.current();
    let global = machine.interp(interp).global;
    let namespace = machine.make_namespace(b"::tcl::zlib", global);
    let numbers = machine.caches.get::<Numbers>();
    numbers.0 += 1;
    let tail = format!("{prefix}_{}", numbers.0);
    let name = Value::from(format!("::tcl::zlib::{tail}"));
    machine.create_command(namespace, Value::from(tail), CommandKind::Custom(command));
    name
}

/// Counts the commands that were made.
#[derive(Default)]
struct Numbers(u64);

fn stream(machine: &mut Machine, args: Args) -> Outcome {
    let (format, compresses) = mode_of(&args[1])?;
    if args.len() % 2 == 1 {
        return Err(machine.wrong_args(&args, 1, "mode ?-option value...?"));
    }
    let allowed: &[&str] = match (format, compresses) {
        (Format::Gzip, true) => &["-header", "-level"],
        (Format::Gzip, false) => &[],
        (_, true) => &["-dictionary", "-level"],
        (_, false) => &["-dictionary"],
    };
    let options = Options::read(machine, &args[2..], allowed)?;
    let made = if compresses {
        Stream::compressing(format, options.level, options.header, options.dictionary)
    } else {
        Stream::reading(format, options.dictionary)
    };
    Ok(Step::Done(make_command(machine, "streamcmd", Rc::new(made))))
}

fn push(machine: &mut Machine, args: Args) -> Outcome {
    let (format, compresses) = mode_of(&args[1])?;
    super::words::channel(machine, &args[2])?;
    if compresses {
        writable_channel(machine, &args[2]).map_err(
            |_| error!("compression may only be applied to writable channels"; "TCL", "ZIP", "UNWRITABLE"),
        )?;
    } else {
        readable_channel(machine, &args[2]).map_err(
            |_| error!("decompression may only be applied to readable channels"; "TCL", "ZIP", "UNREADABLE"),
        )?;
    }
    let allowed: &[&str] =
        if compresses { &["-dictionary", "-header", "-level"] } else { &["-dictionary", "-level", "-limit"] };
    let options = Options::read(machine, &args[3..], allowed)?;
    let transform = if compresses {
        let dictionary = options.dictionary.clone();
        Transform::compressing(options.deflater(format), format, dictionary)
    } else {
        Transform::reading(format, options.dictionary)
    };
    let handler = make_command(machine, "transform", Rc::new(transform));
    let channel = args[2].clone();
    let words = vec![Value::from("::chan"), Value::from("push"), channel.clone(), handler];
    Ok(Step::words_then(words, move |_, outcome| {
        outcome?;
        Ok(Step::Done(channel))
    }))
}
