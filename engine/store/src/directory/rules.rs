//! How the conversations of units follow the directory: what who joins sees of them, and whether they hold the units
//! below, too. Kept in the database, so that an import beside the server goes by the same rules.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use webim_model::{PersonId, UnitId};

use super::apply::{each_of, lock_version, raise_version};
use super::memberships::{Head, join_conversations, leave_conversation};
use crate::link::Link;
use crate::sql::{Row, text};
use crate::{Backend, Store, StoreError};

/// The setting that holds the rules.
const RULES: &str = "directory_rules";

/// How the conversations of units follow the directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectoryRules {
    /// Who joins reads all that was said before; else only what is said from then on.
    pub history: bool,
    /// A unit's conversation holds everybody of the units below it, too; else only who is directly in it.
    pub subtree: bool,
}

impl DirectoryRules {
    fn word(self) -> String {
        format!("history={} subtree={}", self.history, self.subtree)
    }

    fn parse(word: &str) -> Self {
        Self {
            history: word.contains("history=true"),
            subtree: word.contains("subtree=true"),
        }
    }

    /// The rules in force, in a transaction that holds the directory's version.
    pub(super) async fn of(link: &mut Link<'_>) -> Result<Self, StoreError> {
        let sql = "SELECT value FROM settings WHERE name = ?";
        let rows = link.query(sql, vec![text(RULES)]).await?;
        let word = rows.first().map(|row| Row(row).text(0)).transpose()?;
        Ok(word.map_or_else(Self::default, |word| Self::parse(&word)))
    }
}

impl Store {
    /// From now on the directory goes by these rules. If what units hold is another, all conversations of units are put
    /// right in the same step, and the directory's version grows. False if they were in force already.
    pub async fn set_directory_rules(&self, rules: DirectoryRules) -> Result<bool, StoreError> {
        let mut link = self.write().await?;
        link.begin().await?;
        let version = lock_version(&mut link).await?;
        let before = DirectoryRules::of(&mut link).await?;
        if before == rules {
            link.rollback().await;
            return Ok(false);
        }
        let on_conflict = match self.backend() {
            Backend::Sqlite | Backend::Postgres => {
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            }
            Backend::MariaDb => "ON DUPLICATE KEY UPDATE value = VALUES(value)",
        };
        let sql = format!("INSERT INTO settings (name, value) VALUES (?, ?) {on_conflict}");
        link.execute(&sql, vec![text(RULES), text(rules.word())])
            .await?;
        if before.subtree != rules.subtree {
            align(&mut link, rules).await?;
            raise_version(&mut link, version).await?;
        }
        link.commit().await?;
        Ok(true)
    }
}

/// Puts the members of all units' conversations right.
pub(super) async fn align(link: &mut Link<'_>, rules: DirectoryRules) -> Result<(), StoreError> {
    let sql = format!(
        "SELECT unit_id, id, last_seq, last_counted FROM conversations WHERE unit_id IS NOT NULL ORDER BY id{}",
        link.backend().for_update()
    );
    let mut heads: BTreeMap<UnitId, Head> = BTreeMap::new();
    for row in link.query(&sql, Vec::new()).await? {
        let row = Row(&row);
        heads.insert(row.id(0)?, Head::read(&row)?);
    }
    let wanted = wanted(link, rules).await?;
    let sql = "SELECT c.unit_id, m.person_id FROM members m JOIN conversations c ON c.id = m.conversation_id \
               WHERE c.unit_id IS NOT NULL";
    let present = pairs(link, sql).await?;
    let mut touched = BTreeSet::new();
    let mut gone: BTreeMap<UnitId, Vec<PersonId>> = BTreeMap::new();
    for (unit, person) in present.difference(&wanted) {
        gone.entry(*unit).or_default().push(*person);
    }
    for (unit, people) in &gone {
        if let Some(head) = heads.get(unit) {
            leave_conversation(link, head, people).await?;
            touched.insert(head.conversation.0);
        }
    }
    let mut joiners = Vec::new();
    for (unit, person) in wanted.difference(&present) {
        if let Some(head) = heads.get(unit) {
            joiners.push((head, *person));
            touched.insert(head.conversation.0);
        }
    }
    join_conversations(link, rules, &joiners).await?;
    let sql = "UPDATE conversations SET member_version = member_version + 1 WHERE id IN";
    each_of(link, sql, touched.into_iter()).await
}

/// Who shall be in the conversation of which unit.
async fn wanted(
    link: &mut Link<'_>,
    rules: DirectoryRules,
) -> Result<BTreeSet<(UnitId, PersonId)>, StoreError> {
    let sql = "SELECT id, parent_id FROM units WHERE active = TRUE";
    let mut above: HashMap<UnitId, Option<UnitId>> = HashMap::new();
    for row in link.query(sql, Vec::new()).await? {
        let row = Row(&row);
        above.insert(row.id(0)?, row.id_or_null(1)?);
    }
    let direct = pairs(link, "SELECT unit_id, person_id FROM unit_members").await?;
    let mut wanted = BTreeSet::new();
    for (unit, person) in direct {
        let mut next = Some(unit);
        // Whoever is in it already is in all above it: a circle would end here, too.
        while let Some(unit) = next.filter(|unit| above.contains_key(unit))
            && wanted.insert((unit, person))
            && rules.subtree
        {
            next = above.get(&unit).copied().flatten();
        }
    }
    Ok(wanted)
}

async fn pairs(link: &mut Link<'_>, sql: &str) -> Result<BTreeSet<(UnitId, PersonId)>, StoreError> {
    let rows = link.query(sql, Vec::new()).await?;
    rows.iter()
        .map(|row| Ok((Row(row).id(0)?, Row(row).id(1)?)))
        .collect()
}
