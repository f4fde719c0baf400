//! LayIM's message box: what the caller's notices say.

use webim_model::{Body, Refusal};
use webim_wire::layim::{BoxItem, BoxUser, MessageBox};

use crate::fold::fold;
use crate::journey::store_failed;
use crate::queries::staff;
use crate::{Caller, Nay, Router};

/// Lines of a page; LayIM's own page has as many.
const PAGE: u64 = 20;

impl Router {
    /// Page `page`, counted from 1, of what the caller was told.
    pub async fn layim_msgbox(&self, caller: &Caller, page: u64) -> Result<MessageBox, Nay> {
        staff(caller)?;
        let before = page.checked_sub(1).and_then(|page| page.checked_mul(PAGE));
        let before = before.ok_or(Refusal::BadField)?;
        self.0.writer.flush_of(caller.person).await;
        let found = self.0.store.notices_page(caller.person, before, PAGE).await;
        let (rows, all) = found.map_err(store_failed)?;
        let messages: Vec<_> = rows.iter().map(|row| row.message.clone()).collect();
        let shown = fold(&self.0.store, &messages).await.map_err(store_failed)?;
        let line = |(row, shown): (webim_store::NoticeRow, webim_wire::server::Message)| {
            let (content, href) = said(&shown.payload.into());
            BoxItem {
                id: shown.message,
                content: escaped(&content),
                uid: caller.person.0,
                from: None,
                from_group: None,
                kind: 1,
                remark: None,
                href,
                read: row.read.into(),
                time: shown.time,
                user: BoxUser::default(),
            }
        };
        Ok(MessageBox {
            code: 0,
            msg: String::new(),
            pages: all.div_ceil(PAGE),
            data: rows.into_iter().zip(shown).map(line).collect(),
        })
    }
}

/// The words of a notice, and where it leads.
fn said(body: &Body) -> (String, Option<String>) {
    match body {
        Body::Card(card) if card.text.is_empty() => (
            card.title.to_string(),
            card.link.as_ref().map(ToString::to_string),
        ),
        Body::Card(card) => (
            format!("{}: {}", card.title, card.text),
            card.link.as_ref().map(ToString::to_string),
        ),
        body => (body.words().to_owned(), None),
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
