//! Operand kinds: the types of the operands in the opcode table.
//!
//! A kind says what an operand means, so that listing, checks and the verifier
//! follow from the table alone.

/// What an operand refers to; every operand type names its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A register that the operation writes.
    Def,
    /// A register that the operation reads.
    Use,
    /// A temporary that the operation reads and writes.
    UseDef,
    /// A register or [`NO_REG`].
    OptionalUse,
    /// A register that is written, or [`NO_REG`].
    OptionalDef,
    /// The first of several consecutive temporaries.
    Window,
    /// A variable: a named register or a variable site.
    Place,
    /// An index into the constants.
    Const,
    /// An index into the call sites.
    Site,
    /// An index into a side table (foreach shapes, jump tables).
    Aux,
    /// An absolute address of an operation.
    Target,
    /// An address relative to the operation that follows.
    Near,
    /// A number.
    Immediate,
    /// A truth value or small count.
    Small,
}

/// The register number that means "none".
pub const NO_REG: u16 = u16::MAX;

/// The largest number of registers that operands can name.
pub const REGISTERS_MAX: usize = 0x7FFF;

/// An operand type of the opcode table.
pub trait Operand: Copy {
    /// What this operand refers to.
    const KIND: Kind;
    /// The number in the operand, sign-extended.
    fn number(self) -> i64;
    /// The operand with the number `n`, if it fits.
    fn from_number(n: i64) -> Option<Self>;
}

macro_rules! operands {
    ($($(#[$doc:meta])* $name:ident($repr:ty) = $kind:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(pub $repr);

        impl Operand for $name {
            const KIND: Kind = Kind::$kind;
            #[inline]
            fn number(self) -> i64 {
                i64::from(self.0)
            }
            fn from_number(n: i64) -> Option<Self> {
                <$repr>::try_from(n).ok().map($name)
            }
        }
    )*};
}

operands! {
    /// A register that the operation writes.
    Def(u16) = Def;
    /// A register that the operation reads.
    Use(u16) = Use;
    /// A temporary that the operation reads and writes.
    UseDef(u16) = UseDef;
    /// A register that the operation reads, or [`NO_REG`].
    OptionalUse(u16) = OptionalUse;
    /// A register that the operation writes, or [`NO_REG`].
    OptionalDef(u16) = OptionalDef;
    /// The first of several consecutive temporaries.
    Window(u16) = Window;
    /// A variable: a named register, or with [`Place::SITE`] set a variable site.
    Place(u16) = Place;
    /// An index into the constants.
    Const(u32) = Const;
    /// An index into the constants, in 16 bits.
    Const16(u16) = Const;
    /// An index into the call sites.
    Site(u16) = Site;
    /// An index into a side table of the code.
    Aux(u16) = Aux;
    /// The address of an operation.
    Target(u32) = Target;
    /// An address, relative to the operation after this one.
    Near(i16) = Near;
    /// A small number.
    Immediate(i16) = Immediate;
    /// A number.
    Immediate32(i32) = Immediate;
    /// A truth value or a small count.
    Small(u8) = Small;
}

impl Place {
    /// The bit that marks a variable site.
    pub const SITE: u16 = 0x8000;

    /// The variable in the named register `register`.
    pub fn local(register: u16) -> Place {
        assert!(register < Place::SITE, "a register number is below the site bit");
        Place(register)
    }

    /// The variable of the variable site `index`.
    pub fn site(index: u16) -> Place {
        assert!(index < Place::SITE, "a site index is below the site bit");
        Place(index | Place::SITE)
    }

    /// The named register, if the place is one.
    #[inline]
    pub fn as_local(self) -> Option<u16> {
        (self.0 & Place::SITE == 0).then_some(self.0)
    }

    /// The index of the variable site, if the place is one.
    #[inline]
    pub fn as_site(self) -> Option<u16> {
        (self.0 & Place::SITE != 0).then_some(self.0 & !Place::SITE)
    }
}
