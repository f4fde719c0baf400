//! Channels: the entries through which customers come.

use webim_model::{Audience, ChannelId, ChannelMode, Millis};

use super::or_update;
use crate::sql::{Row, flag, id, number, signed, text};
use crate::{Store, StoreError};

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRow {
    /// Which one.
    pub id: ChannelId,
    /// What stands for it in addresses; at most 64 characters, unique.
    pub code: String,
    /// At most 190 characters.
    pub name: String,
    /// How its customers are served.
    pub mode: ChannelMode,
    /// Who may come.
    pub audience: Audience,
    /// Whether anybody may come.
    pub active: bool,
    /// What else was set: JSON, of the shape `wire` says.
    pub config: String,
    /// What host systems sign with, sealed.
    pub secret: Option<String>,
    /// Grows with each change.
    pub version: u64,
    /// When it was made.
    pub created: Millis,
}

const COLUMNS: &str = "id, code, name, mode, audience, active, config, secret, version, created_at";

fn row(row: &Row<'_>) -> Result<ChannelRow, StoreError> {
    Ok(ChannelRow {
        id: row.id(0)?,
        code: row.text(1)?,
        name: row.text(2)?,
        mode: row.word(3, ChannelMode::parse)?,
        audience: row.word(4, Audience::parse)?,
        active: row.flag(5)?,
        config: row.text(6)?,
        secret: row.text_or_null(7)?,
        version: row.number(8)?,
        created: Millis(row.signed(9)?),
    })
}

impl Store {
    /// Keeps a channel: a new one, or what the one with this id is from now on.
    pub async fn put_channel(&self, channel: &ChannelRow) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        let update = or_update(
            link.backend(),
            "id",
            &[
                "name", "mode", "audience", "active", "config", "secret", "version",
            ],
        );
        let sql = format!(
            "INSERT INTO channels ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?){update}"
        );
        let values = vec![
            id(channel.id.0),
            text(&*channel.code),
            text(&*channel.name),
            text(channel.mode.name()),
            text(channel.audience.name()),
            flag(channel.active),
            text(&*channel.config),
            sea_orm::Value::String(channel.secret.clone()),
            number(channel.version),
            signed(channel.created.0),
        ];
        link.execute(&sql, values).await.map(drop)
    }

    /// All channels, inactive ones too, in the order of their codes.
    pub async fn channels(&self) -> Result<Vec<ChannelRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM channels ORDER BY code");
        let rows = self.read().await?.query(&sql, Vec::new()).await?;
        rows.iter().map(|one| row(&Row(one))).collect()
    }

    /// The channel with this code.
    pub async fn channel_by_code(&self, code: &str) -> Result<Option<ChannelRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM channels WHERE code = ?");
        let rows = self.read().await?.query(&sql, vec![text(code)]).await?;
        rows.first().map(|one| row(&Row(one))).transpose()
    }
}
