//! What the data say of one customer.

use guanxi::churn::RiskBand;
use guanxi::explain::{
    BasisPoints, Language, Measure, Points, Reason, Rule, Speak as _, Thousandths,
};
use guanxi::lifecycle::{Due, Mover, Since, Visit};
use guanxi::tier::Tier;
use guanxi::value::{Rfm, Treatment, Worth};
use guanxi::{Assessment, Currency, Day, Money, Policy, Timestamp, Trigger};
use serde::Serialize;

use crate::answers::{Answers, action_code, risk_sentence, value_sentence};
use crate::report::decimal;
use crate::survey::Portrait;

/// One customer.
#[derive(Serialize)]
pub(super) struct CustomerRow<'a> {
    customer_id: &'a str,
    id: String,
    stage: &'static str,
    since_known: bool,
    entered_at: Option<Timestamp>,
    orders: u32,
    purchase_days: u32,
    monetary: String,
    monetary_minor: i64,
    first_day: Option<Day>,
    last_day: Option<Day>,
    recency_days: Option<i64>,
    tier: Option<Tier>,
    rfm: Option<RfmRow>,
    value_score: Option<Points>,
    value_type: Option<Treatment>,
    worth: Option<WorthRow>,
    risk: Option<RiskRow>,
    next_action: String,
    revision: u64,
    history: Vec<StayRow>,
    reasons: Vec<ReasonRow>,
    because: Because,
    next: Option<DueRow>,
    suggestion: Option<DueRow>,
}

#[derive(Serialize)]
struct RfmRow {
    r: u8,
    f: u8,
    m: u8,
}

#[derive(Serialize)]
struct WorthRow {
    alive: BasisPoints,
    purchases: Thousandths,
    spend_minor: Option<i64>,
    value_minor: Option<i64>,
}

#[derive(Serialize)]
struct RiskRow {
    band: RiskBand,
    score: Points,
}

#[derive(Serialize)]
struct Because {
    tier: Vec<ReasonRow>,
    rfm: Vec<ReasonRow>,
    value_score: Vec<ReasonRow>,
    value_type: Vec<ReasonRow>,
    worth: Vec<ReasonRow>,
    risk: Vec<ReasonRow>,
}

#[derive(Serialize)]
struct StayRow {
    stage: &'static str,
    entered_at: Option<Timestamp>,
    left_at: Option<Timestamp>,
    days: Option<i64>,
    trigger: Option<Trigger>,
    mover: Mover,
    recorded_at: Timestamp,
    reasons: Vec<ReasonRow>,
}

#[derive(Serialize)]
struct DueRow {
    at: Timestamp,
    trigger: Trigger,
    to: &'static str,
    reasons: Vec<ReasonRow>,
}

#[derive(Serialize)]
struct ReasonRow {
    rule: &'static str,
    text: String,
    observed: Option<Measure>,
    limit: Option<Measure>,
    contribution: Option<Points>,
}

/// The row of one customer, who is judged by this policy.
pub(super) fn row<'a>(
    portrait: &Portrait<'a>,
    policy: &Policy,
    language: Language,
    currency: Currency,
) -> CustomerRow<'a> {
    let Portrait { key, id, revision, view, assessment, .. } = portrait;
    let visit = view.visit();
    let purchases = view.purchases();
    let entered_at = visit.and_then(known);
    let Answers { tier, rfm, value, value_type, risk } = Answers::from(assessment);
    CustomerRow {
        customer_id: key,
        id: id.to_string(),
        stage: visit.map_or_else(|| assessment.position.stage(), Visit::stage).code(),
        since_known: entered_at.is_some(),
        entered_at,
        orders: purchases.orders,
        purchase_days: purchases.purchase_days,
        monetary: decimal(purchases.net.into(), currency),
        monetary_minor: purchases.net,
        first_day: purchases.first_day,
        last_day: purchases.last_day,
        recency_days: view.recency_days(),
        tier,
        rfm: rfm.map(|Rfm { recency: r, frequency: f, monetary: m, .. }| RfmRow { r, f, m }),
        value_score: value,
        value_type: value_type.map(|value_type| value_type.treatment()),
        worth: assessment.worth.value.value().map(worth),
        risk: risk.map(|(band, score)| RiskRow { band, score }),
        next_action: action_code(assessment).to_owned(),
        revision: *revision,
        history: view.stays().map(|(visit, left)| stay(portrait, visit, left, language)).collect(),
        reasons: visit.map_or_else(Vec::new, |visit| rows(&visit.reasons, language)),
        because: because(assessment, policy, language),
        next: assessment.next.as_ref().map(|next| due(next, language)),
        suggestion: assessment.suggestion.as_ref().map(|next| due(next, language)),
    }
}

fn worth(worth: Worth) -> WorthRow {
    WorthRow {
        alive: worth.alive,
        purchases: worth.purchases,
        spend_minor: worth.spend.map(Money::minor),
        value_minor: worth.value.map(Money::minor),
    }
}

fn because(assessment: &Assessment, policy: &Policy, language: Language) -> Because {
    let (values, risks) = (assessment.score.reasons.iter(), assessment.risk.reasons.iter());
    Because {
        tier: rows(&assessment.tier.reasons, language),
        rfm: rows(&assessment.rfm.reasons, language),
        value_score: values
            .map(|line| reason(line, value_sentence(line, policy, language)))
            .collect(),
        value_type: rows(&assessment.value_type.reasons, language),
        worth: rows(&assessment.worth.reasons, language),
        risk: risks.map(|line| reason(line, risk_sentence(line, policy, language))).collect(),
    }
}

fn stay(
    portrait: &Portrait<'_>,
    visit: &Visit,
    left_at: Option<Timestamp>,
    language: Language,
) -> StayRow {
    StayRow {
        stage: visit.stage().code(),
        entered_at: known(visit),
        left_at,
        days: portrait.days(visit, left_at),
        trigger: visit.trigger,
        mover: visit.mover,
        recorded_at: visit.recorded_at,
        reasons: rows(&visit.reasons, language),
    }
}

fn due(due: &Due, language: Language) -> DueRow {
    let Due { at, trigger, .. } = *due;
    DueRow { at, trigger, to: due.to.stage().code(), reasons: rows(&due.reasons, language) }
}

fn known(visit: &Visit) -> Option<Timestamp> {
    match visit.since {
        Since::Known(since) => Some(since),
        Since::Unknown => None,
    }
}

fn rows<R: Rule>(reasons: &[Reason<R>], language: Language) -> Vec<ReasonRow> {
    reasons.iter().map(|line| reason(line, line.text(language))).collect()
}

fn reason<R: Rule>(reason: &Reason<R>, text: String) -> ReasonRow {
    let measure = |measure| (measure != Measure::Missing).then_some(measure);
    ReasonRow {
        rule: reason.rule.code(),
        text,
        observed: measure(reason.observed),
        limit: measure(reason.limit),
        contribution: reason.contribution,
    }
}
