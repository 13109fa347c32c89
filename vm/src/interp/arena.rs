//! Slots with generations: identifiers that go stale instead of dangling.

use std::marker::PhantomData;

/// The identifier of a `T` in an [`Arena`].
pub struct Id<T> {
    index: u32,
    generation: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// An identifier that never was given out.
    pub const NONE: Id<T> = Id { index: u32::MAX, generation: 0, kind: PhantomData };

    /// A number that no other live `T` has.
    #[inline(always)]
    pub fn number(self) -> u64 {
        u64::from(self.generation) << 32 | u64::from(self.index)
    }

    /// The identifier with a number that [`Id::number`] gave.
    pub fn from_number(number: u64) -> Id<T> {
        Id { index: number as u32, generation: (number >> 32) as u32, kind: PhantomData }
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    #[inline(always)]
    fn eq(&self, other: &Self) -> bool {
        // As one number: call sites compare these on every call.
        self.number() == other.number()
    }
}

impl<T> Eq for Id<T> {}

impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.number());
    }
}

impl<T> std::fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.index, self.generation)
    }
}

struct Slot<T> {
    generation: u32,
    content: Option<T>,
}

/// A growing set of `T` with identifiers.
pub struct Arena<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Arena<T> {
    /// Puts `content` in.
    pub fn insert(&mut self, content: T) -> Id<T> {
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.content = Some(content);
            return Id { index, generation: slot.generation, kind: PhantomData };
        }
        let index = u32::try_from(self.slots.len()).expect("an arena holds fewer than 2^32 things");
        self.slots.push(Slot { generation: 1, content: Some(content) });
        Id { index, generation: 1, kind: PhantomData }
    }

    /// Takes what `id` names out; the identifier goes stale.
    pub fn remove(&mut self, id: Id<T>) -> Option<T> {
        let slot = self.slots.get_mut(id.index as usize)?;
        if slot.generation != id.generation {
            return None;
        }
        let content = slot.content.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(id.index);
        Some(content)
    }

    /// What `id` names, unless it is stale.
    #[inline]
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        let slot = self.slots.get(id.index as usize)?;
        if slot.generation == id.generation { slot.content.as_ref() } else { None }
    }

    /// What `id` names, to change.
    #[inline]
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        let slot = self.slots.get_mut(id.index as usize)?;
        if slot.generation == id.generation { slot.content.as_mut() } else { None }
    }

    /// All live identifiers, in slot order.
    pub fn ids(&self) -> impl Iterator<Item = Id<T>> {
        self.slots.iter().enumerate().filter(|(_, s)| s.content.is_some()).map(|(i, s)| Id {
            index: i as u32,
            generation: s.generation,
            kind: PhantomData,
        })
    }
}
