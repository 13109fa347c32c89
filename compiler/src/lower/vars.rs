//! Variables: which place a name means, and how it is read and written.

use super::Lower;
use crate::bytecode::{Context, Def, NO_REG, Op, OptionalUse, Place, Use, UseDef};
use crate::syntax::command::{Part, Variable, Word, WordBody};

/// A variable that an operation reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A scalar or, with a key in a register, an array's element.
    Place {
        /// The variable.
        place: Place,
        /// The register of the element's key, or [`NO_REG`].
        key: u16,
    },
    /// A variable whose whole name is in a register.
    Named {
        /// The register of the name.
        name: u16,
    },
}

impl Target {
    /// The named register, if the target is a scalar in one.
    pub(super) fn local(self) -> Option<u16> {
        match self {
            Target::Place { place, key: NO_REG } => place.as_local(),
            _ => None,
        }
    }
}

/// The name of a variable and its element's key, as `a(b)` is read.
pub(super) fn split_element(name: &[u8]) -> (&[u8], Option<&[u8]>) {
    if name.last() == Some(&b')')
        && let Some(open) = memchr::memchr(b'(', name)
    {
        return (&name[..open], Some(&name[open + 1..name.len() - 1]));
    }
    (name, None)
}

/// Whether a name has a namespace in it.
pub(super) fn is_qualified(name: &[u8]) -> bool {
    name.windows(2).any(|pair| pair == b"::")
}

impl Lower<'_> {
    /// The place of the variable or array `name`, if there is room for it.
    pub(super) fn place(&mut self, name: &[u8]) -> Option<Place> {
        if self.context == Context::Procedure
            && !is_qualified(name)
            && let Some(register) = self.builder.local(name)
        {
            return Some(Place::local(register));
        }
        self.builder.variable_site(name)
    }

    /// The named register of a scalar variable substitution.
    pub(super) fn plain_local(&mut self, variable: &Variable) -> Option<u16> {
        if variable.index.is_some() || split_element(&variable.name).1.is_some() {
            return None;
        }
        self.place(&variable.name)?.as_local()
    }

    /// The target of a variable substitution; its key is evaluated.
    pub(super) fn variable_target(&mut self, variable: &Variable) -> Target {
        match &variable.index {
            Some(parts) => self.element_target(&variable.name, parts, true),
            None => self.literal_target(&variable.name),
        }
    }

    /// The target of a variable name as written in a command's word, like `x`,
    /// `a(b)`, `a($i)`, `$name`. A key that is a named variable stands as an
    /// operand only if `direct`.
    pub(super) fn word_target(&mut self, word: &Word, direct: bool) -> Option<Target> {
        if word.expand {
            return None;
        }
        match &word.body {
            WordBody::Literal { text, .. } => Some(self.literal_target(text)),
            WordBody::Parts(parts) => Some(match element_parts(parts) {
                Some((name, key)) => self.element_target(name, &key, direct),
                None => {
                    let name = self.builder.temporary();
                    self.parts(parts, name);
                    Target::Named { name }
                }
            }),
        }
    }

    /// The target of a name that is known now.
    pub(super) fn literal_target(&mut self, name: &[u8]) -> Target {
        let (base, key) = split_element(name);
        let Some(place) = self.place(base) else {
            let register = self.builder.temporary();
            self.load_text(name, register);
            return Target::Named { name: register };
        };
        let key = match key {
            None => NO_REG,
            Some(key) => {
                let register = self.builder.temporary();
                self.load_text(key, register);
                register
            }
        };
        Target::Place { place, key }
    }

    /// The target of a name that must be a scalar's.
    pub(super) fn has_registers(&self, names: &[impl AsRef<[u8]>]) -> bool {
        let is_local =
            |name: &[u8]| split_element(name).1.is_none() && !name.windows(2).any(|two| two == b"::");
        self.in_procedure() && names.iter().all(|name| is_local(name.as_ref()))
    }

    /// The place that a name without an element means.
    pub(super) fn plain_target(&mut self, name: &[u8]) -> Option<Target> {
        if split_element(name).1.is_some() {
            return None;
        }
        self.place(name).map(|place| Target::Place { place, key: NO_REG })
    }

    fn element_target(&mut self, name: &[u8], key: &[Part], direct: bool) -> Target {
        let Some(place) = self.place(name) else {
            let mut whole = vec![Part::Text([name, b"("].concat())];
            whole.extend_from_slice(key);
            whole.push(Part::Text(b")".to_vec()));
            let register = self.builder.temporary();
            self.parts(&whole, register);
            return Target::Named { name: register };
        };
        if let ([Part::Variable(variable)], true) = (key, direct)
            && let Some(key) = self.plain_local(variable)
        {
            return Target::Place { place, key };
        }
        let register = self.builder.temporary();
        self.parts(key, register);
        Target::Place { place, key: register }
    }

    /// Reads the variable into `dst`.
    pub(super) fn load_target(&mut self, target: Target, dst: u16) {
        let dst = Def(dst);
        match target {
            Target::Place { place, key: NO_REG } if let Some(local) = place.as_local() => {
                self.emit(Op::Move { dst, src: Use(local) });
            }
            Target::Place { place, key } => self.emit(Op::LoadVar { dst, place, key: OptionalUse(key) }),
            Target::Named { name } => self.emit(Op::LoadNamed { dst, name: Use(name) }),
        }
    }

    /// Stores the register `src` in the variable; a temporary is taken.
    pub(super) fn store_target(&mut self, target: Target, src: u16) {
        match target {
            Target::Place { place, key: NO_REG } if let Some(local) = place.as_local() => {
                self.emit(Op::Move { dst: Def(local), src: Use(src) });
            }
            Target::Place { place, key } => {
                self.emit(Op::StoreVar { src: Use(src), place, key: OptionalUse(key) });
            }
            Target::Named { name } => self.emit(Op::StoreNamed { srcdst: UseDef(src), name: Use(name) }),
        }
    }

    /// The variable's value after a store, without read traces.
    pub(super) fn load_stored(&mut self, target: Target, stored: u16, dst: u16) {
        match target {
            Target::Place { place, key } => {
                self.emit(Op::LoadRaw { dst: Def(dst), place, key: OptionalUse(key) });
            }
            Target::Named { .. } => self.emit(Op::Move { dst: Def(dst), src: Use(stored) }),
        }
    }
}

/// The name and the key's pieces of a word like `a(x$i)`, in which the name
/// and the closing parenthesis are literal.
fn element_parts(parts: &[Part]) -> Option<(&[u8], Vec<Part>)> {
    let (Part::Text(first), Part::Text(last)) = (parts.first()?, parts.last()?) else { return None };
    let open = memchr::memchr(b'(', first)?;
    if parts.len() < 2 || last.last() != Some(&b')') {
        return None;
    }
    let mut key = Vec::with_capacity(parts.len());
    if open + 1 < first.len() {
        key.push(Part::Text(first[open + 1..].to_vec()));
    }
    key.extend_from_slice(&parts[1..parts.len() - 1]);
    if last.len() > 1 {
        key.push(Part::Text(last[..last.len() - 1].to_vec()));
    }
    Some((&first[..open], key))
}
