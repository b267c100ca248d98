//! What the types of `guanxi` do not let a host do. The messages are those of the toolchain that
//! `rust-version` names; rewrite them with `TRYBUILD=overwrite cargo test -p guanxi-checks`.

#[test]
fn a_commit_cannot_be_built_by_hand() {
    let cases = trybuild::TestCases::new();
    // The way that is open: without it, the others could fail for any reason.
    cases.pass("tests/surface/commit_of_a_decision.rs");
    cases.compile_fail("tests/surface/commit_by_*.rs");
    cases.compile_fail("tests/surface/change_by_*.rs");
}
