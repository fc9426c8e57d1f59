//! Questions to the Graph API whose answer is looked at, not acted on.

use serde_json::Value;
use url::Url;

use crate::client::{HttpClient, Request, Response, TransportError};
use crate::providers::account::DirectCredentials;
use crate::providers::codes::number;

use super::budget::{Call, CallBudget, Resting, TOO_MANY};
use super::request;

/// Everything that a question needs.
#[derive(Clone, Copy)]
pub(super) struct Graph<'a> {
    pub client: &'a HttpClient,
    pub base: &'a Url,
    pub public_base: &'a Url,
    pub credentials: &'a DirectCredentials,
    pub budget: &'a CallBudget,
}

/// An answer that is no success, or none at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub code: Option<u32>,
    pub subcode: Option<u32>,
    /// Meta's own words, without their prefix; cut short.
    pub message: Option<String>,
    /// No answer came, or one that says nothing about the question.
    pub trouble: bool,
    /// Meta would answer, but not so often: trouble too.
    pub too_often: bool,
    /// It was not asked, because that would have been too often.
    pub resting: Option<Resting>,
}

/// The token is not accepted (direct.md §5).
const BAD_TOKEN: u32 = 190;
const TOO_MANY_REQUESTS: u16 = 429;
/// Longest text of Meta's that is shown, in characters.
const SHOWN: usize = 200;

impl Refused {
    /// Nothing came that could be read.
    fn unusable(too_often: bool) -> Self {
        Self { code: None, subcode: None, message: None, trouble: true, too_often, resting: None }
    }

    /// The question was kept back.
    fn kept_back(resting: Resting) -> Self {
        Self { resting: Some(resting), ..Self::unusable(true) }
    }

    /// The object is not there, or the token may not see it (direct.md §5: 33 and 100).
    pub fn is_unknown_object(&self) -> bool {
        matches!(self.code, Some(33 | 100))
    }

    /// The token is not accepted.
    pub fn is_bad_token(&self) -> bool {
        matches!(self.code, Some(0 | BAD_TOKEN))
    }

    /// The token may not do it.
    pub fn is_denied(&self) -> bool {
        matches!(self.code, Some(3 | 10 | 200..=299 | 131_005))
    }

    /// In words.
    pub fn told(&self, what: &str) -> String {
        if let Some(resting) = self.resting {
            return format!("{what}: {resting}.");
        }
        match (self.code, &self.message) {
            (Some(code), Some(message)) => format!("{what}: Meta answers “{message}” (code {code})."),
            (Some(code), None) => format!("{what}: Meta answers with code {code}."),
            _ => format!("{what}: Meta gives no usable answer."),
        }
    }
}

impl Graph<'_> {
    /// Asks, and reads the answer.
    pub async fn ask(&self, request: Request) -> Result<Value, Refused> {
        let outcome = self.budget.send(self.client, Call::Any, request).await;
        read(outcome.map_err(Refused::kept_back)?)
    }

    /// As [`Graph::ask`], for a request that had to be written first.
    pub async fn ask_built(&self, request: Result<Request, serde_json::Error>) -> Result<Value, Refused> {
        match request {
            Ok(request) => self.ask(request).await,
            Err(_) => Err(Refused::unusable(false)),
        }
    }

    /// Where Meta calls the gateway for this app.
    pub fn hook(&self) -> Url {
        request::hook(self.public_base, self.credentials)
    }
}

/// The body of a success.
pub(super) fn read(outcome: Result<Response, TransportError>) -> Result<Value, Refused> {
    let response = outcome.map_err(|_| Refused::unusable(false))?;
    let limited = response.status == TOO_MANY_REQUESTS;
    let Some(body) = response.json() else { return Err(Refused::unusable(limited)) };
    if response.is_success() {
        return Ok(body);
    }
    let error = body.get("error").unwrap_or(&Value::Null);
    let text = error.get("error_user_msg").or_else(|| error.get("message")).and_then(Value::as_str);
    let code = error.get("code").and_then(number);
    let too_often = limited || code.is_some_and(|code| TOO_MANY.contains(&code));
    Err(Refused {
        code,
        subcode: error.get("error_subcode").and_then(number),
        // What is wrong with a token may repeat the token.
        message: text.filter(|_| code != Some(BAD_TOKEN)).map(shortened).filter(|text| !text.is_empty()),
        trouble: response.status >= 500 || too_often,
        too_often,
        resting: None,
    })
}

/// Without a prefix like `(#100)`, which the code says again.
fn shortened(text: &str) -> String {
    let plain = text.trim();
    let plain = match plain.strip_prefix("(#") {
        Some(rest) => rest.split_once(')').map_or(plain, |(_, rest)| rest.trim()),
        None => plain,
    };
    plain.chars().filter(|c| !c.is_control()).take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_in_full() {
        let answer = Response {
            status: 400,
            headers: Vec::new(),
            body: br#"{"error":{"message":"(#100) Unsupported get request.","code":100,"error_subcode":33}}"#.to_vec(),
        };
        let refused = read(Ok(answer)).unwrap_err();
        assert_eq!((refused.code, refused.subcode, refused.trouble), (Some(100), Some(33), false));
        assert!(refused.told("It can't be read").contains("“Unsupported get request.” (code 100)"));
        let page = Response { status: 502, headers: Vec::new(), body: b"<html>".to_vec() };
        assert!(read(Ok(page)).unwrap_err().trouble);
        let slowed = br#"{"error":{"message":"(#80007) There have been too many calls.","code":80007}}"#.to_vec();
        let slowed = read(Ok(Response { status: 400, headers: Vec::new(), body: slowed })).unwrap_err();
        assert!(slowed.trouble && slowed.too_often && !slowed.is_bad_token(), "{slowed:?}");
    }
}
