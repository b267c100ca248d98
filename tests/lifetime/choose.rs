//! Which of the models is taken.

use guanxi::value::lifetime::{
    AnyRepeatModel, Boundary, Candidates, FitOptions, RepeatBuyers, RepeatModel, Weeks,
};

use super::data::{bought, cdnow};

/// CDNOW with every second of those who bought only once: fewer seem to leave at their first purchase, which is
/// what BG/NBD says of all.
fn most_repeat() -> RepeatBuyers<Weeks> {
    let mut once = 0_u32;
    let mut stays = |repeats: u32| {
        once += u32::from(repeats == 0);
        repeats > 0 || once.is_multiple_of(2)
    };
    let shoppers = cdnow().into_iter().filter(|it| stays(it.repeats));
    shoppers.map(|it| bought(it.repeats, it.last_days / 7.0, it.age_days / 7.0)).collect()
}

#[test]
fn a_silent_customer_is_not_surely_there_for_a_little_more_likelihood() {
    let buyers = most_repeat();
    let candidates = Candidates::fit(&buyers, FitOptions::default());
    assert_eq!(candidates.best().unwrap().model.name(), "bgnbd");
    assert_eq!(candidates.clone().into_best().unwrap().model.name(), "bgnbd");
    let fit = AnyRepeatModel::fit(&buyers).unwrap();
    assert_eq!((fit.model.name(), fit.model.tells_silence()), ("mbgnbd", true));
    assert_eq!(candidates.clone().telling_silence().best(), Some(&fit));
    assert_eq!(candidates.into_preferred().unwrap(), fit);
    for row in buyers.rows().iter().filter(|row| row.buying.repeats() == 0) {
        assert!(fit.model.p_alive(&row.buying) < 1.0 && fit.model.tells_silence_of(&row.buying));
    }
}

#[test]
fn where_nobody_left_the_best_of_all_is_taken() {
    let regular = |k: u32| bought(1 + k % 9, 30.0, 30.0);
    let buyers: RepeatBuyers<Weeks> = (0..60).map(regular).collect();
    let candidates = Candidates::fit(&buyers, FitOptions::default());
    let found_none = |it: &guanxi::value::lifetime::Candidate<Weeks>| {
        it.name == "nbd" || it.fit.as_ref().unwrap().report.boundary == Some(Boundary::NoDropout)
    };
    assert!(candidates.all().iter().all(found_none));
    let fit = AnyRepeatModel::fit(&buyers).unwrap();
    assert_eq!(fit.model.name(), "nbd");
    assert!(!fit.model.tells_silence_of(&bought(3, 5.0, 30.0)));
}

/// What is fitted and what came of it have names of their own.
#[test]
fn a_model_knows_its_own_name() {
    fn names<M: RepeatModel<Weeks>>() -> (&'static str, &'static str) {
        (M::NAME, M::fit(&most_repeat()).unwrap().model.name())
    }
    assert_eq!(names::<AnyRepeatModel<Weeks>>(), ("best", "mbgnbd"));
    assert_eq!(names::<guanxi::value::lifetime::BgNbd<Weeks>>(), ("bgnbd", "bgnbd"));
}
