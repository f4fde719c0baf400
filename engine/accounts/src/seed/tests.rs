//! The predecessor's tables, as exports have them, and what becomes of them.

use webim_model::Role;
use webim_store::PersonRecord;

use super::talks::Between;
use super::*;

const UNITS: &str = "\u{feff}UNIT_DESC;unit_code;Unit_Name;PARENT_UNIT;UNIT_ORDER;IS_VALID\n\
    \"a; b\";hq;华远科技;0;1;T\n;rd;研发部;gone;;T\n;gone;Old;HQ;2;F\n";
const USERS: &str = "USER_CODE,USER_NAME,LOGIN_NAME,IS_VALID,USER_PIN\n\
    U1,李娜,Lina,T,x\nU2,张伟,,T,x\nU9,前同事,,F,x\n";
const CUSTOMERS: &str = "OS_ID,USER_CODE,USER_NAME,USER_TYPE,HEAD_SCULPTURE\n\
    a,u1,Li Na,S,/a.png\nb,U1,Li Na,U,https://a.example/1.png\na,X1,External,P,\na,K1,Customer,C,\n";
const MEMBERS: &str = "USER_CODE,UNIT_CODE\nu1,RD\nU1,gone\nX1,rd\n";

fn rules(skip_bad: bool) -> Rules {
    Rules {
        offset: "+08:00".parse().unwrap(),
        limits: Limits::default(),
        latest: Millis(1_700_000_000_000),
        skip_bad,
    }
}

fn planned(files: &[&str], stored: &DirectorySnapshot, skip_bad: bool) -> Result<Plan, String> {
    let names: Vec<String> = (1..=files.len())
        .map(|number| format!("{number}.csv"))
        .collect();
    let files: Vec<_> = names
        .iter()
        .zip(files)
        .map(|(name, text)| Source {
            name,
            bytes: text.as_bytes(),
        })
        .collect();
    plan(&files, stored, &rules(skip_bad), &Sources::system()).map_err(|error| match error {
        ImportError::Bad(problems) => {
            let lines = problems.iter().map(ToString::to_string);
            lines.collect::<Vec<_>>().join("\n")
        }
        ImportError::NoAdmin => error.to_string(),
    })
}

fn messages(rows: &str) -> String {
    format!("MSG_ID,OS_ID,MSG_TYPE,SENDER,RECEIVER,SEND_TIME,MSG_STATE,CONTENT\n{rows}")
}

fn record<'a>(plan: &'a Plan, login: &str) -> &'a PersonRecord {
    let people = &plan.comparison.plan.people_insert;
    let found = people.iter().find(|person| person.record.login == login);
    &found.unwrap().record
}

#[test]
fn units_and_people_become_a_directory() {
    let empty = DirectorySnapshot::default();
    let plan = planned(&[UNITS, USERS, CUSTOMERS, MEMBERS], &empty, false).unwrap();
    let made = &plan.comparison.plan;
    let [hq, rd] = made.units_insert.as_slice() else {
        panic!("{made:?}");
    };
    assert_eq!((hq.code.as_str(), hq.parent, hq.position), ("hq", None, 1));
    assert_eq!((rd.code.as_str(), rd.parent), ("rd", Some(hq.id)));
    let (lina, expert) = (record(&plan, "lina"), record(&plan, "x1"));
    assert_eq!(lina.name, "李娜");
    assert_eq!(lina.avatar, "https://a.example/1.png");
    assert!(lina.roles.has(Role::Agent) && expert.roles.has(Role::Agent));
    assert!(!record(&plan, "u2").roles.has(Role::Agent));
    assert!(lina.active && !record(&plan, "u9").active);
    assert_eq!(made.memberships_add, [(rd.id, lina.id)]);
    assert_eq!((plan.new_people, plan.customers), (3, 1));
}

#[test]
fn messages_become_conversations_in_order() {
    let rows = "b,o,C,u1,U2,2021-03-04 09:00:00,C,\"{\"\"msg\"\":\"\"2\"\"}\"\n\
        a,o,C,U2,U1,2021-03-04 09:00:00,C,1\n\
        c,o,C,U2,U1,2021-03-04 08:59:59,U,\"0\nand more\"\n\
        d,o,G,U9,RD,2021-03-04 09:00:00,,group\n\
        d,o,G,U9,RD,2021-03-04 09:00:00,,group\n\
        e,o,G,U1,handmade,2021-03-04 09:00:00,,x\n\
        f,o,C,K1,U1,2021-03-04 09:00:00,,x\n\
        g,o,C,robot,U1,2021-03-04 09:00:00,,x\n\
        h,o,C,U1,U1,2021-03-04 09:00:00,,x\n\
        i,o,Q,U1,robot,2021-03-04 09:00:00,,x\n\
        j,o,C,U1,U2,2021-03-04 09:00:00,,{}\n";
    let rows = messages(rows);
    let files = [UNITS, USERS, CUSTOMERS, MEMBERS, rows.as_str()];
    let plan = planned(&files, &DirectorySnapshot::default(), false).unwrap();
    let said = |two: bool| -> Vec<&str> {
        let mut talks = plan.talks.all.iter();
        let talk = talks.find(|talk| matches!(talk.between, Between::Two(..)) == two);
        talk.unwrap()
            .lines
            .iter()
            .map(|line| line.body.words())
            .collect()
    };
    assert_eq!(said(true), ["0\nand more", "1", "2"]);
    assert_eq!(said(false), ["group"]);
    let left_out: Vec<_> = plan
        .left_out()
        .iter()
        .map(|(why, count)| (why.name(), *count))
        .collect();
    assert_eq!(
        left_out,
        [
            ("kind", 1),
            ("customer", 1),
            ("system", 1),
            ("group", 1),
            ("oneself", 1),
            ("no_text", 1),
            ("twice", 1)
        ]
    );
    assert_eq!(plan.reported().len(), 1);
    assert!(
        plan.reported()[0]
            .to_string()
            .starts_with("5.csv:13: left out")
    );
}

#[test]
fn bad_rows_are_named_by_their_line() {
    let empty = DirectorySnapshot::default();
    let good = "a,o,C,U1,U2,2021-03-04 09:00:00,C,x\n";
    for (rows, told) in [
        (
            "b,o,C,U1,U2,yesterday,C,x",
            "2.csv:3: the SEND_TIME \"yesterday\"",
        ),
        ("b,o,C,U1,U2,2099-01-01 00:00:00,C,x", "2.csv:3: the time"),
        (
            "b,o,C,U7,U2,2021-03-04 09:00:00,C,x",
            "2.csv:3: nobody has the code \"U7\"",
        ),
        (
            "a,o,C,U1,U2,2021-03-04 09:00:00,C,y",
            "2.csv:3: another message has",
        ),
        (
            ",o,C,U1,U2,2021-03-04 09:00:00,C,y",
            "2.csv:3: the MSG_ID is empty",
        ),
        ("b,o,C", "2.csv:3: the line has 3 fields"),
    ] {
        let rows = messages(&format!("{good}{rows}\n"));
        let files = [USERS, rows.as_str()];
        let problems = planned(&files, &empty, false).err().unwrap();
        assert!(problems.starts_with(told), "{problems}");
        let plan = planned(&files, &empty, true).unwrap();
        assert_eq!((plan.messages(), plan.problems.len()), (1, 1), "{told}");
    }
}

#[test]
fn a_bad_person_takes_nobody_along() {
    let users = "USER_CODE,USER_NAME,LOGIN_NAME,IS_VALID\nU1,A,a,T\nU2,B,a,T\nU3,C,a b,T\nU4,D,A,F\nU5,E,e,X\nu1,F,f,T\n";
    let members = "USER_CODE,UNIT_CODE\nU1,nowhere\nU8,rd\n";
    let files = [users, members, UNITS];
    let empty = DirectorySnapshot::default();
    let problems = planned(&files, &empty, false).err().unwrap();
    let places: Vec<_> = problems.lines().map(|line| &line[..8]).collect();
    let expected = [
        "1.csv:3:", "1.csv:4:", "1.csv:5:", "1.csv:6:", "1.csv:7:", "2.csv:2:", "2.csv:3:",
    ];
    assert_eq!(places, expected, "{problems}");
    let plan = planned(&files, &empty, true).unwrap();
    assert_eq!(plan.comparison.plan.people_insert.len(), 1);
    assert_eq!(plan.problems.len(), 7);
}

#[test]
fn sheets_that_cannot_be_read_are_refused_whatever_is_skipped() {
    let empty = DirectorySnapshot::default();
    for (text, told) in [
        ("a,b\n1,2\n", "1.csv:1: the first line names"),
        ("", "1.csv:1: the first line names"),
        (
            "MSG_ID,MSG_TYPE,SENDER,RECEIVER,CONTENT\n",
            "1.csv:1: the column \"SEND_TIME\" is missing",
        ),
        (
            "OS_ID,USER_CODE,USER_TYPE\n",
            "1.csv:1: the column \"USER_NAME\" is missing",
        ),
    ] {
        let problems = planned(&[text], &empty, true).err().unwrap();
        assert!(problems.starts_with(told), "{text}: {problems}");
    }
}

#[test]
fn what_has_no_place_is_counted() {
    let groups = "GROUP_ID,GROUP_TYPE\n1,G\n2,U\n";
    let plan = planned(&[groups], &DirectorySnapshot::default(), false).unwrap();
    assert_eq!(plan.groups, 1);
    assert!(plan.comparison.plan.is_empty());
}

#[test]
fn questions_become_entries_of_the_knowledge_base() {
    let questions = "QUESTION_ID,OS_ID,OPT_ID,KEY_WORDS,QUESTION_TITLE,QUESTION_URL,QUESTION_ANSWER,CREATE_TIME,\
        LAST_UPDATE_TIME,DELETE_SIGN\n\
        1,web,hr,请假 leave,如何请假？,https://a.example,\"ask\nnicely\",2021-03-04 09:00:00,,F\n\
        2,,,NULL,old,,gone,,,T\n";
    let shorter = "QUESTION_ID,QUESTION_TITLE,ANSWER\n3,how,so\n";
    let empty = DirectorySnapshot::default();
    let plan = planned(&[questions, shorter], &empty, false).unwrap();
    let [one, two, three] = plan.questions.as_slice() else {
        panic!("{:?}", plan.questions);
    };
    assert_eq!((&*one.title, &*one.answer), ("如何请假？", "ask\nnicely"));
    assert_eq!(
        (&*one.keywords, &*one.link),
        ("请假 leave", "https://a.example")
    );
    assert_eq!((&*one.topic, &*one.channel), ("hr", "web"));
    let nine = Millis(1_614_819_600_000);
    assert_eq!((one.created, one.updated, one.active), (nine, nine, true));
    assert_eq!((&*two.keywords, two.active), ("", false));
    assert_eq!((&*three.code, &*three.answer), ("3", "so"));
    let bad = format!(
        "QUESTION_ID,QUESTION_TITLE\n,x\n4,\n5,{}\n6,x\n6,y\n",
        "长".repeat(1_001)
    );
    let told = planned(&[&bad], &empty, false).err().unwrap();
    let lines: Vec<_> = told.lines().collect();
    assert_eq!(lines.len(), 4, "{told}");
    assert!(lines[3].contains("1.csv:5"), "{told}");
    assert_eq!(planned(&[&bad], &empty, true).unwrap().questions.len(), 1);
}
