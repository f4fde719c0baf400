//! Keeping the index of the search up with what is stored.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use metrics::{counter, describe_counter, describe_gauge, gauge};
use tokio::sync::Mutex;
use uuid::Uuid;
use webim_model::{ConversationId, Millis, Sources};
use webim_router::Router;
use webim_store::{Store, StoreError};

/// Conversations taken in at once.
const AT_ONCE: usize = 256;
/// How long one turn works before others get theirs.
const TURN: Duration = Duration::from_secs(1);
/// After so many turns it is looked for what nobody noted.
const LOOK: u64 = 1_200;

/// Before all conversations.
const FIRST: ConversationId = ConversationId(Uuid::nil());

/// Takes in what was stored.
#[derive(Clone)]
pub(crate) struct Indexer {
    store: Store,
    router: Router,
    sources: Sources,
    state: Arc<Mutex<State>>,
}

/// What is to be taken in.
#[derive(Default)]
struct State {
    prepared: bool,
    turns: u64,
    /// Conversations with something new, and since when that is known.
    new: BTreeMap<ConversationId, Millis>,
    /// Conversations with something old.
    old: VecDeque<ConversationId>,
    /// After which one looking for what was stored before goes on; none when it is over.
    look: Option<ConversationId>,
}

impl Indexer {
    pub fn new(store: Store, router: Router, sources: Sources) -> Self {
        describe_gauge!(
            "webim_search_lag_seconds",
            "Seconds since the oldest message was stored that the index of the search waits for"
        );
        describe_gauge!(
            "webim_search_waiting",
            "Conversations that the index of the search waits for, as far as they are known"
        );
        describe_counter!(
            "webim_search_indexed_total",
            "Messages that the index of the search has taken in"
        );
        describe_counter!(
            "webim_search_segments_total",
            "Segments that the index of the search has written for them, merged ones included"
        );
        Self {
            store,
            router,
            sources,
            state: Arc::default(),
        }
    }

    /// Takes in what there is, for about a second at most.
    pub async fn turn(&self) {
        if !self.router.config().search {
            return;
        }
        let mut state = self.state.lock().await;
        if state.turns.is_multiple_of(LOOK) && state.look.is_none() {
            state.look = Some(FIRST);
        }
        state.turns += 1;
        // Once a turn: where much is said, what is noted meanwhile is little of each conversation, and one small bite
        // after another costs many times what a large one does.
        let now = self.sources.now();
        for conversation in self.router.take_stored() {
            state.new.entry(conversation).or_insert(now);
        }
        let began = Instant::now();
        while began.elapsed() < TURN {
            match self.some(&mut state).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "the index of the search waits");
                    state.look = Some(FIRST);
                    break;
                }
            }
        }
        let oldest = state.new.values().min();
        let lag = oldest.map_or(0, |oldest| self.sources.now().since(*oldest));
        let seconds = Duration::from_millis(lag.unsigned_abs()).as_secs_f64();
        gauge!("webim_search_lag_seconds").set(seconds);
        let waiting = u32::try_from(state.new.len() + state.old.len()).unwrap_or(u32::MAX);
        gauge!("webim_search_waiting").set(waiting);
    }

    /// Takes in some; false if there is nothing more.
    async fn some(&self, state: &mut State) -> Result<bool, StoreError> {
        if !state.prepared {
            self.store.prepare_index().await?;
            state.prepared = true;
        }
        if state.new.is_empty() && state.old.is_empty() {
            self.look(state).await?;
        }
        let new = !state.new.is_empty();
        let some: Vec<ConversationId> = if new {
            state.new.keys().copied().take(AT_ONCE).collect()
        } else {
            let count = state.old.len().min(AT_ONCE);
            state.old.drain(..count).collect()
        };
        if some.is_empty() {
            return Ok(state.look.is_some());
        }
        let progress = self.store.index(&some).await?;
        counter!("webim_search_indexed_total").increment(progress.messages);
        counter!("webim_search_segments_total").increment(progress.segments);
        if new {
            state
                .new
                .retain(|conversation, _| !some.contains(conversation));
        }
        // What is far behind does not hold up the others.
        state.old.extend(progress.left);
        Ok(true)
    }

    /// Looks for what was stored before this process, or by another.
    async fn look(&self, state: &mut State) -> Result<(), StoreError> {
        let Some(after) = state.look else {
            return Ok(());
        };
        let found = self.store.behind(Some(after), AT_ONCE as u64).await?;
        if let Some(last) = found.last() {
            tracing::info!(
                conversations = found.len(),
                "the index of the search catches up"
            );
            state.look = Some(*last);
        } else {
            state.look = None;
        }
        state.old.extend(found);
        Ok(())
    }
}
