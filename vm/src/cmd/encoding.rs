//! The ensemble `encoding`, and the encodings that a machine knows by name.

use super::choice::choose;
use super::options::{bytes_of, wrong_usage};
use crate::error;
use crate::exec::listops::list_of;
use crate::interp::command::{Outcome, row};
use crate::interp::exception::{Exception, Raised};
use crate::interp::{Args, CommandRow, EnsembleRow, MANY, Machine, Step};
use crate::text::encoding::{
    self, Encoding, Profile, decode_error_message, encode_error_message, encode_failure_index,
};
use crate::value::{OrderedMap, Value};
use tclring_compiler::Mode;

/// The ensemble of this file.
pub const ENCODING: EnsembleRow = EnsembleRow {
    name: "encoding",
    rows: &[
        row("encoding convertfrom", "", (0, MANY), "Converts bytes to text.", convertfrom),
        row("encoding convertto", "", (0, MANY), "Converts text to bytes.", convertto),
        CommandRow {
            safe: false,
            ..row("encoding dirs", "?dirList?", (0, 1), "Answers or sets where encoding files are.", dirs)
        },
        row("encoding names", "", (0, 0), "Lists the encodings.", names),
        row("encoding profiles", "", (0, 0), "Lists the profiles.", profiles),
        CommandRow {
            safe: false,
            ..row("encoding system", "?encoding?", (0, 1), "Answers or sets the system encoding.", system)
        },
        row("encoding user", "", (0, MANY), "Answers the encoding that the user prefers.", user),
    ],
    safe: false,
};

/// What reads an encoding file: the content of the file for an encoding in one of the directories.
pub type FileReader = fn(&[Value], &str) -> Option<Vec<u8>>;
/// What lists the encodings for which there are files.
pub type FileLister = fn(&[Value]) -> Vec<String>;

/// The encodings of a machine.
pub struct Encodings {
    /// The one that bytes outside are in unless something else is said.
    pub system: Encoding,
    /// The one that the user prefers.
    pub user: Encoding,
    /// Where encoding files are.
    pub directories: Vec<Value>,
    /// Reads encoding files; the runtime's.
    pub read_file: Option<FileReader>,
    /// Lists encoding files; the runtime's.
    pub list_files: Option<FileLister>,
    /// Learns of another system encoding; the runtime's.
    pub on_system: Option<fn(&Encoding)>,
    /// Encodings read from files.
    loaded: Vec<Encoding>,
}

impl Default for Encodings {
    fn default() -> Encodings {
        let utf8 = encoding::builtin("utf-8").expect("UTF-8 is built in");
        Encodings {
            system: utf8.clone(),
            user: utf8,
            directories: Vec::new(),
            read_file: None,
            list_files: None,
            on_system: None,
            loaded: Vec::new(),
        }
    }
}

impl Encodings {
    /// The encoding of this name: built in, or of a file.
    pub fn find(&mut self, name: &str) -> Option<Encoding> {
        if let Some(found) = encoding::builtin(name) {
            return Some(found);
        }
        if let Some(found) = self.loaded.iter().find(|known| known.name() == name) {
            return Some(found.clone());
        }
        let is_plain = !name.is_empty() && !name.contains('/');
        let content = self.read_file.filter(|_| is_plain)?(&self.directories, name)?;
        // An escape encoding names others, of which only those known already are found.
        let loaded = self.loaded.clone();
        let mut part = |part: &str| {
            encoding::builtin(part).or_else(|| loaded.iter().find(|known| known.name() == part).cloned())
        };
        let found = encoding::parse_file(name, &content, &mut part).ok()?;
        self.loaded.push(found.clone());
        Some(found)
    }
}

impl Machine {
    /// The machine's encodings.
    pub fn encodings(&mut self) -> &mut Encodings {
        self.caches.get::<Encodings>()
    }

    /// The encoding that a word names.
    ///
    /// # Errors
    /// `unknown encoding …`
    pub fn encoding_named(&mut self, name: &Value) -> Result<Encoding, Exception> {
        let found = self.encodings().find(&name.to_display());
        found.ok_or_else(
            || error!("unknown encoding \"", name, "\""; "TCL", "LOOKUP", "ENCODING", name.text()),
        )
    }
}

/// The profile that a word names.
///
/// # Errors
/// `bad profile name …`
pub fn profile_named(name: &Value) -> Result<Profile, Exception> {
    Profile::by_name(&name.text()).ok_or_else(|| {
        error!("bad profile name \"", name, "\": must be replace, strict, or tcl8"; "TCL", "ENCODING", "PROFILE", name.text())
    })
}

/// What conversion does about malformed input unless something else is said: Tcl 8.6 lets nothing fail.
pub fn default_profile(mode: Mode) -> Profile {
    if mode == Mode::Tcl86 { Profile::Tcl8 } else { Profile::Strict }
}

/// What a conversion is to do.
struct Conversion {
    encoding: Encoding,
    profile: Profile,
    /// The variable that gets the place of a failure.
    fail_name: Option<Value>,
}

fn conversion(machine: &mut Machine, args: &Args, verb: &str) -> Result<Conversion, Exception> {
    // The reference's compiled calls with these numbers of words go past the ensemble, and show what they call.
    let past_ensemble = (3..=4).contains(&args.len()) && machine.is_compiled_call();
    let name = format!("{}{verb}", if past_ensemble { "::tcl::encoding::" } else { "encoding " });
    let wrong = || {
        wrong_usage(&format!("{name} ?-profile profile? ?-failindex var? encoding data\" or \"{name} data"))
    };
    let mut found = Conversion {
        encoding: machine.encodings().system.clone(),
        profile: default_profile(machine.mode()),
        fail_name: None,
    };
    match args.len() {
        1 => return Err(wrong()),
        2 => return Ok(found),
        _ => {}
    }
    let end = args.len() - 2;
    let mut at = 1;
    while at < end {
        let option = choose(&args[at], &["-profile", "-failindex"], "option")?;
        at += 1;
        if at == end {
            return Err(wrong());
        }
        match option {
            0 => found.profile = profile_named(&args[at])?,
            _ => found.fail_name = Some(args[at].clone()),
        }
        at += 1;
    }
    found.encoding = machine.encoding_named(&args[end])?;
    Ok(found)
}

/// The result, and in `fail_name` where the conversion failed or -1.
fn finish(
    machine: &mut Machine,
    fail_name: Option<Value>,
    failed_at: Option<usize>,
    result: Value,
) -> Outcome {
    match fail_name {
        None => Ok(Step::Done(result)),
        Some(name) => {
            let place = Value::int(failed_at.map_or(-1, |at| at as i64));
            machine.write_then(&name, place, move |_, _| Ok(Step::Done(result)))
        }
    }
}

fn illegal_sequence(message: String, at: usize) -> Exception {
    Raised::error(message).with_code(&["TCL", "ENCODING", "ILLEGALSEQUENCE", &at.to_string()])
}

fn convertfrom(machine: &mut Machine, args: Args) -> Outcome {
    let found = conversion(machine, &args, "convertfrom")?;
    let bytes = bytes_of(&args[args.len() - 1])?;
    let (text, failed_at) = found.encoding.decode_all(&bytes, found.profile);
    if let (Some(at), None) = (failed_at, &found.fail_name) {
        return Err(illegal_sequence(decode_error_message(&bytes, at), at));
    }
    finish(machine, found.fail_name, failed_at, Value::text_value(text))
}

fn convertto(machine: &mut Machine, args: Args) -> Outcome {
    let found = conversion(machine, &args, "convertto")?;
    let text = args[args.len() - 1].text();
    let (bytes, failure) = found.encoding.encode_all(&text, found.profile);
    let failed_at = failure.map(|failure| encode_failure_index(&text, failure));
    if let (Some(failure), Some(at), None) = (failure, failed_at, &found.fail_name) {
        return Err(illegal_sequence(encode_error_message(&text, failure), at));
    }
    finish(machine, found.fail_name, failed_at, Value::bytes(bytes))
}

fn dirs(machine: &mut Machine, mut args: Args) -> Outcome {
    if args.len() == 1 {
        return Ok(Step::Done(super::list::list_value(machine.encodings().directories.clone())));
    }
    let Ok(list) = list_of(&args[1]) else {
        return Err(
            error!("expected directory list but got \"", &args[1], "\""; "TCL", "OPERATION", "ENCODING", "BADPATH"),
        );
    };
    machine.encodings().directories = list.items().to_vec();
    Ok(Step::Done(args.take(1)))
}

fn names(machine: &mut Machine, _args: Args) -> Outcome {
    let encodings = machine.encodings();
    let mut names = OrderedMap::default();
    let loaded = encodings.loaded.iter().map(|known| known.name().to_owned());
    let files = encodings.list_files.map(|list| list(&encodings.directories)).unwrap_or_default();
    for name in encoding::builtin_names().map(str::to_owned).chain(loaded).chain(files) {
        names.insert(&Value::from(name), ());
    }
    let names = names.table_order(|_, _| true).into_iter().map(|(name, _)| name.clone());
    Ok(Step::Done(Value::list(names.collect())))
}

fn profiles(_machine: &mut Machine, _args: Args) -> Outcome {
    Ok(Step::Done(Value::from("replace strict tcl8")))
}

fn system(machine: &mut Machine, args: Args) -> Outcome {
    if args.len() == 1 {
        return Ok(Step::Done(Value::from(machine.encodings().system.name())));
    }
    // The empty word stands for the one at the start.
    let found = if args[1].is_empty() {
        machine.encodings().user.clone()
    } else {
        machine.encoding_named(&args[1])?
    };
    if let Some(learn) = machine.encodings().on_system {
        learn(&found);
    }
    machine.encodings().system = found;
    Ok(Step::EMPTY)
}

fn user(machine: &mut Machine, args: Args) -> Outcome {
    if args.len() > 1 {
        // The blank at the end is the reference's.
        return Err(wrong_usage("encoding user "));
    }
    Ok(Step::Done(Value::from(machine.encodings().user.name())))
}

#[cfg(test)]
mod tests {
    use crate::cmd::string_tests::check;

    #[test]
    fn conversions() {
        check(&[
            ("binary encode hex [encoding convertto utf-8 \u{e9}]", "c3a9"),
            ("encoding convertto ascii \u{e9}", "error: unexpected character at index 0: 'U+0000E9'"),
            ("list [encoding convertto -failindex v ascii a\u{e9}] $v", "a 1"),
            (
                "encoding convertfrom -profile strict utf-8 a\\xffb",
                "error: unexpected byte sequence starting at index 1: '\\xFF'",
            ),
            (
                "encoding convertto -profile foo ascii a",
                "error: bad profile name \"foo\": must be replace, strict, or tcl8",
            ),
            (
                "proc p {} {encoding convertto -profile strict a}; p",
                "error: wrong # args: should be \"::tcl::encoding::convertto \
                ?-profile profile? ?-failindex var? encoding data\" or \"::tcl::encoding::convertto data\"",
            ),
            (
                "proc p {} {encoding convertto}; p",
                "error: wrong # args: should be \"encoding convertto \
                ?-profile profile? ?-failindex var? encoding data\" or \"encoding convertto data\"",
            ),
        ]);
    }
}
