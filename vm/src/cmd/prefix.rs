//! The ensemble `tcl::prefix`: words that may be abbreviated.

use tclring_compiler::syntax::text::char_width;

use super::choice::choose;
use super::control::exception_of;
use super::list::list_value;
use crate::error;
use crate::exec::listops::{into_items, list_of};
use crate::interp::command::Outcome;
use crate::interp::ensemble::alternatives;
use crate::interp::exception::Exception;
use crate::interp::{Args, CommandRow, EnsembleRow, MANY, Machine, Step};
use crate::value::Value;

/// The ensemble of this file.
pub const PREFIX: EnsembleRow = EnsembleRow {
    name: "tcl::prefix",
    rows: &[
        CommandRow {
            name: "tcl::prefix all",
            usage: "table string",
            min: 2,
            max: 2,
            safe: true,
            help: "Answers the words that begin with a text.",
            run: all,
        },
        CommandRow {
            name: "tcl::prefix longest",
            usage: "table string",
            min: 2,
            max: 2,
            safe: true,
            help: "Answers what all words that begin with a text have in common.",
            run: longest,
        },
        CommandRow {
            name: "tcl::prefix match",
            usage: "?options? table string",
            min: 2,
            max: MANY,
            safe: true,
            help: "Answers the only word that begins with a text.",
            run: match_command,
        },
    ],
    safe: true,
};

fn beginning(args: &Args) -> Result<Vec<Value>, Exception> {
    let table = list_of(&args[1])?;
    let text = args[2].text();
    Ok(table.items().iter().filter(|word| word.text().starts_with(&text)).cloned().collect())
}

fn all(_machine: &mut Machine, args: Args) -> Outcome {
    Ok(Step::Done(list_value(beginning(&args)?)))
}

fn longest(_machine: &mut Machine, args: Args) -> Outcome {
    let words = beginning(&args)?;
    let Some((first, others)) = words.split_first() else {
        return Ok(Step::EMPTY);
    };
    let first = first.text();
    let shared = others.iter().fold(first.len(), |length, word| {
        first[..length].iter().zip(word.text().iter()).take_while(|(a, b)| a == b).count()
    });
    // Only whole characters are shared.
    let mut end = 0;
    while end < shared && end + char_width(first[end]) <= shared {
        end += char_width(first[end]);
    }
    Ok(Step::Done(Value::text_of(&first[..end])))
}

fn match_command(machine: &mut Machine, args: Args) -> Outcome {
    let (table_at, word) = (args.len() - 2, &args[args.len() - 1]);
    let (mut exact, mut message, mut failing) = (false, Value::from("option"), None);
    let mut at = 1;
    while at < table_at {
        let option = choose(&args[at], &["-error", "-exact", "-message"], "option")?;
        at += 1;
        if option == 1 {
            exact = true;
            continue;
        }
        if at >= table_at {
            let name = if option == 0 { "-error" } else { "-message" };
            return Err(error!("missing value for ", name; "TCL", "OPERATION", "NOARG"));
        }
        if option == 0 {
            if list_of(&args[at])?.items().len() % 2 != 0 {
                return Err(
                    error!("error options must have an even number of elements"; "TCL", "VALUE", "DICTIONARY"),
                );
            }
            failing = Some(args[at].clone());
        } else {
            message = args[at].clone();
        }
        at += 1;
    }
    let table = list_of(&args[table_at])?;
    let failure = match chosen(table.items(), word, exact, &message) {
        Ok(found) => return Ok(Step::Done(found)),
        Err(failure) => failure,
    };
    let Some(options) = failing else {
        return Err(failure);
    };
    let mut options = into_items(options)?;
    if options.is_empty() {
        return Ok(Step::EMPTY);
    }
    options.extend([Value::from("-code"), Value::int(1)]);
    match exception_of(machine, failure.result.clone(), &Value::list(options))? {
        Some(exception) => Err(exception),
        None => Ok(Step::EMPTY),
    }
}

/// The word of the table that `word` means.
fn chosen(table: &[Value], word: &Value, exact: bool, message: &Value) -> Result<Value, Exception> {
    if let Some(found) = table.iter().find(|known| *known == word) {
        return Ok(found.clone());
    }
    let text = word.text();
    let mut beginning = table.iter().filter(|known| !exact && known.text().starts_with(&text));
    let ambiguous = match (beginning.next(), beginning.next()) {
        (Some(only), None) if !text.is_empty() => return Ok(only.clone()),
        (_, second) => second.is_some(),
    };
    let verdict = if ambiguous { "ambiguous " } else { "bad " };
    // Empty entries are not shown, but for the last one.
    let mut names: Vec<Vec<u8>> = table.iter().map(Value::to_text).filter(|name| !name.is_empty()).collect();
    if !names.is_empty() && table.last().is_some_and(|last| last.text().is_empty()) {
        names.push(Vec::new());
    }
    let hint = if names.is_empty() {
        b"no valid options".to_vec()
    } else {
        [b"must be ", &*alternatives(&names)].concat()
    };
    Err(error!(verdict, message, " \"", word, "\": ", hint; "TCL", "LOOKUP", "INDEX", message.text(), text))
}

#[cfg(test)]
mod tests {
    use crate::cmd::string_tests::check;

    #[test]
    fn words() {
        check(&[
            ("tcl::prefix all {a ab b} a", "a ab"),
            ("tcl::prefix longest {\u{e9}a \u{e9}b} \u{e9}", "\u{e9}"),
            ("tcl::prefix match {apa bepa} a", "apa"),
            (
                "tcl::prefix match {apa bepa bip} b",
                "error: ambiguous option \"b\": must be apa, bepa, or bip",
            ),
            ("tcl::prefix match {} x", "error: bad option \"x\": no valid options"),
            ("tcl::prefix match {{} {}} x", "error: bad option \"x\": no valid options"),
            ("tcl::prefix match {{} a {} b} x", "error: bad option \"x\": must be a or b"),
            ("tcl::prefix match {a {} b {}} x", "error: bad option \"x\": must be a, b, or "),
            ("tcl::prefix match -error {} {a b} c", ""),
            (
                "catch {tcl::prefix match -error {-errorcode {A B}} {a b} c} m o; dict get $o -errorcode",
                "A B",
            ),
        ]);
    }
}
