//! Upload, look-up, download and removal of media (direct.md §2.6).

use std::sync::Arc;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Graph, GraphError};
use super::multipart::{self, Part, plain_type};
use super::state::MESSAGING;
use super::{auth, body, media_kind, reply};
use crate::accounts::DirectAccount;
use crate::ids::now_ms;
use crate::media::{Medium, Origin};
use crate::signing;
use crate::state::World;

/// Largest upload: a document of 100 MB and the form around it.
const UPLOAD_LIMIT: usize = (100 << 20) + (64 << 10);
/// How long a download URL works, in seconds (direct.md §2.6).
const URL_SECONDS: i64 = 5 * 60;
/// Where the bytes are, as on Meta's file host.
pub(super) const BYTES_PATH: &str = "/whatsapp_business/attachments/";

/// `POST /{phone number id}/media`.
pub(super) async fn upload(
    world: web::Data<World>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    payload: web::Payload,
) -> HttpResponse {
    let (version, sender) = path.into_inner();
    let outcome = async {
        let account = auth::for_sender(&world, &request, &sender, MESSAGING)?;
        let form = body::read(payload, UPLOAD_LIMIT).await?;
        let kept = web::block({
            let world = world.clone();
            let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
            let content_type = content_type.unwrap_or_default().to_owned();
            move || keep(&world, &account, &content_type, &form)
        });
        let medium = kept.await.map_err(|_| GraphError::new(2, "The sandbox is stopping."))??;
        Ok(json!({ "id": medium.id }))
    };
    reply(&version, outcome.await)
}

fn keep(world: &World, account: &DirectAccount, content_type: &str, form: &Bytes) -> Graph<Arc<Medium>> {
    let parts = multipart::parts(content_type, form)
        .ok_or_else(|| GraphError::new(100, "The request body is not multipart/form-data."))?;
    let part = |name: &str| parts.iter().find(|part| part.name == name);
    let text = |name: &str| part(name).and_then(|part| std::str::from_utf8(&part.bytes).ok()).unwrap_or_default();
    if text("messaging_product") != "whatsapp" {
        return Err(GraphError::new(100, "The parameter messaging_product is required."));
    }
    let required = || GraphError::new(100, "The parameter file is required.");
    let file: &Part = part("file").filter(|part| part.filename.is_some()).ok_or_else(required)?;
    // `type` decides; the part's own type has to do where it is missing.
    let declared = Some(plain_type(text("type"))).filter(|mime| !mime.is_empty()).or_else(|| file.content_type.clone());
    let declared = declared.ok_or_else(|| GraphError::new(100, "The parameter type is required."))?;
    if file.bytes.is_empty() {
        return Err(GraphError::new(131_053, "The file is empty."));
    }
    media_kind::check(&declared, &file.bytes)?;
    let stored = world.media.put(
        &account.phone_number_id,
        Origin::Uploaded,
        &declared,
        file.filename.as_deref(),
        file.bytes.clone(),
    );
    stored.map_err(|error| {
        tracing::error!(%error, "simulator: a file could not be written");
        GraphError::new(131_000, "The sandbox could not keep the file.")
    })
}

/// `GET /{media}`: where the bytes can be fetched for five minutes.
pub(super) fn look_up(world: &World, request: &HttpRequest, id: &str) -> Graph<Value> {
    let medium = own(world, request, id)?;
    Ok(json!({
        "messaging_product": "whatsapp",
        "url": attachment_url(world, &medium, "getMedia"),
        "mime_type": medium.mime,
        "sha256": hex::encode(medium.sha256),
        "file_size": medium.size,
        "id": medium.id,
    }))
}

/// `DELETE /{media}`.
pub(super) async fn delete(
    world: web::Data<World>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = own(&world, &request, &id).map(|medium| json!({ "success": world.media.remove(&medium.id) }));
    reply(&version, outcome)
}

/// A file of the caller's number that is still alive.
fn own(world: &World, request: &HttpRequest, id: &str) -> Graph<Arc<Medium>> {
    let account = auth::caller(world, request, MESSAGING)?;
    let of_number = auth::query(request).remove("phone_number_id");
    let found = world.media.get(id).filter(|(owner, medium)| {
        medium.is_alive(now_ms())
            && *owner == account.phone_number_id
            && of_number.is_none_or(|number| *number == **owner)
    });
    found.map(|(_, medium)| medium).ok_or_else(|| GraphError::unknown_object(id))
}

/// A URL of the bytes that works for five minutes, together with the account's token.
pub(crate) fn attachment_url(world: &World, medium: &Medium, source: &str) -> String {
    let ext = now_ms() / 1_000 + URL_SECONDS;
    let (base, id, hash) = (&world.base_url, &medium.id, medium.proof(ext));
    format!("{base}{BYTES_PATH}?mid={id}&source={source}&ext={ext}&hash={hash}")
}

/// `GET` of an [`attachment_url`]: 401 without the account's token, 404 after its end.
pub(super) async fn bytes(world: web::Data<World>, request: HttpRequest) -> HttpResponse {
    let query = auth::query(&request);
    let now = now_ms();
    let found = query.get("mid").and_then(|id| world.media.get(id)).filter(|(_, medium)| {
        let ext = query.get("ext").and_then(|ext| ext.parse().ok()).filter(|ext| *ext > 0);
        let hash = query.get("hash").map(String::as_str).unwrap_or_default();
        medium.is_alive(now) && ext.is_some_and(|ext| medium.opens(ext, hash, now))
    });
    let Some((owner, medium)) = found else { return HttpResponse::NotFound().finish() };
    let account = world.accounts.direct(&owner);
    let allowed = account.is_some_and(|account| {
        auth::bearer(&request).is_some_and(|token| signing::same(&token, &account.access_token))
            && auth::token_fault(&world, &account).is_none()
    });
    if !allowed {
        return HttpResponse::Unauthorized().finish();
    }
    let read = web::block({
        let medium = Arc::clone(&medium);
        move || world.media.bytes(&medium)
    });
    match read.await {
        Ok(Ok(bytes)) => medium.response(bytes),
        _ => HttpResponse::NotFound().finish(),
    }
}
