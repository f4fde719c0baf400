//! The sample company's customer service: two channels, two teams, some topics and replies at hand.

use webim_model::{Audience, ChannelMode, PersonId, Sources};
use webim_store::service::{CannedRow, ChannelRow, TeamRow, TopicRow};
use webim_store::{Store, StoreError};
use webim_wire::channel::{Branding, ChannelConfig, Routing};

/// Key, name and mode of each channel.
pub const CHANNELS: [(&str, &str, &str); 3] = [
    ("shop", "在线客服", "service"),
    ("experts", "专家咨询", "expert"),
    ("help", "内部服务台", "service"),
];

/// Code, name and who answers for it.
const TOPICS: [(&str, &str, &[&str]); 3] = [
    ("orders", "订单与退货", &["liuyang", "chenjing"]),
    ("technical", "技术支持", &["yangmin", "chenjing"]),
    ("overseas", "Overseas orders", &["emma"]),
];

/// Name and members of each team.
const TEAMS: [(&str, &[&str]); 2] = [
    ("热线", &["wangfang", "liuyang", "chenjing"]),
    ("技术", &["yangmin"]),
];

/// Shortcut, title and text.
const CANNED: [(&str, &str, &str); 4] = [
    (
        "hello",
        "问候",
        "您好，{{customer}}！我是{{agent}}，请问有什么可以帮您？",
    ),
    ("wait", "请稍候", "请稍等，我为您查询一下。"),
    (
        "return",
        "退货",
        "七天内可以无理由退货，请保留好包装和小票。",
    ),
    ("bye", "道别", "感谢您的咨询，祝您生活愉快！"),
];

/// Makes channels, teams, topics and replies.
pub async fn fill(store: &Store, sources: &Sources) -> Result<(), StoreError> {
    for (name, members) in TEAMS {
        let row = TeamRow {
            id: sources.uuid().into(),
            name: name.into(),
            members: people(store, members).await?,
        };
        store.put_team(&row).await?;
    }
    for (key, name, mode) in CHANNELS {
        let channel = channel(key, name, mode, sources);
        store.put_channel(&channel).await?;
        if channel.mode != ChannelMode::Expert {
            continue;
        }
        for (position, (code, name, experts)) in (0..).zip(TOPICS) {
            let row = TopicRow {
                id: sources.uuid().into(),
                channel: channel.id,
                code: code.into(),
                name: name.into(),
                position,
                active: true,
                experts: people(store, experts).await?,
            };
            store.put_topic(&row).await?;
        }
    }
    for (shortcut, title, body) in CANNED {
        let row = CannedRow {
            id: sources.uuid(),
            owner: None,
            shortcut: shortcut.into(),
            title: title.into(),
            body: body.into(),
        };
        store.put_canned(&row).await?;
    }
    Ok(())
}

fn channel(key: &str, name: &str, mode: &str, sources: &Sources) -> ChannelRow {
    let greeting = [
        (
            "zh-CN",
            "您好，欢迎咨询！请描述您的问题，我们马上为您安排客服。",
        ),
        (
            "en",
            "Welcome! Tell us what you need, and somebody will be with you in a moment.",
        ),
    ];
    let config = ChannelConfig {
        greeting: greeting
            .map(|(language, text)| (language.to_owned(), text.to_owned()))
            .into(),
        branding: Branding {
            title: name.into(),
            color: if key == "experts" {
                "#2f7d6b"
            } else {
                "#1e6fff"
            }
            .into(),
            ..Branding::default()
        },
        routing: Routing {
            transfer_seconds: 60,
            ..Routing::default()
        },
        // The sample shop is served from another name of the same machine.
        allowed_origins: vec!["http://localhost:8081".into()],
        ..ChannelConfig::default()
    };
    ChannelRow {
        id: sources.uuid().into(),
        code: key.into(),
        name: name.into(),
        mode: ChannelMode::parse(mode).unwrap_or(ChannelMode::Service),
        audience: if key == "help" {
            Audience::Members
        } else {
            Audience::Customers
        },
        active: true,
        config: config.encode(),
        secret: None,
        version: 1,
        created: sources.now(),
    }
}

async fn people(store: &Store, logins: &[&str]) -> Result<Vec<PersonId>, StoreError> {
    let mut people = Vec::with_capacity(logins.len());
    for login in logins {
        if let Some((person, _)) = store.person_by_login(login).await? {
            people.push(person.id);
        }
    }
    people.sort_unstable();
    Ok(people)
}
