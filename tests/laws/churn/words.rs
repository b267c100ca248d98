//! What a manager reads.

use std::collections::BTreeSet;

use guanxi::churn::{
    ChurnCalibration, ChurnFacts, ChurnPolicy, ChurnRule, ChurnRules, ChurnSignals, Comparison,
    CustomIndicator, Direction, FirstReturns, Indicator, InterpurchaseTimes, Lever, Observation,
    RiskBand, WeighedIndicator, WhenMissing,
};
use guanxi::explain::{BasisPoints, Rule, join};
use guanxi::scale::{Corner, Scale};
use guanxi::slot::Slot;
use guanxi::{Language, Speak, Timestamp};

use super::{assess, day, ids, lone, nobody};

#[test]
fn every_rule_is_stored_under_its_code_and_speaks_both_languages() {
    let mut codes = BTreeSet::new();
    for rule in ChurnRule::ALL {
        let stored = serde_json::to_string(&rule).unwrap();
        assert!(stored.contains(&format!("\"{}\"", rule.code())), "{stored}");
        assert_eq!(serde_json::from_str::<ChurnRule>(&stored).unwrap(), rule);
        assert!(rule.code().starts_with("churn."));
        assert!(codes.insert(rule.code()));
    }
    let about_indicators = Indicator::ALL.into_iter().flat_map(|indicator| {
        [
            ChurnRule::Unknown(indicator),
            ChurnRule::Faded(indicator),
            ChurnRule::Cap(indicator),
            ChurnRule::Floor(indicator),
            ChurnRule::Instead { lever: indicator.lever(), band: RiskBand::High },
        ]
    });
    let mut sentences = BTreeSet::new();
    for rule in ChurnRule::ALL.into_iter().chain(about_indicators) {
        let (english, chinese) =
            (rule.template(Language::English), rule.template(Language::Chinese));
        assert!(english.is_ascii() && !english.is_empty(), "{english}");
        assert!(!chinese.is_ascii(), "{chinese}");
        for part in ["{observed}", "{limit}"] {
            assert_eq!(english.matches(part).count(), chinese.matches(part).count(), "{rule:?}");
        }
        sentences.insert((english, chinese));
    }
    // Four of the indicators share the lever of silence; four rules are in both lists, one of them
    // for that lever.
    let distinct = ChurnRule::ALL.len() + 5 * Indicator::ALL.len() - 3 - 5;
    assert_eq!(sentences.len(), distinct);
}

fn slipping() -> ChurnFacts {
    let mut facts = nobody();
    (facts.purchase_days, facts.silence_days, facts.usual_gap_days) = (12, Some(62), Some(20));
    facts.tenure_days = Some(700);
    facts.spend = Some(Comparison { recent: 12_000, before: 60_000, windows: 2 });
    facts.signals.sponsor_gone = Some(Observation::new(true, day("2026-03-01")));
    facts.signals.contract_ends = Some(Observation::new(day("2026-04-20"), day("2025-04-20")));
    facts.signals.usage = Some(Observation::new(BasisPoints(2_000), day("2026-02-10")));
    facts
}

fn base() -> ChurnCalibration {
    let mut base = ChurnCalibration::default();
    base.interpurchase_times = InterpurchaseTimes::from_gaps(1..=80).unwrap();
    let buyers = (1..=100).map(|number| (90, Some(number).filter(|days| *days <= 70)));
    base.first_returns = FirstReturns::of(90, buyers).unwrap();
    base
}

#[test]
fn a_slipping_customer_is_spoken_of_plainly() {
    let (policy, base) = (ChurnPolicy::default(), base());
    let answer =
        ChurnRules::new(&policy, &base).explain(&slipping(), None, ids(), Timestamp::UNIX_EPOCH);
    // By hand: 45 % of (9 * 76.25 + 3 * 39.375 + 27.556) / 13, 25 % of 68, 15 % of 72 of which 19 of
    // 60 days have faded, 15 % of 100; all by what is left of the weights, 95.2495 %.
    assert_eq!(
        answer.text(Language::English),
        "high risk (71.578 of 100), because silent for 62 days, usually buys every 20 days \
         (+24.94); spending of the last 90 days at 40 % of before (+17.848); the sponsor has left \
         (+7.874); usage at 20 % (+7.747); the contract ends in 20 days, on 2026-04-20 (+6.3); \
         silent for 62 days, 76.25 % of all gaps between purchases were shorter (+4.292); silent for \
         62 days (+1.002); the worst indicator of the contract counts alone (+1.575); the word on \
         usage is 49 days old, fading after 30 days. It would change at: silence of 71 days instead \
         of 62 days, to critical risk"
    );
    assert_eq!(
        answer.text(Language::Chinese),
        "高风险（71.578分），因为已沉默62天，通常每20天购买一次 (+24.94)；\
         近90天消费为此前的40 % (+17.848)；关键联系人已离职 (+7.874)；使用率20 % (+7.747)；\
         合同还有20天到期（2026-04-20） (+6.3)；已沉默62天，超过76.25 %的购买间隔 (+4.292)；\
         已沉默62天 (+1.002)；合同只计最差的一项 (+1.575)；使用率信息已有49天，超过30天逐渐失效。\
         改变条件：沉默71天，而非62天，则为极高风险"
    );
}

#[test]
fn names_of_the_hosts_own_stand_in_the_whole_answer() {
    let scale = |points: [u8; 2]| {
        Scale(vec![Corner { at: 0, points: points[0] }, Corner { at: 10, points: points[1] }])
    };
    let (first, second) = (Slot::FIRST, Slot::new(2).unwrap());
    let half = BasisPoints(5_000);
    let mut policy = lone(WeighedIndicator::new(Indicator::Custom(first), half, scale([100, 0])));
    let seats = WeighedIndicator::new(Indicator::Custom(second), half, scale([0, 100]));
    policy.groups[0].indicators.push(seats.with_missing(WhenMissing::Neutral(50)));
    for (slot, english, chinese, direction) in [
        (second, "seats given back", "退回席位数", Direction::HigherIsRiskier),
        // A name may hold the very words that stand for it.
        (first, "not an indicator of the host's own", "每周登录次数", Direction::LowerIsRiskier),
    ] {
        let mut custom = CustomIndicator::new(slot, english, direction);
        custom.chinese = chinese.to_owned();
        policy.custom.push(custom);
    }
    assert_eq!(policy.lint("churn"), []);
    let mut facts = nobody();
    facts.signals = facts.signals.with_custom(first, Observation::new(3, facts.day));
    let base = ChurnCalibration::default();
    let answer =
        ChurnRules::new(&policy, &base).explain(&facts, None, ids(), Timestamp::UNIX_EPOCH);
    assert_eq!(
        policy.text(&answer, Language::English),
        "high risk (60 of 100), because not an indicator of the host's own: 3 (+35); nothing is known \
         of seats given back (+25). It would change at: not an indicator of the host's own: 5 instead \
         of 3, to medium risk"
    );
    assert_eq!(
        policy.text(&answer, Language::Chinese),
        "高风险（60分），因为每周登录次数：3 (+35)；不了解退回席位数 (+25)。\
         改变条件：每周登录次数：5，而非3，则为中风险"
    );
}

#[test]
fn a_one_time_buyer_is_judged_by_those_before_it() {
    let mut facts = nobody();
    (facts.purchase_days, facts.silence_days, facts.tenure_days) = (1, Some(62), Some(62));
    let answer = assess(&ChurnPolicy::default(), &base(), &facts);
    // By hand: 62 of the 100 were back, and of the 38 others 8 came later; four fifths of 37.9 and a
    // fifth of 27.556.
    assert_eq!(
        join(&answer.reasons, Language::English),
        "bought only once, 62 days ago; 21.05 % of such buyers came back later while \
         observed (+30.32); silent for 62 days (+5.511)"
    );
    assert_eq!(
        join(&answer.reasons, Language::Chinese),
        "仅在62天前购买一次，此类客户有21.05 %在观察期内再次购买 (+30.32)；已沉默62天 (+5.511)"
    );
}

#[test]
fn turns_say_which_band_comes_when() {
    let mut facts = slipping();
    facts.signals = ChurnSignals::default();
    let (policy, base) = (ChurnPolicy::default(), ChurnCalibration::default());
    let turns = ChurnRules::new(&policy, &base).turns(&facts, None);
    let said = |lever, language| -> Vec<String> {
        let of_lever = turns.iter().filter(|turn| turn.lever == lever);
        of_lever.map(|turn| turn.text(language)).collect()
    };
    assert_eq!(
        said(Lever::Silence, Language::English),
        [
            "silence of 75 days instead of 62 days, to critical risk",
            "silence of 46 days instead of 62 days, to medium risk",
        ]
    );
    assert_eq!(
        said(Lever::Spend, Language::Chinese),
        [
            "消费69.31 USD，而非120.00 USD，则为极高风险",
            "消费236.21 USD，而非120.00 USD，则为中风险",
        ]
    );
}
