//! The tiers themselves.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::explain::{Language, Speak};

/// How much a customer matters; the better tier is the greater one. A new tier would break every host's
/// `match`, on purpose.
///
/// ```
/// use guanxi::tier::Tier;
///
/// assert!(Tier::A > Tier::B && Tier::A.is_better_than(Tier::B));
/// assert_eq!((Tier::C.better(), Tier::C.worse()), (Some(Tier::B), None));
/// assert_eq!(serde_json::to_string(&Tier::A)?, r#""A""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Tier {
    /// The many who bring little.
    C,
    /// Those in between.
    B,
    /// The few who bring the most.
    A,
}

impl Tier {
    /// Every tier, the best first.
    pub const ALL: [Self; 3] = [Self::A, Self::B, Self::C];

    /// The next better tier.
    #[must_use]
    pub const fn better(self) -> Option<Self> {
        match self {
            Self::A => None,
            Self::B => Some(Self::A),
            Self::C => Some(Self::B),
        }
    }

    /// The next worse tier.
    #[must_use]
    pub const fn worse(self) -> Option<Self> {
        match self {
            Self::A => Some(Self::B),
            Self::B => Some(Self::C),
            Self::C => None,
        }
    }

    /// Whether it stands above `other`; the same as `>`.
    #[must_use]
    pub fn is_better_than(self, other: Self) -> bool {
        self > other
    }

    /// How many steps from C.
    pub(super) const fn steps(self) -> i64 {
        match self {
            Self::A => 2,
            Self::B => 1,
            Self::C => 0,
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        })
    }
}

impl Speak for Tier {
    fn text(&self, language: Language) -> String {
        match language {
            Language::English => self.to_string(),
            Language::Chinese => format!("{self}级"),
        }
    }
}

/// A tier, or why there is none.
///
/// ```
/// use guanxi::tier::{Tier, TierAnswer, TierOutside};
///
/// assert_eq!(TierAnswer::At(Tier::A).value(), Some(Tier::A));
/// assert_eq!(TierAnswer::Outside(TierOutside::NotCalibrated).value(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierAnswer {
    /// The tier.
    At(Tier),
    /// There is none.
    Outside(TierOutside),
}

impl TierAnswer {
    /// The tier; `None` when there is none.
    #[must_use]
    pub const fn value(self) -> Option<Tier> {
        match self {
            Self::At(tier) => Some(tier),
            Self::Outside(_) => None,
        }
    }
}

impl Speak for TierAnswer {
    fn text(&self, language: Language) -> String {
        match (self, language) {
            (Self::At(tier), _) => tier.text(language),
            (Self::Outside(_), Language::English) => "no tier".to_owned(),
            (Self::Outside(_), Language::Chinese) => "暂无等级".to_owned(),
        }
    }
}

/// What a tier lacks.
///
/// [`TierAnswer`] has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TierOutside {
    /// The base has not been measured yet.
    NotCalibrated,
    /// The base was measured for another policy.
    OtherPolicy,
    /// A measure of the criterion is not known of the customer.
    MeasureMissing,
}
