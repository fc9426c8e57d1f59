//! Conversations: who wrote to which of our senders, and until when what may be answered.

use std::collections::HashMap;

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::channels::LoadedChannel;
use crate::channels::defaults::Wanted;
use crate::domain::contact::{Identity, Recipient};
use crate::domain::conversation::{Sender, Window};
use crate::domain::ids::{ChannelId, ContactId, WorkspaceId};
use crate::domain::page::{List, Page};
use crate::domain::provider::ProviderKind;
use crate::domain::time::Ts;
use crate::http::extract::page;
use crate::http::{ApiResult, Context, Granted, Query, can, listed};
use crate::storage::contacts::{self, ContactRecord, KnownIdentity};
use crate::storage::conversations::{self, ConversationFilter, ConversationRecord};
use crate::storage::{StorageResult, channels, conn::Conn, facts};

/// A sender and a person who has written to it.
#[derive(Serialize, ToSchema)]
pub struct ConversationView {
    pub channel_id: ChannelId,
    pub provider: ProviderKind,
    pub contact_id: ContactId,
    /// How to write to the person: their number, or a business-scoped user id where no number is known.
    #[schema(examples("+447700900123"))]
    pub person: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("Ada"))]
    pub name: Option<String>,
    /// The person's name on WhatsApp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    pub window: Window,
    /// Until then messages are free: the person came by an ad or a page, and was answered within a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_entry_until: Option<Ts>,
    /// When the person last wrote; absent where the window was only opened by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_inbound_at: Option<Ts>,
    /// When either side last wrote.
    pub last_message_at: Ts,
}

/// What is known of a conversation before anything is written in it.
#[derive(Serialize, ToSchema)]
pub struct ConversationWindow {
    pub channel_id: ChannelId,
    pub provider: ProviderKind,
    #[schema(examples("+447700900123"))]
    pub person: String,
    /// Absent when nobody is known under this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub window: Window,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_entry_until: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_inbound_at: Option<Ts>,
}

/// Narrows a list of conversations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConversationListQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    channel_id: Option<ChannelId>,
    contact_id: Option<ContactId>,
    /// Only those with the person who is known under this number or business-scoped user id.
    #[param(value_type = Option<String>, example = "+447700900123")]
    person: Option<Recipient>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// Names a conversation.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WindowQuery {
    /// When absent: the default channel of the workspace's provider.
    channel_id: Option<ChannelId>,
    /// Number or business-scoped user id.
    #[param(value_type = String, example = "+447700900123")]
    person: Recipient,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// List conversations, those first whose person wrote last.
#[utoipa::path(
    get, path = "/api/v1/conversations", operation_id = "list_conversations", tag = "Contacts",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(ConversationListQuery),
    responses((status = 200, body = List<ConversationView>)),
)]
pub async fn list(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    query: Query<ConversationListQuery>,
) -> ApiResult<web::Json<List<ConversationView>>> {
    let query = query.0;
    let page = page(query.cursor.as_deref(), query.limit)?;
    let (workspace, now) = (caller.workspace, ctx.clock.now());
    let (cursor, data) = ctx
        .db
        .read(move |conn| {
            let person = query.person.as_ref().map(Recipient::identity);
            let Some(filter) = filter(conn, workspace, query.channel_id, query.contact_id, person)? else {
                return Ok((None, Vec::new()));
            };
            let found = listed(conversations::list(conn, workspace, &filter, page)?, page, |one| one.position.0);
            Ok((found.next_cursor, views(conn, workspace, found.data, now)?))
        })
        .await?;
    Ok(web::Json(List { data, next_cursor: cursor }))
}

/// What the parameters ask for; `None` when they exclude each other, or nobody is known under the name.
fn filter(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: Option<ChannelId>,
    contact: Option<ContactId>,
    person: Option<Identity>,
) -> StorageResult<Option<ConversationFilter>> {
    let contact = match contact {
        None => None,
        // The id of a contact that has become part of another leads to that one.
        Some(id) => match contacts::ids_of_person(conn, workspace, id)?.last() {
            None => return Ok(None),
            survivor => survivor.copied(),
        },
    };
    let Some(person) = person else { return Ok(Some(ConversationFilter { channel, contact })) };
    let found = contacts::find(conn, workspace, &person)?;
    if found.is_none() || contact.is_some_and(|wanted| found != Some(wanted)) {
        return Ok(None);
    }
    Ok(Some(ConversationFilter { channel, contact: found }))
}

/// A contact's conversations, those first in which they wrote last.
pub(super) fn of_contact(
    conn: &mut Conn,
    workspace: WorkspaceId,
    contact: ContactId,
    now: Ts,
) -> StorageResult<Vec<ConversationView>> {
    let filter = ConversationFilter { channel: None, contact: Some(contact) };
    let records = conversations::list(conn, workspace, &filter, Page { before: None, limit: Page::MAX })?;
    views(conn, workspace, records, now)
}

fn views(
    conn: &mut Conn,
    workspace: WorkspaceId,
    records: Vec<ConversationRecord>,
    now: Ts,
) -> StorageResult<Vec<ConversationView>> {
    let ids: Vec<ContactId> = records.iter().map(|record| record.contact_id).collect();
    let people: HashMap<ContactId, (ContactRecord, Vec<KnownIdentity>)> =
        contacts::some(conn, workspace, &ids)?.into_iter().map(|person| (person.0.id, person)).collect();
    let providers = channels::providers(conn, workspace)?;
    let pairs = records.iter().map(|record| (record.channel_id, record.contact_id));
    let last = conversations::last_messages(conn, workspace, pairs)?;
    let view = |record: ConversationRecord| {
        let (contact, identities) = people.get(&record.contact_id)?;
        let last = last.get(&(record.channel_id, record.contact_id)).copied();
        Some(ConversationView {
            channel_id: record.channel_id,
            provider: *providers.get(&record.channel_id)?,
            contact_id: record.contact_id,
            person: address(identities),
            name: contact.name.clone(),
            username: contact.username.clone(),
            window: Window::known(record.window_until, now),
            free_entry_until: record.free_entry_until,
            last_inbound_at: record.last_inbound_at,
            last_message_at: last.or(record.last_inbound_at).unwrap_or(record.window_until.min(now)),
        })
    };
    Ok(records.into_iter().filter_map(view).collect())
}

/// How to write to a person: by what is still theirs, by number if there is one.
pub(super) fn address(identities: &[KnownIdentity]) -> String {
    let current = identities.iter().find(|known| known.retired_at.is_none());
    current.or(identities.first()).map(|known| known.identity.value.clone()).unwrap_or_default()
}

/// Tell whether a free-form message would reach a person now.
#[utoipa::path(
    get, path = "/api/v1/conversations/window", operation_id = "get_conversation_window", tag = "Contacts",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(WindowQuery),
    responses((status = 200, body = ConversationWindow)),
)]
pub async fn window(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    query: Query<WindowQuery>,
) -> ApiResult<web::Json<ConversationWindow>> {
    let wanted = query.0.channel_id.map_or(Wanted::Any, Wanted::Channel);
    let channel = ctx.channels.registry().choose(caller.workspace, wanted).await?;
    let (person, now) = (query.0.person, ctx.clock.now());
    let shown = ctx.db.read(move |conn| look(conn, &channel, &person, now)).await?;
    Ok(web::Json(shown))
}

fn look(conn: &mut Conn, channel: &LoadedChannel, person: &Recipient, now: Ts) -> StorageResult<ConversationWindow> {
    let contact_id = contacts::find(conn, channel.workspace, &person.identity())?;
    let (mut record, mut name) = (None, None);
    if let Some(contact) = contact_id {
        let filter = ConversationFilter { channel: Some(channel.id), contact: Some(contact) };
        record = conversations::list(conn, channel.workspace, &filter, Page { before: None, limit: 1 })?.pop();
        name = contacts::get(conn, channel.workspace, contact)?.0.name;
    }
    let heard_since = facts::heard_since(conn, &[channel.id])?.remove(&channel.id);
    let sender = Sender { environment: channel.environment, heard_since };
    Ok(ConversationWindow {
        channel_id: channel.id,
        provider: channel.provider,
        person: person.to_string(),
        contact_id,
        name,
        window: record.as_ref().map_or(Window::unheard(sender, now), |known| Window::known(known.window_until, now)),
        free_entry_until: record.as_ref().and_then(|known| known.free_entry_until),
        last_inbound_at: record.as_ref().and_then(|known| known.last_inbound_at),
    })
}
