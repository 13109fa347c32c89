//! The subcommands of `file` that make, change and delete files, and those about links and attributes.

use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, Machine, Outcome, Step};
use tclring_vm::value::Value;

use super::support::{file_name, host_exception, index_of};
use crate::chan::open::Access;
use crate::event::reactor::reactor;
use crate::host::errno::HostError;
use crate::host::fs::{self, FileName, LinkKind};
use crate::host::path::Homes;
use crate::host::user::SystemHomes;

const ATTRIBUTES: [&str; 3] = ["-group", "-owner", "-permissions"];

/// `file attributes`.
pub fn attributes(machine: &mut Machine, args: Args) -> Outcome {
    let name = file_name(machine, &args[1])?;
    let options = &args[2..];
    if let Some(path) = name.archived() {
        return super::zipfs::attributes(path, options);
    }
    match options {
        [] => {
            let mut all = Vec::new();
            for (at, option) in ATTRIBUTES.iter().enumerate() {
                all.push(Value::from(*option));
                all.push(attribute(&name, at)?);
            }
            Ok(Step::Done(Value::list(all)))
        }
        [option] => Ok(Step::Done(attribute(&name, index_of(option, &ATTRIBUTES, "option", false)?)?)),
        _ => {
            let mut pairs = options.chunks(2);
            for pair in pairs.by_ref() {
                let at = index_of(&pair[0], &ATTRIBUTES, "option", false)?;
                let Some(value) = pair.get(1) else {
                    return Err(tclring_vm::error!("value for \"", &pair[0], "\" missing";
                        "TCL", "OPERATION", "FATTR", "NOVALUE"));
                };
                set_attribute(machine, &name, at, value)?;
            }
            Ok(Step::EMPTY)
        }
    }
}

fn attribute(name: &FileName, at: usize) -> Result<Value, Exception> {
    let text = match at {
        0 => fs::group_of(name),
        1 => fs::owner_of(name),
        _ => fs::permissions_of(name).map(String::into_bytes),
    };
    text.map(Value::text_value).map_err(host_exception)
}

fn set_attribute(machine: &Machine, name: &FileName, at: usize, value: &Value) -> Result<(), Exception> {
    let mode = machine.mode();
    let text = value.text();
    let done = match at {
        0 => fs::set_group(name, &text, value.to_i64(mode)),
        1 => fs::set_owner(name, &text, value.to_i64(mode)),
        _ => fs::set_permissions(name, &text, |text| Value::text_of(text).to_i64(mode)),
    };
    done.map_err(host_exception)
}

/// Whether the words from number 1 on begin with `-force`, and where the names begin.
fn force_option(args: &Args) -> Result<(bool, usize), Exception> {
    let mut force = false;
    let mut at = 1;
    while let Some(word) = args.get(at)
        && word.text().first() == Some(&b'-')
    {
        at += 1;
        if index_of(word, &["-force", "--"], "option", true)? == 1 {
            break;
        }
        force = true;
    }
    Ok((force, at))
}

fn file_names(machine: &Machine, words: &[Value]) -> Result<Vec<FileName>, Exception> {
    words.iter().map(|word| file_name(machine, word)).collect()
}

/// What `file copy` and `file rename` do once the words are read.
type Transfer = fn(&[FileName], &FileName, bool, &dyn Homes) -> Result<(), HostError>;

fn transfer(machine: &mut Machine, args: &Args, perform: Transfer) -> Outcome {
    let (force, at) = force_option(args)?;
    if args.len() < at + 2 {
        return Err(machine.wrong_args(args, 1, "?-option value ...? source ?source ...? target"));
    }
    let mut names = file_names(machine, &args[at..])?;
    let target = names.pop().expect("two names were counted");
    perform(&names, &target, force, &SystemHomes).map_err(host_exception)?;
    Ok(Step::EMPTY)
}

/// `file copy`.
pub fn copy(machine: &mut Machine, args: Args) -> Outcome {
    transfer(machine, &args, fs::copy)
}

/// `file rename`.
pub fn rename(machine: &mut Machine, args: Args) -> Outcome {
    transfer(machine, &args, fs::rename)
}

/// `file delete`.
pub fn delete(machine: &mut Machine, args: Args) -> Outcome {
    let (force, at) = force_option(&args)?;
    for word in &args[at..] {
        fs::delete(&file_name(machine, word)?, force).map_err(host_exception)?;
    }
    Ok(Step::EMPTY)
}

/// `file mkdir`.
pub fn make_directories(machine: &mut Machine, args: Args) -> Outcome {
    for word in &args[1..] {
        fs::make_directories(&file_name(machine, word)?, &SystemHomes).map_err(host_exception)?;
    }
    Ok(Step::EMPTY)
}

/// `file link`.
pub fn link(machine: &mut Machine, args: Args) -> Outcome {
    let (kind, words) = match &args[1..] {
        [option, name, target] => {
            let kind = match index_of(option, &["-symbolic", "-hard"], "option", false)? {
                0 => LinkKind::Symbolic,
                _ => LinkKind::Hard,
            };
            (kind, vec![name.clone(), target.clone()])
        }
        words => (LinkKind::Symbolic, words.to_vec()),
    };
    let name = file_name(machine, &words[0])?;
    let Some(target) = words.get(1) else { return read_link_of(&name) };
    let target_name = file_name(machine, target)?;
    fs::create_link(&name, &target_name, kind, &SystemHomes).map_err(host_exception)?;
    Ok(Step::Done(target.clone()))
}

/// `file readlink`.
pub fn read_link(machine: &mut Machine, args: Args) -> Outcome {
    read_link_of(&file_name(machine, &args[1])?)
}

fn read_link_of(name: &FileName) -> Outcome {
    Ok(Step::Done(Value::text_value(fs::read_link(name).map_err(host_exception)?)))
}

/// `file tempdir`.
pub fn temporary_directory(_machine: &mut Machine, args: Args) -> Outcome {
    let template = args.get(1).map(Value::to_text).unwrap_or_default();
    Ok(Step::Done(Value::text_value(fs::temporary_directory(&template).map_err(host_exception)?)))
}

/// `file tempfile`.
pub fn temporary_file(machine: &mut Machine, args: Args) -> Outcome {
    let template = args.get(2).map(Value::to_text).unwrap_or_default();
    let (fd, name) = fs::temporary_file(&template).map_err(host_exception)?;
    let variable = args.get(1).filter(|word| !word.is_empty()).cloned();
    if variable.is_none() {
        // Nobody can know its name: it goes when it is closed.
        let unnamed = file_name(machine, &Value::text_of(&name))?;
        fs::delete(&unnamed, false).map_err(host_exception)?;
    }
    let access = Access::parse(&Value::from("r+"))?;
    let interp = machine.current();
    let open = move |machine: &mut Machine| {
        let reactor = reactor(machine);
        let id = reactor.add_file(fd, access, false);
        reactor.register(interp, id);
        reactor.channels.get(id).map(|channel| channel.name.clone()).unwrap_or_default()
    };
    match variable {
        None => Ok(Step::Done(open(machine))),
        Some(variable) => machine
            .write_then(&variable, Value::text_value(name), move |machine, _| Ok(Step::Done(open(machine)))),
    }
}
