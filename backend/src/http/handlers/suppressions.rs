//! Who wants no messages: the list, and changes by hand.

use std::collections::HashMap;

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::conversations::address;
use crate::domain::access::Principal;
use crate::domain::contact::{Identity, Recipient};
use crate::domain::event::NewEvent;
use crate::domain::ids::{ContactId, SuppressionId, WorkspaceId};
use crate::domain::page::List;
use crate::domain::suppression::{LONGEST_DETAIL, OptChange, Suppression, SuppressionScope, SuppressionSource};
use crate::domain::time::Ts;
use crate::error::{ApiError, Code};
use crate::http::extract::page;
use crate::http::{ApiResult, Context, Granted, JsonBody, Query, can, listed};
use crate::storage::conn::Conn;
use crate::storage::contacts::resolve::{Sighting, resolve};
use crate::storage::suppressions::{SuppressionFilter, SuppressionRecord};
use crate::storage::{StorageError, StorageResult, contacts, events, suppressions};

/// What was last said about a person's messages.
#[derive(Serialize, ToSchema)]
pub struct SuppressionView {
    pub id: SuppressionId,
    pub contact_id: ContactId,
    /// The person's number, or a business-scoped user id where no number is known.
    #[schema(examples("+447700900123"))]
    pub person: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("Ada"))]
    pub name: Option<String>,
    #[serde(flatten)]
    pub suppression: Suppression,
    /// When the gateway first heard something of it.
    pub created_at: Ts,
}

/// A suppression that was lifted.
#[derive(Serialize, ToSchema)]
pub struct SuppressionLifted {
    #[serde(flatten)]
    pub suppression: SuppressionView,
    /// What nobody but the person can end, and how they do it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

fn views(
    conn: &mut Conn,
    workspace: WorkspaceId,
    records: Vec<SuppressionRecord>,
) -> StorageResult<Vec<SuppressionView>> {
    let ids: Vec<ContactId> = records.iter().map(|record| record.contact_id).collect();
    let people: HashMap<ContactId, (Option<String>, String)> = contacts::some(conn, workspace, &ids)?
        .into_iter()
        .map(|(contact, identities)| (contact.id, (contact.name, address(&identities))))
        .collect();
    let view = |record: SuppressionRecord| {
        let (name, person) = people.get(&record.contact_id).cloned().unwrap_or_default();
        let suppression = record.suppression();
        let SuppressionRecord { id, contact_id, created_at, .. } = record;
        SuppressionView { id, contact_id, person, name, suppression, created_at }
    };
    Ok(records.into_iter().map(view).collect())
}

/// Narrows the list of suppressions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SuppressionListQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    scope: Option<SuppressionScope>,
    source: Option<SuppressionSource>,
    /// Only those of the person who is known under this number or business-scoped user id.
    #[param(value_type = Option<String>, example = "+447700900123")]
    person: Option<Recipient>,
    /// With those that have been lifted.
    #[serde(default)]
    include_lifted: bool,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// List those who want no messages, newest first.
#[utoipa::path(
    get, path = "/api/v1/suppressions", operation_id = "list_suppressions", tag = "Contacts",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(SuppressionListQuery),
    responses((status = 200, body = List<SuppressionView>)),
)]
pub async fn list(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    query: Query<SuppressionListQuery>,
) -> ApiResult<web::Json<List<SuppressionView>>> {
    let query = query.0;
    let page = page(query.cursor.as_deref(), query.limit)?;
    let workspace = caller.workspace;
    let shown = ctx.db.read(move |conn| {
        let contact = match &query.person {
            None => None,
            Some(person) => match contacts::find(conn, workspace, &person.identity())? {
                None => return Ok(List { data: Vec::new(), next_cursor: None }),
                found => found,
            },
        };
        let SuppressionListQuery { scope, source, include_lifted, .. } = query;
        let filter = SuppressionFilter { scope, source, contact, include_lifted };
        let found = listed(suppressions::list(conn, workspace, &filter, page)?, page, |record| record.id.0);
        Ok(List { data: views(conn, workspace, found.data)?, next_cursor: found.next_cursor })
    });
    Ok(web::Json(shown.await?))
}

/// Whom nothing is to be sent to from here on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "person": "+447700900123", "scope": "marketing", "detail": "asked by phone" })))]
pub struct NewSuppression {
    person: Recipient,
    /// `all` when absent.
    #[serde(default)]
    scope: SuppressionScope,
    /// A note of yours, at most 255 characters.
    #[schema(max_length = 255)]
    detail: Option<String>,
}

/// Whom messages are sent to again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "person": "+447700900123", "scope": "marketing" })))]
pub struct LiftSuppression {
    person: Recipient,
    /// `all` when absent; each scope is lifted by itself.
    #[serde(default)]
    scope: SuppressionScope,
    /// A note of yours, at most 255 characters.
    #[schema(max_length = 255)]
    detail: Option<String>,
}

const fn source_of(principal: &Principal) -> SuppressionSource {
    match principal {
        Principal::ApiKey(_) => SuppressionSource::Api,
        Principal::Session { .. } => SuppressionSource::Console,
    }
}

fn check_detail(detail: Option<&str>) -> ApiResult<()> {
    if detail.is_some_and(|detail| detail.chars().count() > LONGEST_DETAIL || detail.contains('\0')) {
        return Err(ApiError::field("detail", "too_long", "at most 255 characters, and none of them U+0000"));
    }
    Ok(())
}

/// Suppress messages to a person.
///
/// None of the scope reaches them from then on, by any channel: what waits in the queue fails with `recipient_opted_out`, and
/// only what is on the wire already can still arrive. Somebody who is not known yet becomes a contact.
#[utoipa::path(
    post, path = "/api/v1/suppressions", operation_id = "suppress", tag = "Contacts",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    request_body = NewSuppression,
    responses((status = 200, body = SuppressionView)),
)]
pub async fn create(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<NewSuppression>,
) -> ApiResult<web::Json<SuppressionView>> {
    let NewSuppression { person, scope, detail } = body.value;
    check_detail(detail.as_deref())?;
    let (workspace, now) = (caller.workspace, ctx.clock.now());
    let source = source_of(&caller.principal);
    let change = OptChange { scope, stops: true, source, detail, channel: None, at: now };
    let suppressed = ctx.db.write(move |conn| {
        let seen = Sighting::addressed(workspace, person.identity());
        let resolved = resolve(conn, &[seen], now)?;
        let news = resolved.merged.iter().map(|merged| merged.event(now)).collect();
        let contact = resolved.contacts.first().copied().ok_or(StorageError::NotFound)?;
        let (_, view) = carry_out(conn, (workspace, contact), change, news, now)?;
        Ok::<_, StorageError>(view)
    });
    let view = suppressed.await?;
    ctx.live.notify(workspace);
    Ok(web::Json(view))
}

/// Applies a change by hand, which always has an effect, and tells of it. Gives what stood there before, too.
fn carry_out(
    conn: &mut Conn,
    (workspace, contact): (WorkspaceId, ContactId),
    change: OptChange,
    mut news: Vec<(WorkspaceId, NewEvent)>,
    now: Ts,
) -> StorageResult<(Option<Suppression>, SuppressionView)> {
    let changed = suppressions::apply(conn, &[(workspace, contact, change)], now)?.pop();
    let changed = changed.ok_or_else(|| StorageError::Other("a decision by hand had no effect".into()))?;
    news.extend(changed.event(now));
    let view = views(conn, workspace, vec![changed.record])?.pop().ok_or(StorageError::NotFound)?;
    events::append(conn, news)?;
    Ok((changed.before, view))
}

/// Lift a suppression.
///
/// What a provider blocks itself stays blocked there until the person ends it; the answer says so.
#[utoipa::path(
    post, path = "/api/v1/suppressions/lift", operation_id = "lift_suppression", tag = "Contacts",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    request_body = LiftSuppression,
    responses((status = 200, body = SuppressionLifted)),
)]
pub async fn lift(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<LiftSuppression>,
) -> ApiResult<web::Json<SuppressionLifted>> {
    let LiftSuppression { person, scope, detail } = body.value;
    check_detail(detail.as_deref())?;
    let (workspace, now) = (caller.workspace, ctx.clock.now());
    let source = source_of(&caller.principal);
    let change = OptChange { scope, stops: false, source, detail, channel: None, at: now };
    let lifted = ctx.db.write(move |conn| {
        let Some(contact) = known(conn, workspace, &person.identity(), scope)? else { return Ok(None) };
        carry_out(conn, (workspace, contact), change, Vec::new(), now).map(Some)
    });
    let nothing = || ApiError::with_detail(Code::NotFound, "Nothing was ever said about messages to this person.");
    let (before, suppression) = lifted.await?.ok_or_else(nothing)?;
    ctx.live.notify(workspace);
    Ok(web::Json(SuppressionLifted {
        suppression,
        advice: before.as_ref().and_then(Suppression::remains).map(str::to_owned),
    }))
}

/// The person, if something is known to lift.
fn known(
    conn: &mut Conn,
    workspace: WorkspaceId,
    person: &Identity,
    scope: SuppressionScope,
) -> StorageResult<Option<ContactId>> {
    let Some(contact) = contacts::find(conn, workspace, person)? else { return Ok(None) };
    Ok(suppressions::find(conn, contact, scope)?.map(|record| record.contact_id))
}
