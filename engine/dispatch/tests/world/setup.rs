//! Random channels and agents.

use std::collections::BTreeMap;

use webim_dispatch::{AgentFacts, ChannelRules, Event, Hours, PolicyHook, Span, WhenClosed};
use webim_model::{ChannelMode, Order, OwnerAway};

use super::{CHANNELS, World, channel, person, team, topic};

impl World {
    pub fn set_channel(&mut self, n: u64) {
        let dice = &mut self.dice;
        let mut rules = ChannelRules::new(channel(n));
        if n % 2 == 1 {
            rules.mode = ChannelMode::Expert;
            rules.topics = (0..3).map(topic).collect();
        }
        let pick = dice.roll(Order::ALL.len() as u64 + 3);
        rules.order = Order::ALL
            .get(usize::try_from(pick).expect("a small number"))
            .copied()
            .unwrap_or(Order::LeastLoaded);
        rules.owner_away = OwnerAway::ALL[usize::try_from(dice.roll(3)).expect("a small number")];
        rules.owner_deadline = 20_000;
        if dice.chance(60) {
            rules.teams = (0..2).map(|_| team(dice.roll(3))).collect();
        }
        rules.robot = dice.chance(25);
        rules.hook = dice.chance(25).then(|| PolicyHook {
            name: "test".into(),
            deadline: 3000,
        });
        rules.accept_deadline = dice.some(5000);
        rules.reply_deadline = dice.some(10_000);
        rules.vanished_after = dice.some(30_000);
        rules.idle_close = dice.some(200_000);
        rules.wrap_up = dice.some(1000);
        rules.requeue_after_grace = dice.chance(70);
        rules.veto_for = 40_000;
        if dice.chance(10) {
            let nine = Span {
                from: 540,
                to: 1080,
            };
            rules.hours = Some(Hours {
                zone: chrono_tz::Asia::Shanghai,
                week: std::array::from_fn(|_| vec![nine]),
                holidays: BTreeMap::new(),
            });
            rules.when_closed = if dice.chance(50) {
                WhenClosed::Refuse
            } else {
                WhenClosed::LeaveMessage
            };
        }
        self.catch_up();
        self.oracle.channels.insert(rules.id, rules.clone());
        self.step(Event::ChannelSet(Box::new(rules)));
    }

    pub fn set_agent(&mut self, n: u64) {
        let dice = &mut self.dice;
        let mut facts = AgentFacts::new(
            person(n),
            u32::try_from(dice.roll(6)).expect("a small number"),
        );
        facts.teams = (0..2).map(|_| team(dice.roll(3))).collect();
        facts.topics = (0..3).map(|_| topic(dice.roll(3))).collect();
        facts.weight = 50 * u32::try_from(dice.roll(4)).expect("a small number");
        if dice.chance(50) {
            facts.skills.insert("fr".into());
        }
        if dice.chance(20) {
            facts.per_channel.insert(channel(dice.roll(CHANNELS)), 1);
        }
        self.catch_up();
        self.oracle.agents.insert(facts.id, facts.clone());
        self.step(Event::AgentSet(Box::new(facts)));
    }
}
