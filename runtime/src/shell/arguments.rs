//! What the arguments of the program ask for.

use tclring_compiler::Mode;

/// What `--help` prints.
pub(super) const HELP: &str = "usage: tclring ?options? ?script? ?args?
  -c SCRIPT           run SCRIPT, not a file
  -encoding NAME      the script file is in this encoding
  --tcl 8.6|9.0       follow the rules of this version (also by TCLRING_COMPAT)
  --strict-version    a package that requires Tcl 8 does not select its rules
  --io uring|epoll    use this driver (also by TCLRING_IO)
  --disassemble FILE  show the bytecode of a script (- is the standard input)
  --version           show the version
  --help              show this

Without a script there is a prompt, or the standard input is run.
";

/// What the arguments ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    /// The driver, if one was named.
    pub driver: Option<String>,
    /// The rules to follow, if they were named.
    pub mode: Option<Mode>,
    /// Whether the rules stay whatever packages require.
    pub strict_version: bool,
    /// The script file's encoding, if it was named.
    pub encoding: Option<Vec<u8>>,
    /// What makes the machine go odd ways, for tests.
    pub strain: Strain,
    /// Where the script is.
    pub script: Script,
    /// The arguments of the script.
    pub rest: Vec<Vec<u8>>,
}

/// Ways that lead to the same results as the usual ones, slowly. Tests compare.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Strain {
    /// Every command is invoked: `--no-lowering`.
    pub no_lowering: bool,
    /// Code stays as lowering made it: `--no-peephole`.
    pub no_peephole: bool,
    /// Cached interpretations are dropped at random, from this seed: `--drop-caches SEED`.
    pub drop_caches: Option<u64>,
    /// The machine stops each time it has done this much: `--fuel-slice COUNT`.
    pub fuel_slice: Option<u64>,
}

/// Where the script is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Script {
    /// On the standard input, or it is typed there.
    #[default]
    StandardInput,
    /// This is it.
    Text(Vec<u8>),
    /// In a file.
    File(Vec<u8>),
    /// In a file, to be listed; none: on the standard input.
    Listing(Option<Vec<u8>>),
    /// There is none: this is to be printed.
    Print(String),
}

impl Command {
    /// Reads the arguments, the program's name left out.
    ///
    /// # Errors
    /// A sentence about what is wrong with them.
    pub(super) fn parse(args: impl IntoIterator<Item = Vec<u8>>) -> Result<Command, String> {
        let mut command = Command::default();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            let mut value = |what: &str| args.next().ok_or_else(|| format!("no {what} given"));
            match arg.as_slice() {
                b"-c" => command.script = Script::Text(value("script")?),
                b"-encoding" => {
                    command.encoding = Some(value("encoding")?);
                    continue;
                }
                b"--disassemble" => {
                    let path = value("file")?;
                    command.script = Script::Listing((path != b"-").then_some(path));
                }
                b"--version" => {
                    let text = format!("tclring {} (Tcl 9.0.4)\n", env!("CARGO_PKG_VERSION"));
                    command.script = Script::Print(text);
                }
                b"--help" => command.script = Script::Print(HELP.to_owned()),
                b"--" => {
                    if let Some(path) = args.next() {
                        command.script = Script::File(path);
                    }
                }
                b"-" => {}
                option if option.starts_with(b"--") => {
                    command.option(option, value)?;
                    continue;
                }
                // As with the reference, an option that is none belongs to the script on the standard input.
                option if option.starts_with(b"-") => {
                    command.rest.push(arg);
                }
                _ => command.script = Script::File(arg),
            }
            break;
        }
        command.rest.extend(args);
        Ok(command)
    }

    fn option(
        &mut self,
        option: &[u8],
        mut value: impl FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<(), String> {
        match option {
            b"--io" => self.driver = Some(text(value("driver")?)),
            b"--tcl" => self.mode = Some(parse_mode(&value("version")?)?),
            b"--strict-version" => self.strict_version = true,
            b"--no-lowering" => self.strain.no_lowering = true,
            b"--no-peephole" => self.strain.no_peephole = true,
            b"--drop-caches" => self.strain.drop_caches = Some(number(value("seed")?)?),
            b"--fuel-slice" => self.strain.fuel_slice = Some(number(value("count")?)?.max(1)),
            _ => return Err(format!("unknown option {}", String::from_utf8_lossy(option))),
        }
        Ok(())
    }
}

/// The rules that a version's number stands for.
///
/// # Errors
/// When there are none for it.
pub(super) fn parse_mode(version: &[u8]) -> Result<Mode, String> {
    match version {
        b"8.6" => Ok(Mode::Tcl86),
        b"9.0" => Ok(Mode::Tcl90),
        _ => Err(format!("unknown version {}: must be 8.6 or 9.0", String::from_utf8_lossy(version))),
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

fn number(bytes: Vec<u8>) -> Result<u64, String> {
    let text = text(bytes);
    text.parse().map_err(|_| format!("{text} is not a count"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(args: &[&str]) -> Result<Command, String> {
        Command::parse(args.iter().map(|arg| arg.as_bytes().to_vec()))
    }

    fn check(args: &[&str], expected: Result<(Option<&str>, Script, &[&str]), &str>) {
        let expected = expected.map(|(driver, script, rest)| Command {
            driver: driver.map(str::to_owned),
            script,
            rest: rest.iter().map(|arg| arg.as_bytes().to_vec()).collect(),
            ..Command::default()
        });
        assert_eq!(parse(args), expected.map_err(str::to_owned), "{args:?}");
    }

    #[test]
    fn arguments() {
        let file = |path: &str| Script::File(path.as_bytes().to_vec());
        check(&[], Ok((None, Script::StandardInput, &[])));
        check(&["a.tcl", "--io", "x"], Ok((None, file("a.tcl"), &["--io", "x"])));
        check(
            &["--io", "epoll", "-c", "exit", "1"],
            Ok((Some("epoll"), Script::Text(b"exit".to_vec()), &["1"])),
        );
        check(&["--io"], Err("no driver given"));
        check(&["--nosuch"], Err("unknown option --nosuch"));
        check(&["--", "--odd"], Ok((None, file("--odd"), &[])));
        check(&["-", "a"], Ok((None, Script::StandardInput, &["a"])));
        check(&["-odd", "a"], Ok((None, Script::StandardInput, &["-odd", "a"])));
        check(&["--disassemble", "f"], Ok((None, Script::Listing(Some(b"f".to_vec())), &[])));
        check(&["--disassemble", "-"], Ok((None, Script::Listing(None), &[])));
        check(&["--disassemble"], Err("no file given"));
        check(&["--tcl", "7.6"], Err("unknown version 7.6: must be 8.6 or 9.0"));
        check(&["--fuel-slice", "x"], Err("x is not a count"));
    }

    #[test]
    fn settings() {
        let command = parse(&["--tcl", "8.6", "--strict-version", "-encoding", "iso8859-1", "f"])
            .expect("the arguments are right");
        assert_eq!(command.mode, Some(Mode::Tcl86));
        assert!(command.strict_version);
        assert_eq!(command.encoding.as_deref(), Some(&b"iso8859-1"[..]));
        assert_eq!(command.script, Script::File(b"f".to_vec()));
        let command = parse(&["--no-lowering", "--drop-caches", "7", "--fuel-slice", "0", "f"])
            .expect("the arguments are right");
        let strain =
            Strain { no_lowering: true, no_peephole: false, drop_caches: Some(7), fuel_slice: Some(1) };
        assert_eq!(command.strain, strain);
    }
}
