//! Channels: what an administrator sets, what is stored of it, and the face that customers see.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How a channel's customers are served: by one agent from start to end, or by several experts at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModeName {
    #[default]
    Service,
    Expert,
}

/// Who may come in through a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AudienceName {
    #[default]
    Customers,
    Members,
    Both,
}

/// In which order agents that fit are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderName {
    #[default]
    LeastLoaded,
    RoundRobin,
    LongestIdle,
    Random,
    /// Nobody by itself: agents take from the queue.
    Manual,
}

/// What happens when a customer's own agent is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnerAwayName {
    Wait,
    Message,
    #[default]
    Substitute,
}

/// What a customer meets outside the hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhenClosed {
    /// They may write, and wait until somebody is there.
    #[default]
    LeaveMessage,
    /// `channel_closed`.
    Refuse,
}

/// All that can be set of a channel beside its key; whatever is left out is as the defaults say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ChannelConfig {
    /// Tags such as `zh-CN`, the one meant where a customer's is not among them first.
    pub languages: Vec<String>,
    /// Said to who comes in, by language; at most 2,000 characters each.
    pub greeting: BTreeMap<String, String>,
    pub branding: Branding,
    /// None: always open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    pub when_closed: WhenClosed,
    /// The teams that it routes to; none: every agent.
    pub teams: Vec<Uuid>,
    pub routing: Routing,
    /// Which robot answers first; none: people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub robot: Option<String>,
    /// Sites whose pages may show the widget, such as `https://shop.example.com`; none: only this server's own.
    pub allowed_origins: Vec<String>,
    /// Whether customers may see the agents and choose one.
    pub lists_agents: bool,
    /// Whether agents see what a customer is typing before it is sent.
    pub typed_ahead: bool,
    /// After so many days without contact a customer is hidden from the agents' lists; 1 to 3,650.
    pub hide_after_days: u32,
    /// So long a visitor's token holds without being used, in days; 1 to 3,650.
    pub visitor_days: u32,
}

impl Default for ChannelConfig {
    fn default() -> Self {
        Self {
            languages: vec!["zh-CN".into(), "en".into()],
            greeting: BTreeMap::new(),
            branding: Branding::default(),
            hours: None,
            when_closed: WhenClosed::default(),
            teams: Vec::new(),
            routing: Routing::default(),
            robot: None,
            allowed_origins: Vec::new(),
            lists_agents: true,
            typed_ahead: true,
            hide_after_days: 30,
            visitor_days: 365,
        }
    }
}

/// How a channel looks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Branding {
    /// Above the chat; empty: the channel's name.
    pub title: String,
    /// Of the button and the head, as `#rrggbb`; empty: ours.
    pub color: String,
    /// Address of a picture by https, or a path of this server; empty: none.
    pub logo: String,
    /// `right` or `left`; empty: right.
    pub position: String,
}

/// When a channel is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Hours {
    /// Such as `Asia/Shanghai`.
    pub time_zone: String,
    /// By weekday `mon` to `sun`: spans such as `["09:00", "18:00"]`; one that ends before it begins goes over midnight.
    pub week: BTreeMap<String, Vec<(String, String)>>,
    /// By date such as `2026-10-01`: spans of that day alone; none: closed.
    pub holidays: BTreeMap<String, Vec<(String, String)>>,
}

/// How agents are chosen, and how long each step may take. Seconds; 0 switches a step off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Routing {
    pub order: OrderName,
    /// Customers of one agent in this channel at a time; 0: as many as the agent takes.
    pub capacity: u32,
    /// Skills an agent must have.
    pub skills: Vec<String>,
    /// How long a customer waits for their own agent while that one is there but full.
    pub owner_seconds: u32,
    pub owner_away: OwnerAwayName,
    /// How long an agent may take to accept; 0: they need not.
    pub accept_seconds: u32,
    /// How long an agent may leave a customer without a first answer; then the next one is asked.
    pub reply_seconds: u32,
    /// After so long without an answer the customer, and who watches, are told.
    pub waited_seconds: u32,
    /// How long an agent whose connection is lost keeps their place.
    pub grace_seconds: u32,
    /// How long an agent finishes up after a visit.
    pub wrap_up_seconds: u32,
    /// A visit ends by itself after so long without a word.
    pub idle_seconds: u32,
    /// How long a transfer waits for its answer.
    pub transfer_seconds: u32,
    /// Customers that may wait at the same time; 0: any number.
    pub queue: u32,
}

impl Default for Routing {
    fn default() -> Self {
        Self {
            order: OrderName::default(),
            capacity: 0,
            skills: Vec::new(),
            owner_seconds: 120,
            owner_away: OwnerAwayName::default(),
            accept_seconds: 0,
            reply_seconds: 0,
            waited_seconds: 120,
            grace_seconds: 30,
            wrap_up_seconds: 0,
            idle_seconds: 3_600,
            transfer_seconds: 60,
            queue: 0,
        }
    }
}

/// A channel as administrators set it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutChannel {
    /// 1 to 190 characters.
    pub name: String,
    #[serde(default)]
    pub mode: ModeName,
    #[serde(default)]
    pub audience: AudienceName,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub config: ChannelConfig,
    /// What the host system signs its users' tokens with, 32 to 255 bytes; absent: as it was, empty: none. Never given
    /// back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

fn yes() -> bool {
    true
}

/// A channel as administrators see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Channel {
    pub id: Uuid,
    /// In addresses: letters, digits, `-` and `_`; 1 to 64.
    pub key: String,
    pub name: String,
    pub mode: ModeName,
    pub audience: AudienceName,
    pub active: bool,
    pub config: ChannelConfig,
    /// Whether a host system can sign for it.
    pub signs: bool,
    pub version: u64,
    pub topics: Vec<Topic>,
}

/// All channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Channels {
    pub items: Vec<Channel>,
}

/// What an expert answers for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Topic {
    pub id: Uuid,
    /// What host systems call it.
    pub code: String,
    pub name: String,
    pub active: bool,
    /// Who answers for it.
    pub experts: Vec<Uuid>,
}

/// A topic as administrators set it; the code is in the address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutTopic {
    /// 1 to 190 characters.
    pub name: String,
    #[serde(default)]
    pub position: u32,
    #[serde(default = "yes")]
    pub active: bool,
    /// Members with the role `agent`; each once.
    #[serde(default)]
    pub experts: Vec<Uuid>,
}

/// A set of agents that channels route to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Team {
    pub id: Uuid,
    pub name: String,
    pub members: Vec<Uuid>,
}

/// All teams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Teams {
    pub items: Vec<Team>,
}

/// A team as administrators set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutTeam {
    /// 1 to 190 characters, of one team only.
    pub name: String,
    /// Members with the role `agent`; each once.
    #[serde(default)]
    pub members: Vec<Uuid>,
}

/// What an administrator sets of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutAgent {
    /// Customers at a time; 1 to 1,000.
    pub capacity: u32,
    /// How much more than others they take; 1 to 100.
    #[serde(default = "one")]
    pub weight: u32,
    #[serde(default)]
    pub skills: Vec<String>,
    /// Tags such as `zh-CN`.
    #[serde(default)]
    pub languages: Vec<String>,
}

fn one() -> u32 {
    1
}

/// A channel as its customers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChannelFace {
    pub key: String,
    pub name: String,
    pub mode: ModeName,
    pub audience: AudienceName,
    pub languages: Vec<String>,
    pub greeting: BTreeMap<String, String>,
    pub branding: Branding,
    /// Whether somebody is to be there now, by its hours.
    pub open: bool,
    /// When it opens next; absent while it is open, and where it never does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_at: Option<i64>,
    pub when_closed: WhenClosed,
    /// Those that are answered for.
    pub topics: Vec<TopicFace>,
    pub lists_agents: bool,
    pub typed_ahead: bool,
    /// Whether a robot answers first.
    pub robot: bool,
}

/// A topic as customers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TopicFace {
    pub id: Uuid,
    pub code: String,
    pub name: String,
}

macro_rules! words {
    ($($wire:ident = $model:ident { $($word:ident)* })*) => {$(
        impl From<webim_model::$model> for $wire {
            fn from(word: webim_model::$model) -> Self {
                match word { $(webim_model::$model::$word => Self::$word,)* }
            }
        }

        impl From<$wire> for webim_model::$model {
            fn from(word: $wire) -> Self {
                match word { $($wire::$word => Self::$word,)* }
            }
        }
    )*};
}

pub(crate) use words;

words! {
    ModeName = ChannelMode { Service Expert }
    AudienceName = Audience { Customers Members Both }
    OrderName = Order { LeastLoaded RoundRobin LongestIdle Random Manual }
    OwnerAwayName = OwnerAway { Wait Message Substitute }
}
