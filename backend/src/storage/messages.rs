//! Messages of a workspace: insert, read, list.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::schema::messages;
use super::types::Json;
use crate::domain::class::MessageClass;
use crate::domain::content::Content;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::{AttemptId, ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::inbound::{InboundContent, MessageContext};
use crate::domain::message::Direction;
use crate::domain::page::Page;
use crate::domain::state::{HoldReason, MessageState};
use crate::domain::terms::Terms;
use crate::domain::time::Ts;

/// Rows in one INSERT: 22 columns stay below both databases' bind limits.
const CHUNK: usize = 1_000;

/// A message as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct MessageRecord {
    pub id: MessageId,
    pub workspace_id: WorkspaceId,
    pub channel_id: ChannelId,
    pub contact_id: ContactId,
    pub direction: Direction,
    pub kind: String,
    pub recipient: String,
    content: Json,
    pub state: MessageState,
    pub hold_reason: Option<HoldReason>,
    pub run_at: Ts,
    pub attempt: i32,
    pub attempt_id: Option<AttemptId>,
    pub tries: i32,
    failure: Option<Json>,
    pub provider_message_id: Option<String>,
    pub reply_to: Option<String>,
    pub reply_to_id: Option<MessageId>,
    context: Option<Json>,
    pub client_reference: Option<String>,
    pub expires_at: Option<Ts>,
    pub created_at: Ts,
    pub updated_at: Ts,
    pub accepted_at: Option<Ts>,
    pub sent_at: Option<Ts>,
    pub delivered_at: Option<Ts>,
    pub read_at: Option<Ts>,
    pub failed_at: Option<Ts>,
    /// None of an incoming one.
    pub class: Option<MessageClass>,
    terms: Option<Json>,
}

impl MessageRecord {
    /// # Errors
    /// The message is an incoming one, or was written by a newer version.
    pub fn outbound_content(&self) -> StorageResult<Content> {
        Ok(serde_json::from_value(self.content.0.clone())?)
    }

    /// # Errors
    /// The message is an outgoing one, or was written by a newer version.
    pub fn inbound_content(&self) -> StorageResult<InboundContent> {
        Ok(serde_json::from_value(self.content.0.clone())?)
    }

    /// What stands around it; empty for most.
    pub fn context(&self) -> StorageResult<MessageContext> {
        Ok(self.context.clone().map(|context| context.read()).transpose()?.unwrap_or_default())
    }

    /// Where it differs from the workspace's settings; empty for most.
    pub fn terms(&self) -> StorageResult<Terms> {
        Ok(self.terms.clone().map(|terms| terms.read()).transpose()?.unwrap_or_default())
    }

    pub fn failure(&self) -> StorageResult<Option<Failure>> {
        self.failure.clone().map(|failure| failure.read().map_err(StorageError::from)).transpose()
    }
}

/// A message about to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = messages, treat_none_as_default_value = false)]
pub struct NewMessage {
    pub id: MessageId,
    pub workspace_id: WorkspaceId,
    pub channel_id: ChannelId,
    pub contact_id: ContactId,
    pub direction: Direction,
    pub kind: String,
    pub recipient: String,
    pub content: Json,
    pub state: MessageState,
    pub run_at: Ts,
    pub attempt: i32,
    pub tries: i32,
    pub provider_message_id: Option<String>,
    pub reply_to: Option<String>,
    pub reply_to_id: Option<MessageId>,
    pub context: Option<Json>,
    pub client_reference: Option<String>,
    pub expires_at: Option<Ts>,
    pub created_at: Ts,
    pub updated_at: Ts,
    /// None of an incoming one.
    pub class: Option<MessageClass>,
    pub terms: Option<Json>,
}

/// Stores outgoing messages.
pub fn insert(conn: &mut Conn, new: &[NewMessage]) -> StorageResult<()> {
    for chunk in new.chunks(CHUNK) {
        each!(conn, c => diesel::insert_into(messages::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// One message.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: MessageId) -> StorageResult<MessageRecord> {
    Ok(messages::table
        .filter(messages::id.eq(id).and(messages::workspace_id.eq(workspace)))
        .select(MessageRecord::as_select())
        .first(conn)?)
}

/// What a list of messages is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    pub state: Option<MessageState>,
    pub direction: Option<Direction>,
    pub channel: Option<ChannelId>,
    /// Any of these: one person's.
    pub contacts: Option<Vec<ContactId>>,
    pub recipient: Option<String>,
    pub client_reference: Option<String>,
    /// Why it failed, is unknown, or waits to be sent again; `expired` also of what expired here.
    pub failure_code: Option<FailureCode>,
    pub provider_code: Option<String>,
}

/// Messages, newest first: one more than the page holds when there is a next one.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &MessageFilter,
    page: Page,
) -> StorageResult<Vec<MessageRecord>> {
    let mut query = messages::table
        .filter(messages::workspace_id.eq(workspace))
        .order(messages::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(MessageRecord::as_select())
        .into_boxed();
    if let Some(before) = page.before {
        query = query.filter(messages::id.lt(MessageId(before)));
    }
    if let Some(state) = filter.state {
        query = query.filter(messages::state.eq(state));
    }
    if let Some(direction) = filter.direction {
        query = query.filter(messages::direction.eq(direction));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(messages::channel_id.eq(channel));
    }
    if let Some(contacts) = &filter.contacts {
        query = query.filter(messages::contact_id.eq_any(contacts));
    }
    if let Some(recipient) = &filter.recipient {
        query = query.filter(messages::recipient.eq(recipient));
    }
    if let Some(reference) = &filter.client_reference {
        query = query.filter(messages::client_reference.eq(reference));
    }
    match filter.failure_code {
        Some(FailureCode::Expired) => {
            let by_provider = sql::<Bool>("failure ->> 'code' = 'expired'");
            query = query.filter(messages::state.eq(MessageState::Expired).or(by_provider));
        }
        Some(code) => {
            // What has expired ended for that reason, whatever refused it before.
            query = query.filter(messages::state.ne(MessageState::Expired));
            query = query.filter(sql::<Bool>("failure ->> 'code' = ").bind::<Text, _>(code.as_str()));
        }
        None => {}
    }
    if let Some(code) = &filter.provider_code {
        query = query.filter(sql::<Bool>("failure ->> 'provider_code' = ").bind::<Text, _>(code));
    }
    Ok(query.load(conn)?)
}

/// Messages of a channel that still wait to be sent.
pub fn waiting_on(conn: &mut Conn, workspace: WorkspaceId, channel: ChannelId) -> StorageResult<i64> {
    Ok(messages::table
        .filter(messages::workspace_id.eq(workspace).and(messages::channel_id.eq(channel)))
        .filter(messages::state.eq_any([MessageState::Queued, MessageState::Claimed, MessageState::Sending]))
        .count()
        .get_result(conn)?)
}
