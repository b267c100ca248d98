//! What becomes of keys, documents, numbers and instants.

use guanxi::Timestamp;
use guanxi::customer::Part;
use guanxi::profile::ExternalKey;
use guanxi::store::{Commit, CommitError, CustomerChange, StoreError, StoreErrorKind, StoredEntry};
use guanxi::{CustomerId, TenantId};

use super::disk::{Disk, FaultyStore};
use super::fault::Fault;

/// As much of a text as so many bytes hold.
fn cut(text: &str, bytes: usize) -> String {
    let kept = text.char_indices().take_while(|(at, sign)| at + sign.len_utf8() <= bytes);
    kept.map(|(_, sign)| sign).collect()
}

/// Without what JSON need not keep: spaces, the order of names, all but the last of two.
fn rewritten(document: &[u8]) -> Vec<u8> {
    let read: Result<serde_json::Value, _> = serde_json::from_slice(document);
    read.map_or_else(|_| document.to_vec(), |value| value.to_string().into_bytes())
}

/// An instant without what is below a second.
pub(super) fn whole_second(at: Timestamp) -> Timestamp {
    let micros = at.as_micros();
    Timestamp::from_micros(micros - micros.rem_euclid(1_000_000)).unwrap()
}

impl FaultyStore {
    /// A text of a key, so that equal ones are the same key.
    pub(super) fn text_as_compared(&self, text: &str) -> String {
        match self.fault {
            Fault::FoldsCase => text.to_lowercase(),
            Fault::FoldsAccents => text.replace("e\u{301}", "\u{e9}"),
            Fault::FoldsWidth => text.replace('\u{ff4b}', "k"),
            Fault::TrimsKeys => text.trim_end().to_owned(),
            Fault::CutsKeys => cut(text, 255),
            Fault::CutsSystems => cut(text, 63),
            Fault::UnescapesQuotes => text.replace("''", "'"),
            Fault::ReadsKeysAsNumbers => {
                text.parse::<f64>().map_or_else(|_| text.to_owned(), |number| number.to_string())
            }
            _ => text.to_owned(),
        }
    }

    pub(super) fn revision_as_compared(&self, revision: u64) -> u64 {
        if self.is(Fault::CutsRevisions) { revision & 0xffff_ffff } else { revision }
    }

    pub(super) fn removed_max(&self) -> usize {
        match self.fault {
            Fault::KeepsRemovedParts => 0,
            Fault::RemovesTenParts => 10,
            _ => usize::MAX,
        }
    }

    fn document_as_written(&self, document: &[u8]) -> Vec<u8> {
        match self.fault {
            Fault::RewritesDocuments => rewritten(document),
            Fault::LosesNulEscapes => {
                String::from_utf8_lossy(document).replace("\\u0000", "").into_bytes()
            }
            _ => document.to_vec(),
        }
    }

    fn schema_as_written(&self, schema: u16) -> u16 {
        match self.fault {
            Fault::TakesSchemasForKnown => 1,
            Fault::CutsSchemas => schema & 0xff,
            _ => schema,
        }
    }

    pub(super) fn part_as_written(&self, part: &Part) -> Part {
        let mut document = self.document_as_written(&part.document);
        if self.is(Fault::CutsDocuments) {
            document.truncate(0xffff);
        }
        Part { name: part.name, schema: self.schema_as_written(part.schema), document }
    }

    pub(super) fn entry_as_written(&self, entry: &StoredEntry) -> StoredEntry {
        let mut document = self.document_as_written(&entry.document);
        if self.is(Fault::CutsEntries) {
            document.truncate(0xffff);
        }
        let recorded_at = match self.fault {
            Fault::CutsInstants => whole_second(entry.recorded_at),
            Fault::ClampsInstants => entry.recorded_at.max(Timestamp::UNIX_EPOCH),
            _ => entry.recorded_at,
        };
        let schema = self.schema_as_written(entry.schema);
        StoredEntry { revision: entry.revision, recorded_at, schema, document }
    }

    pub(super) fn journal_as_read(&self, journal: &[StoredEntry]) -> Vec<StoredEntry> {
        let mut journal = journal.to_vec();
        match self.fault {
            Fault::LeavesOutNewerEntries => journal.retain(|entry| entry.schema == 1),
            Fault::OrdersHistoryByInstant => journal.sort_by_key(|entry| entry.recorded_at),
            _ => {}
        }
        journal
    }

    pub(super) fn claimed(&self, claim: &ExternalKey, holder: CustomerId) -> CommitError {
        if self.is(Fault::QuotesKeys) {
            let text = format!("duplicate key ({}, {})", claim.system(), claim.key());
            return StoreError::new(StoreErrorKind::Refused, text).into();
        }
        CommitError::Claimed { holder }
    }

    /// Documents that are no text are kept like others, unless the store is one that quotes them.
    pub(super) fn check_documents(&self, commit: &Commit) -> Result<(), CommitError> {
        if !self.is(Fault::QuotesDocuments) {
            return Ok(());
        }
        let parts = commit.changes().iter().flat_map(|change| &change.put);
        let odd = parts.map(|part| &part.document).find(|text| std::str::from_utf8(text).is_err());
        odd.map_or(Ok(()), |text| {
            let text = format!("no text: {}", String::from_utf8_lossy(text));
            Err(StoreError::new(StoreErrorKind::Document, text).into())
        })
    }

    pub(super) fn is_known(&self, disk: &Disk, tenant: TenantId, change: &CustomerChange) -> bool {
        disk.rows.contains_key(&self.row_key(tenant, change.id))
    }

    /// Takes the claims up to the first that another holds.
    pub(super) fn take_free(&self, disk: &mut Disk, tenant: TenantId, change: &CustomerChange) {
        for claim in &change.claims_taken {
            let key = self.claim_key(tenant, claim);
            if disk.claims.contains_key(&key) {
                return;
            }
            disk.claims.insert(key, change.id);
        }
    }
}
