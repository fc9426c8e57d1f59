//! Answering with a file that a stranger made: as the type its bytes are and as nothing else, and without any right on our
//! origin.

use std::path::PathBuf;

use actix_web::body::SizedStream;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, Charset, ContentDisposition, DispositionParam, DispositionType, ETAG, EntityTag, ExtendedValue,
    Header, IF_RANGE, IfNoneMatch, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use futures_util::{Stream, stream};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt, SeekFrom};

use super::problem::ApiResult;
use super::ranges::Part;
use crate::error::ApiError;

/// Nothing in the file may run, load or frame anything.
const POLICY: &str = "default-src 'none'; sandbox";
/// Kept by the one who asked, and asked for again each time: rights and files come and go.
const CACHE: &str = "private, no-cache";
const CHUNK: usize = 64 * 1024;

/// Whether a browser shows the file or saves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disposition {
    Inline,
    Attachment,
}

/// A file to answer with.
pub struct FileAnswer {
    pub path: PathBuf,
    pub mime_type: String,
    /// In bytes.
    pub size: u64,
    /// Changes with the content.
    pub tag: String,
    /// Safe to be saved under.
    pub filename: String,
    pub disposition: Disposition,
}

impl FileAnswer {
    /// The file, the part that is asked for, or that it has not changed.
    ///
    /// # Errors
    /// The file can't be read.
    pub async fn answer(self, request: &HttpRequest) -> ApiResult<HttpResponse> {
        let tag = EntityTag::new_strong(self.tag.clone());
        if is_known(request, &tag) {
            return Ok(self.head(HttpResponse::NotModified(), &tag).finish());
        }
        let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        // A part is of use only for who has the rest of this very content.
        let same = text(IF_RANGE).is_none_or(|known| known.trim() == tag.to_string());
        let part = if same { Part::asked(text(RANGE), self.size) } else { Part::Whole };
        let (mut response, first, length) = match part {
            Part::Whole => (self.head(HttpResponse::Ok(), &tag), 0, self.size),
            Part::Bytes { first, last } => {
                let mut response = self.head(HttpResponse::PartialContent(), &tag);
                response.insert_header((CONTENT_RANGE, format!("bytes {first}-{last}/{}", self.size)));
                (response, first, last - first + 1)
            }
            Part::Unsatisfiable => {
                let mut response = self.head(HttpResponse::RangeNotSatisfiable(), &tag);
                return Ok(response.insert_header((CONTENT_RANGE, format!("bytes */{}", self.size))).finish());
            }
        };
        if request.method() == Method::HEAD {
            let nothing = stream::empty::<Result<Bytes, std::io::Error>>();
            return Ok(response.body(SizedStream::new(length, nothing)));
        }
        let unreadable = |error: std::io::Error| ApiError::internal(format!("the media folder: {error}"));
        let mut file = File::open(&self.path).await.map_err(unreadable)?;
        file.seek(SeekFrom::Start(first)).await.map_err(unreadable)?;
        Ok(response.body(SizedStream::new(length, read(file, length))))
    }

    fn head(&self, mut response: HttpResponseBuilder, tag: &EntityTag) -> HttpResponseBuilder {
        response
            .insert_header((CONTENT_TYPE, self.mime_type.as_str()))
            .insert_header((CONTENT_DISPOSITION, self.disposition()))
            .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .insert_header((CONTENT_SECURITY_POLICY, POLICY))
            .insert_header((CACHE_CONTROL, CACHE))
            .insert_header((ACCEPT_RANGES, "bytes"))
            .insert_header((ETAG, tag.to_string()))
            // Compressed, no range would be right; media are compressed already.
            .insert_header((CONTENT_ENCODING, "identity"));
        response
    }

    /// RFC 6266: the name in ASCII for old readers, and as it is for all others.
    fn disposition(&self) -> ContentDisposition {
        let ascii: String = self.filename.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
        let mut parameters = Vec::new();
        if ascii != self.filename {
            parameters.push(DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: self.filename.clone().into_bytes(),
            }));
        }
        parameters.insert(0, DispositionParam::Filename(ascii));
        let disposition = match self.disposition {
            Disposition::Inline => DispositionType::Inline,
            Disposition::Attachment => DispositionType::Attachment,
        };
        ContentDisposition { disposition, parameters }
    }
}

fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    IfNoneMatch::parse(request).is_ok_and(|known| match known {
        IfNoneMatch::Any => request.headers().contains_key("if-none-match"),
        IfNoneMatch::Items(tags) => tags.iter().any(|one| one.weak_eq(tag)),
    })
}

fn read(file: File, length: u64) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold((file, length), |(mut file, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let mut chunk = vec![0; usize::try_from(left).unwrap_or(CHUNK).min(CHUNK)];
        let got = file.read(&mut chunk).await?;
        if got == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        chunk.truncate(got);
        Ok(Some((Bytes::from(chunk), (file, left - got as u64))))
    })
}
