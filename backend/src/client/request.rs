//! A request before it leaves. Its `Debug` shows neither query, headers nor body: tokens and people's words stand there.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{CONTENT_LENGTH, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::{Url, form_urlencoded};

use super::error::TransportError;
use super::file_body::{FileBody, FilePart};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

/// A request, built without touching the network.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    pub url: Url,
    /// In the order they are sent.
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// A body read from disk, in the place of `body`.
    pub file: Option<FileBody>,
    /// Limit of the whole exchange; the client's own when absent.
    pub timeout: Option<Duration>,
}

impl Request {
    pub fn new(method: Method, url: Url) -> Self {
        Self { method, url, headers: Vec::new(), body: Vec::new(), file: None, timeout: None }
    }

    pub fn get(url: Url) -> Self {
        Self::new(Method::Get, url)
    }

    pub fn post(url: Url) -> Self {
        Self::new(Method::Post, url)
    }

    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// `Authorization: Bearer …`
    #[must_use]
    pub fn bearer(self, token: &SecretString) -> Self {
        let value = format!("Bearer {}", token.expose_secret());
        self.header("authorization", value)
    }

    /// `Authorization: Basic …`
    #[must_use]
    pub fn basic(self, user: &str, password: &SecretString) -> Self {
        let value = format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose_secret())));
        self.header("authorization", value)
    }

    /// A JSON body.
    ///
    /// # Errors
    /// The value can't be written as JSON (a map with keys that are no strings).
    pub fn json(mut self, value: &impl Serialize) -> Result<Self, serde_json::Error> {
        self.body = serde_json::to_vec(value)?;
        Ok(self.header("content-type", "application/json"))
    }

    /// A form body, names in the order given; a repeated name is a list.
    #[must_use]
    pub fn form<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish().into_bytes();
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    /// A multipart body: text fields, then one file, which is read from disk while it is sent.
    #[must_use]
    pub fn multipart(mut self, fields: &[(&str, &str)], file: FilePart<'_>) -> Self {
        let (body, content_type) = FileBody::form(fields, file);
        self.file = Some(body);
        self.header("content-type", content_type)
    }

    pub(super) async fn into_reqwest(
        self,
        client: &reqwest::Client,
        timeout: Duration,
    ) -> Result<reqwest::Request, TransportError> {
        let method = match self.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut request = client.request(method, self.url).timeout(timeout);
        for (name, value) in self.headers {
            let Ok(mut value) = HeaderValue::from_str(&value) else {
                return Err(TransportError::NotSent(format!("the {name} header has a forbidden character")));
            };
            value.set_sensitive(name == "authorization");
            request = request.header(name, value);
        }
        if let Some(file) = self.file {
            let length = file.len();
            request = request.body(reqwest::Body::wrap_stream(file.open().await?)).header(CONTENT_LENGTH, length);
        } else if !self.body.is_empty() {
            request = request.body(self.body);
        }
        request.build().map_err(|error| TransportError::from_reqwest(&error))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .field("path", &self.url.path())
            .field("headers", &self.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_query_headers_and_body() {
        let request =
            Request::post("https://graph.facebook.com/v25.0/1/messages?appsecret_proof=proof-s3cret".parse().unwrap())
                .bearer(&"token-s3cret".into())
                .basic("AC1", &"password-s3cret".into())
                .form([("Body", "words-s3cret")]);
        let shown = format!("{request:?}");
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(!shown.contains(&STANDARD.encode("AC1:password-s3cret")), "{shown}");
    }
}
