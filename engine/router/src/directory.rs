//! The directory in memory: whole, under one version, replaced when the version moves. Five thousand people take two
//! megabytes and are asked for at every sign-in.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;
use webim_model::{ConversationId, Person, PersonId, UnitId};
use webim_store::{Store, StoreError, UnitRow};
use webim_wire::rest::{PersonItem, Unit};

/// People read in one query.
const CHUNK: u64 = 1_000;

/// A unit and who is directly in it.
pub(crate) struct Department {
    pub row: UnitRow,
    /// 0 at the top.
    pub level: u32,
    /// In the order of their ids.
    pub people: Vec<PersonId>,
}

/// Units and active members at one version.
pub(crate) struct Directory {
    pub version: u64,
    /// Parents before children, siblings in their order.
    pub units: Vec<Department>,
    /// In the order of their ids.
    pub people: Vec<(Person, Vec<UnitId>)>,
    at: HashMap<PersonId, usize>,
    unit_at: HashMap<UnitId, usize>,
}

impl Directory {
    pub fn person(&self, id: PersonId) -> Option<&(Person, Vec<UnitId>)> {
        self.at.get(&id).map(|at| &self.people[*at])
    }

    pub fn unit(&self, id: UnitId) -> Option<&Department> {
        self.unit_at.get(&id).map(|at| &self.units[*at])
    }

    /// The units whose conversations `person` is in: their own and, where conversations hold the units below, all above.
    pub fn conversations_of(&self, person: PersonId, subtree: bool) -> HashSet<UnitId> {
        let mut units = HashSet::new();
        let own = self.person(person).map(|(_, own)| own.as_slice());
        for unit in own.unwrap_or_default() {
            let mut next = Some(*unit);
            while let Some(department) = next.and_then(|id| self.unit(id))
                && units.insert(department.row.id)
                && subtree
            {
                next = department.row.parent;
            }
        }
        units
    }

    /// Who is in the conversation of `unit`, in the order of their ids.
    pub fn held_by(&self, unit: UnitId, subtree: bool) -> Vec<PersonId> {
        let Some(department) = self.unit(unit) else {
            return Vec::new();
        };
        if !subtree {
            return department.people.clone();
        }
        let mut below = HashSet::from([unit]);
        let mut people = department.people.clone();
        // Parents stand before children.
        for department in &self.units {
            if department
                .row
                .parent
                .is_some_and(|parent| below.contains(&parent))
                && below.insert(department.row.id)
            {
                people.extend(&department.people);
            }
        }
        people.sort_unstable();
        people.dedup();
        people
    }

    async fn load(store: &Store) -> Result<Self, StoreError> {
        // The version first: what changes while this is read makes it look old, and it is read again.
        let version = store.directory_version().await?;
        let rows = store.units().await?;
        let mut people: Vec<(Person, Vec<UnitId>)> = Vec::new();
        loop {
            let after = people.last().map(|(person, _)| person.id);
            let page = store.people_page(after, None, CHUNK).await?;
            let last = (page.len() as u64) < CHUNK;
            people.extend(page);
            if last {
                break;
            }
        }
        Ok(Self::build(version, rows, people))
    }

    fn build(version: u64, rows: Vec<UnitRow>, people: Vec<(Person, Vec<UnitId>)>) -> Self {
        let mut units: Vec<Department> = Vec::with_capacity(rows.len());
        let mut unit_at = HashMap::with_capacity(rows.len());
        for row in rows {
            let parent = row.parent.and_then(|parent| unit_at.get(&parent));
            let level = parent.map_or(0, |at: &usize| units[*at].level + 1);
            unit_at.insert(row.id, units.len());
            units.push(Department {
                row,
                level,
                people: Vec::new(),
            });
        }
        let mut at = HashMap::with_capacity(people.len());
        for (index, (person, of)) in people.iter().enumerate() {
            at.insert(person.id, index);
            for unit in of {
                if let Some(unit) = unit_at.get(unit) {
                    units[*unit].people.push(person.id);
                }
            }
        }
        Self {
            version,
            units,
            people,
            at,
            unit_at,
        }
    }
}

impl Department {
    /// As the API shows it; the conversation only to those in it.
    pub fn wire(&self, conversation: Option<ConversationId>) -> Unit {
        Unit {
            id: self.row.id.0,
            parent: self.row.parent.map(|parent| parent.0),
            name: self.row.name.clone(),
            people: self.row.people,
            conversation: conversation.map(|id| id.0),
        }
    }
}

/// A person as the API shows them.
pub(crate) fn item((person, units): &(Person, Vec<UnitId>)) -> PersonItem {
    PersonItem {
        card: person.into(),
        units: units.iter().map(|unit| unit.0).collect(),
    }
}

/// The directory that is in memory now.
pub(crate) struct Directories {
    store: Store,
    now: ArcSwapOption<Directory>,
    /// One reads it anew, the others wait for what that one finds.
    loading: Mutex<()>,
}

impl Directories {
    pub fn new(store: Store) -> Self {
        Self {
            store,
            now: ArcSwapOption::empty(),
            loading: Mutex::default(),
        }
    }

    /// The directory; read if nobody has yet.
    pub async fn get(&self) -> Result<Arc<Directory>, StoreError> {
        if let Some(directory) = self.now.load_full() {
            return Ok(directory);
        }
        let _loading = self.loading.lock().await;
        if let Some(directory) = self.now.load_full() {
            return Ok(directory);
        }
        let directory = Arc::new(Directory::load(&self.store).await?);
        self.now.store(Some(directory.clone()));
        Ok(directory)
    }

    /// Reads it anew if its version has moved; says the new version then.
    pub async fn renew(&self) -> Result<Option<u64>, StoreError> {
        let version = self.store.directory_version().await?;
        let Some(known) = self.now.load_full() else {
            return Ok(None);
        };
        if known.version == version {
            return Ok(None);
        }
        let _loading = self.loading.lock().await;
        let directory = Arc::new(Directory::load(&self.store).await?);
        let version = directory.version;
        self.now.store(Some(directory));
        Ok(Some(version))
    }
}
