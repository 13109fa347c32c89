//! Random scripts: commands with words that fit, or nearly.
//!
//! The templates stand in `data/script-templates.txt`. What a script prints and returns depends on nothing but itself,
//! so that two programs can be compared. The fuzz targets make scripts of their input by the same generator.

use crate::seeds::Seeds;

const TEMPLATES: &str = include_str!("../data/script-templates.txt");

/// How deep bodies and expressions nest.
const DEPTH_MAX: usize = 3;

/// A generator of scripts.
pub struct Scripts {
    seeds: Seeds,
    templates: Vec<&'static str>,
    depth: usize,
}

const VARIABLES: [&str; 6] = ["a", "b", "c", "x", "v", "m"];
const ARRAYS: [&str; 2] = ["arr", "h"];
const PROCEDURES: [&str; 4] = ["p", "q", "r", "n::p"];
const NUMBERS: [&str; 26] = [
    "0",
    "1",
    "2",
    "-1",
    "3",
    "7",
    "10",
    "-5",
    "0x1f",
    "0b101",
    "0o17",
    "1e3",
    "2.5",
    "-0.5",
    ".5",
    "5.",
    "1e-7",
    "1e400",
    "Inf",
    "NaN",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1_000",
    "08",
    "1x",
];
const INDEXES: [&str; 14] =
    ["0", "1", "2", "-1", "end", "end-1", "end+1", "1+1", "5", "end-5", "{}", "x", "{0 1}", "2-1"];
const STRINGS: [&str; 26] = [
    "abc",
    "{}",
    "hello",
    "{a b}",
    "\"a\\tb\"",
    "x1y2",
    "{ padded }",
    "AbC",
    "äöü",
    "\"\\u00e9t\\u00e9\"",
    "é€",
    "{[set b]}",
    "{$a}",
    "\"{\"",
    "a.b.c",
    "123",
    "0x1f",
    "true",
    "no",
    "{%d}",
    "{a*b}",
    "{\\}",
    "aXbXc",
    "{Hello World}",
    "\"\\x00\\x01\"",
    "日本",
];
const LISTS: [&str; 14] = [
    "{}",
    "{a b c}",
    "{3 1 2}",
    "{1 2 3 4}",
    "{{a 1} {b 2}}",
    "{a {b c} {}}",
    "{b a B A}",
    "{x10 x9 x1}",
    "{1.5 1 -3}",
    "[list a b]",
    "{a b a}",
    "{unbalanced {}",
    "{\"quoted x\" y}",
    "{0 1 2 3 4 5}",
];
const DICTS: [&str; 9] = [
    "{}",
    "{a 1 b 2}",
    "{k v}",
    "{a 1 a 2}",
    "{a {b 1} c {d 2}}",
    "{odd}",
    "[dict create x 1 y 2]",
    "{a 1 b}",
    "{k {1 2 3}}",
];
const GLOBS: [&str; 12] =
    ["*", "a*", "?", "[a-c]", "*b*", "\\\\*", "{[a-]}", "{}", "[!a]", "x?", "*[0-9]", "{[z-a]*}"];
const REGEXPS: [&str; 18] = [
    "a",
    "{a|b}",
    "{(a)(b)?}",
    "{[a-z]+}",
    "{\\d+}",
    "{^x.*y$}",
    "{(}",
    "{a{2,3}}",
    "{(?i)ABC}",
    "{\\w\\s}",
    "{(.)\\1}",
    "{[[:alpha:]]*}",
    "{a*?}",
    "{x{}",
    "{[b-a]}",
    "{\\m\\w+\\M}",
    "{}",
    "{(?=a)a}",
];
const FORMATS: [&str; 20] = [
    "%d", "%s", "%5d", "%-5s|", "%05.2f", "%x", "%#o", "%c", "%e", "%g", "%i", "%u", "%5.3s", "%%", "%*d",
    "%2$s", "%b", "%lld", "%q", "%a",
];
const SCANS: [&str; 12] =
    ["%d", "%s", "%x", "%c", "%f", "%2d%s", "{%[a-z]}", "%n", "%i", "{%d %d}", "%*s%d", "%5c"];
const BINARIES: [&str; 12] = ["a3", "A5", "c", "s*", "i2", "H4", "h*", "w", "d", "x2a", "@3a", "b8"];
const TYPES: [&str; 12] = [
    "integer",
    "double",
    "alpha",
    "digit",
    "list",
    "boolean",
    "space",
    "wideinteger",
    "upper",
    "xdigit",
    "dict",
    "bogus",
];
const SORTS: [&str; 10] = [
    "-integer",
    "-real",
    "-dictionary",
    "-decreasing",
    "-nocase",
    "-ascii",
    "-unique",
    "-increasing",
    "-exact",
    "-bogus",
];
const FUNCTIONS: [&str; 14] = [
    "abs", "int", "double", "sqrt", "round", "min", "max", "pow", "fmod", "wide", "bool", "isqrt", "entier",
    "ceil",
];
const OPERATORS: [&str; 26] = [
    "+", "-", "*", "/", "%", "**", "<", ">", "<=", ">=", "==", "!=", "eq", "ne", "in", "ni", "&", "|", "^",
    "<<", ">>", "&&", "||", "lt", "ge", "+",
];

impl Scripts {
    /// The generator for a seed.
    pub fn new(seed: u64) -> Scripts {
        let mut templates = Vec::new();
        for line in TEMPLATES.lines().filter(|line| !line.starts_with('#')) {
            let (weight, template) = line.split_once(' ').expect("a template has a weight before it");
            let weight: usize = weight.parse().expect("a weight is a number");
            templates.extend(std::iter::repeat_n(template, weight));
        }
        Scripts { seeds: Seeds::new(seed), templates, depth: 0 }
    }

    /// A script of a few commands.
    pub fn script(&mut self) -> String {
        let count = 2 + self.seeds.below(5);
        self.commands(count)
    }

    fn commands(&mut self, count: usize) -> String {
        let commands: Vec<String> = (0..count).map(|_| self.command()).collect();
        let separator = *[" ; ", "\n", "; "].get(self.seeds.below(3)).expect("it is below three");
        commands.join(separator)
    }

    fn command(&mut self) -> String {
        let at = self.seeds.below(self.templates.len());
        let template = self.templates[at];
        self.filled(template)
    }

    /// The template with its placeholders filled.
    fn filled(&mut self, template: &str) -> String {
        let mut out = String::new();
        let mut letters = template.chars();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                out.push(letter);
                continue;
            }
            let kind = letters.next().unwrap_or('%');
            let word = self.word(kind);
            out.push_str(&word);
        }
        out
    }

    fn word(&mut self, kind: char) -> String {
        // Now and then what is known takes the place of what is written.
        if !matches!(kind, 'v' | 'a' | 'e' | 'b' | 'x' | 'p' | 'f' | 'c' | 'y' | 'o' | 't') {
            match self.seeds.below(12) {
                0 | 1 => return format!("${}", self.seeds.pick(&VARIABLES)),
                2 if self.depth < DEPTH_MAX => {
                    self.depth += 1;
                    let command = self.command();
                    self.depth -= 1;
                    return format!("[{command}]");
                }
                _ => {}
            }
        }
        let seeds = &mut self.seeds;
        let word = match kind {
            'v' => seeds.pick(&VARIABLES),
            'a' => seeds.pick(&ARRAYS),
            'e' | 'k' => seeds.pick(&["a", "b", "k", "x", "1"]),
            's' => seeds.pick(&STRINGS),
            'n' => seeds.pick(&NUMBERS),
            'i' => seeds.pick(&INDEXES),
            'l' => seeds.pick(&LISTS),
            'd' => seeds.pick(&DICTS),
            'g' => seeds.pick(&GLOBS),
            'r' => seeds.pick(&REGEXPS),
            'f' => seeds.pick(&FORMATS),
            'c' => seeds.pick(&SCANS),
            'y' => seeds.pick(&BINARIES),
            't' => seeds.pick(&TYPES),
            'o' => seeds.pick(&SORTS),
            'p' => seeds.pick(&PROCEDURES),
            'm' => seeds.pick(&FUNCTIONS),
            'x' => return self.expression(),
            'b' => return self.body(),
            _ => {
                let kind = *['s', 'n', 'l', 'd', 's', 'n'].get(seeds.below(6)).expect("it is below six");
                return self.word(kind);
            }
        };
        word.to_owned()
    }

    fn body(&mut self) -> String {
        if self.depth >= DEPTH_MAX {
            return "{set b}".to_owned();
        }
        self.depth += 1;
        let count = 1 + self.seeds.below(3);
        let inside = self.commands(count);
        self.depth -= 1;
        if self.seeds.below(3) == 0 { format!("{{\n    {inside}\n}}") } else { format!("{{{inside}}}") }
    }

    fn expression(&mut self) -> String {
        if self.depth >= DEPTH_MAX || self.seeds.below(3) == 0 {
            return match self.seeds.below(8) {
                0..=3 => self.seeds.pick(&NUMBERS).to_owned(),
                4 | 5 => format!("${}", self.seeds.pick(&VARIABLES)),
                6 => self.seeds.pick(&["\"abc\"", "{a b}", "\"\"", "true", "\"10\"", "{1 2}"]).to_owned(),
                _ => format!("[{}]", self.filled("set %v")),
            };
        }
        self.depth += 1;
        let out = match self.seeds.below(8) {
            0 => format!("{}({})", self.seeds.pick(&FUNCTIONS), self.expression()),
            1 => format!(
                "{}({}, {})",
                self.seeds.pick(&["min", "max", "pow", "fmod", "atan2"]),
                self.expression(),
                self.expression()
            ),
            2 => format!("{}{}", self.seeds.pick(&["-", "!", "~", "+"]), self.expression()),
            3 => format!("({}) ? {} : {}", self.expression(), self.expression(), self.expression()),
            4 => format!("[{}]", self.command()),
            _ => {
                let (left, right) = (self.expression(), self.expression());
                // Powers and shifts of large numbers take long in both programs.
                let operator = self.seeds.pick(&OPERATORS);
                let right = if matches!(operator, "**" | "<<") {
                    self.seeds.pick(&["2", "0", "-1", "3", "$a"]).to_owned()
                } else {
                    right
                };
                format!("({left}) {operator} ({right})")
            }
        };
        self.depth -= 1;
        out
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
}
