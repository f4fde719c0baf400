//! The people most tests need: a small office, written as the files that `webim directory import` reads.

use std::fmt::Write as _;

/// What everybody in the office signs in with.
pub const PASSWORD: &str = "correct horse";

/// Somebody in the office.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// What they sign in with.
    pub login: String,
    /// What others call them.
    pub name: String,
    /// Codes of their units.
    pub units: Vec<String>,
    /// Their roles' words.
    pub roles: Vec<String>,
    /// Whether they have the password that everybody has.
    pub password: bool,
}

/// Units (code, name, parent's code) and the people in them.
#[derive(Clone, Debug)]
pub struct Office {
    /// Parents before children.
    pub units: Vec<(String, String, String)>,
    /// Everybody.
    pub people: Vec<Colleague>,
}

impl Default for Office {
    /// 李娜, 张伟 and 刘洋 in research, 王芳 and John Smith in sales, 赵敏 (admin) above both, and an expert outside.
    fn default() -> Self {
        let unit = |code: &str, name: &str, parent: &str| {
            (code.to_owned(), name.to_owned(), parent.to_owned())
        };
        let office = Self {
            units: vec![
                unit("hq", "华远科技", ""),
                unit("rd", "研发部", "hq"),
                unit("sales", "Sales", "hq"),
            ],
            people: Vec::new(),
        };
        office
            .with("lina", "李娜", &["rd"])
            .with("zhangwei", "张伟", &["rd"])
            .with("liuyang", "刘洋", &["rd"])
            .with("wangfang", "王芳", &["sales"])
            .with("john", "John Smith", &["sales"])
            .with("expert", "External", &[])
            .with_roles("zhaomin", "赵敏", &["hq"], &["admin"])
    }
}

impl Office {
    /// The same and somebody more.
    #[must_use]
    pub fn with(self, login: &str, name: &str, units: &[&str]) -> Self {
        self.with_roles(login, name, units, &[])
    }

    /// The same and somebody more, with roles.
    #[must_use]
    pub fn with_roles(mut self, login: &str, name: &str, units: &[&str], roles: &[&str]) -> Self {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        self.people.push(Colleague {
            login: login.to_owned(),
            name: name.to_owned(),
            units: owned(units),
            roles: owned(roles),
            password: true,
        });
        self
    }

    /// The same without somebody.
    #[must_use]
    pub fn without(mut self, login: &str) -> Self {
        self.people.retain(|person| person.login != login);
        self
    }

    /// The same with `login` in these units and no others.
    #[must_use]
    pub fn moved(mut self, login: &str, units: &[&str]) -> Self {
        for person in self
            .people
            .iter_mut()
            .filter(|person| person.login == login)
        {
            person.units = units.iter().map(|unit| (*unit).to_owned()).collect();
        }
        self
    }

    /// The units' file.
    pub fn units_csv(&self) -> String {
        let mut text = "code,name,parent\n".to_owned();
        for (code, name, parent) in &self.units {
            writeln!(text, "{code},{name},{parent}").expect("a string takes all");
        }
        text
    }

    /// The people's file.
    pub fn people_csv(&self) -> String {
        let mut text = "login,name,units,roles,password\n".to_owned();
        for person in &self.people {
            let (units, roles) = (person.units.join(";"), person.roles.join(";"));
            let password = if person.password { PASSWORD } else { "" };
            writeln!(
                text,
                "{},{},{units},{roles},{password}",
                person.login, person.name
            )
            .expect("a string takes all");
        }
        text
    }
}
