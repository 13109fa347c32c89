//! Random scripts, made by the grammar in `data/script-grammar.txt`: commands with words that fit, or nearly.
//!
//! What a script prints and returns depends on nothing but itself, so that two programs can be compared. The fuzz
//! targets make scripts of their input by the same generator.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::seeds::Seeds;

/// How deep rules that may contain themselves nest.
const DEPTH_MAX: usize = 9;
/// One alternative of a command in so many loses or gains a word.
const SPOILED_ONE_IN: usize = 24;

static GRAMMAR: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::read(include_str!("../data/script-grammar.txt")));

/// A generator of scripts.
pub struct Scripts {
    seeds: Seeds,
    depth: usize,
}

/// The rules by their names.
struct Grammar {
    rules: HashMap<&'static str, Rule>,
}

/// What a name may stand for.
#[derive(Default)]
struct Rule {
    /// Each as often as it is to be taken.
    alternatives: Vec<&'static str>,
    nests: bool,
}

/// How often a reference is filled in.
#[derive(Clone, Copy)]
enum Times {
    Once,
    AtMostOnce,
    Several,
}

/// A part of an alternative.
enum Part<'a> {
    Text(&'a str),
    Reference(&'a str, Times),
}

impl Grammar {
    fn read(text: &'static str) -> Grammar {
        let mut rules: HashMap<&str, Rule> = HashMap::new();
        let mut name = "";
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ") && *line != "#") {
            if let Some(header) = line.strip_prefix("=== ") {
                let nests = header.ends_with(" nests");
                name = header.strip_suffix(" nests").unwrap_or(header);
                let rule = Rule { alternatives: Vec::new(), nests };
                assert!(rules.insert(name, rule).is_none(), "the rule {name} stands there twice");
                continue;
            }
            let weighted =
                line.split_once(": ").and_then(|(weight, rest)| Some((weight.parse().ok()?, rest)));
            let (weight, alternative) = weighted.unwrap_or((1, line));
            let rule = rules.get_mut(name).expect("a rule's name stands before its alternatives");
            rule.alternatives.extend(std::iter::repeat_n(alternative, weight));
        }
        Grammar { rules }
    }

    fn rule(&self, name: &str) -> &Rule {
        self.rules.get(name).unwrap_or_else(|| panic!("the grammar has no rule {name}"))
    }
}

/// The first part of an alternative, and what follows it.
fn split_part(alternative: &str) -> (Part<'_>, &str) {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let reference = |text: &'_ str| -> Option<usize> {
        let end = text.find('>')?;
        is_name(text[1..end].trim_end_matches(['?', '*'])).then_some(end)
    };
    if alternative.starts_with('<')
        && let Some(end) = reference(alternative)
    {
        let (inside, rest) = (&alternative[1..end], &alternative[end + 1..]);
        let part = match inside.as_bytes()[inside.len() - 1] {
            b'?' => Part::Reference(&inside[..inside.len() - 1], Times::AtMostOnce),
            b'*' => Part::Reference(&inside[..inside.len() - 1], Times::Several),
            _ => Part::Reference(inside, Times::Once),
        };
        return (part, rest);
    }
    let next = alternative.char_indices().skip(1).find(|(_, letter)| *letter == '<');
    let (text, rest) = alternative.split_at(next.map_or(alternative.len(), |(at, _)| at));
    (Part::Text(text), rest)
}

impl Scripts {
    /// The generator for a seed.
    pub fn new(seed: u64) -> Scripts {
        Scripts { seeds: Seeds::new(seed), depth: 0 }
    }

    /// A script of a few commands.
    pub fn script(&mut self) -> String {
        let mut out = String::new();
        self.add("script", &mut out);
        out
    }

    /// Adds something that the rule `name` makes.
    fn add(&mut self, name: &str, out: &mut String) {
        let rule = GRAMMAR.rule(name);
        let too_deep = rule.nests && self.depth >= DEPTH_MAX;
        let at = if too_deep { 0 } else { self.seeds.below(rule.alternatives.len()) };
        let alternative = rule.alternatives[at];
        self.depth += usize::from(rule.nests);
        if name.ends_with("-command") && self.seeds.below(SPOILED_ONE_IN) == 0 {
            let spoiled = self.spoiled(alternative);
            self.fill(&spoiled, out);
        } else {
            self.fill(alternative, out);
        }
        self.depth -= usize::from(rule.nests);
    }

    /// Adds the alternative with its references filled in.
    fn fill(&mut self, mut alternative: &str, out: &mut String) {
        while !alternative.is_empty() {
            let (part, rest) = split_part(alternative);
            alternative = rest;
            let (name, times) = match part {
                Part::Text(text) => {
                    out.extend(text.chars().map(|letter| if letter == '¶' { '\n' } else { letter }));
                    continue;
                }
                Part::Reference(name, Times::Once) => (name, 1),
                Part::Reference(name, Times::AtMostOnce) => (name, self.seeds.below(2)),
                Part::Reference(name, Times::Several) => (name, self.seeds.below(4)),
            };
            for _ in 0..times {
                self.add(name, out);
            }
        }
    }

    /// The command with a word more or, unless that would break its last word, a word less.
    fn spoiled(&mut self, command: &str) -> String {
        match command.rsplit_once(' ') {
            Some((short, last)) if !last.contains(['}', ']', '"']) && self.seeds.below(2) == 0 => {
                short.to_owned()
            }
            _ => format!("{command} <word>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_script_again() {
        for seed in 0..20 {
            assert_eq!(Scripts::new(seed).script(), Scripts::new(seed).script());
        }
        assert_ne!(Scripts::new(1).script(), Scripts::new(2).script());
    }

    /// The names of the rules that an alternative refers to.
    fn references(mut alternative: &str) -> Vec<&str> {
        let mut names = Vec::new();
        while !alternative.is_empty() {
            let (part, rest) = split_part(alternative);
            alternative = rest;
            if let Part::Reference(name, _) = part {
                names.push(name);
            }
        }
        names
    }

    #[test]
    fn the_grammar_is_whole_and_ends() {
        fn ends(name: &str, within: &mut Vec<String>) {
            let rule = GRAMMAR.rule(name);
            assert!(!rule.alternatives.is_empty(), "{name} has no alternatives");
            assert!(!within.iter().any(|outer| outer == name), "{name} contains itself in {within:?}");
            within.push(name.to_owned());
            let count = if rule.nests { 1 } else { rule.alternatives.len() };
            for inner in rule.alternatives[..count].iter().flat_map(|text| references(text)) {
                ends(inner, within);
            }
            within.pop();
        }
        let mut names: Vec<&str> = GRAMMAR.rules.keys().copied().collect();
        names.sort_unstable();
        for name in &names {
            ends(name, &mut Vec::new());
        }
        let all = GRAMMAR.rules.values().flat_map(|rule| rule.alternatives.iter());
        let used: Vec<&str> = all.flat_map(|text| references(text)).collect();
        for name in names {
            assert!(name == "script" || used.contains(&name), "nothing refers to {name}");
        }
    }
}
