#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<EndpointUrl, UrlError> {
    EndpointUrl::parse(text, &UrlRules::default())
}

#[test]
fn usual_urls_are_taken_in_their_canonical_form() {
    for (text, canonical, host, port) in [
        (
            "https://hooks.example.com",
            "https://hooks.example.com/",
            "hooks.example.com",
            443,
        ),
        (
            "HTTPS://Hooks.Example.COM:443/A?b=C",
            "https://hooks.example.com/A?b=C",
            "hooks.example.com",
            443,
        ),
        (
            "https://example.com:8443/x",
            "https://example.com:8443/x",
            "example.com",
            8443,
        ),
        (
            "https://example.com:/x",
            "https://example.com/x",
            "example.com",
            443,
        ),
        (
            "https://bücher.example/ü",
            "https://xn--bcher-kva.example/%C3%BC",
            "xn--bcher-kva.example",
            443,
        ),
        (
            "https://faß.example",
            "https://xn--fa-hia.example/",
            "xn--fa-hia.example",
            443,
        ),
        (
            "https://例え.テスト/",
            "https://xn--r8jz45g.xn--zckzah/",
            "xn--r8jz45g.xn--zckzah",
            443,
        ),
        (
            "https://my_host.example.com/",
            "https://my_host.example.com/",
            "my_host.example.com",
            443,
        ),
        (
            "https://example.com/a/../b",
            "https://example.com/b",
            "example.com",
            443,
        ),
        (
            "https://93.184.215.14/x",
            "https://93.184.215.14/x",
            "93.184.215.14",
            443,
        ),
        (
            "https://[2606:4700:4700:0::1111]:8443/",
            "https://[2606:4700:4700::1111]:8443/",
            "2606:4700:4700::1111",
            8443,
        ),
        (
            "https://example.com/?to=a@b.c",
            "https://example.com/?to=a@b.c",
            "example.com",
            443,
        ),
    ] {
        let url = parse(text).unwrap();
        assert_eq!(
            (url.as_str(), url.host(), url.port()),
            (canonical, host, port),
            "{text}"
        );
        assert!(url.is_https());
    }
}

/// What is wrong with a URL, in a word.
fn fault(text: &str) -> &'static str {
    match parse(text) {
        Ok(url) => panic!("{text} was taken as {url:?}"),
        Err(UrlError::TooLong(_)) => "long",
        Err(UrlError::Character { .. }) => "character",
        Err(UrlError::Scheme { .. }) => "scheme",
        Err(UrlError::Credentials) => "credentials",
        Err(UrlError::Fragment) => "fragment",
        Err(UrlError::Malformed(_)) => "malformed",
        Err(UrlError::Notation { .. }) => "notation",
        Err(UrlError::Address(_)) => "address",
        Err(UrlError::Host { .. }) => "host",
        Err(UrlError::Port { .. }) => "port",
    }
}

#[test]
fn odd_urls_are_refused_each_for_its_reason() {
    for (text, expected) in [
        ("", "scheme"),
        ("example.com", "scheme"),
        ("//example.com", "scheme"),
        ("https:example.com", "scheme"),
        ("https:/example.com", "scheme"),
        ("http://example.com", "scheme"),
        ("ftp://example.com", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("javascript://example.com/%0aalert(1)", "scheme"),
        ("https://", "malformed"),
        ("https:///example.com", "malformed"),
        ("https://:443/", "malformed"),
        ("https://?x", "malformed"),
        ("https://example.com:99999/", "malformed"),
        ("https://example.com:4 43/", "character"),
        ("https://exa mple.com/", "character"),
        (" https://example.com/", "character"),
        ("https://example.com/\n", "character"),
        ("ht\ttps://example.com/", "character"),
        ("https://example.com\\@10.0.0.1/", "character"),
        ("https://example.com/\u{0}", "character"),
        ("https://example.com/\u{a0}", "character"),
        ("https://user@example.com/", "credentials"),
        ("https://user:pass@example.com/", "credentials"),
        ("https://@example.com/", "credentials"),
        ("https://example.com@10.0.0.1/", "credentials"),
        ("https://example.com/#top", "fragment"),
        ("https://example.com#@10.0.0.1/", "fragment"),
        ("https://2130706433/", "notation"),
        ("https://0x7f000001/", "notation"),
        ("https://0177.0.0.1/", "notation"),
        ("https://127.1/", "notation"),
        ("https://127.0.0.1./", "notation"),
        ("https://１２７.0.0.1/", "notation"),
        ("https://127。0。0。1/", "notation"),
        ("https://%31%32%37.0.0.1/", "notation"),
        ("https://0x08080808/", "notation"),
        ("https://256.0.0.1/", "malformed"),
        ("https://1.2.3.4.5/", "malformed"),
        ("https://127.0.0.1/", "address"),
        ("https://10.1.2.3/", "address"),
        ("https://169.254.169.254/latest/meta-data/", "address"),
        ("https://[::1]/", "address"),
        ("https://[::ffff:169.254.169.254]/", "address"),
        ("https://[::ffff:7f00:1]/", "address"),
        ("https://[64:ff9b::7f00:1]/", "address"),
        ("https://[fe80::1%25eth0]/", "malformed"),
        ("https://[::1/", "malformed"),
        ("https://example.com./", "host"),
        ("https://example..com/", "host"),
        ("https://.example.com/", "host"),
        ("https://localhost/", "host"),
        ("https://LOCALHOST:8443/", "host"),
        ("https://api.localhost/", "host"),
        ("https://intranet/", "host"),
        ("https://metadata.google.internal/", "host"),
        ("https://printer.local/", "host"),
        ("https://router.home.arpa/", "host"),
        ("https://ⓛocalhost/", "host"),
        ("https://example.com:80/", "port"),
        ("https://example.com:22/", "port"),
        ("https://example.com:0/", "port"),
        ("https://ex<ample.com/", "malformed"),
        ("https://xn--zzzzzz/", "malformed"),
    ] {
        assert_eq!(fault(text), expected, "{text:?}");
    }
}

#[test]
fn what_is_too_long_is_refused_wherever_it_is_long() {
    let long = |length: usize| format!("https://example.com/{}", "x".repeat(length - 20));
    assert!(parse(&long(MAX_URL_BYTES)).is_ok());
    assert_eq!(fault(&long(MAX_URL_BYTES + 1)), "long");
    assert_eq!(fault(&long(10_000)), "long");
    // Percent-encoding makes it three times as long.
    assert_eq!(
        fault(&format!("https://example.com/{}", "ü".repeat(500))),
        "long"
    );
    assert_eq!(
        fault(&format!("https://{}.example.com/", "x".repeat(64))),
        "host"
    );
    assert_eq!(
        fault(&format!("https://{}example.com/", "x.".repeat(130))),
        "host"
    );
    assert!(parse(&format!("https://{}.example.com/", "x".repeat(63))).is_ok());
}

#[test]
fn a_laptop_may_use_http_any_port_and_itself_but_no_address_beside_it() {
    let local = UrlRules::local();
    for text in [
        "http://127.0.0.1:38291/hook",
        "http://localhost:3000/",
        "http://[::1]:9000/",
        "https://example.com:444/",
        "http://example.com/",
    ] {
        let url = EndpointUrl::parse(text, &local).unwrap();
        assert_eq!(url.is_https(), text.starts_with("https"), "{text}");
    }
    for text in [
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://0.0.0.0:80/",
        "http://127.1/",
        "http://intranet/",
        "http://example.com:0/",
        "ftp://127.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
    ] {
        assert!(EndpointUrl::parse(text, &local).is_err(), "{text}");
    }
}

#[test]
fn ports_can_be_allowed_one_by_one() {
    let rules = UrlRules {
        ports: Ports::Only(BTreeSet::from([443, 4430])),
        ..UrlRules::default()
    };
    assert!(EndpointUrl::parse("https://example.com:4430/", &rules).is_ok());
    let error = EndpointUrl::parse("https://example.com:8443/", &rules).unwrap_err();
    assert_eq!(
        error.to_string(),
        "port 8443 is not allowed: expected 443 or 4430"
    );
}

#[test]
fn neither_an_error_nor_debugging_shows_what_follows_the_host() {
    let url = parse("https://hooks.example.com/services/T0/B0/hush?token=hush").unwrap();
    assert!(!format!("{url:?} {}", url.origin()).contains("hush"));
    for text in [
        "https://u:hush@example.com/hush",
        "https://127.1/hush",
        "https://localhost/hush",
        "https://example.com:81/hush",
        "http://example.com/hush",
        "https://example.com:x/hush",
    ] {
        let error = parse(text).unwrap_err().to_string();
        assert!(!error.contains("hush"), "{error}");
    }
}

proptest! {
    #[test]
    fn what_is_taken_is_canonical_and_keeps_to_every_rule(text in "(https?://)?([a-z0-9.:@%\\[\\]-]{1,24}|[0-9a-fx.]{1,16}|\\PC{1,12})(:[0-9]{1,5})?(/\\PC{0,20})?") {
        if let Ok(url) = parse(&text) {
            let again = parse(url.as_str()).unwrap();
            prop_assert_eq!(&again, &url);
            prop_assert!(url.is_https() && [443, 8443].contains(&url.port()));
            prop_assert!(url.as_str().is_ascii() && !url.as_str().contains(['#', '\\', ' ']));
            match url.host().parse::<IpAddr>() {
                Ok(address) => prop_assert_eq!(AddressPolicy::PUBLIC.refusal(address), None),
                Err(_) => prop_assert!(url.host().contains('.') && !url.host().ends_with('.')),
            }
        }
    }

    #[test]
    fn no_notation_of_an_inner_ipv4_address_is_taken(bits in any::<u32>(), form in 0..5_u8) {
        let address = std::net::Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = address.octets();
        let host = match form {
            0 => address.to_string(),
            1 => bits.to_string(),
            2 => format!("{bits:#x}"),
            3 => format!("{a:#o}.{b:#x}.{}", u16::from(c) << 8 | u16::from(d)).replace("0o", "0"),
            _ => format!("[::ffff:{address}]"),
        };
        if let Ok(url) = parse(&format!("https://{host}/")) {
            prop_assert_eq!(form, 0, "{} was taken", host);
            prop_assert_eq!(AddressPolicy::PUBLIC.refusal(url.host().parse().unwrap()), None);
        }
    }
}
