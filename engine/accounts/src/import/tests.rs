//! What files say, what is wrong with them, and what they change.

use webim_model::{Role, Roles, Sources};
use webim_store::{DirectorySnapshot, PersonRecord, UnitRecord};

use super::*;

const UNITS: &str =
    "code,name,parent,position\nhq,华远科技,,1\nrd,研发部,hq,1\nrd-web,\"Web, and more\",rd,\n";
const PEOPLE: &str = "login,name,units,roles,password\nLina,李娜,rd;hq,admin,\nJohn.Smith,John Smith,rd-web,agent;supervisor,secret-word\n";

const TREE: &str = r#"{
  "units": [
    {"code": "hq", "name": "华远科技", "units": [
      {"code": "rd", "name": "研发部",
       "people": [
         {"login": "lina", "name": "李娜", "units": ["hq"], "roles": ["admin"]}
       ]}
    ]}
  ],
  "people": [{"login": "expert", "name": "External"}]
}"#;

fn source<'a>(name: &'a str, text: &'a str) -> Source<'a> {
    Source {
        name,
        bytes: text.as_bytes(),
    }
}

fn csv() -> DirectoryFile {
    read(&[source("units.csv", UNITS), source("people.csv", PEOPLE)]).unwrap()
}

/// What stands in the way of these files, one problem a line.
fn wrong(sources: &[(&str, &str)]) -> String {
    let sources: Vec<_> = sources
        .iter()
        .map(|(name, text)| source(name, text))
        .collect();
    lines(read(&sources).map(drop))
}

fn lines(result: Result<(), ImportError>) -> String {
    match result {
        Ok(()) => "nothing is wrong".to_owned(),
        Err(ImportError::Bad(problems)) => problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n"),
        Err(error) => error.to_string(),
    }
}

/// What is stored once the plan is applied to what was stored.
fn apply(stored: &DirectorySnapshot, plan: &webim_store::DirectoryPlan) -> DirectorySnapshot {
    let mut after = stored.clone();
    let put = |units: &mut Vec<UnitRecord>, unit: &UnitRecord| {
        units.retain(|other| other.id != unit.id);
        units.push(unit.clone());
    };
    for unit in plan.units_insert.iter().chain(&plan.units_update) {
        put(&mut after.units, unit);
    }
    for unit in &mut after.units {
        unit.active &= !plan.units_remove.contains(&unit.id);
    }
    let inserted = plan.people_insert.iter().map(|person| &person.record);
    for person in plan.people_update.iter().chain(inserted) {
        after.people.retain(|other| other.id != person.id);
        after.people.push(person.clone());
    }
    for person in &mut after.people {
        person.active &= !plan.people_deactivate.contains(&person.id);
    }
    after.memberships.extend(&plan.memberships_add);
    after.memberships.retain(|pair| {
        !plan.memberships_remove.contains(pair)
            && !plan.units_remove.contains(&pair.0)
            && !plan.people_deactivate.contains(&pair.1)
    });
    after.version += 1;
    after
}

fn imported(file: &DirectoryFile, stored: &DirectorySnapshot, missing: Missing) -> Comparison {
    compare(file, stored, missing, &Sources::system()).unwrap()
}

#[test]
fn both_forms_say_the_same() {
    let file = csv();
    assert_eq!(file.units.len(), 3);
    assert_eq!(file.units[2].name, "Web, and more");
    assert_eq!(file.people[0].login, "lina");
    assert_eq!(
        file.people[0].roles,
        Some(Roles::default().with(Role::Admin))
    );
    assert_eq!(file.people[1].password.as_deref(), Some("secret-word"));
    let tree = read(&[source("tree.json", TREE)]).unwrap();
    assert_eq!(tree.units[1].parent, Some(Some("hq".to_owned())));
    assert_eq!(
        tree.people[0].units.as_deref(),
        Some(["rd".to_owned(), "hq".to_owned()].as_slice())
    );
    assert_eq!(tree.people[1].units, None);
    assert_eq!(tree.people[0].place.line, 6);
}

#[test]
fn windows_files_and_other_separators() {
    let text = "\u{feff}login;name;units\r\nlina;李娜;\"rd；hq\"\r\n\r\nwang;王芳;rd\r\n";
    let file = read(&[source("p.csv", text)]).unwrap();
    assert_eq!(file.people[0].units.as_ref().unwrap().len(), 2);
    assert_eq!(file.people[1].place.line, 4);
}

#[test]
fn every_bad_line_is_listed_with_its_number() {
    let people = "login,name,units,roles,password\nlina,李娜,rd,admin,\nli na,X,,,\n,Nobody,,,\nwang,,rd,chef,\nzhao,赵六,rd,boss,\nLINA,again,,,\nqian,钱七,rd\nsun,孙八,rd,,short\n";
    insta::assert_snapshot!(wrong(&[("people.csv", people)]), @r#"
    people.csv:5: there is no role "chef"; there are agent, supervisor, admin, auditor
    people.csv:6: there is no role "boss"; there are agent, supervisor, admin, auditor
    people.csv:8: the line has 3 fields, the first line names 5 columns
    people.csv:3: the login "li na" holds a space, comma, semicolon or quote
    people.csv:4: the login is empty
    people.csv:9: the password is shorter than 8 characters
    people.csv:7: the login "lina" is already on people.csv:2
    "#);
}

#[test]
fn bad_units() {
    let units = "code,name,parent,position\nhq,总部,,first\nrd,研发,,1\nrd,研发,,2\nx,,,\n";
    insta::assert_snapshot!(wrong(&[("units.csv", units)]), @r#"
    units.csv:2: the position "first" is not a whole number
    units.csv:5: the name is empty
    units.csv:4: the code "rd" is already on units.csv:3
    "#);
}

#[test]
fn bad_first_lines_and_encodings() {
    insta::assert_snapshot!(wrong(&[("a.csv", ""), ("b.csv", "who,what\n"), ("c.csv", "login,name,phone\n"), ("d.csv", "login,login,name\n"), ("e.csv", "code,parent\n")]), @r#"
    a.csv:1: the first line must name the columns: of units (code, name, parent, position) or of people (login, name, units, roles, password, avatar)
    b.csv:1: the first line must name the columns: of units (code, name, parent, position) or of people (login, name, units, roles, password, avatar)
    c.csv:1: there is no column "phone"; there are login, name, units, roles, password, avatar
    d.csv:1: the column "login" is there twice
    e.csv:1: the column "name" is missing
    "#);
    let gbk = Source {
        name: "gbk.csv",
        bytes: b"login,name\nlina,\xc0\xee\xc4\xc8\n",
    };
    insta::assert_snapshot!(lines(read(&[gbk]).map(drop)), @r#"gbk.csv:2: the file is not UTF-8; save it as "CSV UTF-8""#);
}

#[test]
fn bad_json_is_named_by_line_and_all_at_once() {
    insta::assert_snapshot!(wrong(&[("t.json", "{\"units\": [\n")]), @"t.json:2: EOF while parsing a list");
    let text = "{\"units\": [\n {\"code\": \"hq\"},\n {\"code\": \"rd\", \"name\": \"研发\",\n  \"people\": [\n   {\"login\": \"a\", \"name\": 3},\n   {\"login\": \"b\", \"name\": \"B\",\n    \"phone\": 1},\n   {\"login\": \"c\", \"name\": \"C\", \"roles\": [\"boss\"]}\n ]}\n]}";
    insta::assert_snapshot!(wrong(&[("t.json", text)]), @r#"
    t.json:2: missing field `name`
    t.json:5: invalid type: integer `3`, expected a string
    t.json:7: unknown field `phone`, expected one of `login`, `name`, `units`, `roles`, `password`, `avatar`
    t.json:8: there is no role "boss"; there are agent, supervisor, admin, auditor
    "#);
}

#[test]
fn a_file_twice_changes_nothing_the_second_time() {
    for file in [csv(), read(&[source("tree.json", TREE)]).unwrap()] {
        let first = imported(&file, &DirectorySnapshot::default(), Missing::Keep);
        let stored = apply(&DirectorySnapshot::default(), &first.plan);
        for missing in [Missing::Keep, Missing::Remove] {
            let second = imported(&file, &stored, missing);
            assert!(second.plan.is_empty(), "{:?}", second.plan);
            assert_eq!(second.diff.to_string(), "nothing changes");
        }
    }
}

#[test]
fn the_diff_of_a_first_import() {
    let first = imported(&csv(), &DirectorySnapshot::default(), Missing::Keep);
    insta::assert_snapshot!(first.diff, @r#"
    + unit hq: "华远科技" in (top)
    + unit rd: "研发部" in hq
    + unit rd-web: "Web, and more" in rd
    + person lina: "李娜" in hq, rd; roles admin
    + person john.smith: "John Smith" in rd-web; roles agent, supervisor
    units: 3 added, 0 changed, 0 removed; people: 2 added, 0 changed, 0 removed
    "#);
}

fn stored() -> DirectorySnapshot {
    let first = imported(&csv(), &DirectorySnapshot::default(), Missing::Keep);
    apply(&DirectorySnapshot::default(), &first.plan)
}

#[test]
fn changes_are_told_one_by_one() {
    let people = source(
        "p.csv",
        "login,name,units,roles\nlina,李娜娜,rd,admin\nnew,新人,hq,\n",
    );
    let units = source("u.csv", "code,name,parent\nhq,华远,\nrd,研发部,hq\n");
    let file = read(&[people, units]).unwrap();
    let stored = stored();
    let kept = imported(&file, &stored, Missing::Keep);
    insta::assert_snapshot!(kept.diff, @r#"
    ~ unit hq: name "华远科技" -> "华远"
    ~ person lina: name "李娜" -> "李娜娜"; units hq, rd -> rd
    + person new: "新人" in hq
    units: 0 added, 1 changed, 0 removed; people: 1 added, 1 changed, 0 removed
    "#);
    let removed = imported(&file, &stored, Missing::Remove);
    insta::assert_snapshot!(removed.diff, @r#"
    ~ unit hq: name "华远科技" -> "华远"
    - unit rd-web: "Web, and more"
    ~ person lina: name "李娜" -> "李娜娜"; units hq, rd -> rd
    + person new: "新人" in hq
    - person john.smith: "John Smith"
    units: 0 added, 1 changed, 1 removed; people: 1 added, 1 changed, 1 removed
    "#);
    let gone = apply(&stored, &removed.plan);
    let back = imported(&csv(), &gone, Missing::Keep);
    insta::assert_snapshot!(back.diff, @r#"
    ~ unit hq: name "华远" -> "华远科技"
    + unit rd-web: it comes back
    ~ person lina: name "李娜娜" -> "李娜"; units rd -> hq, rd
    + person john.smith: they come back; units (no unit) -> rd-web
    units: 1 added, 1 changed, 0 removed; people: 1 added, 1 changed, 0 removed
    "#);
    assert_eq!(back.plan.people_insert, [], "the same person comes back");
}

#[test]
fn a_file_of_people_alone_removes_no_unit() {
    let file = read(&[source("p.csv", "login,name\nlina,李娜\n")]).unwrap();
    let removed = imported(&file, &stored(), Missing::Remove);
    assert_eq!(removed.plan.units_remove, []);
    assert_eq!(removed.plan.people_deactivate.len(), 1);
    assert_eq!(
        removed.plan.memberships_remove,
        [],
        "units were not said and stay"
    );
}

fn refused(text: &str, missing: Missing) -> String {
    let file = read(&[source("f.csv", text)]).unwrap();
    lines(compare(&file, &stored(), missing, &Sources::system()).map(drop))
}

#[test]
fn what_does_not_fit_what_is_stored() {
    insta::assert_snapshot!(refused("login,name,units\nlina,李娜,rd;moon\n", Missing::Keep), @r#"f.csv:2: there is no unit "moon""#);
    insta::assert_snapshot!(refused("code,name,parent\nx,X,moon\n", Missing::Keep), @r#"f.csv:2: there is no unit "moon" to be its parent"#);
    insta::assert_snapshot!(refused("code,name,parent\nhq,总部,rd-web\nother,O,\n", Missing::Keep), @r#"f.csv:2: the unit "hq" would be inside itself"#);
    insta::assert_snapshot!(refused("code,name\nrd-web,Web\n", Missing::Remove), @r#"f.csv:2: its parent "rd" goes; say which one it shall have"#);
    insta::assert_snapshot!(refused("login,name,roles\nlina,李娜,\n", Missing::Keep), @"no active admin would be left; nothing was changed");
    insta::assert_snapshot!(refused("login,name,roles\nother,O,agent\n", Missing::Remove), @"no active admin would be left; nothing was changed");
    insta::assert_snapshot!(refused("login,name,roles\nother,O,admin\n", Missing::Remove), @"nothing is wrong");
}

#[test]
fn logins_that_were_stored_in_another_case_are_the_same_person() {
    let mut stored = stored();
    let person: &mut PersonRecord = &mut stored.people[0];
    person.login = person.login.to_uppercase();
    assert_eq!(
        imported(&csv(), &stored, Missing::Keep).plan.people_insert,
        []
    );
}

#[tokio::test]
async fn initial_passwords() {
    let mut first = imported(&csv(), &DirectorySnapshot::default(), Missing::Keep);
    let made = first.generate_passwords(&Sources::system());
    assert_eq!(made.len(), 1, "who has one in the file gets no other");
    assert_eq!((made[0].0.as_str(), made[0].1.len()), ("lina", 17));
    let passwords = crate::Passwords::new(Sources::system(), 2);
    first.hash_passwords(&passwords, |_, _| ()).await.unwrap();
    for (person, password) in [(0, made[0].1.as_str()), (1, "secret-word")] {
        let hash = first.plan.people_insert[person].password_hash.clone();
        assert_eq!(
            passwords.matches(password, hash, || true).await,
            Ok(Some(true))
        );
    }
}
