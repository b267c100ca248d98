//! Lenses: one customer in the words of nine frameworks.
//!
//! Businesses describe a customer's path in different words. The library decides on one lifecycle, and
//! a lens says where a customer of that lifecycle stands in another [`Framework`]. Every lens is a
//! total function from a [`Stage`] and a few [`LensFacts`]: it answers [`Place::At`] a stage of the
//! framework, or [`Place::Outside`] with the reason why the framework has no place for the customer.
//! A lens is for showing only; nothing is decided by what it answers.
//!
//! | | framework | lens | stages |
//! |---|---|---|---|
//! | F1 | seven-stage customer journey | [`journey`] | [`JourneyStage`] |
//! | F2 | seven management layers | [`management`], [`management_layers`] | [`ManagementLayer`] |
//! | F3 | relationship lifecycle | [`relationship`] | [`RelationshipPhase`] |
//! | F4 | four customer states | [`customer_state`] | [`CustomerState`] |
//! | F5 | five CRM phases | [`phases`] | [`CrmPhase`] |
//! | F6 | key-account lifecycle | [`key_account`] | [`KeyAccountPhase`] |
//! | F7 | four elements | [`elements`] | [`Element`] |
//! | F8 | satisfaction cycle | [`satisfaction`] | [`SatisfactionPhase`] |
//! | F9 | sales process | [`sales`] | [`SalesStep`] |
//!
//! A host that shows one framework calls its lens; a report over a framework that the reader picks
//! calls [`show`].
//!
//! ```
//! use guanxi::lifecycle::lens::{self, Framework, JourneyStage, LensFacts, Outside, Place};
//! use guanxi::{Language, Stage};
//!
//! let facts = LensFacts { ever_loyal: true, ..LensFacts::default() };
//! assert_eq!(lens::journey(Stage::Loyal, facts), Place::At(JourneyStage::Loyalty));
//! assert_eq!(lens::journey(Stage::Lost, facts), Place::Outside(Outside::Lost));
//!
//! let shown = lens::show(Framework::CustomerState, Stage::Declining, facts, Language::Chinese);
//! assert_eq!(shown, "忠诚");
//! ```

mod map;
mod table;
mod vocabulary;

pub use map::{
    Layers, customer_state, elements, journey, key_account, management, management_layers, phases,
    relationship, sales, satisfaction,
};
pub use table::table_markdown;
pub use vocabulary::{
    CrmPhase, CustomerState, Element, Framework, JourneyStage, KeyAccountPhase, ManagementLayer,
    Outside, RelationshipPhase, SalesStep, SatisfactionPhase,
};

use serde::{Deserialize, Serialize};

use super::stage::Stage;
use crate::explain::{Language, Speak};

/// What a lens must know of a customer beside the stage.
///
/// Every lens takes the same facts, also where it looks at none of them, so that a framework learns to
/// look at one more without breaking its callers.
///
/// ```
/// use guanxi::lifecycle::lens::LensFacts;
///
/// let facts = LensFacts { review_open: true, ..LensFacts::default() };
/// assert!(!facts.key_account);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct LensFacts {
    /// The customer is reviewing quality, reliability or communication, and the review is not closed.
    pub review_open: bool,
    /// The customer has been [`Stage::Loyal`] at some time, in this episode or an earlier one.
    pub ever_loyal: bool,
    /// The customer is managed as a key account.
    pub key_account: bool,
}

/// Where a framework places a customer.
///
/// ```
/// use guanxi::lifecycle::lens::{self, LensFacts, Outside, Place, RelationshipPhase};
/// use guanxi::Stage;
///
/// let place = lens::relationship(Stage::Growing, LensFacts::default());
/// assert_eq!(place.stage(), Some(RelationshipPhase::Formation));
///
/// let place = lens::relationship(Stage::Ended, LensFacts::default());
/// assert_eq!(place.outside(), Some(Outside::Ended));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place<T> {
    /// At this stage of the framework.
    At(T),
    /// The framework has no stage for the customer.
    Outside(Outside),
}

impl<T> Place<T> {
    /// The stage of the framework; `None` outside it.
    #[must_use]
    pub fn stage(self) -> Option<T> {
        match self {
            Self::At(stage) => Some(stage),
            Self::Outside(_) => None,
        }
    }

    /// Why the customer is outside the framework; `None` inside it.
    #[must_use]
    pub fn outside(self) -> Option<Outside> {
        match self {
            Self::At(_) => None,
            Self::Outside(reason) => Some(reason),
        }
    }

    /// The same place with something made of the stage, such as its code or its name.
    ///
    /// ```
    /// use guanxi::lifecycle::lens::{self, LensFacts, Place, SalesStep};
    /// use guanxi::Stage;
    ///
    /// let step = lens::sales(Stage::Deciding, LensFacts::default());
    /// assert_eq!(step.map(SalesStep::code), Place::At("negotiation"));
    /// ```
    #[must_use]
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Place<U> {
        match self {
            Self::At(stage) => Place::At(make(stage)),
            Self::Outside(reason) => Place::Outside(reason),
        }
    }
}

impl<T: Speak> Speak for Place<T> {
    fn text(&self, language: Language) -> String {
        match self {
            Self::At(stage) => stage.text(language),
            Self::Outside(reason) => reason.text(language),
        }
    }
}

/// What any lens shows, in words: the name of the framework's stage, or why there is none.
///
/// ```
/// use guanxi::lifecycle::lens::{self, Framework, LensFacts};
/// use guanxi::{Language, Stage};
///
/// let show = |framework, stage| {
///     lens::show(framework, stage, LensFacts::default(), Language::English)
/// };
/// assert_eq!(show(Framework::Sales, Stage::Onboarding), "Follow-up");
/// assert_eq!(show(Framework::KeyAccount, Stage::Onboarding), "Outside: not a key account");
/// ```
#[must_use]
pub fn show(
    framework: Framework,
    stage: Stage,
    facts: LensFacts,
    language: Language,
) -> &'static str {
    match named(framework, stage, facts, language) {
        Place::At(name) => name,
        Place::Outside(reason) => reason.name(language),
    }
}

/// The place in any framework, with the stage's name for the stage.
fn named(
    framework: Framework,
    stage: Stage,
    facts: LensFacts,
    language: Language,
) -> Place<&'static str> {
    match framework {
        Framework::Journey => journey(stage, facts).map(|at| at.name(language)),
        Framework::Management => management(stage, facts).map(|at| at.name(language)),
        Framework::Relationship => relationship(stage, facts).map(|at| at.name(language)),
        Framework::CustomerState => customer_state(stage, facts).map(|at| at.name(language)),
        Framework::Phases => phases(stage, facts).map(|at| at.name(language)),
        Framework::KeyAccount => key_account(stage, facts).map(|at| at.name(language)),
        Framework::Elements => elements(stage, facts).map(|at| at.name(language)),
        Framework::Satisfaction => satisfaction(stage, facts).map(|at| at.name(language)),
        Framework::Sales => sales(stage, facts).map(|at| at.name(language)),
    }
}

/// Runs the example of the page.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/lenses.md")]
struct Page;
