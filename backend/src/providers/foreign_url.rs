//! Addresses that are somebody else's, and are shown to a person who looks what is set at the provider.

/// An address without user, password, query and fragment: each of them may be a secret of whoever is called there. What is no
/// address stays as it is, up to the first sign of a query.
pub fn without_secrets(url: &str) -> String {
    let plain = url.split(['?', '#']).next().unwrap_or(url);
    let Some((scheme, rest)) = plain.split_once("://") else { return plain.to_owned() };
    let (authority, path) = rest.split_at(rest.find(['/', '\\']).unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn an_address_is_shown_without_its_secrets() {
        for (url, shown) in [
            ("https://other.example/hook", "https://other.example/hook"),
            ("https://other.example/hook?key=s3cret#s3cret", "https://other.example/hook"),
            ("https://user:s3cret@other.example:8443/hook", "https://other.example:8443/hook"),
            ("https://user:s3cr@et@other.example", "https://other.example"),
            ("https://other.example/mail@home", "https://other.example/mail@home"),
            ("https://other.example?key=a@b", "https://other.example"),
            ("messages, security", "messages, security"),
            ("", ""),
        ] {
            assert_eq!(without_secrets(url), shown, "{url}");
        }
    }
}
