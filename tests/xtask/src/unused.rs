//! Dependencies that no file of their crate names. It looks for the name as a word, so it can miss one, but what it
//! reports is not used.

use anyhow::Result;

use crate::files::File;
use crate::manifests;

/// Each dependency that could go.
pub fn findings(files: &[File]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.name() == "Cargo.toml") {
        let manifest = manifests::parse(file)?;
        let folder = file.path.trim_end_matches("Cargo.toml");
        let sources: Vec<&str> = files
            .iter()
            .filter(|source| source.path.starts_with(folder) && source.is(&["rs"]))
            .filter_map(|source| source.text.as_deref())
            .collect();
        for (name, _) in manifests::dependencies(&manifest) {
            let word = name.replace('-', "_");
            if !sources.iter().any(|text| names(text, &word)) {
                found.push(format!("{}: {name} is not used", file.path));
            }
        }
    }
    Ok(found)
}

/// Whether `text` holds `word` with no letter, digit or underscore on either side.
fn names(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        !text[..at].ends_with(inside) && !text[at + word.len()..].starts_with(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_whole_word() {
        assert!(names("use toml::Table;", "toml"));
        assert!(names("#[tokio::main]", "tokio"));
        assert!(!names("use tokio_util::x;", "tokio"));
        assert!(!names("mytoml", "toml"));
    }
}
