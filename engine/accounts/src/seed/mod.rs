//! Import of what centit-webim, the predecessor, kept: units, people, their messages, and its robot's questions and
//! answers, from CSV exports of its tables.
//!
//! [`plan`] reads and checks everything and writes nothing: the directory's part becomes a plan of [`crate::import`], so
//! that the same checks hold; the messages become conversations in their old order. The caller applies the directory,
//! then [`Plan::write`] stores the messages through the committer and moves the read marks. Both parts may be repeated:
//! a message is named after its `MSG_ID`, so that it is stored once. Questions and answers go into the knowledge base
//! under their `QUESTION_ID`.
//!
//! What has no place here is left out and counted by its reason: customers and what was said with them, the robot's
//! rows, groups made by hand. Files that messages name by address stay where they are.

mod clock;
mod content;
mod people;
mod questions;
mod tables;
mod talks;
#[cfg(test)]
mod tests;
mod write;

use std::collections::BTreeMap;

use webim_model::{Limits, Millis, Sources};
use webim_store::{DirectorySnapshot, KbEntry, KbKept, Store, StoreError};

pub use clock::{Offset, Shown};
pub use talks::Reason;
pub use write::{SeedError, Writing, Written};

use crate::import::{Comparison, ImportError, Problem, Source};
use talks::Talks;

/// Questions written before the progress is told.
const QUESTIONS: usize = 256;

/// What holds for all rows.
#[derive(Clone, Debug)]
pub struct Rules {
    /// In which the times were written.
    pub offset: Offset,
    /// Which texts may be stored.
    pub limits: Limits,
    /// The latest time that can be right.
    pub latest: Millis,
    /// Leave bad rows out instead of refusing all.
    pub skip_bad: bool,
}

/// What the files bring, checked.
pub struct Plan {
    /// For the directory; to be applied before the messages are written.
    pub comparison: Comparison,
    /// New people who cannot sign in before they have a password.
    pub new_people: usize,
    /// Bad rows that are left out.
    pub problems: Vec<Problem>,
    /// Users who are customers.
    pub customers: u64,
    /// Groups that were made by hand.
    pub groups: u64,
    /// Questions and answers, for the knowledge base.
    pub questions: Vec<KbEntry>,
    talks: Talks,
}

/// Reads and checks the files against what is stored.
pub fn plan(
    files: &[Source<'_>],
    stored: &DirectorySnapshot,
    rules: &Rules,
    sources: &Sources,
) -> Result<Plan, ImportError> {
    let mut tables = tables::read(files, rules).map_err(ImportError::Bad)?;
    let directory = people::plan(&mut tables, stored, sources)?;
    let mut talks = talks::sort(&mut tables, &directory.names, rules);
    let questions = questions::entries(&mut tables);
    let mut problems = std::mem::take(&mut tables.problems);
    problems.append(&mut talks.problems);
    problems.sort();
    if !problems.is_empty() && !rules.skip_bad {
        return Err(ImportError::Bad(problems));
    }
    Ok(Plan {
        comparison: directory.comparison,
        new_people: directory.new_people,
        problems,
        customers: directory.names.customers.len() as u64,
        groups: tables.groups,
        questions,
        talks,
    })
}

impl Plan {
    /// How many messages have a place here.
    pub fn messages(&self) -> usize {
        let talks = self.talks.all.iter();
        talks.map(|talk| talk.lines.len()).sum()
    }

    /// Messages that are left out, by reason.
    pub fn left_out(&self) -> &BTreeMap<Reason, u64> {
        &self.talks.left_out
    }

    /// Messages that are left out and that somebody may want to look at.
    pub fn reported(&self) -> &[Problem] {
        &self.talks.reported
    }

    /// Stores the questions and answers, or counts what would become of them; a server may run beside it. The same again
    /// changes nothing. `progress` is told how many of how many are done.
    pub async fn write_questions(
        &self,
        store: &Store,
        dry_run: bool,
        progress: impl Fn(usize, usize),
    ) -> Result<KbKept, StoreError> {
        let mut kept = KbKept::default();
        for (number, some) in self.questions.chunks(QUESTIONS).enumerate() {
            let now = store.keep_knowledge(some, dry_run).await?;
            kept.added += now.added;
            kept.changed += now.changed;
            kept.same += now.same;
            progress(number * QUESTIONS + some.len(), self.questions.len());
        }
        Ok(kept)
    }

    /// Stores the messages, or counts them. The directory's part must have been applied, unless this is a dry run.
    /// `progress` is told how many of how many are handed over.
    pub async fn write(
        &mut self,
        store: &Store,
        writing: &Writing,
        progress: impl Fn(usize, usize),
    ) -> Result<Written, SeedError> {
        write::write(store, &mut self.talks, writing, progress).await
    }
}
