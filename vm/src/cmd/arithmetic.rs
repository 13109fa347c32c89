//! Operators and math functions as commands: `tcl::mathop::*` and `tcl::mathfunc::*`.

use tclring_compiler::bytecode::{Context, Op};

use crate::arith::BinaryOp;
use crate::arith::functions::{self, MATH, MathFunction};
use crate::arith::mathop::{self, Form, OPERATORS, Operator};
use crate::arith::random;
use crate::interp::command::Outcome;
use crate::interp::{Args, CommandRow, InterpId, MANY, Machine, Step};
use crate::value::Value;

macro_rules! operators {
    ($($number:literal $name:literal)*) => {
        /// The operators by their numbers in [`OPERATORS`], in the order in which the reference makes the commands.
        pub const OPERATOR_ROWS: &[CommandRow] = &[$(CommandRow {
            name: concat!("tcl::mathop::", $name),
            usage: OPERATORS[$number].usage,
            min: OPERATORS[$number].arguments_min as u16,
            max: match OPERATORS[$number].arguments_max {
                Some(max) => max as u16,
                None => MANY,
            },
            safe: true,
            help: concat!("The operator ", $name, "."),
            run: |machine, args| operate(machine, &args, &OPERATORS[$number]),
        }),*];

        #[cfg(test)]
        const OPERATOR_NUMBERS: &[(usize, &str)] = &[$(($number, $name)),*];
    };
}

macro_rules! functions {
    ($($number:literal $name:literal)*) => {
        /// The functions, in the order of [`MATH`]. They complain themselves about the number of arguments.
        pub const FUNCTION_ROWS: &[CommandRow] = &[$(CommandRow {
            name: concat!("tcl::mathfunc::", $name),
            usage: "?arg ...?",
            min: 0,
            max: MANY,
            safe: true,
            help: concat!("The math function ", $name, "."),
            run: |machine, args| compute(machine, &args, &MATH[$number]),
        }),*];

        #[cfg(test)]
        const FUNCTION_NUMBERS: &[(usize, &str)] = &[$(($number, $name)),*];
    };
}

operators! {
    1 "~" 0 "!" 2 "+" 3 "*" 4 "&" 5 "|" 6 "^" 7 "**" 11 "<<" 12 ">>" 10 "%" 14 "!=" 20 "ne" 25 "in" 26 "ni"
    8 "-" 9 "/" 15 "<" 16 "<=" 17 ">" 18 ">=" 13 "==" 19 "eq" 21 "lt" 22 "le" 23 "gt" 24 "ge"
}

functions! {
    0 "abs" 1 "acos" 2 "asin" 3 "atan" 23 "atan2" 4 "bool" 5 "ceil" 6 "cos" 7 "cosh" 8 "double" 9 "entier"
    10 "exp" 11 "floor" 24 "fmod" 25 "hypot" 12 "int" 26 "isfinite" 27 "isinf" 28 "isnan" 29 "isnormal"
    13 "isqrt" 30 "issubnormal" 31 "isunordered" 14 "log" 15 "log10" 32 "max" 33 "min" 34 "pow" 35 "rand"
    16 "round" 17 "sin" 18 "sinh" 19 "sqrt" 36 "srand" 20 "tan" 21 "tanh" 22 "wide"
}

/// The commands about numbers outside these namespaces.
pub const ROWS: &[CommandRow] = &[CommandRow {
    name: "fpclassify",
    usage: "floatValue",
    min: 1,
    max: 1,
    safe: true,
    help: "Says which kind of floating-point number a value is.",
    run: |machine, args| Ok(Step::Done(Value::from(functions::fpclassify(&args[1], machine.mode())?))),
}];

fn operate(machine: &mut Machine, args: &Args, operator: &Operator) -> Outcome {
    let mode = machine.mode();
    let exponent = args.last().filter(|_| args.len() > 2);
    let _patience = exponent.and_then(|exponent| machine.have_patience(BinaryOp::Pow, exponent));
    match mathop::apply(operator, &args[1..], Form::Called, mode).map_err(|e| machine.what_ended(e)) {
        Ok(value) => Ok(Step::Done(value)),
        Err(failure) if machine.is_named_in_place(operator) && !failure.uncatchable => {
            // The error blames the operand that the compiled form blames.
            Err(mathop::apply(operator, &args[1..], Form::Compiled, mode).err().unwrap_or(failure))
        }
        Err(failure) => Err(failure),
    }
}

fn compute(machine: &mut Machine, args: &Args, function: &MathFunction) -> Outcome {
    let (mode, here) = (machine.mode(), machine.current());
    let mut state = machine.interp(here).random_seed;
    if state.is_none()
        && let Some(clock) = machine.wall_clock
    {
        state = Some(random::state_of_seed(clock()));
    }
    let value = functions::call(function, &args[1..], mode, &mut state);
    machine.interp_mut(here).random_seed = state;
    Ok(Step::Done(value?))
}

impl Machine {
    /// Whether the command that runs is named by a plain word of compiled code, which knows its words.
    fn is_named_in_place(&self, operator: &Operator) -> bool {
        let frame = self.frame();
        let Some(unit) = &frame.unit else { return false };
        let code = unit.code();
        let at = frame.pc.saturating_sub(1);
        if matches!(unit.ops.get(at as usize), Some(Op::CallSpread { .. })) {
            return false;
        }
        let innermost = code.commands.iter().rfind(|span| span.start <= at && at < span.end);
        let text = innermost.map(|span| span.source.of(&code.source)).unwrap_or_default();
        let word = text.split(u8::is_ascii_whitespace).next().unwrap_or_default();
        let is_operator = super::namespace::tail_of(word) == operator.name.as_bytes();
        code.context != Context::Sourced && is_operator
    }

    /// Exports the operators and functions from their namespaces, as scripts import them from there.
    pub(super) fn export_arithmetic(&mut self, interp: InterpId) {
        let global = self.interp(interp).global;
        let operators = self.make_namespace(b"::tcl::mathop", global);
        self.namespace_mut(operators).exports = vec![Value::from("*")];
        let functions = self.make_namespace(b"::tcl::mathfunc", global);
        self.namespace_mut(functions).exports =
            MATH.iter().map(|function| Value::from(function.name)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmd::string_tests::check;

    #[test]
    fn rows_stand_for_their_numbers() {
        assert_eq!(OPERATOR_ROWS.len(), OPERATORS.len());
        for (number, name) in OPERATOR_NUMBERS {
            assert_eq!(*name, OPERATORS[*number].name);
        }
        assert_eq!(FUNCTION_ROWS.len(), MATH.len());
        for (number, name) in FUNCTION_NUMBERS {
            assert_eq!(*name, MATH[*number].name);
        }
    }

    #[test]
    fn commands() {
        check(&[
            ("tcl::mathop::+ 1 2 3", "6"),
            ("tcl::mathop::! 1 2", "error: wrong # args: should be \"tcl::mathop::! boolean\""),
            ("tcl::mathfunc::abs", "error: not enough arguments for math function \"abs\""),
            ("expr {srand(42)}", "0.00032870750889587566"),
            ("namespace eval q {namespace import ::tcl::mathop::*; + 1 2}", "3"),
        ]);
    }
}
