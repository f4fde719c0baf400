//! The allocator: one task that drives `dispatch`. What follows from an event is written in one transaction, and only
//! then told; if it cannot be written, the machine is rebuilt from what is stored.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use webim_dispatch::{Board, Case, Dispatch, Done, Effect, Event, Rows, Seed};
use webim_model::{ChannelMode, ConversationId, HistoryShown, Holder, PersonId, Refusal};
use webim_store::StoreError;
use webim_store::service::Membership;

use super::about::about;
use super::rows;
use super::step::Step;
use super::{Desk, Telling};
use crate::Nay;
use crate::journey::store_failed;

/// Events that may wait; beyond, whoever asks waits.
pub(super) const QUEUE: usize = 1_024;
/// Most events in one transaction.
const BATCH: usize = 64;
/// How often deadlines are looked at.
const TICK: Duration = Duration::from_millis(100);
/// Ticks in a second.
const SECOND: u64 = 10;
/// Seconds between two looks at every queue, whether or not something is due.
const SWEEP: u64 = 5;
/// Conversations looked after at once after a start.
const UNATTENDED: u64 = 10_000;

/// What is asked of the allocator.
pub(crate) enum Ask {
    /// Something happened; the answer, if it has one.
    Event(Box<Event>, Option<oneshot::Sender<Answer>>),
    /// What supervisors see.
    Board(oneshot::Sender<(Board, Vec<Case>)>),
    /// Those of these conversations that it knows.
    Cases(Vec<ConversationId>, oneshot::Sender<Vec<Case>>),
    /// Channels, teams, topics or agents were set anew.
    Refresh(oneshot::Sender<()>),
}

/// What became of an event that asks.
pub(crate) type Answer = Result<Done, (Nay, Option<PersonId>)>;

/// See the module.
pub(crate) struct Allocator {
    desk: Arc<Desk>,
    asks: mpsc::Receiver<Ask>,
    telling: Arc<Telling>,
    /// None while what is stored could not be read.
    machine: Option<Dispatch>,
    /// Who asks, and what they are told once it is written.
    answers: Vec<(oneshot::Sender<Answer>, Answer)>,
    step: Step,
    board: u64,
    ticks: u64,
}

impl Allocator {
    pub fn new(desk: Arc<Desk>, asks: mpsc::Receiver<Ask>, telling: Arc<Telling>) -> Self {
        Self {
            desk,
            asks,
            telling,
            machine: None,
            answers: Vec::new(),
            step: Step::default(),
            board: 0,
            ticks: 0,
        }
    }

    /// Runs until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        self.rebuild().await;
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                ask = self.asks.recv() => match ask {
                    Some(ask) => self.asked(ask).await,
                    None => return,
                },
                () = self.desk.heard.news() => self.hear().await,
                _ = tick.tick() => self.tick().await,
            }
        }
    }

    async fn asked(&mut self, first: Ask) {
        let mut next = Some(first);
        let mut taken = 0;
        while let Some(ask) = next {
            match ask {
                Ask::Event(event, reply) => self.apply(*event, reply).await,
                Ask::Board(reply) => {
                    self.write().await;
                    let view = self.machine.as_ref().map(view);
                    drop(reply.send(view.unwrap_or_default()));
                }
                Ask::Cases(conversations, reply) => {
                    self.write().await;
                    let machine = self.machine.as_ref();
                    let ids = conversations.into_iter();
                    let cases = ids.filter_map(|id| machine.and_then(|machine| machine.case(id)));
                    drop(reply.send(cases.cloned().collect()));
                }
                Ask::Refresh(reply) => {
                    self.refresh().await;
                    let _ = reply.send(());
                }
            }
            taken += 1;
            next = if taken < BATCH {
                self.asks.try_recv().ok()
            } else {
                None
            };
        }
        self.write().await;
    }

    async fn hear(&mut self) {
        let (wrote, moved) = self.desk.heard.take();
        for (conversation, people) in wrote {
            let seat = self.desk.seats.seat(conversation).await;
            let Ok(Some(seat)) = seat.inspect_err(unheard) else {
                continue;
            };
            for person in people {
                let event = if person == seat.customer {
                    Event::CustomerWrote { conversation }
                } else {
                    Event::AgentWrote {
                        conversation,
                        agent: person,
                    }
                };
                self.apply(event, None).await;
            }
        }
        for person in moved {
            let connected = self.desk.here(person);
            self.apply(Event::Presence { person, connected }, None)
                .await;
        }
        self.write().await;
    }

    async fn tick(&mut self) {
        let Some(machine) = &self.machine else {
            self.rebuild().await;
            return;
        };
        let now = self.desk.sources.now();
        let due = machine.next_deadline().is_some_and(|due| due <= now);
        // Whatever might have been overlooked is found all the same.
        if due || self.ticks.is_multiple_of(SWEEP * SECOND) {
            self.apply(Event::Tick, None).await;
            self.write().await;
        }
        self.tell_board();
    }

    /// Lets the machine take one event; what follows is written with what follows from others.
    async fn apply(&mut self, event: Event, reply: Option<oneshot::Sender<Answer>>) {
        if let Some(conversation) = about(&event)
            && let Err(error) = self.recall(conversation).await
        {
            refuse(reply, store_failed(error));
            return;
        }
        let Some(machine) = &mut self.machine else {
            refuse(reply, Refusal::StoreUnavailable.into());
            return;
        };
        let sources = &self.desk.sources;
        let effects = machine.apply(sources.now(), event, &mut || sources.uuid());
        if let Some(reply) = reply {
            let answer = match effects.first() {
                Some(Effect::Done(done)) => Ok(*done),
                Some(Effect::Refused { refusal, holder }) => Err(((*refusal).into(), *holder)),
                _ => Ok(Done::default()),
            };
            self.answers.push((reply, answer));
        }
        let catalog = self.desk.catalog.load();
        let mode = |case: &Case| {
            let channel = catalog.channels.get(&case.channel);
            channel.map_or(ChannelMode::Service, |channel| channel.row.mode)
        };
        self.step.take(effects, mode, sources);
    }

    /// Makes a conversation known that was closed when the machine was built.
    async fn recall(&mut self, conversation: ConversationId) -> Result<(), StoreError> {
        let known = self.machine.as_ref();
        if known.is_none_or(|machine| machine.case(conversation).is_some()) {
            return Ok(());
        }
        if let Some(case) = self.case(conversation).await?
            && let Some(machine) = &mut self.machine
        {
            machine.recall(case);
        }
        Ok(())
    }

    /// The row of a conversation as it is stored.
    async fn case(&self, conversation: ConversationId) -> Result<Option<Case>, StoreError> {
        let store = &self.desk.store;
        let (row, head) = (
            store.service(conversation).await?,
            store.conversation(conversation).await?,
        );
        let (Some(row), Some(head)) = (row, head) else {
            return Ok(None);
        };
        let holder = head.holder.unwrap_or(Holder::Nobody);
        let mut case = rows::case(&row, (holder, head.lease, head.version));
        match &mut case {
            Some(case) => {
                case.customer_connected = self.desk.here(case.customer);
                // Between visits nothing is open, whatever was written.
                case.topic = case.topic.or(head.topic);
            }
            None => rows::broken(conversation),
        }
        Ok(case)
    }

    /// Writes what has gathered; then tells it and answers who asked.
    async fn write(&mut self) {
        let (mut changes, tell) = std::mem::take(&mut self.step).finish();
        if self.desk.reads_all {
            // What a transfer lets a view begin with binds only where agents may not read everything anyway.
            for membership in &mut changes.members {
                if let Membership::Joins { history, .. } = membership {
                    *history = HistoryShown::All;
                }
            }
        }
        let answers = std::mem::take(&mut self.answers);
        let side = if changes.is_empty() {
            Vec::new()
        } else {
            let written = self.desk.store.apply_service(&changes).await;
            match written {
                Ok(Some(side)) => side,
                other => {
                    let nay = match other {
                        Err(error) => store_failed(error),
                        Ok(_) => Refusal::StoreUnavailable.into(),
                    };
                    for (reply, _) in answers {
                        drop(reply.send(Err((nay.clone(), None))));
                    }
                    // The next tick builds it anew: at once, a database that can only be read would be asked for ever.
                    self.machine = None;
                    self.desk.seats.clear();
                    return;
                }
            }
        };
        self.telling.told(&changes, tell, side).await;
        for (reply, answer) in answers {
            drop(reply.send(answer));
        }
    }

    /// The machine as it was when all that is stored was written.
    async fn rebuild(&mut self) {
        match self.read().await {
            Ok(machine) => self.machine = Some(machine),
            Err(error) => {
                tracing::warn!(%error, "who must answer whom could not be read; it is tried again");
                return;
            }
        }
        for person in self.desk.connected() {
            self.desk.heard.moved(person);
        }
        let unattended = self.desk.store.unattended(UNATTENDED).await;
        for conversation in unattended.unwrap_or_default() {
            self.apply(Event::CustomerWrote { conversation }, None)
                .await;
        }
        self.apply(Event::Tick, None).await;
        self.write().await;
    }

    async fn read(&mut self) -> Result<Dispatch, StoreError> {
        self.desk.read_catalog().await?;
        let catalog = self.desk.catalog.load_full();
        let store = &self.desk.store;
        let mut cases = Vec::new();
        for row in store.open_services().await? {
            if let Some(case) = self.case(row.conversation).await? {
                cases.push(case);
            }
        }
        let facts = catalog.facts().into_iter();
        let agents = facts.map(|fact| {
            let work = rows::work_of(&catalog.agents[&fact.id]);
            (fact, work)
        });
        let read = Rows {
            channels: catalog.rules(self.desk.policy().as_ref()),
            agents: agents.collect(),
            cases,
            cursors: store.cursors().await?,
        };
        let sources = &self.desk.sources;
        let (seed, _) = sources.uuid().as_u64_pair();
        Ok(Dispatch::restore(Seed(seed), sources.now(), read))
    }

    /// Tells the machine what was set anew.
    async fn refresh(&mut self) {
        self.write().await;
        let before = self.desk.catalog.load_full();
        if let Err(error) = self.desk.read_catalog().await {
            tracing::warn!(%error, "channels and agents could not be read anew");
            return;
        }
        let now = self.desk.catalog.load_full();
        for gone in before.channels.keys() {
            if !now.channels.contains_key(gone) {
                self.apply(Event::ChannelGone(*gone), None).await;
            }
        }
        for rules in now.rules(self.desk.policy().as_ref()) {
            self.apply(Event::ChannelSet(Box::new(rules)), None).await;
        }
        for gone in before.agents.keys() {
            if !now.agents.contains_key(gone) {
                self.apply(Event::AgentGone(*gone), None).await;
            }
        }
        for fact in now.facts() {
            let person = fact.id;
            self.apply(Event::AgentSet(Box::new(fact)), None).await;
            if !before.agents.contains_key(&person) {
                self.desk.heard.moved(person);
            }
        }
        self.write().await;
    }

    /// Says that the board has changed, to those who look at it, at most once a second.
    fn tell_board(&mut self) {
        self.ticks = self.ticks.wrapping_add(1);
        let Some(machine) = &self.machine else {
            return;
        };
        if !self.ticks.is_multiple_of(SECOND) || !self.desk.watching.any_board() {
            return;
        }
        let version = machine.board().version;
        if version != self.board {
            self.board = version;
            self.telling.board(version);
        }
    }
}

fn view(machine: &Dispatch) -> (Board, Vec<Case>) {
    let rows = machine.snapshot();
    let open = rows.cases.into_iter().filter(|case| case.visit.is_some());
    (machine.board(), open.collect())
}

fn refuse(reply: Option<oneshot::Sender<Answer>>, nay: Nay) {
    if let Some(reply) = reply {
        drop(reply.send(Err((nay, None))));
    }
}

fn unheard(error: &StoreError) {
    tracing::warn!(%error, "a message was not taken into account; the next one will be");
}
