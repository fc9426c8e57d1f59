//! Files as people upload them, as small as their types allow, and the form in which they travel.

use serde_json::Value;

use super::api::{Answer, Caller};

/// The head of a JPEG and a tail that makes it different from others.
pub fn jpeg(tail: &str) -> Vec<u8> {
    [b"\xff\xd8\xff\xe0\0\x10JFIF\0".as_slice(), tail.as_bytes()].concat()
}

/// A PNG with 8 bits for each of red, green, blue and transparency.
pub fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend([0, 0, 0, 9, 0, 0, 0, 9, 8, 6, 0, 0, 0]);
    bytes
}

pub fn pdf() -> Vec<u8> {
    b"%PDF-1.7\n%%EOF".to_vec()
}

/// An Ogg with Opus of so many channels.
pub fn opus(channels: u8) -> Vec<u8> {
    let mut bytes = b"OggS".to_vec();
    bytes.extend([0; 22]);
    bytes.extend([1, 19]);
    bytes.extend(b"OpusHead\x01");
    bytes.push(channels);
    bytes
}

/// One part of a form.
pub struct Part<'a> {
    pub name: &'a str,
    pub filename: Option<&'a str>,
    pub mime_type: Option<&'a str>,
    pub bytes: &'a [u8],
}

impl<'a> Part<'a> {
    pub fn file(filename: &'a str, mime_type: &'a str, bytes: &'a [u8]) -> Self {
        Self { name: "file", filename: Some(filename), mime_type: Some(mime_type), bytes }
    }

    pub fn text(name: &'a str, text: &'a str) -> Self {
        Self { name, filename: None, mime_type: None, bytes: text.as_bytes() }
    }
}

const BOUNDARY: &str = "a-boundary-for-tests";

/// The content type and the bytes of a multipart form.
pub fn form(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    let mut body = Vec::new();
    for part in parts {
        body.extend(format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{}\"", part.name).bytes());
        if let Some(filename) = part.filename {
            body.extend(format!("; filename=\"{filename}\"").bytes());
        }
        if let Some(mime_type) = part.mime_type {
            body.extend(format!("\r\ncontent-type: {mime_type}").bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(part.bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// Sends a form to the media of a workspace.
pub async fn post_form(caller: &Caller, parts: &[Part<'_>]) -> Answer {
    let (content_type, body) = form(parts);
    let request =
        caller.request(reqwest::Method::POST, "/api/v1/media").header("content-type", content_type).body(body);
    caller.send(request).await
}

/// Uploads a file that is as it says, and gives what is told of it.
pub async fn upload(caller: &Caller, filename: &str, mime_type: &str, bytes: &[u8]) -> Value {
    post_form(caller, &[Part::file(filename, mime_type, bytes)]).await.expect(201)
}
