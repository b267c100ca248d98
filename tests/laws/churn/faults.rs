//! Every fault of the policy is found, at its path.

use guanxi::churn::{
    Bound, ChurnGroup, ChurnPolicy, CustomIndicator, Indicator, Staleness, WhenMissing,
};
use guanxi::explain::BasisPoints;
use guanxi::scale::Corner;
use guanxi::slot::Slot;

fn faults(change: impl FnOnce(&mut ChurnPolicy)) -> Vec<String> {
    let mut policy = ChurnPolicy::default();
    change(&mut policy);
    let faults = policy.lint("churn");
    for fault in &faults {
        assert!(!fault.problem.is_empty() && !fault.remedy.is_empty(), "{fault}");
    }
    faults.into_iter().map(|fault| fault.path).collect()
}

fn one(path: &str) -> Vec<String> {
    vec![format!("churn.{path}")]
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn the_default_has_no_fault_and_reads_back() {
    assert_eq!(faults(|_| {}), none());
    let policy = ChurnPolicy::default();
    let stored = serde_json::to_string(&policy).unwrap();
    assert_eq!(serde_json::from_str::<ChurnPolicy>(&stored).unwrap(), policy);
    assert_eq!(serde_json::from_str::<ChurnPolicy>("{}").unwrap(), policy);
}

#[test]
fn misspelt_fields_are_refused_at_every_depth() {
    let text = serde_json::to_string(&ChurnPolicy::default()).unwrap();
    for (right, wrong) in [
        ("\"window_days\"", "\"window_day\""),
        ("\"combine\":\"worst_of\"", "\"combined\":\"worst_of\""),
        ("\"missing\":\"skip\"", "\"mising\":\"skip\""),
        ("\"at\":", "\"form\":"),
        ("\"gone_days\"", "\"gone_day\""),
        ("\"down_margin\"", "\"margin\""),
        ("\"after_days\":30,", "\"after_days\":30,\"more\":1,"),
    ] {
        assert!(text.contains(right), "{right}");
        let misspelt = text.replacen(right, wrong, 1);
        assert!(serde_json::from_str::<ChurnPolicy>(&misspelt).is_err(), "{wrong}");
    }
}

#[test]
fn measuring() {
    assert_eq!(faults(|policy| policy.window_days = 0), one("window_days"));
    assert_eq!(faults(|policy| policy.baseline_windows = 0), one("baseline_windows"));
    assert_eq!(
        faults(|policy| policy.cadence_purchase_days_min = 1),
        one("cadence_purchase_days_min")
    );
    assert_eq!(faults(|policy| policy.cadence_purchase_days_min = 2), none());
    assert_eq!(faults(|policy| policy.base_count_min = 0), one("base_count_min"));
}

#[test]
fn weights_add_up_and_none_is_dead() {
    assert_eq!(faults(|policy| policy.groups[0].weight.0 += 1), one("groups"));
    assert_eq!(
        faults(|policy| policy.groups[1].indicators[2].weight.0 -= 1),
        one("groups.1.indicators")
    );
    assert_eq!(
        faults(|policy| {
            policy.groups[0].weight.0 += policy.groups[3].weight.0;
            policy.groups[3].weight.0 = 0;
        }),
        one("groups.3.weight")
    );
    assert_eq!(
        faults(|policy| {
            policy.groups[0].indicators[0].weight = BasisPoints(10_000 + 1_500);
            policy.groups[0].indicators[1].weight = BasisPoints(-6_700);
        }),
        ["churn.groups.0.indicators.0.weight", "churn.groups.0.indicators.1.weight"]
    );
    assert_eq!(faults(|policy| policy.groups.clear())[0], "churn.groups");
    assert_eq!(faults(|policy| policy.groups[2].indicators.clear()), one("groups.2.indicators"));
}

#[test]
fn indicators_and_groups_are_there_once_and_known() {
    assert_eq!(
        faults(|policy| policy.groups[1].name = ChurnGroup::Behaviour),
        one("groups.1.name")
    );
    assert_eq!(
        faults(|policy| policy.groups[1].indicators[0].indicator = Indicator::Orders),
        one("groups.1.indicators.0.indicator")
    );
    let undeclared = Indicator::Custom(Slot::FIRST);
    assert_eq!(
        faults(|policy| policy.groups[2].indicators[2].indicator = undeclared),
        one("groups.2.indicators.2.indicator")
    );
    let many = |count: usize| {
        faults(|policy| {
            let indicator = policy.groups[0].indicators[0].clone();
            let mut more = policy.groups[0].clone();
            more.indicators = vec![indicator; count];
            policy.groups.push(more);
        })
    };
    let present: usize =
        ChurnPolicy::default().groups.iter().map(|group| group.indicators.len()).sum();
    let least = "churn.groups";
    let too_many = |found: Vec<String>| found.iter().filter(|path| *path == least).count() == 2;
    assert!(!too_many(many(ChurnPolicy::INDICATORS_MAX - present)));
    assert!(too_many(many(ChurnPolicy::INDICATORS_MAX - present + 1)));
}

#[test]
fn scales() {
    let scale = |change: fn(&mut Vec<Corner>)| {
        faults(|policy| change(&mut policy.groups[0].indicators[0].scale.0))
    };
    let path = "groups.0.indicators.0.scale";
    assert_eq!(scale(|corners| corners[3].points = 101), one(&format!("{path}.3.points")));
    assert_eq!(scale(|corners| corners[0].at = -1), one(&format!("{path}.0.at")));
    assert_eq!(scale(|corners| corners[1].at = corners[0].at), one(path));
    assert_eq!(scale(|corners| corners[1].points = 80), one(path));
    assert_eq!(scale(|corners| corners.truncate(1)), one(path));
    assert_eq!(scale(Vec::clear), one(path));
    // The other direction, and an indicator that the host points.
    assert_eq!(faults(|policy| policy.groups[1].indicators[0].scale.0[1].points = 0), none());
    assert_eq!(
        faults(|policy| policy.groups[1].indicators[0].scale.0[2].points = 61),
        one("groups.1.indicators.0.scale")
    );
}

#[test]
fn ages_and_missing_indicators() {
    let fades = |after_days, gone_days| Staleness::Fades { after_days, gone_days };
    assert_eq!(
        faults(|policy| policy.groups[2].indicators[0].staleness = fades(30, 30)),
        one("groups.2.indicators.0.staleness.fades.gone_days")
    );
    assert_eq!(faults(|policy| policy.groups[2].indicators[0].staleness = fades(30, 31)), none());
    assert_eq!(
        faults(|policy| policy.groups[0].indicators[0].staleness = fades(1, 2)),
        one("groups.0.indicators.0.staleness")
    );
    assert_eq!(
        faults(|policy| policy.groups[0].indicators[0].missing = WhenMissing::Neutral(101)),
        one("groups.0.indicators.0.missing.neutral")
    );
    assert_eq!(
        faults(|policy| policy.groups[0].indicators[0].missing = WhenMissing::Neutral(100)),
        none()
    );
}

#[test]
fn floors_and_caps_that_never_bind() {
    let bound = Bound::new;
    let floors = |list: &[Bound]| faults(|policy| policy.floors = list.to_vec());
    let caps = |list: &[Bound]| faults(|policy| policy.caps = list.to_vec());
    let usage = |at, points| bound(Indicator::Usage, at, points);
    assert_eq!(floors(&[usage(1_000, 100)]), none());
    assert_eq!(floors(&[usage(1_000, 101)]), one("floors.0.points"));
    assert_eq!(floors(&[usage(1_000, 0)]), one("floors.0.points"));
    assert_eq!(caps(&[usage(1_000, 0)]), none());
    assert_eq!(caps(&[usage(1_000, 100)]), one("caps.0.points"));
    assert_eq!(floors(&[bound(Indicator::Tenure, 30, 50)]), one("floors.0.indicator"));
    assert_eq!(floors(&[bound(Indicator::SponsorGone, 2, 50)]), one("floors.0.at"));
    assert_eq!(floors(&[bound(Indicator::SponsorGone, 0, 50)]), one("floors.0.at"));
    assert_eq!(caps(&[bound(Indicator::SponsorGone, 0, 50)]), none());
    assert_eq!(caps(&[bound(Indicator::SponsorGone, -1, 50)]), one("caps.0.at"));

    // Lower usage is riskier: at 500 the floor of 1,000 holds already.
    assert_eq!(floors(&[usage(500, 60), usage(1_000, 50)]), none());
    assert_eq!(floors(&[usage(500, 50), usage(1_000, 50)]), one("floors.0"));
    assert_eq!(caps(&[usage(9_000, 20), usage(8_000, 10)]), one("caps.0"));
    assert_eq!(caps(&[usage(9_000, 5), usage(8_000, 10)]), none());
    // Of two that are alike, one is enough.
    assert_eq!(floors(&[usage(500, 50), usage(500, 50)]), one("floors.1"));
}

#[test]
fn bands() {
    assert_eq!(faults(|policy| policy.bands.medium_from = 0), one("bands.medium_from"));
    assert_eq!(faults(|policy| policy.bands.high_from = 30), one("bands.high_from"));
    assert_eq!(faults(|policy| policy.bands.critical_from = 55), one("bands.critical_from"));
    assert_eq!(faults(|policy| policy.bands.critical_from = 101), one("bands.critical_from"));
    assert_eq!(faults(|policy| policy.bands.critical_from = 100), none());
    assert_eq!(faults(|policy| policy.bands.down_margin = 19), none());
    assert_eq!(faults(|policy| policy.bands.down_margin = 20), one("bands.down_margin"));
}

#[test]
fn indicators_of_the_hosts_own() {
    let logins: CustomIndicator = serde_json::from_str(
        r#"{ "slot": 1, "name": "logins", "direction": "lower_is_riskier",
             "english": "logins a week", "chinese": "每周登录次数" }"#,
    )
    .unwrap();
    let with = |customs: Vec<CustomIndicator>| {
        faults(|policy| {
            let weighed = &mut policy.groups[2].indicators[0];
            weighed.indicator = Indicator::Custom(Slot::FIRST);
            policy.custom = customs;
        })
    };
    assert_eq!(with(vec![logins.clone()]), none());
    assert_eq!(faults(|policy| policy.custom = vec![logins.clone()]), one("custom.0"));
    let mut nameless = logins.clone();
    nameless.name = " ".to_owned();
    assert_eq!(with(vec![nameless]), one("custom.0.name"));
    let mut mute = logins.clone();
    mute.chinese = String::new();
    assert_eq!(with(vec![mute]), one("custom.0.chinese"));
    assert_eq!(with(vec![logins.clone(), logins]), ["churn.custom.1.slot", "churn.custom.1.name"]);
}
