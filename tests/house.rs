//! The rules of the house that the compiler does not check.
//!
//! - `floors`: a file of the source names only rooms that it may lean on.
//! - `effects`: the core has no clock, environment, input, output or randomness.
//! - `readme`: the commands that the README gives are the ones that `.ci/run` runs.
//!
//! The source is read as tokens, so a comment, a string or an example in the docs breaks no rule.

mod house {
    mod effects;
    mod floors;
    mod paths;
    mod readme;
    mod source;
}
