//! People the business talks to.

use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::contact::Identity;
use crate::domain::ids::ContactId;
use crate::domain::page::List;
use crate::domain::time::Ts;
use crate::http::{ApiResult, Context, Granted, Paging, Path, Query, can, listed};
use crate::storage::contacts::{self, ContactRecord};

/// A person.
#[derive(Serialize, ToSchema)]
pub struct ContactView {
    pub id: ContactId,
    /// As the person calls themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("Ada"))]
    pub name: Option<String>,
    /// The names under which the providers know them.
    pub identities: Vec<Identity>,
    /// Since when the person wants no marketing from the business, by WhatsApp's own switch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marketing_stopped_at: Option<Ts>,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl From<(ContactRecord, Vec<Identity>)> for ContactView {
    fn from((record, identities): (ContactRecord, Vec<Identity>)) -> Self {
        Self {
            id: record.id,
            name: record.name,
            identities,
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
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact_id}", operation_id = "get_contact", tag = "Contacts",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(("contact_id" = ContactId, Path)),
    responses((status = 200, body = ContactView)),
)]
pub async fn show(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    id: Path<ContactId>,
) -> ApiResult<web::Json<ContactView>> {
    Ok(web::Json(ctx.db.read(move |conn| contacts::get(conn, caller.workspace, id.0)).await?.into()))
}
