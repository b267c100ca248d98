//! The door: what is recorded, and as what.

use super::command::Observation;
use super::error::ObservationError;
use super::event::ObservationEvent;
use super::observed::Observed;
use crate::money::{Currency, Money};
use crate::time::{Day, Zone};

/// The highest potential.
const POTENTIAL_MAX: u8 = 100;

/// Decides whether an observation is recorded, and fixes what it is recorded as.
///
/// The business day is the one given, else that of the instant in `zone`. An amount is recorded in the
/// `base` currency: as it is when it is in that currency, else as the base amount given.
///
/// ```
/// use guanxi::observation::{Observation, ObservationError, Observed, decide};
/// use guanxi::{Currency, Money, Timestamp, Zone};
///
/// let euros = Money::from_minor(2_933, Currency::EUR);
/// let margin = Observation::new(Timestamp::UNIX_EPOCH, Observed::Margin(euros));
/// let refused = decide(&margin, Currency::USD, Zone::UTC);
/// let (given, base) = (Currency::EUR, Currency::USD);
/// assert_eq!(refused, Err(ObservationError::BaseMissing { given, base }));
///
/// let dollars = Money::from_minor(3_171, Currency::USD);
/// let event = decide(&margin.with_base(dollars), Currency::USD, Zone::UTC)?;
/// assert_eq!(event.observed, Observed::Margin(dollars));
/// # Ok::<(), ObservationError>(())
/// ```
///
/// # Errors
///
/// [`ObservationError`], each variant with its own reason: the day is checked first, then the figure in
/// itself, then its base amount.
pub fn decide(
    observation: &Observation,
    base: Currency,
    zone: Zone,
) -> Result<ObservationEvent, ObservationError> {
    let Observation { occurred_at, observed, .. } = *observation;
    let day = zone.business_day(occurred_at, observation.day)?;
    check(observed, day)?;
    let observed = in_base(observed, observation.base, base)?;
    Ok(ObservationEvent::new(occurred_at, day, observed))
}

/// Whether a figure can be true on a day.
pub(super) fn check(observed: Observed, day: Day) -> Result<(), ObservationError> {
    let negative = match observed {
        Observed::CostToServe(amount) | Observed::ReferredRevenue(amount) => amount.is_negative(),
        Observed::BusinessSize(size) => size < 0,
        Observed::Usage(share) | Observed::UsageTrend(share) => share.0 < 0,
        Observed::Potential(given) if given > POTENTIAL_MAX => {
            return Err(ObservationError::PotentialAboveScale { given });
        }
        Observed::PaymentOverdueSince(Some(since)) if since > day => {
            return Err(ObservationError::OverdueAhead { since, day });
        }
        // Selling at a loss is a fact, and what the host's own measures mean is the host's knowledge.
        Observed::Margin(_) | Observed::Own { .. } => false,
        Observed::Referrals(_)
        | Observed::Potential(_)
        | Observed::ComplaintsOpen(_)
        | Observed::PaymentOverdueSince(_)
        | Observed::FailedPayments(_)
        | Observed::SponsorGone(_) => false,
    };
    if negative { Err(ObservationError::Negative { kind: observed.kind() }) } else { Ok(()) }
}

/// The same figure with its amount in the base currency.
fn in_base(
    observed: Observed,
    given: Option<Money>,
    base: Currency,
) -> Result<Observed, ObservationError> {
    let kind = observed.kind();
    match observed {
        Observed::Margin(amount) => base_amount(amount, given, base).map(Observed::Margin),
        Observed::CostToServe(amount) => {
            base_amount(amount, given, base).map(Observed::CostToServe)
        }
        Observed::ReferredRevenue(amount) => {
            base_amount(amount, given, base).map(Observed::ReferredRevenue)
        }
        Observed::Referrals(_)
        | Observed::BusinessSize(_)
        | Observed::Potential(_)
        | Observed::Usage(_)
        | Observed::UsageTrend(_)
        | Observed::ComplaintsOpen(_)
        | Observed::PaymentOverdueSince(_)
        | Observed::FailedPayments(_)
        | Observed::SponsorGone(_)
        | Observed::Own { .. } => match given {
            Some(_) => Err(ObservationError::BaseUnneeded { kind }),
            None => Ok(observed),
        },
    }
}

fn base_amount(
    amount: Money,
    given: Option<Money>,
    base: Currency,
) -> Result<Money, ObservationError> {
    let worth = match given {
        Some(worth) => worth,
        None if amount.currency() == base => amount,
        None => return Err(ObservationError::BaseMissing { given: amount.currency(), base }),
    };
    if worth.currency() != base {
        return Err(ObservationError::BaseCurrency { given: worth.currency(), base });
    }
    // A little money may be worth nothing in a coarser currency; nothing is never worth something, and
    // a loss is no gain.
    let contradicts = (amount.currency() == base && amount != worth)
        || (!worth.is_zero() && worth.minor().signum() != amount.minor().signum());
    if contradicts {
        return Err(ObservationError::BaseDiffers { amount, base: worth });
    }
    Ok(worth)
}
