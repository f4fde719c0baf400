//! Who there is: people, the units they are in, and a session for each, so that nobody has to sign in. A thousand
//! sign-ins would measure argon2.

use anyhow::{Context, Result};
use futures_util::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use webim_model::{ConversationId, PersonId, Roles, SessionId, Sources, UnitId};
use webim_store::{DirectoryPlan, NewPerson, PersonRecord, SessionRow, Store, UnitRecord};

/// Sessions written at the same time, where the database takes several.
const AT_ONCE: usize = 8;

/// How long the sessions last, in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// Somebody with a session.
#[derive(Clone, Debug)]
pub struct Someone {
    /// Who.
    pub id: PersonId,
    /// What they show at the door.
    pub token: String,
}

/// Who there is.
pub struct World {
    /// Everybody.
    pub people: Vec<Someone>,
    /// The conversation of each unit, in the order they were asked for.
    pub units: Vec<ConversationId>,
}

impl World {
    /// Makes `people` people and, for each entry of `units`, a unit of the people with those numbers.
    pub async fn new(store: &Store, people: usize, units: &[Vec<usize>]) -> Result<Self> {
        let sources = Sources::system();
        let people: Vec<Someone> = (0..people).map(|_| someone(&sources)).collect();
        let ids: Vec<UnitId> = units.iter().map(|_| UnitId(sources.uuid())).collect();
        let memberships = units
            .iter()
            .zip(&ids)
            .flat_map(|(members, unit)| members.iter().map(|n| (*unit, people[*n].id)));
        let plan = DirectoryPlan {
            version: store.directory_version().await?,
            units_insert: ids.iter().enumerate().map(|(n, id)| unit(n, *id)).collect(),
            people_insert: people
                .iter()
                .enumerate()
                .map(|(n, one)| person(n, one))
                .collect(),
            memberships_add: memberships.collect(),
            ..DirectoryPlan::default()
        };
        store
            .apply_directory(&plan)
            .await
            .context("the directory")?;
        sessions(store, &people, &sources).await?;
        let mut conversations = Vec::new();
        for id in ids {
            let conversation = store.unit_conversation(id).await?;
            conversations.push(conversation.context("a unit has a conversation")?);
        }
        Ok(Self {
            people,
            units: conversations,
        })
    }
}

fn someone(sources: &Sources) -> Someone {
    // The form of the server's own tokens: 43 characters behind the prefix.
    let secret = [sources.uuid(), sources.uuid()]
        .map(|id| id.simple().to_string())
        .concat();
    Someone {
        id: PersonId(sources.uuid()),
        token: format!("wim_{}", &secret[..43]),
    }
}

fn unit(n: usize, id: UnitId) -> UnitRecord {
    UnitRecord {
        id,
        code: format!("unit-{n}"),
        parent: None,
        name: format!("部门 {n}"),
        position: 0,
        active: true,
    }
}

fn person(n: usize, someone: &Someone) -> NewPerson {
    NewPerson {
        record: PersonRecord {
            id: someone.id,
            login: format!("person-{n}"),
            name: format!("员工 {n}"),
            avatar: String::new(),
            roles: Roles::default(),
            active: true,
        },
        password_hash: None,
    }
}

async fn sessions(store: &Store, people: &[Someone], sources: &Sources) -> Result<()> {
    let now = sources.now();
    let insert = |someone: &Someone| {
        let session = SessionRow {
            id: SessionId(sources.uuid()),
            person: someone.id,
            token_hash: Sha256::digest(someone.token.as_bytes()).into(),
            created: now,
            expires: now.plus(DAY),
            seen: now,
            device: "load".into(),
        };
        let store = store.clone();
        async move { store.insert_session(&session).await }
    };
    stream::iter(people.iter().map(insert))
        .buffer_unordered(AT_ONCE)
        .try_collect::<()>()
        .await
        .context("sessions")
}
