//! A customer as stored: a handful of named parts, each a small document of its own schema.
//!
//! | part | holds | written when |
//! |---|---|---|
//! | `customer` | how far it was taken, and by which rulebook | always |
//! | `lifecycle` | track, episode, signals, flags | one of them changed |
//! | `observations` | figures that only the host knows | one was reported |
//! | `purchase.opening` | the opening balance | at a takeover |
//! | `purchase.YYYY` | the rows of one year | a row of that year changed |
//! | `review` | the last review, and a person's word on the tier | either changed |
//! | `profile` | everything personal | the profile changed; removed when erased |

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::event::Event;
use super::outcome::Change;
use super::review::Reviews;
use super::state::{Customer, Progress};
use crate::id::CustomerId;
use crate::lifecycle::Lifecycle;
use crate::observation::{
    OBSERVATIONS_PART, OBSERVATIONS_SCHEMA, ObservationDocumentError, Observations,
};
use crate::profile::{PROFILE_PART, PROFILE_SCHEMA, Profile, ProfileDocumentError};
use crate::purchase::{PURCHASE_SCHEMA, PurchaseDocumentError, PurchaseHistory, PurchasePart};
use crate::time::Timestamp;

/// The schema of the `customer` part.
const CUSTOMER_SCHEMA: u16 = 1;
/// The schema of the `lifecycle` part.
const LIFECYCLE_SCHEMA: u16 = 1;
/// The schema of the `review` part.
const REVIEW_SCHEMA: u16 = 1;

/// The name of a part.
///
/// ```
/// use guanxi::customer::PartName;
///
/// let name: PartName = "purchase.2026".parse()?;
/// assert!(matches!(name, PartName::Purchase(_)));
/// assert_eq!(name.to_string(), "purchase.2026");
/// assert!("notes".parse::<PartName>().is_err());
/// # Ok::<(), guanxi::customer::CustomerDocumentError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PartName {
    /// `customer`.
    Customer,
    /// `lifecycle`.
    Lifecycle,
    /// `observations`.
    Observations,
    /// `profile`.
    Profile,
    /// `review`.
    Review,
    /// `purchase.opening` or `purchase.YYYY`.
    Purchase(PurchasePart),
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer => f.write_str("customer"),
            Self::Lifecycle => f.write_str("lifecycle"),
            Self::Observations => f.write_str(OBSERVATIONS_PART),
            Self::Profile => f.write_str(PROFILE_PART),
            Self::Review => f.write_str("review"),
            Self::Purchase(part) => part.fmt(f),
        }
    }
}

impl FromStr for PartName {
    type Err = CustomerDocumentError;

    fn from_str(name: &str) -> Result<Self, CustomerDocumentError> {
        match name {
            "customer" => Ok(Self::Customer),
            "lifecycle" => Ok(Self::Lifecycle),
            OBSERVATIONS_PART => Ok(Self::Observations),
            PROFILE_PART => Ok(Self::Profile),
            "review" => Ok(Self::Review),
            _ => name.parse().map(Self::Purchase).map_err(|_| CustomerDocumentError::UnknownPart),
        }
    }
}

/// One part of a customer, as stored: JSON that a database can read.
///
/// ```
/// use guanxi::Customer;
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
///
/// let mut customer = Customer::unknown(id);
/// let at = "2026-03-01T09:30:00Z";
/// let _ = customer.decide(&order(at), &context(at), &books)?;
///
/// let parts = customer.to_parts();
/// let names: Vec<String> = parts.iter().map(|part| part.name.to_string()).collect();
/// assert_eq!(names, ["customer", "lifecycle", "purchase.2026"]);
///
/// // Store the parts and the revision; read back, they are the customer.
/// assert_eq!(Customer::from_parts(id, customer.revision(), &parts)?, customer);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: PartName,
    /// The schema of its document.
    pub schema: u16,
    /// The document.
    pub document: Vec<u8>,
}

impl fmt::Debug for Part {
    /// Without the document: it may be personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("name", &self.name)
            .field("schema", &self.schema)
            .field("bytes", &self.document.len())
            .finish()
    }
}

/// Why stored parts are not a customer. Never quotes the document.
///
/// ```
/// use guanxi::Customer;
/// use guanxi::customer::{CustomerDocumentError, PartName};
/// # fn order(at: &str) -> guanxi::Command {
/// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
/// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
/// # }
/// # fn context(now: &str) -> guanxi::Context {
/// #     let command_id = guanxi::CommandId::derive("example", now);
/// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
/// # }
/// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
/// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
/// # let books = guanxi::Rulebooks::from(book);
/// # let shop = guanxi::TenantId::derive("example-shop");
/// # let id = guanxi::CustomerId::derive(shop, "C-17");
///
/// let mut customer = Customer::unknown(id);
/// let at = "2026-03-01T09:30:00Z";
/// let _ = customer.decide(&order(at), &context(at), &books)?;
///
/// // Written by a newer version of the library: refused, not guessed at.
/// let mut parts = customer.to_parts();
/// parts[1].schema = 2;
/// assert_eq!(
///     Customer::from_parts(id, 1, &parts),
///     Err(CustomerDocumentError::Schema { part: PartName::Lifecycle, found: 2, newest: 1 })
/// );
///
/// parts.remove(1);
/// let missing = Customer::from_parts(id, 1, &parts).unwrap_err();
/// assert_eq!(missing.to_string(), "part lifecycle is missing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CustomerDocumentError {
    /// A part of a name that this version does not know.
    #[error("unknown part")]
    UnknownPart,
    /// A part of a schema that this version does not know.
    #[error("part {part} has schema {found}, the newest known is {newest}")]
    Schema {
        /// The part.
        part: PartName,
        /// Its schema.
        found: u16,
        /// The newest schema this version reads.
        newest: u16,
    },
    /// A document that is not what its part holds.
    #[error("part {part} is malformed, line {line}, column {column}")]
    Malformed {
        /// The part.
        part: PartName,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A part stands twice.
    #[error("part {part} stands twice")]
    Twice {
        /// The part.
        part: PartName,
    },
    /// A part without which there is no customer is missing.
    #[error("part {part} is missing")]
    Missing {
        /// The part.
        part: PartName,
    },
    /// The purchases are not a ledger.
    #[error(transparent)]
    Purchase(#[from] PurchaseDocumentError),
    /// The observations are none.
    #[error(transparent)]
    Observation(#[from] ObservationDocumentError),
    /// The profile is not one.
    #[error(transparent)]
    Profile(#[from] ProfileDocumentError),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerDocument {
    recorded_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    progress: Option<Progress>,
}

impl Customer {
    /// Every part of this customer; none for an unknown one.
    #[must_use]
    pub fn to_parts(&self) -> Vec<Part> {
        let years = self.purchases.years().into_iter().map(PurchasePart::Year);
        let purchases = [PurchasePart::Opening].into_iter().chain(years).map(PartName::Purchase);
        [
            PartName::Customer,
            PartName::Lifecycle,
            PartName::Observations,
            PartName::Profile,
            PartName::Review,
        ]
        .into_iter()
        .chain(purchases)
        .filter_map(|name| self.part(name))
        .collect()
    }

    /// The parts that a change touched: those to write, and those to remove because nothing is left
    /// in them.
    ///
    /// ```
    /// use guanxi::{Customer, Outcome};
    /// # fn order(at: &str) -> guanxi::Command {
    /// #     let paid = guanxi::Money::from_minor(2_933, guanxi::Currency::USD);
    /// #     guanxi::purchase::Order::new(at.parse().unwrap(), paid).into()
    /// # }
    /// # fn context(now: &str) -> guanxi::Context {
    /// #     let command_id = guanxi::CommandId::derive("example", now);
    /// #     guanxi::Context::new(now.parse().unwrap(), guanxi::Actor::System, command_id)
    /// # }
    /// # let policy = guanxi::Policy::new(guanxi::Currency::USD);
    /// # let book = guanxi::Rulebook::new(policy, guanxi::Timestamp::MIN)?;
    /// # let books = guanxi::Rulebooks::from(book);
    /// # let shop = guanxi::TenantId::derive("example-shop");
    /// # let id = guanxi::CustomerId::derive(shop, "C-17");
    ///
    /// let mut customer = Customer::unknown(id);
    /// for at in ["2024-11-05T12:00:00Z", "2025-11-05T12:00:00Z"] {
    ///     let _ = customer.decide(&order(at), &context(at), &books)?;
    /// }
    ///
    /// // Of three years of purchases, an order writes one.
    /// let at = "2026-01-10T12:00:00Z";
    /// let Outcome::Changed(change) = customer.decide(&order(at), &context(at), &books)? else {
    ///     panic!("an order is news");
    /// };
    /// let (put, removed) = customer.touched_parts(&change);
    /// let names: Vec<String> = put.iter().map(|part| part.name.to_string()).collect();
    /// assert!(names.contains(&"purchase.2026".to_owned()));
    /// assert!(!names.contains(&"purchase.2025".to_owned()));
    /// assert_eq!(removed, []);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn touched_parts(&self, change: &Change) -> (Vec<Part>, Vec<PartName>) {
        let mut names = BTreeSet::from([PartName::Customer]);
        for event in &change.entry.events {
            touch(event, &mut names);
        }
        let (mut put, mut removed) = (Vec::new(), Vec::new());
        for name in names {
            match self.part(name) {
                Some(part) => put.push(part),
                None => removed.push(name),
            }
        }
        (put, removed)
    }

    /// One part; `None` where there is nothing to store.
    fn part(&self, name: PartName) -> Option<Part> {
        let (schema, document) = match name {
            PartName::Customer => {
                let recorded_at = self.recorded_at?;
                let document = CustomerDocument { recorded_at, progress: self.progress };
                (CUSTOMER_SCHEMA, serde_json::to_vec(&document).ok()?)
            }
            PartName::Lifecycle => {
                self.progress?;
                (LIFECYCLE_SCHEMA, serde_json::to_vec(&self.lifecycle).ok()?)
            }
            PartName::Review if self.reviews.is_empty() => return None,
            PartName::Review => (REVIEW_SCHEMA, serde_json::to_vec(&self.reviews).ok()?),
            PartName::Observations if self.observations.is_empty() => return None,
            PartName::Observations => (OBSERVATIONS_SCHEMA, self.observations.to_document()),
            PartName::Profile if self.profile.is_empty() => return None,
            PartName::Profile => (PROFILE_SCHEMA, self.profile.to_document()),
            PartName::Purchase(PurchasePart::Opening) => {
                (PURCHASE_SCHEMA, self.purchases.encode_opening()?)
            }
            PartName::Purchase(PurchasePart::Year(year)) => {
                (PURCHASE_SCHEMA, self.purchases.encode_year(year))
            }
        };
        Some(Part { name, schema, document })
    }

    /// The customer that these parts store, in any order.
    ///
    /// # Errors
    ///
    /// [`CustomerDocumentError`] when they are not what this version stores. Nothing is guessed.
    pub fn from_parts(
        id: CustomerId,
        revision: u64,
        parts: &[Part],
    ) -> Result<Self, CustomerDocumentError> {
        let mut seen = BTreeSet::new();
        let twice = parts.iter().find(|part| !seen.insert(part.name));
        if let Some(part) = twice {
            return Err(CustomerDocumentError::Twice { part: part.name });
        }
        let CustomerDocument { recorded_at, progress } =
            required(parts, PartName::Customer, CUSTOMER_SCHEMA)?;
        let lifecycle: Lifecycle = match progress {
            Some(_) => required(parts, PartName::Lifecycle, LIFECYCLE_SCHEMA)?,
            None => Lifecycle::default(),
        };
        let purchases = parts.iter().filter(|part| matches!(part.name, PartName::Purchase(_)));
        let purchases = PurchaseHistory::from_parts(
            purchases.map(|part| (part.name.to_string(), part.schema, &part.document)),
        )?;
        let observations = match parts.iter().find(|part| part.name == PartName::Observations) {
            Some(part) => Observations::from_document(part.schema, &part.document)?,
            None => Observations::default(),
        };
        let profile = match parts.iter().find(|part| part.name == PartName::Profile) {
            Some(part) => Profile::from_document(part.schema, &part.document)?,
            None => Profile::default(),
        };
        let reviews = match parts.iter().any(|part| part.name == PartName::Review) {
            true => required(parts, PartName::Review, REVIEW_SCHEMA)?,
            false => Reviews::default(),
        };
        let recorded_at = Some(recorded_at);
        Ok(Self {
            id,
            revision,
            recorded_at,
            progress,
            lifecycle,
            purchases,
            observations,
            profile,
            reviews,
        })
    }
}

fn required<T: for<'de> Deserialize<'de>>(
    parts: &[Part],
    name: PartName,
    newest: u16,
) -> Result<T, CustomerDocumentError> {
    let part = parts
        .iter()
        .find(|part| part.name == name)
        .ok_or(CustomerDocumentError::Missing { part: name })?;
    if part.schema != newest {
        return Err(CustomerDocumentError::Schema { part: name, found: part.schema, newest });
    }
    serde_json::from_slice(&part.document).map_err(|error| CustomerDocumentError::Malformed {
        part: name,
        line: error.line(),
        column: error.column(),
    })
}

/// The parts that an event changes, beside `customer`.
fn touch(event: &Event, names: &mut BTreeSet<PartName>) {
    match event {
        Event::Admitted(admitted) => {
            names.insert(PartName::Lifecycle);
            if admitted.opening.is_some() {
                names.insert(PartName::Purchase(PurchasePart::Opening));
            }
        }
        Event::RulebookAdopted { .. } => {}
        Event::Purchase(event) => {
            names.insert(PartName::Purchase(PurchasePart::Year(event.year())));
        }
        Event::Observed(_) => {
            names.insert(PartName::Observations);
        }
        Event::Lifecycle(_) => {
            names.insert(PartName::Lifecycle);
        }
        Event::Profile(_) => {
            names.insert(PartName::Profile);
        }
        Event::Tier(_) | Event::Reviewed(_) => {
            names.insert(PartName::Review);
        }
    }
}
