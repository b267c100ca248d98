//! C4: keys of any length and any text, as many as there may be.

use super::super::check::Deviation;
use super::super::harness::Harness;
use super::super::subject::{Refusal, Trial, key};
use crate::customer::Customer;
use crate::profile::{EXTERNAL_KEYS_MAX, ExternalKey, KEY_BYTES_MAX, SYSTEM_BYTES_MAX};

impl<H: Harness> Trial<'_, H> {
    /// Gives each of these keys to a customer of its own, who alone then holds it.
    fn gives_each_a_holder(&self, keys: &[ExternalKey]) -> Result<Vec<Customer>, Deviation> {
        let mut holders = Vec::new();
        for (nth, key) in keys.iter().enumerate() {
            let mut holder = self.customer(&format!("holder {nth}"));
            self.held(key, None)?;
            self.accepts(&self.link(&mut holder, key, &format!("link {nth}"))?)?;
            holders.push(holder);
        }
        keys.iter().zip(&holders).try_for_each(|(key, by)| self.held(key, Some(by)))?;
        Ok(holders)
    }
}

fn own_key(system: String, key: String) -> Result<ExternalKey, Deviation> {
    ExternalKey::new(system, key).map_err(|error| Deviation::failed("the check's own key", &error))
}

/// A text of exactly so many bytes.
fn filled(sign: &str, bytes: usize, end: &str) -> String {
    let signs = bytes.saturating_sub(end.len()).checked_div(sign.len()).unwrap_or(0);
    format!("{}{end}", sign.repeat(signs))
}

/// Keys that differ in the last sign of the one text or the other only; signs of one byte and of four.
pub(in super::super) fn longest_keys() -> Result<Vec<ExternalKey>, Deviation> {
    let mut keys = Vec::new();
    for (sign, one, other) in [("k", "a", "b"), ("\u{1f511}", "\u{1f512}", "\u{1f513}")] {
        let system = |end| filled(sign, SYSTEM_BYTES_MAX, end);
        let text = |end| filled(sign, KEY_BYTES_MAX, end);
        keys.push(own_key(system(one), text(one))?);
        keys.push(own_key(system(one), text(other))?);
        keys.push(own_key(system(other), text(one))?);
    }
    Ok(keys)
}

/// Texts that mean something to a database when they are not handed over as parameters, or that it may
/// take for numbers or patterns.
pub(in super::super) fn odd_keys() -> Result<Vec<ExternalKey>, Deviation> {
    let texts = [
        "'",
        "''",
        "\"",
        "\\",
        "\\'",
        "'; DROP TABLE guanxi_claims; --",
        "') OR 1 = 1 --",
        "%",
        "_",
        "*",
        "k%",
        "[a-z]",
        "?1",
        "$1",
        ":key",
        "{}",
        "NULL",
        "null",
        "true",
        "1",
        "01",
        "1.0",
        "1e0",
        "+1",
        "0x1",
        "2026-03-01",
        "1,2",
        "a/b",
        "a:b",
        "a\u{2028}b",
    ];
    texts.iter().map(|text| key(text)).collect()
}

pub(super) fn c4_longest_keys_are_kept_whole<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let keys = longest_keys()?;
    let holders = trial.gives_each_a_holder(&keys)?;
    for (nth, (key, holder)) in keys.iter().zip(&holders).enumerate() {
        let mut loser = trial.customer("loser");
        let refused = trial.link(&mut loser, key, &format!("lose {nth}"))?;
        trial.refuses(&refused, Refusal::Claimed { holder: holder.id() })?;
        trial.holds(holder)?;
    }
    Ok(())
}

pub(super) fn c4_keys_are_nothing_but_text<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let keys = odd_keys()?;
    let holders = trial.gives_each_a_holder(&keys)?;
    let systems = ["'", "%", "1", "01"];
    let own = |system: &&str| own_key((*system).to_owned(), "k".to_owned());
    let mut holder = trial.customer("of odd systems");
    for key in &systems.iter().map(own).collect::<Result<Vec<_>, _>>()? {
        trial.held(key, None)?;
        trial.accepts(&trial.link(
            &mut holder,
            key,
            &format!("link system {}", key.system()),
        )?)?;
    }
    trial.holds(&holder)?;
    // What one gives up, the others keep.
    let mut first = holders.first().cloned().unwrap_or_else(|| trial.customer("nobody"));
    if let Some(key) = keys.first() {
        trial.accepts(&trial.unlink(&mut first, key, "unlink")?)?;
        trial.held(key, None)?;
    }
    holders.iter().skip(1).try_for_each(|holder| trial.holds(holder))
}

/// As many as a customer may hold, taken by one commit, passed on by one and given up by one.
pub(super) fn c4_most_claims_in_one_commit<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let names = (1..=EXTERNAL_KEYS_MAX).map(|nth| format!("key {nth}"));
    let keys = names.map(|name| key(&name)).collect::<Result<Vec<_>, _>>()?;
    let held = |by: Option<&Customer>| keys.iter().try_for_each(|key| trial.held(key, by));
    let (mut first, mut second) = (trial.customer("first"), trial.customer("second"));

    let take = trial.order(&mut first, 1, "take")?;
    trial.accepts(&take.altered(|change| change.claims_taken.clone_from(&keys)))?;
    held(Some(&first))?;

    let give = trial.order(&mut first, 2, "pass on")?;
    let give = give.altered(|change| change.claims_released.clone_from(&keys));
    let take = trial.order(&mut second, 1, "pass on")?;
    let take = take.altered(|change| change.claims_taken.clone_from(&keys));
    trial.accepts(&give.joined(take))?;
    held(Some(&second))?;

    let give = trial.order(&mut second, 2, "give up")?;
    trial.accepts(&give.altered(|change| change.claims_released.clone_from(&keys)))?;
    held(None)
}

/// Customers that exchange keys, and one that gives a key up and takes it again.
pub(super) fn c4_claims_change_hands_in_one_commit<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let (left, right, kept) = (key("left")?, key("right")?, key("kept")?);
    let (mut one, mut two) = (trial.customer("one"), trial.customer("two"));
    trial.accepts(&trial.link(&mut one, &left, "link left")?)?;
    trial.accepts(&trial.link(&mut one, &kept, "link kept")?)?;
    trial.accepts(&trial.link(&mut two, &right, "link right")?)?;
    let exchange = |given: &ExternalKey, taken: &ExternalKey| {
        let released = vec![given.clone(), kept.clone()];
        (released, vec![kept.clone(), taken.clone()])
    };
    let mut changes =
        [exchange(&left, &right), (vec![right.clone()], vec![left.clone()])].into_iter();
    let both = trial.order(&mut one, 1, "exchange")?;
    let both = both.joined(trial.order(&mut two, 1, "exchange")?).altered(|change| {
        let Some((released, taken)) = changes.next() else { return };
        (change.claims_released, change.claims_taken) = (released, taken);
    });
    trial.accepts(&both)?;
    trial.held(&left, Some(&two))?;
    trial.held(&right, Some(&one))?;
    trial.held(&kept, Some(&one))
}

/// The last claim of many is another's, so nothing of them is taken.
pub(super) fn c1_refused_last_claim_takes_none_before_it<H: Harness>(
    trial: &Trial<'_, H>,
) -> Result<(), Deviation> {
    let names = (1..=EXTERNAL_KEYS_MAX).map(|nth| format!("key {nth}"));
    let keys = names.map(|name| key(&name)).collect::<Result<Vec<_>, _>>()?;
    let (mut holder, mut loser) = (trial.customer("holder"), trial.customer("loser"));
    let Some((last, free)) = keys.split_last() else { return Ok(()) };
    trial.accepts(&trial.link(&mut holder, last, "hold")?)?;
    let take = trial.order(&mut loser, 1, "lose")?;
    let refused = take.altered(|change| change.claims_taken.clone_from(&keys));
    trial.refuses(&refused, Refusal::Claimed { holder: holder.id() })?;
    free.iter().try_for_each(|key| trial.held(key, None))?;
    trial.lacks(&loser)?;
    trial.never_heard(&refused)
}
