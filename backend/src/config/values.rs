//! How the values of settings are read: each gives the value, or says what would be one.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::SecretString;
use url::Url;

use super::Days;
use crate::storage::DatabaseUrl;

pub(super) fn http_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err("an address starts with http:// or https:// and names a host".into());
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err("an address without user, query and fragment".into());
    }
    Ok(url)
}

pub(super) fn origin(text: &str) -> Result<String, String> {
    let origin = http_url(text)?.origin().ascii_serialization();
    if origin == text.trim_end_matches('/') {
        Ok(origin)
    } else {
        Err("an origin has no path, such as https://example.com".into())
    }
}

pub(super) fn console_folder(text: &str) -> Result<PathBuf, String> {
    let folder = PathBuf::from(text);
    if folder.join("index.html").is_file() { Ok(folder) } else { Err("there is no index.html in this folder".into()) }
}

pub(super) fn network(text: &str) -> Result<IpNet, String> {
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "an address or a network, such as 10.0.0.0/8".into())
}

pub(super) fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "an address with a port, such as 127.0.0.1:0".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the simulator listens on loopback addresses only".into())
    }
}

pub(super) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<u32>() {
        Ok(count @ 1..=3_600) => Ok(Duration::from_secs(u64::from(count))),
        _ => Err("a number of seconds from 1 to 3600".into()),
    }
}

pub(super) fn days(text: &str) -> Result<Days, String> {
    match text.parse::<u32>() {
        Ok(0) => Ok(Days(None)),
        Ok(count @ 1..=36_500) => Ok(Days(Some(Duration::from_secs(u64::from(count) * 86_400)))),
        _ => Err("a number of days from 0 to 36500".into()),
    }
}

pub(super) fn rate(text: &str) -> Result<u32, String> {
    match text.parse::<u32>() {
        Ok(count @ 1..=1_000_000) => Ok(count),
        _ => Err("a number from 1 to 1000000".into()),
    }
}

/// In bytes.
pub(super) fn kibibytes(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(count @ 1..=65_536) => Ok(count * 1_024),
        _ => Err("a number of KiB from 1 to 65536".into()),
    }
}

/// In bytes.
pub(super) fn mebibytes(text: &str) -> Result<u64, String> {
    match text.parse::<u64>() {
        Ok(count @ 1..=2_048) => Ok(count * 1_048_576),
        _ => Err("a number of MiB from 1 to 2048".into()),
    }
}

/// Twilio's queue holds a message for up to 36,000 s (twilio.md §2.1), and it may be fetched late.
pub(super) fn link_hours(text: &str) -> Result<Duration, String> {
    match text.parse::<u32>() {
        Ok(count @ 12..=720) => Ok(Duration::from_secs(u64::from(count) * 3_600)),
        _ => Err("a number of hours from 12 to 720".into()),
    }
}

pub(super) fn host_end(text: &str) -> Result<String, String> {
    let name = text.strip_prefix('.').unwrap_or_default();
    let sound =
        name.contains('.') && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b));
    if sound { Ok(text.to_owned()) } else { Err("the end of a host's name, such as .fbcdn.net".into()) }
}

pub(super) fn setup_code(text: &str) -> Result<SecretString, String> {
    if text.trim().chars().count() >= 8 {
        Ok(text.trim().to_owned().into())
    } else {
        Err("at least 8 characters".into())
    }
}

pub(super) fn database(text: &str) -> Result<DatabaseUrl, String> {
    DatabaseUrl::parse(text).map_err(|error| error.to_string())
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    tracing_subscriber::EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}
