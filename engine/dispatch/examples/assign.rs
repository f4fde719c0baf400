//! What an assignment costs among 1,000 agents with 10,000 waiting, in microseconds.
//! `cargo run --release -p webim-dispatch --example assign`

use std::io::Write as _;
use std::time::Instant;

use uuid::Uuid;
use webim_dispatch::{Actor, AgentFacts, ChannelRules, Dispatch, Effect, Event, Opening, Seed};
use webim_model::{ChannelId, ConversationId, Holder, Millis, PersonId, Roles, TeamId, WorkState};

const AGENTS: u128 = 1000;
const WAITING: u128 = 10_000;
const ROUNDS: usize = 2000;
const CHANNELS: u128 = 4;

struct Bench {
    machine: Dispatch,
    now: i64,
    next: u128,
}

impl Bench {
    fn apply(&mut self, event: Event) -> Vec<Effect> {
        self.now += 7;
        let next = &mut self.next;
        let mut ids = || {
            *next += 1;
            Uuid::from_u128(*next)
        };
        self.machine.apply(Millis(self.now), event, &mut ids)
    }

    fn open(&mut self, n: u128) -> Vec<Effect> {
        let channel = ChannelId(Uuid::from_u128(n % CHANNELS + 1));
        let customer = PersonId(Uuid::from_u128(1_000_000 + n));
        let conversation = ConversationId(Uuid::from_u128(2_000_000 + n));
        self.apply(Event::Open(Box::new(Opening::new(
            conversation,
            channel,
            customer,
        ))))
    }
}

fn main() -> std::io::Result<()> {
    let (mut bench, mut n) = full_house();
    let (mut freed, mut arrived) = (Vec::new(), Vec::new());
    let rows = bench.machine.snapshot().cases;
    let held = rows.iter().filter_map(|case| match case.holder {
        Holder::Agent(agent) => Some((case.conversation, agent)),
        _ => None,
    });
    for (conversation, person) in held.take(ROUNDS) {
        let actor = actor(person);
        let began = Instant::now();
        let effects = bench.apply(Event::Close {
            actor,
            conversation,
        });
        freed.push(began.elapsed().as_micros());
        let assigned = |effect: &Effect| matches!(effect, Effect::Held(held) if matches!(held.row.holder, Holder::Agent(_)));
        assert!(effects.iter().any(assigned), "nobody was assigned");
        n += 1;
        let began = Instant::now();
        bench.open(n);
        arrived.push(began.elapsed().as_micros());
    }
    let began = Instant::now();
    bench.apply(Event::Tick);
    let tick = began.elapsed().as_micros();
    let mut out = std::io::stdout();
    for (what, mut times) in [
        ("a customer leaves, the next is assigned", freed),
        ("a customer comes and waits", arrived),
    ] {
        times.sort_unstable();
        let at = |part: usize| times[(times.len() - 1) * part / 100];
        writeln!(
            out,
            "{what}: median {} µs, 99 % {} µs, worst {} µs",
            at(50),
            at(99),
            at(100)
        )?;
    }
    writeln!(
        out,
        "a tick that tells every place: {tick} µs; waiting {}",
        waiting(&bench.machine)
    )
}

fn actor(person: PersonId) -> Actor {
    Actor {
        person,
        roles: Roles::default(),
    }
}

/// Every agent is full and the queues are long; and the number of the last customer.
fn full_house() -> (Bench, u128) {
    let mut bench = Bench {
        machine: Dispatch::new(Seed(1)),
        now: 1_790_000_000_000,
        next: 1 << 64,
    };
    for n in 0..CHANNELS {
        let mut rules = ChannelRules::new(ChannelId(Uuid::from_u128(n + 1)));
        rules.teams = [TeamId(Uuid::from_u128(n)), TeamId(Uuid::from_u128(n + 1))].into();
        bench.apply(Event::ChannelSet(Box::new(rules)));
    }
    for n in 1..=AGENTS {
        let agent = PersonId(Uuid::from_u128(n));
        let mut facts = AgentFacts::new(agent, 5);
        facts.teams = [TeamId(Uuid::from_u128(n % (CHANNELS + 1)))].into();
        bench.apply(Event::AgentSet(Box::new(facts)));
        bench.apply(Event::Presence {
            person: agent,
            connected: true,
        });
        let actor = actor(agent);
        bench.apply(Event::SetState {
            actor,
            agent,
            state: WorkState::Ready,
        });
    }
    let mut n = 0;
    while waiting(&bench.machine) < WAITING {
        for _ in 0..500 {
            n += 1;
            bench.open(n);
        }
    }
    (bench, n)
}

fn waiting(machine: &Dispatch) -> u128 {
    machine
        .board()
        .channels
        .values()
        .map(|channel| u128::from(channel.waiting))
        .sum()
}
