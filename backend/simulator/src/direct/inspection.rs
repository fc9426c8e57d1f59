//! What a check of a message has to look up, and what it finds that shows only after the message was accepted.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use futures_util::StreamExt as _;
use serde_json::Value;

use super::errors::{Graph, GraphError};
use super::media_kind::MediaKind;
use super::multipart::plain_type;
use crate::accounts::DirectAccount;
use crate::file_type;
use crate::ids::now_ms;
use crate::media::Medium;
use crate::state::World;

/// How long the fetch of a link may take.
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);
/// The medium of a message could not be used (direct.md §5).
const UNUSABLE: u32 = 131_053;

/// The account on whose behalf a message is checked, and what becomes of the message.
pub(super) struct Inspection<'a> {
    pub(super) world: &'a World,
    pub(super) account: &'a Arc<DirectAccount>,
    /// Why the message fails after it was accepted.
    pub(super) late: Option<u32>,
    links: Vec<(MediaKind, url::Url)>,
}

impl<'a> Inspection<'a> {
    pub(super) const fn new(world: &'a World, account: &'a Arc<DirectAccount>) -> Self {
        Self { world, account, late: None, links: Vec::new() }
    }

    /// Checks a media object: exactly one of `id` and `link`, and an id that was uploaded to this number and is alive
    /// (direct.md §2.3, §2.6).
    pub(super) fn medium(&mut self, kind: MediaKind, content: &Value, name: &str) -> Graph<Option<Arc<Medium>>> {
        let id = content.get("id").filter(|id| !id.is_null());
        let link = content.get("link").filter(|link| !link.is_null());
        match (id, link) {
            (Some(_), Some(_)) => Err(GraphError::invalid(name, "give either id or link")),
            (None, None) => Err(GraphError::missing(&format!("{name}.id"))),
            (Some(id), None) => {
                let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
                let found = self.world.media.get(&id);
                let own =
                    found.filter(|(owner, medium)| *owner == self.account.phone_number_id && medium.is_alive(now_ms()));
                let (_, medium) = own.ok_or_else(|| {
                    GraphError::invalid(&format!("{name}.id"), "no medium of this number has this id")
                })?;
                if !kind.takes(&plain_type(&medium.mime)) || medium.size > kind.limit() {
                    self.late = Some(UNUSABLE);
                }
                Ok(Some(medium))
            }
            (None, Some(link)) => {
                let url = link.as_str().and_then(|link| url::Url::parse(link).ok());
                let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
                let url =
                    url.ok_or_else(|| GraphError::invalid(&format!("{name}.link"), "not an http or https URL"))?;
                self.links.push((kind, url));
                Ok(None)
            }
        }
    }

    /// Fetches the links that can be reached from here, as Meta fetches all, and says why the message fails later, if it does.
    pub(super) async fn outcome(self) -> Option<u32> {
        for (kind, url) in &self.links {
            if self.late.is_none() && self.is_near(url) && !usable(self.world, *kind, url.clone()).await {
                return Some(UNUSABLE);
            }
        }
        self.late
    }

    /// Whether a link leads to this machine or to the gateway; all others are taken on trust.
    fn is_near(&self, url: &url::Url) -> bool {
        let account = self.account;
        let gateway = [&account.callback_url, &account.waba_callback_url, &account.number_callback_url];
        let mut gateway = gateway.into_iter().flatten().filter_map(|url| url::Url::parse(url).ok());
        let loopback = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        loopback || gateway.any(|gateway| gateway.host() == url.host())
    }
}

/// Whether a link gives a file that can be sent as this kind.
async fn usable(world: &World, kind: MediaKind, url: url::Url) -> bool {
    let answer = world.delivery.client().get(url).timeout(FETCH_TIMEOUT).send().await;
    let Ok(answer) = answer else { return false };
    let mime = answer.headers().get(CONTENT_TYPE.as_str()).and_then(|value| value.to_str().ok()).map(plain_type);
    let Some(mime) = mime.filter(|mime| answer.status().is_success() && kind.takes(mime)) else { return false };
    let (mut stream, mut bytes) = (answer.bytes_stream(), Vec::new());
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else { return false };
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > kind.limit() {
            return false;
        }
    }
    file_type::of(&bytes).is_some_and(|file| file_type::is_called(file, &mime))
}
