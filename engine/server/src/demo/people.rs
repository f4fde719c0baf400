//! The sample company: units in three levels, some forty people, their roles.

use webim_accounts::import::{DirectoryFile, PersonLine, Place, UnitLine};
use webim_model::{Role, Roles};

/// Code, name, code of the parent.
const UNITS: [(&str, &str, &str); 14] = [
    ("hq", "华远科技", ""),
    ("rd", "研发中心", "hq"),
    ("rd-platform", "平台组", "rd"),
    ("rd-mobile", "移动端组", "rd"),
    ("rd-qa", "测试组", "rd"),
    ("sales", "市场与销售中心", "hq"),
    ("sales-east", "华东销售部", "sales"),
    ("sales-overseas", "Overseas Sales", "sales"),
    ("service", "客户服务中心", "hq"),
    ("service-hotline", "热线组", "service"),
    ("service-tech", "技术支持组", "service"),
    ("office", "综合管理部", "hq"),
    ("office-hr", "人力资源组", "office"),
    ("office-finance", "财务组", "office"),
];

/// Somebody of the sample company.
pub struct Sample {
    /// What they sign in with.
    pub login: &'static str,
    /// What others call them.
    pub name: &'static str,
    /// Codes of their units.
    pub units: &'static [&'static str],
    /// What they may do.
    pub roles: &'static [Role],
}

const fn person(
    login: &'static str,
    name: &'static str,
    units: &'static [&'static str],
    roles: &'static [Role],
) -> Sample {
    Sample {
        login,
        name,
        units,
        roles,
    }
}

const NONE: &[Role] = &[];
const AGENT: &[Role] = &[Role::Agent];
const SUPERVISOR: &[Role] = &[Role::Agent, Role::Supervisor];

/// Everybody; those whom a visitor is likely to sign in as come first.
pub const SAMPLES: [Sample; 42] = [
    person("zhangwei", "张伟", &["hq", "rd"], &[Role::Admin]),
    person("lina", "李娜", &["rd", "rd-platform"], NONE),
    person(
        "wangfang",
        "王芳",
        &["service", "service-hotline"],
        SUPERVISOR,
    ),
    person("liuyang", "刘洋", &["service-hotline"], AGENT),
    person("chenjing", "陈静", &["service-hotline"], AGENT),
    person(
        "emma",
        "Emma Johnson",
        &["sales", "sales-overseas"],
        SUPERVISOR,
    ),
    person("yangmin", "杨敏", &["service-tech"], AGENT),
    person("zhaolei", "赵磊", &["office"], &[Role::Auditor]),
    person("huangting", "黄婷", &["hq", "office"], NONE),
    person("wujun", "吴军", &["hq", "sales"], NONE),
    person("zhoujie", "周杰", &["rd-platform"], NONE),
    person("xuna", "徐娜", &["rd-platform"], NONE),
    person("sunqiang", "孙强", &["rd-platform"], NONE),
    person("mali", "马丽", &["rd-platform", "rd-qa"], NONE),
    person("zhuhong", "朱红", &["rd-mobile"], NONE),
    person("huming", "胡明", &["rd", "rd-mobile"], NONE),
    person("guoyan", "郭燕", &["rd-mobile"], NONE),
    person("hejian", "何建", &["rd-mobile"], NONE),
    person("david", "David Chen", &["rd-mobile"], NONE),
    person("gaoshan", "高珊", &["rd", "rd-qa"], NONE),
    person("linfeng", "林峰", &["rd-qa"], NONE),
    person("luoxue", "罗雪", &["rd-qa"], NONE),
    person("zhengkai", "郑凯", &["sales", "sales-east"], NONE),
    person("liangyu", "梁雨", &["sales-east"], NONE),
    person("xieting", "谢婷", &["sales-east"], NONE),
    person("songbo", "宋波", &["sales-east"], NONE),
    person("tangli", "唐莉", &["sales-east"], NONE),
    person("james", "James Miller", &["sales-overseas"], AGENT),
    person("sofia", "Sofía García", &["sales-overseas"], AGENT),
    person("oliver", "Oliver Brown", &["sales-overseas"], NONE),
    person("hanxue", "韩雪", &["service-hotline"], AGENT),
    person("fengtao", "冯涛", &["service-hotline"], AGENT),
    person("dengchao", "邓超", &["service", "service-tech"], SUPERVISOR),
    person("caowei", "曹薇", &["service-tech"], AGENT),
    person("pengfei", "彭飞", &["service-tech"], AGENT),
    person("zengli", "曾莉", &["office", "office-hr"], NONE),
    person("xiaohua", "肖华", &["office-hr"], NONE),
    person("tianye", "田野", &["office-hr"], NONE),
    person("dongmei", "董梅", &["office", "office-finance"], NONE),
    person("panyue", "潘悦", &["office-finance"], NONE),
    person("yuanhao", "袁浩", &["office-finance"], NONE),
    person("ouyangnana", "欧阳娜娜", &["office-hr", "sales-east"], NONE),
];

/// The password of a sample person. It is known to everybody, which is why the demo listens on this machine only.
pub fn password(login: &str) -> String {
    format!("demo-{login}")
}

/// The sample company as an import takes it.
pub fn directory() -> DirectoryFile {
    let place = Place {
        file: "demo".to_owned(),
        line: 0,
    };
    let units = UNITS
        .iter()
        .zip(1..)
        .map(|((code, name, parent), position)| UnitLine {
            place: place.clone(),
            code: (*code).to_owned(),
            name: (*name).to_owned(),
            parent: Some((!parent.is_empty()).then(|| (*parent).to_owned())),
            position: Some(position),
        });
    let people = SAMPLES.iter().map(|sample| PersonLine {
        place: place.clone(),
        login: sample.login.to_owned(),
        name: sample.name.to_owned(),
        units: Some(sample.units.iter().map(|code| (*code).to_owned()).collect()),
        roles: Some(sample.roles.iter().copied().collect::<Roles>()),
        password: Some(password(sample.login)),
        avatar: None,
    });
    DirectoryFile {
        units: units.collect(),
        people: people.collect(),
    }
}

#[cfg(test)]
mod tests {
    use webim_accounts::import::{Missing, check, compare};
    use webim_model::Sources;
    use webim_store::DirectorySnapshot;

    use super::*;

    #[test]
    fn the_sample_company_can_be_imported() {
        let file = directory();
        check(&file).unwrap();
        let comparison = compare(
            &file,
            &DirectorySnapshot::default(),
            Missing::Keep,
            &Sources::system(),
        )
        .unwrap();
        assert_eq!(comparison.plan.people_insert.len(), SAMPLES.len());
        assert_eq!(comparison.plan.units_insert.len(), UNITS.len());
    }
}
