//! The predecessor's questions and answers (F_QUESTION_AND_ANSWER) as entries of the knowledge base.

use std::collections::HashMap;

use webim_model::Millis;
use webim_store::KbEntry;

use super::Rules;
use super::tables::{At, Row, Tables};

/// Characters of a code, a topic and a channel.
const NAME: usize = 200;
/// Characters of a question, its keywords and its link.
const LINE: usize = 1_000;
/// Characters of an answer.
const ANSWER: usize = 100_000;

/// A question and where it stands.
pub(super) struct Question {
    pub at: At,
    pub entry: KbEntry,
}

impl Row<'_> {
    pub(super) fn question(&self, at: At, rules: &Rules) -> Result<Question, String> {
        let time = |name: &str| match self.field(name) {
            "" => Ok(None),
            _ => self.time(name, rules).map(Some),
        };
        let created = time("create_time")?;
        let updated = time("last_update_time")?;
        // It has been there at least since it was changed; the time of an import is nobody's.
        let first = created.or(updated).unwrap_or(Millis(0));
        let answer = match self.field("question_answer") {
            "" => self.raw("answer"),
            _ => self.raw("question_answer"),
        };
        let entry = KbEntry {
            code: self.needed("question_id")?,
            title: self.needed("question_title")?,
            keywords: self.field("key_words").to_owned(),
            answer: answer.trim().to_owned(),
            link: self.field("question_url").to_owned(),
            topic: self.field("opt_id").to_owned(),
            channel: self.field("os_id").to_owned(),
            valid_from: None,
            valid_until: None,
            created: first,
            updated: updated.unwrap_or(first),
            active: !matches!(self.field("delete_sign"), "T" | "t"),
        };
        for (name, text, most) in [
            ("QUESTION_ID", &entry.code, NAME),
            ("QUESTION_TITLE", &entry.title, LINE),
            ("KEY_WORDS", &entry.keywords, LINE),
            ("QUESTION_ANSWER", &entry.answer, ANSWER),
            ("QUESTION_URL", &entry.link, LINE),
            ("OPT_ID", &entry.topic, NAME),
            ("OS_ID", &entry.channel, NAME),
        ] {
            if text.chars().count() > most {
                return Err(format!("the {name} has more than {most} characters"));
            }
            if text.contains('\0') {
                return Err(format!("the {name} contains U+0000"));
            }
        }
        Ok(Question { at, entry })
    }
}

/// The entries, each code once; a code that comes again is a problem.
pub(super) fn entries(tables: &mut Tables) -> Vec<KbEntry> {
    let mut first: HashMap<String, At> = HashMap::new();
    let mut entries = Vec::with_capacity(tables.questions.len());
    for Question { at, entry } in std::mem::take(&mut tables.questions) {
        if let Some(before) = first.get(&entry.code) {
            let message = format!(
                "the QUESTION_ID stands in {} already",
                tables.place(*before)
            );
            let problem = tables.problem(at, message);
            tables.problems.push(problem);
            continue;
        }
        first.insert(entry.code.clone(), at);
        entries.push(entry);
    }
    entries
}
