//! Verification names what does not fit together, and nothing else.

use guanxi::churn::RiskBand;
use guanxi::crm::{CrmError, Flaw};
use guanxi::customer::{Part, PartName};
use guanxi::profile::{ExternalKey, Party, Person, ProfileCommand};
use guanxi::rulebook::RulebookRef;
use guanxi::store::{
    Accepted, Agenda, Commit, CommitError, CustomerStore, Inspect, Inspection, MemoryStore,
    PageSize, Receipt, Scan, StoreError, StoreErrorKind, Stored, StoredEntry, Waking,
};
use guanxi::tier::Tier;
use guanxi::{
    Actor, Command, CommandId, Context, Crm, CustomerId, Rulebook, Stage, TenantId, Timestamp,
};
use pollster::block_on;

use super::run::books;
use super::stories::{noon, order, short};

/// What a store gives back otherwise than it was given, for the customer `a`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tampering {
    Nothing,
    PartLost,
    PartNewer,
    OldPart,
    EntryLost,
    LastEntryLost,
    EntryTwice,
    FirstPageAlways,
    EntryMalformed,
    EntryRelabelled,
    ReceiptLost,
    ReceiptOfAnother,
    StageColumn,
    TierColumn,
    RiskColumn,
    ReviewedColumn,
    WakeColumn,
    RulebookColumn,
    ColumnsLost,
    ClaimTooMany,
    ClaimLost,
    HolderAnother,
    AgendaLost,
    AgendaMoved,
    AgendaGhost,
    AgendaSwapped,
    ChangesMeanwhile,
    ProfileReappears,
    ScanRepeats,
}

struct Tampered<'a> {
    store: &'a MemoryStore,
    with: Tampering,
    /// The lifecycle of `a` as it was after its first entry.
    first: &'a Part,
}

fn shop() -> TenantId {
    TenantId::derive("shop")
}

fn customer(key: &str) -> CustomerId {
    CustomerId::derive(shop(), key)
}

fn key(name: &str) -> ExternalKey {
    ExternalKey::new("web", name).unwrap()
}

impl Tampered<'_> {
    fn stored(&self, id: CustomerId, mut stored: Stored) -> Stored {
        if id != customer("a") {
            return stored;
        }
        let is_lifecycle = |part: &Part| part.name == PartName::Lifecycle;
        match self.with {
            Tampering::PartLost => stored.parts.retain(|part| !is_lifecycle(part)),
            Tampering::PartNewer => stored.parts.iter_mut().for_each(|part| part.schema += 1),
            Tampering::ProfileReappears => stored.parts.push(profile()),
            Tampering::OldPart => {
                stored.parts.retain(|part| !is_lifecycle(part));
                stored.parts.push(self.first.clone());
            }
            _ => {}
        }
        stored
    }
}

impl CustomerStore for Tampered<'_> {
    async fn load(&self, tenant: TenantId, id: CustomerId) -> Result<Option<Stored>, StoreError> {
        let stored = self.store.load(tenant, id).await?;
        Ok(stored.map(|stored| self.stored(id, stored)))
    }

    async fn commit(&self, tenant: TenantId, commit: Commit) -> Result<Receipt, CommitError> {
        self.store.commit(tenant, commit).await
    }

    async fn history(
        &self,
        tenant: TenantId,
        id: CustomerId,
        after: u64,
        size: PageSize,
    ) -> Result<Vec<StoredEntry>, StoreError> {
        let after = if self.with == Tampering::FirstPageAlways { 0 } else { after };
        let mut page = self.store.history(tenant, id, after, size).await?;
        if id == customer("a") && self.with == Tampering::LastEntryLost {
            page.retain(|entry| entry.revision < 3);
        }
        if id != customer("a") || after > 0 {
            return Ok(page);
        }
        match self.with {
            Tampering::EntryLost => drop(page.remove(1)),
            Tampering::EntryTwice => page.insert(1, page[1].clone()),
            Tampering::EntryMalformed => page[1].document.truncate(9),
            Tampering::EntryRelabelled => page[1].recorded_at = Timestamp::UNIX_EPOCH,
            _ => {}
        }
        Ok(page)
    }

    async fn receipt(
        &self,
        tenant: TenantId,
        command_id: CommandId,
    ) -> Result<Option<Accepted>, StoreError> {
        let accepted = self.store.receipt(tenant, command_id).await?;
        let is_it = command_id == command("a", 1);
        Ok(match self.with {
            Tampering::ReceiptLost if is_it => None,
            Tampering::ReceiptOfAnother if is_it => accepted.map(|accepted| Accepted {
                receipt: Receipt::new(command_id, vec![(customer("b"), 1)]),
                ..accepted
            }),
            _ => accepted,
        })
    }

    async fn holder(
        &self,
        tenant: TenantId,
        claim: &ExternalKey,
    ) -> Result<Option<CustomerId>, StoreError> {
        match self.with {
            Tampering::HolderAnother if *claim == key("a") => Ok(Some(customer("b"))),
            _ => self.store.holder(tenant, claim).await,
        }
    }
}

impl Scan for Tampered<'_> {
    async fn scan(
        &self,
        tenant: TenantId,
        after: Option<CustomerId>,
        size: PageSize,
    ) -> Result<Vec<(CustomerId, Stored)>, StoreError> {
        let after = if self.with == Tampering::ScanRepeats { None } else { after };
        self.store.scan(tenant, after, size).await
    }
}

impl Inspect for Tampered<'_> {
    async fn inspect(
        &self,
        tenant: TenantId,
        id: CustomerId,
    ) -> Result<Option<Inspection>, StoreError> {
        if self.with == Tampering::ChangesMeanwhile {
            let crm = Crm::new(self.store, shop(), books(&short()));
            let context = Context::new(noon("01-05"), Actor::System, command("meanwhile", 0));
            // Done once, because it is the same command each time.
            crm.execute(customer("a"), &order(noon("01-05")), &context).await.unwrap();
        }
        let Some(mut found) = self.store.inspect(tenant, id).await? else { return Ok(None) };
        if id != customer("a") {
            return Ok(Some(found));
        }
        match self.with {
            Tampering::StageColumn => found.index.stage = Stage::Ended,
            Tampering::TierColumn => found.index.tier = Some(Tier::A),
            Tampering::RiskColumn => found.index.risk = Some(RiskBand::Low),
            Tampering::ReviewedColumn => found.index.reviewed_at = Some(noon("01-03")),
            Tampering::WakeColumn => found.index.wake_at = None,
            Tampering::RulebookColumn => found.index.rulebook = None,
            Tampering::ColumnsLost => return Ok(None),
            Tampering::ClaimTooMany => found.claims.push(key("b")),
            Tampering::ClaimLost => found.claims.clear(),
            _ => {}
        }
        Ok(Some(found))
    }
}

impl Agenda for Tampered<'_> {
    async fn due(
        &self,
        tenant: TenantId,
        until: Timestamp,
        judged_by: RulebookRef,
        after: Option<Waking>,
        size: PageSize,
    ) -> Result<Vec<Waking>, StoreError> {
        let mut page = self.store.due(tenant, until, judged_by, after, size).await?;
        let is_it = |waking: &Waking| waking.id == customer("a");
        match self.with {
            Tampering::AgendaLost => page.retain(|waking| !is_it(waking)),
            Tampering::AgendaMoved => {
                page.iter_mut().filter(|waking| is_it(waking)).for_each(|waking| {
                    waking.wake_at = waking.wake_at.previous();
                });
            }
            Tampering::AgendaSwapped if after.is_none() => page.reverse(),
            Tampering::AgendaGhost if after.is_none() => {
                page.push(Waking { wake_at: Timestamp::MAX, id: customer("a") });
            }
            _ => {}
        }
        Ok(page)
    }
}

/// Some profile, as stored.
fn profile() -> Part {
    let mut profile = guanxi::Customer::unknown(customer("d"));
    let context = Context::new(noon("01-01"), Actor::System, command("d", 0));
    let person = Party::Person(Person::new("D").unwrap());
    let identify = ProfileCommand::Identify(person).into();
    let _ = profile.decide(&identify, &context, &books(&short())).unwrap();
    let is_profile = |part: &Part| part.name == PartName::Profile;
    profile.to_parts().into_iter().find(is_profile).unwrap()
}

fn command(of: &str, nth: u32) -> CommandId {
    CommandId::derive("verify", &format!("{of} {nth}"))
}

/// Two customers of three entries and one claim each, one of whom only the profile is known, and the
/// first lifecycle of `a`.
fn base() -> (MemoryStore, Part) {
    let store = MemoryStore::default();
    let crm = Crm::new(&store, shop(), books(&short()));
    let link = |name: &str| Command::from(ProfileCommand::LinkKey(key(name)));
    let (first, second, third) = (noon("01-01"), noon("01-02"), noon("01-03"));
    let execute = |of: &str, nth: u32, asked: Command, day: Timestamp| {
        let context = Context::new(day, Actor::System, command(of, nth));
        block_on(crm.execute(customer(of), &asked, &context)).unwrap();
    };
    execute("a", 0, order(first), first);
    let parts = block_on(store.load(shop(), customer("a"))).unwrap().unwrap().parts;
    let is_lifecycle = |part: &Part| part.name == PartName::Lifecycle;
    let lifecycle = parts.into_iter().find(is_lifecycle).unwrap();
    execute("a", 1, link("a"), second);
    execute("a", 2, order(third), third);
    execute("b", 0, order(first), first);
    execute("b", 1, link("b"), second);
    execute("c", 0, link("c"), second);
    (store, lifecycle)
}

#[test]
fn each_flaw_is_found_and_named() {
    let (store, first) = base();
    let a = customer("a");
    let found = |with: Tampering| {
        let tampered = Tampered { store: &store, with, first: &first };
        let crm = Crm::new(tampered, shop(), books(&short()));
        let verification = block_on(crm.verify()).unwrap();
        assert_eq!(verification.customers, 3);
        assert_eq!(verification.is_sound(), with == Tampering::Nothing, "{with:?}");
        assert!(verification.flaws.iter().all(|(id, _)| *id == a), "{with:?}");
        let flaws = verification.flaws.into_iter().map(|(_, flaw)| flaw);
        flaws.collect::<Vec<_>>()
    };
    macro_rules! flaws {
        ($with:ident, $($flaw:pat),*) => {
            let flaws = found(Tampering::$with);
            assert!(matches!(flaws.as_slice(), [$($flaw),*]), "{}: {flaws:?}", stringify!($with));
        };
    }
    flaws!(Nothing,);
    flaws!(PartLost, Flaw::Parts(_), Flaw::OnAgenda { .. });
    flaws!(PartNewer, Flaw::Parts(_), Flaw::OnAgenda { .. });
    flaws!(OldPart, Flaw::Columns { .. }, Flaw::State, ..);
    flaws!(EntryLost, Flaw::Gap { expected: 2, found: 3 });
    flaws!(LastEntryLost, Flaw::Revision { stored: 3, journalled: 2 });
    flaws!(EntryTwice, Flaw::Gap { expected: 3, found: 2 }, Flaw::Revision { .. });
    flaws!(EntryMalformed, Flaw::Entry { revision: 2, .. });
    flaws!(EntryRelabelled, Flaw::Envelope { revision: 2 });
    flaws!(ReceiptLost, Flaw::Command { .. });
    flaws!(ReceiptOfAnother, Flaw::Command { .. });
    flaws!(StageColumn, Flaw::Columns { stored: Some(_), .. });
    flaws!(TierColumn, Flaw::Columns { stored: Some(_), .. });
    flaws!(RiskColumn, Flaw::Columns { stored: Some(_), .. });
    flaws!(ReviewedColumn, Flaw::Columns { stored: Some(_), .. });
    flaws!(WakeColumn, Flaw::Columns { stored: Some(_), .. });
    flaws!(RulebookColumn, Flaw::Columns { stored: Some(_), .. });
    flaws!(ColumnsLost, Flaw::Columns { stored: None, .. }, Flaw::Claims { held: 0, keys: 1 });
    flaws!(ClaimTooMany, Flaw::Claims { held: 2, keys: 1 });
    flaws!(ClaimLost, Flaw::Claims { held: 0, keys: 1 });
    flaws!(HolderAnother, Flaw::Claim);
    flaws!(AgendaLost, Flaw::NotOnAgenda { .. });
    flaws!(AgendaMoved, Flaw::OnAgenda { .. }, Flaw::OnAgenda { .. }, Flaw::NotOnAgenda { .. });
    flaws!(AgendaGhost, Flaw::OnAgenda { wake_at: Timestamp::MAX });
}

#[test]
fn an_erased_profile_that_is_back_is_found() {
    let (store, first) = base();
    let crm = Crm::new(&store, shop(), books(&short()));
    let context = Context::new(noon("01-06"), Actor::System, command("erase", 0));
    block_on(crm.erase(customer("a"), &context)).unwrap();
    assert!(block_on(crm.verify()).unwrap().is_sound());
    let tampered = Tampered { store: &store, with: Tampering::ProfileReappears, first: &first };
    let crm = Crm::new(tampered, shop(), books(&short()));
    let flaws = block_on(crm.verify_customer(customer("a"))).unwrap();
    assert!(matches!(flaws.as_slice(), [Flaw::Profile]), "{flaws:?}");
}

/// A handle that has not heard of a rulebook says that, and takes nothing for a flaw of the store.
#[test]
fn a_rulebook_that_is_not_in_use_is_named() {
    let (store, _) = base();
    let mut policy = short();
    policy.future_tolerance_seconds = 7;
    let next = Rulebook::new(policy, noon("01-04")).unwrap();
    let newer = books(&short()).with_next(next).unwrap();
    let crm = Crm::new(&store, shop(), newer);
    let now = Context::new(noon("01-05"), Actor::System, command("run", 0));
    assert_eq!(block_on(crm.run_due(now.now, None, PageSize::MAX, &now)).unwrap().changed, 2);
    assert!(block_on(crm.verify()).unwrap().is_sound());
    let stale = Crm::new(&store, shop(), books(&short()));
    let flaws = block_on(stale.verify()).unwrap().flaws;
    assert!(
        matches!(flaws.as_slice(), [(_, Flaw::UnknownRulebook), (_, Flaw::UnknownRulebook)]),
        "{flaws:?}"
    );
}

#[test]
fn a_scan_without_an_end_is_left() {
    let (store, first) = base();
    let tampered = Tampered { store: &store, with: Tampering::ScanRepeats, first: &first };
    let crm = Crm::new(tampered, shop(), books(&short()));
    let verification = block_on(crm.verify()).unwrap();
    assert_eq!(verification.customers, 3);
    assert!(matches!(verification.flaws.as_slice(), [(_, Flaw::Scan)]), "{verification:?}");
}

#[test]
fn a_base_is_not_measured_by_a_scan_that_repeats() {
    let (store, first) = base();
    let measured = |with: Tampering| {
        let tampered = Tampered { store: &store, with, first: &first };
        block_on(Crm::new(tampered, shop(), books(&short())).calibrate(noon("01-04")))
    };
    assert_eq!(measured(Tampering::Nothing).unwrap().customers(), 3);
    let refused = measured(Tampering::ScanRepeats);
    assert!(
        matches!(&refused, Err(CrmError::Store(error)) if error.kind() == StoreErrorKind::Document),
        "{refused:?}"
    );
}

/// Whoever stands on the agenda behind somebody due later is found.
#[test]
fn an_agenda_out_of_order_is_found() {
    let (store, first) = base();
    let tampered = Tampered { store: &store, with: Tampering::AgendaSwapped, first: &first };
    let crm = Crm::new(tampered, shop(), books(&short()));
    let flaws = block_on(crm.verify()).unwrap().flaws;
    assert!(matches!(flaws.as_slice(), [(_, Flaw::OnAgenda { .. })]), "{flaws:?}");
}

#[test]
fn a_customer_that_changes_meanwhile_is_looked_at_again() {
    let (store, first) = base();
    let tampered = Tampered { store: &store, with: Tampering::ChangesMeanwhile, first: &first };
    let crm = Crm::new(tampered, shop(), books(&short()));
    let flaws = block_on(crm.verify_customer(customer("a"))).unwrap();
    assert!(flaws.is_empty(), "{flaws:?}");
    assert_eq!(block_on(crm.history(customer("a"))).unwrap().len(), 4);
}

/// A store that goes back to the beginning does not keep a verification busy for ever.
#[test]
fn a_journal_without_an_end_is_left() {
    let (store, first) = base();
    let tampered = Tampered { store: &store, with: Tampering::FirstPageAlways, first: &first };
    let crm = Crm::new(tampered, shop(), books(&short()));
    let flaws = block_on(crm.verify_customer(customer("b"))).unwrap();
    assert!(matches!(flaws.as_slice(), [Flaw::Gap { expected: 3, found: 1 }]), "{flaws:?}");
}
