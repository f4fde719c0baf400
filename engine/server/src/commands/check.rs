//! `webim check`.

use serde_json::json;

use crate::cli::CheckArgs;
use crate::config::{self, ConfigError};
use crate::exit::{End, Exit, Failure};
use crate::output;

pub fn run(args: &CheckArgs) -> End {
    let file = &args.config.config;
    let findings = match config::load(Some(file)).and_then(|config| config::open_hosts(&config)) {
        Ok(_) => Vec::new(),
        Err(ConfigError::Wrong(findings)) => findings
            .into_iter()
            .map(|finding| (finding.path, finding.message))
            .collect(),
        Err(ConfigError::Syntax(message)) => vec![(String::new(), message)],
        Err(error @ ConfigError::Read { .. }) => {
            return Err(Failure::new(Exit::Config, error.to_string()));
        }
    };
    if args.json {
        let list: Vec<_> = findings
            .iter()
            .map(|(path, message)| json!({"file": file, "path": path, "message": message}))
            .collect();
        output::json(&json!({"findings": list}));
    } else if findings.is_empty() {
        output::line("nothing is wrong");
    }
    if findings.is_empty() {
        return Ok(Exit::Ok);
    }
    for (path, message) in findings.iter().filter(|_| !args.json) {
        output::line(&format!("{}: {path}: {message}", file.display()));
    }
    Ok(Exit::Findings)
}
