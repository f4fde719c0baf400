//! The machine's own check of its invariants, recomputed from the rows.

use webim_model::{ConversationId, Holder, PersonId};

use crate::Case;
use crate::index::{Index, is_assignable};
use crate::machine::{Dispatch, Violation};

impl Dispatch {
    /// Every broken invariant, recomputed from the rows. Costs a pass over everything and, for each agent with room,
    /// over the queues.
    pub fn check(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut index = Index::default();
        for case in self.cases.values() {
            index.add(case, self.due(case), self.fault);
            found.extend(broken(case).map(|rule| in_case(rule, case.conversation)));
            if let Holder::Agent(agent) = case.holder
                && !self.is_agent(agent)
            {
                found.push(in_case("holder_is_no_agent", case.conversation));
            }
        }
        if !index.is_same(&self.index) {
            found.push(Violation {
                rule: "index",
                conversation: None,
                agent: None,
            });
        }
        for (id, agent) in &self.agents {
            if index.load(*id) > agent.ceiling.max(agent.facts.capacity) {
                found.push(of_agent("capacity", *id, None));
            }
            if let Some(place) = self.best_for(*id) {
                found.push(of_agent("idle_queue", *id, Some(place.2)));
            }
        }
        found
    }
}

fn in_case(rule: &'static str, conversation: ConversationId) -> Violation {
    Violation {
        rule,
        conversation: Some(conversation),
        agent: None,
    }
}

fn of_agent(
    rule: &'static str,
    agent: PersonId,
    conversation: Option<ConversationId>,
) -> Violation {
    Violation {
        rule,
        conversation,
        agent: Some(agent),
    }
}

/// The rule that a row breaks by itself.
fn broken(case: &Case) -> Option<&'static str> {
    let is_held = case.holder != Holder::Nobody;
    let waits = case.holder == Holder::Queue;
    let agent = match case.holder {
        Holder::Agent(agent) => Some(agent),
        _ => None,
    };
    let rules = [
        ("visit", case.visit.is_some() == is_held),
        (
            "turn",
            case.assignment.as_ref().map(|turn| turn.agent) == agent,
        ),
        ("place", !waits || case.enqueued_at.is_some()),
        ("ask", case.ask.is_none() || (waits && case.offer.is_none())),
        (
            "transfer",
            case.transfer.is_none() || (case.offer.is_some() && is_held),
        ),
        (
            "offer",
            case.offer.is_none() || waits || case.transfer.is_some(),
        ),
        ("reserved", case.only_for.is_none() || waits),
        ("itself", agent != Some(case.customer)),
        ("assignable", !is_assignable(case) || waits),
    ];
    rules
        .iter()
        .find(|(_, holds)| !holds)
        .map(|(rule, _)| *rule)
}
