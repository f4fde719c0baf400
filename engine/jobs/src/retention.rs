//! Retention: what is older than the operator wants to keep is erased, a little at a time.

use std::time::Duration;

use webim_model::{ConversationId, ConversationKind, Sources};
use webim_store::{Erase, Step, Store, StoreError};

use crate::Jobs;

/// Conversations whose ids are read at once.
const PAGE: u64 = 500;
/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// How long what is said is kept, in days; 0 keeps it for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Between two people.
    pub direct: u32,
    /// In units.
    pub unit: u32,
    /// With customers.
    pub service: u32,
    /// What the system tells people.
    pub notice: u32,
}

impl Retention {
    fn days(&self, kind: ConversationKind) -> u32 {
        match kind {
            ConversationKind::Direct => self.direct,
            ConversationKind::Unit => self.unit,
            ConversationKind::Service => self.service,
            ConversationKind::Notice => self.notice,
        }
    }
}

/// Erases what `what` names in a conversation, from its beginning; others write in between. With `dry` it counts only.
pub async fn erase(
    store: &Store,
    conversation: ConversationId,
    what: Erase,
    dry: bool,
) -> Result<Step, StoreError> {
    let mut done = Step::default();
    let mut after = 0;
    loop {
        let step = store.erase(conversation, what, after, dry).await?;
        done.messages += step.messages;
        done.files += step.files;
        match step.next {
            Some(next) => after = next,
            None => return Ok(done),
        }
        tokio::task::yield_now().await;
    }
}

/// Erases in all conversations what is older than `rules` say, and how many messages that were.
pub async fn retain(store: &Store, sources: &Sources, rules: Retention) -> Result<u64, StoreError> {
    let (mut erased, mut after) = (0, None);
    loop {
        let page = store.conversation_kinds(after, PAGE).await?;
        let Some((last, _)) = page.last() else {
            return Ok(erased);
        };
        after = Some(*last);
        for (conversation, kind) in page {
            let days = i64::from(rules.days(kind));
            if days > 0 {
                let what = Erase::Before(sources.now().plus(-days * DAY));
                erased += erase(store, conversation, what, false).await?.messages;
            }
        }
    }
}

/// Starts the task that keeps to `rules`, every six hours; none where everything is kept.
pub fn retention(jobs: &Jobs, store: &Store, sources: &Sources, rules: Retention) {
    if rules == Retention::default() {
        return;
    }
    let (store, sources) = (store.clone(), sources.clone());
    jobs.every("retention", Duration::from_hours(6), move || {
        let (store, sources) = (store.clone(), sources.clone());
        async move {
            match retain(&store, &sources, rules).await {
                Ok(0) => {}
                Ok(messages) => tracing::info!(messages, "old messages were erased"),
                Err(error) => tracing::warn!(%error, "old messages could not be erased"),
            }
        }
    });
}
