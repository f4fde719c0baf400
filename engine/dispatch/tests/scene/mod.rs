//! A small service: one channel, two agents who are ready, a supervisor and one customer.

use uuid::Uuid;
use webim_dispatch::{
    Actor, AgentFacts, ChannelRules, Dispatch, Effect, Event, Opening, Seed, TransferAsk,
};
use webim_model::{
    ChannelId, ConversationId, HistoryShown, Holder, Millis, PersonId, Refusal, Role, Roles,
    TransferTo, WorkState,
};

pub const CONVERSATION: ConversationId = ConversationId(Uuid::from_u128(500));
pub const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(900));
pub const CUSTOMER: PersonId = PersonId(Uuid::from_u128(100));

/// Two agents who are ready, with room for two each; and a supervisor.
pub struct Scene {
    pub machine: Dispatch,
    pub now: Millis,
    next: u128,
}

pub fn agent(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

pub fn actor(person: PersonId) -> Actor {
    Actor {
        person,
        roles: Roles::default(),
    }
}

pub fn boss() -> Actor {
    Actor {
        person: agent(9),
        roles: Roles::default().with(Role::Supervisor),
    }
}

impl Scene {
    pub fn new(change: impl FnOnce(&mut ChannelRules)) -> Self {
        let mut scene = Self {
            machine: Dispatch::new(Seed(1)),
            now: Millis(1_790_000_000_000),
            next: 1 << 64,
        };
        let mut rules = ChannelRules::new(CHANNEL);
        change(&mut rules);
        scene.does(Event::ChannelSet(Box::new(rules)));
        for n in [1, 2] {
            scene.does(Event::AgentSet(Box::new(AgentFacts::new(agent(n), 2))));
            scene.does(Event::Presence {
                person: agent(n),
                connected: true,
            });
            scene.sets(n, WorkState::Ready);
        }
        let mut boss = AgentFacts::new(agent(9), 0);
        boss.serves = false;
        scene.does(Event::AgentSet(Box::new(boss)));
        scene
    }

    pub fn does(&mut self, event: Event) -> Vec<Effect> {
        let next = &mut self.next;
        let mut ids = || {
            *next += 1;
            Uuid::from_u128(*next)
        };
        let effects = self.machine.apply(self.now, event, &mut ids);
        assert_eq!(self.machine.check(), vec![]);
        effects
    }

    pub fn sets(&mut self, n: u128, state: WorkState) {
        self.does(Event::SetState {
            actor: actor(agent(n)),
            agent: agent(n),
            state,
        });
    }

    pub fn leaves(&mut self, n: u128) {
        self.does(Event::Presence {
            person: agent(n),
            connected: false,
        });
    }

    pub fn opens(&mut self) -> Vec<Effect> {
        self.does(Event::Open(Box::new(Opening::new(
            CONVERSATION,
            CHANNEL,
            CUSTOMER,
        ))))
    }

    pub fn later(&mut self, millis: i64) -> Vec<Effect> {
        self.now = self.now.plus(millis);
        self.does(Event::Tick)
    }

    pub fn transfers(&mut self, by: Actor, to: TransferTo, force: bool) -> Vec<Effect> {
        let lease = self.machine.case(CONVERSATION).map_or(0, |case| case.lease);
        self.does(Event::Transfer(Box::new(TransferAsk {
            actor: by,
            conversation: CONVERSATION,
            lease,
            to,
            note: None,
            history: HistoryShown::All,
            force,
        })))
    }

    pub fn accepts(&mut self, n: u128) -> Vec<Effect> {
        let offer = self
            .machine
            .case(CONVERSATION)
            .and_then(|case| case.offer.as_ref())
            .map(|offer| offer.id);
        let offer = offer.expect("an offer is open");
        self.does(Event::Answer {
            actor: actor(agent(n)),
            offer,
            accept: true,
            reason: None,
        })
    }

    #[track_caller]
    pub fn held_by(&self, holder: Holder) {
        assert_eq!(
            self.machine.case(CONVERSATION).map(|case| case.holder),
            Some(holder)
        );
    }

    pub fn owner(&self) -> Option<PersonId> {
        self.machine.case(CONVERSATION).and_then(|case| case.owner)
    }
}

#[track_caller]
pub fn refused(effects: &[Effect], why: Refusal) {
    assert_eq!(effects.len(), 1, "a refusal changes nothing: {effects:?}");
    assert!(
        matches!(effects[0], Effect::Refused { refusal, .. } if refusal == why),
        "{effects:?}"
    );
}
