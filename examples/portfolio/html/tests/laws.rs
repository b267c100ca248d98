//! What holds of every page, whatever the base.

use proptest::collection::vec;
use proptest::prelude::*;

use super::models::{CUSTOMERS_MAX, attention, shop, ugly};
use super::reading::{Piece, pieces};
use super::*;

fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[<>&\"'a-z =/;#!-]{0,40}",
        Just("</td><script>alert(1)</script>".to_owned()),
        Just("\" onmouseover=\"alert(1)".to_owned()),
        Just("&lt;b&gt; &amp; &#0;".to_owned()),
        Just("\u{202e}gpj.exe\u{0}\u{1b}[31m".to_owned()),
        Just("ab".repeat(100)),
    ]
}

fn sums(most: u64) -> impl Strategy<Value = Sums> {
    let net = prop_oneof![any::<i128>(), -1_000_000..1_000_000_i128];
    (0..=most, net).prop_map(|(customers, net_minor)| Sums { customers, net_minor })
}

fn month() -> impl Strategy<Value = MonthSums> {
    (1_990..2_030_i32, 1..=12_u32, sums(u64::MAX)).prop_map(|(year, month, sums)| MonthSums {
        month: Month { year, month },
        net_minor: sums.net_minor,
        orders: sums.customers,
    })
}

prop_compose! {
    /// With at most so many customers in one place, and shares no larger than these.
    fn model(most: u64, share: i64)(
        tiers in vec(sums(most), 4),
        risks in vec(sums(most / 5), 20),
        months in vec(month(), 0..30),
        points in vec((-share..share, -share..share), 0..300),
        counts in vec(0..=most, 11),
    ) -> Model {
        let mut model = shop();
        for (it, sums) in model.tiers.iter_mut().zip(&tiers) {
            it.sums = *sums;
        }
        for (it, sums) in model.risks.iter_mut().flat_map(|it| &mut it.risks).zip(&risks) {
            *it = *sums;
        }
        for (it, sums) in model.rfm.cells.iter_mut().zip(&risks) {
            (it.customers, it.mean_minor) = (sums.customers, sums.net_minor);
        }
        for (it, count) in model.stages.iter_mut().zip(counts) {
            it.customers = count;
        }
        let point = |(customers, revenue)| {
            ParetoPoint { customers: BasisPoints(customers), revenue: BasisPoints(revenue) }
        };
        model.pareto.points = points.into_iter().map(point).collect();
        model.pareto.cuts =
            Tier::ALL.into_iter().zip(model.pareto.points.iter().copied()).take(2).collect();
        model.months = months;
        model
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a host calls its customers: the page has the same tags, and the text where text was.
    #[test]
    fn a_text_is_only_text(texts in vec(hostile_text(), 5), chinese in any::<bool>()) {
        let language = LANGUAGES[usize::from(chinese)];
        let mut model = shop();
        model.attention = vec![attention(2)];
        let harmless = page(&model, language).unwrap();
        let [title, policy, key, action, reason] = &texts[..] else { unreachable!() };
        model.title = title.clone();
        model.summary.policy = policy.clone();
        model.attention[0].key = key.clone();
        model.attention[0].action = Some(action.clone());
        model.attention[0].reasons = vec![reason.clone(), reason.clone()];
        let hostile = page(&model, language).unwrap();
        let shapes = |page: &str| {
            let pieces = pieces(page);
            let shapes = pieces.iter().filter_map(Piece::shape);
            shapes.map(|(name, with)| format!("{name} {with:?}")).collect::<Vec<_>>()
        };
        prop_assert_eq!(shapes(&hostile), shapes(&harmless));
        let unseen = hostile.chars().find(|it| it.is_control() && *it != '\n');
        prop_assert_eq!(unseen, None);
    }

    #[test]
    fn whatever_the_numbers_the_charts_keep_to_their_frames(
        model in model(CUSTOMERS_MAX, 1_000_000),
        chinese in any::<bool>(),
    ) {
        check_charts(&page(&model, LANGUAGES[usize::from(chinese)]).unwrap(), true);
    }

    /// Labels of impossible numbers find no room, but nothing else gives way.
    #[test]
    fn shapes_keep_to_their_frames_beyond_all_limits(model in model(u64::MAX, i64::MAX)) {
        check_charts(&page(&model, Language::English).unwrap(), false);
    }
}

#[test]
fn ugly_bases_keep_to_their_frames_too() {
    for (name, model) in ugly().into_iter().chain([("a shop", shop())]) {
        for language in LANGUAGES {
            let page = page(&model, language).unwrap();
            check_charts(&page, true);
            assert_eq!(page, super::page(&model, language).unwrap(), "{name}: not the same bytes");
            assert!(page.len() < 300_000, "{name}: {} bytes", page.len());
        }
    }
}

/// All shapes are inside their image; text too, as far as its width can be told without its font.
fn check_charts(page: &str, with_text: bool) {
    assert!(!page.contains("NaN") && !page.contains("inf\""), "not a number");
    let mut frame = (0.0, 0.0);
    let pieces = pieces(page);
    for (place, piece) in pieces.iter().enumerate() {
        if let Some(view) = piece.get("viewBox") {
            let sides: Vec<f64> = view.split(' ').map(|it| it.parse().unwrap()).collect();
            frame = (sides[2], sides[3]);
        }
        let Some((name, _)) = piece.shape() else { continue };
        let number = |attribute| piece.get(attribute).map(|it| it.parse::<f64>().unwrap());
        let (wide, high) = (number("width").unwrap_or(0.0), number("height").unwrap_or(0.0));
        assert!(wide >= 0.0 && high >= 0.0, "{piece:?}");
        for (x, y) in [("x", "y"), ("x1", "y1"), ("x2", "y2"), ("cx", "cy")] {
            if let (Some(x), Some(y)) = (number(x), number(y)) {
                assert_inside((x, y), frame, piece);
                assert_inside((x + wide, y + high), frame, piece);
            }
        }
        for point in piece.get("points").unwrap_or_default().split_whitespace() {
            let (x, y) = point.split_once(',').unwrap();
            assert_inside((x.parse().unwrap(), y.parse().unwrap()), frame, piece);
        }
        let is_text = with_text && piece.is("text");
        if let (true, Some(Piece::Text(text))) = (is_text, pieces.get(place + 1)) {
            let ems: f64 = text.chars().map(|it| if it.is_ascii() { 0.55 } else { 1.0 }).sum();
            let (x, wide) = (number("x").unwrap(), ems * number("font-size").unwrap());
            let from = match piece.get("text-anchor").unwrap() {
                "end" => x - wide,
                "middle" => x - wide / 2.0,
                _ => x,
            };
            let y = number("y").unwrap();
            assert_inside((from, y), frame, piece);
            assert_inside((from + wide, y), frame, &Piece::Text(format!("{name}: {text}")));
        }
    }
}

fn assert_inside((x, y): (f64, f64), (width, height): (f64, f64), piece: &Piece) {
    let is_inside = (0.0..=width).contains(&x) && (0.0..=height).contains(&y);
    assert!(is_inside, "({x}, {y}) is not in {width} by {height}: {piece:?}");
}
