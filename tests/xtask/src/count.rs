//! How many tests ran, read from what the runners write.

use std::ops::AddAssign;

/// Tests that passed and tests that did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Count {
    /// What nextest, cargo test, node's own runner or Playwright said in this log; all of them added up.
    pub fn read(log: &str) -> Self {
        let mut count = Self::default();
        for line in log.lines() {
            count += of_line(line.trim());
        }
        count
    }
}

fn of_line(line: &str) -> Count {
    // nextest prints its summary once more after the failures, without the word that opens it the first time.
    if let Some((head, tests)) = line.split_once(" tests run: ")
        && head.starts_with("Summary [")
    {
        return pairs(tests);
    }
    if let Some((head, tests)) = line.split_once(" test run: ")
        && head.starts_with("Summary [")
    {
        return pairs(tests);
    }
    if let Some((_, tests)) = line
        .strip_prefix("test result: ")
        .and_then(|rest| rest.split_once(". "))
    {
        return pairs(tests);
    }
    node(line).or_else(|| playwright(line)).unwrap_or_default()
}

/// `12 passed (3 slow), 1 failed; 2 timed out`: a number, a word, whatever else until the next comma.
fn pairs(text: &str) -> Count {
    let mut count = Count::default();
    for pair in text.split([',', ';']) {
        let mut words = pair.split_whitespace();
        let number = words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
        match words.next() {
            Some("passed") => count.passed += number,
            Some("failed" | "timed" | "exec") => count.failed += number,
            _ => {}
        }
    }
    count
}

/// `ℹ pass 12` or `# fail 1`.
fn node(line: &str) -> Option<Count> {
    let rest = line
        .strip_prefix("# ")
        .or_else(|| line.strip_prefix("ℹ "))?;
    let (word, number) = rest.split_once(' ')?;
    let number = number.parse().ok()?;
    match word {
        "pass" => Some(Count {
            passed: number,
            failed: 0,
        }),
        "fail" | "cancelled" => Some(Count {
            passed: 0,
            failed: number,
        }),
        _ => None,
    }
}

/// `12 passed (3.4s)` or `1 failed`, alone on the line.
fn playwright(line: &str) -> Option<Count> {
    let line = line.split(" (").next()?;
    let (number, word) = line.split_once(' ')?;
    let number = number.parse().ok()?;
    match word {
        "passed" => Some(Count {
            passed: number,
            failed: 0,
        }),
        "failed" | "flaky" | "interrupted" => Some(Count {
            passed: 0,
            failed: number,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runner_is_understood() {
        let check = |log: &str, passed, failed| {
            assert_eq!(Count::read(log), Count { passed, failed }, "{log}");
        };
        check(
            "     Summary [   0.1s] 12 tests run: 12 passed, 3 skipped",
            12,
            0,
        );
        check(
            "  Summary [ 9s] 1 test run: 1 passed (1 slow), 0 skipped",
            1,
            0,
        );
        check(
            "  Summary [ 9s] 5 tests run: 2 passed, 2 failed, 1 timed out, 0 skipped",
            2,
            3,
        );
        check(
            "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured\n\
             test result: FAILED. 1 passed; 2 failed; 0 ignored",
            5,
            2,
        );
        check("ℹ tests 3\nℹ pass 3\nℹ fail 0\nℹ cancelled 0", 3, 0);
        check("# tests 3\n# pass 2\n# fail 1", 2, 1);
        check(
            "Running 3 tests\n  1 failed\n    [chromium] > a\n  2 passed (3.4s)",
            2,
            1,
        );
        check("nothing of the kind: 3 passed quietly", 0, 0);
    }
}
