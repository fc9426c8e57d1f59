//! The console: files that are part of the program, or those of a folder.
//!
//! It answers whatever nothing else answers: with the file of that name, else with the page from which the console routes
//! by itself. The paths of the API and of the webhooks are never its own: a mistake there must stay a problem.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use actix_web::http::Method;
use actix_web::http::header::{
    AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ContentEncoding, ETAG,
    Encoding, EntityTag, Header, IfNoneMatch, Preference, Quality, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use super::context::{Context, PublicUrl};
use super::middleware::CONSOLE_POLICY;
use super::problem::{ApiResult, unknown_path};
use crate::error::ApiError;

/// The page from which everything else is loaded.
const INDEX: &str = "index.html";
/// Below it, each name carries a hash of the content.
const ASSETS: &str = "assets";
/// First segments that are not the console's, also where nothing is served below them.
const RESERVED: [&str; 7] = ["api", "hooks", "m", "docs", "healthz", "readyz", "metrics"];
/// What a page's parts and a visitor's tools ask for by name: without such a file, a page would only confuse them.
const FILE_ENDINGS: [&str; 16] = [
    "css",
    "gif",
    "html",
    "ico",
    "jpeg",
    "jpg",
    "js",
    "json",
    "map",
    "png",
    "svg",
    "txt",
    "webmanifest",
    "webp",
    "woff2",
    "xml",
];
/// The forms in which the build leaves a file beside the file itself, best first.
const COMPRESSED: [(ContentEncoding, &str); 2] = [(ContentEncoding::Brotli, "br"), (ContentEncoding::Gzip, "gz")];
/// What stands in the page for the address that its relative links start from.
const BASE: &str = "<base href=\"/\"";

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";

/// What the console's build leaves, as a part of the program.
#[derive(RustEmbed)]
#[folder = "../frontend/dist"]
#[allow_missing = true]
struct Built;

/// Where the build leaves it.
const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../frontend/dist");

/// The console's files, and the place at which they are served.
pub struct Console {
    /// `None` for those that are part of the program.
    folder: Option<PathBuf>,
    /// The public path prefix, as it stands in HTML.
    prefix: String,
}

/// A file, or one of its compressed forms, ready to be sent.
struct Found {
    data: Cow<'static, [u8]>,
    hash: [u8; 32],
    kind: String,
    encoding: Option<ContentEncoding>,
    cache: &'static str,
}

impl Console {
    /// The console in this folder. Without one it is that of the program, which in a debug build is read from where the
    /// console is built, so that it may be built later and anew.
    pub fn new(folder: Option<&Path>, url: &PublicUrl) -> Self {
        let folder = folder.map(Path::to_owned).or_else(|| cfg!(debug_assertions).then(|| DIST.into()));
        Self { folder, prefix: url.prefix().replace('&', "&amp;") }
    }

    fn read(&self, name: &str) -> Option<EmbeddedFile> {
        match &self.folder {
            Some(folder) => rust_embed::utils::read_file_from_fs(&folder.join(name)).ok(),
            None => Built::get(name),
        }
    }

    /// The file of this name, in the first of these forms that there is.
    fn file(&self, name: &str, forms: &[(ContentEncoding, &str)]) -> Option<Found> {
        let plain = self.read(name)?;
        let kind = plain.metadata.mimetype().to_owned();
        let compressed =
            forms.iter().find_map(|&(encoding, ending)| Some((encoding, self.read(&format!("{name}.{ending}"))?)));
        let (encoding, file) = compressed.map_or((None, plain), |(encoding, file)| (Some(encoding), file));
        let cache = if is_asset(name) { FOR_EVER } else { ASK_AGAIN };
        Some(Found { hash: file.metadata.sha256_hash(), data: file.data, kind, encoding, cache })
    }

    /// The page, made to work below the public path prefix.
    fn page(&self) -> Option<Found> {
        let html = self.read(INDEX)?.data;
        let html = String::from_utf8_lossy(&html).replacen(BASE, &format!("<base href=\"{}/\"", self.prefix), 1);
        Some(Found {
            hash: Sha256::digest(&html).into(),
            data: Cow::Owned(html.into_bytes()),
            kind: "text/html".to_owned(),
            encoding: None,
            cache: ASK_AGAIN,
        })
    }

    fn find(&self, asked: &Asked, forms: &[(ContentEncoding, &str)]) -> Option<Found> {
        match asked {
            Asked::Page => self.page(),
            Asked::File(name) => self.file(name, forms),
            Asked::FileOrPage(name) => self.file(name, forms).or_else(|| self.page()),
        }
    }

    /// For whoever runs the program from its sources and has not built the console.
    fn missing(&self) -> HttpResponse {
        let page = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Duplex</title><p>The console is not built: \
             stop Duplex and start it with <code>make run</code>, or run <code>npm ci &amp;&amp; npm run build</code> in \
             <code>frontend</code> and load this page again.<p>The API is described in its \
             <a href=\"{}/docs/\">documentation</a>.",
            self.prefix
        );
        HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .content_type("text/html; charset=utf-8")
            .body(page)
    }
}

/// What a path asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Page,
    File(String),
    /// A file if there is one of this name; else it is a place in the console.
    FileOrPage(String),
}

impl Asked {
    /// `None` for what is not the console's to answer.
    fn of(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let hidden = |segment: &&str| segment.starts_with('.') || segment.contains(['\\', ':', '\0']);
        if segments.iter().any(hidden) || segments.first().is_some_and(|first| RESERVED.contains(first)) {
            return None;
        }
        let name = segments.join("/");
        let ending = name.rsplit('/').next().and_then(|last| last.rsplit_once('.')).map_or("", |(_, ending)| ending);
        if COMPRESSED.iter().any(|(_, form)| *form == ending) {
            // A form of another file, to be had under that file's name.
            return None;
        }
        Some(if name.is_empty() || name == INDEX {
            Self::Page
        } else if is_asset(&name) || FILE_ENDINGS.contains(&ending) {
            Self::File(name)
        } else {
            Self::FileOrPage(name)
        })
    }
}

fn is_asset(name: &str) -> bool {
    name.split('/').next() == Some(ASSETS)
}

/// The compressed forms that a caller takes, in the order in which the caller likes them.
fn accepted(request: &HttpRequest) -> Vec<(ContentEncoding, &'static str)> {
    let Ok(accept) = AcceptEncoding::parse(request) else { return Vec::new() };
    let quality = |encoding: ContentEncoding| {
        let named = accept.iter().find(|item| item.item == Preference::Specific(Encoding::Known(encoding)));
        named.or_else(|| accept.iter().find(|item| item.item == Preference::Any)).map_or(Quality::ZERO, |it| it.quality)
    };
    let mut forms: Vec<_> = COMPRESSED.into_iter().filter(|(encoding, _)| quality(*encoding) > Quality::ZERO).collect();
    forms.sort_by_key(|(encoding, _)| std::cmp::Reverse(quality(*encoding)));
    forms
}

impl Found {
    fn answer(self, request: &HttpRequest) -> HttpResponse {
        let tag = EntityTag::new_strong(hex::encode(self.hash));
        let known = IfNoneMatch::parse(request).is_ok_and(|known| match known {
            IfNoneMatch::Any => true,
            IfNoneMatch::Items(tags) => tags.iter().any(|one| one.weak_eq(&tag)),
        });
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response
            .insert_header((ETAG, tag.to_string()))
            .insert_header((CACHE_CONTROL, self.cache))
            .insert_header((VARY, "Accept-Encoding"))
            .insert_header((CONTENT_SECURITY_POLICY, CONSOLE_POLICY));
        if known {
            return response.finish();
        }
        if let Some(encoding) = self.encoding {
            response.insert_header((CONTENT_ENCODING, encoding.as_str()));
        }
        let charset = if self.kind.starts_with("text/") { "; charset=utf-8" } else { "" };
        let body = match self.data {
            Cow::Borrowed(data) => web::Bytes::from_static(data),
            Cow::Owned(data) => data.into(),
        };
        response.insert_header((CONTENT_TYPE, self.kind + charset)).body(body)
    }
}

/// Answers what no route answers.
///
/// # Errors
/// [`Code::NotFound`](crate::error::Code::NotFound) for what is not the console's, and for files that it does not have.
pub async fn serve(request: HttpRequest, ctx: web::Data<Context>) -> ApiResult<HttpResponse> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // Without the escapes, as the routes above have seen it.
    let Some(asked) = Asked::of(request.match_info().as_str()).filter(|_| reads) else {
        return unknown_path(request).await;
    };
    let forms = accepted(&request);
    let wants_file = matches!(asked, Asked::File(_));
    let looked = ctx.clone();
    let found = web::block(move || looked.console.find(&asked, &forms)).await.map_err(ApiError::internal)?;
    match found {
        Some(found) => Ok(found.answer(&request)),
        None if cfg!(debug_assertions) && !wants_file => Ok(ctx.console.missing()),
        None => unknown_path(request).await,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn paths_are_files_places_or_not_the_consoles() {
        let file = |name: &str| Some(Asked::File(name.to_owned()));
        let place = |name: &str| Some(Asked::FileOrPage(name.to_owned()));
        for (path, asked) in [
            ("/", Some(Asked::Page)),
            ("//", Some(Asked::Page)),
            ("/index.html", Some(Asked::Page)),
            ("/assets/app-1.js", file("assets/app-1.js")),
            ("/assets", file("assets")),
            ("/favicon.ico", file("favicon.ico")),
            ("/people/jo.doe", place("people/jo.doe")),
            ("/apis", place("apis")),
            ("/api", None),
            ("//api/v2", None),
            ("/hooks/x", None),
            ("/assets/app-1.js.br", None),
            ("/.vite/manifest.json", None),
            ("/assets/../../Cargo.toml", None),
            ("/a\\..\\b", None),
            ("/C:/boot.ini", None),
        ] {
            assert_eq!(Asked::of(path), asked, "{path}");
        }
    }

    #[test]
    fn the_best_form_that_is_accepted_comes_first() {
        let forms = |header: &str| {
            let request = TestRequest::default().insert_header(("accept-encoding", header)).to_http_request();
            accepted(&request).into_iter().map(|(_, ending)| ending).collect::<Vec<_>>()
        };
        assert_eq!(forms("gzip, deflate, br, zstd"), ["br", "gz"]);
        assert_eq!(forms("gzip;q=1.0, br;q=0.5"), ["gz", "br"]);
        assert_eq!(forms("br;q=0, gzip"), ["gz"]);
        assert_eq!(forms("*"), ["br", "gz"]);
        assert_eq!(forms("*;q=0, gzip"), ["gz"]);
        assert!(forms("identity").is_empty());
        assert!(accepted(&TestRequest::default().to_http_request()).is_empty());
    }
}
