//! What WhatsApp tells about people: other numbers and user ids than before, and what they call themselves.

use std::collections::BTreeMap;

use diesel::sql_query;
use diesel::sql_types::{Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl};

use crate::domain::contact::{Identity, IdentityKind};
use crate::domain::ids::{ContactId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::conn::Conn;
use crate::storage::error::StorageResult;
use crate::storage::set::{self, SetWriter};
use crate::storage::types::DbTime;

/// A person has names that they did not have before, in place of others.
#[derive(Clone, Debug)]
pub struct Renaming {
    pub workspace: WorkspaceId,
    pub contact: ContactId,
    pub former: Vec<Identity>,
    pub current: Vec<Identity>,
    pub at: Ts,
}

#[derive(QueryableByName)]
struct Changed {
    #[diesel(sql_type = Text)]
    kind: IdentityKind,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = Nullable<DbTime>)]
    retired_at: Option<Ts>,
}

/// Retires former names and brings current ones back. What was learned later stands, in whatever order it comes. Returns the
/// names that changed, with the time of their end.
pub fn rename(conn: &mut Conn, renaming: &Renaming) -> StorageResult<Vec<(Identity, Option<Ts>)>> {
    let w = SetWriter::of(conn);
    let former = renaming.former.iter().map(|identity| (identity, true));
    let names = former.chain(renaming.current.iter().map(|identity| (identity, false)));
    let parameter = set::rows(names.map(|(identity, retired)| {
        set::row([
            ("workspace_id", w.id(renaming.workspace)),
            ("contact_id", w.id(renaming.contact)),
            ("kind", w.text(Some(identity.kind.as_str()))),
            ("value", w.text(Some(&identity.value))),
            ("valid_from", w.time((!retired).then_some(renaming.at))),
            ("retired_at", w.time(retired.then_some(renaming.at))),
        ])
    }));
    let sql = conn.pick(
        include_str!("../sql/sqlite/rename_identities.sql"),
        include_str!("../sql/postgres/rename_identities.sql"),
    );
    let changed: Vec<Changed> = sql_query(sql).bind::<Text, _>(parameter).load(conn)?;
    Ok(changed.into_iter().map(|row| (Identity { kind: row.kind, value: row.value }, row.retired_at)).collect())
}

/// What a person calls themselves.
#[derive(Clone, Debug)]
pub struct Introduction {
    pub contact: ContactId,
    pub name: Option<String>,
    pub username: Option<String>,
}

/// Keeps the first name that is heard of a person, and the last user name.
pub fn introduce(conn: &mut Conn, introductions: &[Introduction], now: Ts) -> StorageResult<()> {
    let w = SetWriter::of(conn);
    let told = introductions.iter().filter(|told| told.name.is_some() || told.username.is_some());
    // The last of a batch wins.
    let by_contact: BTreeMap<ContactId, &Introduction> = told.map(|told| (told.contact, told)).collect();
    if by_contact.is_empty() {
        return Ok(());
    }
    let parameter = set::rows(by_contact.into_values().map(|told| {
        set::row([
            ("id", w.id(told.contact)),
            ("name", w.text(told.name.as_deref())),
            ("username", w.text(told.username.as_deref())),
        ])
    }));
    let sql = conn.pick(
        include_str!("../sql/sqlite/introduce_contacts.sql"),
        include_str!("../sql/postgres/introduce_contacts.sql"),
    );
    sql_query(sql).bind::<Text, _>(parameter).bind::<DbTime, _>(now).execute(conn)?;
    Ok(())
}
