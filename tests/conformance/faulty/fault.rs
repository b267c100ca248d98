//! Everything that can be wrong with the store.

/// What is wrong with the store; all else is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// No fault, though it may look like one: what fails for the moment may be asked again.
    FailsForTheMoment,
    // C1
    KeepsCustomerOfRefusedClaim,
    KeepsClaimsOfRefused,
    GivesUpClaimsOfRefused,
    KeepsOtherChangesOfConflict,
    WritesFirstChangeOnly,
    KeepsRemovedParts,
    LosesUntouchedParts,
    LoadsInTwoSteps,
    // C2
    IgnoresRevisions,
    TakesLaterRevisions,
    CreatesTheKnown,
    ChangesTheUnknown,
    ChecksClaimsBeforeRevisions,
    ChecksThenWrites,
    // C3
    SkipsRevisions,
    LosesEntries,
    // C4
    LastClaimWins,
    NamesAnyHolder,
    KeepsClaimsGivenUp,
    GivesUpOneClaim,
    SeesNoClaimGivenUpBeside,
    SeesNoClaimTakenBeside,
    RefusesOwnClaims,
    GivesUpClaimsOfOthers,
    FoldsCase,
    // C5
    ForgetsCommands,
    ChecksRevisionsBeforeReplays,
    ChecksClaimsBeforeReplays,
    ReplaysOtherContent,
    RemembersByCustomer,
    ChecksRevisionsBeforeReuse,
    RemembersRefused,
    ReceiptNamesOne,
    // C6
    LosesLastCommit,
    LosesCommands,
    // C7
    LagsOnOtherThreads,
    // C8
    SkipsBetweenPages,
    BeginsAnewAfterTheEnd,
    PagesFromTheEnd,
    // C9
    SharesCustomers,
    SharesClaims,
    SharesCommands,
    // Bulk
    BulkStopsAtRefused,
    BulkChecksAllFirst,
    BulkForgetsWhatBuildsOnWhat,
    BulkSortsQuestions,
    BulkRefusesNothing,
    BulkKnowsOneTenant,
    // C16
    GivesRulebooksBackwards,
    RefusesRulebookAgain,
    TakesEarlierRulebooks,
    KeepsRulebooksInTwoSteps,
    SharesRulebooks,
    // C17
    FindsNewestCalibration,
    KeepsCalibrationsTwice,
    OverwritesCalibrations,
    GivesCalibrationsAsKept,
    BreaksTiesAsKept,
    SharesCalibrations,
}
