//! What tests and curious scripts use of the inside of `clock`: its settings, and calendars as dictionaries.

use tclring_vm::clock::{julian_day_of_date, julian_day_of_iso_week};
use tclring_vm::cmd::options::{boolean, integer};
use tclring_vm::error;
use tclring_vm::exec::listops::dict_of;
use tclring_vm::interp::command::Outcome;
use tclring_vm::interp::exception::Exception;
use tclring_vm::interp::{Args, CommandRow, Machine, Native, Step};
use tclring_vm::value::Value;

use super::clock::{owner, state};
use crate::host::env;

const fn row(
    name: &'static str,
    usage: &'static str,
    count: u16,
    help: &'static str,
    run: Native,
) -> CommandRow {
    CommandRow { name, usage, min: count, max: count, safe: false, help, run }
}

/// The commands of this file.
pub const ROWS: &[CommandRow] = &[
    CommandRow {
        name: "tcl::unsupported::clock::configure",
        usage: "?-option value ...?",
        min: 0,
        max: u16::MAX,
        safe: false,
        help: "Answers or changes the settings of clock.",
        run: configure,
    },
    row("tcl::clock::ClearCaches", "", 0, "Forgets time zones and locales.", clear_caches),
    row(
        "tcl::clock::ConvertLocalToUTC",
        "dict timezone changeover",
        3,
        "Adds the universal time to fields of a date.",
        to_universal,
    ),
    row(
        "tcl::clock::GetJulianDayFromEraYearMonthDay",
        "dict changeover",
        2,
        "Adds the Julian day to fields of a date.",
        day_of_date,
    ),
    row(
        "tcl::clock::GetJulianDayFromEraYearWeekDay",
        "dict changeover",
        2,
        "Adds the Julian day to fields of a week date.",
        day_of_week_date,
    ),
];

/// The options of the settings, in the order of error messages.
const OPTIONS: &[&str] = &[
    "-default-locale",
    "-clear",
    "-current-locale",
    "-year-century",
    "-century-switch",
    "-min-year",
    "-max-year",
    "-max-jdn",
    "-validate",
    "-init-complete",
    "-setup-tz",
    "-system-tz",
];

/// The place of an option, which may be abbreviated.
fn option(word: &Value) -> Result<usize, Exception> {
    super::support::index_of(word, OPTIONS, "option", false)
        .map_err(|failure| failure.with_code(&["CLOCK", "badOption", &word.to_display()]))
}

fn configure(machine: &mut Machine, args: Args) -> Outcome {
    let mut answer = Value::EMPTY;
    for pair in args[1..].chunks(2) {
        let option = option(&pair[0])?;
        if let Some(value) = pair.get(1) {
            change(machine, option, value)?;
        }
        answer = setting(machine, option);
    }
    Ok(Step::Done(answer))
}

fn change(machine: &mut Machine, option: usize, value: &Value) -> Result<(), Exception> {
    let owner = owner(machine);
    match option {
        0 => state(machine, owner).default_locale = value.to_text(),
        3..=6 => {
            let number = integer(value, machine.mode())?;
            let settings = &mut state(machine, owner).settings;
            *[
                &mut settings.year_century,
                &mut settings.century_switch,
                &mut settings.year_min,
                &mut settings.year_max,
            ][option - 3] = number;
        }
        7 => {
            let number = value
                .to_f64(machine.mode())
                .ok_or_else(|| tclring_vm::arith::error::expected("floating-point number", value))?;
            state(machine, owner).settings.julian_date_max = number;
        }
        8 => {
            let validate = boolean(value, machine.mode())?;
            state(machine, owner).settings.validate = validate;
        }
        // Nothing is set up by hand; whatever else is set makes what was found out before questionable.
        _ => state(machine, owner).clear(),
    }
    Ok(())
}

fn setting(machine: &mut Machine, option: usize) -> Value {
    let owner = owner(machine);
    let state = state(machine, owner);
    let settings = &state.settings;
    match option {
        0 => Value::text_of(&state.default_locale),
        2 => Value::from("c"),
        3 => Value::int(settings.year_century),
        4 => Value::int(settings.century_switch),
        5 => Value::int(settings.year_min),
        6 => Value::int(settings.year_max),
        7 => Value::double(settings.julian_date_max),
        8 => Value::bool(settings.validate),
        10 | 11 => match env::get(b"TCL_TZ").or_else(|| env::get(b"TZ")) {
            Some(zone) => Value::text_value(zone),
            None => Value::from(":Tcl/Localtime"),
        },
        _ => {
            state.clear();
            Value::EMPTY
        }
    }
}

fn clear_caches(machine: &mut Machine, _args: Args) -> Outcome {
    let owner = owner(machine);
    state(machine, owner).clear();
    Ok(Step::EMPTY)
}

/// A field of a date.
fn field(machine: &Machine, fields: &Value, name: &str) -> Result<Option<i64>, Exception> {
    let value = dict_of(fields)?.map().get(&Value::from(name)).cloned();
    value.map(|value| integer(&value, machine.mode())).transpose()
}

fn needed(machine: &Machine, fields: &Value, name: &str) -> Result<i64, Exception> {
    field(machine, fields, name)?.ok_or_else(|| error!("expected key(s) not found in dictionary"))
}

/// Whether the fields tell of the era before the Common Era.
fn is_bce(fields: &Value) -> Result<bool, Exception> {
    let era = dict_of(fields)?.map().get(&Value::from("era")).map(Value::to_text);
    match era {
        Some(era) if era == b"BCE" => Ok(true),
        Some(era) if era == b"CE" => Ok(false),
        Some(_) => Err(error!("era must be BCE or CE")),
        None => Err(error!("expected key(s) not found in dictionary")),
    }
}

/// The fields with one more.
fn with_field(fields: &Value, name: &str, number: i64) -> Outcome {
    let mut dict = dict_of(fields)?.map().clone();
    dict.insert(&Value::from(name), Value::int(number));
    Ok(Step::Done(Value::dict(dict)))
}

fn to_universal(machine: &mut Machine, args: Args) -> Outcome {
    let local = field(machine, &args[1], "localseconds")?
        .ok_or_else(|| error!("key \"localseconds\" not found in dictionary"))?;
    let owner = owner(machine);
    let seconds = super::clock::to_universal(machine, owner, &args[2].text(), local)?;
    with_field(&args[1], "seconds", seconds)
}

fn day_of_date(machine: &mut Machine, args: Args) -> Outcome {
    let fields = &args[1];
    let bce = is_bce(fields)?;
    let [year, month, day] = ["year", "month", "dayOfMonth"].map(|name| needed(machine, fields, name));
    let changeover = integer(&args[2], machine.mode())?;
    with_field(fields, "julianDay", julian_day_of_date(bce, year?, month?, day?, changeover).0)
}

fn day_of_week_date(machine: &mut Machine, args: Args) -> Outcome {
    let fields = &args[1];
    let bce = is_bce(fields)?;
    let [year, week, day] =
        ["iso8601Year", "iso8601Week", "dayOfWeek"].map(|name| needed(machine, fields, name));
    let changeover = integer(&args[2], machine.mode())?;
    with_field(fields, "julianDay", julian_day_of_iso_week(bce, year?, week?, day?, changeover))
}
