//! What customers and agents look at: lanes, the list of customers, one of them, the queue, the board.

use std::collections::HashMap;

use webim_dispatch::Case;
use webim_model::{ConversationId, Holder, Millis, PersonId, Refusal, Role};
use webim_store::Page;
use webim_store::service::{LaneRow, ServedFilter, ServedRow};
use webim_wire::rest::History;
use webim_wire::service::rest::{
    AgentItem, Agents, Board, BoardChannel, CustomerFace, Lane, Lanes, Served, ServedPage, Serving,
    SidePage, Waiting, WaitingList,
};
use webim_wire::service::{Face, HolderName};

use super::frames::{serves, supervises};
use super::rows::whole;
use super::tell::side_is;
use crate::fold::fold;
use crate::journey::store_failed;
use crate::{Caller, Nay, Router, Window};

/// Lines in one page.
const PAGE: u64 = 200;
/// Milliseconds in a day.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Which lines of an agent's list.
#[derive(Clone, Debug, Default)]
pub struct ServedAsk {
    /// The `next` of the page before.
    pub after: Option<String>,
    /// At most so many.
    pub limit: u64,
    /// Those, too, who are hidden.
    pub hidden: bool,
    /// Those, too, whom others serve.
    pub everybodys: bool,
    /// Part of the customer's name.
    pub name: String,
}

impl Router {
    /// The caller's own lanes, as a customer.
    pub async fn lanes(&self, caller: &Caller) -> Result<Lanes, Nay> {
        let desk = &self.0.desk;
        let rows = desk.store.lanes_of(caller.person).await;
        let rows = rows.map_err(store_failed)?;
        let items = rows.into_iter().map(|row| self.lane(&row)).collect();
        Ok(Lanes { items })
    }

    fn lane(&self, row: &LaneRow) -> Lane {
        let catalog = self.0.desk.catalog.load();
        let channel = catalog.channels.get(&row.channel);
        let topic = row
            .topic
            .and_then(|topic| catalog.topic(row.channel, topic));
        let title = channel.map_or_else(String::new, |channel| {
            let title = &channel.config.branding.title;
            match (topic, title.is_empty()) {
                (Some(topic), _) => topic.name.clone(),
                (None, false) => title.clone(),
                (None, true) => channel.row.name.clone(),
            }
        });
        Lane {
            conversation: row.conversation.0,
            channel: catalog.code(row.channel),
            title,
            topic: row.topic.map(|topic| topic.0),
            holder: HolderName::from(row.holder),
            agent: self.holding(row.holder),
            lease: row.lease,
            version: row.version,
            visit: row.visit.map(|visit| visit.0),
            place: None,
            last_seq: row.last_seq,
            read_seq: row.read_seq,
            unread: row.unread,
        }
    }

    fn holding(&self, holder: Holder) -> Option<Face> {
        match holder {
            Holder::Agent(agent) => Some(self.0.desk.face(agent)),
            Holder::Robot | Holder::Queue | Holder::Nobody => None,
        }
    }

    /// The customers of an agent, newest contact first.
    pub async fn served(&self, caller: &Caller, ask: ServedAsk) -> Result<ServedPage, Nay> {
        serves(caller)?;
        let desk = &self.0.desk;
        self.0.writer.flush_of(caller.person).await;
        let before = ask
            .after
            .as_deref()
            .map(crate::queries::cursor)
            .transpose()?;
        let limit = ask.limit.clamp(1, PAGE);
        let since = if ask.hidden {
            Vec::new()
        } else {
            self.hidden_before()
        };
        let filter = ServedFilter {
            before,
            since,
            name: ask.name.trim().to_owned(),
            only: None,
            everybodys: ask.everybodys,
        };
        let rows = desk
            .store
            .served_by(caller.person, &filter, limit + 1)
            .await;
        let mut rows = rows.map_err(store_failed)?;
        let more = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let next = rows
            .last()
            .filter(|_| more)
            .map(|row| format!("{}.{}", row.contact.0, row.lane.conversation));
        let items = self.served_lines(caller, rows).await?;
        Ok(ServedPage { items, next })
    }

    /// One line of the list, whoever serves that customer.
    pub(super) async fn served_one(
        &self,
        caller: &Caller,
        only: ConversationId,
    ) -> Result<Served, Nay> {
        serves(caller)?;
        let filter = ServedFilter {
            only: Some(only),
            everybodys: true,
            ..ServedFilter::default()
        };
        self.0.writer.flush_of(caller.person).await;
        let rows = self.0.desk.store.served_by(caller.person, &filter, 1).await;
        let rows = rows.map_err(store_failed)?;
        let mut lines = self.served_lines(caller, rows).await?;
        lines
            .pop()
            .ok_or_else(|| Refusal::ConversationUnknown.into())
    }

    /// From when on contact counts, by channel.
    fn hidden_before(&self) -> Vec<(webim_model::ChannelId, Millis)> {
        let desk = &self.0.desk;
        let now = desk.sources.now();
        let catalog = desk.catalog.load();
        let channels = catalog.channels.values();
        channels
            .map(|channel| {
                let days = i64::from(channel.config.hide_after_days);
                (channel.row.id, now.plus(-days * DAY))
            })
            .collect()
    }

    async fn served_lines(
        &self,
        caller: &Caller,
        rows: Vec<ServedRow>,
    ) -> Result<Vec<Served>, Nay> {
        let last: Vec<_> = rows.iter().filter_map(|row| row.last.clone()).collect();
        let shown = fold(&self.0.store, &last).await.map_err(store_failed)?;
        let mut shown = shown.into_iter().peekable();
        let ids = rows.iter().map(|row| row.lane.conversation).collect();
        let open = self.0.desk.cases(ids).await?.into_iter();
        let open: HashMap<_, _> = open.map(|case| (case.conversation, case)).collect();
        let hidden: HashMap<_, _> = self.hidden_before().into_iter().collect();
        let catalog = self.0.desk.catalog.load_full();
        let lines = rows.into_iter().map(|row| {
            let id = row.lane.conversation;
            let last = shown.next_if(|last| last.conversation == id.0);
            let since = hidden.get(&row.lane.channel).copied().unwrap_or_default();
            Served {
                conversation: id.0,
                customer: self.customer_face(row.customer, &row.name, &row.avatar),
                channel: catalog.code(row.lane.channel),
                topic: row.lane.topic.map(|topic| topic.0),
                holder: HolderName::from(row.lane.holder),
                agent: self.holding(row.lane.holder),
                lease: row.lane.lease,
                version: row.lane.version,
                visit: row.lane.visit.map(|visit| visit.0),
                last,
                last_seq: row.lane.last_seq,
                read_seq: row.lane.read_seq,
                unread: row.lane.unread,
                waiting_since: open
                    .get(&id)
                    .and_then(|case| case.waiting_since)
                    .map(|at| at.0),
                owner: row.owner == Some(caller.person),
                hidden: row.lane.visit.is_none() && row.contact < since,
                contact_at: row.contact.0,
            }
        });
        Ok(lines.collect())
    }

    fn customer_face(&self, id: PersonId, name: &str, avatar: &str) -> CustomerFace {
        CustomerFace {
            face: Face {
                id: id.0,
                name: name.to_owned(),
                avatar: if avatar.is_empty() {
                    format!("/avatars/{id}.svg")
                } else {
                    avatar.to_owned()
                },
            },
            online: self.0.hub.connected(id),
        }
    }

    /// A page of a service conversation for somebody who serves, member or not. Reading another's is written down.
    pub(crate) async fn transcript(
        &self,
        caller: &Caller,
        id: ConversationId,
        window: Window,
        limit: u64,
    ) -> Result<Option<History>, Nay> {
        if serves(caller).is_err() || !self.0.config.agents_read_all {
            return Ok(None);
        }
        let desk = &self.0.desk;
        let seat = desk.seats.seat(id).await.map_err(store_failed)?;
        let Some(seat) = seat.filter(|seat| seat.customer != caller.person) else {
            return Ok(None);
        };
        if seat.holder != Holder::Agent(caller.person) && window == Window::Newest {
            self.audited(caller, "read", id).await?;
        }
        let page = match window {
            Window::Newest => Page::Latest,
            Window::Before(seq) => Page::Before(seq),
            Window::After(seq) => Page::After(seq),
        };
        let limit = limit.clamp(1, self.0.config.limits.page);
        let found = desk.store.transcript(id, page, limit).await;
        let (messages, more) = found.map_err(store_failed)?;
        let items = fold(&self.0.store, &messages).await.map_err(store_failed)?;
        Ok(Some(History { items, more }))
    }

    /// A page of the side stream, for those who serve.
    pub async fn side_stream(
        &self,
        caller: &Caller,
        id: ConversationId,
        before: Option<u64>,
        limit: u64,
    ) -> Result<SidePage, Nay> {
        serves(caller)?;
        let desk = &self.0.desk;
        let seat = desk.seats.seat(id).await.map_err(store_failed)?;
        let seat = seat.ok_or(Refusal::ConversationUnknown)?;
        if seat.customer == caller.person {
            return Err(Refusal::ConversationUnknown.into());
        }
        let limit = limit.clamp(1, PAGE);
        let found = desk.store.side_page(id, before, limit).await;
        let (rows, more) = found.map_err(store_failed)?;
        Ok(SidePage {
            items: rows.iter().map(side_is).collect(),
            more,
        })
    }

    /// Who waits, in order; for those who serve.
    pub async fn waiting(&self, caller: &Caller) -> Result<WaitingList, Nay> {
        serves(caller)?;
        let (_, cases) = self.0.desk.board().await?;
        Ok(WaitingList {
            items: self.waiting_of(&cases).await?,
        })
    }

    async fn waiting_of(&self, cases: &[Case]) -> Result<Vec<Waiting>, Nay> {
        let mut waiting: Vec<_> = cases
            .iter()
            .filter(|case| case.holder == Holder::Queue)
            .collect();
        waiting.sort_by_key(|case| (-case.priority, case.enqueued_at, case.conversation));
        let faces = self.faces(waiting.iter().map(|case| case.customer)).await?;
        let catalog = self.0.desk.catalog.load();
        let items = waiting.iter().zip(1..).map(|(case, position)| Waiting {
            conversation: case.conversation.0,
            customer: face_in(&faces, case.customer),
            channel: catalog.code(case.channel),
            topic: case.topic.map(|topic| topic.0),
            since: case.enqueued_at.unwrap_or_default().0,
            position,
        });
        Ok(items.collect())
    }

    pub(super) async fn faces(
        &self,
        people: impl Iterator<Item = PersonId>,
    ) -> Result<HashMap<PersonId, Face>, Nay> {
        let mut ids: Vec<_> = people.collect();
        ids.sort_unstable();
        ids.dedup();
        let cards = self
            .0
            .store
            .people_cards(&ids)
            .await
            .map_err(store_failed)?;
        let faces = cards.iter().map(|card| (card.id, super::face(card)));
        Ok(faces.collect())
    }

    /// All agents, for those who serve, and for those who set what they take.
    pub async fn agents(&self, caller: &Caller) -> Result<Agents, Nay> {
        if !caller.roles.has(Role::Admin) {
            serves(caller)?;
        }
        let (board, _) = self.0.desk.board().await?;
        Ok(Agents {
            items: self.agent_items(&board),
        })
    }

    fn agent_items(&self, board: &webim_dispatch::Board) -> Vec<AgentItem> {
        let catalog = self.0.desk.catalog.load();
        let known: HashMap<_, _> = board.agents.iter().map(|one| (one.agent, one)).collect();
        let agents = catalog.agents.values();
        let items = agents.filter(|agent| agent.person.roles.has(Role::Agent));
        let items = items.map(|agent| {
            let who = agent.person.id;
            let now = known.get(&who);
            let teams = catalog.teams.iter();
            let topics = catalog.topics.iter();
            AgentItem {
                face: super::face(&agent.person),
                state: now.map_or(agent.state, |now| now.state).into(),
                connected: now.is_some_and(|now| now.connected),
                load: now.map_or(0, |now| now.load),
                capacity: agent.capacity,
                weight: agent.weight,
                skills: agent.skills.clone(),
                languages: agent.languages.clone(),
                teams: teams
                    .filter(|team| team.members.contains(&who))
                    .map(|team| team.id.0)
                    .collect(),
                topics: topics
                    .filter(|topic| topic.experts.contains(&who))
                    .map(|topic| topic.id.0)
                    .collect(),
            }
        });
        items.collect()
    }

    /// What supervisors see.
    pub async fn board(&self, caller: &Caller) -> Result<Board, Nay> {
        supervises(caller)?;
        let (board, cases) = self.0.desk.board().await?;
        let now = self.0.desk.sources.now();
        let catalog = self.0.desk.catalog.load_full();
        let channels = catalog.channels.values().map(|channel| {
            let figures = board.channels.get(&channel.row.id).copied();
            let figures = figures.unwrap_or_default();
            let since = figures.longest_since;
            BoardChannel {
                key: channel.row.code.clone(),
                name: channel.row.name.clone(),
                waiting: figures.waiting,
                served: figures.served,
                longest_wait: since.map_or(0, |since| whole(now.since(since))),
                estimate_error: figures.estimate_error.map(whole),
            }
        });
        let held: Vec<_> = cases
            .iter()
            .filter_map(|case| match case.holder {
                Holder::Agent(agent) => Some((case, agent)),
                _ => None,
            })
            .collect();
        let faces = self
            .faces(held.iter().map(|(case, _)| case.customer))
            .await?;
        let serving = held.iter().map(|(case, agent)| Serving {
            conversation: case.conversation.0,
            customer: face_in(&faces, case.customer),
            channel: catalog.code(case.channel),
            agent: agent.0,
            since: case.assignment.as_ref().map_or(0, |turn| turn.began_at.0),
            waiting_since: case.waiting_since.map(|since| since.0),
        });
        Ok(Board {
            version: board.version,
            channels: channels.collect(),
            agents: self.agent_items(&board),
            waiting: self.waiting_of(&cases).await?,
            serving: serving.collect(),
        })
    }
}

pub(super) fn face_in(faces: &HashMap<PersonId, Face>, id: PersonId) -> Face {
    faces.get(&id).cloned().unwrap_or_else(|| Face {
        id: id.0,
        name: String::new(),
        avatar: format!("/avatars/{id}.svg"),
    })
}
