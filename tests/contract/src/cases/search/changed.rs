//! What edits and recalls do to what is found, and what taking in costs.

use std::sync::Arc;

use webim_model::{About, Body, ConversationId, PersonId};
use webim_store::{Erase, NewMessage};

use super::{Case, find, index};

on_all!(
    edits_recalls_and_erasure_change_what_is_found,
    a_large_bite_writes_few_segments,
);

fn amending(case: &Case, at: ConversationId, who: PersonId, body: Body) -> NewMessage {
    let mut message = case.world.text(at, who, "…");
    (message.body, message.about) = (body, About::of(1));
    message
}

/// As said, edited, recalled and erased, each taken in at once or together with what came before it.
async fn edits_recalls_and_erasure_change_what_is_found(case: Arc<Case>) {
    for at_once in [true, false] {
        let (world, store) = (&case.world, &case.world.store);
        let people = world.people(2).await;
        let mut places = Vec::new();
        for _ in 0..3 {
            let more = world.people(1).await;
            let at = store.direct(people[0], more[0]).await.unwrap();
            world.say(at, people[0], "the budget 会议").await;
            places.push((at, more[0]));
        }
        if at_once {
            index(store).await;
        }
        let edit = |text: &str| Body::Edit { text: text.into() };
        let [(edited, _), (recalled, _), (erased, _)] = places[..] else {
            panic!("three");
        };
        world
            .commit(vec![amending(
                &case,
                edited,
                people[0],
                edit("the picnic 野餐"),
            )])
            .await;
        world
            .commit(vec![
                amending(&case, recalled, people[0], edit("the picnic")),
                amending(&case, recalled, people[0], Body::Recall),
            ])
            .await;
        let gone = Erase::SaidBy(people[0]);
        store.erase(erased, gone, 0, false).await.unwrap();
        index(store).await;
        for (number, (at, other)) in places.iter().enumerate() {
            for reader in [people[0], *other] {
                let found = async |words| find(store, reader, words, Some(*at)).await.unwrap();
                let context = format!("{number} {at_once}");
                for old in ["budget", "会议"] {
                    assert_eq!(found(old).await, [], "{context} {old}");
                }
                let new = if number == 0 { vec![(*at, 1)] } else { vec![] };
                for words in ["picnic", "野餐"] {
                    assert_eq!(found(words).await, new, "{context} {words}");
                }
            }
        }
    }
}

/// Pairs who talk as fast as they can: a second of it is taken in by few rows.
async fn a_large_bite_writes_few_segments(case: Arc<Case>) {
    const PAIRS: usize = 10;
    const EACH: usize = 150;
    let (world, store) = (&case.world, &case.world.store);
    let people = world.people(2 * PAIRS).await;
    let mut places = Vec::new();
    for pair in people.chunks(2) {
        places.push((store.direct(pair[0], pair[1]).await.unwrap(), pair[0]));
    }
    for round in 0..EACH / 25 {
        let texts = (0..25 * PAIRS).map(|number| {
            let (at, sender) = places[number % PAIRS];
            world.text(at, sender, &format!("word{round} {number}"))
        });
        world.commit(texts.collect()).await;
    }
    let all: Vec<_> = places.iter().map(|(at, _)| *at).collect();
    let progress = store.index(&all).await.unwrap();
    assert_eq!(progress.messages, (PAIRS * EACH) as u64);
    assert_eq!(progress.segments, 2 * PAIRS as u64, "one of each person");
    assert_eq!(progress.left, []);
}
