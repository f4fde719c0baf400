//! What a program with an API token may do: a small, closed set.

/// One thing that an API token may be good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Sends messages to people, units and everyone.
    MessagesPush,
    /// Reads units and people.
    DirectoryRead,
    /// Changes units and people, and who is active.
    DirectoryWrite,
}

impl Scope {
    /// All of them, in the order of their bits.
    pub const ALL: [Self; 3] = [
        Self::MessagesPush,
        Self::DirectoryRead,
        Self::DirectoryWrite,
    ];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::MessagesPush => "messages:push",
            Self::DirectoryRead => "directory:read",
            Self::DirectoryWrite => "directory:write",
        }
    }

    fn bit(self) -> u32 {
        match self {
            Self::MessagesPush => 1,
            Self::DirectoryRead => 2,
            Self::DirectoryWrite => 4,
        }
    }
}

/// A set of scopes, kept as bits (`messages:push` 1, `directory:read` 2, `directory:write` 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes(pub u32);

impl Scopes {
    /// Whether `scope` is among them.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// These and `scope`.
    #[must_use]
    pub fn with(self, scope: Scope) -> Self {
        Self(self.0 | scope.bit())
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }

    /// Each scope in the set, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        scopes.into_iter().fold(Self::default(), Self::with)
    }
}
