//! The files that a text shows: LayIM's micro-markup names them by their address.

use uuid::Uuid;
use webim_model::{Body, FileId};

/// Where files are found; also what a text is searched for.
pub(crate) const ADDRESS: &str = "/files/";

/// Files that one text can show; further ones are words.
const MOST: usize = 20;

/// The files that `body` names, each once.
pub(crate) fn shown(body: &Body) -> Vec<FileId> {
    let text = match body {
        Body::Text { text } | Body::System { text } | Body::Edit { text } => text,
        Body::Attachment(attachment) => return vec![attachment.file],
        Body::Card(card) => return card.picture.into_iter().collect(),
        Body::Recall | Body::Reaction { .. } | Body::Recalled | Body::Erased => {
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for (at, _) in text.match_indices(ADDRESS) {
        let id = text[at + ADDRESS.len()..].get(..36);
        let Some(id) = id.and_then(|id| id.parse::<Uuid>().ok()).map(FileId) else {
            continue;
        };
        if !found.contains(&id) {
            found.push(id);
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Vec<FileId> {
        shown(&Body::Text { text: text.into() })
    }

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        let id = |n: u128| Uuid::from_u128(n);
        let text = format!(
            "看 img[/files/{}] file(https://chat.example/files/{})[a.pdf] /files/{} /files/{}字",
            id(1),
            id(2),
            id(1),
            id(3)
        );
        assert_eq!(files(&text), [1, 2, 3].map(|n| FileId(id(n))));
    }

    #[test]
    fn what_is_no_address_is_a_word() {
        for text in [
            "/files/",
            "/files/x",
            "/files/字字字字字字字字字字字字字",
            "files",
            "",
        ] {
            assert!(files(text).is_empty(), "{text}");
        }
        let many: Vec<_> = (0..100)
            .map(|n| format!("/files/{}", Uuid::from_u128(n)))
            .collect();
        assert_eq!(files(&many.join(" ")).len(), MOST);
    }
}
