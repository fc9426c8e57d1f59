//! Pages of everything but messages (twilio.md §1.4).

use actix_web::HttpRequest;
use serde_json::{Value, json};

use super::errors::{Twilio, TwilioError};
use super::form::query;

/// Page size unless the caller asks for another.
const PAGE_SIZE: usize = 50;
/// Largest page; more is refused with 20007.
const LARGEST_PAGE: usize = 1_000;

/// The page that the query asks for, with absolute links at `host`; `key` names the items.
pub(super) fn meta_page(request: &HttpRequest, host: &str, key: &str, items: Vec<Value>) -> Twilio<Value> {
    let asked = query(request);
    let size = page_size(asked.get("PageSize"))?;
    let page = asked.get("Page").and_then(|page| page.parse::<usize>().ok()).unwrap_or(0);
    let link = |page: usize| {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        let kept = url::form_urlencoded::parse(request.query_string().as_bytes());
        pairs.extend_pairs(kept.filter(|(name, _)| !matches!(&**name, "PageSize" | "Page" | "PageToken")));
        pairs.append_pair("PageSize", &size.to_string()).append_pair("Page", &page.to_string());
        if page > 0 {
            pairs.append_pair("PageToken", &format!("PT{page}"));
        }
        format!("{host}{}?{}", request.path(), pairs.finish())
    };
    let more = (page + 1).saturating_mul(size) < items.len();
    let shown: Vec<Value> = items.into_iter().skip(page.saturating_mul(size)).take(size).collect();
    Ok(json!({
        key: shown,
        "meta": {
            "page": page,
            "page_size": size,
            "first_page_url": link(0),
            "previous_page_url": page.checked_sub(1).map(link),
            "url": link(page),
            "next_page_url": more.then(|| link(page + 1)),
            "key": key,
        },
    }))
}

/// A page size as callers write one.
pub(super) fn page_size(text: Option<&str>) -> Twilio<usize> {
    let Some(text) = text else { return Ok(PAGE_SIZE) };
    let size = text.parse().ok().filter(|size| (1..=LARGEST_PAGE).contains(size));
    size.ok_or_else(|| TwilioError::new(20_007, "Page size must be between 1 and 1000"))
}
