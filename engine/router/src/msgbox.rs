//! LayIM's message box: what the caller's notices say.

use webim_model::{Body, Refusal};
use webim_wire::layim::{BoxLine, MessageBox};

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
            BoxLine {
                id: shown.message,
                content,
                uid: caller.person.0,
                from: None,
                from_group: None,
                r#type: 1,
                remark: String::new(),
                href,
                read: row.read.into(),
                time: readable(shown.time),
                user: None,
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

/// `2026-11-22 15:04 UTC`: the page shows it as it comes.
fn readable(millis: i64) -> String {
    let minutes = millis.div_euclid(60_000);
    let (days, minute) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
    // Days of the civil calendar, counted in eras of 400 years that begin in March.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, (month + 2) % 12 + 1);
    let year = year + era * 400 + i64::from(month <= 2);
    let (hour, minute) = (minute / 60, minute % 60);
    format!("{year}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn days_of_the_calendar() {
        for (millis, text) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_399_000, "2000-02-28 23:59 UTC"),
            (951_782_400_000, "2000-02-29 00:00 UTC"),
            (1_795_388_640_000, "2026-11-22 23:04 UTC"),
            (-1, "1969-12-31 23:59 UTC"),
        ] {
            assert_eq!(readable(millis), text);
        }
    }
}
