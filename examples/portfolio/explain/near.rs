//! Keys that are much like one that nobody has.

/// How many keys are suggested.
const NEAR_MAX: usize = 3;

/// The keys most like `wanted`: those that differ from it by the fewest letters whatever their case, and in
/// no more than a third of them.
pub(super) fn keys<'k>(wanted: &str, known: impl Iterator<Item = &'k Box<str>>) -> Vec<Box<str>> {
    let limit = (wanted.chars().count() / 3).clamp(1, 5);
    let wanted = wanted.to_lowercase();
    let mut near: Vec<(usize, &Box<str>)> = known
        .map(|key| (strsim::osa_distance(&wanted, &key.to_lowercase()), key))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort_unstable();
    near.into_iter().take(NEAR_MAX).map(|(_, key)| key.clone()).collect()
}

/// What to say of them.
pub(super) fn sentence(near: &[Box<str>]) -> String {
    let quoted: Vec<String> = near.iter().map(|key| format!("`{key}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => format!("; did you mean {only}?"),
        [first @ .., last] => format!("; did you mean {} or {last}?", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first_and_the_far_ones_not_at_all() {
        let known: Vec<Box<str>> =
            ["2003", "203", "999", "C-204", "20", "2030"].map(Into::into).to_vec();
        let found = keys("2033", known.iter());
        assert_eq!(found.iter().map(AsRef::as_ref).collect::<Vec<_>>(), ["2003", "203", "2030"]);
        assert_eq!(keys("wholly other", known.iter()), Vec::<Box<str>>::new());
        assert_eq!(sentence(&found), "; did you mean `2003`, `203` or `2030`?");
        assert_eq!(sentence(&[]), "");
    }
}
