//! Which migrations a database has had, whatever the database.

/// One step from an older form of the tables to a newer one.
///
/// The list of migrations of each store has an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// Its place in the order, from 1.
    pub number: i64,
    /// What it is about, in a word.
    pub name: &'static str,
    /// Plain SQL, several statements. It notes its own number in `guanxi_migrations`.
    pub sql: &'static str,
}

impl Migration {
    pub(in crate::store) const fn new(number: i64, name: &'static str, sql: &'static str) -> Self {
        Self { number, name, sql }
    }
}

/// What is wrong with a list of applied migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Misapplied {
    /// A newer version of the library has been here.
    Newer { found: i64, known: i64 },
    /// The list is not one that this library writes.
    Gaps,
}

/// Those that were not applied yet, by the numbers, in order, of those that were: the first few, or the
/// list is not ours.
pub(in crate::store) fn missing<'a>(
    migrations: &'a [Migration],
    applied: &[i64],
) -> Result<&'a [Migration], Misapplied> {
    let known = migrations.last().map_or(0, |migration| migration.number);
    match applied.last() {
        Some(&found) if found > known => return Err(Misapplied::Newer { found, known }),
        Some(_) | None => {}
    }
    let (done, missing) = migrations.split_at_checked(applied.len()).ok_or(Misapplied::Gaps)?;
    let agrees = done.iter().map(|migration| migration.number).eq(applied.iter().copied());
    if agrees { Ok(missing) } else { Err(Misapplied::Gaps) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every list of some of these numbers.
    #[test]
    fn a_list_is_the_first_few_or_newer_or_not_ours() {
        const NUMBERS: [i64; 7] = [i64::MIN, 0, 1, 2, 3, 4, i64::MAX];
        let migrations = [1, 2, 3].map(|number| Migration::new(number, "", ""));
        for choice in 0_u32..1 << NUMBERS.len() {
            let chosen = (0..NUMBERS.len()).filter(|place| choice >> place & 1 == 1);
            let applied: Vec<i64> = chosen.map(|place| NUMBERS[place]).collect();
            match (missing(&migrations, &applied), applied.as_slice()) {
                (Ok(missing), [] | [1] | [1, 2] | [1, 2, 3]) => {
                    assert_eq!(missing, &migrations[applied.len()..]);
                }
                (Err(Misapplied::Newer { found, known: 3 }), [.., last @ (4 | i64::MAX)]) => {
                    assert_eq!(found, *last);
                }
                (Err(Misapplied::Gaps), [.., last]) => assert!(*last <= 3, "{applied:?}"),
                (answer, applied) => panic!("{applied:?}: {answer:?}"),
            }
        }
    }
}
