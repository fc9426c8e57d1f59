//! Fetches the media of outgoing messages as Twilio does, HEAD before GET (twilio.md §2.3, §5). Only files that lie on this machine
//! or at the gateway are fetched; all others are taken on trust, for the simulator calls nobody else.

use std::time::Duration;

use actix_web::web::Bytes;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use super::mime::{Kind, contradicts, kind_of, mime_of_url, name_of_url};
use super::shown::file_of;
use super::vcard;
use crate::accounts::TwilioAccount;
use crate::content::{Content, Header, Media};
use crate::media::Origin;
use crate::sending::Draft;
use crate::state::World;

/// Largest file in bytes, and largest picture.
const FILE_LIMIT: usize = 16 << 20;
const IMAGE_LIMIT: usize = 5 << 20;
const TIMEOUT: Duration = Duration::from_secs(10);

/// Codes of files that do not arrive (twilio.md §6.3).
const NOT_FETCHED: u32 = 63_019;
const NOT_TAKEN: u32 = 63_021;
const TOO_LARGE: u32 = 63_034;

/// A file as it came.
struct Fetched {
    mime: String,
    filename: Option<String>,
    bytes: Bytes,
}

/// Fetches what a draft links to and puts it in the draft; a file that does not arrive makes the message fail late.
pub(super) async fn settle(world: &World, account: &TwilioAccount, draft: &mut Draft) {
    let callback = draft.callback.as_deref().map(str::to_owned);
    let ours = |link: &str| is_ours(account, callback.as_deref(), link);
    if let Some(file) = draft.content.media().cloned() {
        match arrived(world, account, &file, &ours).await {
            Ok(content) => draft.content = content,
            Err(code) => fail(draft, code),
        }
        return;
    }
    let links: Vec<String> = draft.content.media_mut().into_iter().filter_map(|file| file.url.clone()).collect();
    for link in links {
        if !ours(&link) {
            continue;
        }
        match fetch(world, &link).await.and_then(|fetched| keep(world, account, fetched)) {
            Ok(kept) => put(draft, &link, kept),
            Err(code) => fail(draft, code),
        }
    }
}

fn fail(draft: &mut Draft, code: u32) {
    draft.late = draft.late.or(Some(code));
}

/// The message that a file makes.
async fn arrived(
    world: &World,
    account: &TwilioAccount,
    file: &Media,
    ours: &impl Fn(&str) -> bool,
) -> Result<Content, u32> {
    let link = file.url.as_deref().unwrap_or_default();
    if !ours(link) {
        let mime = mime_of_url(link);
        let kind = mime.and_then(kind_of).unwrap_or(Kind::Document);
        let trusted = Media { mime_type: mime.map(str::to_owned), filename: name_of_url(link), ..file.clone() };
        return Ok(file_of(kind, trusted));
    }
    let fetched = fetch(world, link).await?;
    let kind = kind_of(&fetched.mime).ok_or(NOT_TAKEN)?;
    if kind == Kind::Card {
        let contacts = vcard::cards(&String::from_utf8_lossy(&fetched.bytes));
        return if contacts.is_empty() { Err(NOT_TAKEN) } else { Ok(Content::Contacts { contacts }) };
    }
    let kept = keep(world, account, fetched)?;
    Ok(file_of(kind, Media { caption: file.caption.clone(), ..kept }))
}

/// Puts a file in the place of the link to it. An approved header takes one kind of file only (twilio.md §2.5).
fn put(draft: &mut Draft, link: &str, kept: Media) {
    let kind = kept.mime_type.as_deref().and_then(kind_of);
    let mut fits = true;
    if let Content::Template(template) = &draft.content {
        let headers = std::iter::once(&template.sheet).chain(&template.cards).filter_map(|sheet| sheet.header.as_ref());
        for header in headers {
            fits &= match header {
                Header::Image(file) if file.url.as_deref() == Some(link) => kind == Some(Kind::Image),
                Header::Video(file) if file.url.as_deref() == Some(link) => kind == Some(Kind::Video),
                Header::Document(file) if file.url.as_deref() == Some(link) => kind == Some(Kind::Document),
                _ => true,
            };
        }
    }
    for file in draft.content.media_mut() {
        if file.url.as_deref() == Some(link) {
            *file = kept.clone();
        }
    }
    if !fits {
        fail(draft, NOT_TAKEN);
    }
}

/// Loopback addresses, and the hosts that the gateway gave as its own.
fn is_ours(account: &TwilioAccount, callback: Option<&str>, link: &str) -> bool {
    let authority = |text: &str| {
        let parsed = url::Url::parse(text).ok()?;
        Some((parsed.host_str()?.to_owned(), parsed.port_or_known_default()))
    };
    let Some((host, port)) = authority(link) else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    if host == "localhost" || address.is_ok_and(|address| address.is_loopback()) {
        return true;
    }
    let route = account.inbound_route();
    let known = [
        callback,
        account.callback_url.as_deref(),
        account.fallback_url.as_deref(),
        account.status_callback_url.as_deref(),
        route.url.as_deref(),
    ];
    known.into_iter().flatten().filter_map(authority).any(|ours| ours == (host.clone(), port))
}

async fn fetch(world: &World, link: &str) -> Result<Fetched, u32> {
    let client = world.delivery.client();
    let head = client.head(link).timeout(TIMEOUT).send().await.map_err(|_| NOT_FETCHED)?;
    if !head.status().is_success() {
        return Err(NOT_FETCHED);
    }
    let mut answer = client.get(link).timeout(TIMEOUT).send().await.map_err(|_| NOT_FETCHED)?;
    if !answer.status().is_success() {
        return Err(NOT_FETCHED);
    }
    let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mime = header(CONTENT_TYPE).unwrap_or_default();
    let filename = header(CONTENT_DISPOSITION).and_then(|value| file_name(&value)).or_else(|| name_of_url(link));
    let kind = kind_of(&mime).ok_or(NOT_TAKEN)?;
    let limit = if kind == Kind::Image { IMAGE_LIMIT } else { FILE_LIMIT };
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| NOT_FETCHED)? {
        if bytes.len() + chunk.len() > limit {
            return Err(TOO_LARGE);
        }
        bytes.extend_from_slice(&chunk);
    }
    if bytes.is_empty() {
        return Err(NOT_FETCHED);
    }
    if contradicts(&mime, &bytes) {
        return Err(NOT_TAKEN);
    }
    Ok(Fetched { mime, filename, bytes: bytes.into() })
}

/// `filename="…"` of a `Content-Disposition`.
fn file_name(disposition: &str) -> Option<String> {
    let (_, rest) = disposition.split_once("filename=")?;
    let name = rest.split(';').next().unwrap_or(rest).trim().trim_matches('"');
    (!name.is_empty()).then(|| name.to_owned())
}

fn keep(world: &World, account: &TwilioAccount, fetched: Fetched) -> Result<Media, u32> {
    let Fetched { mime, filename, bytes } = fetched;
    let kept = world.media.put(&account.account_sid, Origin::Uploaded, &mime, filename.as_deref(), bytes);
    let medium = kept.map_err(|error| {
        tracing::error!(%error, "simulator: a file could not be kept");
        NOT_FETCHED
    })?;
    Ok(Media { id: Some(medium.id.clone()), mime_type: Some(mime), filename, ..Media::default() })
}
