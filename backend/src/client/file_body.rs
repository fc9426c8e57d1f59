//! Bodies that are read from disk while they are sent, so that a film never stands in memory.

use std::path::PathBuf;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use uuid::Uuid;

use super::error::TransportError;

/// Bytes read at a time.
const CHUNK: usize = 64 * 1024;

/// A file on this machine, and what stands around it in the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileBody {
    pub(super) before: Vec<u8>,
    path: PathBuf,
    size: u64,
    after: Vec<u8>,
}

/// The file of a multipart form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePart<'a> {
    /// The field's name.
    pub name: &'a str,
    /// As the server is to see it. Quotes, line breaks and other control characters in it are replaced.
    pub filename: &'a str,
    pub mime_type: &'a str,
    pub path: PathBuf,
    /// In bytes; the file must have exactly so many.
    pub size: u64,
}

impl FileBody {
    /// A form of text fields and one file, and its content type.
    pub(super) fn form(fields: &[(&str, &str)], file: FilePart<'_>) -> (Self, String) {
        let boundary = format!("duplex-{}", Uuid::now_v7().simple());
        let mut before = String::new();
        for (name, value) in fields {
            before.push_str(&format!(
                "--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"\r\n\r\n{value}\r\n",
                quotable(name)
            ));
        }
        before.push_str(&format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"{}\"\r\ncontent-type: {}\r\n\r\n",
            quotable(file.name),
            quotable(file.filename),
            quotable(file.mime_type)
        ));
        let after = format!("\r\n--{boundary}--\r\n").into_bytes();
        let body = Self { before: before.into_bytes(), path: file.path, size: file.size, after };
        (body, format!("multipart/form-data; boundary={boundary}"))
    }

    pub(super) fn len(&self) -> u64 {
        self.size + (self.before.len() + self.after.len()) as u64
    }

    /// Opens the file. The body fails midway when the file is shorter than it was said to be, and is cut when it is longer.
    ///
    /// # Errors
    /// [`TransportError::NotSent`]: it can't be opened.
    pub(super) async fn open(self) -> Result<BoxStream<'static, std::io::Result<Bytes>>, TransportError> {
        let failed = |error: std::io::Error| TransportError::NotSent(format!("the file can't be read: {error}"));
        let file = File::open(&self.path).await.map_err(failed)?;
        let before = stream::iter([Ok(Bytes::from(self.before))]);
        let after = stream::iter([Ok(Bytes::from(self.after))]);
        Ok(before.chain(read(file, self.size)).chain(after).boxed())
    }
}

fn read(file: File, size: u64) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> + Send {
    stream::try_unfold((file, size), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
        let mut chunk = vec![0; wanted];
        let got = file.read(&mut chunk).await?;
        if got == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        chunk.truncate(got);
        Ok(Some((Bytes::from(chunk), (file, left - got as u64))))
    })
}

/// What may stand between the quotes of a header.
fn quotable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '"' | '\\') { '_' } else { c }).collect()
}
