//! What a message said: the predecessor's content is JSON, JSON in a string of JSON, or in rows of its robot plain text.

use serde_json::Value;

/// The text of a content; none if it is JSON that says nothing.
pub(super) fn text(content: &str) -> Option<String> {
    let trimmed = content.trim();
    let value = match trimmed.as_bytes().first() {
        Some(b'{' | b'"') => serde_json::from_str(trimmed).ok(),
        _ => None,
    };
    match value {
        // What only looks like JSON is what somebody typed.
        None => Some(content.to_owned()),
        Some(Value::String(inner)) => of_string(inner),
        Some(value) => said(&value),
    }
}

fn of_string(inner: String) -> Option<String> {
    let object = inner.trim_start().starts_with('{');
    match serde_json::from_str::<Value>(&inner) {
        Ok(value) if object => said(&value),
        _ => Some(inner),
    }
}

fn said(value: &Value) -> Option<String> {
    value.get("msg")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn contents_of_all_ages() {
        for (content, said) in [
            (r#"{"msg":"你好"}"#, Some("你好")),
            (r#" {"id":1,"msg":"line\nbreak"} "#, Some("line\nbreak")),
            (r#""{\"msg\":\"older\"}""#, Some("older")),
            (r#""a \"quoted\" string""#, Some("a \"quoted\" string")),
            ("plain", Some("plain")),
            ("{not json", Some("{not json")),
            ("\"loose quote", Some("\"loose quote")),
            ("[1,2]", Some("[1,2]")),
            ("42", Some("42")),
            ("", Some("")),
            (
                "<script>alert(1)</script>",
                Some("<script>alert(1)</script>"),
            ),
            (r#"{"src":"/x"}"#, None),
            (r#"{"msg":{"a":1}}"#, None),
            ("{}", None),
        ] {
            assert_eq!(text(content).as_deref(), said, "{content}");
        }
        // Nested beyond reason, it is no JSON and so a text.
        let deep = "{\"a\":".repeat(10_000);
        assert_eq!(text(&deep), Some(deep));
    }
}
