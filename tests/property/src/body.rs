//! The limits of a text, and that what is stored is what was said.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use uuid::Uuid;
use webim_model::{
    About, Attachment, Body, BodyError, Card, Forwarded, Limits, Mention, MessageKind, Millis, Show,
};
use webim_wire::payload;

use crate::seeded;
use crate::words::text;

fn bodies() -> impl Strategy<Value = Body> {
    let show = prop::sample::select(vec![Show::Picture, Show::File, Show::Voice, Show::Video]);
    let attachment = (show, any::<u128>(), text(40), any::<(u64, u32, u32, u32)>()).prop_map(
        |(show, file, name, (bytes, width, height, seconds))| {
            let attachment = Attachment {
                show,
                file: Uuid::from_u128(file).into(),
                media_type: name.as_str().into(),
                name: name.into(),
                bytes,
                width,
                height,
                seconds,
            };
            Body::Attachment(attachment.into())
        },
    );
    let card = (text(40), text(40), any::<(bool, Option<u128>)>()).prop_map(
        |(title, words, (link, picture))| {
            let card = Card {
                link: link.then(|| title.as_str().into()),
                title: title.into(),
                text: words.into(),
                picture: picture.map(|id| Uuid::from_u128(id).into()),
            };
            Body::Card(card.into())
        },
    );
    prop_oneof![
        4 => text(200).prop_map(|text| Body::Text { text: text.into() }),
        1 => text(200).prop_map(|text| Body::System { text: text.into() }),
        1 => text(200).prop_map(|text| Body::Edit { text: text.into() }),
        1 => (text(8), any::<bool>()).prop_map(|(emoji, on)| Body::Reaction { emoji: emoji.into(), on }),
        1 => Just(Body::Recall),
        2 => attachment,
        1 => card,
    ]
}

fn about(
    refers: Option<u64>,
    people: BTreeSet<u128>,
    everyone: bool,
    forwarded: Option<(Option<u128>, i64)>,
) -> About {
    let people = people.into_iter().map(|id| Uuid::from_u128(id).into());
    let mention = Mention {
        people: people.collect(),
        everyone,
    };
    About {
        refers,
        mention: (!mention.is_empty()).then(|| Arc::new(mention)),
        forwarded: forwarded.map(|(sender, time)| Forwarded {
            sender: sender.map(|id| Uuid::from_u128(id).into()),
            time: Millis(time),
        }),
    }
}

proptest! {
    #![proptest_config(seeded(2_000))]

    /// Taken exactly if it is short enough, holds no NUL and says something; and then word for word.
    #[test]
    fn a_text_is_taken_exactly_within_the_limits(text in text(40), most in 1_usize..30) {
        let limits = Limits { text_chars: most, ..Limits::default() };
        let expected = if text.chars().count() > most {
            Err(BodyError::TooLong)
        } else if text.contains('\0') {
            Err(BodyError::Nul)
        } else if text.chars().all(char::is_whitespace) {
            Err(BodyError::Empty)
        } else {
            Ok(Body::Text { text: text.as_str().into() })
        };
        prop_assert_eq!(Body::text(&text, &limits), expected);
    }

    /// The columns of the table bring back what was put in.
    #[test]
    fn a_body_survives_the_table(
        body in bodies(),
        refers in any::<Option<u64>>(),
        people in proptest::collection::btree_set(any::<u128>(), 0..4),
        everyone in any::<bool>(),
        forwarded in any::<Option<(Option<u128>, i64)>>(),
    ) {
        let about = about(refers, people, everyone, forwarded);
        let column = payload::store(&body, &about);
        prop_assert_eq!(payload::load(body.kind().name(), &column), Some((body, about)));
    }

    /// Whatever stands in the columns, reading it does not panic, and an unknown kind is not guessed at.
    #[test]
    fn foreign_columns_are_refused(kind in "[a-z]{0,8}", body in text(60)) {
        let loaded = payload::load(&kind, &body);
        if MessageKind::parse(&kind).is_none() {
            prop_assert_eq!(loaded, None);
        }
    }
}
