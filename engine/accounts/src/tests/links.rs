//! Signed addresses of files.

use webim_model::FileId;

use super::*;
use crate::FileLink;

#[tokio::test]
async fn a_signature_is_for_one_file_one_size_one_person_and_one_end() {
    let door = Door::new().await;
    let accounts = &door.accounts;
    let (file, person) = (FileId(door.sources.uuid()), PersonId(door.sources.uuid()));
    let until = door.clock.now().0 / 1_000 + 300;
    let link = FileLink {
        file,
        small: false,
        until,
    };
    let signature = accounts.sign_link(link, person);
    assert_eq!(accounts.check_link(link, &signature), Ok(person));
    let other = FileId(door.sources.uuid());
    for altered in [
        FileLink {
            file: other,
            ..link
        },
        FileLink {
            small: true,
            ..link
        },
        FileLink {
            until: until + 1,
            ..link
        },
    ] {
        let checked = accounts.check_link(altered, &signature);
        assert_eq!(checked, Err(Refusal::LinkInvalid), "{altered:?}");
    }
    // Another person, another letter, another length.
    for at in 0..signature.len() {
        let mut altered = signature.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        let checked = accounts.check_link(link, &altered);
        assert_eq!(checked, Err(Refusal::LinkInvalid), "{at}");
    }
    for altered in ["", "A", &signature[1..], &format!("{signature}A"), "签名"] {
        let checked = accounts.check_link(link, altered);
        assert_eq!(checked, Err(Refusal::LinkInvalid), "{altered}");
    }
    door.pass(299_999);
    assert_eq!(accounts.check_link(link, &signature), Ok(person));
    door.pass(1);
    assert_eq!(
        accounts.check_link(link, &signature),
        Err(Refusal::LinkExpired)
    );
    let altered = FileLink {
        until: i64::MAX,
        ..link
    };
    assert_eq!(
        accounts.check_link(altered, &signature),
        Err(Refusal::LinkInvalid)
    );
    // Another server's keys are others.
    let elsewhere = Door::new().await;
    assert_eq!(
        elsewhere.accounts.check_link(link, &signature),
        Err(Refusal::LinkInvalid)
    );
}
