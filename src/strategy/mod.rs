//! Strategy: how much effort a customer gets, to what end, how often, and what to do next.
//!
//! A table over the [`Phase`] of the lifecycle, the tier and the value type. A [`StrategyPolicy`] is a
//! list of rules, the first that fits a cell being its answer; the lint finds every cell without an
//! answer and every rule that is never reached, so that a policy without faults answers for everybody.
//!
//! ```
//! use guanxi::strategy::StrategyPolicy;
//! use guanxi::tier::Tier;
//! use guanxi::value::Treatment;
//! use guanxi::{Language, Speak, Stage};
//!
//! let policy = StrategyPolicy::default();
//! let rescue = policy.strategy(Stage::Declining, Some(Tier::A), Some(Treatment::Keep));
//! assert_eq!(rescue.action.code, "rescue_call");
//! assert_eq!(
//!     rescue.text(Language::English),
//!     "high effort, rescue; next within 2 days: the account manager calls, finds the cause and \
//!      proposes a remedy; contact every 7 days"
//! );
//! assert_eq!(
//!     rescue.text(Language::Chinese),
//!     "高投入，全力挽留；下一步（2天内）：客户经理致电，找出原因并提出解决方案；每7天联系一次"
//! );
//! ```

mod answer;
mod cell;
mod defaults;
mod phase;
mod policy;

pub use answer::{Effort, NextAction, STRATEGY_TEXT_CHARS_MAX, Strategy, Wording};
pub use cell::{AnyOf, Axis, Cell, StrategyTier, StrategyValue};
pub use phase::Phase;
pub use policy::{STRATEGY_RULES_MAX, StrategyPolicy, StrategyRule};
