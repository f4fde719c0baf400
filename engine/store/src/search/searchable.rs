//! What of a message is searched.

use std::borrow::Cow;

use webim_model::Body;

/// What a message does to the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect<'a> {
    /// It is found by these words.
    Words(Cow<'a, str>),
    /// The message that it refers to is found by these words from now on.
    Replace(Cow<'a, str>),
    /// The message that it refers to is not found any more.
    Forget,
    /// Nothing.
    Nothing,
}

/// What `body` does to the index. A new kind of body is one line here.
pub fn effect(body: &Body) -> Effect<'_> {
    match body {
        Body::Text { text } => Effect::Words(webim_text::plain(text)),
        // Found among the files, by the file's name.
        Body::Attachment(_) => Effect::Words(Cow::Borrowed("")),
        Body::Card(card) => Effect::Words(Cow::Owned(format!("{}\n{}", card.title, card.text))),
        Body::Edit { text } => Effect::Replace(webim_text::plain(text)),
        Body::Recall => Effect::Forget,
        Body::System { .. } | Body::Reaction { .. } | Body::Recalled | Body::Erased => {
            Effect::Nothing
        }
    }
}

/// The words of a message as a list of results shows them; none if it is not searched.
pub fn searchable(body: &Body) -> Option<Cow<'_, str>> {
    match effect(body) {
        Effect::Words(text) => Some(text),
        Effect::Replace(_) | Effect::Forget | Effect::Nothing => None,
    }
}
