//! People the business talks to.

use std::collections::HashMap;

use actix_web::web;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::conversations::{self, ConversationView};
use crate::domain::contact::IdentityKind;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ContactId, WorkspaceId};
use crate::domain::page::List;
use crate::domain::suppression::Suppression;
use crate::domain::time::Ts;
use crate::domain::time_zone::{self, TimeZone, TimeZoneSource};
use crate::error::ApiError;
use crate::http::extract::given;
use crate::http::{ApiResult, Context, Granted, JsonBody, Paging, Path, Query, can, listed};
use crate::storage::conn::Conn;
use crate::storage::contacts::{self, ContactChange, ContactRecord, KnownIdentity};
use crate::storage::{StorageError, StorageResult, events, suppressions, workspaces};

/// Longest name that is set by hand, in characters.
const LONGEST_NAME: usize = 255;

/// One name under which a provider knows a person.
#[derive(Serialize, ToSchema)]
pub struct IdentityView {
    pub kind: IdentityKind,
    pub value: String,
    /// Since when the person has another in its place; nothing is sent there any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired_at: Option<Ts>,
}

impl From<KnownIdentity> for IdentityView {
    fn from(known: KnownIdentity) -> Self {
        Self { kind: known.identity.kind, value: known.identity.value, retired_at: known.retired_at }
    }
}

/// A person.
#[derive(Serialize, ToSchema)]
pub struct ContactView {
    pub id: ContactId,
    /// As the person calls themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("Ada"))]
    pub name: Option<String>,
    /// The person's name on WhatsApp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The names under which the providers know them, and knew them.
    pub identities: Vec<IdentityView>,
    /// What the person wants no messages of; empty for most.
    pub suppressions: Vec<Suppression>,
    pub time_zone: TimeZone,
    pub time_zone_source: TimeZoneSource,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// A person and the conversations with them.
#[derive(Serialize, ToSchema)]
pub struct ContactDetail {
    #[serde(flatten)]
    pub contact: ContactView,
    /// With each of our senders to which they have written.
    pub conversations: Vec<ConversationView>,
}

/// What is shown of these people beside their own rows.
struct Around {
    suppressions: HashMap<ContactId, Vec<Suppression>>,
    time_zone: TimeZone,
}

impl Around {
    fn of(conn: &mut Conn, workspace: WorkspaceId, people: &[ContactId]) -> StorageResult<Self> {
        Ok(Self {
            suppressions: suppressions::standing(conn, people)?,
            time_zone: workspaces::delivery_settings(conn, workspace)?.time_zone,
        })
    }

    fn view(&mut self, (record, identities): (ContactRecord, Vec<KnownIdentity>)) -> ContactView {
        let current = identities.iter().filter(|known| known.retired_at.is_none());
        let numbers = current.filter(|known| known.identity.kind == IdentityKind::Phone);
        let numbers = numbers.map(|known| known.identity.value.as_str());
        let (time_zone, time_zone_source) = time_zone::of_person(record.time_zone.as_deref(), numbers, self.time_zone);
        ContactView {
            id: record.id,
            name: record.name,
            username: record.username,
            suppressions: self.suppressions.remove(&record.id).unwrap_or_default(),
            time_zone,
            time_zone_source,
            created_at: record.created_at,
            updated_at: record.updated_at,
            identities: identities.into_iter().map(IdentityView::from).collect(),
        }
    }
}

/// List contacts, newest first.
#[utoipa::path(
    get, path = "/api/v1/contacts", operation_id = "list_contacts", tag = "Contacts",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(Paging),
    responses((status = 200, body = List<ContactView>)),
)]
pub async fn list(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    paging: Query<Paging>,
) -> ApiResult<web::Json<List<ContactView>>> {
    let page = paging.0.page()?;
    let workspace = caller.workspace;
    let shown = ctx.db.read(move |conn| {
        let list = listed(contacts::list(conn, workspace, page)?, page, |(record, _)| record.id.0);
        let ids: Vec<ContactId> = list.data.iter().map(|(record, _)| record.id).collect();
        let mut around = Around::of(conn, workspace, &ids)?;
        let data = list.data.into_iter().map(|row| around.view(row)).collect();
        Ok(List { data, next_cursor: list.next_cursor })
    });
    Ok(web::Json(shown.await?))
}

/// Show a contact.
///
/// Two contacts that were found to be one person are one from then on; the id of either shows it.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact_id}", operation_id = "get_contact", tag = "Contacts",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(("contact_id" = ContactId, Path)),
    responses((status = 200, body = ContactDetail)),
)]
pub async fn show(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    id: Path<ContactId>,
) -> ApiResult<web::Json<ContactDetail>> {
    let (workspace, now) = (caller.workspace, ctx.clock.now());
    Ok(web::Json(ctx.db.read(move |conn| detail(conn, workspace, id.0, now)).await?))
}

fn detail(conn: &mut Conn, workspace: WorkspaceId, id: ContactId, now: Ts) -> StorageResult<ContactDetail> {
    let person = contacts::get(conn, workspace, id)?;
    let contact = Around::of(conn, workspace, &[person.0.id])?.view(person);
    let conversations = conversations::of_contact(conn, workspace, contact.id, now)?;
    Ok(ContactDetail { contact, conversations })
}

/// Changes what is given and leaves the rest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPatch {
    /// 1 to 255 characters; `null` forgets it until the person tells theirs again.
    #[serde(default, deserialize_with = "given")]
    #[schema(min_length = 1, max_length = 255, examples("Ada"))]
    name: Option<Option<String>>,
    /// A name of the IANA database; `null` leaves it to the person's number again.
    #[serde(default, deserialize_with = "given")]
    time_zone: Option<Option<TimeZone>>,
}

impl ContactPatch {
    fn change(self) -> ApiResult<ContactChange> {
        let is_odd =
            |name: &String| name.trim().is_empty() || name.chars().count() > LONGEST_NAME || name.contains('\0');
        if self.name.as_ref().and_then(Option::as_ref).is_some_and(is_odd) {
            return Err(ApiError::field("name", "invalid_value", "1 to 255 characters"));
        }
        let time_zone = self.time_zone.map(|zone| zone.map(|zone| zone.to_string()));
        Ok(ContactChange { name: self.name, time_zone })
    }
}

/// Change what is known of a contact.
#[utoipa::path(
    patch, path = "/api/v1/contacts/{contact_id}", operation_id = "update_contact", tag = "Contacts",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    params(("contact_id" = ContactId, Path)),
    request_body = ContactPatch,
    responses((status = 200, body = ContactDetail)),
)]
pub async fn update(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    id: Path<ContactId>,
    body: JsonBody<ContactPatch>,
) -> ApiResult<web::Json<ContactDetail>> {
    let (workspace, now) = (caller.workspace, ctx.clock.now());
    let change = body.value.change()?;
    let changed = ctx.db.write(move |conn| {
        let id = contacts::update(conn, workspace, id.0, change, now)?;
        let shown = detail(conn, workspace, id, now)?;
        let data = json!({ "contact_id": id, "reason": "edited" });
        events::append(conn, vec![(workspace, NewEvent { data, ..NewEvent::new(EventKind::ContactUpdated, now) })])?;
        Ok::<_, StorageError>(shown)
    });
    let shown = changed.await?;
    ctx.live.notify(workspace);
    Ok(web::Json(shown))
}
