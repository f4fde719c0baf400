//! Store and router in the test's own process, where hooks, the clock and chance are in its hands.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use uuid::Uuid;
use webim_hooks::{MessageHook, Settings};
use webim_hub::QueueLimits;
use webim_model::{Limits, PersonId, PersonKind, Role, Roles, SessionId, Sources, UnitId};
use webim_router::{Caller, FileRules, Files, Parts, Router, RouterConfig, Running, Window};
use webim_store::{CommitterConfig, DirectoryPlan, NewPerson, PersonRecord, Store, UnitRecord};
use webim_wire::client::Hello;
use webim_wire::server::Message;

use crate::{Office, TestClock, TestDatabase, TestDesk, clock, soon};

/// What a router is started with.
pub struct Setup {
    /// Chance.
    pub seed: u64,
    /// Who is there.
    pub office: Office,
    /// What an operator would set; limits on haste are far away, since the clock stands still.
    pub config: RouterConfig,
    /// How much may wait for one connection.
    pub queues: QueueLimits,
    /// Hooks in service.
    pub hooks: Vec<(Settings, Arc<dyn MessageHook>)>,
    /// Where files are kept; without it nobody uploads.
    pub files: Option<PathBuf>,
    /// Where files are kept, if not in a folder.
    pub media: Option<webim_media::Store>,
}

impl Default for Setup {
    fn default() -> Self {
        let limits = Limits {
            commands_per_second: 1_000_000,
            command_burst: 1_000_000,
            ..Limits::default()
        };
        Self {
            seed: 1,
            office: Office::default(),
            config: RouterConfig {
                limits,
                ..RouterConfig::default()
            },
            queues: QueueLimits::default(),
            hooks: Vec::new(),
            files: None,
            media: None,
        }
    }
}

impl Setup {
    /// With a hook.
    #[must_use]
    pub fn hook(mut self, settings: Settings, hook: Arc<dyn MessageHook>) -> Self {
        self.hooks.push((settings, hook));
        self
    }

    /// Starts it on a database of its own.
    pub async fn start(self) -> Result<TestRouter> {
        let (clock, sources) = clock::sources(self.seed);
        let database = TestDatabase::file()?;
        let store = database.open(sources.clone()).await?;
        let (units, people) = settle(&store, &sources, &self.office).await?;
        let parts = Parts {
            store: store.clone(),
            sources: sources.clone(),
            config: self.config,
            committer: CommitterConfig::default(),
            queues: self.queues,
            hooks: self.hooks,
            files: files(self.files.as_deref(), self.media)?,
        };
        let (router, running) = Router::start(parts).await?;
        Ok(TestRouter {
            router,
            store,
            clock,
            sources,
            running,
            units,
            people,
            _database: database,
        })
    }
}

/// A router of one test.
pub struct TestRouter {
    /// The router.
    pub router: Router,
    /// What it stores in.
    pub store: Store,
    /// Its clock.
    pub clock: Arc<TestClock>,
    /// Its clock and chance, as it takes them.
    pub sources: Sources,
    running: Running,
    units: HashMap<String, UnitId>,
    people: HashMap<String, PersonId>,
    _database: TestDatabase,
}

impl TestRouter {
    /// A person's id.
    pub fn person(&self, login: &str) -> Result<PersonId> {
        self.people
            .get(login)
            .copied()
            .with_context(|| format!("there is no {login}"))
    }

    /// A unit's id.
    pub fn unit(&self, code: &str) -> Result<UnitId> {
        self.units
            .get(code)
            .copied()
            .with_context(|| format!("there is no unit {code}"))
    }

    /// Somebody as the gateway would introduce them.
    pub fn caller(&self, login: &str) -> Result<Caller> {
        Ok(Caller {
            person: self.person(login)?,
            kind: PersonKind::Member,
            session: SessionId(self.sources.uuid()),
            roles: Roles::default(),
        })
    }

    /// A connection of somebody's.
    pub async fn connect(&self, login: &str) -> Result<TestDesk> {
        let hello = Hello {
            device: "test".into(),
            resume: None,
        };
        let welcomed = self.router.hello(&self.caller(login)?, hello).await;
        let (live, _) = welcomed.map_err(|bye| anyhow::anyhow!("{bye:?}"))?;
        Ok(TestDesk::new(self.router.clone(), live))
    }

    /// All messages of a conversation, as one of its members reads them; at most a page.
    pub async fn history(&self, login: &str, conversation: Uuid) -> Result<Vec<Message>> {
        let caller = self.caller(login)?;
        let page = self
            .router
            .history(&caller, conversation.into(), Window::After(0), 100);
        Ok(page.await.map_err(|nay| anyhow::anyhow!("{nay:?}"))?.items)
    }

    /// Takes somebody out of a unit, as an import does; the router is not told.
    pub async fn takes_out(&self, login: &str, code: &str) -> Result<()> {
        let plan = DirectoryPlan {
            version: self.store.directory_version().await?,
            memberships_remove: vec![(self.unit(code)?, self.person(login)?)],
            ..DirectoryPlan::default()
        };
        self.store.apply_directory(&plan).await?;
        Ok(())
    }

    /// Stops it in good order; connections must be gone.
    pub async fn stop(self) -> Result<()> {
        soon("the router's end", self.running.stop()).await?;
        self.store.close().await;
        Ok(())
    }
}

fn files(folder: Option<&Path>, media: Option<webim_media::Store>) -> Result<Option<Files>> {
    let media = match (media, folder) {
        (Some(media), _) => media,
        (None, Some(folder)) => {
            webim_media::Store::folder(folder, webim_media::StoreLimits::default())?
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(Files::new(media, FileRules::default())))
}

type Places = (HashMap<String, UnitId>, HashMap<String, PersonId>);

/// Makes the office in the database, without passwords.
async fn settle(store: &Store, sources: &Sources, office: &Office) -> Result<Places> {
    let ids = office
        .units
        .iter()
        .map(|(code, ..)| (code.clone(), UnitId(sources.uuid())));
    let units: HashMap<_, _> = ids.collect();
    let ids = office
        .people
        .iter()
        .map(|person| (person.login.clone(), PersonId(sources.uuid())));
    let people: HashMap<_, _> = ids.collect();
    let unit = |(code, name, parent): &(String, String, String)| UnitRecord {
        id: units[code],
        code: code.clone(),
        parent: units.get(parent).copied(),
        name: name.clone(),
        position: 0,
        active: true,
    };
    let memberships = office.people.iter().flat_map(|person| {
        let id = people[&person.login];
        person
            .units
            .iter()
            .map(|code| (units[code], id))
            .collect::<Vec<_>>()
    });
    let plan = DirectoryPlan {
        version: store.directory_version().await?,
        units_insert: office.units.iter().map(unit).collect(),
        people_insert: office
            .people
            .iter()
            .map(|person| new(people[&person.login], person))
            .collect(),
        memberships_add: memberships.collect(),
        ..DirectoryPlan::default()
    };
    store.apply_directory(&plan).await?;
    Ok((units, people))
}

fn new(id: PersonId, person: &crate::Colleague) -> NewPerson {
    NewPerson {
        record: PersonRecord {
            id,
            login: person.login.clone(),
            name: person.name.clone(),
            avatar: String::new(),
            roles: person
                .roles
                .iter()
                .filter_map(|word| Role::parse(word))
                .collect(),
            active: true,
        },
        password_hash: None,
    }
}
