//! Records of a CSV text, each with the line it begins on.

use csv::{ReaderBuilder, StringRecord, Trim};

use super::{Place, Problem};

/// A sheet whose first line names the columns; comma or semicolon.
pub(crate) struct Records<'a> {
    file: String,
    text: &'a str,
    /// Up to which offset lines were counted, and which one stands there.
    counted: (usize, u64),
    columns: usize,
    reader: csv::Reader<&'a [u8]>,
}

impl<'a> Records<'a> {
    /// Opens a sheet; with it the words of its first line, in lower case.
    pub fn open(file: &str, text: &'a str, trim: Trim) -> Result<(Self, Vec<String>), Problem> {
        let first = text.lines().next().unwrap_or_default();
        let semicolons = first.contains(';') && !first.contains(',');
        let mut reader = ReaderBuilder::new()
            .delimiter(if semicolons { b';' } else { b',' })
            .trim(trim)
            .from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| Problem {
            place: Place {
                file: file.to_owned(),
                line: 1,
            },
            message: error.to_string(),
        })?;
        let words: Vec<String> = headers.iter().map(str::to_lowercase).collect();
        let records = Self {
            file: file.to_owned(),
            text,
            counted: (0, 1),
            columns: words.len(),
            reader,
        };
        Ok((records, words))
    }

    /// The next record and its line.
    pub fn next(&mut self) -> Option<Result<(u64, StringRecord), Problem>> {
        let mut record = StringRecord::new();
        let begin = self.reader.position().byte();
        let more = self.reader.read_record(&mut record);
        let line = self.line(begin);
        match more {
            Ok(false) => None,
            Ok(true) => Some(Ok((line, record))),
            Err(error) => {
                let message = self.explain(&error);
                let file = self.file.clone();
                let place = Place { file, line };
                Some(Err(Problem { place, message }))
            }
        }
    }

    /// The line of the record that is read from this offset on. The reader's own count stands on the ends of lines and
    /// empty lines before the record.
    fn line(&mut self, offset: u64) -> u64 {
        let ends = |text: &str| text.bytes().filter(|byte| *byte == b'\n').count() as u64;
        let (counted, line) = self.counted;
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let line = line + ends(self.text.get(counted..offset).unwrap_or_default());
        self.counted = (offset, line);
        let after = self.text.get(offset..).unwrap_or_default();
        let begin = after.trim_start_matches(['\r', '\n']).len();
        line + ends(&after[..after.len() - begin])
    }

    fn explain(&self, error: &csv::Error) -> String {
        match error.kind() {
            csv::ErrorKind::UnequalLengths { len, .. } => {
                let columns = self.columns;
                format!("the line has {len} fields, the first line names {columns} columns")
            }
            _ => error.to_string(),
        }
    }
}
