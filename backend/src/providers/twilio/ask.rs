//! Questions to Twilio whose answer is looked at, not acted on.

use serde_json::Value;
use url::Url;

use crate::client::{HttpClient, Request, TransportError};
use crate::domain::ids::ChannelId;
use crate::providers::account::{BaseAddresses, TwilioCredentials};
use crate::providers::failure::SendError;

use super::request;
use super::response::refusal;

/// Everything that a question needs.
#[derive(Clone, Copy)]
pub(super) struct Twilio<'a> {
    pub client: &'a HttpClient,
    pub bases: &'a BaseAddresses,
    pub public_base: &'a Url,
    pub channel: ChannelId,
    pub credentials: &'a TwilioCredentials,
}

/// Why a question got no usable answer.
#[derive(Debug)]
pub(super) enum Refused {
    Unreachable(TransportError),
    Answered(u16, Box<SendError>),
}

impl Refused {
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Unreachable(_) => None,
            Self::Answered(status, _) => Some(*status),
        }
    }

    /// No answer came, or one that says nothing about the question: Twilio is in trouble, or is asked too often.
    pub fn is_trouble(&self) -> bool {
        matches!(self.status(), None | Some(429 | 500..))
    }

    /// Twilio's own code, when it gives one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Unreachable(_) => None,
            Self::Answered(_, error) => error.failure.provider_code.as_deref(),
        }
    }

    /// In words.
    pub fn told(&self, what: &str) -> String {
        match (self, self.code()) {
            (Self::Unreachable(error), _) => format!("{what}: {error}."),
            (Self::Answered(..), Some(code)) => format!("{what}: Twilio answers with code {code}."),
            (Self::Answered(status, _), None) => format!("{what}: Twilio answers with status {status}."),
        }
    }
}

impl Twilio<'_> {
    /// Asks, and reads the answer.
    pub async fn ask(&self, request: Request) -> Result<Value, Refused> {
        let response = self.client.send(request).await.map_err(Refused::Unreachable)?;
        let body = response.json().unwrap_or(Value::Null);
        if response.is_success() {
            Ok(body)
        } else {
            Err(Refused::Answered(response.status, Box::new(refusal(&response, &body))))
        }
    }

    /// As [`Twilio::ask`], for a request that had to be written first.
    pub async fn ask_built(&self, request: Result<Request, serde_json::Error>) -> Result<Value, Refused> {
        match request {
            Ok(request) => self.ask(request).await,
            Err(error) => Err(Refused::Unreachable(TransportError::NotSent(error.to_string()))),
        }
    }

    /// Where Twilio delivers what people write to this channel.
    pub fn hook(&self) -> Url {
        request::inbound_hook(self.public_base, self.channel)
    }
}
