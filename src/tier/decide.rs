//! From a command about a tier to what is recorded of it.

use super::command::TierCommand;
use super::error::TierError;
use super::event::TierEvent;
use super::state::{TierOverride, TierState};
use crate::id::Actor;
use crate::time::Timestamp;

/// Decides a command at `now`, given by `by`; `None` when everything is as it asks already.
///
/// [`TierCommand`] has an example.
///
/// # Errors
///
/// [`TierError`].
pub fn decide(
    state: &TierState,
    command: TierCommand,
    now: Timestamp,
    by: Actor,
) -> Result<Option<TierEvent>, TierError> {
    let standing = state.override_at(now);
    match command {
        TierCommand::LiftOverride if standing.is_none() => Err(TierError::NotOverridden),
        TierCommand::LiftOverride => Ok(Some(TierEvent::Lifted { at: now })),
        TierCommand::Override { until, .. } if until <= now => {
            Err(TierError::AlreadyOver { until, now })
        }
        TierCommand::Override { tier, until, reason } => {
            let asked = TierOverride { tier, from: now, until, reason, by };
            let same = standing.is_some_and(|standing| {
                (standing.tier, standing.until, standing.reason) == (tier, until, reason)
            });
            Ok((!same).then_some(TierEvent::Overridden(asked)))
        }
    }
}
