//! Bad input and the finer promises, one small scene each: who is refused and why, and who holds in the end.

mod scene;

use scene::{CHANNEL, CONVERSATION, CUSTOMER, Scene, actor, agent, boss, refused};
use uuid::Uuid;
use webim_dispatch::{AgentFacts, Effect, Event, Hours, Language, Opening, WhenClosed};
use webim_model::{
    ChannelMode, ConversationId, Holder, Millis, OwnerAway, PersonId, Refusal, TeamId, TopicId,
    TransferTo, WorkState,
};

#[test]
fn two_agents_take_one_customer() {
    let mut scene = Scene::new(|rules| rules.order = webim_model::Order::Manual);
    scene.opens();
    scene.held_by(Holder::Queue);
    scene.does(Event::Take {
        actor: actor(agent(1)),
        conversation: CONVERSATION,
    });
    let second = scene.does(Event::Take {
        actor: actor(agent(2)),
        conversation: CONVERSATION,
    });
    refused(&second, Refusal::LeaseStale);
    assert!(
        matches!(second[0], Effect::Refused { holder: Some(holder), .. } if holder == agent(1))
    );
    scene.does(Event::Take {
        actor: boss(),
        conversation: CONVERSATION,
    });
    scene.held_by(Holder::Agent(agent(9)));
    assert_eq!(
        scene.owner(),
        Some(agent(1)),
        "a supervisor helps, the customer stays the agent's"
    );
}

#[test]
fn a_transfer_waits_for_its_answer() {
    let mut scene = Scene::new(|_| ());
    scene.opens();
    scene.held_by(Holder::Agent(agent(1)));
    refused(
        &scene.transfers(actor(agent(2)), TransferTo::Agent(agent(2)), false),
        Refusal::NotHolder,
    );
    refused(
        &scene.transfers(actor(agent(1)), TransferTo::Agent(agent(1)), false),
        Refusal::TransferSelf,
    );
    refused(
        &scene.transfers(actor(agent(1)), TransferTo::Agent(agent(77)), false),
        Refusal::AgentUnknown,
    );
    refused(
        &scene.transfers(
            actor(agent(1)),
            TransferTo::Topic(TopicId(Uuid::nil())),
            false,
        ),
        Refusal::TopicUnowned,
    );
    refused(
        &scene.transfers(
            actor(agent(1)),
            TransferTo::Team(TeamId(Uuid::nil())),
            false,
        ),
        Refusal::TeamUnknown,
    );
    refused(
        &scene.transfers(actor(agent(1)), TransferTo::Robot, false),
        Refusal::RobotUnknown,
    );
    refused(
        &scene.transfers(actor(agent(1)), TransferTo::Former, false),
        Refusal::FormerUnknown,
    );
    scene.transfers(actor(agent(1)), TransferTo::Agent(agent(2)), false);
    scene.held_by(Holder::Agent(agent(1)));
    refused(
        &scene.transfers(actor(agent(1)), TransferTo::Queue, false),
        Refusal::TransferOpen,
    );
    scene.accepts(2);
    scene.held_by(Holder::Agent(agent(2)));
    assert_eq!(scene.owner(), Some(agent(2)));
}

#[test]
fn a_circle_ends_until_somebody_speaks() {
    let mut scene = Scene::new(|_| ());
    scene.opens();
    scene.transfers(actor(agent(1)), TransferTo::Agent(agent(2)), false);
    scene.accepts(2);
    scene.transfers(actor(agent(2)), TransferTo::Former, false);
    scene.accepts(1);
    refused(
        &scene.transfers(actor(agent(1)), TransferTo::Agent(agent(2)), false),
        Refusal::TransferCircle,
    );
    scene.does(Event::AgentWrote {
        conversation: CONVERSATION,
        agent: agent(1),
    });
    let effects = scene.transfers(actor(agent(1)), TransferTo::Agent(agent(2)), false);
    assert!(matches!(effects[0], Effect::Done(_)));
}

#[test]
fn to_somebody_offline_or_full_only_by_force() {
    let mut scene = Scene::new(|_| ());
    scene.opens();
    scene.leaves(2);
    refused(
        &scene.transfers(actor(agent(1)), TransferTo::Agent(agent(2)), false),
        Refusal::AgentAway,
    );
    scene.transfers(actor(agent(1)), TransferTo::Agent(agent(2)), true);
    scene.held_by(Holder::Agent(agent(2)));
    scene.does(Event::CustomerWrote {
        conversation: CONVERSATION,
    });
    scene.later(3_000_000);
    scene.held_by(Holder::Agent(agent(2)));
    scene.does(Event::AgentSet(Box::new(AgentFacts::new(agent(1), 0))));
    refused(
        &scene.transfers(boss(), TransferTo::Agent(agent(1)), false),
        Refusal::AgentFull,
    );
    scene.transfers(boss(), TransferTo::Agent(agent(1)), true);
    scene.accepts(1);
    scene.held_by(Holder::Agent(agent(1)));
}

#[test]
fn the_owner_comes_back_between_visits() {
    for (away, holder) in [
        (OwnerAway::Wait, Holder::Queue),
        (OwnerAway::Message, Holder::Queue),
        (OwnerAway::Substitute, Holder::Agent(agent(2))),
    ] {
        let mut scene = Scene::new(|rules| rules.owner_away = away);
        scene.opens();
        scene.does(Event::Close {
            actor: actor(CUSTOMER),
            conversation: CONVERSATION,
        });
        scene.does(Event::CustomerWrote {
            conversation: CONVERSATION,
        });
        scene.held_by(Holder::Agent(agent(1)));
        scene.does(Event::Close {
            actor: actor(agent(1)),
            conversation: CONVERSATION,
        });
        scene.sets(1, WorkState::Break);
        scene.opens();
        scene.held_by(Holder::Queue);
        scene.later(60_000);
        scene.held_by(holder);
        assert_eq!(scene.owner(), Some(agent(1)), "{away:?}");
        let told = scene
            .machine
            .case(CONVERSATION)
            .is_some_and(|case| case.leave_message);
        assert_eq!(told, away == OwnerAway::Message);
    }
}

#[test]
fn a_silent_agent_loses_the_customer_and_then_their_readiness() {
    let mut scene = Scene::new(|rules| {
        rules.accept_deadline = Some(10_000);
        rules.silences_before_break = 1;
    });
    scene.opens();
    let effects = scene.later(10_000);
    assert!(effects.iter().any(
        |effect| matches!(effect, Effect::Silent { agent: silent, .. } if *silent == agent(1))
    ));
    assert_eq!(
        scene.machine.work(agent(1)).map(|work| work.state),
        Some(WorkState::Break)
    );
    let effects = scene.accepts(2);
    scene.held_by(Holder::Agent(agent(2)));
    let held = effects.iter().find_map(|effect| match effect {
        Effect::Held(held) => held.receipt.clone(),
        _ => None,
    });
    let receipt = held.expect("an assignment has its receipt");
    let name = |_| "Li".to_owned();
    let english = receipt.sentence(Language::English, &name);
    assert!(
        english.starts_with("Li was assigned: the smallest load for their share."),
        "{english}"
    );
    assert!(
        receipt
            .sentence(Language::Chinese, &name)
            .starts_with("由Li接待：按权重负载最小。")
    );
}

#[test]
fn an_agent_deleted_with_thirty_customers() {
    let mut scene = Scene::new(|_| ());
    scene.does(Event::AgentSet(Box::new(AgentFacts::new(agent(1), 30))));
    scene.does(Event::AgentSet(Box::new(AgentFacts::new(agent(2), 0))));
    for n in 0..30 {
        let conversation = ConversationId(Uuid::from_u128(600 + n));
        let customer = PersonId(Uuid::from_u128(200 + n));
        scene.does(Event::Open(Box::new(Opening::new(
            conversation,
            CHANNEL,
            customer,
        ))));
    }
    scene.does(Event::AgentGone(agent(1)));
    let waiting = |scene: &Scene| scene.machine.board().channels[&CHANNEL].waiting;
    assert_eq!(waiting(&scene), 30);
    scene.does(Event::AgentSet(Box::new(AgentFacts::new(agent(2), 30))));
    assert_eq!(waiting(&scene), 0);
}

#[test]
fn closed_channels_and_unknown_things() {
    let hours = Hours {
        zone: chrono_tz::UTC,
        week: std::array::from_fn(|_| vec![]),
        holidays: [].into(),
    };
    let mut scene = Scene::new(|rules| {
        rules.hours = Some(hours.clone());
        rules.when_closed = WhenClosed::Refuse;
    });
    refused(&scene.opens(), Refusal::ChannelClosed);
    let mut scene = Scene::new(|rules| rules.hours = Some(hours));
    scene.opens();
    scene.held_by(Holder::Queue);
    scene.later(86_400_000);
    scene.held_by(Holder::Queue);
    scene.does(Event::Take {
        actor: actor(agent(1)),
        conversation: CONVERSATION,
    });
    scene.held_by(Holder::Agent(agent(1)));
    scene.does(Event::ChannelGone(CHANNEL));
    scene.does(Event::Close {
        actor: actor(agent(1)),
        conversation: CONVERSATION,
    });
    refused(&scene.opens(), Refusal::ChannelClosed);
    refused(
        &scene.does(Event::CustomerWrote {
            conversation: CONVERSATION,
        }),
        Refusal::ChannelClosed,
    );
    let gone = Event::Close {
        actor: actor(agent(1)),
        conversation: CONVERSATION,
    };
    refused(&scene.does(gone), Refusal::VisitClosed);
    let leave = Event::LeaveQueue {
        actor: actor(CUSTOMER),
        conversation: CONVERSATION,
    };
    refused(&scene.does(leave), Refusal::NotWaiting);
    let mut expert = Scene::new(|rules| rules.mode = ChannelMode::Expert);
    let mut opening = Opening::new(CONVERSATION, CHANNEL, CUSTOMER);
    opening.topic = Some(TopicId(Uuid::nil()));
    refused(
        &expert.does(Event::Open(Box::new(opening))),
        Refusal::TopicUnowned,
    );
}

#[test]
fn grace_keeps_the_place_and_then_gives_the_customer_on() {
    let mut scene = Scene::new(|_| ());
    scene.opens();
    scene.does(Event::CustomerWrote {
        conversation: CONVERSATION,
    });
    scene.leaves(1);
    scene.later(44_000);
    scene.held_by(Holder::Agent(agent(1)));
    scene.does(Event::Presence {
        person: agent(1),
        connected: true,
    });
    scene.later(60_000);
    scene.held_by(Holder::Agent(agent(1)));
    scene.leaves(1);
    scene.later(45_000);
    scene.held_by(Holder::Agent(agent(2)));
    // A clock that is set back neither takes nor gives anything.
    scene.now = Millis(0);
    scene.does(Event::Tick);
    scene.held_by(Holder::Agent(agent(2)));
}

#[test]
fn who_waited_for_hours_is_not_closed_as_idle_when_served() {
    let mut scene = Scene::new(|_| ());
    scene.sets(1, WorkState::Break);
    scene.sets(2, WorkState::Break);
    scene.opens();
    scene.later(7_200_000);
    scene.sets(2, WorkState::Ready);
    scene.later(1000);
    scene.held_by(Holder::Agent(agent(2)));
    scene.later(3_600_000);
    scene.held_by(Holder::Nobody);
}
