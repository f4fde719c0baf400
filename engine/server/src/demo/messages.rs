//! A few messages, so that a first look finds conversations to open.

use std::collections::HashMap;

use uuid::Uuid;
use webim_model::{ClientId, PersonId, PersonKind, Roles, SessionId};
use webim_router::{Caller, Router};
use webim_store::{DirectorySnapshot, Store};
use webim_wire::client::{SendBody, SendKind, Target};
use webim_wire::rest::Post;

use crate::exit::{Exit, Failure};

/// Whom a line is for.
enum To {
    Person(&'static str),
    Unit(&'static str),
}

/// Who says what to whom, in this order.
const LINES: [(&str, To, &str); 16] = [
    (
        "zhangwei",
        To::Unit("hq"),
        "各位早上好，欢迎使用公司的新聊天系统！",
    ),
    ("huangting", To::Unit("hq"), "收到，界面很清爽 face[赞]"),
    (
        "wujun",
        To::Unit("hq"),
        "海外同事也都在通讯录里了，按部门就能找到。",
    ),
    (
        "lina",
        To::Unit("rd"),
        "本周四下午三点评审平台组的方案，大家提前看一下文档。",
    ),
    ("huming", To::Unit("rd"), "好的，移动端这边会参加。"),
    (
        "gaoshan",
        To::Unit("rd"),
        "测试组也参加，我们带上最近一轮的报告。",
    ),
    (
        "zhangwei",
        To::Person("lina"),
        "李娜，方案评审的会议室订好了吗？",
    ),
    ("lina", To::Person("zhangwei"), "订好了，三楼 302。"),
    ("zhangwei", To::Person("lina"), "太好了，辛苦！"),
    (
        "emma",
        To::Unit("sales-overseas"),
        "Good morning team! The spring catalogue is ready.",
    ),
    (
        "james",
        To::Unit("sales-overseas"),
        "Great, I will send it to our partners today.",
    ),
    (
        "emma",
        To::Person("zhangwei"),
        "Hi Zhang Wei, can we get the API document in English?",
    ),
    (
        "wangfang",
        To::Unit("service-hotline"),
        "今天热线量比较大，请大家注意轮休。",
    ),
    (
        "chenjing",
        To::Unit("service-hotline"),
        "好的，我十二点半以后可以替换刘洋。",
    ),
    ("liuyang", To::Unit("service-hotline"), "谢谢陈静！"),
    (
        "wangfang",
        To::Person("zhangwei"),
        "张伟，客服那边反馈登录页的提示可以再清楚一些。",
    ),
];

/// Posts the sample messages. Each has a fixed name, so that a second time stores nothing.
pub async fn seed(router: &Router, store: &Store) -> Result<(), Failure> {
    let directory = store.directory_snapshot().await?;
    let people: HashMap<&str, PersonId> = directory
        .people
        .iter()
        .map(|person| (person.login.as_str(), person.id))
        .collect();
    for ((from, to, text), number) in LINES.iter().zip(1_u128..) {
        let (Some(from), Some(to)) = (people.get(from), target(to, &people, &directory)) else {
            continue;
        };
        let caller = Caller {
            person: *from,
            kind: PersonKind::Member,
            session: SessionId(Uuid::nil()),
            roles: Roles::default(),
        };
        let post = Post {
            to,
            kind: SendKind::default(),
            body: SendBody::text(*text),
            reply: None,
            mention: None,
            lease: None,
        };
        let name = ClientId(Uuid::from_u128(
            0x77e6_1d00_0000_4000_8000_0000_0000_0000 + number,
        ));
        let posted = router.post(&caller, name, post).await;
        posted.map_err(|nay| {
            let message = format!("a sample message was refused: {}", nay.refusal.english());
            Failure::new(Exit::Failed, message)
        })?;
    }
    Ok(())
}

fn target(
    to: &To,
    people: &HashMap<&str, PersonId>,
    directory: &DirectorySnapshot,
) -> Option<Target> {
    match to {
        To::Person(login) => people.get(login).map(|id| Target::Person(id.0)),
        To::Unit(code) => {
            let unit = directory.units.iter().find(|unit| unit.code == *code)?;
            Some(Target::Unit(unit.id.0))
        }
    }
}
