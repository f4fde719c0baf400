//! Drafts: what a person began to write, found again on another device.

use webim_model::Refusal;
use webim_store::DraftRow;
use webim_wire::amend::{Draft, Drafts, PutDraft};
use webim_wire::client::Target;

use crate::journey::store_failed;
use crate::{Caller, Nay, Router};

/// Drafts of one person; older ones are forgotten.
const DRAFTS: u64 = 100;

impl Router {
    /// The caller's drafts, newest first.
    pub async fn drafts(&self, caller: &Caller) -> Result<Drafts, Nay> {
        let rows = self.0.store.drafts(caller.person, DRAFTS).await;
        let items = rows.map_err(store_failed)?.into_iter().map(|row| Draft {
            to: Target::from(row.to),
            text: row.text,
            time: row.updated.0,
        });
        Ok(Drafts {
            items: items.collect(),
        })
    }

    /// Keeps a draft of the caller's, or forgets it where the text is empty. Whether its target can be written to is
    /// asked when it is sent.
    pub async fn keep_draft(&self, caller: &Caller, draft: PutDraft) -> Result<(), Nay> {
        self.0.pace.check(caller.person)?;
        let most = self.0.config.limits.text_chars;
        if draft.text.chars().count() > most {
            return Err(Refusal::TextTooLong.into());
        }
        if draft.text.contains('\0') {
            return Err(Refusal::TextInvalid.into());
        }
        let row = DraftRow {
            to: draft.to.into(),
            text: draft.text,
            updated: self.0.journey.sources.now(),
        };
        let kept = self.0.store.keep_draft(caller.person, &row, DRAFTS).await;
        kept.map_err(store_failed)
    }
}
