//! The engine against the reference's answers and against the naive matcher.

use super::naive::naive;
use super::{Flags, Interrupted, Regex};
use tclring_compiler::syntax::text::{char_count, char_width, push_char};

/// A small bound, so that automata are dropped and rebuilt all the time.
const TINY_BYTES: usize = 300;

fn flags(letters: &str) -> Flags {
    let has = |letter| letters.contains(letter);
    Flags {
        nocase: has('i'),
        expanded: has('x'),
        line_stop: has('n') || has('p'),
        line_anchor: has('n') || has('w'),
        ..Flags::default()
    }
}

/// The result of a match as `1 first last first last …` in characters, ends
/// inclusive; `0` for none.
fn answer(regex: &Regex, text: &[u8], start: usize, not_bol: bool) -> String {
    let mut captures = vec![None; regex.group_count() + 1];
    let found = regex.exec(text, start, not_bol, &mut captures, &mut || true).expect("nobody interrupts");
    let found_any = regex.exec(text, start, not_bol, &mut [], &mut || true).expect("nobody interrupts");
    assert_eq!(found, found_any);
    if !found {
        return "0".to_string();
    }
    let mut answer = "1".to_string();
    for span in captures {
        let (first, behind) = span
            .map_or((-1, 0), |(from, to)| (char_count(&text[..from]) as i64, char_count(&text[..to]) as i64));
        answer += &format!(" {first} {}", behind - 1);
    }
    answer
}

fn check_error(pattern: &str, word: &str, reason: &str) {
    let error = Regex::compile(pattern.as_bytes(), Flags::default()).expect_err(pattern);
    assert_eq!((error.word(), error.reason()), (word, reason), "{pattern}");
}

#[test]
fn malformed_patterns() {
    let cases = [
        ("***?", "REG_BADPAT", "invalid regexp (reg version 0.8)"),
        ("[[.foo.]]", "REG_ECOLLATE", "invalid collating element"),
        ("[[:foo:]]", "REG_ECTYPE", "invalid character class"),
        ("a\\", "REG_EESCAPE", "invalid escape \\ sequence"),
        ("[a\\D]", "REG_EESCAPE", "invalid escape \\ sequence"),
        ("(a)\\2", "REG_ESUBREG", "invalid backreference number"),
        ("a[b", "REG_EBRACK", "brackets [] not balanced"),
        ("a(b", "REG_EPAREN", "parentheses () not balanced"),
        ("a)b", "REG_EPAREN", "parentheses () not balanced"),
        ("a{1", "REG_EBRACE", "braces {} not balanced"),
        ("a{2,1}", "REG_BADBR", "invalid repetition count(s)"),
        ("a{256}", "REG_BADBR", "invalid repetition count(s)"),
        ("[b-a]", "REG_ERANGE", "invalid character range"),
        ("(?:(?:x{255}){255}){255}", "REG_ESPACE", "out of memory"),
        ("*", "REG_BADRPT", "invalid quantifier operand"),
        ("a**", "REG_BADRPT", "invalid quantifier operand"),
        ("(?z)a", "REG_BADOPT", "invalid embedded option"),
    ];
    for (pattern, word, reason) in cases {
        check_error(pattern, word, reason);
    }
    check_error(&"(".repeat(100_000), "REG_ETOOBIG", "regular expression is too complex");
}

/// Undoes the corpus's escapes `\\`, `\uXXXX` and `\UXXXXXXXX`.
fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let digits = match &rest[at + 1..at + 2] {
            "u" => 4,
            "U" => 8,
            _ => 0,
        };
        let end = at + 2 + digits;
        match digits {
            0 => out.push(b'\\'),
            _ => push_char(&mut out, u32::from_str_radix(&rest[at + 2..end], 16).expect("hexadecimal")),
        }
        rest = &rest[end..];
    }
    out.extend_from_slice(rest.as_bytes());
    out
}

/// The letter by which the corpus abbreviates a word of `-about`.
fn letter(word: &str) -> char {
    match word {
        "REG_UBACKREF" => 'R',
        "REG_ULOOKAHEAD" => 'H',
        "REG_UBOUNDS" => 'Q',
        "REG_UBRACES" => 'B',
        "REG_UBSALNUM" => 'A',
        "REG_UPBOTCH" => 'U',
        "REG_UBBS" => 'E',
        "REG_UNONPOSIX" => 'P',
        "REG_UUNSPEC" => 'S',
        "REG_UUNPORT" => 'M',
        "REG_ULOCALE" => 'L',
        "REG_UEMPTYMATCH" => 'N',
        "REG_UIMPOSSIBLE" => 'I',
        _ => 'T',
    }
}

fn check_recorded(line: &str) {
    let fields: Vec<&str> = line.split('\t').collect();
    let [switches, pattern, text, expected] = fields.as_slice() else { panic!("four fields: {line}") };
    let (pattern, text) = (unescape(pattern), unescape(text));
    let digits: String = switches.chars().filter(char::is_ascii_digit).collect();
    let skipped = digits.parse().unwrap_or(0);
    let start = (0..skipped).fold(0, |at, _| at + char_width(text[at]));
    let not_bol = start > 0 && text[start - 1] != b'\n';
    for bytes_max in [super::dfa::BYTES_MAX, TINY_BYTES] {
        let result = match Regex::bounded(&pattern, flags(switches), bytes_max) {
            Err(error) => format!("!{}", error.word()),
            Ok(regex) => {
                let found = answer(&regex, &text, start, not_bol);
                // What the pattern has learnt must make no difference.
                for _ in 0..4 {
                    assert_eq!(answer(&regex, &text, start, not_bol), found, "{line}");
                }
                let letters: String = regex.about().words().into_iter().map(letter).collect();
                format!("{found}|{}{letters}", regex.group_count())
            }
        };
        assert_eq!(&result, expected, "{line}");
    }
}

#[test]
fn recorded_answers_of_the_reference() {
    let corpus = include_str!("corpus.txt");
    for line in corpus.lines().filter(|line| !line.starts_with('#')) {
        check_recorded(line);
    }
}

/// A generator of patterns and texts; xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.below(from.len())]
    }

    fn alternation(&mut self, depth: usize, groups: &mut usize) -> String {
        let branches = [1, 1, 1, 2, 2, 3][self.below(6)];
        (0..branches).map(|_| self.branch(depth, groups)).collect::<Vec<_>>().join("|")
    }

    fn branch(&mut self, depth: usize, groups: &mut usize) -> String {
        let mut out = String::new();
        for _ in 0..self.below(4) {
            if self.below(8) == 0 {
                out += self.pick(&["^", "$", r"\m", r"\M", r"\y", r"\Y", "(?=a)", "(?!b)", r"(?=(?!a)\w)"]);
                continue;
            }
            out += &self.atom(depth, groups);
            if self.below(2) == 0 {
                out += self.pick(&["*", "+", "?", "{0,2}", "{1,2}", "{2,}", "{2}", "{1}", "{1,1}"]);
                out += self.pick(&["", "", "?"]);
            }
        }
        out
    }

    fn atom(&mut self, depth: usize, groups: &mut usize) -> String {
        match self.below(10) {
            0 | 1 if depth < 4 => {
                *groups += 1;
                format!("({})", self.alternation(depth + 1, groups))
            }
            2 if depth < 4 => format!("(?:{})", self.alternation(depth + 1, groups)),
            3 if *groups > 0 => format!(r"\{}", 1 + self.below((*groups).min(9))),
            4 => self.pick(&[".", r"\w", r"\s", "[^a]", "[ab]", "[[:upper:]]", r"\W"]).to_string(),
            _ => self.pick(&["a", "a", "a", "b", "b", " ", "A", "\n", "é"]).to_string(),
        }
    }
}

fn compare_with_naive(seed: u64, count: usize) {
    let mut random = Random(seed);
    for _ in 0..count {
        let pattern = random.alternation(0, &mut 0);
        let text: String =
            (0..random.below(8)).map(|_| random.pick(&["a", "a", "b", "b", " ", "A", "\n", "é"])).collect();
        let letters = random.pick(&["", "", "i", "n", "w", "p", "in"]);
        let not_bol = random.below(6) == 0;
        let expected = naive(pattern.as_bytes(), flags(letters), text.as_bytes(), not_bol);
        let bytes_max = if random.below(2) == 0 { super::dfa::BYTES_MAX } else { TINY_BYTES };
        let regex = Regex::bounded(pattern.as_bytes(), flags(letters), bytes_max).ok();
        assert_eq!(regex.is_some(), expected.is_some(), "{pattern}");
        let (Some(regex), Some(expected)) = (regex, expected) else { continue };
        let expected = expected.map_or("0".to_string(), |captures| {
            let spans =
                captures.into_iter().map(|span| span.map_or((-1, -1), |s| (s.0 as i64, s.1 as i64 - 1)));
            spans.fold("1".to_string(), |all, (first, last)| all + &format!(" {first} {last}"))
        });
        for _ in 0..5 {
            let found = answer(&regex, text.as_bytes(), 0, not_bol);
            assert_eq!(found, expected, "{pattern:?} {text:?} {letters} {not_bol}");
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a developer may ask for more cases")]
fn random_patterns_match_as_the_rules_say() {
    let count = std::env::var("REGEX_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(20_000);
    compare_with_naive(0x5EED_0F7C_1A11_0042, count);
}

#[test]
fn the_start_is_all_that_a_pattern_sees() {
    let cases = [
        ("^b", 1, true, "0"),
        ("^b", 1, false, "1 1 1"),
        (r"\Ab", 1, true, "1 1 1"),
        (r"\mb", 1, true, "1 1 1"),
        ("b*?$", 4, true, "1 4 3"),
    ];
    for (pattern, start, not_bol, expected) in cases {
        let regex = Regex::compile(pattern.as_bytes(), Flags::default()).expect(pattern);
        assert_eq!(answer(&regex, b"abab", start, not_bol), expected, "{pattern}");
    }
}

#[test]
fn captures_may_be_fewer_or_more_than_groups() {
    let regex = Regex::compile(b"(a)(b)?", Flags::default()).expect("it is well-formed");
    let mut captures = [Some((9, 9)); 5];
    for count in 0..5 {
        assert_eq!(regex.exec(b"xac", 0, false, &mut captures[..count], &mut || true), Ok(true));
    }
    assert_eq!(captures[..4], [Some((1, 2)), Some((1, 2)), None, None]);
}

fn check_interrupted(pattern: &str, text: &str) {
    let regex = Regex::compile(pattern.as_bytes(), Flags::default()).expect(pattern);
    let mut polls = 0;
    let mut captures = vec![None; regex.group_count() + 1];
    let result = regex.exec(text.as_bytes(), 0, false, &mut captures, &mut || {
        polls += 1;
        polls < 5
    });
    assert_eq!((result, polls), (Err(Interrupted), 5), "{pattern}");
}

#[test]
fn long_matches_can_be_interrupted() {
    check_interrupted("[ab]*c", &"ab".repeat(1_000_000));
    let unequal = format!("{}b{}cac{}", "a".repeat(300), "a", "a".repeat(400));
    check_interrupted(r"^(a*)(a*)(a*)b\1c\2c\3$", &unequal);
    check_interrupted("(?=(?=.*x)a)a(?=.*y)", &"a".repeat(3000));
}

#[test]
fn hard_patterns_take_polynomial_time() {
    let text = "a".repeat(400);
    for pattern in ["(a*)*b", "((a*)*)*b", "(a|aa)*b|c", "(a?){200}a{200}(b|c)", "((a|b)*?(ab|a)*)+b"] {
        let regex = Regex::compile(pattern.as_bytes(), Flags::default()).expect(pattern);
        let mut captures = vec![None; 4];
        assert_eq!(regex.exec(text.as_bytes(), 0, false, &mut captures, &mut || true), Ok(false));
        let matching = format!("{text}b");
        assert!(regex.exec(matching.as_bytes(), 0, false, &mut captures, &mut || true).is_ok());
    }
}

#[test]
fn malformed_texts_do_no_harm() {
    let mut random = Random(77);
    for _ in 0..3000 {
        let pattern = random.alternation(0, &mut 0);
        let Ok(regex) = Regex::compile(pattern.as_bytes(), Flags::default()) else { continue };
        let bytes = [b'a', b'b', 0x80, 0xC3, 0xA9, 0xE2, 0x82, 0xF0, 0xFF];
        let text: Vec<u8> = (0..random.below(12)).map(|_| bytes[random.below(bytes.len())]).collect();
        let mut captures = vec![None; regex.group_count() + 1];
        assert!(regex.exec(&text, 0, false, &mut captures, &mut || true).is_ok());
        // A malformed pattern is refused or read somehow.
        let _ = Regex::compile(&text, Flags::default());
    }
}

#[test]
fn deeply_nested_patterns_are_matched() {
    let pattern = format!("{}a*{}", "(b*".repeat(900), ")".repeat(900));
    let regex = Regex::compile(pattern.as_bytes(), Flags::default()).expect("it is well-formed");
    assert_eq!(answer(&regex, b"bbaa", 0, false).len(), "1 0 3".len() + 4 * 900);
    let pattern = format!(r"(a){}\1*{}", "(?:b|(?:".repeat(400), "))*".repeat(400));
    let regex = Regex::compile(pattern.as_bytes(), Flags::default()).expect("it is well-formed");
    assert_eq!(answer(&regex, b"aaa", 0, false), "1 0 2 0 0");
}
