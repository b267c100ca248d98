//! Every check once: the functions of the groups and the tests of a host are both made from this list,
//! so neither can lack one.

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
    (reopening [$($then:tt)+] $($with:tt)*) => {
        $($then)+! { $($with)*
            durability {
                C6 c6_reopened_store_gives_the_same
                "customers, journals, claims and receipts are there when the store is opened again"
                C6 c6_reopened_store_goes_on
                "a store that was opened again answers the next commits as if it had never been closed"
                C6 c6_every_commit_survives_by_itself
                "each commit that returned is there when the store is opened again"
            }
        }
    };
}

/// The public functions of a group. `$on` hands a check what it works with.
macro_rules! group {
    (
        ($harness:ident: $bound:path) ($on:ident)
        $($module:ident { $($clause:ident $id:ident $promise:literal)+ })+
    ) => {
        $($(
            #[doc = concat!("**", stringify!($clause), "**: ", $promise, ".")]
            ///
            /// The [kit](crate::store::conformance) has an example.
            #[must_use]
            pub fn $id<$harness: $bound>() -> Check<$harness> {
                Check::new(stringify!($id), Clause::$clause, $promise, |subject| {
                    $on(subject, $module::$id)
                })
            }
        )+)+

        /// Every check of the group.
        ///
        /// The [kit](crate::store::conformance) has an example.
        #[must_use]
        pub fn all<$harness: $bound>() -> Vec<Check<$harness>> {
            vec![$($($id()),+),+]
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    (harness: $harness:expr, groups: [$($group:ident),+ $(,)?] $(,)?) => {
        $(
            $crate::store::conformance::__group! {
                $group [$crate::store::conformance::__each_test] ($group) ($harness)
            }
        )+
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_each_test {
    (
        ($group:ident) ($harness:expr)
        $($module:ident { $($clause:ident $id:ident $promise:literal)+ })+
    ) => {
        $($(
            #[test]
            fn $id() {
                let check = $crate::store::conformance::$group::$id();
                if let Err(violation) = check.run(&$harness) {
                    panic!("{violation}");
                }
            }
        )+)+
    };
}

#[doc(hidden)]
pub use __conformance_each_test as __each_test;
#[doc(hidden)]
pub use __conformance_group as __group;
/// One test for each check of these groups, named after it.
///
/// `harness` is an expression that makes the harness, anew for each test. `groups` names what the
/// store can do: `customers` is for every store, `bulk` for one that is [`Bulk`](crate::store::Bulk),
/// `archive` for one that is an [`Archive`](crate::store::Archive),
/// `reopening` for one that outlives its process ([`Reopen`](super::Reopen)). A group that asks for
/// more than the store has does not compile.
///
/// The [kit](crate::store::conformance) has an example.
#[doc(inline)]
pub use __conformance_tests as tests;
pub(super) use group;
