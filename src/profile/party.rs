//! Who a customer is: an organisation or a person.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::time::Day;

use super::error::{ProfileError, ProfileInput};
use super::limits::{INTERESTS_MAX, NAME_BYTES_MAX, VALUE_BYTES_MAX, check_count, checked_text};

/// Who the customer is.
///
/// ```
/// use guanxi::profile::{Party, Person};
///
/// let party = Party::Person(Person::new("林晓")?);
/// assert_eq!(party.name(), "林晓");
/// # Ok::<(), guanxi::profile::ProfileError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Party {
    /// A company, a public body, an association.
    Organisation(Organisation),
    /// A natural person.
    Person(Person),
}

impl Party {
    /// The name of either.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Organisation(organisation) => organisation.name(),
            Self::Person(person) => person.name(),
        }
    }
}

/// A country as two capital letters: ISO 3166-1 alpha-2.
///
/// Only the form is checked. Which codes are assigned changes over the years, and a host may need
/// one of those that the standard leaves to its users.
///
/// ```
/// use guanxi::profile::{CountryCode, ProfileError};
///
/// assert_eq!(CountryCode::new("CN")?.as_str(), "CN");
/// assert_eq!(CountryCode::new("cn"), Err(ProfileError::NotCountryCode));
/// # Ok::<(), ProfileError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Reads a code.
    ///
    /// # Errors
    ///
    /// [`ProfileError::NotCountryCode`] when the text is not two letters from A to Z.
    pub fn new(code: &str) -> Result<Self, ProfileError> {
        match *code.as_bytes() {
            [first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => Ok(Self([first, second])),
            _ => Err(ProfileError::NotCountryCode),
        }
    }

    /// The two letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // The constructor let ASCII letters in and nothing else, so the default is never given.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CountryCode").finish_non_exhaustive()
    }
}

impl Serialize for CountryCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// An organisation as a customer.
///
/// ```
/// use guanxi::profile::{CountryCode, Organisation};
///
/// let bakery = Organisation::new("福记面包")?
///     .with_industry("food")?
///     .with_employees(12)
///     .with_country(CountryCode::new("CN")?);
/// assert_eq!(bakery.employees(), Some(12));
/// assert_eq!(format!("{bakery:?}"), "Organisation { .. }");
/// # Ok::<(), guanxi::profile::ProfileError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Organisation {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    industry: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employees: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<CountryCode>,
}

impl Organisation {
    /// An organisation of which the name is known.
    ///
    /// # Errors
    ///
    /// When the name is empty, longer than [`NAME_BYTES_MAX`] or holds a control character.
    pub fn new(name: impl Into<String>) -> Result<Self, ProfileError> {
        let name = checked_text(ProfileInput::Name, name.into(), NAME_BYTES_MAX)?;
        Ok(Self { name, industry: None, employees: None, country: None })
    }

    /// The same with its industry, in the host's own words or codes.
    ///
    /// # Errors
    ///
    /// When the text is empty, longer than [`VALUE_BYTES_MAX`] or holds a control character.
    pub fn with_industry(self, industry: impl Into<String>) -> Result<Self, ProfileError> {
        let industry = checked_text(ProfileInput::Industry, industry.into(), VALUE_BYTES_MAX)?;
        Ok(Self { industry: Some(industry), ..self })
    }

    /// The same with its size: how many people work there.
    #[must_use]
    pub fn with_employees(self, employees: u32) -> Self {
        Self { employees: Some(employees), ..self }
    }

    /// The same with the country it is at home in.
    #[must_use]
    pub fn with_country(self, country: CountryCode) -> Self {
        Self { country: Some(country), ..self }
    }

    /// The name, exactly as given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The industry, if known.
    #[must_use]
    pub fn industry(&self) -> Option<&str> {
        self.industry.as_deref()
    }

    /// How many people work there, if known.
    #[must_use]
    pub const fn employees(&self) -> Option<u32> {
        self.employees
    }

    /// The country it is at home in, if known.
    #[must_use]
    pub const fn country(&self) -> Option<CountryCode> {
        self.country
    }
}

impl fmt::Debug for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Organisation").finish_non_exhaustive()
    }
}

/// A natural person as a customer.
///
/// ```
/// use guanxi::profile::Person;
/// use guanxi::time::Day;
///
/// let lin = Person::new("林晓")?
///     .with_birth_date(Day::from_ymd(1988, 2, 29)?)
///     .with_occupation("baker")?
///     .with_interest("sourdough")?
///     .with_interest("cycling")?;
/// assert_eq!(lin.interests(), ["sourdough", "cycling"]);
/// assert_eq!(format!("{lin:?}"), "Person { interests: 2, .. }");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    birth_date: Option<Day>,
    #[serde(skip_serializing_if = "Option::is_none")]
    occupation: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    interests: Vec<String>,
}

impl Person {
    /// A person of whom the name is known.
    ///
    /// # Errors
    ///
    /// When the name is empty, longer than [`NAME_BYTES_MAX`] or holds a control character.
    pub fn new(name: impl Into<String>) -> Result<Self, ProfileError> {
        let name = checked_text(ProfileInput::Name, name.into(), NAME_BYTES_MAX)?;
        Ok(Self { name, birth_date: None, occupation: None, interests: Vec::new() })
    }

    /// The same with the day of birth, from which the age on any day follows.
    #[must_use]
    pub fn with_birth_date(self, birth_date: Day) -> Self {
        Self { birth_date: Some(birth_date), ..self }
    }

    /// The same with an occupation, in the host's own words or codes.
    ///
    /// # Errors
    ///
    /// When the text is empty, longer than [`VALUE_BYTES_MAX`] or holds a control character.
    pub fn with_occupation(self, occupation: impl Into<String>) -> Result<Self, ProfileError> {
        let occupation =
            checked_text(ProfileInput::Occupation, occupation.into(), VALUE_BYTES_MAX)?;
        Ok(Self { occupation: Some(occupation), ..self })
    }

    /// The same with one interest more. One that is already there is not added again.
    ///
    /// # Errors
    ///
    /// When the text is empty, longer than [`VALUE_BYTES_MAX`] or holds a control character, or when
    /// there would be more than [`INTERESTS_MAX`].
    pub fn with_interest(mut self, interest: impl Into<String>) -> Result<Self, ProfileError> {
        let interest = checked_text(ProfileInput::Interests, interest.into(), VALUE_BYTES_MAX)?;
        if !self.interests.contains(&interest) {
            let count = self.interests.len().saturating_add(1);
            check_count(ProfileInput::Interests, count, INTERESTS_MAX)?;
            self.interests.push(interest);
        }
        Ok(self)
    }

    /// The name, exactly as given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The day of birth, if known.
    #[must_use]
    pub const fn birth_date(&self) -> Option<Day> {
        self.birth_date
    }

    /// The occupation, if known.
    #[must_use]
    pub fn occupation(&self) -> Option<&str> {
        self.occupation.as_deref()
    }

    /// The interests, in the order they were given.
    #[must_use]
    pub fn interests(&self) -> &[String] {
        &self.interests
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("interests", &self.interests.len()).finish_non_exhaustive()
    }
}
