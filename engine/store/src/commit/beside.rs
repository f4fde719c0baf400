//! What is written beside messages, in the same transaction: the files they show, what they change, whom they mention,
//! and what must happen afterwards.

use super::plan::Plan;
use crate::StoreError;
use crate::amendments::{Amending, insert_amendments, insert_mentions, slot};
use crate::files::insert_uses;
use crate::link::Link;
use crate::sql::{chunks, id, number, rows_of, signed, small, text};

pub(super) async fn insert_beside(link: &mut Link<'_>, plan: &Plan<'_>) -> Result<(), StoreError> {
    let entries: Vec<_> = plan
        .rows
        .iter()
        .flat_map(|row| row.message.outbox.iter().map(move |entry| (row, entry)))
        .collect();
    let shown: Vec<_> = plan
        .rows
        .iter()
        .flat_map(|row| row.message.files.iter().map(move |file| (row, *file)))
        .map(|(row, file)| (file, row.message.conversation, row.seq))
        .collect();
    insert_uses(link, &shown).await?;
    let amending = plan.rows.iter().filter_map(|row| {
        let (message, kind) = (row.message, row.message.body.kind());
        Some(Amending {
            conversation: message.conversation,
            seq: message.about.refers.filter(|_| kind.amends())?,
            by: row.seq,
            kind,
            slot: slot(message.sender, &message.body),
        })
    });
    insert_amendments(link, &amending.collect::<Vec<_>>()).await?;
    let mentioning = plan.rows.iter().filter_map(|row| {
        let mention = row.message.about.mention.as_deref()?;
        Some((row.message.conversation, row.seq, mention))
    });
    insert_mentions(link, mentioning).await?;
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
