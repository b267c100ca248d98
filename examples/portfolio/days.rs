//! Which day it is, which day is asked for, and how far the database was taken.

use guanxi::Day;

use crate::options::Options;

/// No such day can be reported of.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum DaysError {
    /// Nobody said which day it is, so it is the last one there is.
    #[error(
        "`--as-of` {as_of} is after today; the log ends on {last_day}, give `--today {as_of}` as well"
    )]
    AsOfAfterLog {
        /// The day asked for.
        as_of: Day,
        /// The last day of the log.
        last_day: Day,
    },
    /// There is no log, so it is the last one that anything was recorded on.
    #[error(
        "`--as-of` {as_of} is after today; the database was taken to {taken_to}, give `--today {as_of}` \
         as well"
    )]
    AsOfAfterDatabase {
        /// The day asked for.
        as_of: Day,
        /// The day that the database was taken to.
        taken_to: Day,
    },
}

/// The days of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    /// The last day a purchase may have.
    pub(crate) today: Day,
    /// The day that is reported of.
    pub(crate) as_of: Day,
    /// The day that the database is taken to, which never goes back; without a log it stays.
    pub(crate) present: Day,
}

impl Days {
    /// Of a log that ends on `last_day`, and a database that was taken to a day.
    ///
    /// # Errors
    ///
    /// [`DaysError`], if the customers were to be judged at a day that has not come.
    pub(crate) fn of(
        options: &Options,
        last_day: Day,
        taken_to: Option<Day>,
    ) -> Result<Self, DaysError> {
        let latest = taken_to.map_or(last_day, |taken_to| taken_to.max(last_day));
        let today = options.today.unwrap_or(latest);
        let as_of = options.as_of.unwrap_or(today);
        // If today was given, the options have been compared already.
        if as_of > today {
            return Err(DaysError::AsOfAfterLog { as_of, last_day });
        }
        Ok(Self { today, as_of, present: taken_to.map_or(today, |taken_to| taken_to.max(today)) })
    }

    /// Of a database alone, which was taken to a day and stays there.
    ///
    /// # Errors
    ///
    /// As [`of`](Self::of).
    pub(crate) fn of_database(options: &Options, taken_to: Day) -> Result<Self, DaysError> {
        let today = options.today.unwrap_or(taken_to);
        let as_of = options.as_of.unwrap_or(today);
        if as_of > today {
            return Err(DaysError::AsOfAfterDatabase { as_of, taken_to });
        }
        Ok(Self { today, as_of, present: taken_to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<Day> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn no_day_takes_the_database_back() {
        let given = [None, day("2024-01-01"), day("2024-01-05"), day("2024-01-09")];
        let last_day = day("2024-01-05").unwrap();
        for place in 0..given.len().pow(3) {
            let [taken_to, today, as_of] = [1, 4, 16].map(|step| given[place / step % 4]);
            let options = Options { today, as_of, ..Options::default() };
            let today = today.unwrap_or(last_day.max(taken_to.unwrap_or(last_day)));
            match Days::of(&options, last_day, taken_to) {
                Err(error) => {
                    assert!(as_of > Some(today));
                    assert!(matches!(error, DaysError::AsOfAfterLog { .. }));
                }
                Ok(days) => {
                    assert_eq!((days.today, days.as_of), (today, as_of.unwrap_or(today)));
                    assert!(days.as_of <= days.today);
                    assert_eq!(Some(days.present), taken_to.max(Some(today)));
                }
            }
        }
    }

    #[test]
    fn a_database_alone_stays_where_it_is() {
        let given = [None, day("2024-01-01"), day("2024-01-05"), day("2024-01-09")];
        let taken_to = day("2024-01-05").unwrap();
        for place in 0..given.len().pow(2) {
            let [today, as_of] = [1, 4].map(|step| given[place / step % 4]);
            let options = Options { today, as_of, ..Options::default() };
            let today = today.unwrap_or(taken_to);
            match Days::of_database(&options, taken_to) {
                Err(error) => {
                    assert!(as_of > Some(today));
                    assert!(matches!(error, DaysError::AsOfAfterDatabase { .. }));
                }
                Ok(days) => {
                    assert_eq!((days.today, days.as_of), (today, as_of.unwrap_or(today)));
                    assert!(days.as_of <= days.today);
                    assert_eq!(days.present, taken_to);
                }
            }
        }
    }
}
