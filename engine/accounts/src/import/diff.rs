//! What an import would change, for people to read.

use std::fmt;

/// Whether something comes, changes or goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It was not there, or was removed before.
    Added,
    /// It was there and differs.
    Changed,
    /// It goes: a unit is removed, a person deactivated. Their history stays.
    Removed,
}

/// A unit or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// A unit, known by its code.
    Unit,
    /// A person, known by their login.
    Person,
}

/// One unit or person that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How.
    pub way: Way,
    /// What kind.
    pub noun: Noun,
    /// Code or login.
    pub key: String,
    /// The rest, such as `name "研发" -> "研发部"; parent (top) -> hq`.
    pub detail: String,
}

impl Way {
    /// The word for machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }

    fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Changed => '~',
            Self::Removed => '-',
        }
    }
}

impl Noun {
    /// The word for machines and people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Person => "person",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, noun) = (self.way.sign(), self.noun.name());
        write!(f, "{sign} {noun} {}: {}", self.key, self.detail)
    }
}

/// Everything that an import would change; units before people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// In the order of the file; what goes comes last.
    pub changes: Vec<Change>,
}

impl Diff {
    /// How many of this kind.
    pub fn count(&self, way: Way, noun: Noun) -> usize {
        let matching = self.changes.iter();
        matching
            .filter(|change| change.way == way && change.noun == noun)
            .count()
    }

    pub(super) fn push(&mut self, way: Way, noun: Noun, key: &str, detail: String) {
        self.changes.push(Change {
            way,
            noun,
            key: key.to_owned(),
            detail,
        });
    }
}

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        if self.changes.is_empty() {
            return f.write_str("nothing changes");
        }
        for (noun, many) in [(Noun::Unit, "units"), (Noun::Person, "people")] {
            let [added, changed, removed] =
                [Way::Added, Way::Changed, Way::Removed].map(|way| self.count(way, noun));
            let end = if noun == Noun::Unit { "; " } else { "" };
            write!(
                f,
                "{many}: {added} added, {changed} changed, {removed} removed{end}"
            )?;
        }
        Ok(())
    }
}

/// Collects the fields of one record that differ.
#[derive(Default)]
pub(super) struct Fields(Vec<String>);

impl Fields {
    pub fn compare<T: PartialEq>(
        &mut self,
        name: &str,
        from: &T,
        to: &T,
        show: impl Fn(&T) -> String,
    ) {
        if from != to {
            self.0
                .push(format!("{name} {} -> {}", show(from), show(to)));
        }
    }

    pub fn note(&mut self, note: &str) {
        self.0.push(note.to_owned());
    }

    /// The differences in one line; `None` if there are none.
    pub fn detail(self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join("; "))
    }
}
