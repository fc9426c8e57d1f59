//! The address of whoever asks. A proxy's word is taken only when the proxy is named in the settings.

use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use ipnet::IpNet;

/// The caller's address: the peer's, or behind trusted proxies the last address in `X-Forwarded-For` that is none of them.
pub fn of(request: &ServiceRequest, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let chain: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    Some(last_untrusted(peer, &chain, trusted))
}

fn last_untrusted(peer: IpAddr, chain: &[&str], trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let mut caller = peer;
    for hop in chain.iter().rev() {
        if !is_trusted(caller) {
            return caller;
        }
        // What can't be read was not written by a proxy of ours: the one before it is as far as we can see.
        let Some(address) = parse(hop) else { return caller };
        caller = address;
    }
    caller
}

/// Some proxies add the port.
fn parse(hop: &str) -> Option<IpAddr> {
    let address = hop.parse().or_else(|_| hop.parse::<std::net::SocketAddr>().map(|with_port| with_port.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(peer: &str, chain: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        last_untrusted(peer.parse().unwrap(), chain, &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(caller("203.0.113.9", &["10.0.0.1"], &[]), "203.0.113.9");
        assert_eq!(caller("203.0.113.9", &["10.0.0.1"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(caller("10.0.0.2", &["1.1.1.1", "203.0.113.9"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(caller("10.0.0.2", &["203.0.113.9:4711", "10.0.0.3"], &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(caller("10.0.0.2", &["203.0.113.9", "rubbish"], &["10.0.0.0/8"]), "10.0.0.2");
    }
}
