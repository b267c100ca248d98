//! What is written by hand says the same of every customer of the sample.

use guanxi::tier::Tier;
use guanxi_peers::base::Base;
use guanxi_peers::by_hand::Card;
use guanxi_peers::ours;

#[test]
fn by_hand_grades_as_the_library_does() {
    let base = Base::cdnow();
    let (customers, books, at) = ours::reviewed(&base);
    let histories = base.by_customer();
    let card = Card::of(&histories, books.latest().policy().zone.day_of(at));
    for (customer, history) in customers.iter().zip(&histories) {
        let (verdict, by_hand) = (customer.verdict(at, &books).unwrap(), card.judge(history));
        let rfm = verdict.rfm.value().unwrap();
        assert_eq!([rfm.recency, rfm.frequency, rfm.monetary], by_hand.rfm, "{history:?}");
        let tier = [Tier::A, Tier::B, Tier::C][usize::from(by_hand.tier)];
        assert_eq!(verdict.tier.tier.value(), Some(tier), "{history:?}");
        let score = verdict.score.value().unwrap().total().0 as f64 / 1_000.0;
        assert!((score - by_hand.score).abs() < 0.003, "{score} {by_hand:?}");
    }
}
