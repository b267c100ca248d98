//! Bases to make pages of: one as shops have it, and ugly ones.

use super::*;

/// More than there are people: what a label must have the room for.
pub(super) const CUSTOMERS_MAX: u64 = 9_999_999_999;

/// Nobody yet.
pub(super) fn empty() -> Model {
    Model {
        title: "2026-06-30".to_owned(),
        summary: Summary {
            customers: 0,
            orders: 0,
            net_minor: 0,
            currency: Currency::USD,
            as_of: Day::from_ymd(2026, 6, 30).unwrap(),
            policy: "12345678".to_owned(),
            calibration: None,
            engine: 1,
        },
        stages: Vec::new(),
        tiers: Vec::new(),
        pareto: Pareto::default(),
        rfm: RfmGrid::default(),
        risks: Vec::new(),
        months: Vec::new(),
        attention: Vec::new(),
    }
}

/// A shop of 2,357 customers, as large as the sample, without a word in any language: every name comes
/// from the page.
pub(super) fn shop() -> Model {
    let mut model = empty();
    model.summary.customers = 2_357;
    model.summary.orders = 6_919;
    model.summary.net_minor = 24_409_194;
    model.summary.calibration = Some(("87654321".to_owned(), model.summary.as_of));
    let counts = [0, 0, 0, 0, 118, 602, 171, 94, 1_372, 0, 0];
    let stages = Stage::ALL.into_iter().zip(counts);
    model.stages = stages.map(|(stage, customers)| StageSums { stage, customers }).collect();
    model.tiers = tiers();
    model.pareto = pareto();
    model.rfm = rfm();
    model.risks = risks();
    model.months = months(1997, 18);
    model.attention = (1..=25).map(attention).collect();
    model
}

fn sums(customers: u64, net_minor: i128) -> Sums {
    Sums { customers, net_minor }
}

fn tiers() -> Vec<TierSums> {
    let of = |tier, customers, net_minor| TierSums { tier, sums: sums(customers, net_minor) };
    vec![
        of(Some(Tier::A), 471, 16_950_000),
        of(Some(Tier::B), 707, 5_210_000),
        of(Some(Tier::C), 1_099, 2_249_194),
        of(None, 80, 0),
    ]
}

/// Where x of the customers bring 1 - (1 - x)^3 of the revenue.
fn pareto() -> Pareto {
    let point = |share: i64| {
        let rest = 10_000 - share;
        let revenue = 10_000 - rest * rest / 10_000 * rest / 10_000;
        ParetoPoint { customers: BasisPoints(share), revenue: BasisPoints(revenue) }
    };
    Pareto {
        points: (0..=2_000).map(|at| point(at * 5)).collect(),
        cuts: vec![(Tier::A, point(1_998)), (Tier::B, point(4_998))],
    }
}

fn rfm() -> RfmGrid {
    let cell = |recency: u8, frequency: u8| RfmCell {
        recency,
        frequency,
        customers: u64::from(recency).pow(2) * u64::from(6 - frequency).pow(2),
        mean_minor: i128::from(frequency) * 3_571,
    };
    let cells = (1..=5).flat_map(|recency| (1..=5).map(move |frequency| (recency, frequency)));
    let cells = cells.filter(|cell| *cell != (1, 5)).map(|(r, f)| cell(r, f));
    RfmGrid { grades: 5, cells: cells.collect() }
}

fn risks() -> Vec<TierRisks> {
    let of = |tier, counts: [u64; 5], mean: i128| TierRisks {
        tier,
        risks: counts.map(|count| sums(count, i128::from(count) * mean)),
    };
    vec![
        of(Some(Tier::A), [231, 104, 87, 49, 0], 35_987),
        of(Some(Tier::B), [202, 180, 171, 120, 34], 7_369),
        of(Some(Tier::C), [110, 201, 307, 401, 80], 2_046),
        of(None, [0, 0, 0, 0, 80], 0),
    ]
}

/// So many months from January on, every fifth one without anything.
pub(super) fn months(year: i32, count: u32) -> Vec<MonthSums> {
    let kept = (0..count).filter(|place| place % 5 != 3);
    let first = |place: u32| {
        Day::from_ymd(year + i32::try_from(place / 12).unwrap(), place % 12 + 1, 1).unwrap()
    };
    let month = |place: u32| MonthSums {
        month: Month::of(first(place)),
        net_minor: 400_000 + i128::from(place * 7_919 % 31) * 71_000,
        orders: u64::from(100 + place * 37 % 211),
    };
    kept.map(month).collect()
}

/// The customer of this number.
pub(super) fn attention(number: i64) -> Attention {
    let place = usize::try_from(number).unwrap();
    let one_of = |count: usize| place % count;
    Attention {
        key: (10_000 + number * 37).to_string(),
        stage: Stage::ALL[4 + one_of(5)],
        tier: [Some(Tier::A), Some(Tier::B), None][one_of(3)],
        value: (number != 7).then(|| Points(99_500 - number * 1_750)),
        risk: (number != 9)
            .then(|| (RiskBand::ALL[3 - one_of(4)], Points(91_999 - number * 2_250))),
        action: (number != 3).then(|| format!("{}/{}", number, number + 1)),
        reasons: (0..one_of(4)).map(|at| format!("{at}: {number} > {}", at + 3)).collect(),
        net_minor: 1_260_000 - i128::from(number) * 41_037,
    }
}

/// What no page may stumble over, each with its name.
pub(super) fn ugly() -> Vec<(&'static str, Model)> {
    vec![
        ("nobody", empty()),
        ("one customer", one_customer()),
        ("no revenue", no_revenue()),
        ("one month", Model { months: months(1997, 1), ..shop() }),
        ("thirty years", Model { months: months(1996, 360), ..shop() }),
        ("a mistyped year", mistyped_year()),
        ("more came back than was sold", negative()),
        ("large amounts", large()),
        ("customers and nothing else", customers_only()),
    ]
}

fn one_customer() -> Model {
    let mut model = empty();
    model.summary.customers = 1;
    model.summary.orders = 1;
    model.summary.net_minor = 2_933;
    model.stages = vec![StageSums { stage: Stage::Onboarding, customers: 1 }];
    model.tiers = vec![TierSums { tier: Some(Tier::A), sums: sums(1, 2_933) }];
    let all = ParetoPoint { customers: BasisPoints(10_000), revenue: BasisPoints(10_000) };
    model.pareto = Pareto { points: vec![all], cuts: vec![(Tier::A, all)] };
    let cell = RfmCell { recency: 5, frequency: 5, customers: 1, mean_minor: 2_933 };
    model.rfm = RfmGrid { grades: 5, cells: vec![cell] };
    let mut risks = [Sums::default(); 5];
    risks[4] = sums(1, 2_933);
    model.risks = vec![TierRisks { tier: Some(Tier::A), risks }];
    model.months = months(1997, 1);
    model.attention = vec![attention(1)];
    model
}

fn no_revenue() -> Model {
    let mut model = shop();
    model.summary.net_minor = 0;
    model.pareto = Pareto::default();
    scale(&mut model, 0);
    model
}

fn negative() -> Model {
    let mut model = shop();
    scale(&mut model, -3);
    model.months = months(1997, 18);
    for it in model.months.iter_mut().step_by(3) {
        it.net_minor = -it.net_minor;
    }
    for point in &mut model.pareto.points {
        point.revenue = BasisPoints(point.revenue.0 * 7 / 4 - point.customers.0 * 3 / 4);
    }
    model.pareto.cuts.clear();
    model
}

fn large() -> Model {
    let mut model = shop();
    scale(&mut model, 100_000_000_000);
    model.summary.customers = CUSTOMERS_MAX;
    model.stages[5].customers = CUSTOMERS_MAX;
    model.risks[0].risks[0].customers = CUSTOMERS_MAX;
    model
}

fn mistyped_year() -> Model {
    let mut model = shop();
    model.months[0].month.year = 197;
    model
}

fn customers_only() -> Model {
    let mut model = empty();
    model.summary.customers = 3;
    model
}

/// All amounts so many times.
fn scale(model: &mut Model, times: i128) {
    let summary = [&mut model.summary.net_minor];
    let tiers = model.tiers.iter_mut().map(|it| &mut it.sums.net_minor);
    let cells = model.rfm.cells.iter_mut().map(|it| &mut it.mean_minor);
    let risks = model.risks.iter_mut().flat_map(|it| &mut it.risks).map(|it| &mut it.net_minor);
    let months = model.months.iter_mut().map(|it| &mut it.net_minor);
    let attention = model.attention.iter_mut().map(|it| &mut it.net_minor);
    for amount in
        summary.into_iter().chain(tiers).chain(cells).chain(risks).chain(months).chain(attention)
    {
        *amount *= times;
    }
}
