//! An answer whose body is taken piece by piece, for what is too large to stand in memory.

use std::fmt;

use bytes::Bytes;

use super::error::TransportError;
use super::response::{Response, headers_of};

/// An answer of any status whose body has not been read.
pub struct Arriving {
    pub status: u16,
    /// As in [`Response`].
    pub headers: Vec<(String, String)>,
    answer: reqwest::Response,
    body_limit: usize,
}

impl Arriving {
    pub(super) fn new(answer: reqwest::Response, body_limit: usize) -> Self {
        Self { status: answer.status().as_u16(), headers: headers_of(&answer), answer, body_limit }
    }

    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The length the server announced, in bytes.
    pub fn announced_length(&self) -> Option<u64> {
        self.header("content-length")?.trim().parse().ok()
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// The connection broke off, or the time was over.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        self.answer.chunk().await.map_err(|error| TransportError::from_reqwest(&error))
    }

    /// The answer with the beginning of its body, at most so many bytes; what comes after is not waited for. A body that breaks
    /// off is what has come of it.
    pub async fn begin(mut self, most: usize) -> Response {
        let mut body = Vec::new();
        while body.len() < most {
            let Ok(Some(chunk)) = self.answer.chunk().await else { break };
            body.extend_from_slice(&chunk);
        }
        body.truncate(most);
        Response { status: self.status, headers: self.headers, body }
    }

    /// Reads the rest, within the client's ordinary limit: for the words of a refusal.
    ///
    /// # Errors
    /// As [`Arriving::chunk`], or the body is too long.
    pub async fn into_response(self) -> Result<Response, TransportError> {
        Response::read(self.answer, self.body_limit).await
    }
}

impl fmt::Debug for Arriving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arriving").field("status", &self.status).finish_non_exhaustive()
    }
}
