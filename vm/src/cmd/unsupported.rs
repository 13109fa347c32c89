//! Looks behind the scenes of a value: `tcl::unsupported::representation`.

use std::rc::Rc;

use tclring_compiler::syntax::text::char_width;

use crate::interp::command::Outcome;
use crate::interp::{Args, CommandRow, Machine, Step};
use crate::text;
use crate::value::{Side, Value, View};

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "tcl::unsupported::representation",
    usage: "value",
    min: 1,
    max: 1,
    safe: false,
    help: "Says how a value is held.",
    run: representation,
}];

/// How much of a text is shown, in bytes.
const SHOWN_BYTES_MAX: usize = 16;

/// The kind of a value in the reference's words, if it is more than a text.
fn kind(value: &Value) -> Option<&'static str> {
    match value.view() {
        View::Int(_) => Some("int"),
        View::Double(_) => Some("double"),
        View::Bytes(_) => Some("bytearray"),
        View::List(_) => Some("list"),
        View::Dict(_) => Some("dict"),
        View::Big(_) => Some("bignum"),
        View::Series(_) => Some("arithseries"),
        View::Str(object) => match &*object.side() {
            Side::None => None,
            Side::Value(side) => kind(side),
            Side::Lambda(_) => Some("lambdaExpr"),
            Side::Other(_) => Some("cached"),
        },
        View::Text(_) | View::Unset | View::Link(_) | View::Array(_) => None,
    }
}

fn representation(_machine: &mut Machine, args: Args) -> Outcome {
    let value = &args[1];
    let has_text = match value.view() {
        View::Text(_) | View::Str(_) => true,
        View::List(list) => list.made_text().is_some(),
        _ => false,
    };
    let (count, address) = match value.view() {
        View::Str(object) => {
            (value.str_rc().map_or(1, |rc| Rc::strong_count(&rc) - 1), std::ptr::from_ref(object).addr())
        }
        View::List(object) => {
            (value.list_rc().map_or(1, |rc| Rc::strong_count(&rc) - 1), std::ptr::from_ref(object).addr())
        }
        View::Dict(object) => {
            (value.dict_rc().map_or(1, |rc| Rc::strong_count(&rc) - 1), std::ptr::from_ref(object).addr())
        }
        _ => (1, 0),
    };
    let inside = match (kind(value), value.view()) {
        (None, _) => String::new(),
        (Some(_), View::Int(n)) => format!(", internal representation {n:#x}"),
        (Some(_), View::Double(_)) => format!(", internal representation {}", value.to_display()),
        (Some(_), _) => format!(", internal representation {address:#x}"),
    };
    let shown = if has_text {
        let text = value.text();
        let mut end = 0;
        while end < text.len() && end + char_width(text[end]) <= SHOWN_BYTES_MAX {
            end += char_width(text[end]);
        }
        let rest = if end < text.len() { "..." } else { "" };
        text![", string representation \"", &text[..end.min(text.len())], "\"", rest]
    } else {
        b", no string representation".to_vec()
    };
    let kind = kind(value).unwrap_or("pure string");
    let head =
        format!("value is a {kind} with a refcount of {count}, object pointer at {address:#x}{inside}");
    Ok(Step::Done(Value::text_value(text![head, shown])))
}

#[cfg(test)]
mod tests {
    use crate::cmd::string_tests::run;

    #[test]
    fn kinds_are_named() {
        for (script, expected) in [
            ("tcl::unsupported::representation abc", "pure string"),
            ("tcl::unsupported::representation [list a b]", "list"),
            ("tcl::unsupported::representation [expr {1 + 1}]", "int"),
        ] {
            assert!(
                run(script).starts_with(&format!("value is a {expected} with a refcount of ")),
                "{script}"
            );
        }
    }
}
