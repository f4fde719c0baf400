//! The units of a plan.

use std::collections::{HashMap, HashSet};

use webim_model::{Sources, UnitId};
use webim_store::{DirectorySnapshot, UnitRecord};

use super::{Comparison, Missing};
use crate::import::check::at;
use crate::import::diff::{Fields, Noun, Way};
use crate::import::{DirectoryFile, Problem, UnitLine};

/// How deep units may be nested.
const DEEPEST: usize = 16;

/// All units as they will be.
pub(super) struct Units<'a> {
    /// By code, with whether it will be active.
    by_code: HashMap<&'a str, (UnitId, bool)>,
    codes: HashMap<UnitId, &'a str>,
}

impl<'a> Units<'a> {
    /// The unit with this code, if there will be one.
    pub fn find(&self, code: &str) -> Option<UnitId> {
        let (id, active) = self.by_code.get(code)?;
        active.then_some(*id)
    }

    /// Its code; empty for a unit nobody knows.
    pub fn code(&self, id: UnitId) -> &'a str {
        self.codes.get(&id).copied().unwrap_or_default()
    }

    /// Whether it will be there.
    pub fn stays(&self, id: UnitId) -> bool {
        self.find(self.code(id)) == Some(id)
    }
}

/// Puts what changes in the units into `work`.
pub(super) fn compare<'a>(
    file: &'a DirectoryFile,
    stored: &'a DirectorySnapshot,
    missing: Missing,
    sources: &Sources,
    (work, problems): (&mut Comparison, &mut Vec<Problem>),
) -> Units<'a> {
    let before: HashMap<&str, &UnitRecord> = stored
        .units
        .iter()
        .map(|unit| (unit.code.as_str(), unit))
        .collect();
    let named: HashSet<&str> = file.units.iter().map(|unit| unit.code.as_str()).collect();
    let goes = |unit: &UnitRecord| {
        missing == Missing::Remove && !named.is_empty() && !named.contains(unit.code.as_str())
    };
    let mut by_code = HashMap::new();
    for unit in &stored.units {
        by_code.insert(unit.code.as_str(), (unit.id, unit.active && !goes(unit)));
    }
    for line in &file.units {
        let id = before.get(line.code.as_str()).map(|unit| unit.id);
        let id = id.unwrap_or_else(|| UnitId(sources.uuid()));
        by_code.insert(line.code.as_str(), (id, true));
    }
    let codes = by_code.iter().map(|(code, (id, _))| (*id, *code)).collect();
    let units = Units { by_code, codes };
    for (line, number) in file.units.iter().zip(1..) {
        let before = before.get(line.code.as_str()).copied();
        match record(line, number, before, &units) {
            Ok(record) => put(record, before, &units, work),
            Err(message) => problems.push(at(&line.place, message)),
        }
    }
    for unit in stored.units.iter().filter(|unit| unit.active && goes(unit)) {
        work.plan.units_remove.push(unit.id);
        work.diff.push(
            Way::Removed,
            Noun::Unit,
            &unit.code,
            format!("\"{}\"", unit.name),
        );
    }
    circles(file, stored, &units, work, problems);
    units
}

/// What the unit of a line will be; what the line does not say stays as it was.
fn record(
    line: &UnitLine,
    number: i32,
    before: Option<&UnitRecord>,
    units: &Units,
) -> Result<UnitRecord, String> {
    let parent = match &line.parent {
        Some(None) => None,
        Some(Some(code)) => Some(
            units
                .find(code)
                .ok_or_else(|| format!("there is no unit \"{code}\" to be its parent"))?,
        ),
        None => match before.and_then(|unit| unit.parent) {
            Some(parent) if !units.stays(parent) => {
                let code = units.code(parent);
                return Err(format!(
                    "its parent \"{code}\" goes; say which one it shall have"
                ));
            }
            parent => parent,
        },
    };
    let code = line.code.as_str();
    let id = units.find(code).ok_or("the unit is lost")?;
    Ok(UnitRecord {
        id,
        code: code.to_owned(),
        parent,
        name: line.name.clone(),
        position: line
            .position
            .or(before.map(|unit| unit.position))
            .unwrap_or(number),
        active: true,
    })
}

fn put(record: UnitRecord, before: Option<&UnitRecord>, units: &Units, work: &mut Comparison) {
    let parent = |id: &Option<UnitId>| id.map_or("(top)", |id| units.code(id)).to_owned();
    let Some(before) = before else {
        let detail = format!("\"{}\" in {}", record.name, parent(&record.parent));
        work.diff.push(Way::Added, Noun::Unit, &record.code, detail);
        work.plan.units_insert.push(record);
        return;
    };
    let mut fields = Fields::default();
    if !before.active {
        fields.note("it comes back");
    }
    fields.compare("name", &before.name, &record.name, |name| {
        format!("\"{name}\"")
    });
    fields.compare("parent", &before.parent, &record.parent, parent);
    fields.compare(
        "position",
        &before.position,
        &record.position,
        i32::to_string,
    );
    if let Some(detail) = fields.detail() {
        let way = if before.active {
            Way::Changed
        } else {
            Way::Added
        };
        work.diff.push(way, Noun::Unit, &record.code, detail);
        work.plan.units_update.push(record);
    }
}

/// Finds units that are inside themselves, or too deep, once the plan is applied.
fn circles(
    file: &DirectoryFile,
    stored: &DirectorySnapshot,
    units: &Units,
    work: &Comparison,
    problems: &mut Vec<Problem>,
) {
    let planned = work.plan.units_insert.iter().chain(&work.plan.units_update);
    let all = stored.units.iter().chain(planned);
    let parents: HashMap<UnitId, Option<UnitId>> = all.map(|unit| (unit.id, unit.parent)).collect();
    for line in &file.units {
        let Some(start) = units.find(&line.code) else {
            continue;
        };
        let (mut above, mut depth) = (parents.get(&start).copied().flatten(), 1);
        while let Some(unit) = above.filter(|unit| *unit != start && depth <= DEEPEST) {
            above = parents.get(&unit).copied().flatten();
            depth += 1;
        }
        if above == Some(start) {
            problems.push(at(
                &line.place,
                format!("the unit \"{}\" would be inside itself", line.code),
            ));
        } else if depth > DEEPEST {
            problems.push(at(
                &line.place,
                format!("the unit \"{}\" is nested deeper than {DEEPEST}", line.code),
            ));
        }
    }
}
