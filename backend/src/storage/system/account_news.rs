//! What providers have said of accounts: each thing is heard once, and never after what was said later.

use diesel::prelude::*;

use crate::domain::ids::ChannelId;
use crate::domain::time::Ts;
use crate::storage::conn::{Conn, each};
use crate::storage::error::StorageResult;
use crate::storage::schema::account_news;

/// One thing that was said of a channel's account.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = account_news, treat_none_as_default_value = false)]
pub struct Said {
    pub channel_id: ChannelId,
    /// The same for every delivery of it.
    pub fingerprint: Vec<u8>,
    /// What it is about, where what is said later replaces what was said before.
    pub topic: Option<String>,
    /// When the provider said it.
    pub told_at: Ts,
    pub received_at: Ts,
}

/// Whether this is news: not heard before, and nothing later known of its topic.
pub fn is_news(conn: &mut Conn, said: &Said) -> StorageResult<bool> {
    let heard = each!(conn, c => diesel::insert_into(account_news::table)
        .values(said.clone())
        .on_conflict_do_nothing()
        .execute(c))?;
    if heard == 0 {
        return Ok(false);
    }
    let Some(topic) = &said.topic else { return Ok(true) };
    let later: Option<Ts> = account_news::table
        .filter(account_news::channel_id.eq(said.channel_id).and(account_news::topic.eq(topic)))
        .filter(account_news::told_at.gt(said.told_at))
        .select(account_news::told_at)
        .first(conn)
        .optional()?;
    Ok(later.is_none())
}

/// Forgets what was heard for a channel.
pub fn forget(conn: &mut Conn, channel: ChannelId) -> StorageResult<()> {
    diesel::delete(account_news::table.filter(account_news::channel_id.eq(channel))).execute(conn)?;
    Ok(())
}

/// Forgets what was heard before a time; one batch. Returns how much.
pub fn purge(conn: &mut Conn, before: Ts, batch: i64) -> StorageResult<usize> {
    let old: Vec<(ChannelId, Vec<u8>)> = account_news::table
        .filter(account_news::received_at.lt(before))
        .select((account_news::channel_id, account_news::fingerprint))
        .limit(batch)
        .load(conn)?;
    let fingerprints: Vec<Vec<u8>> = old.iter().map(|(_, fingerprint)| fingerprint.clone()).collect();
    // The same thing is as old in every channel that heard it.
    Ok(diesel::delete(
        account_news::table
            .filter(account_news::fingerprint.eq_any(fingerprints).and(account_news::received_at.lt(before))),
    )
    .execute(conn)?)
}
