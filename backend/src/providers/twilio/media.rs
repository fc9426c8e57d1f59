//! Files that people sent, at Twilio: its own address redirects to where the bytes are (twilio.md §2.3).

use url::Url;

use crate::client::{Arriving, HttpClient, Request};
use crate::domain::media::InboundMediaSource;
use crate::providers::account::TwilioCredentials;
use crate::providers::media::{FetchError, TRAVEL};

/// Redirects that are followed; one is usual.
const REDIRECTS: usize = 3;

/// The way to what people sent to one account.
pub(super) struct Inbox<'a> {
    pub client: &'a HttpClient,
    pub base: &'a Url,
    pub credentials: &'a TwilioCredentials,
}

impl Inbox<'_> {
    /// Opens the bytes: Twilio itself with the credentials, wherever it leads to without them.
    pub async fn open(&self, source: &InboundMediaSource) -> Result<Arriving, FetchError> {
        let url = source.url.as_deref().and_then(|url| Url::parse(url).ok()).filter(|url| self.is_medium(url));
        let Some(mut url) = url else {
            return Err(FetchError::Final("The webhook names no address of a file at Twilio.".to_owned()));
        };
        let mut request = self.authorised(Request::get(url.clone()));
        for _ in 0..=REDIRECTS {
            let answer = self.client.open(request.timeout(TRAVEL)).await?;
            match answer.status {
                200..=299 => return Ok(answer),
                301 | 302 | 303 | 307 | 308 => {
                    let target = answer.header("location").and_then(|target| url.join(target).ok());
                    url = target
                        .filter(|target| self.may_lead_to(target))
                        .ok_or_else(|| FetchError::Final("Twilio leads to an address that is not https.".to_owned()))?;
                    request = Request::get(url.clone());
                }
                404 | 410 => return Err(FetchError::Missing("Twilio does not have the file.".to_owned())),
                status => {
                    return Err(FetchError::passing(format!("Twilio answered the download with status {status}.")));
                }
            }
        }
        Err(FetchError::passing("Twilio leads from one address to the next without end."))
    }

    /// `…/Messages/{MM}/Media/{ME}` at Twilio, or at the base in its place: credentials go nowhere else.
    fn is_medium(&self, url: &Url) -> bool {
        let at_twilio = url.scheme() == "https"
            && url.host_str().is_some_and(|host| host == "twilio.com" || host.ends_with(".twilio.com"));
        let segments: Vec<&str> = url.path_segments().map(Iterator::collect).unwrap_or_default();
        (at_twilio || url.origin() == self.base.origin())
            && matches!(segments.as_slice(), [.., "Media", sid] if !sid.is_empty())
    }

    fn may_lead_to(&self, url: &Url) -> bool {
        url.scheme() == "https" || url.origin() == self.base.origin()
    }

    fn authorised(&self, request: Request) -> Request {
        match &self.credentials.api_key {
            Some(key) => request.basic(&key.sid, &key.secret),
            None => request.basic(&self.credentials.account_sid, &self.credentials.auth_token),
        }
    }
}
