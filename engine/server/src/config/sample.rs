//! `webim config sample`: every key with its text and default, commented out.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Config, schema};

/// A `webim.toml` in which every key stands commented out with its default.
pub fn sample() -> String {
    let schema = schema::schema();
    let defaults = toml::to_string(&Config::default()).expect("the defaults are TOML");
    let mut text = comment(&description(&schema), "#");
    let mut section = &Value::Null;
    for line in defaults.lines().filter(|line| !line.is_empty()) {
        text.push('\n');
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
        {
            section = &schema["properties"][name];
            text += &comment(&description(section), "#");
            writeln!(text, "[{name}]").expect("writing to a string cannot fail");
        } else {
            let key = line.split(" = ").next().unwrap_or_default();
            let key = &section["properties"][key];
            text += &comment(&description(key), "#");
            text += &range(key);
            writeln!(text, "#{line}").expect("writing to a string cannot fail");
        }
    }
    text
}

fn description(schema: &Value) -> String {
    schema["description"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn range(schema: &Value) -> String {
    match (schema.get("minimum"), schema.get("maximum")) {
        (Some(least), Some(most)) => format!("# From {least} to {most}.\n"),
        _ => String::new(),
    }
}

fn comment(text: &str, mark: &str) -> String {
    text.lines().fold(String::new(), |mut lines, line| {
        writeln!(lines, "{mark} {line}").expect("writing to a string cannot fail");
        lines
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_in_the_sample_with_a_text_and_the_default() {
        let sample = sample();
        let bare: Vec<_> = sample
            .lines()
            .filter(|line| !line.starts_with("# ") && !line.is_empty())
            .map(|line| line.strip_prefix('#').unwrap_or(line))
            .collect();
        let read: Config = toml::from_str(&bare.join("\n")).unwrap();
        assert_eq!(read, Config::default());
        let nothing: Config = toml::from_str(&sample).unwrap();
        assert_eq!(nothing, Config::default());
        let schema = schema::schema();
        for (name, section) in schema::properties(&schema).unwrap() {
            assert!(sample.contains(&format!("[{name}]")), "{name}");
            assert!(section["description"].is_string(), "{name}");
            for (key, schema) in schema::properties(section).unwrap() {
                assert!(sample.contains(&format!("\n#{key} = ")), "{name}.{key}");
                assert!(schema["description"].is_string(), "{name}.{key}");
            }
        }
    }
}
