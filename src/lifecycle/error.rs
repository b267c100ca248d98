//! Why the lifecycle refuses a command.

use super::rule::LifecycleRule;
use super::stage::Stage;
use super::trigger::Trigger;
use crate::explain::{Language, Reason, Speak, join};
use crate::machine::Refusal;
use crate::time::DayTooFar;

/// Why the lifecycle refuses a command.
///
/// ```
/// use guanxi::explain::join;
/// use guanxi::lifecycle::{LifecycleCommand, LifecycleError, Request};
/// use guanxi::{Customer, DecideError, Language};
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
/// // A customer with one order, one month on. Growing by now, but not loyal:
/// let at = "2026-04-01T09:30:00Z";
/// let request = |request| {
///     LifecycleCommand::Request { occurred_at: at.parse().unwrap(), request }.into()
/// };
/// let error = customer.decide(&request(Request::Mature), &context(at), &books).unwrap_err();
/// let DecideError::Lifecycle(LifecycleError::Blocked { unmet, .. }) = error else {
///     panic!("the move is there");
/// };
/// assert_eq!(
///     join(&unmet, Language::English),
///     "orders 1, 4 needed; a customer for 31 days, 180 days needed"
/// );
///
/// // And there is no way at all from Growing to Aware.
/// let error = customer.decide(&request(Request::Cool), &context(at), &books).unwrap_err();
/// assert_eq!(error.to_string(), "cool is refused in stage growing");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LifecycleError {
    /// The table refuses the trigger in this stage, whatever the facts are.
    #[error("{trigger} is refused in stage {stage}")]
    Refused {
        /// The stage.
        stage: Stage,
        /// The trigger.
        trigger: Trigger,
        /// Whether the stage is final or the trigger out of order.
        refusal: Refusal,
    },
    /// The move is there, but guards are unmet: all of them are listed.
    #[error("{trigger} is blocked in stage {stage}: {}", join(unmet, Language::English))]
    Blocked {
        /// The stage.
        stage: Stage,
        /// The trigger.
        trigger: Trigger,
        /// Every unmet guard, with what was observed and the limit.
        unmet: Vec<Reason<LifecycleRule>>,
    },
    /// A choice about a decline, but the customer is not declining.
    #[error("there is no decline to choose about in stage {stage}")]
    NotDeclining {
        /// The stage.
        stage: Stage,
    },
    /// Nothing of the kind needs attention.
    #[error("there is no such flag to acknowledge")]
    NoSuchFlag,
    /// The given business day is too far from the day of the instant.
    #[error(transparent)]
    DayTooFar(#[from] DayTooFar),
}

impl Speak for LifecycleError {
    /// For the person who asked: what stands in the way.
    fn text(&self, language: Language) -> String {
        match (language, self) {
            (Language::English, _) => self.to_string(),
            (Language::Chinese, Self::Refused { stage, trigger, .. }) => {
                format!("“{}”阶段不接受{trigger}", stage.name(language))
            }
            (Language::Chinese, Self::Blocked { stage, trigger, unmet }) => {
                let stage = stage.name(language);
                format!("“{stage}”阶段的{trigger}尚有阻碍：{}", join(unmet, language))
            }
            (Language::Chinese, Self::NotDeclining { stage }) => {
                format!("“{}”阶段没有可选择应对的衰退", stage.name(language))
            }
            (Language::Chinese, Self::NoSuchFlag) => "没有这样的待办标记".to_owned(),
            (Language::Chinese, Self::DayTooFar(_)) => "业务日期与发生时间相差过远".to_owned(),
        }
    }
}
