//! One shard: a batch becomes outcomes, whatever the database does.

use std::slice;
use std::sync::Arc;

use webim_model::Refusal;

use super::faults::PATIENCE;
use super::heads::Heads;
use super::plan::{Met, Plan};
use super::recover::{Lost, Verdict};
use super::write::Texts;
use super::{Faults, NewMessage, Outcome, Point};
use crate::chain::Salt;
use crate::link::Link;
use crate::{Backend, Store, StoreError};

/// How often a batch that met a deadlock is tried again.
const LOCKED: usize = 3;

/// Why a transaction did not happen, as far as is known.
enum Failure {
    /// It did not: nothing of it is stored.
    Clean(StoreError),
    /// The answer to COMMIT was lost; these would be the outcomes.
    Lost(Lost, Vec<Outcome>),
    /// Nothing is stored, on a connection that was kept and has been cut off meanwhile.
    Cut(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Clean(error)
    }
}

pub(super) struct Shard {
    store: Store,
    texts: Texts,
    heads: Heads,
    faults: Option<Arc<dyn Faults>>,
}

impl Shard {
    pub(super) fn new(store: Store, faults: Option<Arc<dyn Faults>>) -> Self {
        Self {
            texts: Texts::new(store.backend()),
            heads: Heads::default(),
            store,
            faults,
        }
    }

    /// Stores a batch and says what became of each message, in order.
    pub(super) async fn store(&mut self, batch: &[NewMessage]) -> Vec<Outcome> {
        match self.try_store(batch).await {
            Ok(outcomes) => outcomes,
            Err(error) if error.passing() || batch.len() == 1 => refuse(batch, &error),
            // One of them is poison: each on its own, so that its neighbours are stored.
            Err(_) => {
                let mut outcomes = Vec::with_capacity(batch.len());
                for message in batch {
                    let alone = slice::from_ref(message);
                    let outcome = self.try_store(alone).await;
                    outcomes.extend(outcome.unwrap_or_else(|error| refuse(alone, &error)));
                }
                outcomes
            }
        }
    }

    /// Stores a batch in one transaction; an error means that nothing of it is stored.
    async fn try_store(&mut self, batch: &[NewMessage]) -> Result<Vec<Outcome>, StoreError> {
        let (mut tries, mut again) = (LOCKED, false);
        loop {
            match self.transact(batch).await {
                Ok(outcomes) => return Ok(outcomes),
                Err(Failure::Lost(lost, outcomes)) => {
                    return Ok(self.settle_lost(&lost, outcomes).await);
                }
                // SQLite has waited long enough by itself; elsewhere it was a deadlock, which goes away.
                Err(Failure::Clean(StoreError::Locked(_)))
                    if tries > 0 && self.store.backend() != Backend::Sqlite =>
                {
                    tries -= 1;
                }
                // On a new connection, once.
                Err(Failure::Cut(_)) if !again => again = true,
                Err(Failure::Clean(error) | Failure::Cut(error)) => return Err(error),
            }
        }
    }

    async fn transact(&mut self, batch: &[NewMessage]) -> Result<Vec<Outcome>, Failure> {
        self.fault(Point::Begin)?;
        // A handle of its own, since the link borrows it while the texts change.
        let store = self.store.clone();
        if let Some(plan) = self.plan_at_once(batch) {
            let link = store.write().await?;
            match self.write(link, plan, true).await {
                // What is kept is old, or a message is a repeat.
                Err(Failure::Clean(StoreError::Constraint(_))) => self.heads.forget(batch),
                done => return done,
            }
        }
        let mut link = store.write().await?;
        let met: Met = match self.texts.begin(&mut link, batch).await {
            Ok(met) => met,
            Err(error) => {
                let cut = link.kept() && matches!(error, StoreError::Unavailable(_));
                link.rollback().await;
                return Err(if cut {
                    Failure::Cut(error)
                } else {
                    error.into()
                });
            }
        };
        let plan = met.plan(batch, &self.salts(batch.len()));
        if plan.rows.is_empty() {
            link.rollback().await;
            return Ok(plan.outcomes);
        }
        self.write(link, plan, false).await
    }

    /// What the batch becomes if nothing has changed since its conversations were last written here.
    fn plan_at_once<'a>(&self, batch: &'a [NewMessage]) -> Option<Plan<'a>> {
        let quiet = !batch.iter().any(NewMessage::has_beside);
        if self.store.backend() != Backend::Sqlite || !quiet {
            return None;
        }
        let met = self.heads.meet(batch)?;
        let plan = met.plan(batch, &self.salts(batch.len()));
        plan.is_proved_by_writing().then_some(plan)
    }

    async fn write(
        &mut self,
        mut link: Link<'_>,
        plan: Plan<'_>,
        at_once: bool,
    ) -> Result<Vec<Outcome>, Failure> {
        if let Err(error) = self.fault(Point::Write) {
            link.rollback().await;
            return Err(error.into());
        }
        if self.fault(Point::Commit).is_err() {
            link.rollback().await;
            return Err(lost(plan));
        }
        let commits = link.backend() == Backend::Sqlite;
        let written = if at_once {
            self.texts.write_at_once(&mut link, &plan).await
        } else {
            self.texts.write(&mut link, &plan).await
        };
        match written {
            Ok(()) => {}
            // Only here was COMMIT among what failed; anything but a failing disk says that it did nothing.
            Err(StoreError::Unavailable(_)) if commits => {
                link.rollback().await;
                return Err(lost(plan));
            }
            Err(error) => {
                link.rollback().await;
                return Err(error.into());
            }
        }
        let committed = if commits { Ok(()) } else { link.commit().await };
        if committed
            .and_then(|()| self.fault(Point::Committed))
            .is_err()
        {
            return Err(lost(plan));
        }
        if commits {
            self.heads.keep(plan.heads);
        }
        Ok(plan.outcomes)
    }

    /// Finds out what became of a batch whose COMMIT was not answered.
    async fn settle_lost(&self, lost: &Lost, outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let faults = self.faults.as_deref();
        let patience = faults.map_or(PATIENCE, Faults::patience);
        let verdict = lost.look(&self.store, faults, patience).await;
        tracing::warn!(?verdict, "the answer to a commit was lost");
        let refusal = match verdict {
            Verdict::Stored => return outcomes,
            Verdict::Missing => Refusal::StoreUnavailable,
            Verdict::Unknown => Refusal::OutcomeUnknown,
        };
        // What repeats or is refused does so because of what was committed before.
        outcomes
            .into_iter()
            .map(|outcome| match outcome {
                Outcome::Stored { .. } => Outcome::Refused(refusal),
                other => other,
            })
            .collect()
    }

    fn salts(&self, count: usize) -> Vec<Salt> {
        let mut salts = vec![Salt::default(); count];
        self.store.sources().random.fill(salts.as_flattened_mut());
        salts
    }

    fn fault(&self, point: Point) -> Result<(), StoreError> {
        match &self.faults {
            None => Ok(()),
            Some(faults) => faults.at(point),
        }
    }
}

fn lost(plan: Plan<'_>) -> Failure {
    let rows = plan.rows.iter();
    let lost = rows.map(|row| (row.message.conversation, row.seq, row.message.id));
    Failure::Lost(Lost::new(lost), plan.outcomes)
}

fn refuse(batch: &[NewMessage], error: &StoreError) -> Vec<Outcome> {
    tracing::error!(%error, messages = batch.len(), "messages could not be stored");
    vec![Outcome::Refused(error.refusal()); batch.len()]
}
