//! A row for each customer, for spreadsheets and databases; see `docs/portfolio-csv.md`.

use std::io;
use std::path::Path;

use guanxi::Currency;
use guanxi::lifecycle::{Since, Visit};
use serde::Serialize;

use crate::answers::{Answers, action_code};
use crate::output::{Output, OutputError};
use crate::report::decimal;
use crate::survey::Portrait;

/// The columns, named as in the JSON.
const COLUMNS: [&str; 20] = [
    "customer_id",
    "id",
    "stage",
    "entered_at",
    "orders",
    "purchase_days",
    "monetary",
    "monetary_minor",
    "first_day",
    "last_day",
    "recency_days",
    "tier",
    "rfm.r",
    "rfm.f",
    "rfm.m",
    "value_score",
    "value_type",
    "risk.band",
    "risk.score",
    "next_action",
];

/// The rows on their way to a file.
pub(crate) struct Sheet {
    output: Output,
    currency: Currency,
}

impl Sheet {
    /// Begins a file of this name with its header.
    ///
    /// # Errors
    ///
    /// [`OutputError`].
    pub(crate) fn begin(path: &Path, currency: Currency) -> Result<Self, OutputError> {
        let mut sheet = Self { output: Output::begin(path)?, currency };
        sheet.write(&COLUMNS.map(str::to_owned))?;
        Ok(sheet)
    }

    /// Writes one customer.
    ///
    /// # Errors
    ///
    /// [`OutputError`].
    pub(crate) fn add(&mut self, portrait: &Portrait<'_>) -> Result<(), OutputError> {
        let row = row(portrait, self.currency);
        self.write(&row)
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// [`OutputError`].
    pub(crate) fn finish(self) -> Result<(), OutputError> {
        self.output.finish()
    }

    fn write(&mut self, row: &[String; COLUMNS.len()]) -> Result<(), OutputError> {
        self.output.put(|file| {
            let mut writer = csv::WriterBuilder::new()
                .terminator(csv::Terminator::CRLF)
                .buffer_capacity(ROW_BYTES)
                .from_writer(file);
            writer.write_record(row).map_err(io::Error::from)?;
            writer.flush()
        })
    }
}

/// What a row mostly needs; a longer one is written in two goes.
const ROW_BYTES: usize = 512;

fn row(portrait: &Portrait<'_>, currency: Currency) -> [String; COLUMNS.len()] {
    let Portrait { key, id, view, assessment, .. } = portrait;
    let visit = view.visit();
    let purchases = view.purchases();
    let answers = Answers::from(assessment);
    let since = visit.and_then(|visit| match visit.since {
        Since::Known(since) => Some(since),
        Since::Unknown => None,
    });
    let (rfm, risk) = (answers.rfm, answers.risk);
    let code = answers.value_type.map(|value_type| value_type.treatment());
    [
        harmless(key),
        id.to_string(),
        visit.map_or_else(|| assessment.position.stage(), Visit::stage).code().to_owned(),
        known(since),
        purchases.orders.to_string(),
        purchases.purchase_days.to_string(),
        decimal(purchases.net.into(), currency),
        purchases.net.to_string(),
        known(purchases.first_day),
        known(purchases.last_day),
        known(view.recency_days()),
        known(answers.tier),
        known(rfm.map(|rfm| rfm.recency)),
        known(rfm.map(|rfm| rfm.frequency)),
        known(rfm.map(|rfm| rfm.monetary)),
        known(answers.value.map(|points| points.0)),
        code.map_or_else(String::new, |code| name(&code)),
        known(risk.map(|(band, _)| band)),
        known(risk.map(|(_, score)| score.0)),
        harmless(action_code(assessment)),
    ]
}

/// What is not known is an empty field.
fn known(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// A value by the name that the JSON has for it.
fn name(value: &impl Serialize) -> String {
    let name = serde_json::to_value(value).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What a formula begins with, in some spreadsheet and some language; and the apostrophe.
const MARKS: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\''];

/// A key that a spreadsheet does not take for a formula: one that begins like one, or with the mark
/// itself, has an apostrophe before it.
fn harmless(key: &str) -> String {
    if key.starts_with(MARKS) {
        return format!("'{key}");
    }
    key.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_is_a_formula_and_every_key_can_be_told() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "＝1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for plain in ["203", "a=b", "客户", " =1", ""] {
            assert_eq!(harmless(plain), plain);
        }
    }
}
