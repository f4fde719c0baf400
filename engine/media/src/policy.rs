//! What may be uploaded: by kind, by size, and by what is left to the person.

use crate::Kind;

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindSet(u16);

impl KindSet {
    /// Every kind.
    pub fn all() -> Self {
        Kind::ALL.into_iter().collect()
    }

    /// Whether `kind` is among them.
    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// These and `kind`.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u16)
    }

    /// These without `kind`.
    #[must_use]
    pub fn without(self, kind: Kind) -> Self {
        Self(self.0 & !(1 << kind as u16))
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<T: IntoIterator<Item = Kind>>(kinds: T) -> Self {
        kinds.into_iter().fold(Self::default(), Self::with)
    }
}

/// What a server accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The kinds that may be uploaded.
    pub allowed: KindSet,
    /// Most bytes of a file whose kind is not in `by_kind`.
    pub bytes: u64,
    /// Most bytes of a file of one kind; the first entry of a kind counts.
    pub by_kind: Vec<(Kind, u64)>,
}

impl Default for Policy {
    /// Everything but programs; pictures up to 20 MiB, everything else up to 1 GiB.
    fn default() -> Self {
        Self {
            allowed: KindSet::all().without(Kind::Program),
            bytes: 1024 * 1024 * 1024,
            by_kind: vec![(Kind::Picture, 20 * 1024 * 1024)],
        }
    }
}

/// Why a file is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// The policy does not have its kind.
    #[error("files of the kind {} are not accepted", .0.name())]
    Kind(Kind),
    /// Larger than files of its kind may be.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// Most bytes.
        limit: u64,
    },
    /// The person has not so much left.
    #[error("only {left} bytes are left to you")]
    NothingLeft {
        /// Bytes left.
        left: u64,
    },
}

impl Policy {
    /// Most bytes of a file of this kind.
    pub fn limit(&self, kind: Kind) -> u64 {
        let own = self.by_kind.iter().find(|(of, _)| *of == kind);
        own.map_or(self.bytes, |(_, bytes)| *bytes)
    }

    /// Most bytes of any file that could be accepted: the limit to begin an upload with, before its kind is known.
    pub fn most(&self) -> u64 {
        let allowed = Kind::ALL.into_iter().filter(|kind| self.allowed.has(*kind));
        allowed.map(|kind| self.limit(kind)).max().unwrap_or(0)
    }

    /// How many bytes a file of `kind` may have for a person to whom `left` are left; asked once the kind is known,
    /// and the upload's limit from then on.
    pub fn begin(&self, kind: Kind, left: u64) -> Result<u64, Denied> {
        if !self.allowed.has(kind) {
            return Err(Denied::Kind(kind));
        }
        if left == 0 {
            return Err(Denied::NothingLeft { left });
        }
        Ok(self.limit(kind).min(left))
    }

    /// Whether a file of `kind` with `bytes` is accepted from a person to whom `left` are left.
    pub fn admit(&self, kind: Kind, bytes: u64, left: u64) -> Result<(), Denied> {
        if bytes == 0 {
            return Err(Denied::Empty);
        }
        self.begin(kind, left)?;
        let limit = self.limit(kind);
        if bytes > limit {
            Err(Denied::TooLarge { limit })
        } else if bytes > left {
            Err(Denied::NothingLeft { left })
        } else {
            Ok(())
        }
    }
}
