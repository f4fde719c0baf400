//! The set-up page's HTML, in Chinese and in English.

use webim_model::Refusal;

use crate::escape::escape;

/// What somebody has typed into the form, shown to them again.
#[derive(Clone, Copy, Default)]
pub(super) struct Typed<'a> {
    pub token: &'a str,
    pub login: &'a str,
    pub name: &'a str,
}

/// Which field is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Login,
    Name,
    PasswordTooShort,
    PasswordTooLong,
    Repeat,
}

impl Field {
    /// The id of its input.
    fn id(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Name => "name",
            Self::PasswordTooShort | Self::PasswordTooLong => "password",
            Self::Repeat => "repeat",
        }
    }
}

struct Words {
    lang: &'static str,
    title: &'static str,
    intro: &'static str,
    login: &'static str,
    login_hint: &'static str,
    name: &'static str,
    name_hint: &'static str,
    password: &'static str,
    password_hint: &'static str,
    repeat: &'static str,
    create: &'static str,
    done: &'static str,
    done_text: &'static str,
    sign_in: &'static str,
    refused: &'static str,
    code: &'static str,
    /// What to do about a link that is of no use.
    way_out: &'static str,
    /// In the order of [`Field`].
    wrong: [&'static str; 5],
}

const CHINESE: Words = Words {
    lang: "zh-CN",
    title: "创建管理员",
    intro: "这台 webim 服务器还没有管理员。您创建的账号将管理这台服务器；此链接随即失效。",
    login: "用户名",
    login_hint: "用于登录，不含空格、逗号、分号和引号，最多 64 个字符。",
    name: "姓名",
    name_hint: "同事看到的名字，最多 100 个字符。",
    password: "密码",
    password_hint: "至少 8 个字符。",
    repeat: "再次输入密码",
    create: "创建管理员",
    done: "管理员已创建",
    done_text: "此链接已失效。现在可以用刚才的用户名和密码登录。",
    sign_in: "前往登录",
    refused: "无法进行初始设置",
    code: "代码",
    way_out: "没有管理员时，重新启动服务器或运行 <code>webim setup-link</code> 会显示新的链接。",
    wrong: [
        "用户名不能为空，不能含空格、逗号、分号或引号，最多 64 个字符。",
        "姓名不能为空，须在一行以内，最多 100 个字符。",
        "密码至少需要 8 个字符。",
        "密码最多 1,024 字节。",
        "两次输入的密码不一致。",
    ],
};

const ENGLISH: Words = Words {
    lang: "en",
    title: "Create the administrator",
    intro: "Nobody administers this webim server yet. The account you make here will; this link is dead afterwards.",
    login: "Login",
    login_hint: "What you sign in with: no space, comma, semicolon or quote, at most 64 characters.",
    name: "Name",
    name_hint: "What your colleagues see, at most 100 characters.",
    password: "Password",
    password_hint: "At least 8 characters.",
    repeat: "Password again",
    create: "Create the administrator",
    done: "The administrator is there",
    done_text: "This link is dead now. Sign in with the login and password that you have just chosen.",
    sign_in: "Sign in",
    refused: "This cannot be set up",
    code: "Code",
    way_out: "While there is no administrator, starting the server again or running <code>webim setup-link</code> \
        shows a new link.",
    wrong: [
        "The login must not be empty or hold a space, comma, semicolon or quote, and has at most 64 characters.",
        "The name must not be empty, stands on one line, and has at most 100 characters.",
        "The password needs at least 8 characters.",
        "The password may have at most 1,024 bytes.",
        "The two passwords differ.",
    ],
};

/// The page in one language.
#[derive(Clone, Copy)]
pub(super) struct Page {
    chinese: bool,
}

impl Page {
    pub fn new(chinese: bool) -> Self {
        Self { chinese }
    }

    fn words(self) -> &'static Words {
        if self.chinese { &CHINESE } else { &ENGLISH }
    }

    /// The form, with what was typed and what is wrong with it.
    pub fn form(self, typed: &Typed<'_>, wrong: Option<Field>) -> String {
        let words = self.words();
        let alert = wrong.map(|field| {
            let sentence = words.wrong[field as usize];
            let id = field.id();
            format!("<p class=\"alert\" role=\"alert\"><a href=\"#{id}\">{sentence}</a></p>")
        });
        let wrong = wrong.map_or("", Field::id);
        let rows = [
            (
                "login",
                words.login,
                words.login_hint,
                typed.login,
                "username",
            ),
            ("name", words.name, words.name_hint, typed.name, "name"),
            (
                "password",
                words.password,
                words.password_hint,
                "",
                "new-password",
            ),
            ("repeat", words.repeat, "", "", "new-password"),
        ];
        let first = if wrong.is_empty() { "login" } else { wrong };
        let inputs: String = rows.map(|row| input(row, wrong, first)).concat();
        let main = format!(
            "<h1>{}</h1>\n<p>{}</p>\n{}\n<form method=\"post\" action=\"/setup\">\n\
             <input type=\"hidden\" name=\"token\" value=\"{}\">\n{inputs}<button type=\"submit\">{}</button>\n</form>",
            words.title,
            words.intro,
            alert.unwrap_or_default(),
            escape(typed.token),
            words.create,
        );
        whole(words, words.title, &main)
    }

    /// It is done.
    pub fn done(self) -> String {
        let words = self.words();
        let main = format!(
            "<h1>{}</h1>\n<p role=\"status\">{}</p>\n<p><a class=\"button\" href=\"/\">{}</a></p>",
            words.done, words.done_text, words.sign_in
        );
        whole(words, words.done, &main)
    }

    /// Why it cannot be done.
    pub fn refused(self, refusal: Refusal) -> String {
        let words = self.words();
        let sentence = if self.chinese {
            refusal.chinese()
        } else {
            refusal.english()
        };
        let way_on = if refusal == Refusal::SetupDone {
            format!(
                "<p><a class=\"button\" href=\"/\">{}</a></p>",
                words.sign_in
            )
        } else {
            format!("<p>{}</p>", words.way_out)
        };
        let main = format!(
            "<h1>{}</h1>\n<p class=\"alert\" role=\"alert\">{sentence}</p>\n<p>{}: <code>{}</code></p>\n{way_on}",
            words.refused,
            words.code,
            refusal.code()
        );
        whole(words, words.refused, &main)
    }
}

/// One labelled input: id, label, hint, value and what browsers may fill in.
fn input(row: (&str, &str, &str, &str, &str), wrong: &str, first: &str) -> String {
    let (id, label, hint, value, autocomplete) = row;
    let kind = if autocomplete == "new-password" {
        "password"
    } else {
        "text"
    };
    let described = if hint.is_empty() {
        String::new()
    } else {
        format!(" aria-describedby=\"{id}-hint\"")
    };
    let invalid = if id == wrong {
        " aria-invalid=\"true\""
    } else {
        ""
    };
    let focus = if id == first { " autofocus" } else { "" };
    let hint = if hint.is_empty() {
        String::new()
    } else {
        format!("<small id=\"{id}-hint\">{hint}</small>\n")
    };
    format!(
        "<label for=\"{id}\">{label}</label>\n{hint}<input id=\"{id}\" name=\"{id}\" type=\"{kind}\" \
         value=\"{}\" autocomplete=\"{autocomplete}\" required{described}{invalid}{focus}>\n",
        escape(value)
    )
}

fn whole(words: &Words, title: &str, main: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title} · webim</title>\n\
         <link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">\n\
         <link rel=\"stylesheet\" href=\"/assets/setup.css\">\n</head>\n<body>\n<main>\n{main}\n</main>\n</body>\n\
         </html>\n",
        words.lang
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_shown_as_text() {
        let typed = Typed {
            token: "wim_\"><script>",
            login: "a\"b<c>'&",
            name: "李娜",
        };
        for chinese in [true, false] {
            let page = Page::new(chinese).form(&typed, Some(Field::Repeat));
            assert!(page.contains("value=\"a&quot;b&lt;c&gt;&#39;&amp;\""));
            assert!(!page.contains("<script") && page.contains("value=\"李娜\""));
            assert!(page.contains("role=\"alert\"") && page.contains("aria-invalid=\"true\""));
            assert_eq!(page.matches("autofocus").count(), 1);
            assert_eq!(page.matches("<label ").count(), 4);
        }
    }

    #[test]
    fn each_field_has_its_sentence() {
        let fields = [
            (Field::Login, "login"),
            (Field::Name, "name"),
            (Field::PasswordTooShort, "8 characters"),
            (Field::PasswordTooLong, "1,024"),
            (Field::Repeat, "differ"),
        ];
        for (field, word) in fields {
            assert!(ENGLISH.wrong[field as usize].contains(word), "{field:?}");
        }
    }

    #[test]
    fn a_refusal_shows_its_code_and_a_way_on() {
        let page = Page::new(false).refused(Refusal::SetupLinkExpired);
        assert!(page.contains("setup_link_expired") && page.contains("webim setup-link"));
        let page = Page::new(true).refused(Refusal::SetupDone);
        assert!(page.contains("setup_done") && page.contains("href=\"/\""));
    }
}
