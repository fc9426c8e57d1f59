//! The two cookies of a session. Scripts can't read them.
//!
//! Other sites can't send them, unless the console may stand on another site (`--allowed-origins`): browsers then need
//! cookies that cross sites, and take them over https only. Those are partitioned, so that a browser keeps them apart by
//! the site that it shows, and every change still needs a header that only named origins may send.

use actix_web::cookie::time::Duration as CookieDuration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponseBuilder};
use secrecy::{ExposeSecret, SecretString};

use super::context::{Context, PublicUrl};
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
pub fn set(response: &mut HttpResponseBuilder, ctx: &Context, tokens: &Tokens) {
    let (jar, now) = (Jar::of(ctx), ctx.clock.now());
    let access = jar.cookie(ACCESS, "", tokens.access.expose_secret().to_owned());
    let refresh = jar.cookie(REFRESH, REFRESH_PATH, tokens.refresh.expose_secret().to_owned());
    jar.put(response, access, left(tokens.access_ends, now));
    jar.put(response, refresh, left(tokens.refresh_ends, now));
}

/// Takes both cookies away.
pub fn clear(response: &mut HttpResponseBuilder, ctx: &Context) {
    let jar = Jar::of(ctx);
    for (name, path) in [(ACCESS, ""), (REFRESH, REFRESH_PATH)] {
        jar.put(response, jar.cookie(name, path, String::new()), CookieDuration::ZERO);
    }
}

/// How this installation's cookies are made.
struct Jar<'a> {
    url: &'a PublicUrl,
    across_sites: bool,
}

impl<'a> Jar<'a> {
    fn of(ctx: &'a Context) -> Self {
        let (url, origins) = (&ctx.public_url, &ctx.config.server.allowed_origins);
        Self { url, across_sites: url.is_https() && origins.iter().any(|origin| !url.has_host_of(origin)) }
    }

    fn cookie(&self, name: &'static str, path: &str, value: String) -> Cookie<'static> {
        let path = format!("{}{path}", self.url.prefix());
        Cookie::build(name, value)
            .path(if path.is_empty() { "/".to_owned() } else { path })
            .http_only(true)
            .same_site(if self.across_sites { SameSite::None } else { SameSite::Strict })
            .secure(self.url.is_https())
            .finish()
    }

    fn put(&self, response: &mut HttpResponseBuilder, mut cookie: Cookie<'static>, age: CookieDuration) {
        cookie.set_max_age(age);
        let partitioned = if self.across_sites { "; Partitioned" } else { "" };
        response.append_header((SET_COOKIE, format!("{cookie}{partitioned}")));
    }
}

fn left(ends: Ts, now: Ts) -> CookieDuration {
    CookieDuration::seconds(i64::try_from(ends.since(now).as_secs()).unwrap_or(i64::MAX))
}
