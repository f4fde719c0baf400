//! The JSON schema of `webim.toml`, and a check of a whole document against it that finds every wrong key at once.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::{Config, Finding};

/// The JSON schema, with the doc comments as descriptions and the defaults.
pub fn schema() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<Config>();
    schema.insert("title".to_owned(), "webim.toml".into());
    schema.into()
}

/// The keys of a section's schema.
pub(super) fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

/// Every unknown key and every number out of range in `value`, by dotted path.
pub(super) fn findings(schema: &Value, value: &Value, path: &str) -> Vec<Finding> {
    if let (Some(known), Some(keys)) = (properties(schema), value.as_object()) {
        let mut findings = Vec::new();
        for (key, value) in keys {
            let path = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            match known.get(key) {
                Some(schema) => findings.extend(self::findings(schema, value, &path)),
                None => findings.push(Finding::new(path, unknown(key, known))),
            }
        }
        return findings;
    }
    out_of_range(schema, value, path).into_iter().collect()
}

fn unknown(key: &str, known: &Map<String, Value>) -> String {
    let all = known.keys().map(|other| (distance(key, other), other));
    // A third of the letters may be wrong; beyond that a guess would only confuse.
    let near = all
        .min()
        .filter(|(distance, _)| *distance <= key.len().div_ceil(3));
    if let Some((_, other)) = near {
        return format!("there is no such key; did you mean \"{other}\"?");
    }
    let known: Vec<_> = known.keys().map(String::as_str).collect();
    format!("there is no such key; there are {}", known.join(", "))
}

fn out_of_range(schema: &Value, value: &Value, path: &str) -> Option<Finding> {
    let number = value.as_i64()?;
    let least = schema.get("minimum").and_then(Value::as_i64);
    let most = schema.get("maximum").and_then(Value::as_i64);
    let below = least.is_some_and(|least| number < least);
    let above = most.is_some_and(|most| number > most);
    (below || above).then(|| {
        let range = match (least, most) {
            (Some(least), Some(most)) => format!("between {least} and {most}"),
            (Some(least), None) => format!("at least {least}"),
            (None, most) => format!("at most {}", most.unwrap_or(i64::MAX)),
        };
        Finding::new(path, format!("is {number}; it must be {range}"))
    })
}

/// How many letters must be put in, left out, changed or swapped with their neighbour to make one of the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let change = usize::from(one[i - 1] != other[j - 1]);
            let mut least = (rows[i - 1][j] + 1)
                .min(row[j - 1] + 1)
                .min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("url", "url", 0),
            ("ulr", "url", 1),
            ("lisen", "listen", 1),
            ("", "abc", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }
}
