//! Requests about stored Contents (twilio.md §2.4).

use std::time::Duration;

use serde_json::{Map, Value, json};
use url::Url;

use crate::client::{Method, Request};
use crate::providers::account::TwilioCredentials;
use crate::providers::stored::StoredForm;

use super::{authorised, path};

/// Limit of one call: messages wait for it whose lease was reckoned for one exchange and a margin.
const TIMEOUT: Duration = Duration::from_secs(6);

/// `POST /v1/Content`.
///
/// # Errors
/// The definition can't be written as JSON; does not happen with what [`crate::providers::twilio::stored`] makes.
pub fn create(
    content_base: &Url,
    credentials: &TwilioCredentials,
    form: &StoredForm,
) -> Result<Request, serde_json::Error> {
    let shape = &form.shape;
    let mut body = Map::new();
    body.insert("friendly_name".to_owned(), Value::from(form.friendly_name()));
    body.insert("language".to_owned(), Value::from(shape.language));
    if !shape.samples.is_empty() {
        body.insert("variables".to_owned(), json!(shape.samples));
    }
    body.insert("types".to_owned(), json!({ shape.content_type: shape.definition }));
    let request = Request::post(path(content_base, &["v1", "Content"])).timeout(TIMEOUT);
    authorised(request, credentials).json(&body)
}

/// `DELETE /v1/Content/{HX}`.
pub fn delete(content_base: &Url, credentials: &TwilioCredentials, content_sid: &str) -> Request {
    let url = path(content_base, &["v1", "Content", content_sid]);
    authorised(Request::new(Method::Delete, url).timeout(TIMEOUT), credentials)
}
