//! The answers as data, by the schema of `docs/portfolio-json.md`.
//!
//! Customers are written one by one, so a million of them need no memory.

mod customer;
mod totals;

use std::io::{self, Write};
use std::path::Path;

use guanxi::explain::Language;
use guanxi::{Currency, Policy};
use serde::Serialize;

use crate::output::{Output, OutputError};
use crate::survey::Portrait;
pub(crate) use totals::Totals;

/// The data on their way to a file.
pub(crate) struct Json<'a> {
    output: Output,
    language: Language,
    currency: Currency,
    policy: &'a Policy,
    separator: &'static str,
}

impl<'a> Json<'a> {
    /// Begins a file of this name with the totals. `policy` is the one in force on the day.
    ///
    /// # Errors
    ///
    /// [`OutputError`].
    pub(crate) fn begin(
        path: &Path,
        totals: &Totals<'_>,
        policy: &'a Policy,
    ) -> Result<Self, OutputError> {
        let mut output = Output::begin(path)?;
        output.put(|file| {
            write!(file, "{{\n\"totals\": ")?;
            json(file, totals)?;
            write!(file, ",\n\"customers\": [")
        })?;
        let (language, currency) = (totals.language, totals.currency);
        Ok(Self { output, language, currency, policy, separator: "\n" })
    }

    /// Writes one customer, on a line of its own.
    ///
    /// # Errors
    ///
    /// [`OutputError`].
    pub(crate) fn add(&mut self, portrait: &Portrait<'_>) -> Result<(), OutputError> {
        let row = customer::row(portrait, self.policy, self.language, self.currency);
        let separator = std::mem::replace(&mut self.separator, ",\n");
        self.output.put(|file| {
            file.write_all(separator.as_bytes())?;
            json(file, &row)
        })
    }

    /// Ends the file and puts it in its place.
    ///
    /// # Errors
    ///
    /// [`OutputError`].
    pub(crate) fn finish(mut self) -> Result<(), OutputError> {
        self.output.put(|file| file.write_all(b"\n]\n}\n"))?;
        self.output.finish()
    }
}

fn json(file: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(file, value).map_err(io::Error::from)
}
