//! One customer: what is known of them, what was decided about them, and the replies at hand.

use webim_model::{AssignmentId, ConversationId, PersonId, Refusal, Role};
use webim_store::service::{AssignmentRow, CannedRow, CustomerRow, TransferRow, VisitRow};
use webim_wire::service::command::CustomerPage;
use webim_wire::service::rest::{
    AssignmentItem, Canned, CannedList, CustomerCard, PutCanned, PutCustomer, ReceiptShape,
    ServedDetail, TransferItem, VisitItem, Why,
};
use webim_wire::service::stored;

use super::frames::serves;
use super::sentence::{Language, sentence};
use crate::journey::store_failed;
use crate::{Caller, Nay, Router};

/// Visits, transfers and assignments shown of one customer.
const SHOWN: u64 = 50;
/// Tags and attributes of a customer.
const LABELS: usize = 50;
/// Characters of a tag, of an attribute's name and of a shortcut.
const WORD: usize = 60;

impl Router {
    /// All about one service conversation beside its messages.
    pub async fn served_detail(
        &self,
        caller: &Caller,
        id: ConversationId,
        language: Language,
    ) -> Result<ServedDetail, Nay> {
        let served = self.served_one(caller, id).await?;
        let store = &self.0.desk.store;
        let customer = PersonId(served.customer.face.id);
        let card = self.customer_card(caller, customer).await?;
        let visits = store.visits(id, SHOWN).await.map_err(store_failed)?;
        let transfers = store.transfers(id, SHOWN).await.map_err(store_failed)?;
        let assignments = store.assignments(id, SHOWN).await.map_err(store_failed)?;
        let case = self.0.desk.cases(vec![id]).await?.pop();
        let offer = match case.and_then(|case| Some((case.offer?, case.transfer))) {
            Some((offer, transfer)) if offer.agent == caller.person => {
                let desk = &self.0.desk;
                desk.offer_made(&offer, transfer.as_ref(), 5).await
            }
            _ => None,
        };
        Ok(ServedDetail {
            served,
            card,
            visits: visits.iter().map(|row| self.visit_item(row)).collect(),
            transfers: transfers
                .iter()
                .map(|row| self.transfer_item(row))
                .collect(),
            assignments: assignments
                .iter()
                .map(|row| self.assignment_item(row, language))
                .collect(),
            offer,
        })
    }

    fn visit_item(&self, row: &VisitRow) -> VisitItem {
        VisitItem {
            id: row.id.0,
            opened_at: row.opened.0,
            assigned_at: row.assigned.map(|at| at.0),
            first_response_at: row.responded.map(|at| at.0),
            closed_at: row.closed.map(|at| at.0),
            closed_by: row.closed_by.map(|by| by.name().into()),
            agent: row.agent.map(|agent| self.0.desk.face(agent)),
            transfers: row.transfers,
            waited: row.queued_ms,
            handled: row.handled_ms,
        }
    }

    fn transfer_item(&self, row: &TransferRow) -> TransferItem {
        let to = row.to.filter(|_| row.to_kind == "agent");
        TransferItem {
            id: row.id.0,
            from: row.from.map(|from| self.0.desk.face(from)),
            to_kind: row.to_kind.clone(),
            to: to.map(|to| self.0.desk.face(PersonId(to))),
            note: row.note.clone(),
            state: row.state.name().into(),
            reason: row.reason.clone(),
            offered_at: row.offered.0,
            ended_at: row.ended.map(|at| at.0),
        }
    }

    fn assignment_item(&self, row: &AssignmentRow, language: Language) -> AssignmentItem {
        let receipt = ReceiptShape::decode(row.receipt.as_deref().unwrap_or_default());
        let agent = row.agent.map(|agent| self.0.desk.face(agent));
        let name = agent.as_ref().map_or("", |agent| &agent.name);
        AssignmentItem {
            id: row.id.0,
            reason: row.reason.name().into(),
            time: row.decided.0,
            sentence: sentence(&receipt, name, language),
            agent,
        }
    }

    /// Why somebody was given a customer. Refused with `assignment_unknown`.
    pub async fn why(
        &self,
        caller: &Caller,
        which: AssignmentId,
        language: Language,
    ) -> Result<Why, Nay> {
        serves(caller)?;
        let row = self.0.desk.store.assignment(which).await;
        let row = row
            .map_err(store_failed)?
            .ok_or(Refusal::AssignmentUnknown)?;
        let receipt = ReceiptShape::decode(row.receipt.as_deref().unwrap_or_default());
        let assignment = self.assignment_item(&row, language);
        let name = assignment.agent.as_ref().map_or("", |agent| &agent.name);
        Ok(Why {
            sentence_zh: sentence(&receipt, name, Language::Chinese),
            sentence_en: sentence(&receipt, name, Language::English),
            receipt,
            assignment,
        })
    }

    /// What is known of a customer. Refused with `customer_unknown`.
    pub async fn customer_card(
        &self,
        caller: &Caller,
        customer: PersonId,
    ) -> Result<CustomerCard, Nay> {
        serves(caller)?;
        let row = self.customer(customer).await?;
        let person = self.0.store.person(customer).await.map_err(store_failed)?;
        Ok(card(&row, person.map(|person| person.name)))
    }

    async fn customer(&self, customer: PersonId) -> Result<CustomerRow, Nay> {
        let row = self.0.desk.store.customer(customer).await;
        row.map_err(store_failed)?
            .ok_or_else(|| Refusal::CustomerUnknown.into())
    }

    /// Changes what agents know of a customer. Refused with `customer_unknown` or `bad_field`.
    pub async fn put_customer(
        &self,
        caller: &Caller,
        customer: PersonId,
        put: PutCustomer,
    ) -> Result<CustomerCard, Nay> {
        serves(caller)?;
        let desk = &self.0.desk;
        let mut row = self.customer(customer).await?;
        let person = self.0.store.person(customer).await.map_err(store_failed)?;
        let member = person
            .as_ref()
            .is_some_and(|person| person.kind != webim_model::PersonKind::Customer);
        if let Some(name) = put.name {
            if member {
                return Err(Nay::because(Refusal::BadField, "name: the directory's"));
            }
            row.name = within("name", &name, 1, 60)?;
        }
        if let Some(tags) = put.tags {
            let tags = tags.iter().map(|tag| within("tags", tag, 1, WORD));
            let mut tags = tags.collect::<Result<Vec<_>, _>>()?;
            tags.sort();
            tags.dedup();
            few("tags", tags.len())?;
            row.tags = stored::encode(&tags);
        }
        if let Some(attributes) = put.attributes {
            few("attributes", attributes.len())?;
            for (name, text) in &attributes {
                within("attributes", name, 1, WORD)?;
                within("attributes", text, 0, 500)?;
            }
            row.attributes = stored::encode(&attributes);
        }
        if let Some(blocked) = put.blocked {
            row.blocked = blocked;
        }
        desk.store.put_customer(&row).await.map_err(store_failed)?;
        desk.seats.block(customer, row.blocked);
        tracing::info!(person = %caller.person, %customer, blocked = row.blocked, "a customer was changed");
        self.customer_card(caller, customer).await
    }

    /// Everybody's replies at hand, and the caller's own.
    pub async fn canned(&self, caller: &Caller) -> Result<CannedList, Nay> {
        serves(caller)?;
        let rows = self.0.desk.store.canned(caller.person).await;
        let rows = rows.map_err(store_failed)?;
        Ok(CannedList {
            items: rows.into_iter().map(canned).collect(),
        })
    }

    /// Keeps a reply at hand: a new one, or the one with this id. Refused with `canned_unknown`, `forbidden`.
    pub async fn put_canned(
        &self,
        caller: &Caller,
        which: Option<uuid::Uuid>,
        put: PutCanned,
    ) -> Result<Canned, Nay> {
        serves(caller)?;
        let desk = &self.0.desk;
        if let Some(which) = which {
            self.own_canned(caller, which).await?;
        }
        if put.shared && !shares(caller) {
            return Err(Refusal::Forbidden.into());
        }
        let shortcut = within("shortcut", &put.shortcut, 1, 64)?;
        if shortcut.contains(char::is_whitespace) {
            return Err(Nay::because(Refusal::BadField, "shortcut: without spaces"));
        }
        let row = CannedRow {
            id: which.unwrap_or_else(|| desk.sources.uuid()),
            owner: (!put.shared).then_some(caller.person),
            shortcut,
            title: within("title", &put.title, 0, 190)?,
            body: within("text", &put.text, 1, 5_000)?,
        };
        desk.store.put_canned(&row).await.map_err(store_failed)?;
        Ok(canned(row))
    }

    /// Takes a reply away. Refused with `canned_unknown`, `forbidden`.
    pub async fn delete_canned(&self, caller: &Caller, which: uuid::Uuid) -> Result<(), Nay> {
        serves(caller)?;
        self.own_canned(caller, which).await?;
        let gone = self.0.desk.store.delete_canned(which).await;
        gone.map(drop).map_err(store_failed)
    }

    async fn own_canned(&self, caller: &Caller, which: uuid::Uuid) -> Result<(), Nay> {
        let row = self.0.desk.store.canned_one(which).await;
        let row = row.map_err(store_failed)?;
        let row = row.filter(|row| row.owner.is_none_or(|owner| owner == caller.person));
        let row = row.ok_or(Refusal::CannedUnknown)?;
        if row.owner.is_none() && !shares(caller) {
            return Err(Refusal::Forbidden.into());
        }
        Ok(())
    }
}

/// Whether they keep replies for everybody.
fn shares(caller: &Caller) -> bool {
    caller.roles.has(Role::Supervisor) || caller.roles.has(Role::Admin)
}

fn canned(row: CannedRow) -> Canned {
    Canned {
        id: row.id,
        shortcut: row.shortcut,
        title: row.title,
        text: row.body,
        mine: row.owner.is_some(),
    }
}

fn card(row: &CustomerRow, name: Option<String>) -> CustomerCard {
    CustomerCard {
        id: row.person.0,
        name: name.unwrap_or_else(|| row.name.clone()),
        external_id: row.external.clone(),
        tags: stored::words(&row.tags),
        attributes: stored::texts(&row.attributes),
        page: CustomerPage::decode(&row.page),
        device: row.device.clone(),
        language: row.language.clone(),
        blocked: row.blocked,
        came_at: row.came.0,
        seen_at: row.seen.0,
    }
}

/// A text without space around it and control characters, within its length.
pub(super) fn within(field: &str, text: &str, least: usize, most: usize) -> Result<String, Nay> {
    let text = text.trim();
    let count = text.chars().count();
    let control = |char: char| char.is_control() && char != '\n' && char != '\t';
    if count < least || count > most || text.contains(control) {
        let detail = format!("{field}: {least} to {most} characters");
        return Err(Nay::because(Refusal::BadField, detail));
    }
    Ok(text.to_owned())
}

fn few(field: &str, count: usize) -> Result<(), Nay> {
    if count > LABELS {
        let detail = format!("{field}: at most {LABELS}");
        return Err(Nay::because(Refusal::BadField, detail));
    }
    Ok(())
}
