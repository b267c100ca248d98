//! How the ledger is stored: an opening balance and one small document per year.

use std::fmt::{self, Write};
use std::str::FromStr;

use crate::money::Currency;
use crate::time::Day;

use super::error::PurchaseDocumentError;
use super::opening::Opening;
use super::state::{PurchaseDay, PurchaseHistory, Reversal, ReversalKind};

/// The schema that this version writes, and the newest it reads.
pub const PURCHASE_SCHEMA: u16 = 1;

/// One stored part of a ledger. Its text is the part's name: `purchase.opening`, `purchase.1997`.
///
/// ```
/// use guanxi::purchase::PurchasePart;
///
/// assert_eq!(PurchasePart::Year(1997).to_string(), "purchase.1997");
/// assert_eq!("purchase.opening".parse(), Ok(PurchasePart::Opening));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PurchasePart {
    /// The opening balance.
    Opening,
    /// The purchase days of one year, and what was returned or cancelled in it.
    Year(i32),
}

impl fmt::Display for PurchasePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opening => f.write_str("purchase.opening"),
            Self::Year(year) => write!(f, "purchase.{year:04}"),
        }
    }
}

impl FromStr for PurchasePart {
    type Err = PurchaseDocumentError;

    fn from_str(name: &str) -> Result<Self, PurchaseDocumentError> {
        let part = match name.strip_prefix("purchase.") {
            Some("opening") => Self::Opening,
            Some(digits) if digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit()) => {
                Self::Year(digits.parse().map_err(|_| PurchaseDocumentError::UnknownPart)?)
            }
            Some(_) | None => return Err(PurchaseDocumentError::UnknownPart),
        };
        Ok(part)
    }
}

impl PurchaseHistory {
    /// The years that hold a row, earliest first: one stored part each.
    #[must_use]
    pub fn years(&self) -> Vec<i32> {
        let days = self.days().iter().map(|row| row.day().year());
        let mut years: Vec<i32> =
            days.chain(self.reversals().iter().map(|row| row.day().year())).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// All parts of the ledger with their documents; each has schema [`PURCHASE_SCHEMA`].
    ///
    /// A host that changed one year writes that [year](Self::encode_year) alone.
    ///
    /// ```
    /// use guanxi::purchase::{Order, PURCHASE_SCHEMA, PurchaseHistory, decide};
    /// use guanxi::{Currency, Money, Timestamp, Zone};
    ///
    /// let mut history = PurchaseHistory::default();
    /// let order = Order::new(Timestamp::UNIX_EPOCH, Money::from_minor(2_933, Currency::USD));
    /// history.apply(&decide(&history, &order.into(), Currency::USD, Zone::UTC)?);
    ///
    /// let parts = history.to_parts();
    /// let stored = parts.iter().map(|(part, bytes)| (part.to_string(), bytes));
    /// let loaded = PurchaseHistory::from_parts(
    ///     stored.map(|(name, bytes)| (name, PURCHASE_SCHEMA, bytes)),
    /// )?;
    /// assert_eq!(loaded, history);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_parts(&self) -> Vec<(PurchasePart, Vec<u8>)> {
        let opening = self.encode_opening().map(|bytes| (PurchasePart::Opening, bytes));
        let years = self.years().into_iter();
        opening
            .into_iter()
            .chain(years.map(|year| (PurchasePart::Year(year), self.encode_year(year))))
            .collect()
    }

    /// The document of one year: JSON, rows in order, days as `YYYY-MM-DD`, money in minor units.
    ///
    /// ```text
    /// {"currency":"USD",
    ///  "days":[{"day":"1997-01-01","orders":1,"gross":2933}],
    ///  "reversals":[{"day":"1997-01-09","purchase_day":"1997-01-01","kind":"returned","count":1,"amount":500}]}
    /// ```
    #[must_use]
    pub fn encode_year(&self, year: i32) -> Vec<u8> {
        let days = of_year(self.days(), year, PurchaseDay::day);
        let reversals = of_year(self.reversals(), year, Reversal::day);
        let size = days.len().saturating_mul(52).saturating_add(reversals.len().saturating_mul(96));
        let mut json = String::with_capacity(size.saturating_add(48));
        // Writing to a string cannot fail, and no value here needs escaping.
        let _ = write_year(&mut json, self.currency(), days, reversals);
        json.into_bytes()
    }

    /// The document of the opening balance, if there is one.
    #[must_use]
    pub fn encode_opening(&self) -> Option<Vec<u8>> {
        let opening = self.opening()?;
        let mut json = String::with_capacity(160);
        let _ = write_opening(&mut json, opening);
        Some(json.into_bytes())
    }
}

/// The rows of one year, of rows sorted by their day.
fn of_year<T>(rows: &[T], year: i32, day: impl Fn(&T) -> Day) -> &[T] {
    let (Ok(first), Ok(last)) = (Day::from_ymd(year, 1, 1), Day::from_ymd(year, 12, 31)) else {
        return &[];
    };
    let start = rows.partition_point(|row| day(row) < first);
    let end = rows.partition_point(|row| day(row) <= last);
    rows.get(start..end).unwrap_or_default()
}

fn write_year(
    json: &mut String,
    currency: Option<Currency>,
    days: &[PurchaseDay],
    reversals: &[Reversal],
) -> fmt::Result {
    json.push('{');
    if let Some(currency) = currency {
        write!(json, r#""currency":"{currency}","#)?;
    }
    json.push_str(r#""days":["#);
    for (index, row) in days.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let PurchaseDay { day, orders, gross, .. } = row;
        write!(json, r#"{comma}{{"day":"{day}","orders":{orders},"gross":{gross}}}"#)?;
    }
    json.push_str(r#"],"reversals":["#);
    for (index, row) in reversals.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let Reversal { day, purchase_day, kind, count, amount } = row;
        let kind = match kind {
            ReversalKind::Returned => "returned",
            ReversalKind::Cancelled => "cancelled",
        };
        write!(json, r#"{comma}{{"day":"{day}","purchase_day":"{purchase_day}","#)?;
        write!(json, r#""kind":"{kind}","count":{count},"amount":{amount}}}"#)?;
    }
    json.push_str("]}");
    Ok(())
}

fn write_opening(json: &mut String, opening: &Opening) -> fmt::Result {
    let Opening { orders, purchase_days, gross, first_day, last_day } = opening;
    write!(json, r#"{{"orders":{orders},"purchase_days":{purchase_days},"#)?;
    write!(json, r#""gross":{{"minor":{},"currency":"{}"}}"#, gross.minor(), gross.currency())?;
    if let Some(day) = first_day {
        write!(json, r#","first_day":"{day}""#)?;
    }
    if let Some(day) = last_day {
        write!(json, r#","last_day":"{day}""#)?;
    }
    json.push('}');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_names_read_back() {
        for part in [PurchasePart::Opening, PurchasePart::Year(1), PurchasePart::Year(9_999)] {
            assert_eq!(part.to_string().parse(), Ok(part));
        }
        assert_eq!(PurchasePart::Year(1).to_string(), "purchase.0001");
    }

    #[test]
    fn other_names_are_refused() {
        for name in ["", "profile", "purchase", "purchase.", "purchase.97", "purchase.+997"] {
            assert_eq!(name.parse::<PurchasePart>(), Err(PurchaseDocumentError::UnknownPart));
        }
        for name in ["purchase.19970", "purchase.1997 ", "Purchase.1997", "purchase.Opening"] {
            assert_eq!(name.parse::<PurchasePart>(), Err(PurchaseDocumentError::UnknownPart));
        }
    }

    #[test]
    fn a_year_off_the_calendar_has_no_rows() {
        let json = PurchaseHistory::default().encode_year(10_000);
        assert_eq!(json, br#"{"days":[],"reversals":[]}"#);
    }
}
