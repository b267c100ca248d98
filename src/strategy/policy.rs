//! The `strategy` section of the policy document: the rules of the table.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::answer::{Effort, STRATEGY_TEXT_CHARS_MAX, Strategy};
use super::cell::{AnyOf, Cell, StrategyTier, StrategyValue};
use super::defaults;
use super::phase::Phase;
use crate::churn::RiskBand;
use crate::lifecycle::Stage;
use crate::lint::Fault;
use crate::tier::Tier;
use crate::value::Treatment;

/// The most rules of a table: one for each of its cells.
pub const STRATEGY_RULES_MAX: usize = 140;

/// The most characters of an action's code.
const CODE_CHARS_MAX: usize = 64;

/// One rule: for customers of these cells, this strategy.
///
/// ```
/// use guanxi::strategy::{AnyOf, Cell, Phase, StrategyRule};
/// use guanxi::tier::Tier;
/// use guanxi::Stage;
///
/// let rule: StrategyRule = serde_json::from_str(
///     r#"{
///         "phase": ["growing", "loyal"],
///         "tier": ["a"],
///         "then": {
///             "effort": "high",
///             "theme": { "english": "extend", "chinese": "扩大合作" },
///             "cadence_days": 14,
///             "action": { "code": "visit", "english": "visit", "chinese": "上门拜访" }
///         }
///     }"#,
/// )?;
/// assert_eq!(rule.phase, AnyOf::of([Phase::Growing, Phase::Loyal]));
/// assert!(rule.value.is_all()); // left out
/// assert!(rule.fits(Cell::of(Stage::Loyal, Some(Tier::A), None)));
/// assert!(!rule.fits(Cell::of(Stage::Loyal, None, None)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StrategyRule {
    /// In these phases; left out: in any.
    #[serde(default, skip_serializing_if = "AnyOf::is_all")]
    pub phase: AnyOf<Phase>,
    /// In these tiers; left out: in any, and without one.
    #[serde(default, skip_serializing_if = "AnyOf::is_all")]
    pub tier: AnyOf<StrategyTier>,
    /// Of these value types; left out: of any, and of an unknown one.
    #[serde(default, skip_serializing_if = "AnyOf::is_all")]
    pub value: AnyOf<StrategyValue>,
    /// The strategy.
    pub then: Strategy,
}

impl StrategyRule {
    /// A rule for everybody.
    ///
    /// ```
    /// use guanxi::strategy::{Cell, Phase, StrategyPolicy, StrategyRule, StrategyTier, StrategyValue};
    ///
    /// # let default = StrategyPolicy::default().rules;
    /// # let then = default[0].then.clone();
    /// let rule = StrategyRule::new(then)
    ///     .with_phase([Phase::Declining])
    ///     .with_tier([StrategyTier::A, StrategyTier::B])
    ///     .with_value([StrategyValue::Keep]);
    /// assert_eq!(Cell::all().filter(|cell| rule.fits(*cell)).count(), 2);
    /// ```
    #[must_use]
    pub fn new(then: Strategy) -> Self {
        let (phase, tier, value) = (AnyOf::default(), AnyOf::default(), AnyOf::default());
        Self { phase, tier, value, then }
    }

    /// The same for these phases only.
    #[must_use]
    pub fn with_phase(mut self, phases: impl IntoIterator<Item = Phase>) -> Self {
        self.phase = AnyOf::of(phases);
        self
    }

    /// The same for these tiers only.
    #[must_use]
    pub fn with_tier(mut self, tiers: impl IntoIterator<Item = StrategyTier>) -> Self {
        self.tier = AnyOf::of(tiers);
        self
    }

    /// The same for these value types only.
    #[must_use]
    pub fn with_value(mut self, values: impl IntoIterator<Item = StrategyValue>) -> Self {
        self.value = AnyOf::of(values);
        self
    }

    /// Whether it speaks for a cell.
    #[must_use]
    pub fn fits(&self, cell: Cell) -> bool {
        self.phase.contains(cell.phase)
            && self.tier.contains(cell.tier)
            && self.value.contains(cell.value)
    }
}

/// The `strategy` section of a policy: rules, of which the first that fits is the answer.
///
/// The default is drawn from common practice: effort follows the tier and the potential, customers
/// come before prospects, who declines is called before who grows, and nobody is courted who ended the
/// relationship.
///
/// ```
/// use guanxi::strategy::{Effort, StrategyPolicy};
/// use guanxi::tier::Tier;
/// use guanxi::value::Treatment;
/// use guanxi::Stage;
///
/// let policy = StrategyPolicy::default();
/// assert_eq!(policy.lint("strategy"), []);
/// assert_eq!(policy.strategy(Stage::Growing, None, None).action.code, "repurchase_offer");
/// let ended = policy.strategy(Stage::Ended, Some(Tier::A), Some(Treatment::Keep));
/// assert_eq!(ended.effort, Effort::None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct StrategyPolicy {
    /// From which churn risk on a growing or loyal customer gets the strategy of the declining: nobody
    /// should be thanked for a loyalty that is ending. Default: high; `null` for never.
    pub rescue_from: Option<RiskBand>,
    /// The rules, first match first. A list that is given replaces the default one whole.
    #[cfg_attr(feature = "schema", schemars(length(max = STRATEGY_RULES_MAX)))]
    pub rules: Vec<StrategyRule>,
}

impl Default for StrategyPolicy {
    fn default() -> Self {
        Self { rescue_from: Some(RiskBand::High), rules: defaults::rules() }
    }
}

impl StrategyPolicy {
    /// The strategy for a customer of this stage, tier and value type.
    ///
    /// Total on a policy without faults. Where no rule fits, the answer asks for a decision by hand,
    /// with the code `review_by_hand`.
    #[must_use]
    pub fn strategy(
        &self,
        stage: Stage,
        tier: Option<Tier>,
        treatment: Option<Treatment>,
    ) -> &Strategy {
        const UNDECIDED: &Strategy = &Strategy::UNDECIDED;
        let cell = Cell::of(stage, tier, treatment);
        self.rules.iter().find(|rule| rule.fits(cell)).map_or(UNDECIDED, |rule| &rule.then)
    }

    /// The same for a customer of this churn risk: from [`rescue_from`](Self::rescue_from) on, a growing
    /// or loyal one gets the strategy of the declining.
    ///
    /// ```
    /// use guanxi::Stage;
    /// use guanxi::churn::RiskBand;
    /// use guanxi::strategy::StrategyPolicy;
    /// use guanxi::tier::Tier;
    ///
    /// let policy = StrategyPolicy::default();
    /// let loyal = |risk| policy.strategy_at_risk(Stage::Loyal, Some(Tier::A), None, risk);
    /// assert_eq!(loyal(Some(RiskBand::Medium)), policy.strategy(Stage::Loyal, Some(Tier::A), None));
    /// let rescue = policy.strategy(Stage::Declining, Some(Tier::A), None);
    /// assert_eq!(loyal(Some(RiskBand::High)), rescue);
    /// ```
    #[must_use]
    pub fn strategy_at_risk(
        &self,
        stage: Stage,
        tier: Option<Tier>,
        treatment: Option<Treatment>,
        risk: Option<RiskBand>,
    ) -> &Strategy {
        let endangered = self.rescue_from.is_some_and(|from| risk >= Some(from));
        let treated_as = match stage {
            Stage::Growing | Stage::Loyal if endangered => Stage::Declining,
            Stage::Prospect
            | Stage::Aware
            | Stage::Considering
            | Stage::Deciding
            | Stage::Onboarding
            | Stage::Growing
            | Stage::Loyal
            | Stage::Declining
            | Stage::Lost
            | Stage::Disqualified
            | Stage::Ended => stage,
        };
        self.strategy(treated_as, tier, treatment)
    }

    /// Which rule answers for a cell, by its number from 0; `None`: none does.
    ///
    /// ```
    /// use guanxi::Stage;
    /// use guanxi::strategy::{Cell, StrategyPolicy};
    ///
    /// let policy = StrategyPolicy::default();
    /// assert_eq!(policy.rule_for(Cell::of(Stage::Ended, None, None)), Some(0));
    /// ```
    #[must_use]
    pub fn rule_for(&self, cell: Cell) -> Option<usize> {
        self.rules.iter().position(|rule| rule.fits(cell))
    }

    /// The cells that no rule fits.
    ///
    /// ```
    /// use guanxi::strategy::{Cell, Phase, StrategyPolicy};
    ///
    /// let mut policy = StrategyPolicy::default();
    /// assert_eq!(policy.uncovered(), []);
    /// policy.rules.remove(0);
    /// assert!(policy.uncovered().iter().all(|cell| cell.phase == Phase::Closed));
    /// assert_eq!(policy.uncovered().len(), 20);
    /// ```
    #[must_use]
    pub fn uncovered(&self) -> Vec<Cell> {
        Cell::all().filter(|cell| self.rule_for(*cell).is_none()).collect()
    }

    /// The rules that are never the answer, by their number from 0.
    ///
    /// ```
    /// use guanxi::strategy::StrategyPolicy;
    ///
    /// let mut policy = StrategyPolicy::default();
    /// policy.rules.insert(1, policy.rules[0].clone());
    /// assert_eq!(policy.never_reached(), [1]);
    /// ```
    #[must_use]
    pub fn never_reached(&self) -> Vec<usize> {
        let reached: BTreeSet<usize> = Cell::all().filter_map(|cell| self.rule_for(cell)).collect();
        (0..self.rules.len()).filter(|number| !reached.contains(number)).collect()
    }

    /// Every fault of this section, with paths under `prefix`.
    ///
    /// ```
    /// use guanxi::strategy::StrategyPolicy;
    ///
    /// let mut policy = StrategyPolicy::default();
    /// policy.rules.remove(0);
    /// let faults = policy.lint("strategy");
    /// assert_eq!(
    ///     faults[0].to_string(),
    ///     "strategy.rules: no rule fits phase closed, tier a, any value; \
    ///      add one, a last rule without conditions fits all that are left"
    /// );
    /// ```
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let path = format!("{prefix}.rules");
        if self.rules.len() > STRATEGY_RULES_MAX {
            let problem = format!("the table has {} rules", self.rules.len());
            let remedy = format!("keep at most {STRATEGY_RULES_MAX}, one for each cell");
            return vec![Fault::new(path, problem, remedy)];
        }
        let mut faults = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            rule.lint(&format!("{path}.{number}"), &mut faults);
        }
        for number in self.never_reached() {
            // A rule that names nothing has been told of already.
            if self.rules.get(number).is_some_and(StrategyRule::names_something) {
                faults.push(Fault::new(
                    format!("{path}.{number}"),
                    "is never reached, earlier rules answer for all that it fits",
                    "move it up, or take it out",
                ));
            }
        }
        self.lint_coverage(&path, &mut faults);
        faults
    }

    /// One fault for each phase and tier, which names the values.
    fn lint_coverage(&self, path: &str, faults: &mut Vec<Fault>) {
        let mut rows: BTreeMap<(Phase, StrategyTier), Vec<&str>> = BTreeMap::new();
        for cell in self.uncovered() {
            rows.entry((cell.phase, cell.tier)).or_default().push(cell.value.code());
        }
        for ((phase, tier), values) in rows {
            let values = if values.len() == StrategyValue::ALL.len() {
                "any value".to_owned()
            } else {
                format!("value {}", values.join(" or "))
            };
            faults.push(Fault::new(
                path,
                format!("no rule fits phase {phase}, tier {}, {values}", tier.code()),
                "add one, a last rule without conditions fits all that are left",
            ));
        }
    }
}

impl StrategyRule {
    fn names_something(&self) -> bool {
        !self.phase.is_empty() && !self.tier.is_empty() && !self.value.is_empty()
    }

    fn lint(&self, path: &str, faults: &mut Vec<Fault>) {
        let mut check = |sound: bool, at: &str, problem: &'static str, remedy: String| {
            if !sound {
                faults.push(Fault::new(format!("{path}.{at}"), problem, remedy));
            }
        };
        let name = |what: &str| format!("name at least one, or leave {what} out for all");
        let nothing = "names nothing, so the rule is never reached";
        check(!self.phase.is_empty(), "phase", nothing, name("phase"));
        check(!self.tier.is_empty(), "tier", nothing, name("tier"));
        check(!self.value.is_empty(), "value", nothing, name("value"));

        let Strategy { effort, theme, cadence_days, action } = &self.then;
        for (at, text) in [
            ("then.theme.english", &theme.english),
            ("then.theme.chinese", &theme.chinese),
            ("then.action.english", &action.english),
            ("then.action.chinese", &action.chinese),
        ] {
            let remedy = format!("write 1 to {STRATEGY_TEXT_CHARS_MAX} characters");
            let sound = !text.trim().is_empty() && text.chars().count() <= STRATEGY_TEXT_CHARS_MAX;
            check(sound, at, "is empty or too long to be read at a glance", remedy);
        }
        check(
            is_code(&action.code),
            "then.action.code",
            "is no stable code",
            format!("write 1 to {CODE_CHARS_MAX} lower-case letters, digits and underscores"),
        );
        let cadence = "then.cadence_days";
        check(
            *cadence_days != Some(0),
            cadence,
            "contact without a pause",
            "choose at least 1 day".to_owned(),
        );
        check(
            *effort != Effort::None || cadence_days.is_none(),
            cadence,
            "regular contact is an effort, and the rule asks for none",
            "leave it out, or choose at least low effort".to_owned(),
        );
    }
}

fn is_code(code: &str) -> bool {
    let sound = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=CODE_CHARS_MAX).contains(&code.len()) && code.bytes().all(sound)
}
