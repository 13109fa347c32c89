//! Guarded code: code that goes on in the place of code whose commands have been redefined.
//!
//! While a code runs, a script may redefine a command that the code has lowered in line. What has begun goes on as it
//! was; what begins afterwards is to mean the new command. [`guarded`] compiles the same source once more, in the same
//! way, with a guard before each lowered command that evaluates the command from its text instead, and tells where in
//! it the old code goes on.

use super::{Lower, Names, Options};
use crate::bytecode::{Code, Context, Op};
use crate::peephole;
use crate::source::Span;
use crate::syntax::command::parse_script;

/// How many operations a guard has: the evaluation and the jump behind the command.
pub(super) const GUARD: u32 = 2;

/// Code with guards before its lowered commands.
#[derive(Clone, Debug)]
pub struct Guarded {
    /// The code.
    pub code: Code,
    /// For each address of the old code (its end included) the one at which this code goes on.
    pub resume: Vec<u32>,
}

/// The names that a code assumed to be standard, and no other, are.
struct Assumed<'a>(&'a [&'static str]);

impl Names for Assumed<'_> {
    fn is_standard(&self, name: &str) -> bool {
        self.0.contains(&name)
    }
}

/// The guarded form of `code`, which [`super::compile_script`] or [`super::compile_body`] has made under `options`;
/// `params` is the number of its parameters.
///
/// None for the code of a sourced command or an expression, for code with jumps too long to be near, and if the source
/// does not compile to `code` again.
pub fn guarded(code: &Code, params: usize, options: Options) -> Option<Guarded> {
    let options = Options { in_procedure: code.in_procedure, ..options };
    if !matches!(code.context, Context::Script | Context::Procedure) || code.ops.len() > i16::MAX as usize / 4
    {
        return None;
    }
    let names = Assumed(&code.assumed);
    let params = &code.locals[..params.min(code.locals.len())];
    let lower = |guards: bool| {
        let mut lower = Lower::new(&code.source, code.mode, code.context, &names, options);
        lower.guards = guards;
        for param in params {
            let _beyond_the_registers: Option<u16> = lower.builder.parameter(param);
        }
        let script = parse_script(&code.source, Span::new(0, code.source.len()), code.mode, 0);
        let result = lower.builder.temporary();
        lower.script(&script, super::Dest::Register(result));
        lower.emit(Op::Return { src: crate::bytecode::Use(result) });
        lower
    };
    let mut plain = lower(false);
    let count = plain.builder.ops.len() as u32;
    let mut moved: Vec<u32> = (0..=count).collect();
    if options.peephole {
        peephole::improve_with(&mut plain.builder, |round| {
            moved.iter_mut().for_each(|address| *address = round[*address as usize]);
        });
    }
    if plain.into_code(&code.source).ops != code.ops {
        return None;
    }
    let with_guards = lower(true);
    let guards = with_guards.builder.guards.clone();
    let guarded = with_guards.into_code(&code.source);
    if guarded.locals != code.locals
        || guarded.registers > code.registers
        || guarded.ops.len() as u32 != count + GUARD * guards.len() as u32
    {
        return None;
    }
    Some(Guarded { resume: resumptions(code.ops.len(), &moved, &guards, &guarded.ops), code: guarded })
}

/// Where each address of the improved code is in the guarded one: `moved` has the improved address of each plain one,
/// `guards` the guarded addresses of the guards. Code about to begin a command meets the guard first.
///
/// What waits for the operation before an address is told of by that, so that a jump behind it is gone through again.
fn resumptions(len: usize, moved: &[u32], guards: &[u32], ops: &[Op]) -> Vec<u32> {
    let mut resume = vec![0; len + 1];
    let mut behind = vec![0; len + 1];
    let mut before = 0_u32;
    for (plain, improved) in (0_u32..).zip(moved) {
        while guards.get(before as usize).is_some_and(|guard| guard - GUARD * before < plain) {
            before += 1;
        }
        // Of the plain operations at one address the last is the one that is performed there.
        let at = plain + GUARD * before;
        resume[*improved as usize] = at;
        let is_guarded = guards.get(before as usize) == Some(&at);
        behind[*improved as usize] = at + 1 + if is_guarded { GUARD } else { 0 };
    }
    for (address, behind) in (1..=len).zip(behind) {
        if let Some(Op::Jump { target }) = ops.get(behind as usize)
            && target.0 == resume[address]
        {
            resume[address] = behind;
        }
    }
    resume
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Mode;
    use crate::bytecode::verify;
    use crate::lower::{AllStandard, compile_body, compile_script};

    fn check(source: &str, params: &[&str]) {
        let options = Options::default();
        let params: Vec<Vec<u8>> = params.iter().map(|param| param.as_bytes().to_vec()).collect();
        let code = if params.is_empty() {
            compile_script(source.as_bytes(), Mode::Tcl90, Context::Script, &AllStandard, options)
        } else {
            compile_body(source.as_bytes(), &params, Mode::Tcl90, &AllStandard, options)
        };
        let guarded = guarded(&code, params.len(), options).expect("the source compiles to the same code");
        assert_eq!(guarded.resume.len(), code.ops.len() + 1, "{source}");
        for (old, new) in guarded.resume.iter().enumerate() {
            let behind_jump = match guarded.code.ops.get(*new as usize) {
                Some(Op::Jump { target }) => target.0,
                _ => *new,
            };
            let (Some(old), Some(new)) = (code.ops.get(old), guarded.code.ops.get(behind_jump as usize))
            else {
                continue;
            };
            if matches!(old, Op::Call { .. }) && !matches!(new, Op::EvalCommand { .. } | Op::LoadConst { .. })
            {
                assert_eq!(old.name(), new.name(), "{source}");
            }
        }
        verify(guarded.code).expect("guarded code is verified");
    }

    #[test]
    fn guarded_code_is_the_same_code_with_guards() {
        check("foo\nlmap a {x10} {subst {a} 0x1f}\n", &["b"]);
        check("foo\nlmap a {x10} {bar}\n", &["b"]);
        check("foo\nlmap a {x10} {bar}\n", &[]);
        check("set a 1; incr a; foo [set a] [bar $a]", &[]);
        check(
            "set i 0; while {$i < 10} {incr i; if {$i > 3} {foo; continue}; lappend l $i; break}; list $l",
            &["l"],
        );
        check(
            "foreach {a b} $l {set x [expr {$a + [f $b] * 2}]; catch {g $x} m; switch $m {a {h} b {return 1}}}",
            &["l", "l"],
        );
        check("try {foo} on error {m o} {bar} finally {baz}; return [dict get {a 1} a]", &["q"]);
    }
}
