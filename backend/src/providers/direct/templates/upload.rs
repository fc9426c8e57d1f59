//! The resumable upload of a header's sample (direct.md §2.7).

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::client::{Method, Request};
use crate::providers::templates::error::text;
use crate::providers::templates::{SampleFile, TemplateError, TemplateErrorKind};

use super::super::request::graph;
use super::calls::{Account, answer};

/// What Meta takes as a sample.
const TYPES: &[&str] = &["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];
/// How often a broken upload goes on where it stopped.
const RESUMES: usize = 2;

impl Account<'_> {
    /// Uploads a sample and gives the handle for `example.header_handle`.
    ///
    /// # Errors
    /// [`TemplateErrorKind::Sample`] for a type that Meta does not take; else Meta's refusal.
    pub async fn upload(&self, file: &SampleFile) -> Result<String, TemplateError> {
        if !TYPES.contains(&file.mime_type.as_str()) {
            let message = format!("Meta takes samples as PDF, JPEG, PNG or MP4, and this one is {}.", file.mime_type);
            return Err(TemplateError::new(TemplateErrorKind::Sample, message));
        }
        let mut url = graph(self.base, self.credentials, &[&self.credentials.whatsapp_app_id, "uploads"]);
        url.query_pairs_mut()
            .append_pair("file_name", &file.filename)
            .append_pair("file_length", &file.bytes.len().to_string())
            .append_pair("file_type", &file.mime_type);
        let (session, _) = self.ask(Request::post(url)).await?;
        let session = text(&session, "id").ok_or_else(TemplateError::unreadable)?;
        let address = self.session_address(session);
        let mut offset = 0;
        let mut resumed = 0;
        loop {
            match self.send_from(&address, file, offset).await {
                Ok(handle) => return Ok(handle),
                Err(error) if error.kind == TemplateErrorKind::Unavailable && resumed < RESUMES => {
                    resumed += 1;
                    offset = self.offset_of(&address).await?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// `upload:…` may carry a signature as a query.
    fn session_address(&self, session: &str) -> Url {
        let (path, query) = session.split_once('?').map_or((session, None), |(path, query)| (path, Some(query)));
        let mut url = graph(self.base, self.credentials, &[path]);
        url.set_query(query);
        url
    }

    async fn send_from(&self, address: &Url, file: &SampleFile, offset: usize) -> Result<String, TemplateError> {
        let mut request = self.as_oauth(Method::Post, address).header("file_offset", offset.to_string());
        request.body = file.bytes.get(offset..).unwrap_or_default().to_vec();
        let (body, _) = answer(self.client.send(request).await)?;
        text(&body, "h").map(str::to_owned).ok_or_else(TemplateError::unreadable)
    }

    /// How much of it has arrived.
    async fn offset_of(&self, address: &Url) -> Result<usize, TemplateError> {
        let (body, _) = answer(self.client.send(self.as_oauth(Method::Get, address)).await)?;
        let offset = body.get("file_offset").and_then(Value::as_u64);
        Ok(offset.and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0))
    }

    /// This step wants `OAuth` where all others want `Bearer`.
    fn as_oauth(&self, method: Method, address: &Url) -> Request {
        let token: &SecretString = &self.credentials.whatsapp_access_token;
        let value = format!("OAuth {}", token.expose_secret());
        Request::new(method, address.clone()).header("authorization", value)
    }
}
