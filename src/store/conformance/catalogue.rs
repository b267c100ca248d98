//! Every check once: the functions of the groups and the tests of a host are both made from this list, in
//! `suite.rs`, so neither can lack one.

/// The checks of a group, by the module that holds their code: clause, id, and what the contract
/// promises. Hands them to another macro, with whatever that needs beside them.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_group {
    (customers [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            atomicity {
                C1 c1_refused_claim_leaves_nothing
                "a commit refused for a claim leaves no customer, no entry and no receipt"
                C1 c1_refused_claim_takes_no_other_claim
                "a commit refused for one claim takes none of its others"
                C1 c1_refused_claim_gives_up_no_claim
                "a commit refused for a claim gives up none that it was to give up"
                C1 c1_conflict_leaves_nothing_of_another
                "a commit of two customers, one of them in conflict, leaves nothing of the other"
                C1 c1_one_commit_changes_two
                "a commit of two customers changes both, and its receipt names both"
                C1 c1_commit_touches_the_parts_it_names
                "a commit writes the parts it puts, takes away those it removes and leaves all others"
                C1 c1_readers_see_no_half_commit
                "a load while somebody commits gives the customer before or after, never between"
            }
            revisions {
                C2 c2_stale_revision_is_refused
                "a change of an earlier revision is a conflict"
                C2 c2_later_revision_is_refused
                "a change of a revision that the store is not at yet is a conflict"
                C2 c2_creating_the_known_is_refused
                "a change that expects no customer is a conflict where there is one"
                C2 c2_changing_the_unknown_is_refused
                "a change that expects a customer is a conflict where there is none"
                C2 c2_conflict_is_told_before_a_claim
                "where both are wrong, the revision is told before the claim"
                C2 c2_race_at_one_revision
                "of several writers at one revision exactly one goes through"
                C2 c2_race_to_create
                "of several writers that create one customer exactly one goes through"
                C2 c2_race_loses_no_update
                "writers that try again after a conflict lose no update and make none twice"
                C3 c3_journal_has_no_gaps
                "each commit makes the next revision and one entry of the journal; a refused one none"
            }
            claims {
                C4 c4_claim_has_one_holder
                "a claim that somebody holds is refused to others"
                C4 c4_loser_learns_the_holder
                "whoever is refused a claim learns who holds it"
                C4 c4_claim_given_up_is_free
                "a claim that was given up can be taken by another"
                C4 c4_erased_customer_gives_up_every_claim
                "an erased customer holds no claim any more"
                C4 c4_claim_moves_in_one_commit
                "a claim given up and taken in one commit passes on, in whatever order the changes are"
                C4 c4_two_takers_in_one_commit
                "of two customers that take one free claim in one commit the second is refused"
                C4 c4_own_claim_can_be_taken_again
                "a claim is free for whoever holds it"
                C4 c4_what_is_not_held_cannot_be_given_up
                "giving up a claim that another holds does nothing"
                C4 c4_keys_differ_by_every_byte
                "claims are equal when system and key are equal byte for byte"
                C4 c4_race_for_one_claim
                "of several customers that claim one key exactly one gets it, and the others learn who"
            }
            commands {
                C5 c5_same_command_gives_the_first_receipt
                "a command sent again changes nothing and gives its first receipt, as a replay"
                C5 c5_replay_is_told_before_a_conflict
                "a command sent again after later commits gives its first receipt, not a conflict"
                C5 c5_replay_is_told_before_a_claim
                "a command sent again gives its first receipt, though another holds its claim now"
                C5 c5_other_content_is_refused
                "another command under a used id is refused"
                C5 c5_other_customer_is_other_content
                "the same command to another customer under a used id is refused"
                C5 c5_reuse_is_told_before_a_conflict
                "another command under a used id is refused as such, also where it is a conflict"
                C5 c5_refused_command_leaves_its_id_free
                "the id of a command that was refused is not used"
                C5 c5_command_decided_anew_is_the_same_command
                "a command decided anew after a conflict is carried out once, and told as it was carried out"
                C5 c5_receipt_is_remembered
                "the first receipt of every command carried out can be asked for"
                C5 c5_race_of_one_command
                "one command sent several times at once is carried out once, and all get its receipt"
                C5 c5_race_for_one_command_id
                "of several commands sent at once under one id exactly one is carried out"
            }
            reading {
                C7 c7_commit_is_read_from_every_thread
                "whoever asks after a commit has returned reads it"
                C8 c8_history_in_pages_of_any_size
                "a history read in pages is the whole history, whatever their size"
                C8 c8_history_ends_with_an_empty_page
                "after the last revision a page of history is empty"
                C8 c8_pages_stay_as_they_were
                "a page of history does not change with later commits"
            }
            keys {
                C1 c1_refused_last_claim_takes_none_before_it
                "a commit refused for the last of many claims takes none of those before it"
                C4 c4_longest_keys_are_kept_whole
                "keys as long as they may be are kept to their last sign"
                C4 c4_keys_are_nothing_but_text
                "a key is text, whatever it looks like: no statement, no pattern, no number"
                C4 c4_most_claims_in_one_commit
                "a commit takes, passes on and gives up as many claims as a customer may hold"
                C4 c4_claims_change_hands_in_one_commit
                "customers exchange claims by one commit, and one that is given up and taken again stays"
            }
            documents {
                C1 c1_most_parts_in_one_commit
                "a commit writes and removes as many parts as it names"
                C7 c7_documents_are_given_back_to_the_byte
                "documents of every kind of JSON text are given back byte for byte"
                C7 c7_large_documents_are_given_back_whole
                "a part and an entry of 1 MiB are given back byte for byte"
                C15 c15_newer_part_is_given_back_as_it_is
                "a part of a schema that nobody knows yet is given back as it was handed over"
                C15 c15_newer_entry_is_given_back_as_it_is
                "an entry of a schema that nobody knows yet is given back as it was handed over"
            }
            ranges {
                C2 c2_revisions_are_compared_to_the_last_bit
                "a change of a far revision is a conflict, also where its lower bits are those of the right one"
                C7 c7_instants_are_given_back_to_the_microsecond
                "entries keep their instant to the microsecond, to both ends of time"
                C8 c8_clocks_that_go_back_change_no_order
                "the journal is in the order of revisions, whatever the hosts' clocks said"
            }
            errors {
                C15 c15_refusals_carry_no_personal_data
                "a commit that is refused is told without any of its keys"
                C15 c15_failures_carry_no_personal_data
                "a commit that a store cannot keep is told without its documents and its keys"
            }
            tenants {
                C9 c9_tenants_share_no_customer
                "one id in two tenants is two customers"
                C9 c9_tenants_share_no_claim
                "one key in two tenants is two claims"
                C9 c9_tenants_share_no_command
                "one command id in two tenants is two commands"
            }
        }
    };
    (bulk [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            many {
                C1 c1_refused_commit_holds_up_no_other
                "of many commits a refused one leaves nothing, and the others go through"
                C2 c2_commits_see_those_before_them
                "of many commits each finds what those before it have done"
                C2 c2_what_builds_on_a_refused_commit_is_refused
                "a commit that builds on one which this call did not carry out is a conflict"
                C4 c4_claims_pass_on_between_commits
                "of many commits each finds the claims as those before it have left them"
                C5 c5_same_command_twice_in_one_call
                "of many commits one that comes twice is carried out once"
                C7 c7_questions_are_answered_in_their_order
                "many questions are answered in their order, each by itself"
                C7 c7_nothing_asked_is_nothing_answered
                "no questions and no commits have no answers"
                C9 c9_tenants_share_nothing_in_bulk
                "many commits and many loads stay in their tenant"
            }
            edges {
                C4 c4_keys_of_many_are_kept_whole
                "of many commits each keeps its keys, however long and whatever they look like"
                C7 c7_documents_of_many_are_given_back_to_the_byte
                "of many commits each has its documents, schemas and instants given back as they were"
                C7 c7_very_many_are_answered_in_one_call
                "as many questions as one call may have are all answered"
            }
        }
    };
    (bulk_agenda [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            due {
                C12 c12_many_commits_are_scheduled
                "many commits put their customers on the agenda, each as it would by itself"
            }
        }
    };
    (bulk_erase [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            forgetting {
                C13 c13_many_commits_are_forgotten
                "personal commands are forgotten, also when they came with many others"
            }
        }
    };
    (bulk_inspect [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            columns {
                C7 c7_columns_of_many_commits_are_given_back
                "an inspection shows the columns and the claims of commits that came with many others"
            }
        }
    };
    (scan [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            pages {
                C11 c11_nobody_is_an_empty_page
                "a scan of a base without customers is an empty page"
                C11 c11_everybody_once_in_pages_of_any_size
                "a scan gives every customer once, in the order of ids, whatever the size of its pages"
                C11 c11_full_page_is_followed_by_an_empty_one
                "after the last customer a page is empty, also when the one before was full"
                C11 c11_cursor_need_not_be_a_customer
                "a scan goes on after any id, whether somebody has it or not"
                C11 c11_scan_gives_what_a_load_gives
                "a scan gives of every customer what a load gives"
                C11 c11_scan_while_others_write_misses_nobody
                "a scan gives everybody once who was there when it began, whoever is changed or made meanwhile"
                C1 c1_scan_sees_no_half_commit
                "a scan while somebody commits gives each customer before or after, never between"
                C13 c13_scan_gives_nothing_that_was_erased
                "a scan gives nothing personal of a customer that was erased"
                C9 c9_tenants_are_listed_apart
                "a scan gives the customers of its tenant only"
            }
        }
    };
    (agenda [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            due {
                C12 c12_nobody_is_due_where_nobody_is
                "the agenda of a base without customers is an empty page"
                C12 c12_earliest_come_first
                "those who are due come in the order of their instants, from one end of time to the other"
                C12 c12_those_of_one_instant_come_by_id
                "those who wake at one instant come in the order of ids, and none is lost between pages"
                C12 c12_until_is_the_last_instant_that_counts
                "who wakes at the very instant that is asked for is due, and a microsecond before is not"
                C12 c12_those_of_other_rulebooks_are_due_at_any_time
                "whom another rulebook judged is due whenever it wakes, at the last instant if never"
                C12 c12_many_rulebooks_are_one_agenda
                "customers of many rulebooks come in one order"
                C12 c12_full_page_is_followed_by_an_empty_one
                "after the last who is due a page is empty, also when the one before was full"
                C12 c12_longest_page_is_filled
                "a page is filled as long as somebody is due, up to the longest"
                C12 c12_unjudged_customers_are_never_due
                "customers whom no rulebook has judged are not due"
                C9 c9_tenants_are_due_apart
                "the agenda gives the customers of its tenant only"
            }
            rescheduling {
                C12 c12_rescheduled_customer_moves
                "a customer stands on the agenda once, as the last commit says"
                C12 c12_nobody_is_missed_between_two_rulebooks
                "a customer that passes from one rulebook to another is on the agenda all the time"
                C1 c1_refused_commit_reschedules_nobody
                "a commit that is refused leaves the agenda as it was"
            }
        }
    };
    (erase [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            forgetting {
                C13 c13_nothing_personal_is_readable
                "after an erasure no document and no claim tells anything personal"
                C13 c13_fingerprints_of_personal_commands_are_forgotten
                "fingerprints of personal commands are forgotten, so a repetition is neither the same nor another"
                C13 c13_commands_to_several_are_forgotten_whole
                "a command to several customers is forgotten with the one whom it told something of"
                C13 c13_many_are_forgotten_in_one_call
                "of many customers in one call each is forgotten"
            }
            sparing {
                C13 c13_fingerprints_of_other_commands_stay
                "orders and the erasure itself are remembered, and a repetition gives the first receipt"
                C13 c13_skeleton_stays
                "revisions, the journal and everything that is not personal stay"
                C13 c13_others_are_not_forgotten
                "of other customers nothing is forgotten"
                C13 c13_forgetting_nobody_is_no_error
                "forgetting nobody, somebody unknown or the same one again is no error and takes nothing away"
                C13 c13_erased_key_is_free_for_another
                "a key of an erased customer can be taken by another, and stays with it"
                C13 c13_erased_customer_goes_on
                "an erased customer can be written again like any other"
                C9 c9_tenants_are_forgotten_apart
                "of another tenant's customers nothing is forgotten"
            }
        }
    };
    (inspect [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            columns {
                C7 c7_unknown_customers_have_no_columns
                "an inspection of a customer nobody knows is none"
                C7 c7_columns_are_those_of_the_last_commit
                "an inspection shows the revision and the columns of the last commit"
                C7 c7_every_column_is_given_back
                "every value of every column is given back, to the ends of time"
                C4 c4_inspection_shows_the_claims_held
                "an inspection shows the claims that the customer holds, and no others"
                C1 c1_refused_commit_changes_no_column
                "a commit that is refused leaves the columns as they were"
                C1 c1_inspection_sees_no_half_commit
                "an inspection while somebody commits shows one revision, its columns and its claims"
                C9 c9_tenants_are_inspected_apart
                "an inspection shows the customers of its tenant only"
            }
        }
    };
    (archive [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            rulebooks {
                C16 c16_rulebooks_are_given_back_in_their_order
                "rulebooks are given back byte for byte, in the order they come into force"
                C16 c16_same_rulebook_again_changes_nothing
                "a rulebook that is kept already is no error and changes nothing"
                C16 c16_earlier_rulebook_is_refused
                "a rulebook that comes into force no later than a kept one is refused and leaves nothing"
                C16 c16_race_for_one_instant
                "of several rulebooks that are to come into force at one instant exactly one is kept"
                C9 c9_tenants_share_no_rulebook
                "rulebooks of one tenant are not those of another, and hold up none of them"
            }
            calibrations {
                C17 c17_calibration_is_found_by_its_id
                "a calibration is found by its id, byte for byte, also when there are newer ones"
                C17 c17_same_calibration_again_changes_nothing
                "a calibration that is kept already is no error and changes nothing"
                C17 c17_kept_calibration_is_never_changed
                "a calibration stays as it was kept first, whatever comes under its id"
                C17 c17_newest_calibrations_come_first
                "the newest calibrations come first, as many as are asked for, in one order for all"
                C9 c9_tenants_share_no_calibration
                "calibrations of one tenant are not those of another, nor is a document of both"
            }
        }
    };
    (feed [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            entries {
                C10 c10_feed_of_nobody_is_empty
                "the feed of a tenant in which nothing was carried out is empty"
                C10 c10_feed_gives_every_entry_once
                "a feed gives every entry of every customer once"
                C10 c10_feed_gives_what_history_gives
                "an entry is the same in the feed and in the history of its customer"
                C10 c10_commit_of_two_is_given_whole
                "whoever reads a feed to its end has read both entries of a commit of two, or none"
                C10 c10_refused_commits_are_not_given
                "a commit that was refused gives a feed nothing"
                C10 c10_repeated_commands_are_given_once
                "a command that is sent again gives a feed nothing more"
                C9 c9_tenants_share_no_feed
                "the feed of a tenant has entries of that tenant only"
            }
            cursors {
                C10 c10_feed_is_in_the_order_of_its_cursors
                "a page of a feed is in the order of its cursors"
                C10 c10_what_comes_later_stands_later
                "what is committed after a feed was read stands after everything read, whatever the customer's id and the clock"
                C10 c10_revisions_come_in_their_order
                "entries of one customer come in the order of revisions"
                C10 c10_feed_in_pages_of_any_size
                "a feed read in pages is the whole feed, whatever their size"
                C10 c10_page_may_end_within_a_commit
                "a feed goes on within a commit of several customers where a page ended"
                C10 c10_feed_ends_with_an_empty_page
                "after the last entry a page of a feed is empty"
                C10 c10_feed_goes_on_from_any_cursor
                "a feed goes on from any of its cursors, kept as text, also after later commits"
                C10 c10_reader_misses_nothing_of_racing_writers
                "whoever follows a feed while many write gets everything once and in order"
            }
        }
    };
    (feed_reopening [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            cursors {
                C6 c6_reopened_feed_gives_the_same
                "a feed gives the same at the same places when the store is opened again"
                C10 c10_reopened_feed_goes_on
                "what is committed to a store that was opened again stands after every cursor of before"
            }
        }
    };
    (linear [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            histories {
                C2 c2_concurrent_commits_fit_one_order
                "commits sent at once are answered as if they had come one after the other"
                C4 c4_concurrent_claims_fit_one_order
                "claims taken and asked for at once are answered as if one after the other"
                C5 c5_concurrent_repetitions_fit_one_order
                "commands sent again at once and asked for are answered as if one after the other"
                C7 c7_concurrent_reads_fit_one_order
                "loads beside commits give what commits one after the other would have left"
            }
        }
    };
    (model [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            random {
                C7 c7_random_histories_are_answered_as_by_the_model
                "whatever is done in whatever order, each answer is that of the store in memory"
            }
        }
    };
    (model_all [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            random {
                C7 c7_random_histories_of_everything_are_answered_as_by_the_model
                "whatever is done and asked in whatever order, each answer is that of the store in memory"
            }
        }
    };
    (publishing [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            isolation {
                C1 c1_held_commit_is_seen_by_nobody
                "nothing of a commit that is under way is seen, and all of it when it has ended"
                C1 c1_abandoned_commit_leaves_nothing
                "a commit that was rolled back leaves nothing"
                C7 c7_commits_go_through_beside_a_held_one
                "while a commit is under way, those of other customers return and are read"
            }
            contests {
                C2 c2_held_change_is_not_overwritten
                "of two changes of one revision, one of them under way, one goes through"
                C4 c4_held_claim_has_one_holder
                "of two that take one claim, one of them under way, one gets it"
                C5 c5_held_command_is_carried_out_once
                "a command that is sent again while it is under way is carried out once"
            }
            order {
                C10 c10_held_commit_is_not_skipped
                "whoever follows a feed misses no commit that was under way while others ended"
                C10 c10_held_commits_end_in_any_order
                "whoever follows a feed misses nothing, in whatever order commits end"
                C10 c10_abandoned_commit_holds_up_nothing
                "a commit that was rolled back holds up no entry of others"
                C10 c10_held_commit_keeps_the_order_of_revisions
                "a transaction that began before a customer's last change and then makes the next one \
                 stands after it"
                C10 c10_reader_misses_nothing_of_held_commits
                "whoever follows a feed while many commits overlap gets everything once and in order"
            }
        }
    };
    (dropping [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            commits {
                C14 c14_dropped_commit_leaves_all_or_nothing
                "a commit that was dropped half-way left all of it or nothing"
                C14 c14_dropped_commit_of_two_leaves_all_or_nothing
                "a commit of two customers that was dropped half-way left both or neither"
                C14 c14_dropped_claim_is_taken_or_free
                "a commit that was dropped half-way gave up and took all of its claims or none"
                C14 c14_dropped_command_can_be_sent_again
                "a command that was dropped half-way and is sent again at once is carried out once"
                C14 c14_store_goes_on_after_dropped_commits
                "a store goes on after more dropped commits than it has connections"
            }
            reads {
                C14 c14_store_goes_on_after_dropped_reads
                "a store goes on after more dropped reads than it has connections"
            }
        }
    };
    (dropping_bulk [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            many {
                C14 c14_dropped_commits_leave_all_or_none
                "a call of many commits that was dropped half-way left all of them or none"
                C14 c14_dropped_commits_can_be_sent_again
                "many commits that were dropped half-way and are sent again at once are carried out once"
                C14 c14_store_goes_on_after_dropped_bulk_calls
                "a store goes on after more dropped calls for many than it has connections"
            }
        }
    };
    (reopening [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            durability {
                C6 c6_reopened_store_gives_the_same
                "customers, journals, claims and receipts are there when the store is opened again"
                C6 c6_reopened_store_goes_on
                "a store that was opened again answers the next commits as if it had never been closed"
                C6 c6_every_commit_survives_by_itself
                "each commit that returned is there when the store is opened again"
                C6 c6_command_decided_anew_survives
                "a command decided anew after a conflict gives its receipt when the store is opened again"
            }
        }
    };
    (reopening_agenda [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            durability {
                C6 c6_reopened_store_knows_who_is_due
                "the agenda is the same when the store is opened again"
            }
        }
    };
    (reopening_archive [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            durability {
                C6 c6_rulebooks_and_calibrations_survive
                "rulebooks and calibrations are there when the store is opened again"
            }
        }
    };
    (reopening_bulk [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            durability {
                C6 c6_many_commits_survive
                "what came with many others is there when the store is opened again"
            }
        }
    };
    (reopening_erase [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            durability {
                C6 c6_what_was_forgotten_stays_forgotten
                "what was forgotten is so when the store is opened again, and nothing else is"
            }
        }
    };
}

#[doc(hidden)]
pub use __conformance_group as __group;
