//! Search over many messages: what does it cost the server to take them in, and what does a question cost?

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use tokio::time::interval;
use webim_model::ConversationId;
use webim_store::Store;
use webim_wire::search::SearchResults;

use crate::cli::{Common, Search};
use crate::filler::{Filler, Into};
use crate::place::Place;
use crate::report::{Report, real};
use crate::server::Server;
use crate::tally::histogram;
use crate::world::World;

/// How long taking in may take for each million of messages.
const PATIENCE: Duration = Duration::from_mins(20);

/// Words as people use them: the first ones in every tenth message, the last ones in few.
const WORDS: &str = "会议 报告 项目 客户 今天 明天 时间 问题 请看 收到 附件 数据 系统 合同 预算 季度 财务 研发 上线 测试 服务器 \
    report meeting project budget deadline customer contract invoice server release testing schedule delivery warehouse \
    下午 三点 会议室 同事 领导 部门 采购 付款 发票 出差 请假 培训 招聘 考核 方案 设计 图纸 质量 生产 仓库 物流 售后 投诉 \
    微服务 数据库 接口 文档 需求 评审 版本 发布 故障 恢复 备份 权限 密码 登录 二楼 食堂 班车 停车 打印机 空调 钥匙 快递 \
    architecture migration performance security incident rollback pipeline kubernetes compliance onboarding";

/// Numbers without a pattern that are the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % bound.max(1)
    }

    /// Small numbers often, large ones seldom.
    fn seldom(&mut self, bound: usize) -> usize {
        let first = self.below(bound);
        let second = self.below(first + 1);
        self.below(second + 1)
    }

    fn text(&mut self, words: &[&str], number: u64) -> String {
        let count = 4 + self.below(12);
        let mut text: Vec<&str> = Vec::with_capacity(count);
        for _ in 0..count {
            text.push(words[self.seldom(words.len())]);
        }
        format!(
            "{} {number}",
            text.join(if number.is_multiple_of(3) { " " } else { "，" })
        )
    }
}

/// Runs it.
pub async fn run(common: &Common, asked: &Search) -> Result<Report> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let mut report = Report::new(format!(
        "search: {} messages of {} people, {:?}",
        asked.messages, asked.people, common.database
    ));
    let place = Place::new(common, "search").await?;
    let store = place.open().await?;
    let units: Vec<Vec<usize>> = (0..asked.people)
        .collect::<Vec<_>>()
        .chunks(50)
        .map(<[usize]>::to_vec)
        .collect();
    let world = World::new(&store, asked.people, &units).await?;
    let began = Instant::now();
    fill(&store, &world, asked, &words).await?;
    report.figure("filled in", began.elapsed().as_secs_f64(), "s");
    store.close().await;
    let server = Server::start(&common.server, &place).await?;
    let began = Instant::now();
    taken_in(&server, asked.messages).await?;
    report.each(
        "taking in, server CPU",
        server.process.cpu()?,
        asked.messages,
    );
    report.figure("taken in", began.elapsed().as_secs_f64(), "s");
    let questions = Questions {
        client: Client::new(),
        address: format!("http://{}/api/v1/search", server.address),
        database: place.url.rsplit('/').next().unwrap_or_default().to_owned(),
        asked,
    };
    for kind in [
        "common",
        "two",
        "rare",
        "beginning",
        "character",
        "phrase",
        "mixed",
    ] {
        questions
            .measure(kind, &server, &world, &mut report)
            .await?;
    }
    server.stop().await?;
    place.remove().await?;
    Ok(report)
}

/// Three of ten messages in units, the others between two people who write each other often.
async fn fill(store: &Store, world: &World, asked: &Search, words: &[&str]) -> Result<()> {
    let mut dice = Dice(88_172_645_463_325_252);
    let mut direct: Vec<(ConversationId, usize, u64)> = Vec::new();
    for person in 0..asked.people {
        for step in 1..=asked.pairs {
            let other = (person + step * 7) % asked.people;
            let ids = (world.people[person].id, world.people[other].id);
            let at = store.direct(ids.0, ids.1).await?;
            direct.push((at, person, 1));
        }
    }
    if let Some((at, _, version)) = direct.first_mut() {
        *version = store.members(*at).await?.0;
    }
    let version = direct.first().map_or(1, |one| one.2);
    let mut unit_versions = Vec::with_capacity(world.units.len());
    for unit in &world.units {
        unit_versions.push(store.members(*unit).await?.0);
    }
    let mut filler = Filler::new(store);
    for number in 0..asked.messages {
        let text = dice.text(words, number);
        let into = if dice.below(10) < 3 {
            let unit = dice.below(world.units.len());
            Into {
                conversation: world.units[unit],
                sender: world.people[unit * 50].id,
                member_version: unit_versions[unit],
            }
        } else {
            let (conversation, person, _) = direct[dice.seldom(direct.len())];
            Into {
                conversation,
                sender: world.people[person].id,
                member_version: version,
            }
        };
        filler.say(into, &text).await?;
    }
    filler.end().await
}

/// Waits until the index has all messages.
async fn taken_in(server: &Server, messages: u64) -> Result<()> {
    let mut pause = interval(Duration::from_millis(200));
    let until = Instant::now() + PATIENCE * u32::try_from(messages / 1_000_000 + 1)?;
    let address = format!("http://{}/metrics", server.metrics);
    loop {
        pause.tick().await;
        let text = reqwest::get(&address)
            .await?
            .error_for_status()?
            .text()
            .await?;
        let lines = text.lines();
        let mut counts = lines.filter_map(|line| line.strip_prefix("webim_search_indexed_total "));
        let taken = counts.next().and_then(|count| count.parse::<u64>().ok());
        if taken.unwrap_or(0) >= messages {
            return Ok(());
        }
        ensure!(
            Instant::now() < until,
            "only {taken:?} messages were taken in"
        );
    }
}

struct Questions<'a> {
    client: Client,
    address: String,
    /// Its name; the processes that serve it carry it.
    database: String,
    asked: &'a Search,
}

impl Questions<'_> {
    fn question(&self, kind: &str, dice: &mut Dice) -> String {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        let common = |dice: &mut Dice| words[dice.below(12)];
        match kind {
            "common" => common(dice).to_owned(),
            "two" => format!("{} {}", common(dice), words[dice.below(words.len())]),
            "rare" => dice
                .below(usize::try_from(self.asked.messages).unwrap_or(1))
                .to_string(),
            "beginning" => ["re", "de", "con", "perf", "in"][dice.below(5)].to_owned(),
            "character" => ["会", "报", "数", "室", "三"][dice.below(5)].to_owned(),
            "phrase" => format!("\"{}\"", words[dice.below(words.len())]),
            _ => {
                let kinds = ["common", "two", "rare", "beginning", "character", "phrase"];
                let kind = kinds[dice.below(kinds.len())];
                self.question(kind, dice)
            }
        }
    }

    async fn measure(
        &self,
        kind: &str,
        server: &Server,
        world: &World,
        report: &mut Report,
    ) -> Result<()> {
        let mut dice = Dice(2_463_534_242);
        let (mut cpu, mut whole) = (histogram(), histogram());
        let mut hits = 0;
        for number in 0..self.asked.questions + 20 {
            let token = &world.people[dice.below(world.people.len())].token;
            let question = self.question(kind, &mut dice);
            let began = Instant::now();
            let before = server.process.nanos(&self.database)?;
            let found = self.ask(token, &question).await?;
            let used = server.process.nanos(&self.database)?.saturating_sub(before);
            // The first ones warm up.
            if number >= 20 {
                hits += found.messages.len() as u64;
                cpu.saturating_record(used / 1_000);
                whole.saturating_record(u64::try_from(began.elapsed().as_micros())?);
            }
        }
        report.latency(&format!("{kind}: CPU"), &cpu);
        report.figure(
            &format!("{kind}: at the client p90"),
            real(whole.value_at_quantile(0.9)) / 1_000.0,
            "ms",
        );
        report.figure(
            &format!("{kind}: messages"),
            real(hits) / real(self.asked.questions.max(1)),
            "",
        );
        Ok(())
    }

    async fn ask(&self, token: &str, question: &str) -> Result<SearchResults> {
        let mut encoded = String::new();
        for byte in question.bytes() {
            write!(encoded, "%{byte:02X}")?;
        }
        let address = format!("{}?limit=20&in=messages&q={encoded}", self.address);
        let answer = self.client.get(address).bearer_auth(token).send().await?;
        let bytes = answer.error_for_status()?.bytes().await?;
        serde_json::from_slice(&bytes).context("results")
    }
}
