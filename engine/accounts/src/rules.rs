//! What a new password must keep, beyond what can be hashed at all: it should not be among the first guesses.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use webim_model::Person;

use crate::password::{LONGEST, SHORTEST};

/// Passwords of at least 8 characters that every guesser tries first, in lower case.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("common.txt").lines().collect());

/// What lies side by side, in the alphabet and on the keyboard.
const ROWS: [&str; 3] = [
    "012345678901234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
];

/// What an operator can set about new passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// The shortest, in characters; fewer than 8 counts as 8.
    pub shortest: usize,
}

impl Default for PasswordRules {
    fn default() -> Self {
        Self { shortest: SHORTEST }
    }
}

/// The rule that a password does not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    /// Fewer characters than this.
    Short(usize),
    /// More bytes than can be hashed.
    Long,
    /// The person's own login, perhaps with digits around it.
    Login,
    /// The person's own name, perhaps with digits around it.
    Name,
    /// Among the first that are tried, or of one pattern.
    Common,
    /// The one that it is to replace.
    Same,
}

impl Weak {
    /// The rule's name: stable, so that a page can say it in its own words.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Short(_) => "min_length",
            Self::Long => "max_length",
            Self::Login => "login",
            Self::Name => "name",
            Self::Common => "common",
            Self::Same => "same",
        }
    }
}

impl fmt::Display for Weak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.rule())?;
        match self {
            Self::Short(shortest) => write!(f, "at least {shortest} characters"),
            Self::Long => write!(f, "at most {LONGEST} bytes"),
            Self::Login => f.write_str("not the login"),
            Self::Name => f.write_str("not the name"),
            Self::Common => f.write_str("not one of the first that are tried"),
            Self::Same => f.write_str("not the old one again"),
        }
    }
}

impl PasswordRules {
    /// The first rule that `password` of `person` does not keep.
    pub fn check(self, password: &str, person: &Person) -> Result<(), Weak> {
        let shortest = self.shortest.max(SHORTEST);
        if password.len() > LONGEST {
            return Err(Weak::Long);
        }
        if password.chars().count() < shortest {
            return Err(Weak::Short(shortest));
        }
        let login = person.login.as_deref().unwrap_or_default();
        let local = login.split('@').next().unwrap_or_default();
        if [login, local].iter().any(|login| alike(password, login)) {
            return Err(Weak::Login);
        }
        if alike(password, &person.name) {
            return Err(Weak::Name);
        }
        if common(password) {
            return Err(Weak::Common);
        }
        Ok(())
    }
}

/// Letters and digits in lower case.
fn plain(text: &str) -> String {
    let kept = text.chars().filter(|char| char.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

/// Whether one is the other, but for case, signs, digits around it and its direction.
fn alike(password: &str, word: &str) -> bool {
    let core = |text: &str| {
        text.trim_matches(|char: char| char.is_ascii_digit())
            .to_owned()
    };
    let (password, word) = (plain(password), plain(word));
    let backwards: String = word.chars().rev().collect();
    let bare = core(&word);
    !word.is_empty()
        && (password == word
            || password == backwards
            || (!bare.is_empty() && core(&password) == bare))
}

fn common(password: &str) -> bool {
    let lower = password.to_lowercase();
    COMMON.contains(&*lower) || patterned(&lower)
}

/// One short piece again and again, or a run such as `12345678`.
fn patterned(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let repeats = |size: usize| {
        chars
            .iter()
            .zip(&chars[size..])
            .all(|(one, other)| one == other)
    };
    if (1..=4).any(|size| chars.len() > size && repeats(size)) {
        return true;
    }
    let backwards: String = chars.iter().rev().collect();
    ROWS.iter()
        .any(|row| row.contains(text) || row.contains(&*backwards))
}

#[cfg(test)]
mod tests {
    use webim_model::{PersonId, PersonKind, Roles, Sources, Status};

    use super::*;

    fn person() -> Person {
        Person {
            id: PersonId(Sources::system().uuid()),
            kind: PersonKind::Member,
            login: Some("zhang.wei01@example.com".into()),
            name: "Zhang Weiming".into(),
            avatar: String::new(),
            sign: String::new(),
            roles: Roles::default(),
            active: true,
            status: Status::Online,
        }
    }

    #[test]
    fn each_rule_has_its_name() {
        let rules = PasswordRules { shortest: 10 };
        let broken = |password: &str| rules.check(password, &person()).err().map(Weak::rule);
        for (password, rule) in [
            ("nine char", "min_length"),
            ("", "min_length"),
            ("九个汉字也太短了呢", "min_length"),
            ("Zhang.Wei01", "login"),
            ("zhang-wei-2026", "login"),
            ("10IEWgnahz", "login"),
            ("zhang.wei01@EXAMPLE.com", "login"),
            ("zhangweiming", "name"),
            ("ZhangWeiming88", "name"),
            ("Password123", "common"),
            ("1234567890", "common"),
            ("zyxwvutsrq", "common"),
            ("aaaaaaaaaa", "common"),
            ("abcabcabcabc", "common"),
        ] {
            assert_eq!(broken(password), Some(rule), "{password}");
        }
        assert_eq!(broken(&"长".repeat(400)), Some("max_length"));
        for good in [
            "correct horse",
            "十个汉字也就够长了吧",
            "zhang wei likes tea",
        ] {
            assert_eq!(broken(good), None, "{good}");
        }
    }

    #[test]
    fn fewer_than_eight_is_never_enough() {
        let rules = PasswordRules { shortest: 0 };
        let broken = rules.check("seven77", &person());
        assert_eq!(broken, Err(Weak::Short(8)));
        assert_eq!(
            broken.unwrap_err().to_string(),
            "min_length: at least 8 characters"
        );
    }

    #[test]
    fn the_list_is_in_the_form_that_is_compared() {
        for line in include_str!("common.txt").lines() {
            assert_eq!(line, line.to_lowercase());
            assert!(line.chars().count() >= SHORTEST, "{line}");
        }
        assert!(COMMON.len() > 100);
    }
}
