//! What assignment hooks say, checked again before it counts: a hook can be slow, wrong or dead, and service goes on.

use webim_model::{AskId, DecidedBy, Holder, HolderReason, PersonId};

use crate::choose::Survey;
use crate::event::PolicyAnswer;
use crate::holder::Change;
use crate::settle::Decision;
use crate::turn::Turn;
use crate::{Case, Effect};

impl Turn<'_> {
    /// Ignored when the question is over.
    pub fn policy_answered(&mut self, ask: AskId, answer: PolicyAnswer) {
        let conversation = self.d.index.asks.get(&ask).copied();
        let found = conversation.and_then(|id| self.d.cases.get(&id)).cloned();
        let Some((mut case, (_, deadline))) =
            found.and_then(|case| case.ask.map(|ask| (case, ask)))
        else {
            return;
        };
        let rules = self.rules(&case);
        let hook = rules.hook.as_ref();
        let asked = hook.map_or(deadline, |hook| deadline.plus(-hook.deadline.max(1)));
        let decision = |by| Decision {
            by,
            hook: hook.map(|hook| hook.name.clone()),
            took: self.d.now.since(asked),
        };
        let chosen = decision(DecidedBy::Hook);
        let wrong = decision(DecidedBy::HookWrong);
        let builtin = decision(DecidedBy::Builtin);
        let failed = decision(DecidedBy::HookSilent);
        case.ask = None;
        match answer {
            PolicyAnswer::Builtin => self.decide(case, &[], builtin.clone(), builtin),
            PolicyAnswer::Failed => self.decide(case, &[], failed.clone(), failed),
            PolicyAnswer::Choose(agent) => self.decide(case, &[agent], chosen, wrong),
            PolicyAnswer::Order(agents) => self.decide(case, &agents, chosen, wrong),
            PolicyAnswer::Veto(agents) => {
                for agent in agents {
                    self.veto(&mut case, agent);
                }
                self.decide(case, &[], chosen.clone(), chosen);
            }
            PolicyAnswer::Queue => self.hold_back(case),
            PolicyAnswer::Form(form) => {
                let conversation = case.conversation;
                self.out.push(Effect::PushForm { conversation, form });
                self.hold_back(case);
            }
            PolicyAnswer::Robot if rules.robot => {
                self.change(case, Change::new(Holder::Robot, HolderReason::Hook));
            }
            PolicyAnswer::Robot => self.decide(case, &[], wrong.clone(), wrong),
        }
    }

    /// The deadline passed: the built-in policy decides, and the receipt says why.
    pub fn hook_silent(&mut self, mut case: Case) {
        let rules = self.rules(&case);
        case.ask = None;
        let silent = Decision {
            by: DecidedBy::HookSilent,
            hook: rules.hook.as_ref().map(|hook| hook.name.clone()),
            took: rules.hook.as_ref().map_or(0, |hook| hook.deadline),
        };
        self.decide(case, &[], silent.clone(), silent);
    }

    /// Waits on without being looked at, so that the hook is not asked again at once.
    fn hold_back(&mut self, mut case: Case) {
        let millis = self.rules(&case).veto_for.max(1);
        case.held_until = Some(self.now().plus(millis));
        self.put(case);
    }

    /// The first of `named` who fits, or else the best of all; nobody, if nobody fits any more.
    fn decide(&mut self, case: Case, named: &[PersonId], chosen: Decision, otherwise: Decision) {
        // Indexed as waiting first: others before it may have come to fit while the hook was thinking.
        self.put(case.clone());
        let rules = self.rules(&case);
        let survey: Survey = self.d.survey(&case, &rules);
        let first = named.iter().copied().find(|agent| survey.fits(*agent));
        match (first, survey.best()) {
            (Some(agent), _) => self.grant(case, agent, &survey, chosen),
            (None, Some(agent)) => self.grant(case, agent, &survey, otherwise),
            (None, None) => {}
        }
    }
}
