//! Every fault is caught by the check that names it.

use guanxi::store::conformance::{self, Check, Violation, archive, bulk, customers, reopening};

use super::faulty::{Fault, Faulty};

conformance::tests! {
    harness: Faulty(Fault::None),
    groups: [customers, bulk, archive, reopening],
}

/// What fails for the moment and goes through later is as the contract says.
mod interrupted {
    use super::*;

    conformance::tests! {
        harness: Faulty(Fault::FailsForTheMoment),
        groups: [customers, bulk, archive, reopening],
    }
}

/// Every check there is.
fn checks() -> Vec<Check<Faulty>> {
    let groups = [customers::all(), bulk::all(), archive::all(), reopening::all()];
    groups.into_iter().flatten().collect()
}

/// What a check says of a store with this fault.
fn caught(fault: Fault, id: &str) -> Violation {
    let check = checks().into_iter().find(|check| check.id() == id).unwrap();
    let violation = check.run(&Faulty(fault)).expect_err(id);
    assert_eq!(violation.check, id);
    violation
}

macro_rules! faults {
    ($($test:ident: $fault:ident => $($check:ident),+;)+) => {
        $(
            #[test]
            fn $test() {
                $(caught(Fault::$fault, stringify!($check));)+
            }
        )+

        /// A check that catches no fault could be empty.
        #[test]
        fn every_check_catches_a_fault() {
            let caught = [$($(stringify!($check)),+),+];
            for check in checks() {
                assert!(caught.contains(&check.id()), "{} catches nothing", check.id());
            }
        }
    };
}

faults! {
    keeps_customer_of_refused_claim: KeepsCustomerOfRefusedClaim =>
        c1_refused_claim_leaves_nothing;
    keeps_claims_of_refused: KeepsClaimsOfRefused => c1_refused_claim_takes_no_other_claim;
    gives_up_claims_of_refused: GivesUpClaimsOfRefused => c1_refused_claim_gives_up_no_claim;
    keeps_other_changes_of_conflict: KeepsOtherChangesOfConflict =>
        c1_conflict_leaves_nothing_of_another;
    writes_first_change_only: WritesFirstChangeOnly => c1_one_commit_changes_two;
    keeps_removed_parts: KeepsRemovedParts => c1_commit_touches_the_parts_it_names;
    loses_untouched_parts: LosesUntouchedParts => c1_commit_touches_the_parts_it_names;
    loads_in_two_steps: LoadsInTwoSteps => c1_readers_see_no_half_commit;

    ignores_revisions: IgnoresRevisions => c2_stale_revision_is_refused;
    takes_later_revisions: TakesLaterRevisions => c2_later_revision_is_refused;
    creates_the_known: CreatesTheKnown => c2_creating_the_known_is_refused;
    changes_the_unknown: ChangesTheUnknown => c2_changing_the_unknown_is_refused;
    checks_claims_before_revisions: ChecksClaimsBeforeRevisions =>
        c2_conflict_is_told_before_a_claim;
    checks_then_writes: ChecksThenWrites =>
        c2_race_at_one_revision, c2_race_to_create, c2_race_loses_no_update,
        c4_race_for_one_claim, c5_race_of_one_command, c5_race_for_one_command_id;

    skips_revisions: SkipsRevisions => c3_journal_has_no_gaps;
    loses_entries: LosesEntries => c3_journal_has_no_gaps;

    last_claim_wins: LastClaimWins => c4_claim_has_one_holder;
    names_any_holder: NamesAnyHolder => c4_loser_learns_the_holder;
    keeps_claims_given_up: KeepsClaimsGivenUp => c4_claim_given_up_is_free;
    gives_up_one_claim: GivesUpOneClaim => c4_erased_customer_gives_up_every_claim;
    sees_no_claim_given_up_beside: SeesNoClaimGivenUpBeside => c4_claim_moves_in_one_commit;
    sees_no_claim_taken_beside: SeesNoClaimTakenBeside => c4_two_takers_in_one_commit;
    refuses_own_claims: RefusesOwnClaims => c4_own_claim_can_be_taken_again;
    gives_up_claims_of_others: GivesUpClaimsOfOthers => c4_what_is_not_held_cannot_be_given_up;
    folds_case: FoldsCase => c4_keys_differ_by_every_byte;

    forgets_commands: ForgetsCommands => c5_same_command_gives_the_first_receipt;
    checks_revisions_before_replays: ChecksRevisionsBeforeReplays =>
        c5_replay_is_told_before_a_conflict;
    checks_claims_before_replays: ChecksClaimsBeforeReplays => c5_replay_is_told_before_a_claim;
    replays_other_content: ReplaysOtherContent => c5_other_content_is_refused;
    remembers_by_customer: RemembersByCustomer => c5_other_customer_is_other_content;
    checks_revisions_before_reuse: ChecksRevisionsBeforeReuse => c5_reuse_is_told_before_a_conflict;
    remembers_refused: RemembersRefused => c5_refused_command_leaves_its_id_free;
    receipt_names_one: ReceiptNamesOne => c5_receipt_is_remembered;

    loses_last_commit: LosesLastCommit =>
        c6_reopened_store_gives_the_same, c6_every_commit_survives_by_itself;
    loses_commands: LosesCommands => c6_reopened_store_goes_on;

    lags_on_other_threads: LagsOnOtherThreads => c7_commit_is_read_from_every_thread;

    skips_between_pages: SkipsBetweenPages => c8_history_in_pages_of_any_size;
    begins_anew_after_the_end: BeginsAnewAfterTheEnd => c8_history_ends_with_an_empty_page;
    pages_from_the_end: PagesFromTheEnd => c8_pages_stay_as_they_were;

    shares_customers: SharesCustomers => c9_tenants_share_no_customer;
    shares_claims: SharesClaims => c9_tenants_share_no_claim;
    shares_commands: SharesCommands => c9_tenants_share_no_command;

    bulk_stops_at_refused: BulkStopsAtRefused => c1_refused_commit_holds_up_no_other;
    bulk_checks_all_first: BulkChecksAllFirst =>
        c2_commits_see_those_before_them, c4_claims_pass_on_between_commits,
        c5_same_command_twice_in_one_call;
    bulk_forgets_what_builds_on_what: BulkForgetsWhatBuildsOnWhat =>
        c2_what_builds_on_a_refused_commit_is_refused;
    bulk_sorts_questions: BulkSortsQuestions => c7_questions_are_answered_in_their_order;
    bulk_refuses_nothing: BulkRefusesNothing => c7_nothing_asked_is_nothing_answered;
    bulk_knows_one_tenant: BulkKnowsOneTenant => c9_tenants_share_nothing_in_bulk;

    gives_rulebooks_backwards: GivesRulebooksBackwards =>
        c16_rulebooks_are_given_back_in_their_order;
    refuses_rulebook_again: RefusesRulebookAgain => c16_same_rulebook_again_changes_nothing;
    takes_earlier_rulebooks: TakesEarlierRulebooks => c16_earlier_rulebook_is_refused;
    keeps_rulebooks_in_two_steps: KeepsRulebooksInTwoSteps => c16_race_for_one_instant;
    shares_rulebooks: SharesRulebooks => c9_tenants_share_no_rulebook;

    finds_newest_calibration: FindsNewestCalibration => c17_calibration_is_found_by_its_id;
    keeps_calibrations_twice: KeepsCalibrationsTwice =>
        c17_same_calibration_again_changes_nothing;
    overwrites_calibrations: OverwritesCalibrations => c17_kept_calibration_is_never_changed;
    gives_calibrations_as_kept: GivesCalibrationsAsKept => c17_newest_calibrations_come_first;
    breaks_ties_as_kept: BreaksTiesAsKept => c17_newest_calibrations_come_first;
    shares_calibrations: SharesCalibrations => c9_tenants_share_no_calibration;
}

#[test]
fn a_violation_says_what_was_promised_and_what_was_seen() {
    let violation = caught(Fault::LastClaimWins, "c4_claim_has_one_holder");
    let text = violation.to_string();
    assert!(text.starts_with("c4_claim_has_one_holder breaks C4 (claims are unique"), "{text}");
    assert!(text.contains("a claim that somebody holds is refused to others"), "{text}");
    // Customers are called by the names that the check gave them.
    let expected = "expected the answer to a commit: Err(Claimed { holder: CustomerId(`holder`) })";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("saw Ok(Receipt {"), "{text}");
}
