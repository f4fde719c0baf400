//! Visits: how they open, what is said in them, and how they end.

use webim_model::{
    ChannelMode, ClosedBy, ConversationId, Holder, HolderReason, Millis, PersonId, Refusal, Role,
    TopicId, Verdict, VisitId,
};

use crate::holder::Change;
use crate::machine::Dispatch;
use crate::turn::{Answer, Refused, Turn};
use crate::{Actor, Case, ChannelRules, Done, Effect, Opening, Visit, VisitChange, WhenClosed};

/// The answer that names the conversation; lease and visit are filled in at the end.
#[expect(
    clippy::unnecessary_wraps,
    reason = "it ends functions that are answers"
)]
pub(crate) fn done(conversation: ConversationId) -> Answer {
    Ok(Done {
        conversation: Some(conversation),
        ..Done::default()
    })
}

impl Turn<'_> {
    pub fn open(&mut self, opening: Opening) -> Answer {
        let id = opening.conversation;
        let Some(rules) = self.d.channels.get(&opening.channel).cloned() else {
            return Err(Refusal::ChannelUnknown.into());
        };
        let known = self.d.cases.get(&id).cloned();
        if known.as_ref().is_some_and(|case| {
            case.customer != opening.customer || case.channel != opening.channel
        }) {
            return Err(Refusal::ConversationUnknown.into());
        }
        let mut case = known.unwrap_or_else(|| Case::new(id, opening.channel, opening.customer));
        let topic = opening.topic.or(case.topic);
        self.check_wishes(&opening, topic, &rules)?;
        case.customer_connected = opening.connected;
        case.wanted = opening.wanted.or(case.wanted);
        if case.visit.is_some() {
            if opening.wanted.is_some() && case.holder == Holder::Queue && case.offer.is_none() {
                case.substitute = false;
                self.prefer(&mut case);
            }
            self.put(case);
            return done(id);
        }
        case.topic = topic;
        case.priority = opening.priority;
        case.language = opening.language;
        case.skills = opening.skills;
        case.wishes = opening.wishes;
        self.begin_visit(case, opening.robot_first, opening.actor.person)?;
        done(id)
    }

    fn check_wishes(
        &self,
        opening: &Opening,
        topic: Option<TopicId>,
        rules: &ChannelRules,
    ) -> Result<(), Refused> {
        if let Some(topic) = topic
            && !self.is_owned(topic, rules)
        {
            return Err(Refusal::TopicUnowned.into());
        }
        if let Some(wanted) = opening.wanted {
            let mut asked = Case::new(opening.conversation, rules.id, opening.customer);
            asked.topic = topic;
            let found = self.d.agents.get(&wanted);
            let verdict = found.map_or(Verdict::Inactive, |agent| {
                Dispatch::standing(agent, &asked, rules)
            });
            if verdict != Verdict::Fits {
                return Err(Refusal::AgentUnknown.into());
            }
        }
        Ok(())
    }

    /// Whether the topic is the channel's and somebody answers for it.
    pub fn is_owned(&self, topic: TopicId, rules: &ChannelRules) -> bool {
        let mut agents = self.d.agents.values().map(|agent| &agent.facts);
        rules.topics.contains(&topic)
            && agents.any(|facts| facts.active && facts.serves && facts.topics.contains(&topic))
    }

    /// Opens a visit in a conversation held by nobody; refused where the channel is closed.
    fn begin_visit(
        &mut self,
        mut case: Case,
        robot_first: bool,
        by: PersonId,
    ) -> Result<(), Refused> {
        let rules = self.rules(&case);
        let held_until = self.closed_until(&rules)?;
        let robot = rules.robot && robot_first;
        self.new_visit(&mut case);
        if !robot {
            case.held_until = held_until;
            case.leave_message = held_until.is_some();
        }
        let holder = if robot { Holder::Robot } else { Holder::Queue };
        let change = Change {
            by: Some(by),
            ..Change::new(holder, HolderReason::Opened)
        };
        self.change(case, change);
        Ok(())
    }

    fn new_visit(&mut self, case: &mut Case) {
        let now = self.now();
        case.last_said_at = Some(now);
        case.visit = Some(Visit {
            id: VisitId((self.ids)()),
            conversation: case.conversation,
            channel: case.channel,
            customer: case.customer,
            topic: case.topic,
            opened_at: now,
            closed_at: None,
            closed_by: None,
            agent: None,
            queued_at: None,
            assigned_at: None,
            responded_at: None,
            queued_ms: 0,
            handled_ms: 0,
            holder_since: now,
            assignments: 0,
            transfers: 0,
            asked: 0,
            abandoned: false,
            unanswered: false,
        });
    }

    /// `None`: open. Else when it opens, which may be never.
    pub fn closed_until(&self, rules: &ChannelRules) -> Result<Option<Millis>, Refused> {
        if !rules.active {
            return Err(Refusal::ChannelClosed.into());
        }
        let Some(hours) = &rules.hours else {
            return Ok(None);
        };
        match hours.next_opening(self.d.now) {
            Some(opens) if opens == self.d.now => Ok(None),
            _ if rules.when_closed == WhenClosed::Refuse => Err(Refusal::ChannelClosed.into()),
            opens => Ok(Some(opens.unwrap_or(Millis(i64::MAX)))),
        }
    }

    /// Answered only where it is refused.
    pub fn customer_wrote(&mut self, conversation: ConversationId) -> Result<(), Refused> {
        let case = self.case(conversation)?;
        if case.holder == Holder::Nobody {
            let by = case.customer;
            self.begin_visit(case, true, by)?;
        }
        let mut case = self.case(conversation)?;
        let now = self.now();
        case.last_said_at = Some(now);
        if case.waiting_since.is_none() {
            case.waiting_since = Some(now);
            case.waited_told = false;
        }
        case.moves.clear();
        if let Some(visit) = &mut case.visit {
            visit.asked += 1;
        }
        let is_gone = self.d.grace_ends(&case).is_some_and(|end| end <= now);
        self.put(case.clone());
        if is_gone {
            self.requeue(case, HolderReason::Disconnected);
        }
        Ok(())
    }

    /// The holder's answer ends the customer's wait; anybody else's is a sign of life.
    pub fn agent_wrote(
        &mut self,
        conversation: ConversationId,
        agent: PersonId,
    ) -> Result<(), Refused> {
        let now = self.now();
        let mut case = self.case(conversation)?;
        if case.holder == Holder::Nobody {
            return Ok(());
        }
        case.last_said_at = Some(now);
        case.moves.clear();
        if case.holder == Holder::Agent(agent) {
            let since = case.waiting_since.take();
            case.waited_told = false;
            self.answered(&mut case, since);
            if let Some(found) = self.d.agents.get_mut(&agent) {
                found.work.silences = 0;
            }
        }
        self.put(case);
        Ok(())
    }

    fn answered(&mut self, case: &mut Case, since: Option<Millis>) {
        let now = self.now();
        if let Some(turn) = case
            .assignment
            .as_mut()
            .filter(|turn| turn.answered_at.is_none())
        {
            turn.answered_at = Some(now);
            turn.answered_ms = Some(now.since(since.unwrap_or(turn.began_at).max(turn.began_at)));
            self.out.push(Effect::Assignment(Box::new(turn.clone())));
        }
        if let Some(visit) = case
            .visit
            .as_mut()
            .filter(|visit| visit.responded_at.is_none())
        {
            visit.responded_at = Some(now);
            self.out.push(Effect::Visit(
                VisitChange::Responded,
                Box::new(visit.clone()),
            ));
        }
    }

    pub fn robot_wrote(&mut self, conversation: ConversationId) -> Result<(), Refused> {
        let mut case = self.case(conversation)?;
        if case.holder == Holder::Robot {
            case.last_said_at = Some(self.now());
            case.waiting_since = None;
            self.put(case);
        }
        Ok(())
    }

    pub fn hand_to_person(
        &mut self,
        actor: Actor,
        conversation: ConversationId,
        topic: Option<TopicId>,
    ) -> Answer {
        let mut case = self.case(conversation)?;
        match case.holder {
            Holder::Robot => {}
            Holder::Nobody => return Err(Refusal::VisitClosed.into()),
            Holder::Queue | Holder::Agent(_) => return done(conversation),
        }
        let rules = self.rules(&case);
        if let Some(topic) = topic {
            if !self.is_owned(topic, &rules) {
                return Err(Refusal::TopicUnowned.into());
            }
            case.topic = Some(topic);
        }
        // The visit is open: whoever came in goes on, also where the channel takes no new ones.
        case.held_until = self.closed_until(&rules).unwrap_or(None);
        case.leave_message = case.held_until.is_some();
        let change = Change {
            by: Some(actor.person),
            ..Change::new(Holder::Queue, HolderReason::ToPerson)
        };
        self.change(case, change);
        done(conversation)
    }

    pub fn close_asked(&mut self, actor: Actor, conversation: ConversationId) -> Answer {
        let case = self.case(conversation)?;
        let by = match case.holder {
            Holder::Nobody => return Err(Refusal::VisitClosed.into()),
            Holder::Agent(agent) if agent == actor.person => ClosedBy::Agent,
            _ if actor.person == case.customer => ClosedBy::Customer,
            _ if actor.roles.has(Role::Supervisor) => ClosedBy::Supervisor,
            Holder::Agent(agent) => return Err(Refused(Refusal::NotHolder, Some(agent))),
            _ => return Err(Refusal::NotHolder.into()),
        };
        self.close(case, by, Some(actor.person));
        done(conversation)
    }

    pub fn close(&mut self, case: Case, closed_by: ClosedBy, by: Option<PersonId>) {
        let rules = self.rules(&case);
        let holder = case.holder;
        let change = Change {
            by,
            closed_by: Some(closed_by),
            ..Change::new(Holder::Nobody, HolderReason::Closed)
        };
        self.change(case, change);
        if let Holder::Agent(agent) = holder {
            self.wrap_up(agent, rules.wrap_up);
        }
    }

    /// The customer's own waiting conversation.
    fn own_waiting(&self, actor: Actor, conversation: ConversationId) -> Result<Case, Refused> {
        let case = self.case(conversation)?;
        if case.customer != actor.person {
            return Err(Refusal::ConversationUnknown.into());
        }
        match case.holder {
            Holder::Queue => Ok(case),
            _ => Err(Refusal::NotWaiting.into()),
        }
    }

    pub fn leave_queue(&mut self, actor: Actor, conversation: ConversationId) -> Answer {
        let case = self.own_waiting(actor, conversation)?;
        self.close(case, ClosedBy::LeftQueue, Some(actor.person));
        done(conversation)
    }

    pub fn keep_place(&mut self, actor: Actor, conversation: ConversationId) -> Answer {
        let mut case = self.own_waiting(actor, conversation)?;
        case.waiting_offline = true;
        case.vanished_at = None;
        self.put(case);
        done(conversation)
    }

    /// Back to the queue at its old place, through no fault of the customer.
    pub fn requeue(&mut self, mut case: Case, reason: HolderReason) {
        let Holder::Agent(agent) = case.holder else {
            return;
        };
        let now = self.now();
        if reason == HolderReason::Silent {
            let until = now.plus(self.rules(&case).veto_for);
            case.vetoes.push((agent, until));
            let before = case.assignment.as_ref().and_then(|turn| turn.owner_before);
            if case.owner == Some(agent) && self.rules(&case).mode == ChannelMode::Service {
                case.owner = before;
            }
            case.substitute |= case.owner == Some(agent) || case.wanted == Some(agent);
        }
        self.change(case, Change::new(Holder::Queue, reason));
    }

    /// An agent's first word in a conversation that nobody holds, or their take of one: a visit opens with them.
    pub fn open_for_take(&mut self, case: &mut Case) {
        self.new_visit(case);
    }
}
