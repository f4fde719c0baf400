//! API tokens: one row for each program, found by the hash of its token.

use webim_model::{ApiTokenId, Millis, PersonId, Scopes};

use crate::sql::{Row, bytes, chunks, id, marks, signed, small, text};
use crate::{Store, StoreError};

/// A token of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiTokenRow {
    /// Which one.
    pub id: ApiTokenId,
    /// What the program is called; at most 100 characters.
    pub name: String,
    /// SHA-256 of the token; the token itself is nowhere.
    pub token_hash: [u8; 32],
    /// What it is good for.
    pub scopes: Scopes,
    /// The administrator who made it.
    pub created_by: PersonId,
    /// When it was made.
    pub created: Millis,
    /// When it is worth nothing any more; none: only when it is revoked.
    pub expires: Option<Millis>,
    /// When it was last used, roughly; none: never.
    pub used: Option<Millis>,
}

const COLUMNS: &str =
    "id, name, token_hash, scopes, created_by, created_at, expires_at, used_at FROM api_tokens";

fn row(row: &Row<'_>) -> Result<ApiTokenRow, StoreError> {
    let millis = |number: u64| Millis(i64::try_from(number).unwrap_or(i64::MAX));
    Ok(ApiTokenRow {
        id: row.id(0)?,
        name: row.text(1)?,
        token_hash: row.bytes(2)?,
        scopes: Scopes(row.small(3)?.cast_unsigned()),
        created_by: row.id(4)?,
        created: Millis(row.signed(5)?),
        expires: row.number_or_null(6)?.map(millis),
        used: row.number_or_null(7)?.map(millis),
    })
}

impl Store {
    /// Keeps a new token.
    pub async fn insert_api_token(&self, token: &ApiTokenRow) -> Result<(), StoreError> {
        let sql = "INSERT INTO api_tokens (id, name, token_hash, scopes, created_by, created_at, expires_at, used_at) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        let or_null =
            |millis: Option<Millis>| sea_orm::Value::BigInt(millis.map(|millis| millis.0));
        let values = vec![
            id(token.id.0),
            text(&*token.name),
            bytes(&token.token_hash),
            small(token.scopes.0.cast_signed()),
            id(token.created_by.0),
            signed(token.created.0),
            or_null(token.expires),
            or_null(token.used),
        ];
        self.write().await?.execute(sql, values).await.map(drop)
    }

    /// The token with this hash, expired or not.
    pub async fn api_token_by_hash(
        &self,
        token_hash: &[u8; 32],
    ) -> Result<Option<ApiTokenRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} WHERE token_hash = ?");
        let values = vec![bytes(token_hash)];
        let rows = self.read().await?.query(&sql, values).await?;
        rows.first().map(|first| row(&Row(first))).transpose()
    }

    /// All tokens, expired ones too, in the order in which they were made.
    pub async fn api_tokens(&self) -> Result<Vec<ApiTokenRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} ORDER BY created_at, id");
        let rows = self.read().await?.query(&sql, Vec::new()).await?;
        rows.iter().map(|one| row(&Row(one))).collect()
    }

    /// Notes that `tokens` were used; those that are gone stay gone.
    pub async fn touch_api_tokens(
        &self,
        tokens: &[ApiTokenId],
        used: Millis,
    ) -> Result<(), StoreError> {
        let mut link = self.write().await?;
        for chunk in chunks(tokens) {
            let sql = format!(
                "UPDATE api_tokens SET used_at = ? WHERE id IN ({})",
                marks(chunk.len())
            );
            let mut values = vec![signed(used.0)];
            values.extend(chunk.iter().map(|token| id(token.0)));
            link.execute(&sql, values).await?;
        }
        Ok(())
    }

    /// Revokes a token. False if there is none.
    pub async fn delete_api_token(&self, token: ApiTokenId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM api_tokens WHERE id = ?";
        Ok(self.write().await?.execute(sql, vec![id(token.0)]).await? > 0)
    }
}
