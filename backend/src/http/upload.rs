//! A file in a multipart body, taken in piece by piece.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;

use super::problem::ApiResult;
use crate::error::{ApiError, Code};
use crate::media::{Media, MediaError, Named, Received};

/// Longest text of a part that is no file, in bytes.
const LONGEST_TEXT: usize = 1_024;
/// What boundaries, names and types may add to the file, in bytes.
const AROUND: u64 = 64 * 1024;

/// An upload that is on disk and has no place yet.
pub struct Upload {
    pub received: Received,
    pub named: Named,
}

impl Upload {
    /// Reads the form: the part `file`, and perhaps `filename`.
    ///
    /// # Errors
    /// The body is no such form, or its file is too large.
    pub async fn read(media: &Media, request: &HttpRequest, mut payload: Payload) -> ApiResult<Self> {
        check(media, request)?;
        let mut form = Multipart::from_request(request, &mut payload).await.map_err(|error| unreadable(&error))?;
        let (mut received, mut named) = (None, Named::default());
        while let Some(part) = form.next().await {
            let mut part = part.map_err(|error| broken(&error))?;
            match part.name().unwrap_or_default() {
                "file" if received.is_some() => {
                    return Err(ApiError::field("file", "duplicate", "one file per upload"));
                }
                "file" => {
                    named.declared = part.content_type().map(ToString::to_string);
                    let given = part.content_disposition().and_then(|disposition| disposition.get_filename());
                    named.filename = named.filename.or_else(|| given.map(str::to_owned));
                    received = Some(take(media, &mut part).await?);
                }
                "filename" => named.filename = Some(text(&mut part).await?),
                other => {
                    let message = "is not a part of this form; it has file and filename";
                    return Err(ApiError::field(other.chars().take(64).collect::<String>(), "unknown_field", message));
                }
            }
        }
        match received {
            Some(received) => Ok(Self { received, named }),
            None => Err(ApiError::field("file", "required", "the form has no part named file")),
        }
    }
}

/// What can be told before a byte is read.
fn check(media: &Media, request: &HttpRequest) -> ApiResult<()> {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let kind = text(CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    if !kind.starts_with("multipart/form-data") {
        let detail = "send multipart/form-data with a part named file";
        return Err(ApiError::with_detail(Code::UnsupportedMediaType, detail));
    }
    let length = text(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok()).unwrap_or(0);
    if length > media.limit().saturating_add(AROUND) {
        return Err(MediaError::TooLarge(media.limit()).into());
    }
    Ok(())
}

async fn take(media: &Media, part: &mut Field) -> ApiResult<Received> {
    let mut incoming = media.receive().await?;
    while let Some(chunk) = part.next().await {
        incoming.write(&chunk.map_err(|error| broken(&error))?).await?;
    }
    Ok(incoming.finish().await?)
}

async fn text(part: &mut Field) -> ApiResult<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.next().await {
        bytes.extend_from_slice(&chunk.map_err(|error| broken(&error))?);
        if bytes.len() > LONGEST_TEXT {
            return Err(ApiError::field("filename", "too_long", format!("at most {LONGEST_TEXT} bytes")));
        }
    }
    String::from_utf8(bytes).map_err(|_| ApiError::field("filename", "invalid_value", "is not UTF-8"))
}

fn broken(error: &MultipartError) -> ApiError {
    ApiError::field("(body)", "invalid_value", "is not a whole multipart form").caused_by(error)
}

fn unreadable(error: &actix_web::Error) -> ApiError {
    ApiError::field("(body)", "invalid_value", "is not a multipart form").caused_by(error)
}
