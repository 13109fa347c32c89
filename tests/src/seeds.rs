//! Seeded inputs: a small generator of numbers, and texts that look like Tcl.

/// Pieces that mean something to Tcl.
const PIECES: &[&str] = &[
    "set ",
    "x",
    " ",
    "y",
    "$x",
    "$y(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "\\",
    "\n",
    ";",
    "expr ",
    "if ",
    "while ",
    "1",
    "0",
    "+",
    "-",
    "*",
    "/",
    "**",
    "==",
    "<",
    "foreach ",
    "list ",
    "a b c",
    "proc p {a b} ",
    "p 1 2",
    "return ",
    "break",
    "continue",
    "catch ",
    "error ",
    "string length ",
    "lindex ",
    "end-1",
    "dict set ",
    "incr ",
    "append ",
    "{*}",
    "#",
    "::",
    "namespace eval n ",
    "upvar 1 ",
    "uplevel ",
    "eval ",
    "switch ",
    "try ",
    "on error ",
    "finally ",
    "0x1f",
    "1e3",
    "end",
    "\\u00e9",
    "é",
    "apply {{a} ",
    "coroutine c ",
    "yield ",
    "regexp ",
    "(a|b)*",
    "lsort ",
];

/// A generator of numbers (xorshift64*), the same on every machine.
pub struct Seeds {
    state: u64,
}

impl Seeds {
    /// The generator for a seed.
    pub fn new(seed: u64) -> Seeds {
        Seeds { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.draw() % limit as u64) as usize
    }

    /// One of `choices`.
    pub fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// Bytes that are anything.
    pub fn bytes(&mut self, length_max: usize) -> Vec<u8> {
        (0..self.below(length_max + 1)).map(|_| self.draw() as u8).collect()
    }

    /// A text of pieces that mean something to Tcl.
    pub fn tcl_text(&mut self, pieces_max: usize) -> Vec<u8> {
        let mut text = Vec::new();
        for _ in 0..self.below(pieces_max + 1) {
            text.extend_from_slice(self.pick(PIECES).as_bytes());
        }
        text
    }
}
