//! Guarantee 9 for customer service: who may do what to one customer's conversation. The expectations are the table in
//! `desk.txt`; each cell of what changes a
//! conversation is tried on one of its own.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use webim_support::{Rest, TestCustomer, TestPerson, TestServer, TestSocket, id};

use super::judge::judged;
use crate::service::{at_desk, shop};

const TABLE: &str = include_str!("desk.txt");
const ROLES: [&str; 8] = [
    "anonymous",
    "customer",
    "other",
    "member",
    "agent",
    "holder",
    "supervisor",
    "admin",
];

/// What changes the conversation: each cell is tried on another one.
const MOVING: [&str; 5] = [
    "service.close",
    "service.take",
    "service.transfer",
    "service.join",
    "DELETE /api/v1/canned/{id}",
];

/// An operation and what it answers to each role.
struct Row {
    operation: &'static str,
    cells: Vec<&'static str>,
}

fn table() -> Vec<Row> {
    let lines = TABLE.lines();
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = lines.map(|line| {
        let mut columns = line.split("  ").map(str::trim);
        let mut columns = columns.by_ref().filter(|cell| !cell.is_empty());
        Row {
            operation: columns.next().unwrap_or_default(),
            cells: columns.collect(),
        }
    });
    rows.collect()
}

/// What `desk.txt` has rows for.
pub(super) fn operations() -> BTreeSet<String> {
    table().iter().map(|row| row.operation.to_owned()).collect()
}

/// Everybody who tries.
struct Fixture {
    server: TestServer,
    agents: Vec<(TestPerson, TestSocket)>,
    member: TestPerson,
    admin: TestPerson,
    other: TestCustomer,
    team: Uuid,
}

/// One customer who is served by the holder.
struct Scene {
    customer: TestCustomer,
    conversation: Uuid,
    lease: u64,
    assignment: String,
    canned: Uuid,
}

impl Fixture {
    async fn new() -> Result<Self> {
        let server = shop(json!({})).await?;
        let mut agents = Vec::new();
        for login in ["amy", "bo", "sue"] {
            agents.push(at_desk(&server, login).await?);
        }
        let admin = server.sign_in("zhaomin").await?;
        for (agent, _) in &agents {
            let path = format!("/api/v1/agents/{}", agent.id);
            admin.put(&path, &json!({"capacity": 1000})).await?.done()?;
        }
        let team: Value = admin
            .post("/api/v1/teams", &json!({"name": "所有"}))
            .await?
            .ok()?;
        Ok(Self {
            member: server.sign_in("lina").await?,
            other: server.customer("shop", "别人").await?,
            team: team["id"].as_str().context("an id")?.parse()?,
            server,
            agents,
            admin,
        })
    }

    /// Served by the first of the agents, who took the customer where somebody else had them.
    async fn scene(&mut self) -> Result<Scene> {
        let customer = self.server.customer("shop", "客户").await?;
        let mut socket = customer.connect().await?;
        let open = json!({"channel": "shop", "agent": self.agents[0].0.id});
        let conversation = socket.moves("open", open).await?.conversation;
        let conversation = conversation.context("a conversation")?;
        let amy = self.agents[0].0.id;
        let lease = socket.held_by(conversation, amy).await?.lease;
        let path = format!("/api/v1/service/conversations/{conversation}");
        let detail: Value = self.agents[0].0.read(&path).await?;
        let assignment = detail["assignments"][0]["id"]
            .as_str()
            .context("an id")?
            .to_owned();
        let mine = json!({"shortcut": "hi", "text": "您好"});
        let canned: Value = self.agents[0].0.post("/api/v1/canned", &mine).await?.ok()?;
        Ok(Scene {
            customer,
            conversation,
            lease,
            assignment,
            canned: canned["id"].as_str().context("an id")?.parse()?,
        })
    }

    async fn outcome(&mut self, row: &Row, role: usize, scene: &Scene) -> Result<String> {
        if let Some((method, path)) = row.operation.split_once(' ') {
            let rest = self.rest(role, scene)?;
            let request = self.request(&rest, method.parse()?, path, scene)?;
            return judged(path, rest.ask(request).await?);
        }
        let frame = frame(row.operation, scene, self.agents[1].0.id)?;
        let mut own;
        let socket = match role {
            0 => return Ok("not_authenticated".to_owned()),
            1 => {
                own = scene.customer.connect().await?;
                &mut own
            }
            2 => {
                own = self.other.connect().await?;
                &mut own
            }
            3 => {
                own = self.member.connect().await?;
                &mut own
            }
            4 => &mut self.agents[1].1,
            5 => &mut self.agents[0].1,
            6 => &mut self.agents[2].1,
            _ => {
                own = self.admin.connect().await?;
                &mut own
            }
        };
        let op = row
            .operation
            .strip_prefix("service.")
            .context("an op of customer service")?;
        let answer = socket.tries(op, frame).await?;
        Ok(answer.map_or_else(|nack| nack.code, |_| "ok".to_owned()))
    }

    fn rest(&self, role: usize, scene: &Scene) -> Result<Rest> {
        let token = match role {
            0 => return self.server.stranger(),
            1 => &scene.customer.token,
            2 => &self.other.token,
            3 => &self.member.token,
            4 => &self.agents[1].0.token,
            5 => &self.agents[0].0.token,
            6 => &self.agents[2].0.token,
            _ => &self.admin.token,
        };
        self.server.holder_of(token)
    }

    fn request(
        &self,
        rest: &Rest,
        method: Method,
        path: &str,
        scene: &Scene,
    ) -> Result<reqwest::RequestBuilder> {
        let amy = self.agents[0].0.id;
        let filled = path
            .replace(
                "conversations/{id}",
                &format!("conversations/{}", scene.conversation),
            )
            .replace(
                "assignments/{id}",
                &format!("assignments/{}", scene.assignment),
            )
            .replace(
                "customers/{id}",
                &format!("customers/{}", scene.customer.id),
            )
            .replace("canned/{id}", &format!("canned/{}", scene.canned))
            .replace("teams/{id}", &format!("teams/{}", self.team))
            .replace("agents/{id}", &format!("agents/{amy}"))
            // What is closed in one cell is wanted in the next.
            .replace(
                "{key}",
                if method == Method::DELETE {
                    "nowhere"
                } else {
                    "shop"
                },
            )
            .replace("{code}", "orders");
        ensure!(!filled.contains('{'), "no object is known for {path}");
        let filled = if (method.as_str(), path) == ("DELETE", "/api/v1/teams/{id}") {
            format!("/api/v1/teams/{}", id())
        } else {
            filled
        };
        let request = rest.request(method.clone(), &filled);
        Ok(match (method.as_str(), path) {
            ("GET" | "DELETE", _) => request,
            (_, "/api/v1/channels/{key}") => request.json(&json!({"name": "Shop"})),
            (_, "/api/v1/channels/{key}/topics/{code}") => request.json(&json!({"name": "订单"})),
            (_, "/api/v1/channels/{key}/visitors") => request.json(&json!({})),
            ("POST", "/api/v1/teams") => request.json(&json!({"name": id().to_string()})),
            (_, "/api/v1/teams/{id}") => request.json(&json!({"name": "所有"})),
            (_, "/api/v1/agents/{id}") => request.json(&json!({"capacity": 1000})),
            (_, "/api/v1/customers/{id}") => request.json(&json!({"tags": ["vip"]})),
            (_, path) if path.starts_with("/api/v1/canned") => {
                request.json(&json!({"shortcut": "hi", "text": "您好"}))
            }
            _ => bail!("it is not known how to ask {method} {path}"),
        })
    }
}

/// A move on this scene.
fn frame(operation: &str, scene: &Scene, another: Uuid) -> Result<Value> {
    let conversation = scene.conversation;
    Ok(match operation {
        "service.open" => json!({"channel": "shop"}),
        "service.answer" => json!({"offer": id(), "accept": true}),
        "service.transfer" => {
            json!({"conversation": conversation, "lease": scene.lease, "to": {"agent": another}})
        }
        "service.state" => json!({"state": "ready"}),
        "service.note" | "service.whisper" | "service.draft" => {
            json!({"conversation": conversation, "text": "x"})
        }
        "service.join" => json!({"conversation": conversation, "on": true}),
        "service.watch" => json!({"conversations": [conversation]}),
        "service.close"
        | "service.leave_queue"
        | "service.keep_place"
        | "service.person"
        | "service.take"
        | "service.cancel" => json!({"conversation": conversation}),
        other => bail!("it is not known how to say {other}"),
    })
}

#[tokio::test]
async fn who_may_do_what_to_a_customer() -> Result<()> {
    let mut fixture = Fixture::new().await?;
    let mut wrong = Vec::new();
    for row in table() {
        let mut line = row.operation.to_owned();
        let mut differs = row.cells.len() != ROLES.len();
        let mut scene = fixture.scene().await?;
        for (role, name) in ROLES.iter().enumerate() {
            if role > 0 && MOVING.contains(&row.operation) {
                scene = fixture.scene().await?;
            }
            let outcome = fixture.outcome(&row, role, &scene).await;
            let outcome = outcome.with_context(|| format!("{} as {name}", row.operation))?;
            differs |= row.cells.get(role) != Some(&&*outcome);
            line = format!("{line}  {outcome}");
        }
        if differs {
            wrong.push(line);
        }
    }
    assert!(
        wrong.is_empty(),
        "these lines are now:\n{}",
        wrong.join("\n")
    );
    Ok(())
}
