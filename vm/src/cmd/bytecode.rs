//! Listings of compiled code: `tcl::unsupported::disassemble` and `tcl::unsupported::getbytecode`.

use std::rc::Rc;

use tclring_compiler::bytecode::disasm::disassemble;
use tclring_compiler::bytecode::{Code, Constant, HandlerKind};

use super::choice::choose;
use crate::error;
use crate::exec::unit::Unit;
use crate::interp::command::{CommandKind, Outcome};
use crate::interp::exception::Exception;
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::value::{Dict, Value};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    row("tcl::unsupported::disassemble", "Lists the operations of compiled code.", listing),
    row("tcl::unsupported::getbytecode", "Gives compiled code as a dictionary.", dictionary),
];

const fn row(name: &'static str, help: &'static str, run: fn(&mut Machine, Args) -> Outcome) -> CommandRow {
    CommandRow { name, usage: "type ...", min: 1, max: MANY, safe: false, help, run }
}

/// What can be listed, with the words that name it.
const TYPES: [(&str, &str); 7] = [
    ("constructor", "className"),
    ("destructor", "className"),
    ("lambda", "lambdaTerm"),
    ("method", "className methodName"),
    ("objmethod", "objectName methodName"),
    ("proc", "procName"),
    ("script", "script"),
];

fn listing(machine: &mut Machine, args: Args) -> Outcome {
    let unit = unit_named(machine, &args)?;
    Ok(Step::Done(Value::from(disassemble(unit.code()))))
}

fn dictionary(machine: &mut Machine, args: Args) -> Outcome {
    let unit = unit_named(machine, &args)?;
    Ok(Step::Done(Value::dict(described(machine, &unit))))
}

/// The code that the words of the command name, compiled if need be.
fn unit_named(machine: &mut Machine, args: &Args) -> Result<Rc<Unit>, Exception> {
    let names = TYPES.map(|(name, _)| name);
    let (kind, words) = TYPES[choose(&args[1], &names, "type")?];
    if args.len() != 2 + words.split(' ').count() {
        return Err(machine.wrong_args(args, 1, &format!("{kind} {words}")));
    }
    let subject = &args[2];
    match kind {
        "lambda" => {
            let (procedure, namespace) = super::eval::lambda_parts(machine, subject)?;
            Ok(machine.unit_of_proc(&procedure, namespace))
        }
        "proc" => {
            let here = machine.namespace_id();
            let found = machine.find_command(&subject.text(), here).map(|id| machine.original_command(id));
            let command = found.and_then(|id| machine.commands.get(id));
            let Some((CommandKind::Proc(procedure), namespace)) = command.map(|c| (&c.kind, c.namespace))
            else {
                return Err(
                    error!("\"", subject, "\" isn't a procedure"; "TCL", "LOOKUP", "PROC", subject.text()),
                );
            };
            let procedure = Rc::clone(procedure);
            Ok(machine.unit_of_proc(&procedure, namespace))
        }
        "script" => Ok(machine.unit_of_script(subject)),
        _ => {
            let (procedure, namespace) = crate::oo::method_body(machine, kind, &args[2..])?;
            Ok(machine.unit_of_proc(&procedure, namespace))
        }
    }
}

/// The code as a dictionary with the keys that the reference has.
fn described(machine: &Machine, unit: &Unit) -> Dict {
    let code = unit.code();
    let mut told = Dict::default();
    let mut tell = |key: &str, value: Value| {
        told.insert(&Value::from(key), value);
    };
    tell("literals", Value::list(code.constants.iter().map(literal).collect()));
    let scalar = |name: &Vec<u8>| Value::list(vec![Value::from("scalar"), Value::text_of(name)]);
    tell("variables", Value::list(code.locals.iter().map(scalar).collect()));
    tell(
        "exception",
        Value::list(
            code.handlers
                .iter()
                .map(|handler| {
                    let kind =
                        if matches!(handler.kind, HandlerKind::Loop { .. }) { "loop" } else { "catch" };
                    pairs(&[
                        ("type", Value::from(kind)),
                        ("from", number(handler.start)),
                        ("to", number(handler.end - 1)),
                    ])
                })
                .collect(),
        ),
    );
    tell("instructions", Value::dict(instructions(code)));
    tell("auxiliary", Value::list(Vec::new()));
    tell("commands", Value::list(commands(code)));
    tell("script", Value::text_of(&code.source));
    let namespace = machine.namespaces.get(unit.namespace.get());
    tell("namespace", namespace.map(|ns| ns.name.clone()).unwrap_or_default());
    tell("stackdepth", number(code.registers));
    tell("exceptdepth", number(code.handlers.len() as u32));
    if let Some((name, line)) = unit.place.as_ref().and_then(|place| place.file.as_ref()) {
        tell("initiallinenumber", number(*line));
        tell("sourcefile", name.clone());
    }
    told
}

fn literal(constant: &Constant) -> Value {
    match constant {
        Constant::Text { text, .. } => Value::text_of(text),
        Constant::Int(n) => Value::int(*n),
        Constant::Double(d) => Value::double(*d),
    }
}

fn number(n: u32) -> Value {
    Value::int(i64::from(n))
}

fn pairs(pairs: &[(&str, Value)]) -> Value {
    let mut dict = Dict::default();
    for (key, value) in pairs {
        dict.insert(&Value::from(*key), value.clone());
    }
    Value::dict(dict)
}

/// The operations as the listing shows them, by their addresses.
fn instructions(code: &Code) -> Dict {
    let mut found = Dict::default();
    for line in disassemble(code).lines() {
        let line = line.split(" ;").next().unwrap_or_default();
        let mut words = line.split_whitespace();
        if let Some(Ok(address)) = words.next().map(str::parse::<u32>) {
            found.insert(&number(address), Value::list(words.map(Value::from).collect()));
        }
    }
    found
}

fn commands(code: &Code) -> Vec<Value> {
    let told = code.commands.iter().map(|span| {
        pairs(&[
            ("codefrom", number(span.start)),
            ("codeto", Value::int(i64::from(span.end) - 1)),
            ("scriptfrom", number(span.source.start)),
            ("scriptto", Value::int(i64::from(span.source.end) - 1)),
            ("script", Value::text_of(span.source.of(&code.source))),
        ])
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use crate::cmd::string_tests::run;

    #[test]
    fn listings_show_operations() {
        for (script, expected) in [
            ("proc p {a} {incr a}; string match *procedure* [tcl::unsupported::disassemble proc p]", "1"),
            ("string match *script* [tcl::unsupported::disassemble script {set a 1}]", "1"),
            ("tcl::unsupported::disassemble proc set", "error: \"set\" isn't a procedure"),
            (
                "tcl::unsupported::disassemble lambda \\{",
                "error: can't interpret \"{\" as a lambda expression",
            ),
            (
                "tcl::unsupported::disassemble lambda",
                "error: wrong # args: should be \"tcl::unsupported::disassemble lambda lambdaTerm\"",
            ),
            (
                "tcl::unsupported::disassemble ?",
                "error: bad type \"?\": must be constructor, destructor, lambda, method, objmethod, proc, or script",
            ),
        ] {
            assert_eq!(run(script), expected, "{script}");
        }
    }

    #[test]
    fn code_as_a_dictionary() {
        for (script, expected) in [
            ("dict get [tcl::unsupported::getbytecode script {a; b c}] script", "a; b c"),
            ("proc p {x} {incr x}; dict get [tcl::unsupported::getbytecode proc p] variables", "{scalar x}"),
            (
                "lmap c [dict get [tcl::unsupported::getbytecode script {a; b c}] commands] {dict get $c script}",
                "a {b c}",
            ),
        ] {
            assert_eq!(run(script), expected, "{script}");
        }
    }
}
