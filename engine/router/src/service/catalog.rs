//! What administrators set of customer service, held in memory as a whole: channels, teams, topics, agents.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use webim_dispatch::{AgentFacts, ChannelRules, Hours, PolicyHook, Span, WhenClosed};
use webim_model::{Audience, ChannelId, PersonId, Role, TopicId};
use webim_store::service::{AgentRow, ChannelRow, TeamRow, TopicRow};
use webim_store::{Store, StoreError};
use webim_wire::channel::{self, ChannelConfig};

/// A channel with what was set of it.
#[derive(Clone, Debug)]
pub struct Channel {
    /// As it is stored.
    pub row: ChannelRow,
    /// What else was set.
    pub config: ChannelConfig,
    /// Its hours, if it has any that can be read.
    pub hours: Option<Hours>,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalog {
    pub channels: BTreeMap<ChannelId, Channel>,
    pub teams: Vec<TeamRow>,
    pub topics: Vec<TopicRow>,
    pub agents: BTreeMap<PersonId, AgentRow>,
    by_code: HashMap<String, ChannelId>,
}

impl Catalog {
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        let mut catalog = Self {
            teams: store.teams().await?,
            topics: store.topics().await?,
            ..Self::default()
        };
        for row in store.channels().await? {
            let Some(config) = ChannelConfig::decode(&row.config) else {
                tracing::error!(
                    channel = row.code,
                    "what was set of a channel cannot be read"
                );
                continue;
            };
            let hours = config.hours.as_ref().and_then(|set| hours(set).ok());
            catalog.by_code.insert(row.code.clone(), row.id);
            let channel = Channel { row, config, hours };
            catalog.channels.insert(channel.row.id, channel);
        }
        for row in store.agents().await? {
            catalog.agents.insert(row.person.id, row);
        }
        Ok(catalog)
    }

    pub fn channel(&self, code: &str) -> Option<&Channel> {
        self.channels.get(self.by_code.get(code)?)
    }

    pub fn code(&self, channel: ChannelId) -> String {
        let found = self.channels.get(&channel);
        found
            .map(|found| found.row.code.clone())
            .unwrap_or_default()
    }

    pub fn topic(&self, channel: ChannelId, topic: TopicId) -> Option<&TopicRow> {
        let mut topics = self.topics.iter();
        topics.find(|row| row.channel == channel && row.id == topic)
    }

    /// Whether they serve customers, or watch over those who do.
    pub fn serves(&self, person: PersonId) -> bool {
        self.agents.contains_key(&person)
    }

    pub fn rules(&self, hook: Option<&PolicyHook>) -> Vec<ChannelRules> {
        let channels = self.channels.values();
        channels
            .map(|channel| channel.rules(&self.topics, hook))
            .collect()
    }

    pub fn facts(&self) -> Vec<AgentFacts> {
        self.agents.values().map(|row| self.fact(row)).collect()
    }

    fn fact(&self, row: &AgentRow) -> AgentFacts {
        let who = row.person.id;
        let teams = self.teams.iter().filter(|team| team.members.contains(&who));
        let topics = self
            .topics
            .iter()
            .filter(|topic| topic.experts.contains(&who));
        let per_channel = self.channels.values().filter_map(|channel| {
            let most = channel.config.routing.capacity;
            (most > 0).then_some((channel.row.id, most))
        });
        AgentFacts {
            serves: row.person.roles.has(Role::Agent),
            per_channel: per_channel.collect(),
            weight: row.weight,
            teams: teams.map(|team| team.id).collect(),
            topics: topics.map(|topic| topic.id).collect(),
            skills: row.skills.iter().cloned().collect(),
            languages: row.languages.iter().cloned().collect(),
            ..AgentFacts::new(who, row.capacity)
        }
    }
}

impl Channel {
    /// Whether somebody of this kind may come in here.
    pub fn admits(&self, member: bool) -> bool {
        let audience = self.row.audience;
        self.row.active
            && match audience {
                Audience::Both => true,
                Audience::Members => member,
                Audience::Customers => !member,
            }
    }

    fn rules(&self, topics: &[TopicRow], hook: Option<&PolicyHook>) -> ChannelRules {
        let set = &self.config.routing;
        let millis = |seconds: u32| i64::from(seconds) * 1_000;
        let step = |seconds: u32| (seconds > 0).then_some(millis(seconds));
        let topics = topics
            .iter()
            .filter(|topic| topic.channel == self.row.id && topic.active);
        ChannelRules {
            mode: self.row.mode,
            active: self.row.active,
            order: set.order.into(),
            teams: self.config.teams.iter().map(|id| (*id).into()).collect(),
            topics: topics.map(|topic| topic.id).collect(),
            hours: self.hours.clone(),
            when_closed: match self.config.when_closed {
                channel::WhenClosed::LeaveMessage => WhenClosed::LeaveMessage,
                channel::WhenClosed::Refuse => WhenClosed::Refuse,
            },
            // Robots answer once they are there: until then people do.
            robot: false,
            hook: hook.cloned(),
            owner_away: set.owner_away.into(),
            owner_deadline: millis(set.owner_seconds),
            accept_deadline: step(set.accept_seconds),
            reply_deadline: step(set.reply_seconds),
            transfer_deadline: millis(set.transfer_seconds.max(1)),
            grace: millis(set.grace_seconds),
            idle_close: step(set.idle_seconds),
            wrap_up: step(set.wrap_up_seconds),
            waited_after: step(set.waited_seconds),
            skills: set.skills.iter().cloned().collect::<BTreeSet<_>>(),
            ..ChannelRules::new(self.row.id)
        }
    }
}

/// The hours of a channel, or which part of them cannot be read.
pub(crate) fn hours(set: &channel::Hours) -> Result<Hours, String> {
    let zone = set
        .time_zone
        .parse()
        .map_err(|_| "hours.time_zone: no such time zone".to_owned())?;
    let mut week: [Vec<Span>; 7] = Default::default();
    for (day, spans) in &set.week {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let at = names.iter().position(|name| name == day);
        let at = at.ok_or_else(|| format!("hours.week.{day}: no such day"))?;
        week[at] = of_day(&format!("hours.week.{day}"), spans)?;
    }
    let mut holidays = BTreeMap::new();
    for (day, spans) in &set.holidays {
        let date = day
            .parse()
            .map_err(|_| format!("hours.holidays.{day}: not a date"))?;
        holidays.insert(date, of_day(&format!("hours.holidays.{day}"), spans)?);
    }
    Ok(Hours {
        zone,
        week,
        holidays,
    })
}

fn of_day(path: &str, spans: &[(String, String)]) -> Result<Vec<Span>, String> {
    let minute = |text: &str, most: u16| {
        let (hours, minutes) = text.split_once(':')?;
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        let at = hours.checked_mul(60)?.checked_add(minutes)?;
        (minutes < 60 && at <= most).then_some(at)
    };
    let spans = spans.iter().map(|(from, to)| {
        let from = minute(from, 1_439).ok_or_else(|| format!("{path}: no such time"))?;
        let to = minute(to, 1_440).ok_or_else(|| format!("{path}: no such time"))?;
        Ok(Span { from, to })
    });
    spans.collect()
}
