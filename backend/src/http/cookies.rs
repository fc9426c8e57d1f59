//! The two cookies of a session. Scripts can't read them and other sites can't send them.

use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponseBuilder};
use secrecy::{ExposeSecret, SecretString};

use super::context::PublicUrl;
use crate::auth::sessions::Tokens;
use crate::domain::time::Ts;

pub const ACCESS: &str = "duplex_access";
const REFRESH: &str = "duplex_refresh";
/// The refresh token travels to this path only.
const REFRESH_PATH: &str = "/api/v1/session";

/// The refresh token of a request.
pub fn refresh_of(request: &HttpRequest) -> Option<SecretString> {
    request.cookie(REFRESH).map(|cookie| cookie.value().to_owned().into())
}

/// Sets both cookies.
pub fn set(response: &mut HttpResponseBuilder, url: &PublicUrl, tokens: &Tokens, now: Ts) {
    let access = cookie(url, ACCESS, "", tokens.access.expose_secret().to_owned());
    let refresh = cookie(url, REFRESH, REFRESH_PATH, tokens.refresh.expose_secret().to_owned());
    response.cookie(lasting(access, tokens.access_ends, now)).cookie(lasting(refresh, tokens.refresh_ends, now));
}

/// Takes both cookies away.
pub fn clear(response: &mut HttpResponseBuilder, url: &PublicUrl) {
    for (name, path) in [(ACCESS, ""), (REFRESH, REFRESH_PATH)] {
        let mut cookie = cookie(url, name, path, String::new());
        cookie.set_max_age(CookieDuration::ZERO);
        response.cookie(cookie);
    }
}

fn cookie(url: &PublicUrl, name: &'static str, path: &str, value: String) -> Cookie<'static> {
    let path = format!("{}{path}", url.prefix());
    Cookie::build(name, value)
        .path(if path.is_empty() { "/".to_owned() } else { path })
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(url.is_https())
        .finish()
}

fn lasting(mut cookie: Cookie<'static>, ends: Ts, now: Ts) -> Cookie<'static> {
    let secs = i64::try_from(ends.since(now).as_secs()).unwrap_or(i64::MAX);
    cookie.set_max_age(CookieDuration::seconds(secs));
    cookie
}
