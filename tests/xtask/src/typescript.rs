//! From the schemas of an OpenAPI document to TypeScript: one exported type for each schema, in the order of names,
//! with its description. Only what our own documents hold is known; anything else is an error, so that nothing is
//! silently typed as `unknown`.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

const HEAD: &str = "\
// The shapes on the wire. Generated from the server's OpenAPI document by `cargo xtask types`: change the Rust types
// in engine/wire instead.

/** A hyphenated lower-case UUID. */
export type Uuid = string;
";

/// Types for everything under `components.schemas`.
pub fn generate(document: &Value) -> Result<String> {
    let schemas = document["components"]["schemas"]
        .as_object()
        .context("the document has no components.schemas")?;
    let mut out = HEAD.to_owned();
    let mut names: Vec<&String> = schemas.keys().collect();
    names.sort();
    for name in names {
        let schema = &schemas[name];
        out.push('\n');
        out.push_str(&comment(schema, ""));
        let declared = typed(schema, "").with_context(|| format!("schema {name}"))?;
        writeln!(out, "export type {} = {declared};", identifier(name))?;
    }
    Ok(out)
}

/// `Envelope_Init` from `Envelope<Init>` as utoipa names it, with whatever is no letter left out.
fn identifier(name: &str) -> String {
    name.split(|c: char| !c.is_ascii_alphanumeric()).collect()
}

/// The type of a schema that stands `indent` deep.
fn typed(schema: &Value, indent: &str) -> Result<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return Ok(identifier(
            reference.rsplit('/').next().unwrap_or(reference),
        ));
    }
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values.iter().map(literal).collect();
        return Ok(values.join(" | "));
    }
    for (key, between) in [("oneOf", " | "), ("anyOf", " | "), ("allOf", " & ")] {
        if let Some(parts) = schema[key].as_array() {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| match flattened_option(part) {
                    Some(some) if key == "allOf" => {
                        Ok(format!("Partial<{}>", typed(some, indent)?))
                    }
                    _ => typed(part, indent),
                })
                .collect::<Result<_>>()?;
            return Ok(join(&parts, between));
        }
    }
    match &schema["type"] {
        Value::String(name) => named(name, schema, indent),
        Value::Array(names) => {
            let names: Vec<String> = names
                .iter()
                .map(|name| named(name.as_str().unwrap_or_default(), schema, indent))
                .collect::<Result<_>>()?;
            Ok(join(&names, " | "))
        }
        other => bail!("neither a reference nor a type: {other}"),
    }
}

/// What `#[serde(flatten)]` on an `Option` looks like: the thing or null, whose fields then are all there or none.
fn flattened_option(schema: &Value) -> Option<&Value> {
    let [a, b] = &schema["oneOf"].as_array()?[..] else {
        return None;
    };
    let is_null = |part: &Value| part["type"] == "null";
    is_null(a).then_some(b).or_else(|| is_null(b).then_some(a))
}

fn join(parts: &[String], between: &str) -> String {
    let mixed = |part: &&String| part.contains(" | ") || part.contains(" & ");
    let parts: Vec<String> = parts
        .iter()
        .map(|part| {
            if mixed(&part) {
                format!("({part})")
            } else {
                part.clone()
            }
        })
        .collect();
    parts.join(between)
}

fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        other => other.to_string(),
    }
}

fn named(name: &str, schema: &Value, indent: &str) -> Result<String> {
    Ok(match name {
        "string" if schema["format"] == "uuid" => "Uuid".into(),
        "string" => "string".into(),
        "integer" | "number" => "number".into(),
        "boolean" => "boolean".into(),
        "null" => "null".into(),
        "array" => array(schema, indent)?,
        "object" => object(schema, indent)?,
        other => bail!("no such type: {other}"),
    })
}

fn array(schema: &Value, indent: &str) -> Result<String> {
    if let Some(items) = schema["prefixItems"].as_array() {
        let items: Vec<String> = items
            .iter()
            .map(|item| typed(item, indent))
            .collect::<Result<_>>()?;
        return Ok(format!("[{}]", items.join(", ")));
    }
    Ok(format!(
        "{}[]",
        join(&[typed(&schema["items"], indent)?], "")
    ))
}

fn object(schema: &Value, indent: &str) -> Result<String> {
    let empty = Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&empty);
    if properties.is_empty() {
        return Ok(match &schema["additionalProperties"] {
            Value::Object(_) => {
                format!(
                    "Record<string, {}>",
                    typed(&schema["additionalProperties"], indent)?
                )
            }
            // An object of which nothing is said, which others may add to.
            _ => "Record<never, never>".into(),
        });
    }
    let required = |name: &str| {
        let names = schema["required"].as_array();
        names.is_some_and(|names| names.iter().any(|required| required == name))
    };
    let deeper = format!("{indent}  ");
    let mut out = "{\n".to_owned();
    for (name, property) in properties {
        let mark = if required(name) { "" } else { "?" };
        out.push_str(&comment(property, &deeper));
        writeln!(out, "{deeper}{name}{mark}: {};", typed(property, &deeper)?)?;
    }
    Ok(format!("{out}{indent}}}"))
}

/// The description, if there is one.
fn comment(schema: &Value, indent: &str) -> String {
    let Some(text) = schema["description"].as_str() else {
        return String::new();
    };
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    if let [line] = lines[..] {
        return format!("{indent}/** {line} */\n");
    }
    let lines: String = lines
        .iter()
        .map(|line| format!("{indent} * {line}").trim_end().to_owned() + "\n")
        .collect();
    format!("{indent}/**\n{lines}{indent} */\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: &Value, expected: &str) {
        let document = json!({ "components": { "schemas": { "A_b": schema } } });
        let out = generate(&document).expect("it is a known shape");
        let declared = out.strip_prefix(HEAD).expect("it begins with the head");
        assert_eq!(declared.trim(), expected);
    }

    #[test]
    fn the_shapes_of_our_documents() {
        check(
            &json!({ "type": "string", "enum": ["a", "b"] }),
            "export type Ab = 'a' | 'b';",
        );
        check(
            &json!({ "type": "array", "items": { "type": ["string", "null"], "format": "uuid" } }),
            "export type Ab = (Uuid | null)[];",
        );
        check(
            &json!({ "type": "object", "additionalProperties": { "type": "array", "prefixItems": [
                { "type": "integer" }, { "type": "string", "format": "uuid" } ] } }),
            "export type Ab = Record<string, [number, Uuid]>;",
        );
        check(
            &json!({ "description": "Words.", "type": "object", "required": ["x"], "properties": {
                "x": { "type": "string", "description": "More\nwords." },
                "y": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/C" }] } } }),
            "/** Words. */\nexport type Ab = {\n  /**\n   * More\n   * words.\n   */\n  x: string;\n  y?: null | C;\n};",
        );
        check(
            &json!({ "allOf": [
                { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/C" }] },
                { "type": "object" },
            ] }),
            "export type Ab = Partial<C> & Record<never, never>;",
        );
        check(
            &json!({ "oneOf": [{ "allOf": [
                { "$ref": "#/components/schemas/C" },
                { "type": "object", "required": ["op"], "properties": { "op": { "type": "string", "enum": ["c"] } } },
            ] }, { "$ref": "#/components/schemas/D" }] }),
            "export type Ab = (C & {\n  op: 'c';\n}) | D;",
        );
    }

    #[test]
    fn an_unknown_shape_is_an_error() {
        let document = json!({ "components": { "schemas": { "A": { "not": {} } } } });
        assert!(generate(&document).is_err());
    }
}
