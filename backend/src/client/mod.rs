//! The one outbound HTTP client: HTTP/1.1, no redirects, no retries, no proxy unless configured.
//!
//! What matters here is the line between "certainly not sent" and "may have been sent": see [`TransportError`].

mod arriving;
mod error;
mod file_body;
mod guard;
mod request;
mod response;

use std::sync::Arc;
use std::time::Duration;

use url::{Host, Origin, Url};

pub use arriving::Arriving;
pub use error::{ClientError, TransportError};
pub use file_body::FilePart;
pub use guard::is_public;
pub use request::{Method, Request};
pub use response::Response;

use guard::GuardedResolver;

/// Settings of the client.
#[derive(Clone, Debug)]
pub struct ClientConfig {
    /// Limit of a TCP and TLS handshake.
    pub connect_timeout: Duration,
    /// Limit of a whole exchange, connect and body included, when a request names none.
    pub timeout: Duration,
    /// An idle connection is dropped after this. Short, because a server that closes it first makes the next request's
    /// fate unknown.
    pub idle_timeout: Duration,
    /// Longest response body that is read, in bytes.
    pub body_limit: usize,
    /// The proxy for everything; the environment's proxy variables are ignored.
    pub proxy: Option<Url>,
    /// Origins (scheme, host, port) that may have any address, loopback included: the providers' configured bases.
    /// Everything else must resolve to public addresses.
    pub trusted: Vec<Url>,
}

impl Default for ClientConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(30),
            idle_timeout: Duration::from_secs(10),
            body_limit: 1024 * 1024,
            proxy: None,
            trusted: Vec::new(),
        }
    }
}

/// Sends requests. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct HttpClient(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// For trusted origins: resolves names as the system does.
    trusted: reqwest::Client,
    /// For everything else: private addresses are dropped when a name is resolved, which is when it is connected to.
    guarded: reqwest::Client,
    origins: Vec<Origin>,
    timeout: Duration,
    body_limit: usize,
}

impl HttpClient {
    /// # Errors
    /// The proxy's address is unusable, or the system's certificates can't be loaded.
    pub fn new(config: ClientConfig) -> Result<Self, ClientError> {
        let proxy_host = config.proxy.as_ref().and_then(Url::host_str).map(str::to_owned);
        let trusted = builder(&config)?.build().map_err(ClientError::from_reqwest)?;
        let guarded = builder(&config)?
            .dns_resolver(GuardedResolver::new(proxy_host))
            .build()
            .map_err(ClientError::from_reqwest)?;
        let origins = config.trusted.iter().map(Url::origin).collect();
        Ok(Self(Arc::new(Inner { trusted, guarded, origins, timeout: config.timeout, body_limit: config.body_limit })))
    }

    /// Sends a request once and reads the whole answer. A redirect is an answer like any other.
    ///
    /// # Errors
    /// [`TransportError::NotSent`] proves that nothing left; after anything else the server may have acted.
    pub async fn send(&self, request: Request) -> Result<Response, TransportError> {
        Response::read(self.execute(request).await?, self.0.body_limit).await
    }

    /// As [`HttpClient::send`], but leaves the body to be taken piece by piece. The time limit covers the body too.
    ///
    /// # Errors
    /// As [`HttpClient::send`].
    pub async fn open(&self, request: Request) -> Result<Arriving, TransportError> {
        Ok(Arriving::new(self.execute(request).await?, self.0.body_limit))
    }

    async fn execute(&self, request: Request) -> Result<reqwest::Response, TransportError> {
        let client = self.client_for(&request.url)?;
        let timeout = request.timeout.unwrap_or(self.0.timeout);
        let built = request.into_reqwest(client, timeout).await?;
        client.execute(built).await.map_err(|error| TransportError::from_reqwest(&error))
    }

    fn client_for(&self, url: &Url) -> Result<&reqwest::Client, TransportError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TransportError::NotSent("the address is neither http nor https".to_owned()));
        }
        if self.0.origins.contains(&url.origin()) {
            return Ok(&self.0.trusted);
        }
        // Names are checked when they are resolved; literals never reach the resolver.
        let literal = match url.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            Some(Host::Domain(_)) => None,
            None => return Err(TransportError::NotSent("the address has no host".to_owned())),
        };
        match literal {
            Some(ip) if !is_public(ip) => Err(TransportError::NotSent(guard::REFUSED.to_owned())),
            _ => Ok(&self.0.guarded),
        }
    }
}

fn builder(config: &ClientConfig) -> Result<reqwest::ClientBuilder, ClientError> {
    let builder = reqwest::Client::builder()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(config.connect_timeout)
        .pool_idle_timeout(config.idle_timeout)
        .user_agent(concat!("duplex/", env!("CARGO_PKG_VERSION")));
    match &config.proxy {
        Some(proxy) => Ok(builder.proxy(reqwest::Proxy::all(proxy.as_str()).map_err(ClientError::from_reqwest)?)),
        None => Ok(builder),
    }
}

#[cfg(test)]
mod tests;
