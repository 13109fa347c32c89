//! Control: return, errors, loops.

use crate::exec::listops::dict_of;
use crate::interp::command::Outcome;
use crate::interp::exception::{ERROR, Exception, OK, RETURN, Raised};
use crate::interp::{Args, CommandRow, MANY, Machine, Step};
use crate::value::Value;

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "return",
    usage: "?-option value ...? ?result?",
    min: 0,
    max: MANY,
    safe: true,
    help: "Ends a procedure or script with a result or another completion.",
    run: return_command,
}];

fn return_command(machine: &mut Machine, mut args: Args) -> Outcome {
    let result = if args.len() % 2 == 0 { let last = args.len() - 1; args.take(last) } else { Value::EMPTY };
    let _ = machine;
    Err(Raised::new(RETURN, result))
}

/// The exception that `result` and a return options dictionary describe; `None` for plain success.
pub fn exception_of(_machine: &mut Machine, result: Value, options: &Value) -> Result<Option<Exception>, Exception> {
    let options = dict_of(options)?;
    let number = |name: &str, otherwise: i64| {
        options.map().get(&Value::from(name)).and_then(Value::as_int).unwrap_or(otherwise)
    };
    let (code, level) = (number("-code", OK), number("-level", 1));
    if level == 0 && code == OK {
        return Ok(None);
    }
    let mut raised = Raised::new(if level > 0 { RETURN } else { code }, result);
    raised.level = level;
    raised.return_code = code;
    if code == ERROR {
        raised.error_code = options.map().get(&Value::from("-errorcode")).cloned();
        raised.error_info = options.map().get(&Value::from("-errorinfo")).map(Value::to_text);
    }
    Ok(Some(raised))
}

#[allow(dead_code, reason = "the empty result")]
const EMPTY: Step = Step::EMPTY;
