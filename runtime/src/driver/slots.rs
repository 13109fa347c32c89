//! The table of operations in flight, and which of them read or write a descriptor.

use super::Descriptor;

/// Names an operation. Slots are used again; the generation tells old tokens from new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    pub(super) slot: u32,
    pub(super) generation: u32,
}

impl Token {
    /// The token as one number, for requests to a kernel.
    pub(super) fn pack(self) -> u64 {
        u64::from(self.generation) << 32 | u64::from(self.slot)
    }

    /// The reverse of [`Token::pack`].
    #[expect(clippy::cast_possible_truncation, reason = "the halves of the number are meant")]
    pub(super) fn unpack(number: u64) -> Self {
        Self { slot: number as u32, generation: (number >> 32) as u32 }
    }
}

/// Operations in flight: a slab with generations.
pub(super) struct Slots<T> {
    entries: Vec<Entry<T>>,
    free: Vec<u32>,
}

struct Entry<T> {
    generation: u32,
    tag: u64,
    state: Option<T>,
}

/// Generations stay below this, so that a driver has numbers left for purposes of its own.
const GENERATIONS: u32 = 1 << 30;

impl<T> Slots<T> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), free: Vec::new() }
    }

    /// Enters an operation.
    pub(super) fn insert(&mut self, tag: u64, state: T) -> Token {
        if let Some(slot) = self.free.pop() {
            let entry = &mut self.entries[slot as usize];
            debug_assert!(entry.state.is_none(), "a free slot is empty");
            entry.tag = tag;
            entry.state = Some(state);
            return Token { slot, generation: entry.generation };
        }
        let slot =
            u32::try_from(self.entries.len()).expect("descriptors run out long before 2^32 operations");
        self.entries.push(Entry { generation: 0, tag, state: Some(state) });
        Token { slot, generation: 0 }
    }

    /// The operation, if the token is alive.
    #[inline]
    pub(super) fn get_mut(&mut self, token: Token) -> Option<&mut T> {
        let entry = self.entries.get_mut(token.slot as usize)?;
        if entry.generation == token.generation { entry.state.as_mut() } else { None }
    }

    /// The operation, if the token is alive.
    #[inline]
    pub(super) fn get(&self, token: Token) -> Option<&T> {
        let entry = self.entries.get(token.slot as usize)?;
        if entry.generation == token.generation { entry.state.as_ref() } else { None }
    }

    /// What the caller wants back with each completion of a live token.
    #[inline]
    pub(super) fn tag(&self, token: Token) -> u64 {
        self.entries[token.slot as usize].tag
    }

    /// Ends an operation and returns it with its tag: the token is dead afterwards.
    #[inline]
    pub(super) fn remove(&mut self, token: Token) -> Option<(u64, T)> {
        let entry = self.entries.get_mut(token.slot as usize)?;
        if entry.generation != token.generation {
            return None;
        }
        let state = entry.state.take()?;
        entry.generation = (entry.generation + 1) % GENERATIONS;
        let tag = entry.tag;
        self.free.push(token.slot);
        Some((tag, state))
    }

    /// All operations in flight, in the order of their slots.
    pub(super) fn tokens(&self) -> Vec<Token> {
        let live = self.entries.iter().enumerate().filter(|(_, entry)| entry.state.is_some());
        live.map(|(slot, entry)| Token { slot: slot as u32, generation: entry.generation }).collect()
    }
}

/// The use an operation makes of its descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Read,
    Write,
}

/// Who uses a descriptor: at most one operation in each direction, and one that waits to close it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Users {
    pub(super) reader: Option<Token>,
    pub(super) writer: Option<Token>,
    pub(super) closer: Option<Token>,
}

impl Users {
    /// The user in a direction.
    pub(super) fn of(&mut self, direction: Direction) -> &mut Option<Token> {
        match direction {
            Direction::Read => &mut self.reader,
            Direction::Write => &mut self.writer,
        }
    }

    /// Whether a descriptor can be used in a direction.
    pub(super) fn is_free(&mut self, direction: Direction) -> bool {
        self.closer.is_none() && self.of(direction).is_none()
    }

    /// Whether no operation at all is left.
    pub(super) fn is_unused(self) -> bool {
        self.is_idle() && self.closer.is_none()
    }

    /// Whether no operation but the closing one is left.
    pub(super) fn is_idle(self) -> bool {
        self.reader.is_none() && self.writer.is_none()
    }
}

/// A table indexed by the numbers of descriptors.
pub(super) struct ByDescriptor<T> {
    rows: Vec<T>,
}

impl<T: Default + Clone> ByDescriptor<T> {
    pub(super) fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// The row of a plausible descriptor, made on first use.
    #[inline]
    pub(super) fn row(&mut self, descriptor: Descriptor) -> &mut T {
        let index = descriptor.number() as usize;
        if index >= self.rows.len() {
            self.grow(descriptor);
        }
        &mut self.rows[index]
    }

    #[cold]
    fn grow(&mut self, descriptor: Descriptor) {
        assert!(descriptor.is_plausible(), "other numbers are refused before they get here");
        self.rows.resize(descriptor.number() as usize + 1, T::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_used_again_under_new_tokens() {
        let mut slots = Slots::new();
        let first = slots.insert(1, 'a');
        let second = slots.insert(2, 'b');
        assert_eq!(slots.remove(first), Some((1, 'a')));
        let third = slots.insert(3, 'c');
        assert_eq!(third.slot, first.slot);
        assert_eq!(slots.get(first), None, "the old token is dead");
        assert_eq!(slots.remove(first), None);
        assert_eq!((slots.get(third), slots.tag(third)), (Some(&'c'), 3));
        assert_eq!(slots.tokens(), [third, second]);
    }

    #[test]
    fn tokens_survive_packing_and_leave_room_for_other_numbers() {
        let token = Token { slot: u32::MAX, generation: GENERATIONS - 1 };
        assert_eq!(Token::unpack(token.pack()), token);
        assert_eq!(token.pack() >> 62, 0);
    }
}
