//! Every fault is caught by the check that names it.

use guanxi::store::conformance::{self, Check, Violation};

use super::faulty::{Fault, Faulty};
use super::kit::groups;

conformance::tests! {
    harness: Faulty(Fault::None),
    groups: [
        customers, bulk, scan, agenda, archive, erase, inspect, bulk_agenda, bulk_erase,
        bulk_inspect, dropping, dropping_bulk, feed, feed_reopening, linear, model, model_all,
        publishing, reopening, reopening_agenda, reopening_archive, reopening_bulk,
        reopening_erase,
    ],
}

/// What fails for the moment and goes through later is as the contract says.
mod interrupted {
    use super::*;

    conformance::tests! {
        harness: Faulty(Fault::FailsForTheMoment),
        groups: [
            customers, bulk, scan, agenda, archive, erase, inspect, bulk_agenda, bulk_erase,
            bulk_inspect, dropping, dropping_bulk, feed, feed_reopening, linear, model, model_all,
            publishing, reopening, reopening_agenda, reopening_archive, reopening_bulk,
            reopening_erase,
        ],
    }
}

/// Every check there is.
fn checks() -> Vec<Check<Faulty>> {
    groups().into_iter().flat_map(|(_, checks)| checks).collect()
}

/// What a check says of a store with this fault.
pub(super) fn caught(fault: Fault, id: &str) -> Violation {
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
    keeps_ten_parts: KeepsTenParts => c1_most_parts_in_one_commit;
    removes_ten_parts: RemovesTenParts => c1_most_parts_in_one_commit;
    takes_claims_one_by_one: TakesClaimsOneByOne => c1_refused_last_claim_takes_none_before_it;

    ignores_revisions: IgnoresRevisions => c2_stale_revision_is_refused;
    takes_later_revisions: TakesLaterRevisions => c2_later_revision_is_refused;
    creates_the_known: CreatesTheKnown => c2_creating_the_known_is_refused;
    changes_the_unknown: ChangesTheUnknown => c2_changing_the_unknown_is_refused;
    checks_claims_before_revisions: ChecksClaimsBeforeRevisions =>
        c2_conflict_is_told_before_a_claim;
    checks_then_writes: ChecksThenWrites =>
        c2_race_at_one_revision, c2_race_to_create, c2_race_loses_no_update,
        c4_race_for_one_claim, c5_race_of_one_command, c5_race_for_one_command_id;
    cuts_revisions: CutsRevisions =>
        c2_revisions_are_compared_to_the_last_bit, c8_history_ends_with_an_empty_page;

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
    folds_accents: FoldsAccents => c4_keys_differ_by_every_byte;
    folds_width: FoldsWidth => c4_keys_differ_by_every_byte;
    trims_keys: TrimsKeys => c4_keys_differ_by_every_byte;
    cuts_keys: CutsKeys => c4_longest_keys_are_kept_whole;
    cuts_systems: CutsSystems => c4_longest_keys_are_kept_whole;
    unescapes_quotes: UnescapesQuotes => c4_keys_are_nothing_but_text;
    reads_keys_as_numbers: ReadsKeysAsNumbers => c4_keys_are_nothing_but_text;
    gives_up_after_taking: GivesUpAfterTaking =>
        c4_claims_change_hands_in_one_commit, c4_inspection_shows_the_claims_held;
    takes_ten_claims: TakesTenClaims => c4_most_claims_in_one_commit;

    forgets_commands: ForgetsCommands => c5_same_command_gives_the_first_receipt;
    checks_revisions_before_replays: ChecksRevisionsBeforeReplays =>
        c5_replay_is_told_before_a_conflict;
    checks_claims_before_replays: ChecksClaimsBeforeReplays => c5_replay_is_told_before_a_claim;
    replays_other_content: ReplaysOtherContent => c5_other_content_is_refused;
    remembers_by_customer: RemembersByCustomer => c5_other_customer_is_other_content;
    checks_revisions_before_reuse: ChecksRevisionsBeforeReuse => c5_reuse_is_told_before_a_conflict;
    remembers_refused: RemembersRefused => c5_refused_command_leaves_its_id_free;
    receipt_names_one: ReceiptNamesOne => c5_receipt_is_remembered;
    replays_what_is_sent: ReplaysWhatIsSent => c5_command_decided_anew_is_the_same_command;
    refuses_what_was_refused: RefusesWhatWasRefused =>
        c5_command_decided_anew_is_the_same_command, c6_command_decided_anew_survives;

    loses_last_commit: LosesLastCommit =>
        c6_reopened_store_gives_the_same, c6_every_commit_survives_by_itself;
    loses_commands: LosesCommands =>
        c6_reopened_store_goes_on, c6_command_decided_anew_survives;
    loses_commits_of_many: LosesCommitsOfMany => c6_many_commits_survive;
    loses_rulebooks: LosesRulebooks => c6_rulebooks_and_calibrations_survive;
    loses_calibrations: LosesCalibrations => c6_rulebooks_and_calibrations_survive;
    loses_agenda: LosesAgenda => c6_reopened_store_knows_who_is_due;
    recalls_forgotten: RecallsForgotten => c6_what_was_forgotten_stays_forgotten;

    lags_on_other_threads: LagsOnOtherThreads => c7_commit_is_read_from_every_thread;
    rewrites_documents: RewritesDocuments => c7_documents_are_given_back_to_the_byte;
    loses_nul_escapes: LosesNulEscapes => c7_documents_are_given_back_to_the_byte;
    cuts_documents: CutsDocuments => c7_large_documents_are_given_back_whole;
    cuts_entries: CutsEntries => c7_large_documents_are_given_back_whole;
    cuts_instants: CutsInstants => c7_instants_are_given_back_to_the_microsecond;
    clamps_instants: ClampsInstants => c7_instants_are_given_back_to_the_microsecond;

    skips_between_pages: SkipsBetweenPages => c8_history_in_pages_of_any_size;
    begins_anew_after_the_end: BeginsAnewAfterTheEnd => c8_history_ends_with_an_empty_page;
    pages_from_the_end: PagesFromTheEnd => c8_pages_stay_as_they_were;
    orders_history_by_instant: OrdersHistoryByInstant => c8_clocks_that_go_back_change_no_order;

    shares_customers: SharesCustomers => c9_tenants_share_no_customer;
    shares_claims: SharesClaims => c9_tenants_share_no_claim;
    shares_commands: SharesCommands => c9_tenants_share_no_command;

    scan_refuses_nobody: ScanRefusesNobody => c11_nobody_is_an_empty_page;
    scan_skips_between_pages: ScanSkipsBetweenPages => c11_everybody_once_in_pages_of_any_size;
    scan_compares_ids_signed: ScanComparesIdsSigned => c11_everybody_once_in_pages_of_any_size;
    scan_begins_anew_after_the_end: ScanBeginsAnewAfterTheEnd =>
        c11_full_page_is_followed_by_an_empty_one;
    scan_needs_its_cursor: ScanNeedsItsCursor => c11_cursor_need_not_be_a_customer;
    scan_leaves_out_profiles: ScanLeavesOutProfiles => c11_scan_gives_what_a_load_gives;
    scan_gives_first_revisions: ScanGivesFirstRevisions => c11_scan_gives_what_a_load_gives;
    scan_counts_rows: ScanCountsRows => c11_scan_while_others_write_misses_nobody;
    scan_reads_in_two_steps: ScanReadsInTwoSteps => c1_scan_sees_no_half_commit;
    scan_gives_removed_parts: ScanGivesRemovedParts => c13_scan_gives_nothing_that_was_erased;
    scan_knows_one_tenant: ScanKnowsOneTenant => c9_tenants_are_listed_apart;

    agenda_refuses_nobody: AgendaRefusesNobody => c12_nobody_is_due_where_nobody_is;
    agenda_orders_by_id: AgendaOrdersById => c12_earliest_come_first;
    agenda_compares_bits: AgendaComparesBits => c12_earliest_come_first;
    agenda_breaks_ties_backwards: AgendaBreaksTiesBackwards =>
        c12_those_of_one_instant_come_by_id;
    agenda_pages_by_instant: AgendaPagesByInstant => c12_those_of_one_instant_come_by_id;
    agenda_leaves_out_until: AgendaLeavesOutUntil => c12_until_is_the_last_instant_that_counts;
    agenda_compares_seconds: AgendaComparesSeconds => c12_until_is_the_last_instant_that_counts;
    agenda_compares_policies_only: AgendaComparesPoliciesOnly =>
        c12_those_of_other_rulebooks_are_due_at_any_time;
    agenda_leaves_out_never_waking: AgendaLeavesOutNeverWaking =>
        c12_those_of_other_rulebooks_are_due_at_any_time;
    agenda_holds_until_against_all: AgendaHoldsUntilAgainstAll =>
        c12_those_of_other_rulebooks_are_due_at_any_time;
    agenda_knows_hundred_rulebooks: AgendaKnowsHundredRulebooks =>
        c12_many_rulebooks_are_one_agenda;
    agenda_begins_anew_after_the_end: AgendaBeginsAnewAfterTheEnd =>
        c12_full_page_is_followed_by_an_empty_one;
    agenda_cuts_pages: AgendaCutsPages => c12_longest_page_is_filled;
    agenda_lists_unjudged: AgendaListsUnjudged => c12_unjudged_customers_are_never_due;
    agenda_keeps_old_places: AgendaKeepsOldPlaces => c12_rescheduled_customer_moves;
    agenda_reads_rulebooks_first: AgendaReadsRulebooksFirst =>
        c12_nobody_is_missed_between_two_rulebooks;
    schedules_nobody: SchedulesNobody => c12_earliest_come_first;
    agenda_knows_one_tenant: AgendaKnowsOneTenant => c9_tenants_are_due_apart;
    writes_columns_of_refused: WritesColumnsOfRefused =>
        c1_refused_commit_reschedules_nobody, c1_refused_commit_changes_no_column;

    keeps_what_was_removed: KeepsRemovedParts => c13_nothing_personal_is_readable;
    keeps_claims_of_the_erased: KeepsClaimsGivenUp => c13_nothing_personal_is_readable;
    takes_all_for_facts: TakesAllForFacts =>
        c13_fingerprints_of_personal_commands_are_forgotten;
    keeps_fingerprints: KeepsFingerprints =>
        c13_fingerprints_of_personal_commands_are_forgotten;
    forgets_commands_whole: ForgetsCommandsWhole =>
        c13_fingerprints_of_personal_commands_are_forgotten;
    forgets_own_commands_only: ForgetsOwnCommandsOnly =>
        c13_commands_to_several_are_forgotten_whole;
    forgets_first_only: ForgetsFirstOnly => c13_many_are_forgotten_in_one_call;
    forgets_every_fingerprint: ForgetsEveryFingerprint =>
        c13_fingerprints_of_other_commands_stay;
    forgets_journal: ForgetsJournal => c13_skeleton_stays;
    forgets_everybody: ForgetsEverybody => c13_others_are_not_forgotten;
    refuses_to_forget_nobody: RefusesToForgetNobody => c13_forgetting_nobody_is_no_error;
    forgets_claims_of_others: ForgetsClaimsOfOthers => c13_erased_key_is_free_for_another;
    closes_the_forgotten: ClosesTheForgotten => c13_erased_customer_goes_on;
    forgets_in_every_tenant: ForgetsInEveryTenant => c9_tenants_are_forgotten_apart;

    takes_schemas_for_known: TakesSchemasForKnown =>
        c15_newer_part_is_given_back_as_it_is, c15_newer_entry_is_given_back_as_it_is;
    cuts_schemas: CutsSchemas =>
        c15_newer_part_is_given_back_as_it_is, c15_newer_entry_is_given_back_as_it_is;
    leaves_out_newer_entries: LeavesOutNewerEntries => c15_newer_entry_is_given_back_as_it_is;
    quotes_keys: QuotesKeys => c15_refusals_carry_no_personal_data;
    quotes_documents: QuotesDocuments => c15_failures_carry_no_personal_data;

    inspects_anybody: InspectsAnybody => c7_unknown_customers_have_no_columns;
    inspects_first_columns: InspectsFirstColumns => c7_columns_are_those_of_the_last_commit;
    writes_first_columns_only: WritesFirstColumnsOnly => c7_columns_are_those_of_the_last_commit;
    inspects_without_reviews: InspectsWithoutReviews => c7_every_column_is_given_back;
    inspects_seconds: InspectsSeconds => c7_every_column_is_given_back;
    inspects_every_claim_ever: InspectsEveryClaimEver => c4_inspection_shows_the_claims_held;
    inspects_in_two_steps: InspectsInTwoSteps => c1_inspection_sees_no_half_commit;
    inspects_one_tenant: InspectsOneTenant => c9_tenants_are_inspected_apart;

    bulk_stops_at_refused: BulkStopsAtRefused => c1_refused_commit_holds_up_no_other;
    bulk_checks_all_first: BulkChecksAllFirst =>
        c2_commits_see_those_before_them, c4_claims_pass_on_between_commits,
        c5_same_command_twice_in_one_call;
    bulk_forgets_what_builds_on_what: BulkForgetsWhatBuildsOnWhat =>
        c2_what_builds_on_a_refused_commit_is_refused;
    bulk_sorts_questions: BulkSortsQuestions => c7_questions_are_answered_in_their_order;
    bulk_refuses_nothing: BulkRefusesNothing => c7_nothing_asked_is_nothing_answered;
    bulk_knows_one_tenant: BulkKnowsOneTenant => c9_tenants_share_nothing_in_bulk;
    bulk_cuts_keys: BulkCutsKeys => c4_keys_of_many_are_kept_whole;
    bulk_rewrites_documents: BulkRewritesDocuments =>
        c7_documents_of_many_are_given_back_to_the_byte;
    bulk_takes_schemas_for_known: BulkTakesSchemasForKnown =>
        c7_documents_of_many_are_given_back_to_the_byte;
    bulk_answers_thousands: BulkAnswersThousands => c7_very_many_are_answered_in_one_call;
    bulk_schedules_nobody: BulkSchedulesNobody => c12_many_commits_are_scheduled;
    bulk_takes_all_for_facts: BulkTakesAllForFacts => c13_many_commits_are_forgotten;
    bulk_writes_no_columns: BulkWritesNoColumns => c7_columns_of_many_commits_are_given_back;

    feed_gives_refused: FeedGivesRefused =>
        c10_feed_of_nobody_is_empty, c10_refused_commits_are_not_given;
    feed_loses_first_entries: FeedLosesFirstEntries => c10_feed_gives_every_entry_once;
    feed_gives_latest_document: FeedGivesLatestDocument => c10_feed_gives_what_history_gives;
    feed_tears_commits: FeedTearsCommits => c10_commit_of_two_is_given_whole;
    feed_gives_repetitions: FeedGivesRepetitions => c10_repeated_commands_are_given_once;
    feed_shares_tenants: FeedSharesTenants => c9_tenants_share_no_feed;
    feed_gives_pages_backwards: FeedGivesPagesBackwards =>
        c10_feed_is_in_the_order_of_its_cursors;
    feed_orders_by_clock: FeedOrdersByClock => c10_what_comes_later_stands_later;
    feed_orders_by_customer: FeedOrdersByCustomer => c10_what_comes_later_stands_later;
    feed_turns_revisions: FeedTurnsRevisions => c10_revisions_come_in_their_order;
    feed_skips_between_pages: FeedSkipsBetweenPages => c10_feed_in_pages_of_any_size;
    feed_repeats_at_borders: FeedRepeatsAtBorders => c10_feed_in_pages_of_any_size;
    feed_resumes_by_position: FeedResumesByPosition => c10_page_may_end_within_a_commit;
    feed_resumes_by_customer: FeedResumesByCustomer => c10_feed_goes_on_from_any_cursor;
    feed_begins_anew_at_the_end: FeedBeginsAnewAtTheEnd => c10_feed_ends_with_an_empty_page;
    feed_numbers_before_writing: FeedNumbersBeforeWriting =>
        c10_reader_misses_nothing_of_racing_writers;
    feed_numbers_anew_when_reopened: FeedNumbersAnewWhenReopened => c10_reopened_feed_goes_on;
    loses_last_entry: LosesLastCommit => c6_reopened_feed_gives_the_same;

    shows_uncommitted: ShowsUncommitted => c1_held_commit_is_seen_by_nobody;
    keeps_abandoned: KeepsAbandoned => c1_abandoned_commit_leaves_nothing;
    one_writer_holds_up_all: OneWriterHoldsUpAll => c7_commits_go_through_beside_a_held_one;
    held_rows_are_free: HeldRowsAreFree => c2_held_change_is_not_overwritten;
    held_claims_are_free: HeldClaimsAreFree => c4_held_claim_has_one_holder;
    held_commands_are_free: HeldCommandsAreFree => c5_held_command_is_carried_out_once;
    feed_knows_no_horizon: FeedKnowsNoHorizon =>
        c10_held_commit_is_not_skipped, c10_reader_misses_nothing_of_held_commits;
    feed_waits_for_the_last_only: FeedWaitsForTheLastOnly => c10_held_commits_end_in_any_order;
    feed_waits_for_abandoned: FeedWaitsForAbandoned => c10_abandoned_commit_holds_up_nothing;
    feed_stands_at_tickets: FeedStandsAtTickets => c10_held_commit_keeps_the_order_of_revisions;

    dropped_leaves_row: DroppedLeavesRow => c14_dropped_commit_leaves_all_or_nothing;
    dropped_leaves_first: DroppedLeavesFirst => c14_dropped_commit_of_two_leaves_all_or_nothing;
    dropped_leaves_claims: DroppedLeavesClaims => c14_dropped_claim_is_taken_or_free;
    dropped_forgets_command: DroppedForgetsCommand => c14_dropped_command_can_be_sent_again;
    dropped_keeps_connection: DroppedKeepsConnection => c14_store_goes_on_after_dropped_commits;
    dropped_read_keeps_connection: DroppedReadKeepsConnection =>
        c14_store_goes_on_after_dropped_reads;
    dropped_bulk_leaves_some: DroppedBulkLeavesSome => c14_dropped_commits_leave_all_or_none;
    dropped_bulk_forgets_commands: DroppedBulkForgetsCommands =>
        c14_dropped_commits_can_be_sent_again;
    dropped_bulk_keeps_connection: DroppedBulkKeepsConnection =>
        c14_store_goes_on_after_dropped_bulk_calls;

    keeps_claims_of_erased: GivesUpOneClaim => c7_random_histories_are_answered_as_by_the_model;
    remembers_what_it_refused: RemembersRefused => c7_random_histories_are_answered_as_by_the_model;
    loses_parts_at_random: LosesUntouchedParts => c7_random_histories_are_answered_as_by_the_model;
    skips_entries_at_random: SkipsBetweenPages => c7_random_histories_are_answered_as_by_the_model;
    forgets_commands_at_random: ForgetsCommands =>
        c7_random_histories_are_answered_as_by_the_model;

    checks_then_writes_among_others: ChecksThenWrites => c2_concurrent_commits_fit_one_order;
    caches_loads: CachesLoads => c7_concurrent_reads_fit_one_order;
    caches_holders: CachesHolders => c4_concurrent_claims_fit_one_order;
    forgets_commands_among_others: ForgetsCommands => c5_concurrent_repetitions_fit_one_order;

    scans_removed_parts_at_random: ScanGivesRemovedParts =>
        c7_random_histories_of_everything_are_answered_as_by_the_model;
    keeps_old_places_at_random: AgendaKeepsOldPlaces =>
        c7_random_histories_of_everything_are_answered_as_by_the_model;
    loses_builds_on_at_random: BulkForgetsWhatBuildsOnWhat =>
        c7_random_histories_of_everything_are_answered_as_by_the_model;
    feeds_repetitions_at_random: FeedGivesRepetitions =>
        c7_random_histories_of_everything_are_answered_as_by_the_model;

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

#[test]
fn a_concurrent_history_is_told_with_its_order() {
    let violation = caught(Fault::CachesLoads, "c7_concurrent_reads_fit_one_order");
    assert!(violation.saw.starts_with("none\n  0-"), "{violation}");
    assert!(violation.saw.contains("Load("), "{violation}");
}

#[test]
fn a_random_history_is_told_in_its_shortest_form() {
    let check = "c7_random_histories_are_answered_as_by_the_model";
    let violation = caught(Fault::KeepsClaimsGivenUp, check);
    expect_test::expect![[r#"
        the last of these to be answered as by the model: nobody; saw this:
          Link(0) of `customer 1` at revision 0: carried out
          Unlink(0) of `customer 1` at revision 1: carried out
          the holder of key 0: `customer 1`"#]]
    .assert_eq(&format!("{}; saw {}", violation.expected, violation.saw));
}
