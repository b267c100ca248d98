//! Commits: one statement with all that is written.

use sqlx::{PgExecutor, Row};

use super::fault::{PostgresFault, failed, is_guard};
use super::gather::Gathered;
use super::statements;
use super::tables::{Parameters, Tables};
use crate::id::{CustomerId, TenantId};
use crate::profile::ExternalKey;
use crate::store::StoreError;
use crate::store::sql::{IndexColumns, count, document_text, is_personal};

/// Carries out everything gathered: all of it, or nothing because a guard does not hold. Within a
/// transaction the caller needs a savepoint: a guard may fail the statement.
pub(super) async fn carry_out<'e>(
    executor: impl PgExecutor<'e>,
    tables: &Tables,
    tenant: TenantId,
    gathered: &Gathered<'_>,
) -> Result<bool, StoreError> {
    let text = tables.composed(&steps(gathered));
    // Arrays of any length deserve a plan of their own, and tables that were small yesterday, too.
    let query = parameters(tenant, gathered)?.of(text).persistent(gathered.is_single());
    match query.fetch_one(executor).await {
        Ok(row) => {
            let done: i64 = row.try_get(0).map_err(failed)?;
            Ok(done > 0)
        }
        Err(error) if is_guard(&error) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

/// The steps that there is something to do for.
fn steps(gathered: &Gathered<'_>) -> Vec<&'static str> {
    let first = match gathered.customers.as_slice() {
        [only] if only.expected.is_none() => statements::CREATE,
        [_] => statements::CHANGE,
        _ => statements::CREATE_AND_CHANGE,
    };
    let enter = match gathered.is_single() {
        true => statements::ENTER_ONE,
        false => statements::ENTER,
    };
    let mut steps = vec![first, enter];
    let puts = |personal| gathered.put.iter().any(|(_, part)| is_personal(part.name) == personal);
    let removes =
        |personal| gathered.removed.iter().any(|(_, name)| is_personal(*name) == personal);
    let mut push_if = |wanted: bool, step| {
        if wanted {
            steps.push(step);
        }
    };
    push_if(puts(false), statements::PUT_PARTS);
    push_if(puts(true), statements::PUT_PERSONAL_PARTS);
    push_if(removes(false), statements::REMOVE_PARTS);
    push_if(removes(true), statements::REMOVE_PERSONAL_PARTS);
    push_if(!gathered.released.is_empty(), statements::RELEASE_CLAIMS);
    match (gathered.taken.is_empty(), gathered.passed.is_empty()) {
        (true, true) => steps.push(statements::ALL_OR_NONE),
        (false, true) => {
            steps.extend([statements::TAKE_CLAIMS, statements::ALL_OR_NONE_WITH_CLAIMS]);
        }
        (_, false) => steps.extend([
            statements::PASS_CLAIMS,
            statements::TAKE_CLAIMS_NOT_PASSED,
            statements::ALL_OR_NONE_WITH_PASSED_CLAIMS,
        ]),
    }
    steps
}

/// The parameters of all steps, in the places that each expects them at; also of those left out, so that the
/// places stay.
fn parameters(tenant: TenantId, gathered: &Gathered<'_>) -> Result<Parameters, StoreError> {
    let mut parameters = Parameters::default();
    parameters.add(tenant.uuid())?;
    customers(&mut parameters, gathered)?;
    entries(&mut parameters, gathered)?;
    for personal in [false, true] {
        put(&mut parameters, gathered, personal)?;
    }
    for personal in [false, true] {
        let removed = || gathered.removed.iter().filter(|(_, name)| is_personal(*name) == personal);
        parameters.list(removed().map(|(id, _)| *id).map(CustomerId::uuid))?;
        parameters.list(removed().map(|(_, name)| name.to_string()))?;
    }
    claims(&mut parameters, &gathered.released)?;
    let passed = &gathered.passed;
    parameters.list(passed.iter().map(|(from, _, _)| *from).map(CustomerId::uuid))?;
    parameters.list(passed.iter().map(|(_, to, _)| *to).map(CustomerId::uuid))?;
    keys(&mut parameters, passed.iter().map(|(_, _, key)| *key))?;
    claims(&mut parameters, &gathered.taken)?;
    for number in [gathered.customers.len(), gathered.claims_wanted] {
        parameters.add(i64::try_from(number).unwrap_or(i64::MAX))?;
    }
    Ok(parameters)
}

fn customers(parameters: &mut Parameters, gathered: &Gathered<'_>) -> Result<(), StoreError> {
    if let [only] = gathered.customers.as_slice() {
        let index = IndexColumns::from(only.index);
        parameters.add(only.id.uuid())?.add(only.expected.map(count))?;
        parameters.add(count(only.revision))?.add(index.stage)?;
        parameters.add(index.tier)?.add(index.risk)?.add(index.reviewed_at)?;
        parameters.add(index.wake_at)?.add(index.policy)?.add(index.in_force_from)?;
        return Ok(());
    }
    let customers = || gathered.customers.iter();
    let indexes = || customers().map(|customer| IndexColumns::from(customer.index));
    parameters.list(customers().map(|customer| customer.id).map(CustomerId::uuid))?;
    parameters.list(customers().map(|customer| customer.expected.map(count)))?;
    parameters.list(customers().map(|customer| count(customer.revision)))?;
    parameters.list(indexes().map(|index| index.stage))?;
    parameters.list(indexes().map(|index| index.tier))?;
    parameters.list(indexes().map(|index| index.risk))?;
    parameters.list(indexes().map(|index| index.reviewed_at))?;
    parameters.list(indexes().map(|index| index.wake_at))?;
    parameters.list(indexes().map(|index| index.policy))?;
    parameters.list(indexes().map(|index| index.in_force_from))?;
    Ok(())
}

fn entries(parameters: &mut Parameters, gathered: &Gathered<'_>) -> Result<(), StoreError> {
    if let ([only], true) = (gathered.entries.as_slice(), gathered.is_single()) {
        let (entry, commit) = (&only.change.entry, only.commit);
        parameters.add(only.change.id.uuid())?.add(count(entry.revision))?;
        parameters.add(entry.recorded_at.as_micros())?.add(i64::from(entry.schema))?;
        parameters.add(document_text(&entry.document)?)?.add(commit.command_id().uuid())?;
        parameters.add(only.ordinal)?.add(&commit.fingerprint().as_bytes()[..])?;
        parameters.add(only.change.personal)?;
        return Ok(());
    }
    let entries = || gathered.entries.iter();
    let stored = || entries().map(|entered| &entered.change.entry);
    let documents = stored().map(|entry| document_text(&entry.document));
    let fingerprints = entries().map(|entered| entered.commit.fingerprint());
    parameters.list(entries().map(|entered| entered.change.id.uuid()))?;
    parameters.list(stored().map(|entry| count(entry.revision)))?;
    parameters.list(stored().map(|entry| entry.recorded_at.as_micros()))?;
    parameters.list(stored().map(|entry| i64::from(entry.schema)))?;
    parameters.list(documents.collect::<Result<Vec<_>, _>>()?)?;
    parameters.list(entries().map(|entered| entered.commit.command_id().uuid()))?;
    parameters.list(entries().map(|entered| entered.ordinal))?;
    parameters.list(fingerprints.map(|it| it.as_bytes().to_vec()))?;
    parameters.list(entries().map(|entered| entered.change.personal))?;
    Ok(())
}

fn put(
    parameters: &mut Parameters,
    gathered: &Gathered<'_>,
    personal: bool,
) -> Result<(), StoreError> {
    let put = || gathered.put.iter().filter(|(_, part)| is_personal(part.name) == personal);
    let documents = put().map(|(_, part)| document_text(&part.document));
    parameters.list(put().map(|(id, _)| *id).map(CustomerId::uuid))?;
    parameters.list(put().map(|(_, part)| part.name.to_string()))?;
    parameters.list(put().map(|(_, part)| i64::from(part.schema)))?;
    parameters.list(documents.collect::<Result<Vec<_>, _>>()?)?;
    Ok(())
}

fn claims(
    parameters: &mut Parameters,
    claims: &[(CustomerId, &ExternalKey)],
) -> Result<(), StoreError> {
    parameters.list(claims.iter().map(|(id, _)| *id).map(CustomerId::uuid))?;
    keys(parameters, claims.iter().map(|(_, key)| *key))
}

pub(super) fn keys<'a>(
    parameters: &mut Parameters,
    keys: impl Iterator<Item = &'a ExternalKey> + Clone,
) -> Result<(), StoreError> {
    parameters.list(keys.clone().map(ExternalKey::system))?;
    parameters.list(keys.map(ExternalKey::key))?;
    Ok(())
}

/// How often a commit is tried whose guard did not hold, when nothing is found that stands in its way:
/// somebody was there and has gone again.
pub(super) const ATTEMPTS_MAX: usize = 16;

/// What is left when nothing was ever found.
pub(super) fn contradiction() -> StoreError {
    PostgresFault::Contradiction.into()
}
