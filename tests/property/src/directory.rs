//! The files of a directory: whatever they hold, every problem is named by a line that exists; and what was meant is
//! what is read, in either form.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::json;
use webim_accounts::import::{DirectoryFile, ImportError, Source, read};

use crate::seeded;
use crate::words::text;

/// A unit's number, its parent's (a smaller one), and its name.
type Unit = (usize, Option<usize>, String);
/// A person's number, name and units.
type Person = (usize, String, Vec<usize>);

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z][a-zA-Z .,;\"']{0,14}[a-z]",
        "[\u{4e00}-\u{9fff}]{2,4}",
        "[a-z] ,\"[\u{4e00}-\u{9fff}][a-z]",
    ]
}

fn organisation() -> impl Strategy<Value = (Vec<Unit>, Vec<Person>)> {
    let units = proptest::collection::vec((any::<prop::sample::Index>(), name()), 1..8);
    let people = proptest::collection::vec(
        (
            name(),
            proptest::collection::vec(any::<prop::sample::Index>(), 0..3),
        ),
        0..12,
    );
    (units, people).prop_map(|(units, people)| {
        let count = units.len();
        let units = units
            .into_iter()
            .enumerate()
            .map(|(n, (parent, name))| (n, (n > 0).then(|| parent.index(n)), name));
        let people = people.into_iter().enumerate().map(|(n, (name, units))| {
            let mut units: Vec<_> = units.iter().map(|unit| unit.index(count)).collect();
            units.sort_unstable();
            units.dedup();
            (n, name, units)
        });
        (units.collect(), people.collect())
    })
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn csv(units: &[Unit], people: &[Person]) -> (String, String) {
    let mut first = "code,name,parent\n".to_owned();
    for (n, parent, name) in units {
        let parent = parent
            .map(|parent| format!("u{parent}"))
            .unwrap_or_default();
        writeln!(first, "u{n},{},{parent}", quoted(name)).expect("a string takes all");
    }
    let mut second = "login,name,units\n".to_owned();
    for (n, name, units) in people {
        let units: Vec<_> = units.iter().map(|unit| format!("u{unit}")).collect();
        writeln!(second, "p{n},{},{}", quoted(name), units.join(";")).expect("a string takes all");
    }
    (first, second)
}

fn nested(units: &[Unit], parent: Option<usize>) -> Vec<serde_json::Value> {
    let own = units.iter().filter(|(_, above, _)| *above == parent);
    own.map(|(n, _, name)| {
        json!({"code": format!("u{n}"), "name": name, "units": nested(units, Some(*n))})
    })
    .collect()
}

fn json_text(units: &[Unit], people: &[Person]) -> String {
    let people = people.iter().map(|(n, name, units)| {
        let units: Vec<_> = units.iter().map(|unit| format!("u{unit}")).collect();
        json!({"login": format!("p{n}"), "name": name, "units": units})
    });
    json!({"units": nested(units, None), "people": people.collect::<Vec<_>>()}).to_string()
}

/// What was read, without where it stood and in the order of the codes.
#[expect(clippy::type_complexity, reason = "rows as the test compares them")]
fn meaning(
    file: &DirectoryFile,
) -> (
    Vec<(String, String, Option<String>)>,
    Vec<(String, String, Vec<String>)>,
) {
    let mut units: Vec<_> = file
        .units
        .iter()
        .map(|unit| {
            (
                unit.code.clone(),
                unit.name.clone(),
                unit.parent.clone().flatten(),
            )
        })
        .collect();
    units.sort();
    let people = file.people.iter().map(|person| {
        (
            person.login.clone(),
            person.name.clone(),
            person.units.clone().unwrap_or_default(),
        )
    });
    (units, people.collect())
}

fn problems_stand_on_lines(name: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    let lines = 1 + bytes.split(|byte| *byte == b'\n').count() as u64 - 1;
    if let Err(ImportError::Bad(problems)) = read(&[Source { name, bytes }]) {
        prop_assert!(!problems.is_empty());
        for problem in problems {
            prop_assert_eq!(&problem.place.file, name);
            prop_assert!(
                (1..=lines).contains(&problem.place.line),
                "{} of {}",
                problem,
                lines
            );
            prop_assert!(!problem.message.is_empty());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(seeded(600))]

    #[test]
    fn any_bytes_are_read_or_refused_by_line(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        problems_stand_on_lines("any", &bytes)?;
    }

    #[test]
    fn almost_a_table_is_read_or_refused_by_line(
        head in prop::sample::select(vec!["login,name,units,roles,password", "code,name,parent,position", "login;name"]),
        rows in proptest::collection::vec(proptest::collection::vec(text(8), 1..6), 0..8),
    ) {
        let rows: Vec<_> = rows.iter().map(|row| row.join(",")).collect();
        problems_stand_on_lines("t.csv", format!("{head}\n{}", rows.join("\n")).as_bytes())?;
    }

    #[test]
    fn almost_a_tree_is_read_or_refused_by_line(words in proptest::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\n", "\"units\"", "\"people\"", "\"code\"", "\"name\"", "\"login\"", "1", "null", "\"hq\"",
    ]), 0..40)) {
        problems_stand_on_lines("t.json", format!("{{{}", words.concat()).as_bytes())?;
    }

    #[test]
    fn both_forms_say_what_was_meant((units, people) in organisation()) {
        let (first, second) = csv(&units, &people);
        let sources = [("u.csv", &first), ("p.csv", &second)].map(|(name, text)| Source { name, bytes: text.as_bytes() });
        let from_csv = read(&sources).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let tree = json_text(&units, &people);
        let from_json = read(&[Source { name: "t.json", bytes: tree.as_bytes() }]);
        let from_json = from_json.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let (read_units, read_people) = meaning(&from_csv);
        prop_assert_eq!(meaning(&from_json), (read_units.clone(), read_people.clone()));
        prop_assert_eq!(read_units.len(), units.len());
        for (unit, (n, parent, name)) in read_units.iter().zip(&units) {
            let parent = parent.map(|parent| format!("u{parent}"));
            prop_assert_eq!(unit, &(format!("u{n}"), name.trim().to_owned(), parent));
        }
        for (person, (n, name, units)) in read_people.iter().zip(&people) {
            let units = units.iter().map(|unit| format!("u{unit}")).collect::<Vec<_>>();
            prop_assert_eq!(person, &(format!("p{n}"), name.trim().to_owned(), units));
        }
    }
}
