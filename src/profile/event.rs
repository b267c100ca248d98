//! What the journal keeps about a profile: which field changed, never to what.

use serde::{Deserialize, Serialize};

/// A field of a profile, as events name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProfileField {
    /// Who the customer is: [`Party`](super::Party).
    Party,
    /// How to reach the customer: [`ContactPoint`](super::ContactPoint)s.
    Contacts,
    /// What other systems call the customer: [`ExternalKey`](super::ExternalKey)s.
    ExternalKeys,
}

/// What happened to a profile.
///
/// Events are never erased, so they carry no value; the values are in the profile's own part.
/// Folding events therefore does not give a profile back.
///
/// ```
/// use guanxi::profile::{ProfileEvent, ProfileField};
///
/// let event = ProfileEvent::Changed { field: ProfileField::Contacts };
/// assert_eq!(serde_json::to_string(&event)?, r#"{"changed":{"field":"contacts"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProfileEvent {
    /// A field got a new value, an entry more or an entry less.
    Changed {
        /// Which field.
        field: ProfileField,
    },
    /// Everything known was erased, and every external key given up.
    Erased,
}
