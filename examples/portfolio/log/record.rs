//! From the bytes of a file to records, without trusting its quotes.
//!
//! A quoted field may hold ends of line, so a quote that is never closed would take the rows after it
//! for its text. Therefore a record that goes on beyond its line is only offered, and whoever reads
//! can [decline](Records::decline) it: then its first line alone is the record, and reading goes on at
//! the next one. No byte is in more such offers than a row has fields, so this stays linear: only a
//! line that opens a quote begins an offer, and each one that an offer runs over closes a field of it.

use std::io::{self, Read};

use csv::ByteRecord;

use super::ROW_BYTES_MAX;

/// Read at a time. What is left of it is moved before the next, so it is some rows of the largest size.
const CHUNK_BYTES: usize = 4 * ROW_BYTES_MAX;

/// Looked at for one record: the largest one, its end of line, and a byte to tell CR from CR LF.
const WINDOW_BYTES: usize = ROW_BYTES_MAX + 3;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// What a record is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One line.
    Line,
    /// Several lines, because of ends of line between quotes; it may be declined.
    Lines,
    /// One line, with a quote that is not closed on it, nor soundly after it. The quote is taken for
    /// a character of its field.
    Unclosed,
    /// One line, too long to be looked at; the record is empty.
    TooLong,
}

/// The records of a file one after the other. Blank lines are none; LF, CR LF and CR end a line.
#[derive(Debug)]
pub(super) struct Records<R> {
    file: R,
    delimiter: u8,
    /// A record of several lines and more fields than this is not sound.
    columns: usize,
    buffer: Vec<u8>,
    ended: bool,
    /// Bytes of the buffer that were read.
    at: usize,
    /// Bytes of the file before the buffer.
    before: u64,
    /// The line that `at` is on, from 1.
    line: u64,
    /// The bytes and lines of the record that was given last.
    given: (usize, u64),
}

impl<R: Read> Records<R> {
    pub(super) fn new(file: R, delimiter: u8) -> Self {
        Self {
            file,
            delimiter,
            columns: usize::MAX,
            buffer: Vec::new(),
            ended: false,
            at: 0,
            before: 0,
            line: 1,
            given: (0, 0),
        }
    }

    /// From here on, no record of several lines has more fields than this.
    pub(super) const fn set_columns(&mut self, columns: usize) {
        self.columns = columns;
    }

    /// The next record, and what it is made of.
    pub(super) fn next(&mut self, record: &mut ByteRecord) -> io::Result<Option<Shape>> {
        let (bytes, lines) = std::mem::take(&mut self.given);
        self.skip(bytes, lines);
        loop {
            self.fill()?;
            let text = self.rest();
            let (line, with_end) = first_line(text);
            if text.is_empty() {
                return Ok(None);
            }
            if line.is_empty() {
                self.skip(with_end, 1);
                continue;
            }
            if line.len() > ROW_BYTES_MAX {
                record.clear();
                self.given = (0, 1);
                self.skip_line()?;
                return Ok(Some(Shape::TooLong));
            }
            let (shape, bytes) = self.shape(line, with_end, record);
            self.given = bytes;
            return Ok(Some(shape));
        }
    }

    /// Splits the record that begins with this line. The answer has its bytes and lines.
    fn shape(
        &self,
        line: &[u8],
        with_end: usize,
        record: &mut ByteRecord,
    ) -> (Shape, (usize, u64)) {
        if split_line(line, self.delimiter, record) {
            return (Shape::Line, (with_end, 1));
        }
        if let Some(bytes) = split_lines(self.rest(), self.delimiter, self.columns, record) {
            let text = self.rest().get(..bytes).unwrap_or_default();
            let lines = u64::try_from(lines(text).count()).unwrap_or(u64::MAX);
            let end = first_line(self.rest().get(bytes..).unwrap_or_default()).1;
            return (Shape::Lines, (bytes.saturating_add(end), lines));
        }
        split_line(line, self.delimiter, record);
        (Shape::Unclosed, (with_end, 1))
    }

    /// Makes a record of [`Shape::Lines`] one of [`Shape::Unclosed`].
    pub(super) fn decline(&mut self, record: &mut ByteRecord) {
        let (line, with_end) = first_line(self.rest());
        split_line(line, self.delimiter, record);
        self.given = (with_end, 1);
    }

    /// The lines of the record that was given last.
    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        lines(self.rest().get(..self.given.0).unwrap_or_default())
    }

    /// The line that the record that was given last starts on, from 1.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// The bytes of the file up to the end of the record that was given last.
    pub(super) fn bytes(&self) -> u64 {
        let here = u64::try_from(self.at.saturating_add(self.given.0)).unwrap_or(u64::MAX);
        self.before.saturating_add(here)
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..).unwrap_or_default()
    }

    fn skip(&mut self, bytes: usize, lines: u64) {
        self.at = self.at.saturating_add(bytes);
        self.line = self.line.saturating_add(lines);
    }

    /// Skips a line of any length, but leaves it to the next record to count it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let (line, with_end) = first_line(self.rest());
            let line = line.len();
            // The last two bytes of the buffer may be half of CR LF, or none of it.
            if self.ended || with_end.saturating_add(1) < self.rest().len() {
                self.skip(with_end, 0);
                return Ok(());
            }
            self.skip(line, 0);
            self.fill()?;
        }
    }

    /// Sees to it that the buffer holds a window, or the rest of the file.
    fn fill(&mut self) -> io::Result<()> {
        if self.ended || self.rest().len() >= WINDOW_BYTES {
            return Ok(());
        }
        let is_start = self.bytes() == 0;
        self.buffer.drain(..self.at.min(self.buffer.len()));
        self.before = self.before.saturating_add(u64::try_from(self.at).unwrap_or(u64::MAX));
        self.at = 0;
        let chunk = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
        let read = self.file.by_ref().take(chunk).read_to_end(&mut self.buffer)?;
        self.ended = read < CHUNK_BYTES;
        if is_start && self.buffer.starts_with(MARK) {
            self.skip(MARK.len(), 0);
        }
        Ok(())
    }
}

/// The first line of a text, and its length together with its end.
fn first_line(text: &[u8]) -> (&[u8], usize) {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let Some(length) = text.iter().position(is_end) else { return (text, text.len()) };
    let (line, end) = text.split_at_checked(length).unwrap_or((text, b""));
    let end = if end.starts_with(b"\r\n") { 2 } else { 1 };
    (line, length.saturating_add(end))
}

fn lines(mut text: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let (line, with_end) = first_line(text);
        text = text.get(with_end..).unwrap_or_default();
        Some(line)
    })
}

/// Splits a text that is one line. Whether every quote is closed is the answer; one that is not is
/// taken for a character.
pub(super) fn split_line(line: &[u8], delimiter: u8, record: &mut ByteRecord) -> bool {
    record.clear();
    if !line.contains(&b'"') {
        line.split(|&byte| byte == delimiter).for_each(|field| record.push_field(field));
        return true;
    }
    let (mut rest, mut is_closed) = (line, true);
    let mut content = Vec::new();
    loop {
        let length = match quoted(rest, delimiter, &mut content) {
            Quoted::Closed { length, .. } => {
                record.push_field(&content);
                length
            }
            not_closed @ (Quoted::None | Quoted::Open) => {
                is_closed &= not_closed == Quoted::None;
                let field = plain(rest, delimiter);
                record.push_field(field);
                field.len()
            }
        };
        match rest.get(length..) {
            Some([_, after @ ..]) => rest = after,
            _ => return is_closed,
        }
    }
}

/// Splits off a record that may have ends of line between its quotes. Its length without the end of
/// line, or nothing if it is too long, has too many fields, or a quote neither closed nor followed by
/// the end of its field: a lenient reader would take such text into the field.
fn split_lines(
    text: &[u8],
    delimiter: u8,
    columns: usize,
    record: &mut ByteRecord,
) -> Option<usize> {
    let text = text.get(..WINDOW_BYTES).unwrap_or(text);
    record.clear();
    let mut content = Vec::new();
    let mut at = 0_usize;
    while record.len() < columns {
        let rest = text.get(at..)?;
        let length = match quoted(rest, delimiter, &mut content) {
            Quoted::Open | Quoted::Closed { is_sound: false, .. } => return None,
            Quoted::Closed { length, is_sound: true } => {
                record.push_field(&content);
                length
            }
            Quoted::None => {
                let field = plain(rest, delimiter);
                record.push_field(field);
                field.len()
            }
        };
        at = at.saturating_add(length);
        if at > ROW_BYTES_MAX {
            return None;
        }
        if text.get(at) != Some(&delimiter) {
            return Some(at);
        }
        at = at.saturating_add(1);
    }
    None
}

/// A field that may begin with a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quoted {
    /// It does not.
    None,
    /// It does, and the text ends before the quote is closed.
    Open,
    /// It does, and is this long with its quotes.
    Closed {
        length: usize,
        /// Whether it ends with the quote.
        is_sound: bool,
    },
}

/// Reads a quoted field off the front of a text.
fn quoted(text: &[u8], delimiter: u8, content: &mut Vec<u8>) -> Quoted {
    let Some(mut rest) = text.strip_prefix(b"\"") else { return Quoted::None };
    content.clear();
    loop {
        let Some(length) = rest.iter().position(|&byte| byte == b'"') else { return Quoted::Open };
        let (part, after) = rest.split_at_checked(length).unwrap_or_default();
        content.extend_from_slice(part);
        let after = after.get(1..).unwrap_or_default();
        if let Some(doubled) = after.strip_prefix(b"\"") {
            content.push(b'"');
            rest = doubled;
            continue;
        }
        let tail = plain(after, delimiter);
        content.extend_from_slice(tail);
        let length = text.len().saturating_sub(after.len()).saturating_add(tail.len());
        return Quoted::Closed { length, is_sound: tail.is_empty() };
    }
}

/// The text up to the end of its first field, quotes being characters like any other.
fn plain(text: &[u8], delimiter: u8) -> &[u8] {
    let is_end = |&byte: &u8| byte == delimiter || matches!(byte, b'\n' | b'\r');
    let length = text.iter().position(is_end).unwrap_or(text.len());
    text.get(..length).unwrap_or(text)
}
