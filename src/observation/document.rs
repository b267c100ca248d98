//! How observations are stored: one JSON document, rows by kind and day.

use serde::{Deserialize, Serialize};

use super::error::ObservationDocumentError;
use super::event::ObservationEvent;
use super::rules::check;
use super::state::Observations;

/// The name of the part of a customer that its observations are stored in.
pub const OBSERVATIONS_PART: &str = "observations";

/// The schema that [`Observations::to_document`] writes, and the newest that is read.
pub const OBSERVATIONS_SCHEMA: u16 = 1;

#[derive(Serialize)]
struct Written<'a> {
    kept: &'a [ObservationEvent],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    kept: Vec<ObservationEvent>,
}

impl Observations {
    /// The document to store as the part [`OBSERVATIONS_PART`] under [`OBSERVATIONS_SCHEMA`]. Equal
    /// observations give equal bytes.
    ///
    /// ```
    /// use guanxi::observation::{OBSERVATIONS_SCHEMA, ObservationEvent, Observations, Observed};
    /// use guanxi::{Day, Timestamp};
    ///
    /// let mut observations = Observations::default();
    /// let (at, day) = (Timestamp::UNIX_EPOCH, Day::from_ymd(1970, 1, 1)?);
    /// observations.apply(&ObservationEvent::new(at, day, Observed::ComplaintsOpen(2)));
    ///
    /// let document = observations.to_document();
    /// let written = r#"{"kept":[{"occurred_at":"1970-01-01T00:00:00Z","day":"1970-01-01","observed":{"complaints_open":2}}]}"#;
    /// assert_eq!(document, written.as_bytes());
    /// assert_eq!(Observations::from_document(OBSERVATIONS_SCHEMA, &document)?, observations);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_document(&self) -> Vec<u8> {
        // Numbers, dates and fields of fixed names, into memory: nothing here can fail. Were it ever to,
        // the empty document is no JSON and would be refused on reading, not read as "nothing told".
        serde_json::to_vec(&Written { kept: self.kept() }).unwrap_or_default()
    }

    /// Reads a stored document back.
    ///
    /// # Errors
    ///
    /// [`ObservationDocumentError`] for a schema this version does not know, and for anything that
    /// [`to_document`](Self::to_document) does not write.
    pub fn from_document(schema: u16, bytes: &[u8]) -> Result<Self, ObservationDocumentError> {
        if schema != OBSERVATIONS_SCHEMA {
            let (found, newest) = (schema, OBSERVATIONS_SCHEMA);
            return Err(ObservationDocumentError::Schema { found, newest });
        }
        let Read { kept } =
            serde_json::from_slice(bytes).map_err(|_| ObservationDocumentError::Malformed)?;
        if kept.iter().any(|row| check(row.observed, row.day).is_err()) {
            return Err(ObservationDocumentError::Inconsistent);
        }
        Self::from_rows(kept).ok_or(ObservationDocumentError::Misplaced)
    }
}
