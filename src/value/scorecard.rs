//! What the scorecard weighs: the `scorecard` section of the value policy.

use serde::{Deserialize, Serialize};

use super::measure::ScoreMeasure;
use super::rule::ValueRule;
use super::sentence::own_measure;
use super::weights::{ContributionWeights, LoyaltyWeights, OwnWeight, WHOLE, Weighed, Weight};
use crate::explain::{Language, Reason, Speak};
use crate::lint::Fault;
use crate::money::Currency;
use crate::slot::Slot;
use crate::time::Lookback;

/// The weighted score of a customer: contribution, loyalty, and the host's own measures.
///
/// All weights together must add up to 10,000 basis points. A measure without a weight does not count.
///
/// ```
/// use guanxi::explain::BasisPoints;
/// use guanxi::slot::Slot;
/// use guanxi::value::{ScoreMeasure, ScorecardPolicy};
///
/// let policy: ScorecardPolicy = serde_json::from_str(
///     r#"{
///         "contribution": {
///             "net_revenue": null,
///             "margin": {
///                 "weight": 6000,
///                 "scale": [{ "at": 0, "points": 0 }, { "at": 500000, "points": 100 }],
///                 "missing": "skip"
///             }
///         },
///         "loyalty": { "orders": null, "tenure_days": null },
///         "own": [{
///             "slot": 1,
///             "name": "cooperation",
///             "english": "cooperation",
///             "chinese": "合作度",
///             "weight": 2000,
///             "scale": [{ "at": 1, "points": 0 }, { "at": 5, "points": 100 }],
///             "missing": { "points": 50 }
///         }]
///     }"#,
/// )?;
/// let weights: Vec<_> =
///     policy.weights().map(|(measure, weight)| (measure, weight.weight)).collect();
/// assert_eq!(
///     weights,
///     [
///         (ScoreMeasure::Margin, BasisPoints(6_000)),
///         (ScoreMeasure::PurchaseDays, BasisPoints(2_000)), // left out: the default
///         (ScoreMeasure::Own(Slot::FIRST), BasisPoints(2_000)),
///     ]
/// );
/// assert_eq!(policy.slot("cooperation"), Some(Slot::FIRST));
/// assert_eq!(policy.lint("scorecard"), []);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ScorecardPolicy {
    /// Which purchases count; all by default.
    pub window: Lookback,
    /// What the customer brings.
    pub contribution: ContributionWeights,
    /// How attached the customer is.
    pub loyalty: LoyaltyWeights,
    /// The host's own measures, each in a slot of its own; none by default.
    pub own: Vec<OwnWeight>,
}

impl ScorecardPolicy {
    /// The default for a base currency; see [`ContributionWeights::for_currency`].
    ///
    /// ```
    /// use guanxi::Currency;
    /// use guanxi::value::ScorecardPolicy;
    ///
    /// assert_eq!(ScorecardPolicy::for_currency(Currency::USD), ScorecardPolicy::default());
    /// assert_ne!(ScorecardPolicy::for_currency(Currency::JPY), ScorecardPolicy::default());
    /// ```
    #[must_use]
    pub fn for_currency(currency: Currency) -> Self {
        Self { contribution: ContributionWeights::for_currency(currency), ..Self::default() }
    }

    /// Every measure that counts, contribution first and the host's own last.
    ///
    /// [`ScorecardPolicy`] has an example.
    pub fn weights(&self) -> impl Iterator<Item = (ScoreMeasure, Weighed<'_>)> {
        let named = self.named().into_iter();
        let named = named.filter_map(|(measure, weight)| Some((measure, weight?.weighed())));
        let own = self.own.iter().map(|own| (ScoreMeasure::Own(own.slot), own.weighed()));
        named.chain(own)
    }

    /// The slot of the host's own measure of that name.
    ///
    /// [`ScorecardPolicy`] has an example.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<Slot> {
        self.own.iter().find(|own| own.name == name).map(|own| own.slot)
    }

    /// The text of a reason, with the host's own measures called by the names that they have here. The
    /// reason by itself knows only their slots.
    ///
    /// ```
    /// use guanxi::explain::{BasisPoints, Measure, Reason};
    /// use guanxi::slot::Slot;
    /// use guanxi::value::{ScoreMeasure, ScorecardPolicy, ValueRule};
    /// use guanxi::{Language, Speak};
    ///
    /// let policy: ScorecardPolicy = serde_json::from_str(
    ///     r#"{ "own": [{ "slot": 3, "name": "coop", "english": "cooperation", "chinese": "合作度",
    ///                    "weight": 2000, "scale": [] }] }"#,
    /// )?;
    /// let slot = policy.slot("coop").expect("named above");
    /// let rule = ValueRule::Measured(ScoreMeasure::Own(slot));
    /// let reason = Reason::new(rule, Measure::Count(4), Measure::Share(BasisPoints(2_000)));
    ///
    /// assert_eq!(policy.sentence(&reason, Language::English), "cooperation 4, weight 20 %");
    /// assert_eq!(policy.sentence(&reason, Language::Chinese), "合作度4，权重20 %");
    /// assert_eq!(reason.text(Language::English), "own measure no. 3 4, weight 20 %");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn sentence(&self, reason: &Reason<ValueRule>, language: Language) -> String {
        let text = reason.text(language);
        let Some(slot) = reason.rule.slot() else { return text };
        match self.own.iter().find(|own| own.slot == slot) {
            Some(own) => text.replacen(own_measure(slot, language), own.called(language), 1),
            None => text,
        }
    }

    /// The named measures, in the order of the policy.
    pub(super) fn named(&self) -> [(ScoreMeasure, Option<&Weight>); 8] {
        let (brought, loyalty) = (&self.contribution, &self.loyalty);
        [
            (ScoreMeasure::NetRevenue, brought.net_revenue.as_ref()),
            (ScoreMeasure::Margin, brought.margin.as_ref()),
            (ScoreMeasure::CostToServe, brought.cost_to_serve.as_ref()),
            (ScoreMeasure::ReferredRevenue, brought.referred_revenue.as_ref()),
            (ScoreMeasure::PurchaseDays, loyalty.purchase_days.as_ref()),
            (ScoreMeasure::TenureDays, loyalty.tenure_days.as_ref()),
            (ScoreMeasure::Orders, loyalty.orders.as_ref()),
            (ScoreMeasure::Referrals, loyalty.referrals.as_ref()),
        ]
    }

    /// Every fault of this section, with paths under `prefix`.
    ///
    /// ```
    /// use guanxi::value::ScorecardPolicy;
    ///
    /// let mut policy = ScorecardPolicy::default();
    /// policy.loyalty.orders = None;
    /// let faults = policy.lint("value.scorecard");
    /// assert_eq!(
    ///     faults[0].to_string(),
    ///     "value.scorecard: the weights do not add up to the whole; let all weights together be 10000"
    /// );
    /// ```
    #[must_use]
    pub fn lint(&self, prefix: &str) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            Fault::of_lookback(self.window, format!("{prefix}.window")).into_iter().collect();
        let sum =
            self.weights().fold(0_i64, |sum, (_, weighed)| sum.saturating_add(weighed.weight.0));
        if sum != WHOLE {
            let problem = "the weights do not add up to the whole";
            faults.push(Fault::new(prefix, problem, "let all weights together be 10000"));
        }
        for (measure, weight) in self.named() {
            let Some(weight) = weight else { continue };
            let path = format!("{prefix}.{}", path(measure));
            faults.extend(weight.weighed().lint(measure, &path));
        }
        for (place, own) in self.own.iter().enumerate() {
            let path = format!("{prefix}.own.{place}");
            faults.extend(own.weighed().lint(ScoreMeasure::Own(own.slot), &path));
            let before = self.own.get(..place).unwrap_or_default();
            lint_own(own, before, &path, &mut faults);
        }
        faults
    }
}

/// Where the weight of a named measure stands in the section.
const fn path(measure: ScoreMeasure) -> &'static str {
    match measure {
        ScoreMeasure::NetRevenue => "contribution.net_revenue",
        ScoreMeasure::Margin => "contribution.margin",
        ScoreMeasure::CostToServe => "contribution.cost_to_serve",
        ScoreMeasure::ReferredRevenue => "contribution.referred_revenue",
        ScoreMeasure::PurchaseDays => "loyalty.purchase_days",
        ScoreMeasure::TenureDays => "loyalty.tenure_days",
        ScoreMeasure::Orders => "loyalty.orders",
        ScoreMeasure::Referrals => "loyalty.referrals",
        ScoreMeasure::Own(_) => "own",
    }
}

/// The faults of an own measure beside those `before` it.
fn lint_own(own: &OwnWeight, before: &[OwnWeight], path: &str, faults: &mut Vec<Fault>) {
    let mut check = |sound: bool, field: &str, problem, remedy| {
        if !sound {
            faults.push(Fault::new(format!("{path}.{field}"), problem, remedy));
        }
    };
    check(
        before.iter().all(|other| other.slot != own.slot),
        "slot",
        "another measure has this slot",
        "choose another from 1 to 8",
    );
    check(
        before.iter().all(|other| other.name != own.name),
        "name",
        "another measure has this name",
        "give each measure a name of its own",
    );
    for (field, word) in [("name", &own.name), ("english", &own.english), ("chinese", &own.chinese)]
    {
        check(
            !word.trim().is_empty(),
            field,
            "nobody could speak of the measure",
            "give it a name in every language",
        );
    }
}
