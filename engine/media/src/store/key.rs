//! Keys, made from ids alone, and digests.

use std::fmt;

use object_store::path::Path;
use uuid::Uuid;

/// Which of the things that are kept for one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The file itself.
    Whole,
    /// Its small picture.
    Thumbnail,
}

/// Where a file lies: by its id, never by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The file's id.
    pub id: Uuid,
    /// Which part of it.
    pub part: Part,
}

impl Key {
    /// The file with this id.
    pub fn whole(id: Uuid) -> Self {
        Self {
            id,
            part: Part::Whole,
        }
    }

    /// The small picture of the file with this id.
    pub fn thumbnail(id: Uuid) -> Self {
        Self {
            id,
            part: Part::Thumbnail,
        }
    }

    /// A shelf by the id's last byte (the first ones are the time, the same for all of one minute), and the name.
    pub(super) fn path(self) -> Path {
        Path::from_iter([format!("{:02x}", self.id.as_bytes()[15]), self.to_string()])
    }

    pub(super) fn of_path(path: &Path) -> Option<Self> {
        let key = Self::parse(path.filename()?)?;
        (key.path() == *path).then_some(key)
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        let (id, part) = match name.strip_suffix(".t") {
            Some(id) => (id, Part::Thumbnail),
            None => (name, Part::Whole),
        };
        let key = Self {
            id: id.parse().ok()?,
            part,
        };
        (key.to_string() == name).then_some(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::Whole => self.id.fmt(f),
            Part::Thumbnail => write!(f, "{}.t", self.id),
        }
    }
}

/// The SHA-256 of a file; its text form is 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// A strong `ETag` (RFC 9110), quotes included.
    pub fn etag(&self) -> String {
        format!("\"{self}\"")
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
