//! What administrators set: channels, topics, teams, and what agents take.

use webim_model::{ChannelId, PersonId, Refusal, Role, TeamId};
use webim_store::service::{ChannelRow, TeamRow, TopicRow};
use webim_wire::channel::{
    self, Channels, PutAgent, PutChannel, PutTeam, PutTopic, Team, Teams, Topic,
};

use super::card::within;
use super::catalog::{Catalog, hours};
use crate::journey::store_failed;
use crate::{Caller, Nay, Router};

/// Entries of a list within a channel's settings.
const ENTRIES: usize = 100;
/// A day in seconds: the most that one of the routing's steps may take.
const DAY: u32 = 86_400;

impl Router {
    /// All channels.
    pub fn channels(&self, caller: &Caller) -> Result<Channels, Nay> {
        sees(caller)?;
        let catalog = self.0.desk.catalog.load();
        let items = catalog.channels.keys();
        let mut items: Vec<_> = items.filter_map(|id| shown(&catalog, *id)).collect();
        items.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Channels { items })
    }

    /// Sets a channel, a new one or the one with this key. `secret` is sealed already: none leaves it as it was, an empty
    /// one takes it away. Refused with `bad_field`.
    pub async fn put_channel(
        &self,
        caller: &Caller,
        key: &str,
        put: PutChannel,
        secret: Option<String>,
    ) -> Result<channel::Channel, Nay> {
        administers(caller)?;
        let fits = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
        if key.is_empty() || key.len() > 64 || !key.chars().all(fits) {
            let detail = "key: 1 to 64 letters, digits, - or _";
            return Err(Nay::because(Refusal::BadField, detail));
        }
        check(&put.config)?;
        let name = within("name", &put.name, 1, 190)?;
        let desk = &self.0.desk;
        self.known_teams(&put.config.teams)?;
        let known = desk
            .store
            .channel_by_code(key)
            .await
            .map_err(store_failed)?;
        let secret = match secret {
            None => known.as_ref().and_then(|known| known.secret.clone()),
            Some(sealed) => Some(sealed).filter(|sealed| !sealed.is_empty()),
        };
        let row = ChannelRow {
            id: known
                .as_ref()
                .map_or_else(|| ChannelId(desk.sources.uuid()), |known| known.id),
            code: key.to_owned(),
            name,
            mode: put.mode.into(),
            audience: put.audience.into(),
            active: put.active,
            config: put.config.encode(),
            secret,
            version: known.as_ref().map_or(1, |known| known.version + 1),
            created: known.map_or_else(|| desk.sources.now(), |known| known.created),
        };
        desk.store.put_channel(&row).await.map_err(store_failed)?;
        desk.refresh().await;
        tracing::info!(person = %caller.person, channel = key, "a channel was set");
        let catalog = desk.catalog.load();
        shown(&catalog, row.id).ok_or_else(Nay::internal)
    }

    /// Closes a channel: nobody comes in any more, what is open goes on. Refused with `channel_unknown`.
    pub async fn close_channel(&self, caller: &Caller, key: &str) -> Result<(), Nay> {
        administers(caller)?;
        let desk = &self.0.desk;
        let known = desk
            .store
            .channel_by_code(key)
            .await
            .map_err(store_failed)?;
        let mut row = known.ok_or(Refusal::ChannelUnknown)?;
        row.active = false;
        row.version += 1;
        desk.store.put_channel(&row).await.map_err(store_failed)?;
        desk.refresh().await;
        Ok(())
    }

    /// Sets a topic of a channel. Refused with `channel_unknown`, `agent_unknown`, `bad_field`.
    pub async fn put_topic(
        &self,
        caller: &Caller,
        (key, code): (&str, &str),
        put: PutTopic,
    ) -> Result<Topic, Nay> {
        administers(caller)?;
        let desk = &self.0.desk;
        let experts = self.known_agents(put.experts)?;
        let code = within("code", code, 1, 64)?;
        let row = {
            let catalog = desk.catalog.load();
            let channel = catalog.channel(key).ok_or(Refusal::ChannelUnknown)?.row.id;
            let mut topics = catalog.topics.iter();
            let known = topics.find(|topic| topic.channel == channel && topic.code == code);
            TopicRow {
                id: known.map_or_else(|| desk.sources.uuid().into(), |known| known.id),
                channel,
                code,
                name: within("name", &put.name, 1, 190)?,
                position: i32::try_from(put.position).unwrap_or(i32::MAX),
                active: put.active,
                experts,
            }
        };
        desk.store.put_topic(&row).await.map_err(store_failed)?;
        desk.refresh().await;
        Ok(topic(&row))
    }

    /// All teams.
    pub fn teams(&self, caller: &Caller) -> Result<Teams, Nay> {
        sees(caller)?;
        let catalog = self.0.desk.catalog.load();
        Ok(Teams {
            items: catalog.teams.iter().map(team).collect(),
        })
    }

    /// Sets a team: a new one, or the one with this id. Refused with `team_unknown`, `agent_unknown`, `bad_field` (also
    /// where another one has that name).
    pub async fn put_team(
        &self,
        caller: &Caller,
        which: Option<TeamId>,
        put: PutTeam,
    ) -> Result<Team, Nay> {
        administers(caller)?;
        let desk = &self.0.desk;
        let name = within("name", &put.name, 1, 190)?;
        let members = self.known_agents(put.members)?;
        {
            let catalog = desk.catalog.load();
            let taken = |team: &TeamRow| team.name == name && Some(team.id) != which;
            if catalog.teams.iter().any(taken) {
                return Err(Nay::because(Refusal::BadField, "name: another team has it"));
            }
            if let Some(which) = which
                && !catalog.teams.iter().any(|team| team.id == which)
            {
                return Err(Refusal::TeamUnknown.into());
            }
        }
        let row = TeamRow {
            id: which.unwrap_or_else(|| desk.sources.uuid().into()),
            name,
            members,
        };
        desk.store.put_team(&row).await.map_err(store_failed)?;
        desk.refresh().await;
        Ok(team(&row))
    }

    /// Takes a team away. Refused with `team_unknown`.
    pub async fn delete_team(&self, caller: &Caller, which: TeamId) -> Result<(), Nay> {
        administers(caller)?;
        let desk = &self.0.desk;
        if !desk.store.delete_team(which).await.map_err(store_failed)? {
            return Err(Refusal::TeamUnknown.into());
        }
        desk.refresh().await;
        Ok(())
    }

    /// Sets what an agent takes. Refused with `agent_unknown`, `bad_field`.
    pub async fn put_agent(
        &self,
        caller: &Caller,
        agent: PersonId,
        put: PutAgent,
    ) -> Result<(), Nay> {
        administers(caller)?;
        let range = |field: &str, number: u32, most: u32| {
            if (1..=most).contains(&number) {
                return Ok(());
            }
            let detail = format!("{field}: 1 to {most}");
            Err(Nay::because(Refusal::BadField, detail))
        };
        range("capacity", put.capacity, 1_000)?;
        range("weight", put.weight, 10_000)?;
        let desk = &self.0.desk;
        let row = desk.catalog.load().agents.get(&agent).cloned();
        let mut row = row.ok_or(Refusal::AgentUnknown)?;
        row.capacity = put.capacity;
        row.weight = put.weight;
        row.skills = labels("skills", &put.skills)?;
        row.languages = labels("languages", &put.languages)?;
        desk.store.put_agent(&row).await.map_err(store_failed)?;
        desk.refresh().await;
        Ok(())
    }

    fn known_agents(&self, agents: Vec<uuid::Uuid>) -> Result<Vec<PersonId>, Nay> {
        let catalog = self.0.desk.catalog.load();
        let mut agents: Vec<_> = agents.into_iter().map(PersonId).collect();
        agents.sort_unstable();
        agents.dedup();
        let serves = |agent: &PersonId| {
            let found = catalog.agents.get(agent);
            found.is_some_and(|found| found.person.roles.has(Role::Agent))
        };
        match agents.iter().find(|agent| !serves(agent)) {
            Some(stranger) => Err(Nay::because(Refusal::AgentUnknown, stranger.to_string())),
            None => Ok(agents),
        }
    }

    fn known_teams(&self, teams: &[uuid::Uuid]) -> Result<(), Nay> {
        let catalog = self.0.desk.catalog.load();
        let known = |id: &uuid::Uuid| catalog.teams.iter().any(|team| team.id.0 == *id);
        match teams.iter().find(|team| !known(team)) {
            Some(stranger) => Err(Nay::because(Refusal::TeamUnknown, stranger.to_string())),
            None => Ok(()),
        }
    }
}

fn administers(caller: &Caller) -> Result<(), Nay> {
    if caller.roles.has(Role::Admin) {
        Ok(())
    } else {
        Err(Refusal::Forbidden.into())
    }
}

/// Agents need the names of teams and topics to transfer to them.
fn sees(caller: &Caller) -> Result<(), Nay> {
    administers(caller).or_else(|_| super::frames::serves(caller))
}

fn shown(catalog: &Catalog, id: ChannelId) -> Option<channel::Channel> {
    let found = catalog.channels.get(&id)?;
    let topics = catalog.topics.iter().filter(|topic| topic.channel == id);
    Some(channel::Channel {
        id: id.0,
        key: found.row.code.clone(),
        name: found.row.name.clone(),
        mode: found.row.mode.into(),
        audience: found.row.audience.into(),
        active: found.row.active,
        config: found.config.clone(),
        signs: found.row.secret.is_some(),
        version: found.row.version,
        topics: topics.map(topic).collect(),
    })
}

fn topic(row: &TopicRow) -> Topic {
    Topic {
        id: row.id.0,
        code: row.code.clone(),
        name: row.name.clone(),
        active: row.active,
        experts: row.experts.iter().map(|expert| expert.0).collect(),
    }
}

fn team(row: &TeamRow) -> Team {
    Team {
        id: row.id.0,
        name: row.name.clone(),
        members: row.members.iter().map(|member| member.0).collect(),
    }
}

fn labels(field: &str, labels: &[String]) -> Result<Vec<String>, Nay> {
    few(field, labels.len())?;
    let labels = labels.iter().map(|label| within(field, label, 1, 60));
    let mut labels = labels.collect::<Result<Vec<_>, _>>()?;
    labels.sort();
    labels.dedup();
    Ok(labels)
}

fn few(field: &str, count: usize) -> Result<(), Nay> {
    if count > ENTRIES {
        let detail = format!("{field}: at most {ENTRIES}");
        return Err(Nay::because(Refusal::BadField, detail));
    }
    Ok(())
}

/// Whether what was set of a channel can be meant.
fn check(config: &channel::ChannelConfig) -> Result<(), Nay> {
    let wrong = |detail: String| Nay::because(Refusal::BadField, format!("config.{detail}"));
    few("config.allowed_origins", config.allowed_origins.len())?;
    for origin in &config.allowed_origins {
        let rest = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        let plain = |rest: &str| {
            let fits = |char: char| char.is_ascii_alphanumeric() || ".-:[]".contains(char);
            !rest.is_empty() && rest.len() < 250 && rest.chars().all(fits)
        };
        if !rest.is_some_and(plain) {
            return Err(wrong(format!("allowed_origins: {origin:?} is no origin")));
        }
    }
    few("config.languages", config.languages.len())?;
    for (language, greeting) in &config.greeting {
        within("config.greeting", language, 1, 35)?;
        within("config.greeting", greeting, 0, 2_000)?;
    }
    few("config.greeting", config.greeting.len())?;
    let brand = &config.branding;
    let hex = |color: &str| {
        let digits = color.strip_prefix('#').unwrap_or_default();
        digits.len() == 6 && digits.chars().all(|char| char.is_ascii_hexdigit())
    };
    if !brand.color.is_empty() && !hex(&brand.color) {
        return Err(wrong("branding.color: such as #1e9fff".into()));
    }
    within("config.branding.title", &brand.title, 0, 60)?;
    let local = |logo: &str| logo.starts_with('/') && !logo.starts_with("//");
    if !brand.logo.is_empty() && !local(&brand.logo) && !brand.logo.starts_with("https://") {
        return Err(wrong("branding.logo: by https, or a path".into()));
    }
    if !matches!(&*brand.position, "" | "right" | "left") {
        return Err(wrong("branding.position: right or left".into()));
    }
    if let Some(set) = &config.hours {
        hours(set).map_err(wrong)?;
    }
    days("hide_after_days", config.hide_after_days)?;
    days("visitor_days", config.visitor_days)?;
    steps(&config.routing)
}

fn days(field: &str, days: u32) -> Result<(), Nay> {
    if (1..=3_650).contains(&days) {
        return Ok(());
    }
    let detail = format!("config.{field}: 1 to 3650");
    Err(Nay::because(Refusal::BadField, detail))
}

fn steps(routing: &channel::Routing) -> Result<(), Nay> {
    let all = [
        ("owner_seconds", routing.owner_seconds),
        ("accept_seconds", routing.accept_seconds),
        ("reply_seconds", routing.reply_seconds),
        ("waited_seconds", routing.waited_seconds),
        ("grace_seconds", routing.grace_seconds),
        ("wrap_up_seconds", routing.wrap_up_seconds),
        ("transfer_seconds", routing.transfer_seconds),
    ];
    match all.iter().find(|(_, seconds)| *seconds > DAY) {
        Some((field, _)) => {
            let detail = format!("config.routing.{field}: at most {DAY}");
            Err(Nay::because(Refusal::BadField, detail))
        }
        None => labels("config.routing.skills", &routing.skills).map(drop),
    }
}
