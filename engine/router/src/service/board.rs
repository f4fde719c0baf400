//! Who waits, who is served, who takes work: what agents and supervisors see of all channels.

use std::collections::HashMap;

use webim_dispatch::Case;
use webim_model::{Holder, PersonId, Role};
use webim_wire::service::Face;
use webim_wire::service::rest::{
    AgentItem, Agents, Board, BoardChannel, Serving, Waiting, WaitingList,
};

use super::frames::{serves, supervises};
use super::rows::whole;
use crate::journey::store_failed;
use crate::{Caller, Nay, Router};

impl Router {
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

fn face_in(faces: &HashMap<PersonId, Face>, id: PersonId) -> Face {
    faces.get(&id).cloned().unwrap_or_else(|| Face {
        id: id.0,
        name: String::new(),
        avatar: format!("/avatars/{id}.svg"),
    })
}
