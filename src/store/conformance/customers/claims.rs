//! C4: claims.

use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::race::{Entrant, ROUNDS, WRITERS};
use super::super::subject::{Refusal, Trial, key};
use crate::profile::ExternalKey;

pub(super) fn c4_claim_has_one_holder<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    let contested = key("contested")?;
    let (mut holder, mut loser) = (trial.customer("holder"), trial.customer("loser"));
    trial.held(&contested, None)?;
    trial.accepts(&trial.link(&mut holder, &contested, "hold")?)?;
    trial.held(&contested, Some(&holder))?;
    // A known customer loses like an unknown one.
    trial.accepts(&trial.order(&mut loser, 1, "create")?)?;
    let before = loser.clone();
    let refused = trial.link(&mut loser, &contested, "lose")?;
    trial.refuses(&refused, Refusal::Claimed { holder: holder.id() })?;
    trial.holds(&before)?;
    trial.holds(&holder)
}

pub(super) fn c4_loser_learns_the_holder<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let names = ["one", "two", "three", "four"];
    let mut holders = Vec::new();
    for name in names {
        let mut holder = trial.customer(name);
        trial.accepts(&trial.link(&mut holder, &key(name)?, name)?)?;
        holders.push(holder);
    }
    for (name, holder) in names.iter().zip(&holders) {
        let mut loser = trial.customer("loser");
        let refused = trial.link(&mut loser, &key(name)?, &format!("lose {name}"))?;
        trial.refuses(&refused, Refusal::Claimed { holder: holder.id() })?;
    }
    Ok(())
}

pub(super) fn c4_claim_given_up_is_free<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    let passed_on = key("passed on")?;
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));
    trial.accepts(&trial.link(&mut first, &passed_on, "link")?)?;
    trial.accepts(&trial.unlink(&mut first, &passed_on, "unlink")?)?;
    trial.held(&passed_on, None)?;
    trial.accepts(&trial.link(&mut second, &passed_on, "link again")?)?;
    trial.holds(&first)?;
    trial.holds(&second)
}

pub(super) fn c4_erased_customer_gives_up_every_claim<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let keys = [key("one")?, key("two")?, key("three")?];
    let (mut erased, mut next) = (trial.customer("erased"), trial.customer("next"));
    for key in &keys {
        trial.accepts(&trial.link(&mut erased, key, &format!("link {}", key.key()))?)?;
    }
    trial.accepts(&trial.erase(&mut erased, "erase")?)?;
    keys.iter().try_for_each(|key| trial.held(key, None))?;
    for key in &keys {
        trial.accepts(&trial.link(&mut next, key, &format!("link {} again", key.key()))?)?;
    }
    trial.holds(&next)
}

pub(super) fn c4_claim_moves_in_one_commit<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let moved = key("moved")?;
    let (mut from, mut to) = (trial.customer("from"), trial.customer("to"));
    trial.accepts(&trial.link(&mut from, &moved, "link")?)?;
    let give = trial.unlink(&mut from, &moved, "there")?;
    trial.accepts(&give.joined(trial.link(&mut to, &moved, "there")?))?;
    trial.holds(&to)?;
    // And back, with the one that takes before the one that gives.
    let take = trial.link(&mut from, &moved, "back")?;
    trial.accepts(&take.joined(trial.unlink(&mut to, &moved, "back")?))?;
    trial.holds(&from)?;
    trial.holds(&to)
}

pub(super) fn c4_two_takers_in_one_commit<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let wanted = key("wanted")?;
    let (mut one, mut two) = (trial.customer("one"), trial.customer("two"));
    let (first, second) = (one.id(), two.clone());
    let both = trial.link(&mut one, &wanted, "both")?;
    let both = both.joined(trial.link(&mut two, &wanted, "both")?);
    trial.refuses(&both, Refusal::Claimed { holder: first })?;
    trial.lacks(&one)?;
    trial.lacks(&second)?;
    trial.held(&wanted, None)
}

pub(super) fn c4_own_claim_can_be_taken_again<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let held = key("held")?;
    let mut holder = trial.customer("holder");
    let mut unaware = holder.clone();
    trial.accepts(&trial.link(&mut holder, &held, "link")?)?;
    // Decided on a state that does not know of the claim, but at the revision that the store is at.
    let _unsent = trial.order(&mut unaware, 1, "unsent")?;
    trial.accepts(&trial.link(&mut unaware, &held, "link again")?)?;
    trial.held(&held, Some(&holder))
}

pub(super) fn c4_what_is_not_held_cannot_be_given_up<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let held = key("held")?;
    let (mut holder, mut giver) = (trial.customer("holder"), trial.customer("giver"));
    trial.accepts(&trial.link(&mut holder, &held, "hold")?)?;
    // The store is at the revision that the giver believes in, but never heard of its claim.
    let mut known = giver.clone();
    trial.accepts(&trial.order(&mut known, 1, "create")?)?;
    let _unsent = trial.link(&mut giver, &held, "unsent")?;
    trial.accepts(&trial.unlink(&mut giver, &held, "give up")?)?;
    trial.holds(&holder)
}

pub(super) fn c4_keys_differ_by_every_byte<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    // What a database may take for one text: case, accents, width, spaces around, one form of Unicode
    // for the other, signs that nobody sees; and the system beside the key.
    let texts = [
        "key",
        "Key",
        "KEY",
        "key ",
        " key",
        "key\u{a0}",
        "k\u{e9}y",
        "ke\u{301}y",
        "k\u{200d}ey",
        "\u{ff4b}ey",
        "\u{212a}ey",
        "k\u{435}y",
        "stra\u{df}e",
        "strasse",
        "i",
        "\u{131}",
        "\u{130}",
        "\u{fb01}",
        "fi",
        "\u{30ab}\u{30fc}",
        "\u{ff76}\u{ff70}",
        "钥匙",
        "🔑",
        "🔒",
    ];
    let own = |error| Deviation::failed("the check's own key", &error);
    let mut keys = texts.iter().map(|text| key(text)).collect::<Result<Vec<_>, _>>()?;
    keys.push(ExternalKey::new("Conformance", "key").map_err(own)?);
    keys.push(ExternalKey::new("conformanc", "ekey").map_err(own)?);
    let mut holders = Vec::new();
    for (nth, key) in keys.iter().enumerate() {
        let mut holder = trial.customer(&format!("holder {nth}"));
        trial.accepts(&trial.link(&mut holder, key, &format!("link {nth}"))?)?;
        holders.push(holder);
    }
    keys.iter().zip(&holders).try_for_each(|(key, holder)| trial.held(key, Some(holder)))
}

pub(super) fn c4_race_for_one_claim<H: Harness>(trial: &Trial<'_, H>) -> Result<(), Deviation> {
    for round in 1..=ROUNDS {
        let contested = key(&format!("round {round}"))?;
        let entrant = |nth| {
            let name = format!("round {round}, claimant {nth}");
            let mut customer = trial.customer(&name);
            let commit = trial.link(&mut customer, &contested, &name)?;
            Ok(Entrant { customer, commit })
        };
        let entrants = (1..=WRITERS).map(entrant).collect::<Result<Vec<_>, Deviation>>()?;
        let claimed = |winner: &Entrant| Refusal::Claimed { holder: winner.customer.id() };
        let winner = trial.one_winner(&entrants, claimed)?;
        let mut losers = entrants.iter().filter(|entrant| entrant.customer != winner.customer);
        losers.try_for_each(|loser| trial.lacks(&loser.customer))?;
    }
    Ok(())
}
