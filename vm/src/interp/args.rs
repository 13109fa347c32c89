//! The words of an invocation.

use std::ops::{Deref, DerefMut};

use smallvec::SmallVec;

use crate::value::Value;

/// The words of an invocation, owned: word 0 is the command's name.
///
/// Up to seven words are held in place: that many are copied without a call when they are handed on.
#[derive(Default, Debug)]
pub struct Args {
    words: SmallVec<[Value; 7]>,
}

impl Args {
    /// Word number `at`, taken out (the empty string stays).
    pub fn take(&mut self, at: usize) -> Value {
        std::mem::take(&mut self.words[at])
    }

    /// The words as a vector.
    pub fn into_vec(self) -> Vec<Value> {
        self.words.into_vec()
    }

    /// The words from number `at` on, taken.
    pub fn split_off(mut self, at: usize) -> Vec<Value> {
        self.words.drain(at..).collect()
    }

    /// Adds a word.
    #[inline]
    pub(crate) fn push(&mut self, word: Value) {
        self.words.push(word);
    }
}

impl From<Vec<Value>> for Args {
    fn from(words: Vec<Value>) -> Args {
        Args { words: SmallVec::from_vec(words) }
    }
}

impl Deref for Args {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.words
    }
}

impl DerefMut for Args {
    fn deref_mut(&mut self) -> &mut [Value] {
        &mut self.words
    }
}
