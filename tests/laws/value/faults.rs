//! Every fault of a policy is found where it is.

use guanxi::explain::{BasisPoints, Points};
use guanxi::rank::{Inclusion, Ties};
use guanxi::scale::{Corner, Scale};
use guanxi::slot::Slot;
use guanxi::time::Lookback;
use guanxi::value::{
    Bands, MissingMeasure, OwnWeight, Potential, PotentialMissing, RfmMethod, ScorecardPolicy,
    ValuePolicy, Weight, WorthPolicy,
};

use super::quantiles;

#[test]
fn every_fault_is_found_at_its_path() {
    let paths = |change: &dyn Fn(&mut ValuePolicy)| {
        let mut policy = ValuePolicy::default();
        change(&mut policy);
        let faults = policy.lint("value");
        assert!(faults.iter().all(|fault| !fault.problem.is_empty() && !fault.remedy.is_empty()));
        faults.into_iter().map(|fault| fault.path).collect::<Vec<_>>()
    };
    assert_eq!(paths(&|_| {}), Vec::<String>::new());
    assert_eq!(paths(&|policy| policy.rfm.window = Lookback::Days(0)), ["value.rfm.window"]);
    for groups in [0, 1, 10] {
        let broken = |policy: &mut ValuePolicy| policy.rfm = quantiles(groups, Ties::EqualWorse);
        assert_eq!(paths(&broken), ["value.rfm.method.quantiles.groups"]);
    }
    for groups in [2, 9] {
        let sound = |policy: &mut ValuePolicy| policy.rfm = quantiles(groups, Ties::EqualWorse);
        assert_eq!(paths(&sound), Vec::<String>::new());
    }
    let bands = |edges: &[i64]| Bands { edges: edges.to_vec(), on_edge: Inclusion::Better };
    let no_days = |policy: &mut ValuePolicy| {
        policy.rfm.method = RfmMethod::Bands {
            recency: bands(&[0, 30]),
            frequency: bands(&[-1, 1]),
            monetary: bands(&[-1, 1]),
        };
    };
    assert_eq!(paths(&no_days), ["value.rfm.method.bands.frequency.edges.0"]);
    for edges in [vec![], vec![2, 2], vec![3, 2], (0..9).collect()] {
        let broken = |policy: &mut ValuePolicy| {
            policy.rfm.method = RfmMethod::Bands {
                recency: bands(&edges),
                frequency: bands(&[1]),
                monetary: bands(&[1, 2, 3, 4, 5, 6, 7, 8]),
            };
        };
        assert_eq!(paths(&broken), ["value.rfm.method.bands.recency.edges"]);
    }
    assert_eq!(paths(&|policy| policy.scorecard.loyalty.orders = None), ["value.scorecard"]);
    let threshold = |policy: &mut ValuePolicy| policy.value_type.current_high_min = Points(100_001);
    assert_eq!(paths(&threshold), ["value.value_type.current_high_min"]);
    let growth = |high_min| {
        move |policy: &mut ValuePolicy| {
            let (high_min, missing) = (BasisPoints(high_min), PotentialMissing::Low);
            policy.value_type.potential = Potential::Growth { window_days: 1, high_min, missing };
        }
    };
    assert_eq!(paths(&growth(1_000_000)), Vec::<String>::new());
    let path = ["value.value_type.potential.growth.high_min"];
    assert_eq!(paths(&growth(0)), path);
    assert_eq!(paths(&growth(1_000_001)), path);
    let earned = |high_min| {
        move |policy: &mut ValuePolicy| {
            let missing = PotentialMissing::Low;
            policy.value_type.potential = Potential::Worth { high_min, missing };
        }
    };
    assert_eq!(paths(&earned(1)), Vec::<String>::new());
    assert_eq!(paths(&earned(0)), ["value.value_type.potential.worth.high_min"]);
}

#[test]
fn the_future_has_an_end_a_price_and_a_share() {
    let paths = |change: &dyn Fn(&mut WorthPolicy)| {
        let mut policy = WorthPolicy::default();
        change(&mut policy);
        policy.lint("worth").into_iter().map(|fault| fault.path).collect::<Vec<_>>()
    };
    let days = |days| move |policy: &mut WorthPolicy| policy.horizon_days = days;
    assert_eq!(paths(&days(1)), Vec::<String>::new());
    assert_eq!(paths(&days(3_660)), Vec::<String>::new());
    assert_eq!(paths(&days(0)), ["worth.horizon_days"]);
    assert_eq!(paths(&days(3_661)), ["worth.horizon_days"]);
    let both_sides =
        |set: fn(&mut WorthPolicy) -> &mut BasisPoints, range: [i64; 2], path: &str| {
            let at = |value| paths(&|policy: &mut WorthPolicy| *set(policy) = BasisPoints(value));
            for sound in range {
                assert_eq!(at(sound), Vec::<String>::new());
            }
            assert_eq!([at(range[0] - 1), at(range[1] + 1)], [[path], [path]]);
        };
    both_sides(|policy| &mut policy.yearly_interest, [0, 90_000], "worth.yearly_interest");
    both_sides(|policy| &mut policy.margin, [1, 10_000], "worth.margin");
    both_sides(|policy| &mut policy.active_min, [1, 9_999], "worth.active_min");
}

#[test]
fn scales_keep_to_what_can_be_and_run_the_right_way() {
    let paths = |change: &dyn Fn(&mut ScorecardPolicy)| {
        let mut policy = ScorecardPolicy::default();
        change(&mut policy);
        policy.lint("card").into_iter().map(|fault| fault.path).collect::<Vec<_>>()
    };
    let scale =
        |corners: [(i64, u8); 2]| Scale(corners.map(|(at, points)| Corner { at, points }).to_vec());
    let orders = |corners| {
        move |policy: &mut ScorecardPolicy| {
            policy.loyalty.orders.as_mut().unwrap().scale = scale(corners);
        }
    };
    assert_eq!(paths(&orders([(0, 0), (9, 100)])), Vec::<String>::new());
    assert_eq!(paths(&orders([(-1, 0), (9, 100)])), ["card.loyalty.orders.scale.0.at"]);
    assert_eq!(paths(&orders([(0, 100), (9, 0)])), ["card.loyalty.orders.scale"]);
    let revenue = |policy: &mut ScorecardPolicy| {
        let weight = policy.contribution.net_revenue.as_mut().unwrap();
        weight.scale = scale([(-500, 0), (9, 100)]);
    };
    assert_eq!(paths(&revenue), Vec::<String>::new());
    let cost = |corners| {
        move |policy: &mut ScorecardPolicy| {
            let weight = policy.contribution.net_revenue.take().unwrap();
            policy.contribution.cost_to_serve = Some(Weight { scale: scale(corners), ..weight });
        }
    };
    assert_eq!(paths(&cost([(0, 100), (9, 0)])), Vec::<String>::new());
    assert_eq!(paths(&cost([(0, 0), (9, 100)])), ["card.contribution.cost_to_serve.scale"]);
}

#[test]
fn own_measures_have_a_slot_and_words_of_their_own() {
    let own = |slot, name: &str, english: &str, weight| OwnWeight {
        slot: Slot::new(slot).unwrap(),
        name: name.to_owned(),
        english: english.to_owned(),
        chinese: "合作度".to_owned(),
        weight: BasisPoints(weight),
        scale: Scale([(0, 0), (5, 100)].map(|(at, points)| Corner { at, points }).to_vec()),
        missing: MissingMeasure::Skip,
    };
    let paths = |one: OwnWeight, other: OwnWeight| {
        let mut policy = ScorecardPolicy { own: vec![one, other], ..ScorecardPolicy::default() };
        policy.contribution.net_revenue = None;
        policy.lint("card").into_iter().map(|fault| fault.path).collect::<Vec<_>>()
    };
    let first = || own(1, "coop", "cooperation", 3_000);
    assert_eq!(paths(first(), own(8, "fit", "fit", 2_000)), Vec::<String>::new());
    assert_eq!(paths(first(), own(1, "fit", "fit", 2_000)), ["card.own.1.slot"]);
    assert_eq!(paths(first(), own(2, "coop", "fit", 2_000)), ["card.own.1.name"]);
    assert_eq!(paths(first(), own(2, " ", "fit", 2_000)), ["card.own.1.name"]);
    assert_eq!(paths(first(), own(2, "fit", "", 2_000)), ["card.own.1.english"]);
    let mut mute = own(2, "fit", "fit", 2_000);
    mute.chinese.clear();
    assert_eq!(paths(first(), mute), ["card.own.1.chinese"]);
    assert_eq!(paths(first(), own(2, "fit", "fit", 0)), ["card", "card.own.1.weight"]);
}
