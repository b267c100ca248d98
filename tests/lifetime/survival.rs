//! Kaplan-Meier and log-rank.

use std::collections::BTreeMap;

use guanxi::Day;
use guanxi::churn::survival::{Ending, KaplanMeier, LifeTable, LogRank, LogRankError};
use proptest::prelude::*;
use serde_json::Value;

use super::data::{cdnow_purchases, not_ours, number};
use super::reference::{close, of_survival};

/// Weeks of remission of 21 children with leukaemia on 6-mercaptopurine, and of 21 without (Freireich and others
/// 1963, Blood 21(6), 699-716), the example of many textbooks.
fn leukaemia() -> (LifeTable, LifeTable) {
    let mut treated = LifeTable::default();
    treated.lost(6, 3).still_there(6, 1).lost(7, 1).still_there(9, 1).lost(10, 1);
    treated.still_there(10, 1).still_there(11, 1).lost(13, 1).lost(16, 1).still_there(17, 1);
    treated.still_there(19, 1).still_there(20, 1).lost(22, 1).lost(23, 1).still_there(25, 1);
    treated.still_there(32, 2).still_there(34, 1).still_there(35, 1);
    let weeks = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
    (treated, weeks.map(|weeks| (weeks, Ending::Lost)).into_iter().collect())
}

/// By hand: the shares of those at risk who stayed.
#[test]
fn the_textbook_case_is_met() {
    let (treated, untreated) = leukaemia();
    assert_eq!((treated.customers(), treated.losses()), (21, 9));
    let curve = KaplanMeier::of(&treated).unwrap();
    let mut by_hand = 1.0;
    let steps =
        [(6, 3, 21), (7, 1, 17), (10, 1, 15), (13, 1, 12), (16, 1, 11), (22, 1, 7), (23, 1, 6)];
    assert_eq!(curve.steps().len(), steps.len());
    for (step, (week, lost, at_risk)) in curve.steps().iter().zip(steps) {
        assert_eq!((step.duration, step.lost, step.at_risk), (week, lost, at_risk));
        by_hand *= 1.0 - lost as f64 / at_risk as f64;
        close(curve.survival(week), by_hand, 1e-14);
        close(
            curve.survival(week + 1),
            if week == 6 || week == 22 { curve.survival(week + 1) } else { by_hand },
            1e-14,
        );
    }
    assert_eq!((curve.survival(0), curve.survival(5)), (1.0, 1.0));
    assert_eq!((curve.median(), curve.duration_max()), (Some(23), 35));
    // Greenwood's formula after 7 weeks.
    let relative = 3.0 / (21.0 * 18.0) + 1.0 / (17.0 * 16.0);
    close(curve.variance(9).unwrap(), curve.survival(7).powi(2) * relative, 1e-14);
    // The area under the curve until week 10: 6 weeks of all, 1 of 18/21, 3 of what is left then.
    close(curve.restricted_mean(10), 6.0 + 18.0 / 21.0 + 3.0 * curve.survival(7), 1e-14);

    let gone = KaplanMeier::of(&untreated).unwrap();
    assert_eq!((gone.median(), gone.survival(23)), (Some(8), 0.0));
    assert_eq!((gone.bounds(23, 0.95), gone.variance(23)), (None, None));
    // Of 21 weeks, their mean.
    close(gone.restricted_mean(100), 182.0 / 21.0, 1e-14);
    // The statistic that textbooks give is 16.79; the digits are of lifelines 0.30.3.
    let test = LogRank::of(&[&treated, &untreated]).unwrap();
    close(test.statistic(), 16.792_940_989_216_547, 1e-13);
    close(test.p(), 4.168_809_109_334_511e-5, 1e-12);
    let [treated, untreated] = test.groups() else { panic!("two groups") };
    assert_eq!((treated.lost, untreated.lost), (9, 21));
    close(treated.expected + untreated.expected, 30.0, 1e-14);
    // As textbooks print it: 19.25 and 10.75.
    assert_eq!((treated.expected * 100.0).round(), 1_925.0);
}

/// Days from the first to the second purchase day of the CDNOW sample, by the month of the first.
fn returns() -> [LifeTable; 3] {
    let end = Day::from_ymd(1998, 6, 30).unwrap();
    let mut tables = [LifeTable::default(), LifeTable::default(), LifeTable::default()];
    for bought in cdnow_purchases().into_values() {
        let days: Vec<Day> = bought.into_keys().collect();
        let (until, ending) =
            days.get(1).map_or((end, Ending::StillThere), |second| (*second, Ending::Lost));
        let months = [(1997, 2, 1), (1997, 3, 1)].map(|(y, m, d)| Day::from_ymd(y, m, d).unwrap());
        let month = months.iter().filter(|month| **month <= days[0]).count();
        tables[month].observe(u32::try_from(until.days_since(days[0])).unwrap(), ending);
    }
    tables
}

/// Every value as lifelines 0.30.3 gives it: survival, 95 % bounds, 90 % bounds.
#[test]
fn cdnow_is_as_lifelines_has_it() {
    let groups = returns();
    let mut whole = LifeTable::default();
    groups.iter().for_each(|group| whole.merge(group));
    assert_eq!((whole.customers(), whole.losses()), (2_357, 1_139));
    let curve = KaplanMeier::of(&whole).unwrap();
    assert_eq!(curve.median(), None);
    for (days, survival, at_95, at_90) in [
        (0, 1.0, (1.0, 1.0), (1.0, 1.0)),
        (
            1,
            0.987_696_224_013_575_9,
            (0.982_342_616_529_415_5, 0.991_433_726_013_627_6),
            (0.983_337_779_134_789_6, 0.990_919_866_202_1),
        ),
        (
            30,
            0.826_050_063_640_220_2,
            (0.810_135_777_552_737_1, 0.840_764_457_507_445_2),
            (0.812_778_056_902_027_5, 0.838_476_954_386_197_1),
        ),
        (
            180,
            0.623_674_162_070_428_3,
            (0.603_776_112_499_18, 0.642_886_966_005_420_3),
            (0.607_020_675_117_103_8, 0.639_844_923_112_879),
        ),
        (
            545,
            0.510_378_848_460_490_5,
            (0.488_869_010_994_313_7, 0.531_456_479_224_008_8),
            (0.492_354_405_573_526_7, 0.528_098_773_128_392_3),
        ),
    ] {
        close(curve.survival(days), survival, 1e-12);
        for (level, expected) in [(0.95, at_95), (0.9, at_90)] {
            let (lower, upper) = curve.bounds(days, level).unwrap();
            close(lower, expected.0, 1e-11);
            close(upper, expected.1, 1e-11);
        }
    }
    close(curve.restricted_mean(365), 239.104_369_961_815_8, 1e-12);
    close(curve.restricted_mean(100), 79.293_169_282_986_82, 1e-12);

    let [january, february, march] = &groups;
    let three = LogRank::of(&[january, february, march]).unwrap();
    close(three.statistic(), 0.366_877_024_280_642_9, 1e-10);
    close(three.p(), 0.832_403_056_846_725_6, 1e-11);
    assert_eq!(three.degrees(), 2);
    let two = LogRank::of(&[january, march]).unwrap();
    close(two.statistic(), 0.348_719_348_082_567_1, 1e-10);
    close(two.p(), 0.554_838_972_790_541, 1e-11);
}

/// The two segments of Fader and Hardie (2007), 1,000 customers each; digits of lifelines 0.30.3.
#[test]
fn counts_need_no_row_for_each_customer() {
    let table = |survivors: [u64; 8]| {
        let mut table = LifeTable::default();
        for (year, pair) in (1..).zip(survivors.windows(2)) {
            table.lost(year, pair[0] - pair[1]);
        }
        table.still_there(7, survivors[7]);
        table
    };
    let regular = table([1_000, 631, 468, 382, 326, 289, 262, 241]);
    let high_end = table([1_000, 869, 743, 653, 593, 551, 517, 491]);
    let test = LogRank::of(&[&regular, &high_end]).unwrap();
    close(test.statistic(), 179.690_041_764_823, 1e-12);
    close(test.p(), 5.663_658_902_618_893e-41, 1e-10);
    let curve = KaplanMeier::of(&regular).unwrap();
    close(curve.survival(7), 0.241, 1e-14);
    let (lower, upper) = curve.bounds(7, 0.95).unwrap();
    assert!((lower - 0.214_958).abs() < 1e-6 && (upper - 0.267_908).abs() < 1e-6);
}

fn assert_curve(table: &LifeTable, expected: &Value) {
    assert_eq!(table.customers(), expected["n"].as_u64().unwrap());
    assert_eq!(table.losses(), expected["events"].as_u64().unwrap());
    let curve = KaplanMeier::of(table).unwrap();
    assert_eq!(curve.median().map(f64::from), expected["median"].as_f64());
    let survival = expected["survival"].as_object().unwrap();
    assert!(!survival.is_empty());
    for (duration, share) in survival {
        let at = duration.parse().unwrap();
        close(curve.survival(at), number(share), 1e-12);
        let bounds = &expected["ci95_loglog"][duration];
        let (lower, upper) = curve.bounds(at, 0.95).unwrap();
        close(lower, number(&bounds[0]), 1e-11);
        close(upper, number(&bounds[1]), 1e-11);
    }
}

#[test]
fn a_telecom_company_is_as_lifelines_has_it() {
    let Some(text) = not_ours("telco_churn.csv") else { return };
    let expected = of_survival("km_telco");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let columns = ["tenure", "Churn", "Contract"].map(column);
    let mut contracts: BTreeMap<String, LifeTable> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let [tenure, churn, contract] = columns.map(|column| &row[column]);
        let ending = if churn == "Yes" { Ending::Lost } else { Ending::StillThere };
        contracts.entry(contract.to_owned()).or_default().observe(tenure.parse().unwrap(), ending);
    }
    assert_eq!(contracts.len(), 3);
    let mut all = LifeTable::default();
    for (contract, table) in &contracts {
        assert_curve(table, &expected[contract]);
        all.merge(table);
    }
    assert_curve(&all, &expected["all"]);

    let test = LogRank::of(&[&contracts["Month-to-month"], &contracts["Two year"]]).unwrap();
    let published = &expected["logrank_month_to_month_vs_two_year"];
    close(test.statistic(), number(&published["chi2"]), 1e-11);
    assert_eq!(test.p(), number(&published["p"]));
    // By 50 digits of the incomplete gamma function.
    close(test.ln_p(), -779.154_758_396_399, 1e-11);
}

#[test]
fn released_prisoners_are_as_lifelines_has_them() {
    let Some(text) = not_ours("rossi.csv") else { return };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.unwrap());
    let table = rows.map(|row| {
        let ending = if &row[1] == "1" { Ending::Lost } else { Ending::StillThere };
        (row[0].parse().unwrap(), ending)
    });
    let expected = of_survival("km_rossi");
    assert_curve(&table.collect(), &expected);
}

#[test]
fn what_cannot_be_compared_says_why() {
    let (mut early, mut late) = (LifeTable::default(), LifeTable::default());
    early.lost(1, 3).lost(2, 1);
    late.still_there(0, 4);
    assert_eq!(KaplanMeier::of(&LifeTable::default()), None);
    assert_eq!(LogRank::of(&[]), Err(LogRankError::TooFewGroups));
    assert_eq!(LogRank::of(&[&early]), Err(LogRankError::TooFewGroups));
    assert_eq!(
        LogRank::of(&[&LifeTable::default(), &early]),
        Err(LogRankError::Empty { group: 0 })
    );
    // Nobody of the second group was there when one of the first was lost; nobody was lost at all.
    assert_eq!(LogRank::of(&[&early, &late]), Err(LogRankError::Untold));
    assert_eq!(LogRank::of(&[&late, &late]), Err(LogRankError::Untold));
    let (treated, untreated) = leukaemia();
    for groups in [[&treated, &untreated, &late], [&late, &treated, &untreated]] {
        assert_eq!(LogRank::of(&groups), Err(LogRankError::Untold));
    }
    // All at once tells nothing either.
    let mut all = LifeTable::default();
    all.lost(5, 7);
    assert_eq!(LogRank::of(&[&all, &all]), Err(LogRankError::Untold));
    for level in [0.0, 1.0, -1.0, f64::NAN] {
        assert_eq!(KaplanMeier::of(&treated).unwrap().bounds(10, level), None);
    }
}

#[test]
fn alike_groups_are_alike_and_counts_beyond_numbers_do_no_harm() {
    let (treated, _) = leukaemia();
    let test = LogRank::of(&[&treated, &treated, &treated]).unwrap();
    assert!(test.statistic().abs() < 1e-25 && test.p() > 0.999_999, "{test:?}");
    let mut many = LifeTable::default();
    many.lost(1, u64::MAX).lost(2, u64::MAX).still_there(u32::MAX, u64::MAX);
    let curve = KaplanMeier::of(&many).unwrap();
    assert!((0.0..=1.0).contains(&curve.survival(u32::MAX)));
    assert!(curve.restricted_mean(u32::MAX).is_finite());
}

fn customers(most: u32) -> impl Strategy<Value = Vec<(u32, Ending)>> {
    let ending = prop_oneof![Just(Ending::Lost), Just(Ending::StillThere)];
    prop::collection::vec((0..most, ending), 1..120)
}

proptest! {
    #[test]
    fn survival_falls_within_its_bounds(customers in customers(40), level in 0.01..0.999_f64) {
        let table: LifeTable = customers.iter().copied().collect();
        let curve = KaplanMeier::of(&table).unwrap();
        let mut before = 1.0;
        for duration in 0..45 {
            let survival = curve.survival(duration);
            prop_assert!((0.0..=before).contains(&survival));
            before = survival;
            match curve.bounds(duration, level) {
                Some((lower, upper)) => {
                    prop_assert!(0.0 <= lower && lower <= survival * (1.0 + 1e-14));
                    prop_assert!(survival * (1.0 - 1e-14) <= upper && upper <= 1.0);
                    let wide = curve.bounds(duration, 0.5 + 0.5 * level).unwrap();
                    prop_assert!(wide.0 <= lower && upper <= wide.1);
                }
                None => prop_assert_eq!(survival, 0.0),
            }
        }
        if let Some(median) = curve.median() {
            prop_assert!(curve.survival(median) <= 0.5);
            prop_assert!(median == 0 || curve.survival(median - 1) > 0.5);
        }
    }

    /// When everybody is observed to the end, the estimate is the plain share.
    #[test]
    fn without_censoring_it_is_the_share_of_those_left(durations in prop::collection::vec(0_u32..30, 1..80)) {
        let table: LifeTable = durations.iter().map(|at| (*at, Ending::Lost)).collect();
        let curve = KaplanMeier::of(&table).unwrap();
        for at in 0..31 {
            let left = durations.iter().filter(|duration| **duration > at).count();
            prop_assert!((curve.survival(at) - left as f64 / durations.len() as f64).abs() < 1e-14);
        }
        let mean = durations.iter().map(|at| f64::from(*at)).sum::<f64>() / durations.len() as f64;
        prop_assert!((curve.restricted_mean(30) - mean).abs() < 1e-12);
    }

    #[test]
    fn parts_add_up_to_the_whole(customers in customers(1_000), cut in any::<prop::sample::Index>()) {
        let whole: LifeTable = customers.iter().copied().collect();
        let (left, right) = customers.split_at(cut.index(customers.len()));
        let mut merged: LifeTable = right.iter().rev().copied().collect();
        merged.merge(&left.iter().copied().collect());
        prop_assert_eq!(merged, whole);
    }

    /// The order of the groups does not matter, and a group split by lot makes no difference in expectation.
    #[test]
    fn the_order_of_groups_does_not_matter(
        groups in prop::collection::vec(customers(12), 2..5),
        turn in 0_usize..5,
    ) {
        let tables: Vec<LifeTable> =
            groups.into_iter().map(|customers| customers.into_iter().collect()).collect();
        let here: Vec<_> = tables.iter().collect();
        let mut there = here.clone();
        there.rotate_left(turn % here.len());
        match (LogRank::of(&here), LogRank::of(&there)) {
            (Ok(left), Ok(right)) => {
                prop_assert!((left.statistic() - right.statistic()).abs() < 1e-8 * left.statistic().max(1.0));
                prop_assert!((0.0..=1.0).contains(&left.p()) && left.statistic() >= 0.0);
                let expected: f64 = left.groups().iter().map(|group| group.expected).sum();
                let lost: u64 = left.groups().iter().map(|group| group.lost).sum();
                prop_assert!((expected - lost as f64).abs() < 1e-10 * (1.0 + expected));
            }
            (left, right) => prop_assert_eq!(left.is_err(), right.is_err()),
        }
    }
}
