//! What must happen after a message was stored, written with it.

use super::plan::Plan;
use crate::StoreError;
use crate::link::Link;
use crate::sql::{chunks, id, number, rows_of, signed, small, text};

pub(super) async fn insert_outbox(link: &mut Link<'_>, plan: &Plan<'_>) -> Result<(), StoreError> {
    let entries: Vec<_> = plan
        .rows
        .iter()
        .flat_map(|row| row.message.outbox.iter().map(move |entry| (row, entry)))
        .collect();
    for chunk in chunks(&entries) {
        let sql = format!(
            "INSERT INTO outbox (topic, conversation_id, seq, depth, state, attempts, due_at, claimed_until) VALUES {}",
            rows_of(chunk.len(), 8)
        );
        let values = chunk
            .iter()
            .flat_map(|(row, entry)| {
                [
                    text(entry.topic),
                    id(row.message.conversation.0),
                    number(row.seq),
                    small(entry.depth.into()),
                    text("open"),
                    small(0),
                    signed(row.message.time.0),
                    number(0),
                ]
            })
            .collect();
        link.execute(&sql, values).await?;
    }
    Ok(())
}
