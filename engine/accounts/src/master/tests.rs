//! Sealing and opening, keys that come and go, and files that others can read.

use std::path::Path;

use super::*;

fn keys() -> (MasterKeys, Sources) {
    let sources = Sources::system();
    (MasterKeys::fresh(&sources), sources)
}

const HERE: Place<'_> = Place {
    table: "channels.secret",
    row: "42",
};

#[test]
fn what_is_sealed_opens_in_its_place_only() {
    let (keys, sources) = keys();
    for plain in [&b""[..], b"x", &[7; 10_000]] {
        let sealed = keys.seal(HERE, plain, &sources);
        assert_eq!(keys.open(HERE, &sealed).unwrap(), plain);
        assert_ne!(
            sealed,
            keys.seal(HERE, plain, &sources),
            "never twice the same"
        );
    }
    let sealed = keys.seal(HERE, b"secret", &sources);
    assert!(!sealed.windows(6).any(|part| part == b"secret"));
    for (table, row) in [
        ("channels.secret", "43"),
        ("channels.secret4", "2"),
        ("channels.secre", "t42"),
        ("", ""),
    ] {
        let elsewhere = Place { table, row };
        assert_eq!(
            keys.open(elsewhere, &sealed),
            Err(KeyError::Altered),
            "{table} {row}"
        );
    }
}

#[test]
fn no_byte_can_be_changed_and_none_left_out() {
    let (keys, sources) = keys();
    let sealed = keys.seal(HERE, b"a secret", &sources);
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            let opened = keys.open(HERE, &changed);
            let expected = matches!(opened, Err(KeyError::Altered | KeyError::Unknown(_)));
            assert!(expected, "byte {at}, bit {bit}: {opened:?}");
        }
        assert!(keys.open(HERE, &sealed[..at]).is_err(), "cut at {at}");
    }
    let longer = [&sealed[..], &[0]].concat();
    assert_eq!(keys.open(HERE, &longer), Err(KeyError::Altered));
}

#[test]
fn a_new_key_seals_and_old_ones_open() {
    let sources = Sources::system();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("master.key");
    let first = MasterKeys::read_or_make(&file, &sources).unwrap();
    let sealed = first.seal(HERE, b"old", &sources);
    let id = MasterKeys::rotate(&file, &sources).unwrap();
    let second = MasterKeys::read_or_make(&file, &sources).unwrap();
    assert_eq!(second.ids(), [first.ids(), vec![id]].concat());
    assert_eq!(second.open(HERE, &sealed).unwrap(), b"old");
    let newer = second.seal(HERE, b"new", &sources);
    assert_eq!(first.open(HERE, &newer), Err(KeyError::Unknown(id)));
    let said = first.open(HERE, &newer).unwrap_err().to_string();
    assert!(
        said.contains(&id.to_string()) && said.contains("not among the keys"),
        "{said}"
    );
    // Signatures of before hold too, and none holds for another purpose.
    let signature = first.sign("files", b"message");
    assert!(second.signed("files", b"message", &signature));
    assert!(!second.signed("others", b"message", &signature));
    assert!(!second.signed("files", b"another", &signature));
    assert!(!first.signed("files", b"message", &second.sign("files", b"message")));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is left beside it");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let sources = Sources::system();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("master.key");
    MasterKeys::read_or_make(&file, &sources).unwrap();
    let mode = |file: &Path| std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    MasterKeys::rotate(&file, &sources).unwrap();
    assert_eq!(mode(&file), 0o600, "after a rotation too");
    for wrong in [0o644, 0o640, 0o604, 0o620, 0o601] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(wrong)).unwrap();
        let said = MasterKeys::read(&file).unwrap_err().to_string();
        assert!(
            said.contains(&format!("mode {wrong:o}")) && said.contains("chmod 600"),
            "{said}"
        );
        assert!(MasterKeys::rotate(&file, &sources).is_err());
    }
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o400)).unwrap();
    assert!(MasterKeys::read(&file).unwrap().is_some());
}

#[test]
fn keys_that_are_none() {
    let good = "0a1b2c3d:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let other = "0a1b2c3e:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for text in [
        good.to_owned(),
        format!("# words\n\n {good},{other}\n"),
        format!("{good} {other}"),
    ] {
        assert!(MasterKeys::parse(&text).is_ok(), "{text}");
    }
    for (text, expected) in [
        (String::new(), KeyError::Count),
        ("# only words".to_owned(), KeyError::Count),
        (format!("{good}\n{good}"), KeyError::Count),
        (format!("{good}\nsecret"), KeyError::Form(2)),
        (good[1..].to_owned(), KeyError::Form(1)),
        ("+a1b2c3d:AAAA".to_owned(), KeyError::Form(1)),
        ("0a1b2c3d:AAAA".to_owned(), KeyError::Form(1)),
    ] {
        let error = MasterKeys::parse(&text).unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(!error.to_string().contains("secret"));
    }
    let missing = MasterKeys::read(Path::new("/nowhere/master.key"));
    assert_eq!(missing.unwrap().map(|keys| keys.ids()), None);
}

#[test]
fn keys_do_not_show_themselves() {
    let (keys, _) = keys();
    let shown = format!("{keys:?} {keys:#?}");
    assert_eq!(shown.matches("KeyId").count(), 2);
    assert!(!shown.contains(&format!("{:?}", keys.newest().bytes)));
    let text = STANDARD.encode(keys.newest().bytes);
    assert!(!shown.contains(&text));
}
