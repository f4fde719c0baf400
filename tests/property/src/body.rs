//! The limits of a text, and that what is stored is what was said.

use proptest::prelude::*;
use webim_model::{Body, BodyError, Limits};
use webim_wire::payload;

use crate::seeded;
use crate::words::text;

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
    fn a_body_survives_the_table(text in text(200), system in any::<bool>()) {
        let text = text.as_str().into();
        let body = if system { Body::System { text } } else { Body::Text { text } };
        prop_assert_eq!(payload::load(body.kind().name(), &payload::store(&body)), Some(body));
    }

    /// Whatever stands in the columns, reading it does not panic, and an unknown kind is not guessed at.
    #[test]
    fn foreign_columns_are_refused(kind in "[a-z]{0,8}", body in text(60)) {
        let loaded = payload::load(&kind, &body);
        if kind != "text" && kind != "system" {
            prop_assert_eq!(loaded, None);
        }
    }
}
