//! Parameters: of form posts and of queries.

use actix_web::HttpRequest;

use super::errors::{Twilio, TwilioError};

/// Parameters in the order of their arrival.
#[derive(Debug)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a name, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// The first value of a name, also an empty one.
    pub(super) fn given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a name, which must be there.
    pub(super) fn required(&self, name: &str) -> Twilio<&str> {
        self.get(name).ok_or_else(|| TwilioError::invalid(name, "it is required"))
    }

    /// All values of a name that are not empty.
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let found = self.0.iter().filter(|(found, value)| found == name && !value.is_empty());
        found.map(|(_, value)| value.as_str()).collect()
    }
}

/// The query of a request.
pub(super) fn query(request: &HttpRequest) -> Form {
    Form::parse(request.query_string().as_bytes())
}

pub(super) fn is_web_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}
