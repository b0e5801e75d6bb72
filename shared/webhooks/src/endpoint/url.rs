//! Where an endpoint is.

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::address::{AddressPolicy, Range};

/// The longest URL, in bytes.
pub const MAX_URL_BYTES: usize = 2048;

/// The longest name of a host, and the longest part of one between dots: RFC 1035, section 2.3.4.
const MAX_HOST: usize = 253;
const MAX_LABEL: usize = 63;

/// Names that lead into a network or nowhere: RFC 6761, 6762, 7686, 8375, 9476 and ICANN's `internal`.
const INSIDE: [&str; 7] = [
    "localhost",
    "local",
    "internal",
    "home.arpa",
    "onion",
    "alt",
    "invalid",
];

/// Which ports may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ports {
    /// These.
    Only(BTreeSet<u16>),
    /// Every one.
    Any,
}

/// What URLs must keep to. A deployment decides, and decides anew for endpoints that are there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlRules {
    /// Whether `http` is allowed beside `https`.
    pub http: bool,
    /// Which ports are allowed.
    pub ports: Ports,
    /// Which addresses are allowed.
    pub addresses: AddressPolicy,
}

impl Default for UrlRules {
    /// `https` at ports 443 and 8443 of public addresses.
    fn default() -> Self {
        Self {
            http: false,
            ports: Ports::Only(BTreeSet::from([443, 8443])),
            addresses: AddressPolicy::PUBLIC,
        }
    }
}

impl UrlRules {
    /// For use on a laptop: `http` too, at every port, and of this machine too.
    pub const fn local() -> Self {
        Self {
            http: true,
            ports: Ports::Any,
            addresses: AddressPolicy::LOCAL,
        }
    }
}

/// Why a URL can't be an endpoint's. What follows the host isn't told: with some receivers it is a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Too long.
    #[error("it has {0} bytes: expected at most {MAX_URL_BYTES}")]
    TooLong(usize),
    /// A character that has no business in a URL.
    #[error("character {at} is {character:?}: leave it out, or write it percent-encoded")]
    Character {
        /// Which character, from 1.
        at: usize,
        /// The character.
        character: char,
    },
    /// Not a scheme that is allowed.
    #[error("it must begin with {}", if *.http { "https:// or http://" } else { "https:// (http is for local use, and switched on by whoever runs Reelwright)" })]
    Scheme {
        /// Whether http is allowed.
        http: bool,
    },
    /// A user name or a password.
    #[error("it holds a user name or a password: leave them out; the signature says who sends")]
    Credentials,
    /// A fragment.
    #[error("it has a fragment ('#'), which is never sent: leave it out")]
    Fragment,
    /// No URL.
    #[error("it is no URL: {0}")]
    Malformed(String),
    /// An address in a notation that hides it.
    #[error(
        "the host {written:?} is the address {address} in an unusual notation: write the host's name"
    )]
    Notation {
        /// As it was written.
        written: String,
        /// What it means.
        address: IpAddr,
    },
    /// An address that may not be called.
    #[error("the host is a {range} address, which is not reached over the public internet: use a public host", range = .0.name())]
    Address(Range),
    /// A name that may not be called, or can't be one.
    #[error("the host {host:?} {why}")]
    Host {
        /// The host, shortened.
        host: String,
        /// What is wrong with it, and what to do.
        why: &'static str,
    },
    /// A port that may not be called.
    #[error("port {port} is not allowed: expected {expected}")]
    Port {
        /// The port.
        port: u16,
        /// Those that are.
        expected: String,
    },
}

/// A URL that keeps to the rules, in its canonical form. `Debug` doesn't show what follows the host.
///
/// ```
/// use webhooks::endpoint::{EndpointUrl, UrlRules};
/// let url = EndpointUrl::parse("https://Bücher.example/a b", &UrlRules::default());
/// assert!(url.is_err(), "a blank");
/// let url = EndpointUrl::parse("https://Bücher.example:443/hook?key=1", &UrlRules::default())?;
/// assert_eq!(url.as_str(), "https://xn--bcher-kva.example/hook?key=1");
/// assert_eq!(format!("{url:?}"), "EndpointUrl(https://xn--bcher-kva.example/...)");
/// # Ok::<(), webhooks::endpoint::UrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct EndpointUrl {
    url: Url,
    host: String,
    port: u16,
}

impl EndpointUrl {
    /// Reads a URL. What browsers mend (blanks, backslashes, missing slashes, odd notations of addresses) is refused here: nobody means it.
    pub fn parse(text: &str, rules: &UrlRules) -> Result<Self, UrlError> {
        if text.len() > MAX_URL_BYTES {
            return Err(UrlError::TooLong(text.len()));
        }
        let out_of_place =
            |&(_, c): &(usize, char)| c.is_whitespace() || c.is_control() || c == '\\';
        if let Some((at, character)) = (1..).zip(text.chars()).find(out_of_place) {
            return Err(UrlError::Character { at, character });
        }
        let authority = authority(text, rules.http)?;
        if authority.contains('@') {
            return Err(UrlError::Credentials);
        }
        if text.contains('#') {
            return Err(UrlError::Fragment);
        }
        let url = Url::parse(text).map_err(|error| UrlError::Malformed(error.to_string()))?;
        if url.as_str().len() > MAX_URL_BYTES {
            return Err(UrlError::TooLong(url.as_str().len()));
        }
        let host = match url.host() {
            Some(Host::Ipv4(address)) => {
                // A port can only follow digits and dots here.
                let written = authority.split(':').next().unwrap_or_default();
                if written != address.to_string() {
                    return Err(UrlError::Notation {
                        written: shortened(written),
                        address: address.into(),
                    });
                }
                check_address(address.into(), rules.addresses)?
            }
            Some(Host::Ipv6(address)) => check_address(address.into(), rules.addresses)?,
            Some(Host::Domain(name)) => {
                check_name(name, rules.addresses)?;
                name.to_owned()
            }
            None => return Err(UrlError::Malformed("it has no host".to_owned())),
        };
        let port = url.port_or_known_default().unwrap_or_default();
        check_port(port, &rules.ports)?;
        Ok(Self { url, host, port })
    }

    /// The whole URL.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    /// The host: a name in ASCII, or an address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether the connection is encrypted.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Scheme, host and port: for logs and lists.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

impl fmt::Debug for EndpointUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EndpointUrl({}/...)", self.origin())
    }
}

/// What stands between the two slashes and the path.
fn authority(text: &str, http: bool) -> Result<&str, UrlError> {
    let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme { http })?;
    let allowed =
        scheme.eq_ignore_ascii_case("https") || http && scheme.eq_ignore_ascii_case("http");
    if !allowed {
        return Err(UrlError::Scheme { http });
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() {
        return Err(UrlError::Malformed("it has no host".to_owned()));
    }
    Ok(authority)
}

fn check_address(address: IpAddr, policy: AddressPolicy) -> Result<String, UrlError> {
    match policy.refusal(address) {
        Some(range) => Err(UrlError::Address(range)),
        None => Ok(address.to_string()),
    }
}

/// A name is checked again when it is resolved: what it resolves to is what counts. This catches what can only be a mistake.
fn check_name(name: &str, policy: AddressPolicy) -> Result<(), UrlError> {
    let wrong = |why| {
        Err(UrlError::Host {
            host: shortened(name),
            why,
        })
    };
    if name.ends_with('.') {
        return wrong("ends with a dot: leave it out");
    }
    let labels_fit = name
        .split('.')
        .all(|label| (1..=MAX_LABEL).contains(&label.len()));
    if !labels_fit || name.len() > MAX_HOST {
        return wrong(
            "can't be a host's name: expected at most 253 characters, and 1 to 63 between dots",
        );
    }
    let is_below = |zone: &str| {
        name.strip_suffix(zone)
            .is_some_and(|above| above.is_empty() || above.ends_with('.'))
    };
    if is_below("localhost") && policy.allows_loopback() {
        return Ok(());
    }
    if INSIDE.into_iter().any(is_below) {
        return wrong("is known inside a network only: use a public host");
    }
    if !name.contains('.') {
        return wrong("has no domain: write its full name, such as hooks.example.com");
    }
    Ok(())
}

fn check_port(port: u16, ports: &Ports) -> Result<(), UrlError> {
    match ports {
        Ports::Any if port != 0 => Ok(()),
        Ports::Only(allowed) if allowed.contains(&port) => Ok(()),
        Ports::Any => Err(UrlError::Port {
            port,
            expected: "1 to 65535".to_owned(),
        }),
        Ports::Only(allowed) => Err(UrlError::Port {
            port,
            expected: allowed
                .iter()
                .map(u16::to_string)
                .collect::<Vec<_>>()
                .join(" or "),
        }),
    }
}

fn shortened(host: &str) -> String {
    host.chars().take(80).collect()
}

#[cfg(test)]
mod tests;
