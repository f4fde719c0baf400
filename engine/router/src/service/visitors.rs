//! The door of a channel: what is shown to whoever comes, and what must be known to let them in.

use webim_model::{ChannelId, PersonId, Refusal};
use webim_store::service::NewCustomer;
use webim_wire::channel::{ChannelFace, TopicFace};
use webim_wire::service::command::CustomerPage;
use webim_wire::service::rest::{AgentFace, AgentFaces};

use super::catalog::Channel;
use super::moves::bounded;
use crate::journey::store_failed;
use crate::{Caller, Nay, Router};

/// What must be known of a channel to let somebody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// Which channel.
    pub channel: ChannelId,
    /// Its key.
    pub code: String,
    /// What its host system signs with, sealed; none where nobody signs.
    pub secret: Option<String>,
    /// Days that a visitor's token holds without being used.
    pub visitor_days: u32,
    /// Sites whose pages may show the widget.
    pub origins: Vec<String>,
}

/// Somebody who comes, as far as they say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newcomer {
    /// What to call them.
    pub name: String,
    /// What the host system calls them.
    pub external: Option<String>,
    /// The page they are on.
    pub page: CustomerPage,
    /// What their browser calls itself.
    pub device: String,
}

/// Who somebody at the door is from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// Who.
    pub person: PersonId,
    /// What they are called.
    pub name: String,
    /// Whether a host system says so.
    pub identified: bool,
    /// Whether they have shown who they are.
    pub known: bool,
}

impl Router {
    /// The door of a channel for customers. Refused with `channel_unknown`, `channel_closed`.
    pub fn door(&self, code: &str) -> Result<Door, Nay> {
        let catalog = self.0.desk.catalog.load();
        let channel = catalog.channel(code).ok_or(Refusal::ChannelUnknown)?;
        if !channel.admits(false) {
            return Err(Refusal::ChannelClosed.into());
        }
        Ok(Door {
            channel: channel.row.id,
            code: channel.row.code.clone(),
            secret: channel.row.secret.clone(),
            visitor_days: channel.config.visitor_days,
            origins: channel.config.allowed_origins.clone(),
        })
    }

    /// Sites whose pages may show the widget of a channel; none if there is no such channel.
    pub fn widget_origins(&self, code: &str) -> Option<Vec<String>> {
        let catalog = self.0.desk.catalog.load();
        let channel = catalog.channel(code)?;
        Some(channel.config.allowed_origins.clone())
    }

    /// Somebody is at the door: who they are from now on. With the host system's word they are its user; without, whoever
    /// they were before, or somebody new.
    pub async fn arrive_at(
        &self,
        door: &Door,
        newcomer: Newcomer,
        known: Option<PersonId>,
    ) -> Result<Arrived, Nay> {
        let store = &self.0.desk.store;
        let new = self.newcomer(door, newcomer);
        if let (Some(person), None) = (known, &new.external) {
            let found = store.customer(person).await.map_err(store_failed)?;
            if let Some(found) = found.filter(|found| found.channel == door.channel) {
                store.come_again(person, &new).await.map_err(store_failed)?;
                return Ok(Arrived {
                    person,
                    name: found.name,
                    identified: found.external.is_some(),
                    known: true,
                });
            }
        }
        let person = store.come(&new).await.map_err(store_failed)?;
        let identified = new.external.is_some();
        Ok(Arrived {
            person,
            name: new.name,
            identified,
            known: false,
        })
    }

    fn newcomer(&self, door: &Door, newcomer: Newcomer) -> NewCustomer {
        let sources = &self.0.desk.sources;
        let page = bounded(newcomer.page);
        let cut = |text: String, most: usize| -> String {
            let kept = text.chars().filter(|char| !char.is_control());
            kept.take(most).collect()
        };
        let person = PersonId(sources.uuid());
        let mut name = cut(newcomer.name, 60).trim().to_owned();
        if name.is_empty() {
            // The end of a version 7 id is random.
            let id = person.0.simple().to_string();
            let word = if page.language.starts_with("en") {
                "Visitor"
            } else {
                "访客"
            };
            name = format!("{word} {}", &id[28..]);
        }
        NewCustomer {
            person,
            name,
            channel: door.channel,
            external: newcomer.external,
            language: page.language.clone(),
            device: cut(newcomer.device, 255),
            page: page.encode(),
            now: sources.now(),
        }
    }

    /// A channel as its customers see it. Refused with `channel_unknown`.
    pub fn channel_face(&self, code: &str) -> Result<ChannelFace, Nay> {
        let desk = &self.0.desk;
        let catalog = desk.catalog.load();
        let channel = catalog.channel(code).ok_or(Refusal::ChannelUnknown)?;
        let (open, opens_at) = opening(channel, desk.sources.now());
        let topics = catalog.topics.iter().filter(|topic| {
            topic.channel == channel.row.id && topic.active && !topic.experts.is_empty()
        });
        let topics = topics.map(|topic| TopicFace {
            id: topic.id.0,
            code: topic.code.clone(),
            name: topic.name.clone(),
        });
        let config = &channel.config;
        Ok(ChannelFace {
            key: channel.row.code.clone(),
            name: channel.row.name.clone(),
            mode: channel.row.mode.into(),
            audience: channel.row.audience.into(),
            languages: config.languages.clone(),
            greeting: config.greeting.clone(),
            branding: config.branding.clone(),
            open,
            opens_at,
            when_closed: config.when_closed,
            topics: topics.collect(),
            lists_agents: config.lists_agents,
            typed_ahead: config.typed_ahead,
            robot: config.robot.is_some(),
        })
    }

    /// The agents whom a customer of a channel can choose, those who are there first. Refused with `channel_unknown`, and
    /// with `forbidden` where the channel does not list them.
    pub fn channel_agents(&self, caller: &Caller, code: &str) -> Result<AgentFaces, Nay> {
        let desk = &self.0.desk;
        let catalog = desk.catalog.load();
        let channel = catalog.channel(code).ok_or(Refusal::ChannelUnknown)?;
        if !channel.config.lists_agents {
            return Err(Refusal::Forbidden.into());
        }
        let teams = &channel.config.teams;
        let serves = |who: webim_model::PersonId| {
            let mut chosen = catalog.teams.iter();
            teams.is_empty()
                || chosen.any(|team| teams.contains(&team.id.0) && team.members.contains(&who))
        };
        let agents = catalog.agents.values().filter(|agent| {
            let who = agent.person.id;
            agent.person.roles.has(webim_model::Role::Agent) && who != caller.person && serves(who)
        });
        let mut items: Vec<_> = agents
            .map(|agent| AgentFace {
                face: super::face(&agent.person),
                online: desk.watching.at_work(agent.person.id),
            })
            .collect();
        items.sort_by(|a, b| {
            (!a.online, &a.face.name, a.face.id).cmp(&(!b.online, &b.face.name, b.face.id))
        });
        Ok(AgentFaces { items })
    }
}

/// Whether somebody is to be there now, and when next.
fn opening(channel: &Channel, now: webim_model::Millis) -> (bool, Option<i64>) {
    if !channel.row.active {
        return (false, None);
    }
    match &channel.hours {
        Some(hours) if !hours.is_open(now) => (false, hours.next_opening(now).map(|next| next.0)),
        _ => (true, None),
    }
}
