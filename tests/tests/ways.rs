//! Lowering on or off, improved or not, with caches that forget and fuel that runs out: the outcomes are the same,
//! errorInfo and all.

use tclring_tests::programs::{generated, own_scripts};
use tclring_tests::ways::{ODD_WAYS, Way, outcome};

/// How many generated programs are run.
const GENERATED: u64 = 1000;
/// How many outcomes that differ are shown.
const SHOWN: usize = 5;

fn check(scripts: impl Iterator<Item = Vec<u8>>) -> usize {
    let mut compared = 0;
    let mut different = Vec::new();
    for script in scripts {
        let Some(usual) = outcome(&script, Way::Usual) else { continue };
        let text = String::from_utf8_lossy(&script);
        for way in ODD_WAYS {
            let Some(odd) = outcome(&script, way) else { continue };
            compared += 1;
            if odd != usual {
                different.push((way, text.clone().into_owned(), usual.clone(), odd));
            }
        }
    }
    let shown: Vec<String> = different
        .iter()
        .take(SHOWN)
        .map(|(way, script, usual, odd)| {
            format!("{way:?}\n--- script\n{script}\n--- usual\n{usual}\n--- odd\n{odd}")
        })
        .collect();
    assert!(different.is_empty(), "{} of {compared} differ\n{}", different.len(), shown.join("\n\n"));
    compared
}

#[test]
fn own_scripts_come_to_the_same() {
    let compared = check(own_scripts().into_iter());
    assert!(compared > 5_000, "there are more scripts than {compared}");
}

/// In a procedure variables are registers, and more is lowered.
#[test]
fn own_scripts_come_to_the_same_in_a_procedure() {
    let inside = own_scripts().into_iter().filter(|script| {
        let text = String::from_utf8_lossy(script);
        text.matches('{').count() == text.matches('}').count() && !text.ends_with('\\')
    });
    check(inside.map(|script| [b"proc run {} {\n", script.as_slice(), b"\n}\nrun"].concat()));
}

#[test]
fn generated_programs_come_to_the_same() {
    let compared = check((1..=GENERATED).map(generated));
    assert!(compared > 1_000, "most programs end, not {compared}");
}

/// A call of a long list of words that is made again, after the fuel was used up before it.
#[test]
fn calls_that_are_made_again() {
    let words = "x ".repeat(300);
    let scripts = [
        format!("proc count args {{llength $args}}; proc run {{}} {{count {words}}}; list [run] [run]"),
        format!(
            "proc count args {{llength $args}}; proc run {{}} {{tailcall count {{*}}{{{words}}} {words}}}; list [run] [run]"
        ),
        format!("list [llength [list {words} {{*}}{{{words}}}]] [string length [concat {words}]]"),
    ];
    check(scripts.into_iter().map(String::into_bytes));
}

/// Loops that are no calls and jump back by their exceptions can be stopped, too.
#[test]
fn every_loop_uses_fuel() {
    for script in [
        "while 1 {try {break} finally {continue}}",
        "while 1 {}",
        "while 1 continue",
        "for {} 1 {} {try {continue} on continue {} {continue}}",
        "set x while; $x 1 {}",
        "set x foreach; while 1 {$x a {1 2} {continue}}",
    ] {
        for body in [script.to_owned(), format!("proc run {{}} {{{script}}}; run")] {
            for way in [Way::Usual].into_iter().chain(ODD_WAYS) {
                assert_eq!(outcome(body.as_bytes(), way), None, "{way:?} {body}");
            }
        }
    }
}
