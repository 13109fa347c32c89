//! Cases of arithmetic, each as the reference answers it.

use tclring_compiler::Mode;
use tclring_compiler::bytecode::ops::MATH_FUNCTIONS;
use tclring_compiler::syntax::list::join;

use super::functions::{self, MATH};
use super::mathop::{self, Form};
use super::*;
use crate::interp::exception::Exception;
use crate::value::Value;

const MODE: Mode = Mode::Tcl90;

/// A result as text; an error as `error: MESSAGE {CODE}`.
fn shown(result: Result<Value, Exception>) -> String {
    match result {
        Ok(value) => value.to_display(),
        Err(raised) => {
            let words = raised.error_code().to_list().expect("an error code is a list");
            let code = Value::from(join(words.items().iter().map(Value::to_text)));
            format!("error: {} {{{}}}", raised.result.to_display(), code.to_display())
        }
    }
}

fn op(symbol: &str) -> BinaryOp {
    use BinaryOp::{Add, BitAnd, BitOr, BitXor, Div, Mod, Mul, Pow, Shl, Shr, Sub};
    [Add, Sub, Mul, Div, Mod, Pow, Shl, Shr, BitAnd, BitOr, BitXor]
        .into_iter()
        .find(|op| op.symbol() == symbol)
        .expect("the case names an operator")
}

fn check_binary(cases: &[(&str, &str, &str, &str)]) {
    for (lhs, symbol, rhs, expected) in cases {
        let result = shown(binary(op(symbol), &Value::from(*lhs), &Value::from(*rhs), MODE));
        assert_eq!(result, *expected, "{lhs:?} {symbol} {rhs:?}");
    }
}

const BIG: &str = "123456789012345678901234567890";
const DOMAIN: &str = "error: domain error: argument not in valid range {ARITH DOMAIN {domain error: argument not in valid range}}";
const DIVIDE_BY_ZERO: &str = "error: divide by zero {ARITH DIVZERO {divide by zero}}";
const ZERO_POWER: &str = "error: exponentiation of zero by negative power \
                          {ARITH DOMAIN {exponentiation of zero by negative power}}";
const NAN_ARGUMENT: &str = "error: floating point value is Not a Number {TCL VALUE DOUBLE NAN}";
const TOO_LARGE: &str =
    "error: integer value too large to represent {ARITH IOVERFLOW {integer value too large to represent}}";
const NEGATIVE_ROOT: &str = "error: square root of negative argument \
                             {ARITH DOMAIN {domain error: argument not in valid range}}";

#[test]
fn sums_and_products_grow_beyond_64_bits() {
    check_binary(&[
        ("9223372036854775807", "+", "1", "9223372036854775808"),
        ("-9223372036854775808", "-", "1", "-9223372036854775809"),
        ("9223372036854775808", "-", "1", "9223372036854775807"),
        ("4294967296", "*", "4294967296", "18446744073709551616"),
        (BIG, "*", "0", "0"),
        (BIG, "+", "1.5", "1.2345678901234568e+29"),
        (" 0x10 ", "+", "1_0", "26"),
        ("1e300", "*", "1e300", "Inf"),
        ("inf", "-", "inf", DOMAIN),
    ]);
}

#[test]
fn division_rounds_down() {
    check_binary(&[
        ("-1", "/", "2", "-1"),
        ("-1", "%", "2", "1"),
        ("1", "%", "-2", "-1"),
        ("-9223372036854775808", "/", "-1", "9223372036854775808"),
        ("-9223372036854775808", "%", "-1", "0"),
        (BIG, "/", "-7", "-17636684144620811271604938270"),
        ("5", "%", "-123456789012345678901234567890", "-123456789012345678901234567885"),
        ("-5", "%", BIG, "123456789012345678901234567885"),
        (" 0x10 ", "%", BIG, " 0x10 "),
        ("0", "%", BIG, "0"),
        ("1", "/", "0", DIVIDE_BY_ZERO),
        (BIG, "%", "0", DIVIDE_BY_ZERO),
        ("1", "/", "-0.0", "-Inf"),
        ("0", "/", "0.0", DOMAIN),
    ]);
}

#[test]
fn powers() {
    check_binary(&[
        ("2", "**", "63", "9223372036854775808"),
        ("-2", "**", "63", "-9223372036854775808"),
        ("0", "**", "0", "1"),
        ("0", "**", "-1", ZERO_POWER),
        ("0.0", "**", "-1.5", ZERO_POWER),
        ("2", "**", "-1", "0"),
        ("-1", "**", "-3", "-1"),
        ("-1", "**", "123456789012345678901234567891", "-1"),
        ("2", "**", "268435456", "error: exponent too large {NONE}"),
        ("1", "**", BIG, "1"),
        ("-3", "**", "-123456789012345678901234567891", "0"),
        (BIG, "**", "20000000000", "error: exponent too large {NONE}"),
        (BIG, "**", "268435455", "error: exponent too large {NONE}"),
        (BIG, "**", "2", "15241578753238836750495351562536198787501905199875019052100"),
        ("6", "**", "30", "221073919720733357899776"),
        (" 0x10 ", "**", "1", " 0x10 "),
        ("-8", "**", "0.5", DOMAIN),
        ("2.0", "**", "1e10", "Inf"),
    ]);
}

#[test]
fn shifts() {
    check_binary(&[
        ("1", "<<", "62", "4611686018427387904"),
        ("1", "<<", "63", "9223372036854775808"),
        ("-1", "<<", "63", "-9223372036854775808"),
        ("-1", "<<", "100", "-1267650600228229401496703205376"),
        ("0", "<<", BIG, "0"),
        ("1", "<<", "2147483648", "error: integer value too large to represent {NONE}"),
        ("0", "<<", "-1", "error: negative shift argument {NONE}"),
        ("1", ">>", "-123456789012345678901234567890", "error: negative shift argument {NONE}"),
        ("-1", ">>", BIG, "-1"),
        (BIG, ">>", "64", "6692605942"),
        ("-123456789012345678901234567890", ">>", "64", "-6692605943"),
        (BIG, ">>", "2147483648", "0"),
        ("-0x10", "&", BIG, "123456789012345678901234567888"),
    ]);
}

#[test]
fn operands_that_are_no_numbers() {
    check_binary(&[
        (
            "abc",
            "+",
            "NaN",
            "error: cannot use non-numeric string \"abc\" as left operand of \"+\" {ARITH DOMAIN {non-numeric string}}",
        ),
        (
            "1",
            "**",
            "NaN",
            "error: cannot use non-numeric floating-point value \"NaN\" as right operand of \"**\" \
             {ARITH DOMAIN {non-numeric floating-point value}}",
        ),
        (
            "1",
            "%",
            "1.5",
            "error: cannot use floating-point value \"1.5\" as right operand of \"%\" \
             {ARITH DOMAIN {floating-point value}}",
        ),
        ("{a b}", "*", "1", "error: cannot use a list as left operand of \"*\" {ARITH DOMAIN list}"),
        (
            "a {b",
            "*",
            "1",
            "error: cannot use non-numeric string \"a {b\" as left operand of \"*\" {ARITH DOMAIN {non-numeric string}}",
        ),
        (
            "a ",
            "*",
            "1",
            "error: cannot use non-numeric string \"a \" as left operand of \"*\" {ARITH DOMAIN {non-numeric string}}",
        ),
    ]);
}

#[test]
fn one_operand() {
    type Apply = fn(&Value, Mode) -> Result<Value, Exception>;
    let cases: &[(&str, Apply, &str, &str)] = &[
        ("-", neg, "-9223372036854775808", "9223372036854775808"),
        ("-", neg, "9223372036854775808", "-9223372036854775808"),
        ("-", neg, "0.0", "-0.0"),
        ("+", plus, " 0x10 ", "16"),
        ("~", bitnot, BIG, "-123456789012345678901234567891"),
        (
            "~",
            bitnot,
            "1.5",
            "error: cannot use floating-point value \"1.5\" as operand of \"~\" {ARITH DOMAIN {floating-point value}}",
        ),
        ("!", not, "true", "0"),
        ("!", not, "0.0", "1"),
        ("!", not, "1 2", "error: cannot use a list as operand of \"!\" {ARITH DOMAIN list}"),
        ("expr", expr_result, "1_0", "10"),
        ("expr", expr_result, "abc", "abc"),
        ("expr", expr_result, " NaN ", DOMAIN),
    ];
    for (name, apply, value, expected) in cases {
        assert_eq!(shown(apply(&Value::from(*value), MODE)), *expected, "{name} {value:?}");
    }
}

#[test]
fn conditions() {
    let long = format!("{}€b", "a".repeat(49));
    let cut = format!("error: expected boolean value but got \"{}\" {{TCL VALUE NUMBER}}", "a".repeat(49));
    for (value, expected) in [
        ("tru", "1"),
        ("0x0", "0"),
        (BIG, "1"),
        ("NaN", NAN_ARGUMENT),
        (&long, &*cut),
        ("1 2", "error: expected boolean value but got a list {TCL VALUE NUMBER}"),
        ("", "error: expected boolean value but got \"\" {TCL VALUE NUMBER}"),
    ] {
        assert_eq!(shown(truth(&Value::from(value), MODE).map(Value::bool)), expected, "{value:?}");
    }
}

#[test]
fn comparisons_are_exact() {
    // Each pair with the relations that hold.
    for (lhs, rhs, expected) in [
        ("1", "1.0", "== <= >="),
        ("9007199254740993", "9007199254740992.0", "!= > >="),
        ("-9007199254740993", "-9007199254740992.0", "!= < <="),
        ("9223372036854775807", "9223372036854775808.0", "!= < <="),
        ("9223372036854775808", "9223372036854775808.0", "== <= >="),
        ("5", "5.5", "!= < <="),
        ("-5", "-5.5", "!= > >="),
        (BIG, "inf", "!= < <="),
        (BIG, "123456789012345678901234567890.0", "!= > >="),
        ("-123456789012345678901234567890", "1", "!= < <="),
        ("NaN", "NaN", "!="),
        ("NaN", "abc", "!= < <="),
        ("a", "1", "!= > >="),
        (" 1 ", "0x1", "== <= >="),
        ("", "0", "!= < <="),
        ("-0.0", "0", "== <= >="),
    ] {
        let (left, right) = (Value::from(lhs), Value::from(rhs));
        let holding: Vec<&str> = [
            ("==", Relation::Eq),
            ("!=", Relation::Ne),
            ("<", Relation::Lt),
            ("<=", Relation::Le),
            (">", Relation::Gt),
            (">=", Relation::Ge),
        ]
        .into_iter()
        .filter(|(_, relation)| compare(*relation, &left, &right, MODE))
        .map(|(symbol, _)| symbol)
        .collect();
        assert_eq!(holding.join(" "), expected, "{lhs:?} with {rhs:?}");
    }
}

fn check_functions(cases: &[(&str, &[&str], &str)]) {
    for (name, args, expected) in cases {
        let args: Vec<Value> = args.iter().map(|arg| Value::from(*arg)).collect();
        assert_eq!(shown(call_function(name, &args, MODE)), *expected, "{name} {args:?}");
    }
}

#[test]
fn functions_of_numbers() {
    check_functions(&[
        ("abs", &[" 0x10 "], " 0x10 "),
        ("abs", &["-0.0"], "0.0"),
        ("abs", &[" -0 "], "0"),
        ("abs", &[" 0 "], " 0 "),
        ("abs", &["-9223372036854775808"], "9223372036854775808"),
        ("abs", &["NaN"], NAN_ARGUMENT),
        ("abs", &["true"], "error: expected number but got \"true\" {TCL VALUE NUMBER}"),
        ("acos", &["2"], DOMAIN),
        ("cos", &["inf"], DOMAIN),
        ("log", &["0"], "-Inf"),
        ("atan2", &["0", "-1"], "3.141592653589793"),
        ("sin", &["a b"], "error: expected floating-point number but got a list {TCL VALUE NUMBER}"),
        ("bool", &["yes"], "1"),
        ("double", &["9007199254740993"], "9007199254740992.0"),
        ("ceil", &["9007199254740993"], "9007199254740994.0"),
        ("floor", &["9007199254740993"], "9007199254740992.0"),
        ("ceil", &[BIG], "1.234567890123457e+29"),
        ("floor", &[BIG], "1.2345678901234568e+29"),
        ("floor", &["-0.5"], "-1.0"),
        ("entier", &["1e30"], "1000000000000000019884624838656"),
        ("entier", &["inf"], TOO_LARGE),
        ("int", &[" 0x10 "], " 0x10 "),
        ("wide", &["1e30"], "5076964154930102272"),
        ("wide", &["-123456789012345678901234567890"], "4362896299872285998"),
        ("round", &["0.49999999999999994"], "0"),
        ("round", &["-2.5"], "-3"),
        ("round", &["9.3e18"], "9300000000000000000"),
        ("isqrt", &["18446744065119617025"], "4294967295"),
        ("isqrt", &["-0.5"], NEGATIVE_ROOT),
        ("isqrt", &["-inf"], NEGATIVE_ROOT),
        ("isqrt", &["inf"], TOO_LARGE),
        ("sqrt", &["-1"], "-NaN"),
        ("sqrt", &["-0.0"], "-0.0"),
        ("pow", &["0", "-1"], "Inf"),
        ("fmod", &["5", "0"], DOMAIN),
        ("hypot", &["2", "3"], "3.605551275463989"),
        ("isnan", &["NaN"], "1"),
        ("isnormal", &["1e-310"], "0"),
        ("issubnormal", &["1e-310"], "1"),
        ("isunordered", &["1", "NaN"], "1"),
        ("max", &["1", "1.0"], "1"),
        ("max", &["2.5", BIG], BIG),
        ("min", &["-0.0", "0"], "-0.0"),
        ("min", &[" 1_0 "], " 1_0 "),
        ("max", &["1", "abc"], "error: expected number but got \"abc\" {TCL VALUE NUMBER}"),
        ("max", &[], "error: not enough arguments for math function \"max\" {TCL WRONGARGS}"),
        ("sin", &["1", "2"], "error: too many arguments for math function \"sin\" {TCL WRONGARGS}"),
    ]);
}

#[test]
fn the_compiler_numbers_functions_of_one_argument_alike() {
    for (row, name) in MATH.iter().zip(MATH_FUNCTIONS) {
        assert_eq!((row.name, row.arguments_min, row.arguments_max), (*name, 1, Some(1)));
    }
}

#[test]
fn random_numbers_follow_the_seed() {
    let row = |name: &[u8]| &MATH[functions::function_number(name).expect("a function")];
    let mut state = None;
    for (seed, expected) in [
        ("42", ["0.00032870750889587566", "0.5245871020129822", "0.7354235321913956"]),
        ("0", ["0.24257829889775176", "0.013469574513598146", "0.3831388500440581"]),
        ("-1", ["0.7574217011022483", "0.9865304254864019", "0.6168611499559419"]),
        (BIG, ["0.10057176654253702", "0.30968028041984896", "0.7964730164019731"]),
    ] {
        let mut got = vec![shown(functions::call(row(b"srand"), &[Value::from(seed)], MODE, &mut state))];
        got.push(shown(functions::call(row(b"rand"), &[], MODE, &mut state)));
        got.push(shown(functions::call(row(b"rand"), &[], MODE, &mut state)));
        assert_eq!(got, expected, "{seed}");
    }
    assert_eq!(
        shown(functions::call(row(b"srand"), &[Value::from("1.5")], MODE, &mut state)),
        "error:  {NONE}"
    );
}

#[test]
fn operator_commands() {
    let cases: &[(&str, &[&str], &str)] = &[
        ("+", &[], "0"),
        ("+", &["-0.0"], "0.0"),
        ("&", &[], "-1"),
        ("*", &["5", "2", "2"], "20"),
        ("-", &["5"], "-5"),
        ("-", &["5", "2", "2"], "1"),
        ("/", &["2"], "0.5"),
        ("/", &["0"], "Inf"),
        ("**", &[], "1"),
        ("**", &["2", "3", "4"], "2417851639229258349412352"),
        ("**", &[" 0x10 "], " 0x10 "),
        ("**", &[" 1.50 "], "1.5"),
        ("<", &[], "1"),
        ("<", &["1", "2", "2"], "0"),
        ("<=", &["1", "2", "2"], "1"),
        ("lt", &["10", "9"], "1"),
        ("eq", &["1", "1.0"], "0"),
        ("==", &["1", "1.0"], "1"),
        ("ni", &["5", "5 6"], "0"),
        ("in", &["5", "5 6"], "1"),
        ("in", &["1", "{"], "error: unmatched open brace in list {TCL VALUE LIST BRACE}"),
        ("-", &[], "error: wrong # args: should be \"::tcl::mathop::- value ?value ...?\" {TCL WRONGARGS}"),
        ("!=", &["1"], "error: wrong # args: should be \"::tcl::mathop::!= value value\" {TCL WRONGARGS}"),
    ];
    for (name, args, expected) in cases {
        let args: Vec<Value> = args.iter().map(|arg| Value::from(*arg)).collect();
        let operator = mathop::operator(name.as_bytes()).expect("an operator");
        for form in [Form::Called, Form::Compiled] {
            assert_eq!(shown(mathop::apply(operator, &args, form, MODE)), *expected, "{name} {args:?}");
        }
    }
}

#[test]
fn which_operand_an_operator_command_blames() {
    for (name, args, called, compiled) in [
        ("+", &["x"][..], "right operand", "left operand"),
        ("+", &["1", "2", "x"], "right operand", "left operand"),
        ("+", &["x", "1", "2"], "left operand", "right operand"),
        ("+", &["1", "x"], "right operand", "right operand"),
        ("-", &["x"], "right operand", "operand"),
        ("-", &["1", "2", "x"], "right operand", "right operand"),
    ] {
        let args: Vec<Value> = args.iter().map(|arg| Value::from(*arg)).collect();
        let operator = mathop::operator(name.as_bytes()).expect("an operator");
        for (form, position) in [(Form::Called, called), (Form::Compiled, compiled)] {
            let expected = format!(
                "error: cannot use non-numeric string \"x\" as {position} of \"{name}\" {{ARITH DOMAIN {{non-numeric string}}}}"
            );
            assert_eq!(shown(mathop::apply(operator, &args, form, MODE)), expected, "{name} {args:?}");
        }
    }
}
