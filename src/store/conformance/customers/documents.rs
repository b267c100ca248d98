//! C7 and C15: documents are given back as they were handed over, whoever wrote them.

use super::super::check::{Deviation, same};
use super::super::harness::Harness;
use super::super::subject::Trial;
use crate::customer::{Customer, Part, PartName};
use crate::purchase::PurchasePart;
use crate::store::{Commit, PageSize, StoreError, StoreErrorKind, StoredEntry};

/// How large a document is that a store must not cut or refuse.
const DOCUMENT_BYTES: usize = 1 << 20;

/// JSON that a store changes which reads it: signs of one to four bytes, escaped and plain, numbers that
/// no machine word holds, names that come twice, other spaces and another order than it would write.
pub(in super::super) const DOCUMENTS: [&str; 8] = [
    r#"{"b":1,  "a":2, "b":3}"#,
    r#"{"text":"\u0000 \u001f \n \t \/ / \\ \" ' ` $1 ? %"}"#,
    r#"{"text":"\u00e9 \u94A5 \ud83d\udd11"}"#,
    "{\"text\":\"\u{e9} e\u{301} \u{94a5} \u{1f511} \u{10ffff} \u{feff} \u{202e} \u{2028} \u{7f} \u{80}\"}",
    "{\"n\":[1, 1.0, 1e0, -0, 0.1, 1E400, 123456789012345678901234567890, 1e-400]}",
    " \r\n\t{ } \n",
    "null",
    r#""a text by itself; -- /* */ '; DROP TABLE guanxi_parts""#,
];

/// Schemas of later versions, among them those that an earlier one comes out of where a number is cut.
pub(in super::super) const NEWER: [u16; 4] = [2, 257, 32_769, u16::MAX];

/// More parts than a customer of this version ever has written by one commit: a year each.
const YEARS: i32 = 200;

impl<H: Harness> Trial<'_, H> {
    /// An order whose documents all are this one.
    pub(in super::super) fn documented(
        &self,
        customer: &mut Customer,
        document: &[u8],
        name: &str,
    ) -> Result<Commit, Deviation> {
        Ok(self.order(customer, 1, name)?.altered(|change| {
            change.entry.document = document.to_vec();
            change.put.iter_mut().for_each(|part| part.document = document.to_vec());
        }))
    }

    /// Carries out a commit that makes its first customer, and then has its documents.
    fn gives_back(&self, commit: &Commit) -> Result<(), Deviation> {
        self.accepts(commit)?;
        self.has_documents(commit)
    }

    /// All parts and the entry of the first customer of a commit, which made it, are given back to the
    /// byte.
    pub(in super::super) fn has_documents(&self, commit: &Commit) -> Result<(), Deviation> {
        let Some(change) = commit.changes().first() else { return Ok(()) };
        let stored = self.stored(change.id)?;
        let revision = stored.as_ref().map(|stored| stored.revision);
        same("the revision of a load", &Some(change.entry.revision), &revision)?;
        let mut put = change.put.clone();
        put.sort_by_key(|part| part.name);
        let parts = stored.map(|stored| stored.parts).unwrap_or_default();
        same("the parts of a load", &names(&put), &names(&parts))?;
        for (put, part) in put.iter().zip(&parts) {
            same_part(put, part)?;
        }
        let page = self.page(change.id, 0, PageSize::MAX)?;
        match page.as_slice() {
            [entry] => same_entry(&change.entry, entry),
            entries => same("the entries of a journal", &1, &entries.len()),
        }
    }
}

fn names(parts: &[Part]) -> Vec<PartName> {
    parts.iter().map(|part| part.name).collect()
}

fn same_part(put: &Part, part: &Part) -> Result<(), Deviation> {
    same(&format!("the schema of part {}", put.name), &put.schema, &part.schema)?;
    same_bytes(&format!("the document of part {}", put.name), &put.document, &part.document)
}

fn same_entry(put: &StoredEntry, entry: &StoredEntry) -> Result<(), Deviation> {
    same("an entry", put, entry)?;
    same_bytes("the document of an entry", &put.document, &entry.document)
}

/// Says where two documents differ: the whole of them fills pages.
fn same_bytes(what: &str, put: &[u8], saw: &[u8]) -> Result<(), Deviation> {
    if put == saw {
        return Ok(());
    }
    let place = put.iter().zip(saw).take_while(|(put, saw)| put == saw).count();
    let around = |bytes: &[u8]| {
        let bytes: Vec<u8> = bytes.iter().skip(place.saturating_sub(8)).take(24).copied().collect();
        String::from_utf8_lossy(&bytes).escape_debug().to_string()
    };
    let expected = format!(
        "{what} byte for byte: {} bytes, and around byte {place} `{}`",
        put.len(),
        around(put)
    );
    Err(Deviation::new(expected, format!("{} bytes, and there `{}`", saw.len(), around(saw))))
}

pub(super) fn c7_documents_are_given_back_to_the_byte<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    for (nth, document) in DOCUMENTS.iter().enumerate() {
        let mut customer = trial.customer(&format!("customer {nth}"));
        let commit =
            trial.documented(&mut customer, document.as_bytes(), &format!("order {nth}"))?;
        trial.gives_back(&commit)?;
    }
    Ok(())
}

pub(super) fn c7_large_documents_are_given_back_whole<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let mut text = String::from("[");
    for document in DOCUMENTS.iter().cycle() {
        if text.len() >= DOCUMENT_BYTES {
            break;
        }
        text.push_str(document);
        text.push(',');
    }
    text.push_str("\"end\"]");
    let mut customer = trial.customer("large");
    trial.gives_back(&trial.documented(&mut customer, text.as_bytes(), "order")?)
}

pub(super) fn c1_most_parts_in_one_commit<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let years = (1_900..).take(usize::try_from(YEARS).unwrap_or(0)).map(PurchasePart::Year);
    let purchases = [PurchasePart::Opening, PurchasePart::Year(1), PurchasePart::Year(9_999)];
    let purchases = purchases.into_iter().chain(years).map(PartName::Purchase);
    let rooms = [
        PartName::Customer,
        PartName::Lifecycle,
        PartName::Observations,
        PartName::Profile,
        PartName::Review,
    ];
    let part = |name: PartName| {
        let document = format!("{{\"of\":\"{name}\"}}").into_bytes();
        Part { name, schema: 1, document }
    };
    let all: Vec<_> = rooms.into_iter().chain(purchases).map(part).collect();
    let mut customer = trial.customer("customer");
    let commit = trial.order(&mut customer, 1, "order")?;
    trial.gives_back(&commit.altered(|change| change.put.clone_from(&all)))?;

    // And all but one taken away by one commit.
    let commit = trial.order(&mut customer, 2, "remove")?.altered(|change| {
        change.put.clear();
        change.removed = names(&all).into_iter().filter(|name| *name != PartName::Review).collect();
    });
    trial.accepts(&commit)?;
    let left = trial.stored(customer.id())?.map(|stored| names(&stored.parts));
    same("the parts that are left", &Some(vec![PartName::Review]), &left)
}

pub(super) fn c15_newer_part_is_given_back_as_it_is<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    for schema in NEWER {
        let mut customer = trial.customer(&format!("of schema {schema}"));
        let document = br#"{"nobody":"knows this yet"}"#;
        let commit = trial.documented(&mut customer, document, &format!("order {schema}"))?;
        let commit = commit.altered(|change| {
            change.put.iter_mut().for_each(|part| part.schema = schema);
        });
        trial.gives_back(&commit)?;
        // So whoever restores the customer learns that it is newer.
        let stored = trial.stored(customer.id())?;
        let refused = stored.map(|stored| {
            let restored = Customer::from_parts(customer.id(), stored.revision, &stored.parts);
            restored.map(drop).map_err(|error| StoreError::from(error).kind())
        });
        same("a customer of newer parts", &Some(Err(StoreErrorKind::Newer)), &refused)?;
    }
    Ok(())
}

pub(super) fn c15_newer_entry_is_given_back_as_it_is<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    for schema in NEWER {
        let mut customer = trial.customer(&format!("of schema {schema}"));
        let commit = trial.order(&mut customer, 1, &format!("order {schema}"))?;
        trial.gives_back(&commit.altered(|change| change.entry.schema = schema))?;
        let page = trial.page(customer.id(), 0, PageSize::MAX)?;
        let refused =
            page.first().map(|entry| entry.decode().map(drop).map_err(|error| error.kind()));
        same("a newer entry", &Some(Err(StoreErrorKind::Newer)), &refused)?;
    }
    Ok(())
}
