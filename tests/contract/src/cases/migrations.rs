//! Migrations: from each earlier one with rows in every table, up, down and up again change no row.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;
use webim_migrations::{Migrator, MigratorTrait};

use crate::database::{Beside, Kind, TestDatabase};

mod sqlite {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_row_changes() {
        super::no_row_changes(crate::database::Kind::Sqlite).await;
    }
}
mod postgres {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_row_changes() {
        super::no_row_changes(crate::database::Kind::Postgres).await;
    }
}
mod mariadb {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_row_changes() {
        super::no_row_changes(crate::database::Kind::MariaDb).await;
    }
}

async fn no_row_changes(kind: Kind) {
    let count = u32::try_from(Migrator::migrations().len()).unwrap();
    for earlier in 0..=count {
        let Some(database) = super::database(kind).await else {
            return;
        };
        let beside = database.beside().await;
        Migrator::up(&beside.database, Some(earlier)).await.unwrap();
        fill(&beside).await;
        let tables = tables(&beside, kind).await;
        let names: Vec<_> = tables.iter().map(String::as_str).collect();
        let before = dump_with(&beside, kind, &names).await;
        for (table, rows) in &before.tables {
            assert!(rows.len() >= 2, "{table} has no rows to compare");
        }
        Migrator::up(&beside.database, None).await.unwrap();
        assert_eq!(dump_with(&beside, kind, &names).await, before);
        Migrator::down(&beside.database, Some(count - earlier))
            .await
            .unwrap();
        assert_eq!(dump_with(&beside, kind, &names).await, before);
        assert_eq!(self::tables(&beside, kind).await, tables);
        Migrator::up(&beside.database, None).await.unwrap();
        assert_eq!(dump_with(&beside, kind, &names).await, before);
        Migrator::down(&beside.database, None).await.unwrap();
        assert_eq!(self::tables(&beside, kind).await, Vec::<String>::new());
        beside.database.close().await.unwrap();
        database.drop_database().await;
    }
}

/// The tables that migrations made.
async fn tables(beside: &Beside, kind: Kind) -> Vec<String> {
    let sql = match kind {
        Kind::Sqlite => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        Kind::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        Kind::MariaDb => {
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
        }
    };
    let rows = beside.rows(sql, Vec::new()).await;
    let mut names: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect();
    names.retain(|name| name != "seaql_migrations");
    names.sort();
    names
}

/// Rows of tables, every value as a text that loses nothing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dump {
    tables: BTreeMap<String, Vec<Vec<Option<String>>>>,
    columns: BTreeMap<String, Vec<String>>,
    kind: Kind,
}

/// All rows of these tables.
pub(super) async fn dump(database: &TestDatabase, tables: &[&str]) -> Dump {
    let beside = database.beside().await;
    dump_with(&beside, database.kind, tables).await
}

async fn dump_with(beside: &Beside, kind: Kind, tables: &[&str]) -> Dump {
    let mut dump = Dump {
        tables: BTreeMap::new(),
        columns: BTreeMap::new(),
        kind,
    };
    for table in tables {
        let columns = columns(beside, kind, table).await;
        let read: Vec<_> = columns
            .iter()
            .map(|column| match kind {
                Kind::Sqlite => format!("quote({column})"),
                Kind::Postgres => format!("quote_nullable({column})"),
                Kind::MariaDb => format!(
                    "IF({column} REGEXP '^-?[0-9]+$', QUOTE({column}), CONCAT('0x', HEX({column})))"
                ),
            })
            .collect();
        let sql = format!("SELECT {} FROM {table}", read.join(", "));
        let mut rows: Vec<Vec<Option<String>>> = Vec::new();
        for row in beside.rows(&sql, Vec::new()).await {
            let values = (0..columns.len()).map(|at| row.try_get_by_index(at).unwrap());
            rows.push(values.collect());
        }
        rows.sort();
        dump.tables.insert((*table).to_owned(), rows);
        dump.columns.insert((*table).to_owned(), columns);
    }
    dump
}

async fn columns(beside: &Beside, kind: Kind, table: &str) -> Vec<String> {
    let sql = match kind {
        Kind::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
        Kind::Postgres => format!(
            "SELECT column_name::text FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
        Kind::MariaDb => format!(
            "SELECT column_name FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND table_name = '{table}'"
        ),
    };
    let rows = beside.rows(&sql, Vec::new()).await;
    let mut names: Vec<String> = rows
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect();
    names.sort();
    names
}

impl Dump {
    /// Puts the rows back in the place of those that are there; other tables must not depend on them.
    pub(super) async fn restore(&self, database: &TestDatabase) {
        let beside = database.beside().await;
        for (table, rows) in &self.tables {
            if table == "conversations" {
                // Members depend on these rows, which are never deleted: only what a message changes goes back.
                self.update(&beside, table).await;
                continue;
            }
            beside
                .run(&format!("DELETE FROM {table}"), Vec::new())
                .await;
            for row in rows {
                let values: Vec<_> = row
                    .iter()
                    .map(|value| self.literal(value.as_deref()))
                    .collect();
                let columns = self.columns[table].join(", ");
                let sql = format!(
                    "INSERT INTO {table} ({columns}) VALUES ({})",
                    values.join(", ")
                );
                beside.database.execute_unprepared(&sql).await.unwrap();
            }
        }
    }

    async fn update(&self, beside: &Beside, table: &str) {
        let columns = &self.columns[table];
        let key = columns.iter().position(|column| column == "id").unwrap();
        for row in &self.tables[table] {
            let set: Vec<_> = columns
                .iter()
                .zip(row)
                .map(|(column, value)| format!("{column} = {}", self.literal(value.as_deref())))
                .collect();
            let id = self.literal(row[key].as_deref());
            let sql = format!("UPDATE {table} SET {} WHERE id = {id}", set.join(", "));
            beside.database.execute_unprepared(&sql).await.unwrap();
        }
    }

    fn literal(&self, value: Option<&str>) -> String {
        match (self.kind, value) {
            (_, None) => "NULL".into(),
            (Kind::MariaDb, Some("0x")) => "''".into(),
            (_, Some(value)) => value.into(),
        }
    }
}

/// Two rows in every table that there is, with every column set in one of them.
async fn fill(beside: &Beside) {
    let backend = beside.database.get_database_backend();
    for row in 1..=2 {
        for (table, samples) in SAMPLES {
            let columns: Vec<_> = samples
                .split(' ')
                .filter_map(|one| one.split_once('='))
                .collect();
            let values: Vec<_> = columns.iter().map(|(_, kind)| sample(kind, row)).collect();
            let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
            let marks = vec!["?"; values.len()].join(", ");
            let sql = format!(
                "INSERT INTO {table} ({}) VALUES ({marks})",
                names.join(", ")
            );
            let statement = beside.statement(&sql, values);
            let done = beside.database.execute_raw(statement).await;
            let missing = done.as_ref().is_err_and(|error| {
                let error = error.to_string();
                ["no such table", "does not exist", "doesn't exist"]
                    .iter()
                    .any(|words| error.contains(words))
            });
            assert!(missing || done.is_ok(), "{backend:?} {table}: {done:?}");
        }
    }
}

/// A value for each column of each table, as `column=kind`; with `?` the second row leaves it out. Ids carry the number
/// of what they name.
const SAMPLES: &[(&str, &str)] = &[
    (
        "people",
        "id=id10 kind=word login=text? password_hash=text? name=text avatar=text sign=text roles=small active=flag \
         status=word version=number created_at=number",
    ),
    (
        "units",
        "id=id20 code=text parent_id=id21? name=text position=small active=flag",
    ),
    ("unit_members", "unit_id=id20 person_id=id10"),
    (
        "conversations",
        "id=id30 kind=word state=word title=text created_at=number direct_key=bytes32? unit_id=id20? \
         channel_id=id40? topic_id=id50? customer_id=id10? holder=word? holder_id=id10? lease=number version=number \
         member_version=number last_seq=number last_counted=number last_message_id=id60? last_time=number \
         last_hash=bytes32 side_last_seq=number",
    ),
    (
        "members",
        "conversation_id=id30 person_id=id10 from_seq=number read_seq=number read_counted=number",
    ),
    (
        "messages",
        "conversation_id=id30 seq=number id=id60 sender_id=id10? client_id=id70? kind=word body=text sent_at=number \
         counted=number refers_seq=number? fingerprint=bytes16? salt=bytes16? digest=bytes32 hash=bytes32",
    ),
    (
        "side_entries",
        "conversation_id=id30 seq=number id=id80 author_id=id10? client_id=id70? kind=word body=text sent_at=number \
         beside_seq=number",
    ),
    (
        "outbox",
        "topic=word conversation_id=id30 seq=number payload=text? depth=small state=word attempts=small \
         due_at=number claimed_by=id90? claimed_until=number",
    ),
    (
        "sessions",
        "id=id100 person_id=id10 token_hash=bytes32 created_at=number expires_at=number seen_at=number device=text",
    ),
    ("settings", "name=text value=text"),
    (
        "instance",
        "id=small holder_id=id110 host=text pid=number until_at=number",
    ),
    (
        "files",
        "id=id120 owner_id=id10 name=text kind=word media_type=text bytes=number digest=bytes32 width=number \
         height=number thumbnail=flag created_at=number",
    ),
    ("file_uses", "file_id=id120 conversation_id=id30 seq=number"),
    (
        "amendments",
        "conversation_id=id30 seq=number by_seq=number kind=word",
    ),
    ("mentions", "conversation_id=id30 person_id=id10 seq=number"),
    (
        "drafts",
        "person_id=id10 target_kind=word target_id=id130 body=text updated_at=number",
    ),
    (
        "api_tokens",
        "id=id130 name=text token_hash=bytes32 scopes=small created_by=id10 created_at=number expires_at=number? \
         used_at=number?",
    ),
    (
        "person_settings",
        "person_id=id10 show_last_seen=flag seen_at=number",
    ),
    (
        "reactions",
        "conversation_id=id30 seq=number slot=bytes16 by_seq=number",
    ),
    (
        "kb_entries",
        "id=id150 code=text title=text keywords=text answer=text link=text topic=text channel=text \
         valid_from=number? valid_until=number? version=number created_at=number updated_at=number active=flag",
    ),
    (
        "person_skins",
        "person_id=id10 name=text src=text file_id=id120?",
    ),
    ("search_heads", "conversation_id=id30 seq=number"),
    (
        "search_segments",
        "scope_id=id10 id=id140 level=small docs=number newest=number directory=bytes16 whole=bytes32",
    ),
    ("search_pages", "segment_id=id140 page=number data=bytes32"),
    (
        "channels",
        "id=id40 code=text name=text mode=word audience=word active=flag config=text secret=text? cursor_id=id10? \
         version=number created_at=number",
    ),
    ("teams", "id=id150 name=text"),
    ("team_members", "team_id=id150 person_id=id10"),
    (
        "topics",
        "id=id50 channel_id=id40 code=text name=text position=small active=flag",
    ),
    ("topic_experts", "topic_id=id50 person_id=id10"),
    (
        "agents",
        "person_id=id10 capacity=small weight=small skills=text languages=text work_state=word wrap_up_until=number? \
         silences=small assigned_at=number? gone_at=number?",
    ),
    (
        "customers",
        "person_id=id10 channel_id=id40 external_id=text? came_at=number seen_at=number language=word device=text \
         page=text tags=text attributes=text blocked=flag merged_into=id10?",
    ),
    (
        "services",
        "conversation_id=id30 channel_id=id40 customer_id=id10 visit_id=id160? owner_id=id10? state=text",
    ),
    (
        "visits",
        "id=id160 conversation_id=id30 channel_id=id40 topic_id=id50? customer_id=id10 agent_id=id10? opened_at=number \
         queued_at=number? assigned_at=number? responded_at=number? closed_at=number? closed_by=word? queued_ms=number \
         handled_ms=number assignments=small transfers=small asked=small unanswered=flag abandoned=flag rating=small?",
    ),
    (
        "assignments",
        "id=id170 conversation_id=id30 visit_id=id160? agent_id=id10? decided_at=number reason=word answered_at=number? \
         answered_ms=number? ended_at=number? ended=word? receipt=text",
    ),
    (
        "transfers",
        "id=id180 conversation_id=id30 visit_id=id160? from_id=id10? to_kind=word to_id=id10? note=text history=word \
         state=word reason=text offered_at=number ended_at=number?",
    ),
    (
        "canned",
        "id=id190 owner_id=id10? shortcut=text title=text body=text",
    ),
    (
        "audit",
        "id=id200 done_at=number person_id=id10? action=word object=text detail=text",
    ),
];

fn sample(kind: &str, row: u8) -> Value {
    let needed = kind.trim_end_matches('?');
    let word = needed.trim_end_matches(|character: char| character.is_ascii_digit());
    let size: u8 = needed[word.len()..].parse().unwrap_or(0);
    let value = match word {
        "id" => Value::Uuid(Some(Uuid::from_bytes([size + row; 16]))),
        "bytes" => Value::Bytes(Some((row..row + size).collect())),
        "number" => Value::BigInt(Some(1_790_000_000_000 + i64::from(row))),
        "small" => Value::Int(Some(row.into())),
        "flag" => Value::Bool(Some(row == 1)),
        "word" => Value::String(Some("word".into())),
        "text" => Value::String(Some(format!("文字 🙂 '\"\\ {row}"))),
        other => panic!("no such kind: {other}"),
    };
    if kind.ends_with('?') && row == 2 {
        value.as_null()
    } else {
        value
    }
}
