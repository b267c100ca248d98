//! Reading stored parts back: what a ledger cannot have written is refused.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::money::Currency;
use crate::time::Day;

use super::document::{PURCHASE_SCHEMA, PurchasePart};
use super::error::PurchaseDocumentError;
use super::opening::Opening;
use super::state::{PurchaseDay, PurchaseHistory, Reversal, ReversalKind};

impl PurchaseHistory {
    /// The ledger stored in these parts: name, schema, document; in any order.
    ///
    /// # Errors
    ///
    /// [`PurchaseDocumentError`] when the parts are not what a ledger stores. Nothing is guessed or
    /// left out.
    pub fn from_parts<N, B>(
        parts: impl IntoIterator<Item = (N, u16, B)>,
    ) -> Result<Self, PurchaseDocumentError>
    where
        N: AsRef<str>,
        B: AsRef<[u8]>,
    {
        let mut opening = None;
        let mut years = BTreeMap::new();
        for (name, schema, bytes) in parts {
            let part: PurchasePart = name.as_ref().parse()?;
            if schema != PURCHASE_SCHEMA {
                let newest = PURCHASE_SCHEMA;
                return Err(PurchaseDocumentError::Schema { part, found: schema, newest });
            }
            let twice = match part {
                PurchasePart::Opening => opening.replace(parse(part, bytes.as_ref())?).is_some(),
                PurchasePart::Year(year) => {
                    years.insert(year, parse(part, bytes.as_ref())?).is_some()
                }
            };
            if twice {
                return Err(PurchaseDocumentError::Twice { part });
            }
        }
        assemble(opening, years)
    }
}

/// Schema 1 of a year.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearDocument {
    currency: Option<Currency>,
    days: Vec<DayDocument>,
    reversals: Vec<ReversalDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayDocument {
    day: Day,
    orders: u32,
    gross: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReversalDocument {
    day: Day,
    purchase_day: Day,
    kind: ReversalKind,
    count: u32,
    amount: i64,
}

impl From<DayDocument> for PurchaseDay {
    fn from(document: DayDocument) -> Self {
        let DayDocument { day, orders, gross } = document;
        Self { day, orders, cancelled: 0, gross }
    }
}

impl From<ReversalDocument> for Reversal {
    fn from(document: ReversalDocument) -> Self {
        let ReversalDocument { day, purchase_day, kind, count, amount } = document;
        Self { day, purchase_day, kind, count, amount }
    }
}

fn parse<'a, T: Deserialize<'a>>(
    part: PurchasePart,
    bytes: &'a [u8],
) -> Result<T, PurchaseDocumentError> {
    // The JSON error may quote the document, so it is not carried on.
    serde_json::from_slice(bytes).map_err(|_| PurchaseDocumentError::Malformed { part })
}

fn assemble(
    opening: Option<Opening>,
    years: BTreeMap<i32, YearDocument>,
) -> Result<PurchaseHistory, PurchaseDocumentError> {
    let mut currency = opening.map(|opening| opening.gross.currency());
    let mut days: Vec<PurchaseDay> = Vec::new();
    let mut reversals: Vec<Reversal> = Vec::new();
    for (year, document) in years {
        let part = PurchasePart::Year(year);
        let new_days: Vec<PurchaseDay> = document.days.into_iter().map(Into::into).collect();
        let new_reversals: Vec<Reversal> = document.reversals.into_iter().map(Into::into).collect();
        let placed = in_place(&new_days, year, PurchaseDay::day, PurchaseDay::day)
            && in_place(&new_reversals, year, Reversal::day, Reversal::key);
        if !placed {
            return Err(PurchaseDocumentError::Misplaced { part });
        }
        let rows = !new_days.is_empty() || !new_reversals.is_empty();
        match (document.currency, currency) {
            (None, _) if rows => return Err(PurchaseDocumentError::Malformed { part }),
            (Some(found), Some(ledger)) if found != ledger => {
                return Err(PurchaseDocumentError::Currency { part });
            }
            (Some(found), _) => currency = Some(found),
            (None, _) => {}
        }
        days.extend(new_days);
        reversals.extend(new_reversals);
    }
    settle(&mut days, &reversals)?;
    check_totals(opening.as_ref(), &days)?;
    Ok(PurchaseHistory::from_rows(currency, opening, days, reversals))
}

/// Whether the rows are of that year and strictly sorted.
fn in_place<T, K: Ord>(
    rows: &[T],
    year: i32,
    day: impl Fn(&T) -> Day,
    key: impl Fn(&T) -> K,
) -> bool {
    rows.is_sorted_by(|one, next| key(one) < key(next))
        && rows.iter().all(|row| day(row).year() == year)
}

/// Counts the cancelled orders into their days, and checks that each day holds what was taken back
/// of it.
fn settle(days: &mut [PurchaseDay], reversals: &[Reversal]) -> Result<(), PurchaseDocumentError> {
    let wrong =
        |day: Day| PurchaseDocumentError::Inconsistent { part: PurchasePart::Year(day.year()) };
    let mut left: Vec<i64> = days.iter().map(|row| row.gross).collect();
    for reversal in reversals {
        let Reversal { day, purchase_day, kind, count, amount } = *reversal;
        let refused = wrong(day);
        if day < purchase_day || count == 0 || amount < 0 {
            return Err(refused);
        }
        let index = days.binary_search_by_key(&purchase_day, |row| row.day);
        let Ok(index) = index else { return Err(refused) };
        let (Some(row), Some(left)) = (days.get_mut(index), left.get_mut(index)) else {
            return Err(refused);
        };
        *left = left.checked_sub(amount).filter(|left| *left >= 0).ok_or(refused)?;
        if kind == ReversalKind::Cancelled {
            row.cancelled = row.cancelled.checked_add(count).ok_or(refused)?;
        }
    }
    let sound = |(row, left): (&PurchaseDay, &i64)| {
        row.orders > 0
            && row.gross >= 0
            && row.cancelled <= row.orders
            && (row.kept() > 0 || *left == 0)
    };
    match days.iter().zip(&left).find(|pair| !sound(*pair)) {
        Some((row, _)) => Err(wrong(row.day)),
        None => Ok(()),
    }
}

fn check_totals(
    opening: Option<&Opening>,
    days: &[PurchaseDay],
) -> Result<(), PurchaseDocumentError> {
    let start = opening.map_or((0_u32, 0_i64), |opening| (opening.orders, opening.gross.minor()));
    days.iter()
        .try_fold(start, |(orders, gross), row| {
            Some((orders.checked_add(row.orders)?, gross.checked_add(row.gross)?))
        })
        .map(|_| ())
        .ok_or(PurchaseDocumentError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"{"currency":"USD","days":[{"day":"1997-01-01","orders":2,"gross":2933},{"day":"1997-03-01","orders":1,"gross":0}],"reversals":[{"day":"1997-01-09","purchase_day":"1997-01-01","kind":"returned","count":1,"amount":500},{"day":"1997-01-09","purchase_day":"1997-01-01","kind":"cancelled","count":1,"amount":1000}]}"#;
    const OPENING: &str = r#"{"orders":3,"purchase_days":2,"gross":{"minor":500,"currency":"USD"},"first_day":"1996-01-01","last_day":"1996-06-01"}"#;
    const PART: PurchasePart = PurchasePart::Year(1997);

    fn load(parts: &[(&str, &str)]) -> Result<PurchaseHistory, PurchaseDocumentError> {
        PurchaseHistory::from_parts(parts.iter().map(|(name, json)| (name, PURCHASE_SCHEMA, json)))
    }

    /// Loads the sound year with one text in it changed.
    fn changed(from: &str, to: &str) -> Result<PurchaseHistory, PurchaseDocumentError> {
        let broken = SOUND.replacen(from, to, 1);
        assert_ne!(broken, SOUND, "nothing was changed");
        load(&[("purchase.1997", &broken)])
    }

    /// The text of schema 1, letter by letter: what is stored once must load for ever.
    #[test]
    fn documents_keep_their_form() {
        let history = load(&[("purchase.1997", SOUND), ("purchase.opening", OPENING)]).unwrap();
        let parts: Vec<_> = history
            .to_parts()
            .into_iter()
            .map(|(part, json)| (part, String::from_utf8(json).unwrap()))
            .collect();
        let expected = [(PurchasePart::Opening, OPENING.into()), (PART, SOUND.into())];
        assert_eq!(parts, expected);
        let opening = history.opening().unwrap();
        assert_eq!(serde_json::to_string(opening).unwrap(), OPENING);
    }

    #[test]
    fn no_parts_are_an_empty_ledger() {
        assert_eq!(load(&[]), Ok(PurchaseHistory::default()));
        let none = PurchaseHistory::default();
        assert_eq!((none.to_parts(), none.encode_opening()), (vec![], None));
        let bare = String::from_utf8(none.encode_year(1997)).unwrap();
        assert_eq!(load(&[("purchase.1997", &bare)]), Ok(none));
    }

    #[test]
    fn another_schema_is_refused() {
        for found in [0, PURCHASE_SCHEMA + 1] {
            let refused = PurchaseHistory::from_parts([("purchase.1997", found, SOUND)]);
            let newest = PURCHASE_SCHEMA;
            let expected = PurchaseDocumentError::Schema { part: PART, found, newest };
            assert_eq!(refused, Err(expected));
        }
    }

    #[test]
    fn a_part_comes_once() {
        for name in ["purchase.1997", "purchase.opening"] {
            let json = if name == "purchase.opening" { OPENING } else { SOUND };
            let part = name.parse().unwrap();
            let refused = load(&[(name, json), (name, json)]);
            assert_eq!(refused, Err(PurchaseDocumentError::Twice { part }));
        }
    }

    #[test]
    fn malformed_documents_are_refused() {
        for (from, to) in [
            ("]}", "]"),
            (r#""days""#, r#""dais""#),
            (r#""currency":"USD","#, ""),
            (r#""currency":"USD""#, r#""currency":"usd""#),
            ("1997-01-01", "1997-02-30"),
            (r#""kind":"returned""#, r#""kind":"lost""#),
            (r#""orders":2"#, r#""orders":-2"#),
            (r#""orders":2"#, r#""orders":4294967296"#),
            (r#""gross":2933"#, r#""gross":29.33"#),
            (r#""gross":2933"#, r#""gross":2933,"net":1"#),
        ] {
            let expected = PurchaseDocumentError::Malformed { part: PART };
            assert_eq!(changed(from, to), Err(expected), "{from} -> {to}");
        }
        let gone = OPENING.replace(r#""orders":3"#, r#""orders":1"#);
        let part = PurchasePart::Opening;
        let expected = PurchaseDocumentError::Malformed { part };
        assert_eq!(load(&[("purchase.opening", &gone)]), Err(expected));
    }

    #[test]
    fn rows_are_sorted_single_and_of_their_year() {
        for (from, to) in [
            (r#"{"day":"1997-03-01""#, r#"{"day":"1997-01-01""#),
            (r#"{"day":"1997-01-01""#, r#"{"day":"1997-04-01""#),
            (r#"{"day":"1997-03-01""#, r#"{"day":"1998-03-01""#),
            (r#"{"day":"1997-01-09""#, r#"{"day":"1996-01-09""#),
            (r#""kind":"returned""#, r#""kind":"cancelled""#),
        ] {
            let expected = PurchaseDocumentError::Misplaced { part: PART };
            assert_eq!(changed(from, to), Err(expected), "{from} -> {to}");
        }
    }

    #[test]
    fn rows_that_no_events_leave_are_refused() {
        for (from, to) in [
            (r#""orders":1"#, r#""orders":0"#),
            (r#""gross":0"#, r#""gross":-1"#),
            (r#""gross":2933"#, r#""gross":1499"#),
            (r#""amount":500"#, r#""amount":-1"#),
            (r#""count":1"#, r#""count":0"#),
            (r#""kind":"cancelled","count":1"#, r#""kind":"cancelled","count":3"#),
            // No order is left on the day, but money is.
            (r#""kind":"cancelled","count":1"#, r#""kind":"cancelled","count":2"#),
            // No purchase is known of that day.
            (r#""purchase_day":"1997-01-01""#, r#""purchase_day":"1996-12-31""#),
            // Cancelled before it was bought.
            (
                r#""1997-01-01","kind":"cancelled","count":1,"amount":1000"#,
                r#""1997-03-01","kind":"cancelled","count":1,"amount":0"#,
            ),
        ] {
            let expected = PurchaseDocumentError::Inconsistent { part: PART };
            assert_eq!(changed(from, to), Err(expected), "{from} -> {to}");
        }
        // All money came back, but of more orders than there were.
        let three = SOUND
            .replace("2933", "1500")
            .replace(r#""kind":"cancelled","count":1"#, r#""kind":"cancelled","count":3"#);
        let expected = PurchaseDocumentError::Inconsistent { part: PART };
        assert_eq!(load(&[("purchase.1997", &three)]), Err(expected));
        // The other side of the limit: all that was bought came back.
        assert!(changed(r#""gross":2933"#, r#""gross":1500"#).is_ok());
    }

    #[test]
    fn a_missing_year_is_noticed() {
        let next = r#"{"currency":"USD","days":[],"reversals":[{"day":"1998-01-02","purchase_day":"1997-03-01","kind":"cancelled","count":1,"amount":0}]}"#;
        let part = PurchasePart::Year(1998);
        let refused = load(&[("purchase.1998", next)]);
        assert_eq!(refused, Err(PurchaseDocumentError::Inconsistent { part }));
        assert!(load(&[("purchase.1998", next), ("purchase.1997", SOUND)]).is_ok());
    }

    #[test]
    fn parts_share_one_currency() {
        let euros = OPENING.replace("USD", "EUR");
        let refused = load(&[("purchase.opening", &euros), ("purchase.1997", SOUND)]);
        assert_eq!(refused, Err(PurchaseDocumentError::Currency { part: PART }));
    }

    #[test]
    fn totals_stay_within_their_types() {
        let most = |minor: i64| OPENING.replace("500", &minor.to_string());
        let sum = |minor| load(&[("purchase.opening", &most(minor)), ("purchase.1997", SOUND)]);
        assert!(sum(i64::MAX - 2_933).is_ok());
        assert_eq!(sum(i64::MAX - 2_932), Err(PurchaseDocumentError::Overflow));
    }
}
