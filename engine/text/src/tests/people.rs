//! Who is found while somebody types.

use uuid::Uuid;
use webim_model::PersonId;

use crate::{Entry, PEOPLE_KEYS, PeopleIndex, people_keys};

const PEOPLE: [(&str, &str); 18] = [
    ("张伟", "zhangw"),
    ("张维", "zw02"),
    ("张晓伟", "xiaowei.zhang"),
    ("单田芳", "stf"),
    ("曾国藩", "guofan"),
    ("解晓东", "xxd"),
    ("仇英", "qiu.ying"),
    ("区志强", "ouzq"),
    ("查良镛", "jinyong"),
    ("欧阳娜娜", "nana"),
    ("尉迟恭", "ychig"),
    ("吕布", "lvbu"),
    ("王乐乐", "wll"),
    ("John Smith", "jsmith"),
    ("买买提·艾山", "mmt"),
    ("李娜 (Lina)", "a.li"),
    ("體育老師", ""),
    ("José", "jo"),
];

fn index() -> PeopleIndex {
    PeopleIndex::new(
        PEOPLE
            .iter()
            .enumerate()
            .map(|(number, (name, login))| Entry {
                id: PersonId(Uuid::from_u128(number as u128)),
                name,
                login,
            }),
    )
}

fn found(index: &PeopleIndex, query: &str) -> Vec<&'static str> {
    let ids = index.search(query, 20);
    ids.iter()
        .map(|id| PEOPLE[usize::try_from(id.0.as_u128()).unwrap()].0)
        .collect()
}

#[test]
fn people_are_found() {
    let index = index();
    assert_eq!(index.len(), PEOPLE.len());
    for (query, name) in [
        ("张伟", "张伟"),
        ("伟", "张伟"),
        ("zhangwei", "张伟"),
        ("zhang wei", "张伟"),
        ("Zhang-Wei", "张伟"),
        ("wei zhang", "张伟"),
        ("ＺＨＡＮＧＷ", "张伟"),
        ("zw", "张伟"),
        ("zwei", "张伟"),
        ("zhangxw", "张晓伟"),
        ("zxw", "张晓伟"),
        ("xiaowei", "张晓伟"),
        ("shantianfang", "单田芳"),
        ("stf", "单田芳"),
        ("dantian", "单田芳"),
        ("zengguofan", "曾国藩"),
        ("zgf", "曾国藩"),
        ("xiexiaodong", "解晓东"),
        ("qiuying", "仇英"),
        ("ouzhiqiang", "区志强"),
        ("ozq", "区志强"),
        ("zhaliangyong", "查良镛"),
        ("ouyangnn", "欧阳娜娜"),
        ("oynn", "欧阳娜娜"),
        ("娜娜", "欧阳娜娜"),
        ("nana", "欧阳娜娜"),
        ("yuchigong", "尉迟恭"),
        ("lvbu", "吕布"),
        ("lubu", "吕布"),
        ("wanglele", "王乐乐"),
        ("john", "John Smith"),
        ("smith john", "John Smith"),
        ("smi", "John Smith"),
        ("js", "John Smith"),
        ("艾山", "买买提·艾山"),
        ("lina", "李娜 (Lina)"),
        ("tiyulaoshi", "體育老師"),
        ("jose", "José"),
        ("josé", "José"),
    ] {
        let found = found(&index, query);
        assert!(found.contains(&name), "{query}: {found:?}");
    }
    for query in ["", " ", "--", "…", "zhangweix", "张x", "\0", "%", "👍"] {
        assert_eq!(found(&index, query), [""; 0], "{query}");
    }
}

#[test]
fn the_likeliest_come_first() {
    let index = index();
    assert_eq!(found(&index, "张伟")[0], "张伟");
    // Whole initials, then whole ones inside, then beginnings.
    assert_eq!(found(&index, "zw"), ["张伟", "张维"]);
    assert_eq!(found(&index, "zhangw")[0], "张伟");
    assert_eq!(found(&index, "jo"), ["José", "John Smith"]);
    assert_eq!(index.search("z", 2).len(), 2);
    assert!(PeopleIndex::default().search("z", 2).is_empty());
}

#[test]
fn keys_are_bounded() {
    for name in ["乐单".repeat(5_000), "a b ".repeat(5_000), "ﷺ".repeat(500)] {
        let keys = people_keys(&name, &"x.".repeat(5_000));
        assert!(keys.len() <= PEOPLE_KEYS);
        assert!(keys.iter().all(|key| key.len() <= 64));
        let id = PersonId(Uuid::nil());
        let index = PeopleIndex::new([Entry {
            id,
            name: &name,
            login: "",
        }]);
        assert_eq!(index.search(&name, 1), [id]);
    }
}

#[test]
fn ten_thousand_people_are_no_different() {
    let names: Vec<String> = (0..10_000).map(|n| format!("user{n:05}")).collect();
    let index = PeopleIndex::new(names.iter().enumerate().map(|(n, name)| Entry {
        id: PersonId(Uuid::from_u128(n as u128)),
        name,
        login: "",
    }));
    assert_eq!(
        index.search("USER04711", 5),
        [PersonId(Uuid::from_u128(4_711))]
    );
    assert_eq!(index.search("user", 5).len(), 5);
}
