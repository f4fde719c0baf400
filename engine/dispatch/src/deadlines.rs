//! Everything that happens because time passed: which deadlines a row has, and what each does.

use webim_model::{
    ClosedBy, Holder, HolderReason, Millis, OfferOutcome, PersonId, WorkCause, WorkState,
};

use crate::fault::Fault;
use crate::machine::Dispatch;
use crate::turn::Turn;
use crate::{Case, Effect, Silence};

/// What a deadline is for, in the order in which those of one moment are worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Offer,
    Ask,
    Held,
    Veto,
    Owner,
    Vanished,
    Grace,
    Reply,
    Waited,
    Idle,
}

impl Dispatch {
    /// The first deadline of a row.
    pub(crate) fn due(&self, case: &Case) -> Option<Millis> {
        let causes = self.causes(case);
        causes.into_iter().filter_map(|(_, at)| at).min()
    }

    fn causes(&self, case: &Case) -> [(Cause, Option<Millis>); 10] {
        let rules = self.rules(case.channel);
        let waits = case.holder == Holder::Queue;
        let after = |from: Option<Millis>, millis: Option<i64>| Some(from?.plus(millis?));
        let offer = case.offer.as_ref().map(|offer| offer.until);
        let offer = offer.filter(|_| !self.is_faulty(Fault::OfferForEver));
        let held = case
            .held_until
            .filter(|until| waits && *until < Millis(i64::MAX));
        let veto = case.vetoes.iter().map(|(_, until)| *until).min();
        let told = matches!(case.holder, Holder::Queue | Holder::Agent(_)) && !case.waited_told;
        let quiet = matches!(case.holder, Holder::Robot | Holder::Agent(_));
        [
            (Cause::Offer, offer),
            (Cause::Ask, case.ask.map(|(_, until)| until)),
            (Cause::Held, held),
            (Cause::Veto, veto.filter(|_| waits)),
            (
                Cause::Owner,
                case.owner_deadline
                    .filter(|_| waits && case.offer.is_none()),
            ),
            (
                Cause::Vanished,
                after(case.vanished_at.filter(|_| waits), rules.vanished_after),
            ),
            (
                Cause::Grace,
                self.grace_ends(case)
                    .filter(|_| rules.requeue_after_grace && case.waiting_since.is_some()),
            ),
            (Cause::Reply, after(reply_from(case), rules.reply_deadline)),
            (
                Cause::Waited,
                after(case.waiting_since.filter(|_| told), rules.waited_after),
            ),
            (
                Cause::Idle,
                after(case.last_said_at.filter(|_| quiet), rules.idle_close),
            ),
        ]
    }

    /// Until when the holder, who has no socket, keeps the conversation; nobody takes a customer from one to whom they
    /// were given by explicit choice.
    pub(crate) fn grace_ends(&self, case: &Case) -> Option<Millis> {
        let turn = case.assignment.as_ref().filter(|turn| !turn.beyond)?;
        let work = &self.agents.get(&turn.agent)?.work;
        let gone = work.gone_at.filter(|_| !work.connected)?;
        Some(gone.plus(self.rules(case.channel).grace))
    }
}

/// From when the first answer of the holder's turn is waited for.
fn reply_from(case: &Case) -> Option<Millis> {
    let turn = case.assignment.as_ref()?;
    let waits = turn.answered_at.is_none() && !turn.beyond;
    Some(case.waiting_since.filter(|_| waits)?.max(turn.began_at))
}

impl Turn<'_> {
    /// Works on every deadline that has passed, the earliest first.
    pub fn expire_all(&mut self) {
        let now = self.now();
        while let Some((at, agent)) = self.d.index.agents_due.first().copied()
            && at <= now
        {
            self.d.index.agents_due.remove(&(at, agent));
            self.wrapped_up(agent);
        }
        while let Some((at, conversation)) = self.d.index.due.first().copied()
            && at <= now
        {
            let Some(case) = self.d.cases.get(&conversation).cloned() else {
                break;
            };
            self.expire(case);
        }
    }

    fn wrapped_up(&mut self, agent: PersonId) {
        if let Some(found) = self.d.agents.get_mut(&agent) {
            found.work.wrap_up_until = None;
            if found.work.state == WorkState::WrapUp {
                found.work.state = WorkState::Ready;
            }
            self.work.insert(agent, WorkCause::WrapUp);
            self.roomy.insert(agent);
        }
    }

    /// The first of a row's deadlines that have passed. Each ends its own cause, so that the next is another.
    fn expire(&mut self, mut case: Case) {
        let now = self.now();
        let causes = self.d.causes(&case);
        let passed = causes.iter().find(|(_, at)| at.is_some_and(|at| at <= now));
        match passed.map(|(cause, _)| *cause) {
            None => {}
            Some(Cause::Offer) => self.offer_over(case, OfferOutcome::TimedOut, None),
            Some(Cause::Ask) => self.hook_silent(case),
            Some(Cause::Held) => {
                case.held_until = None;
                case.leave_message = false;
                self.prefer(&mut case);
                self.put(case);
            }
            Some(Cause::Veto) => {
                case.vetoes.retain(|(_, until)| *until > now);
                self.put(case);
            }
            Some(Cause::Owner) => {
                self.owner_away(&mut case);
                self.put(case);
            }
            Some(Cause::Vanished) => self.close(case, ClosedBy::Vanished, None),
            Some(Cause::Grace) => self.requeue(case, HolderReason::Disconnected),
            Some(Cause::Reply) => self.silent(case),
            Some(Cause::Waited) => {
                self.waited(&mut case);
                self.put(case);
            }
            Some(Cause::Idle) => self.close(case, ClosedBy::Idle, None),
        }
    }

    fn waited(&mut self, case: &mut Case) {
        case.waited_told = true;
        self.out.push(Effect::Waited {
            conversation: case.conversation,
            since: case.waiting_since.unwrap_or(self.d.now),
            holder: case.holder,
        });
    }

    /// The holder did not answer in time: somebody else's turn.
    fn silent(&mut self, case: Case) {
        if let Holder::Agent(agent) = case.holder {
            self.out.push(Effect::Silent {
                agent,
                conversation: case.conversation,
                what: Silence::Customer,
            });
            let limit = self.rules(&case).silences_before_break;
            self.requeue(case, HolderReason::Silent);
            self.count_silence(agent, limit);
        }
    }

    /// One more silence in a row; too many are a break.
    pub fn count_silence(&mut self, agent: PersonId, limit: u32) {
        if let Some(found) = self.d.agents.get_mut(&agent) {
            found.work.silences += 1;
            if found.work.silences >= limit && found.work.state != WorkState::Break {
                found.work.state = WorkState::Break;
            }
            self.work.insert(agent, WorkCause::Silent);
        }
    }
}
