//! What a person can ask of a tier.

use serde::{Deserialize, Serialize};

use super::state::OverrideReason;
use super::tiers::Tier;
use crate::time::Timestamp;

/// A command about a customer's tier.
///
/// ```
/// use guanxi::tier::{OverrideReason, Tier, TierCommand};
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
/// let strategic = TierCommand::Override {
///     tier: Tier::A,
///     until: "2027-03-01T00:00:00Z".parse()?,
///     reason: OverrideReason::Strategic,
/// };
/// let _ = customer.decide(&strategic.into(), &context("2026-03-02T09:30:00Z"), &books)?;
/// let assessment = customer.assess("2026-06-01T00:00:00Z".parse()?, &books)?;
/// assert_eq!(assessment.tier.value.tier.value(), Some(Tier::A));
///
/// // It ends by itself, and an agenda wakes the customer for it.
/// let assessment = customer.assess("2027-03-01T00:00:00Z".parse()?, &books)?;
/// assert_eq!(assessment.tier.value.tier.value(), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum TierCommand {
    /// Sets the tier, from now on until an instant, whatever reviews say. Another override replaces it.
    Override {
        /// The tier.
        tier: Tier,
        /// The first instant at which it no longer holds.
        until: Timestamp,
        /// Why.
        reason: OverrideReason,
    },
    /// Ends the override at once.
    LiftOverride,
}
