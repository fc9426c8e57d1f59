//! Reads `multipart/form-data`, the form of media uploads (direct.md §2.6).

use actix_web::web::Bytes;

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) filename: Option<String>,
    /// Without parameters, in lower case.
    pub(super) content_type: Option<String>,
    pub(super) bytes: Bytes,
}

/// The parts of a body; `None` when it is not such a form.
pub(super) fn parts(content_type: &str, body: &Bytes) -> Option<Vec<Part>> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameter(parameters, "boundary")?;
    let delimiter = format!("--{boundary}").into_bytes();
    let mut parts = Vec::new();
    let mut at = find(body, &delimiter, 0)? + delimiter.len();
    loop {
        if body.get(at..at + 2)? == b"--" {
            return Some(parts);
        }
        let start = at + 2;
        let end = find(body, b"\r\n\r\n", start)?;
        let next = find(body, &[b"\r\n", delimiter.as_slice()].concat(), end + 2)?;
        let head = std::str::from_utf8(body.get(start..end)?).ok()?;
        parts.push(part(head, body.slice((end + 4).min(next)..next))?);
        at = next + 2 + delimiter.len();
    }
}

fn part(head: &str, bytes: Bytes) -> Option<Part> {
    let header = |wanted: &str| {
        let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        lines.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    };
    let disposition = header("content-disposition")?;
    Some(Part {
        name: parameter(disposition, "name")?,
        filename: parameter(disposition, "filename"),
        content_type: header("content-type").map(plain_type),
        bytes,
    })
}

/// A MIME type without its parameters, in lower case.
pub(super) fn plain_type(mime: &str) -> String {
    mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn parameter(text: &str, wanted: &str) -> Option<String> {
    let mut found = text.split(';').filter_map(|piece| piece.split_once('='));
    let (_, value) = found.find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))?;
    Some(value.trim().trim_matches('"').to_owned()).filter(|value| !value.is_empty())
}

fn find(body: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = from;
    loop {
        at += body.get(at..)?.iter().position(|byte| *byte == first)?;
        if body.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_taken_apart() {
        let body = Bytes::from_static(
            b"--x\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\nimage/png\r\n\
              --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.png\"\r\nContent-Type: Image/PNG; q=1\r\n\r\n\x89P\r\n--y\r\n--x--\r\n",
        );
        let parts = parts("multipart/form-data; boundary=x", &body).unwrap_or_default();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts.first().map(|part| &*part.bytes), Some(&b"image/png"[..]));
        let file = parts.get(1);
        assert_eq!(file.and_then(|part| part.filename.as_deref()), Some("a b.png"));
        assert_eq!(file.and_then(|part| part.content_type.as_deref()), Some("image/png"));
        assert_eq!(file.map(|part| &*part.bytes), Some(&b"\x89P\r\n--y"[..]));
    }

    #[test]
    fn what_is_no_form_is_refused() {
        assert_eq!(parts("application/json", &Bytes::new()), None);
        assert_eq!(parts("multipart/form-data; boundary=x", &Bytes::from_static(b"--x\r\nno end")), None);
    }
}
