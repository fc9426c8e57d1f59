//! Resumable uploads: samples for template headers, and profile pictures (direct.md §2.7).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::errors::{Graph, GraphError};
use super::state::MANAGEMENT;
use super::{auth, media_kind, parameters, reply};
use crate::ids::hex_string;
use crate::media::Origin;
use crate::state::World;

/// How the ids of sessions begin.
pub(super) const PREFIX: &str = "upload:";
/// Largest file in bytes.
const FILE_LIMIT: usize = 100 << 20;
/// Types of files, with the type that counts for a misspelt one.
const TYPES: [(&str, &str); 5] = [
    ("application/pdf", "application/pdf"),
    ("image/jpeg", "image/jpeg"),
    ("image/jpg", "image/jpeg"),
    ("image/png", "image/png"),
    ("video/mp4", "video/mp4"),
];
/// Sessions remembered; beyond, all are forgotten.
const SESSION_LIMIT: usize = 1_000;

#[derive(Debug, Clone)]
struct Session {
    account: Arc<str>,
    file_name: Option<String>,
    mime: &'static str,
    length: usize,
    received: Vec<u8>,
}

/// Uploads that are under way, by the id of the session. They end with the process, as an upload would with Meta's.
#[derive(Debug, Default)]
pub(crate) struct Uploads {
    sessions: Mutex<HashMap<String, Session>>,
}

/// `POST /{app}/uploads`: opens a session.
pub(super) async fn start(
    world: web::Data<World>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
    body: web::Bytes,
) -> HttpResponse {
    let (version, app) = path.into_inner();
    let outcome = auth::caller(&world, &request, MANAGEMENT).and_then(|account| {
        if account.app_id != app {
            return Err(GraphError::unknown_object(&app));
        }
        let given = parameters(&request, &body);
        let length = given.get("file_length").and_then(|length| length.parse().ok());
        let length = length.filter(|length| (1..=FILE_LIMIT).contains(length)).ok_or_else(|| {
            GraphError::new(100, format!("Param file_length must be a number of bytes from 1 to {FILE_LIMIT}."))
        })?;
        let mime = given.get("file_type").and_then(|wanted| TYPES.iter().find(|(name, _)| name == wanted));
        let (_, mime) = mime.ok_or_else(|| {
            GraphError::new(
                100,
                "Param file_type must be one of {application/pdf, image/jpeg, image/jpg, image/png, video/mp4}.",
            )
        })?;
        let session = Session {
            account: Arc::clone(&account.phone_number_id),
            file_name: given.get("file_name").cloned(),
            mime,
            length,
            received: Vec::new(),
        };
        let id = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(format!("1:attachment:{}", hex_string::<12>())));
        let mut sessions = world.uploads.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= SESSION_LIMIT {
            sessions.clear();
        }
        sessions.insert(id.clone(), session);
        Ok(json!({ "id": id }))
    });
    reply(&version, outcome)
}

/// `GET /upload:…`: how much of the file has come.
pub(super) fn progress(world: &World, request: &HttpRequest, id: &str) -> Graph<Value> {
    let account = auth::caller(world, request, MANAGEMENT)?;
    let sessions = world.uploads.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    let session = sessions.get(id).filter(|session| session.account == account.phone_number_id);
    let session = session.ok_or_else(|| GraphError::unknown_object(id))?;
    Ok(json!({ "id": id, "file_offset": session.received.len() }))
}

/// `POST /upload:…`: takes bytes from `file_offset` on; the last ones give the handle.
pub(super) fn receive(world: &World, request: &HttpRequest, id: &str, bytes: &Bytes) -> Graph<Value> {
    let account = auth::caller(world, request, MANAGEMENT)?;
    let offset = request.headers().get("file_offset").and_then(|value| value.to_str().ok());
    let offset: usize = offset
        .and_then(|offset| offset.trim().parse().ok())
        .ok_or_else(|| GraphError::new(100, "The header file_offset is required."))?;
    let mut sessions = world.uploads.sessions.lock().unwrap_or_else(PoisonError::into_inner);
    let session = sessions.get_mut(id).filter(|session| session.account == account.phone_number_id);
    let session = session.ok_or_else(|| GraphError::unknown_object(id))?;
    if offset != session.received.len() {
        let expected = session.received.len();
        return Err(GraphError::new(100, format!("Param file_offset must be {expected}, where the upload broke off.")));
    }
    if offset + bytes.len() > session.length {
        return Err(GraphError::new(100, format!("The file has more than the {} bytes announced.", session.length)));
    }
    session.received.extend_from_slice(bytes);
    if session.received.len() < session.length {
        return Ok(json!({ "id": id, "file_offset": session.received.len() }));
    }
    let Some(done) = sessions.remove(id) else { return Err(GraphError::unknown_object(id)) };
    drop(sessions);
    finish(world, done)
}

fn finish(world: &World, done: Session) -> Graph<Value> {
    media_kind::check(done.mime, &done.received)?;
    let bytes = Bytes::from(done.received);
    let stored = world.media.put(&done.account, Origin::Uploaded, done.mime, done.file_name.as_deref(), bytes);
    let medium = stored.map_err(|_| GraphError::new(2, "The sandbox could not keep the file."))?;
    let name = STANDARD.encode(done.file_name.unwrap_or_default());
    Ok(json!({ "h": format!("4:{name}:{}:{}", STANDARD.encode(done.mime), medium.id) }))
}

/// Whether a text has the form of a handle.
pub(super) fn is_handle(text: &str) -> bool {
    text.strip_prefix("4:").is_some_and(|rest| !rest.is_empty())
}

/// The file behind a handle, if the handle came from here.
pub(super) fn file_of(handle: &str) -> Option<&str> {
    handle.rsplit(':').next().filter(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
}
