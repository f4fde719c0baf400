//! Whom an agent fits, and in which order the built-in policies take those who fit.

use std::collections::BTreeMap;

use webim_model::{ChannelId, Order, PersonId, Verdict, WorkState};

use crate::fault::Fault;
use crate::index::Place;
use crate::machine::{Agent, Dispatch};
use crate::receipt::CANDIDATES;
use crate::{Candidate, Case, ChannelRules};

/// The order of those who fit: language, wishes, the policy's own, the id.
type Rank = (bool, u32, u64, PersonId);

/// All agents as one conversation sees them.
pub(crate) struct Survey {
    /// Who fits, the best first.
    pub fits: Vec<(Rank, Candidate)>,
    others: Vec<Candidate>,
    pub counts: BTreeMap<Verdict, u32>,
    /// The generator after it, to be kept if something is decided by it.
    pub random: u64,
}

impl Survey {
    pub fn best(&self) -> Option<PersonId> {
        self.fits.first().map(|(_, found)| found.agent)
    }

    pub fn fits(&self, agent: PersonId) -> bool {
        self.fits.iter().any(|(_, found)| found.agent == agent)
    }

    /// What a receipt names.
    pub fn candidates(&self) -> Vec<Candidate> {
        let fits = self
            .fits
            .iter()
            .zip(1..)
            .map(|((_, found), rank)| Candidate { rank, ..*found });
        fits.chain(self.others.iter().copied())
            .take(CANDIDATES)
            .collect()
    }
}

impl Dispatch {
    /// What stays true of an agent and a conversation whatever they do now: record, team, topic, labels.
    pub(crate) fn standing(agent: &Agent, case: &Case, rules: &ChannelRules) -> Verdict {
        let facts = &agent.facts;
        if !facts.active || !facts.serves {
            return Verdict::Inactive;
        }
        if facts.id == case.customer {
            return Verdict::Itself;
        }
        if let Some(only) = case.only_for {
            // Their own agent stays theirs, in whichever team.
            return if only == facts.id {
                Verdict::Fits
            } else {
                Verdict::Reserved
            };
        }
        let in_team = match case.team {
            Some(team) => facts.teams.contains(&team),
            None => rules.teams.is_empty() || !rules.teams.is_disjoint(&facts.teams),
        };
        if !in_team {
            return Verdict::Team;
        }
        if case.team.is_none()
            && case
                .topic
                .is_some_and(|topic| !facts.topics.contains(&topic))
        {
            return Verdict::Topic;
        }
        let lacks = rules
            .skills
            .iter()
            .chain(&case.skills)
            .any(|skill| !facts.skills.contains(skill));
        if lacks { Verdict::Skill } else { Verdict::Fits }
    }

    /// Whether this agent could be given this conversation now, or why not.
    pub(crate) fn verdict(&self, agent: &Agent, case: &Case, rules: &ChannelRules) -> Verdict {
        let standing = Self::standing(agent, case, rules);
        if standing != Verdict::Fits {
            return standing;
        }
        if !agent.work.connected {
            return Verdict::NotConnected;
        }
        if agent.work.state != WorkState::Ready {
            return Verdict::NotReady;
        }
        if let Some(full) = self.full(agent, case.channel) {
            return full;
        }
        let id = agent.facts.id;
        let vetoed = case
            .vetoes
            .iter()
            .any(|(agent, until)| *agent == id && *until > self.now);
        if vetoed && !self.is_faulty(Fault::VetoIgnored) {
            return Verdict::Vetoed;
        }
        Verdict::Fits
    }

    /// Whether they hold as many as they may, in all or of this channel.
    pub(crate) fn full(&self, agent: &Agent, channel: ChannelId) -> Option<Verdict> {
        let id = agent.facts.id;
        if self.is_faulty(Fault::CapacityIgnored) {
            return None;
        }
        if self.index.load(id) >= agent.facts.capacity {
            return Some(Verdict::Full);
        }
        let of_channel = agent.facts.per_channel.get(&channel)?;
        (self.index.channel_load(id, channel) >= *of_channel).then_some(Verdict::ChannelFull)
    }

    /// Looks at every agent for one conversation.
    pub(crate) fn survey(&self, case: &Case, rules: &ChannelRules) -> Survey {
        let mut survey = Survey {
            fits: Vec::new(),
            others: Vec::new(),
            counts: BTreeMap::new(),
            random: self.random,
        };
        for agent in self.agents.values() {
            let verdict = self.verdict(agent, case, rules);
            *survey.counts.entry(verdict).or_default() += 1;
            if verdict == Verdict::Fits {
                let found = self.candidate(agent, case, verdict);
                let own = self.own_rank(agent, rules, &mut survey.random);
                let missing = u32::try_from(case.wishes.len()).unwrap_or(u32::MAX) - found.wishes;
                let no_language = case.language.is_some() && !found.language;
                survey
                    .fits
                    .push(((no_language, missing, own, found.agent), found));
            } else if survey.others.len() < CANDIDATES {
                survey.others.push(self.candidate(agent, case, verdict));
            }
        }
        survey.fits.sort_unstable_by_key(|(rank, _)| *rank);
        survey
    }

    fn candidate(&self, agent: &Agent, case: &Case, verdict: Verdict) -> Candidate {
        let facts = &agent.facts;
        let here = facts.per_channel.get(&case.channel).copied();
        let wishes = case
            .wishes
            .iter()
            .filter(|wish| facts.skills.contains(*wish))
            .count();
        let language = case.language.as_ref();
        Candidate {
            agent: facts.id,
            verdict,
            load: self.index.load(facts.id),
            capacity: here.unwrap_or(u32::MAX).min(facts.capacity),
            weight: facts.weight,
            idle: agent.work.assigned_at.map(|at| self.now.since(at)),
            language: language.is_some_and(|language| facts.languages.contains(language)),
            wishes: u32::try_from(wishes).unwrap_or(u32::MAX),
            rank: 0,
        }
    }

    fn own_rank(&self, agent: &Agent, rules: &ChannelRules, random: &mut u64) -> u64 {
        let facts = &agent.facts;
        match rules.order {
            Order::LeastLoaded => {
                u64::from(self.index.load(facts.id)) * 1_000_000 / u64::from(facts.weight.max(1))
            }
            Order::RoundRobin => {
                let last = self.cursors.get(&rules.id);
                u64::from(last.is_some_and(|last| facts.id <= *last))
            }
            Order::LongestIdle => {
                let at = agent.work.assigned_at.map_or(i64::MIN, |at| at.0);
                // Keeps the order of signed numbers.
                at.cast_unsigned() ^ (1 << 63)
            }
            Order::Random => next_random(random),
            Order::Manual => 0,
        }
    }

    /// The first in the queues whom this agent could be given now.
    pub(crate) fn best_for(&self, id: PersonId) -> Option<Place> {
        let agent = self.agents.get(&id)?;
        let facts = &agent.facts;
        if !facts.active || !agent.work.connected || agent.work.state != WorkState::Ready {
            return None;
        }
        if self.index.load(id) >= facts.capacity && !self.is_faulty(Fault::CapacityIgnored) {
            return None;
        }
        let reserved = self.index.reserved.get(&id);
        let general = self
            .index
            .general
            .iter()
            .filter(|(key, _)| self.rules(key.channel).order != Order::Manual);
        let sets = general.map(|(_, set)| set).chain(reserved);
        sets.filter_map(|set| {
            for place in set {
                let case = &self.cases[&place.2];
                match self.verdict(agent, case, &self.rules(case.channel)) {
                    Verdict::Fits => return Some(*place),
                    Verdict::Vetoed | Verdict::Itself => {}
                    Verdict::ChannelFull if case.only_for.is_some() => {}
                    // What keeps them from one of a queue keeps them from all of it.
                    _ => return None,
                }
            }
            None
        })
        .min()
    }
}

/// The next of a fixed sequence (splitmix64): receipts and tests can be repeated.
fn next_random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
