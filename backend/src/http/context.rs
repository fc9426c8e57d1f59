//! What handlers work with; `app` builds it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use super::console::Console;
use super::health::Liveness;
use super::limits::RateLimits;
use crate::auth::Authenticator;
use crate::channels::Channels;
use crate::channels::sandbox::Sandbox;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::domain::access::Workspace;
use crate::error::ApiError;
use crate::inbound::ingest::Ingest;
use crate::live::Live;
use crate::media::Media;
use crate::outbox::enqueue::Outbox;
use crate::outbox::failover::Failover;
use crate::outbox::fitness::FitnessCheck;
use crate::storage::Db;
use crate::templates::Templates;
use crate::vault::Vault;
use crate::webhooks::{AlertEndpoints, WebhookEndpoints};

/// Gives a new workspace what it starts with (a sandbox its two channels). Must do nothing when it is there already.
pub type Furnish = Arc<dyn Fn(Workspace) -> Pin<Box<dyn Future<Output = Result<(), ApiError>> + Send>> + Send + Sync>;

/// Everything a handler may use.
pub struct Context {
    pub config: Arc<Config>,
    /// Where browsers and providers reach this program, path prefix included, without a slash at its end.
    pub public_url: PublicUrl,
    pub console: Console,
    pub db: Db,
    pub vault: Arc<Vault>,
    pub clock: SharedClock,
    pub live: Live,
    pub auth: Authenticator,
    pub channels: Channels,
    pub alert_endpoints: AlertEndpoints,
    pub webhook_endpoints: WebhookEndpoints,
    /// The simulator behind sandbox workspaces; `None` while the sandbox is off.
    pub sandbox: Option<Sandbox>,
    pub outbox: Outbox,
    pub fitness: FitnessCheck,
    pub failover: Failover,
    pub templates: Templates,
    pub ingest: Ingest,
    pub media: Media,
    pub limits: RateLimits,
    pub liveness: Liveness,
    pub furnish: Furnish,
    /// Cancelled when the program stops: streams end.
    pub stopping: CancellationToken,
    /// One token per request that is being answered.
    pub requests: TaskTracker,
}

/// The address of this program as the outside sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    pub fn new(url: Url) -> Self {
        Self(url)
    }

    /// The address of a path that starts with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0.as_str().trim_end_matches('/'))
    }

    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether an origin has the same scheme and host, so that browsers take both for one site.
    pub fn has_host_of(&self, origin: &str) -> bool {
        Url::parse(origin).is_ok_and(|origin| origin.scheme() == self.0.scheme() && origin.host() == self.0.host())
    }

    /// The path prefix: empty, or starting with a slash and not ending with one.
    pub fn prefix(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join_with_and_without_a_prefix() {
        let of = |url: &str| PublicUrl::new(url.parse().unwrap());
        assert_eq!(of("http://127.0.0.1:8080").join("/hooks/x"), "http://127.0.0.1:8080/hooks/x");
        assert_eq!(of("https://example.com/whatsapp/").join("/hooks/x"), "https://example.com/whatsapp/hooks/x");
        assert_eq!(of("https://example.com/whatsapp/").prefix(), "/whatsapp");
        assert_eq!(of("https://example.com").prefix(), "");
    }

    #[test]
    fn a_port_makes_no_other_site_but_a_host_or_a_scheme_does() {
        let url = PublicUrl::new("https://example.com/whatsapp".parse().unwrap());
        assert!(url.has_host_of("https://example.com:8443"));
        assert!(!url.has_host_of("https://console.example.com") && !url.has_host_of("http://example.com"));
    }
}
