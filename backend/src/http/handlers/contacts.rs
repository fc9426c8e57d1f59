//! People the business talks to.

use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

use super::conversations::{self, ConversationView};
use crate::domain::contact::IdentityKind;
use crate::domain::ids::ContactId;
use crate::domain::page::List;
use crate::domain::time::Ts;
use crate::http::{ApiResult, Context, Granted, Paging, Path, Query, can, listed};
use crate::storage::contacts::{self, ContactRecord, KnownIdentity};

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
    /// Since when the person wants no marketing from the business, by WhatsApp's own switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketing_stopped_at: Option<Ts>,
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

impl From<(ContactRecord, Vec<KnownIdentity>)> for ContactView {
    fn from((record, identities): (ContactRecord, Vec<KnownIdentity>)) -> Self {
        Self {
            id: record.id,
            name: record.name,
            username: record.username,
            identities: identities.into_iter().map(IdentityView::from).collect(),
            marketing_stopped_at: record.marketing_stopped_at,
            created_at: record.created_at,
            updated_at: record.updated_at,
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
    let rows = ctx.db.read(move |conn| contacts::list(conn, caller.workspace, page)).await?;
    let list = listed(rows, page, |(record, _)| record.id.0);
    Ok(web::Json(List { data: list.data.into_iter().map(ContactView::from).collect(), next_cursor: list.next_cursor }))
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
    let shown = ctx
        .db
        .read(move |conn| {
            let contact = ContactView::from(contacts::get(conn, workspace, id.0)?);
            let conversations = conversations::of_contact(conn, workspace, contact.id, now)?;
            Ok(ContactDetail { contact, conversations })
        })
        .await?;
    Ok(web::Json(shown))
}
