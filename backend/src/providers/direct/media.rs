//! Files at Meta: uploaded under an id, fetched with the token (direct.md §2.6).

use std::time::Duration;

use serde_json::Value;
use url::Url;

use crate::client::{Arriving, FilePart, HttpClient, Request, Response, TransportError};
use crate::domain::failure::FailureCode;
use crate::domain::media::InboundMediaSource;
use crate::providers::account::DirectCredentials;
use crate::providers::codes::{REJECTED, RETRY, no_answer, no_id};
use crate::providers::failure::{SendError, Verdict};
use crate::providers::media::{FetchError, MediaFile, TRAVEL, UploadedMedia};

use super::request::{graph, signed};
use super::response::refusal;

/// Hosts at which Meta keeps what people send: experience, not documentation (direct.md §2.6).
pub const MEDIA_HOSTS: [&str; 4] = [".fbsbx.com", ".fbcdn.net", ".facebook.com", ".whatsapp.net"];

/// How long an uploaded file can be sent (direct.md §2.6).
const KEPT: Duration = Duration::from_secs(30 * 86_400);
/// Meta's code for an id that it does not know, or that is another number's.
const PARAMETER: u64 = 100;
/// An address that ends within minutes may have ended: it is asked for again, once.
const LOOK_UPS: usize = 2;

/// `POST /{phone number id}/media`.
pub fn upload(base: &Url, credentials: &DirectCredentials, file: &MediaFile) -> Request {
    let url = graph(base, credentials, &[&credentials.whatsapp_business_phone_id, "media"]);
    let part = FilePart {
        name: "file",
        filename: &file.filename,
        mime_type: &file.mime_type,
        path: file.path.clone(),
        size: file.size,
    };
    let fields = [("messaging_product", "whatsapp"), ("type", file.mime_type.as_str())];
    signed(Request::post(url), credentials).multipart(&fields, part).timeout(TRAVEL)
}

/// Reads the answer to an upload. Nothing has reached a person, so nothing about it is unknown: it may be done again.
///
/// # Errors
/// Everything but a success that names an id, by the table of codes.
pub fn uploaded(outcome: Result<Response, TransportError>) -> Result<UploadedMedia, SendError> {
    let response = outcome.map_err(|error| repeatable(no_answer(&error)))?;
    let body = response.json().unwrap_or(Value::Null);
    if !response.is_success() {
        return Err(repeatable(refusal(&response, &body)));
    }
    let id = body.get("id").and_then(Value::as_str).filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| repeatable(no_id(response.status)))?;
    Ok(UploadedMedia { provider_media_id: id.to_owned(), valid_for: KEPT })
}

fn repeatable(mut error: SendError) -> SendError {
    match error.verdict {
        Verdict::Unknown => error.verdict = RETRY,
        // What Meta refuses here is the file, not the message around it.
        REJECTED if error.failure.code == FailureCode::ContentInvalid => {
            error.failure.code = FailureCode::MediaUnusable
        }
        _ => {}
    }
    error
}

/// The way to what people sent to one number.
pub(super) struct Inbox<'a> {
    pub client: &'a HttpClient,
    pub base: &'a Url,
    pub credentials: &'a DirectCredentials,
    pub hosts: &'a [String],
}

impl Inbox<'_> {
    /// Opens the bytes: at the address that came with the webhook, or at the one that Meta names for the id.
    pub async fn open(&self, source: &InboundMediaSource) -> Result<Arriving, FetchError> {
        let given = source.url.as_deref().and_then(|url| Url::parse(url).ok()).filter(|url| self.may_see_token(url));
        if let Some(url) = given
            && let Some(bytes) = self.get(url).await?
        {
            return Ok(bytes);
        }
        let Some(id) = source.provider_media_id.as_deref() else {
            return Err(FetchError::Missing("Meta does not have the file under the address it gave.".to_owned()));
        };
        for _ in 0..LOOK_UPS {
            let url = self.look_up(id).await?;
            if let Some(bytes) = self.get(url).await? {
                return Ok(bytes);
            }
        }
        Err(FetchError::Missing("Meta names an address for the file and has nothing there.".to_owned()))
    }

    /// The token goes to Meta's own hosts only, never in the clear; to the configured base as it is.
    fn may_see_token(&self, url: &Url) -> bool {
        let known = |host: &str| {
            self.hosts.iter().any(|end| host.ends_with(end.as_str()) || Some(host) == end.strip_prefix('.'))
        };
        url.origin() == self.base.origin() || (url.scheme() == "https" && url.host_str().is_some_and(known))
    }

    /// `None`: the address has ended, or never was.
    async fn get(&self, url: Url) -> Result<Option<Arriving>, FetchError> {
        let request = Request::get(url).bearer(&self.credentials.whatsapp_access_token).timeout(TRAVEL);
        let answer = self.client.open(request).await?;
        match answer.status {
            200..=299 => Ok(Some(answer)),
            // Without a good token Meta answers either.
            401 | 404 | 410 => Ok(None),
            status => Err(FetchError::passing(format!("Meta answered the download with status {status}."))),
        }
    }

    /// `GET /{media}?phone_number_id={PNID}`.
    async fn look_up(&self, id: &str) -> Result<Url, FetchError> {
        let mut url = graph(self.base, self.credentials, &[id]);
        url.query_pairs_mut().append_pair("phone_number_id", &self.credentials.whatsapp_business_phone_id);
        let response = self.client.send(signed(Request::get(url), self.credentials)).await?;
        let body = response.json().unwrap_or(Value::Null);
        if !response.is_success() {
            return Err(refused(&response, &body));
        }
        let named = body.get("url").and_then(Value::as_str).and_then(|url| Url::parse(url).ok());
        let named = named.ok_or_else(|| FetchError::passing("Meta named no address for the file."))?;
        if self.may_see_token(&named) {
            Ok(named)
        } else {
            Err(FetchError::Final(
                "Meta names an address for the file on a host that is not among the allowed ones; see --direct-media-hosts."
                    .to_owned(),
            ))
        }
    }
}

fn refused(response: &Response, body: &Value) -> FetchError {
    let code = body.pointer("/error/code").and_then(Value::as_u64);
    if code == Some(PARAMETER) || response.status == 404 {
        return FetchError::Missing(
            "Meta does not know the file any more, or it belongs to another number.".to_owned(),
        );
    }
    FetchError::Passing { reason: refusal(response, body).failure.detail, after: response.retry_after() }
}
