#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

/// IANA's IPv4 and IPv6 special-purpose address registries, their multicast blocks, and the deprecated blocks that stacks still know.
const REGISTRIES: &[(&str, Range)] = &[
    ("0.0.0.0/8", Range::Unspecified),
    ("0.0.0.0/32", Range::Unspecified),
    ("10.0.0.0/8", Range::Private),
    ("100.64.0.0/10", Range::CarrierNat),
    ("127.0.0.0/8", Range::Loopback),
    ("169.254.0.0/16", Range::LinkLocal),
    ("172.16.0.0/12", Range::Private),
    ("192.0.0.0/24", Range::Reserved),
    ("192.0.0.0/29", Range::Reserved),
    ("192.0.0.8/32", Range::Reserved),
    ("192.0.0.9/32", Range::Reserved),
    ("192.0.0.10/32", Range::Reserved),
    ("192.0.0.170/32", Range::Reserved),
    ("192.0.0.171/32", Range::Reserved),
    ("192.0.2.0/24", Range::Documentation),
    ("192.31.196.0/24", Range::Reserved),
    ("192.52.193.0/24", Range::Reserved),
    ("192.88.99.0/24", Range::SixToFour),
    ("192.168.0.0/16", Range::Private),
    ("192.175.48.0/24", Range::Reserved),
    ("198.18.0.0/15", Range::Benchmarking),
    ("198.51.100.0/24", Range::Documentation),
    ("203.0.113.0/24", Range::Documentation),
    ("224.0.0.0/4", Range::Multicast),
    ("240.0.0.0/5", Range::Reserved),
    ("255.255.255.255/32", Range::Broadcast),
    ("::1/128", Range::Loopback),
    ("::/128", Range::Unspecified),
    ("::ffff:0:0/96", Range::Mapped),
    ("::ffff:0:0:0/96", Range::Mapped),
    ("64:ff9b::/96", Range::Nat64),
    ("64:ff9b:1::/48", Range::Nat64),
    ("100::/64", Range::Reserved),
    ("100:0:0:1::/64", Range::Reserved),
    ("2001::/32", Range::Teredo),
    ("2001:1::1/128", Range::Reserved),
    ("2001:1::2/128", Range::Reserved),
    ("2001:1::3/128", Range::Reserved),
    ("2001:2::/48", Range::Benchmarking),
    ("2001:3::/32", Range::Reserved),
    ("2001:4:112::/48", Range::Reserved),
    ("2001:10::/28", Range::Reserved),
    ("2001:20::/28", Range::Reserved),
    ("2001:30::/28", Range::Reserved),
    ("2001:db8::/32", Range::Documentation),
    ("2002::/16", Range::SixToFour),
    ("2620:4f:8000::/48", Range::Reserved),
    ("3fff::/20", Range::Documentation),
    ("5f00::/16", Range::Reserved),
    ("fc00::/7", Range::UniqueLocal),
    ("fe80::/10", Range::LinkLocal),
    ("fec0::/10", Range::SiteLocal),
    ("ff00::/8", Range::Multicast),
];

fn refusal(text: &str) -> Option<Range> {
    AddressPolicy::PUBLIC.refusal(text.parse().unwrap())
}

#[test]
fn the_first_and_the_last_address_of_every_special_block_are_refused_by_its_name() {
    for (block, range) in REGISTRIES {
        let (network, length) = block.split_once('/').unwrap();
        let length: u32 = length.parse().unwrap();
        let (first, last): (IpAddr, IpAddr) = match network.parse().unwrap() {
            IpAddr::V4(first) => {
                let rest = u32::MAX.checked_shr(length).unwrap_or(0);
                (
                    first.into(),
                    Ipv4Addr::from_bits(first.to_bits() | rest).into(),
                )
            }
            IpAddr::V6(first) => {
                let rest = u128::MAX.checked_shr(length).unwrap_or(0);
                (
                    first.into(),
                    Ipv6Addr::from_bits(first.to_bits() | rest).into(),
                )
            }
        };
        for address in [first, last] {
            let told = AddressPolicy::PUBLIC.refusal(address);
            assert_eq!(told, Some(*range), "{address} of {block}");
        }
    }
}

#[test]
fn what_lies_beside_a_special_block_is_public() {
    for text in [
        "1.0.0.0",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2001:200::",
        "2001:db7:ffff::1",
        "2001:db9::",
        "2003::1",
        "2606:4700:4700::1111",
        "2620:4f:7fff::1",
        "2620:4f:8001::",
        "3ffe:ffff::1",
        "3fff:1000::",
    ] {
        assert_eq!(refusal(text), None, "{text}");
    }
}

#[test]
fn where_clouds_answer_with_their_metadata_is_refused() {
    for text in [
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
        "fe80::a9fe:a9fe",
        "::ffff:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "2002:a9fe:a9fe::1",
    ] {
        assert!(refusal(text).is_some(), "{text}");
    }
}

#[test]
fn a_laptop_may_call_itself_and_still_nothing_else_that_is_not_public() {
    let local = AddressPolicy::LOCAL;
    for (text, allowed) in [
        ("127.0.0.1", true),
        ("127.255.0.1", true),
        ("::1", true),
        ("8.8.8.8", true),
        ("::ffff:127.0.0.1", false),
        ("::127.0.0.1", false),
        ("10.0.0.1", false),
        ("169.254.169.254", false),
        ("0.0.0.0", false),
        ("::", false),
    ] {
        assert_eq!(
            local.refusal(text.parse().unwrap()).is_none(),
            allowed,
            "{text}"
        );
    }
}

#[test]
fn only_public_addresses_are_connected_to_and_a_name_without_any_is_refused_with_the_reasons() {
    let of = |texts: &[&str]| -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    };
    let check = |texts: &[&str]| check_resolved(&of(texts), &AddressPolicy::PUBLIC);
    assert_eq!(check(&[]), Err(AddressError::Nothing));
    assert_eq!(
        check(&["8.8.8.8", "10.0.0.1", "2606:4700::1111", "8.8.8.8"]),
        Ok(of(&["8.8.8.8", "2606:4700::1111"]))
    );
    let error = check(&["10.0.0.1", "::1"]).unwrap_err().to_string();
    assert!(
        error.contains("10.0.0.1 (private), ::1 (loopback)"),
        "{error}"
    );
    let many = check(&["10.0.0.1"; 9]).unwrap_err().to_string();
    assert!(many.contains("5 more"), "{many}");
}

proptest! {
    #[test]
    fn whatever_the_standard_library_knows_for_special_is_refused(bits in any::<u32>(), block in 0..REGISTRIES.len()) {
        // Half of the addresses drawn lie in a registered block or beside it.
        let near = match REGISTRIES[block].0.split_once('/').unwrap().0.parse() {
            Ok(IpAddr::V4(first)) => Ipv4Addr::from_bits(first.to_bits().wrapping_add(bits >> 16).wrapping_sub(0x100)),
            _ => Ipv4Addr::from_bits(bits.rotate_left(7)),
        };
        for address in [Ipv4Addr::from_bits(bits), near] {
            let special = address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_broadcast()
                || address.is_documentation()
                || address.is_multicast()
                || address.is_unspecified();
            if special {
                prop_assert!(AddressPolicy::PUBLIC.refusal(address.into()).is_some(), "{}", address);
            }
        }
    }

    #[test]
    fn no_ipv4_address_gets_through_in_ipv6s_clothes(bits in any::<u32>(), low in any::<u64>()) {
        let four = Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = four.octets().map(u128::from);
        let embedded = u128::from(bits);
        for six in [
            four.to_ipv6_mapped().to_bits(),
            embedded,
            0xffff_0000_0000_u128 << 16 | embedded,
            0x0064_ff9b_u128 << 96 | embedded,
            // RFC 6052 with prefixes of 48 to 64 bits within the local-use block: the address goes round the ninth octet.
            0x0064_ff9b_0001_u128 << 80 | a << 72 | b << 64 | c << 48 | d << 40,
            0x0064_ff9b_0001_u128 << 80 | (u128::from(low) & 0xff) << 64 | embedded,
            0x2002_u128 << 112 | embedded << 80 | u128::from(low),
            0x2001_0000_u128 << 96 | u128::from(low) << 32 | u128::from(!bits),
        ] {
            let six = Ipv6Addr::from_bits(six);
            prop_assert!(AddressPolicy::PUBLIC.refusal(six.into()).is_some(), "{} as {}", four, six);
        }
    }

    #[test]
    fn outside_the_global_unicast_space_nothing_of_ipv6_is_allowed(bits in any::<u128>()) {
        let address = Ipv6Addr::from_bits(bits);
        let global = address.segments()[0] >> 13 == 1;
        let special = address.is_loopback()
            || address.is_unspecified()
            || address.is_multicast()
            || address.is_unique_local()
            || address.is_unicast_link_local();
        if !global || special {
            prop_assert!(AddressPolicy::PUBLIC.refusal(address.into()).is_some(), "{}", address);
        }
    }

    #[test]
    fn what_is_connected_to_was_resolved_and_is_allowed(
        fours in proptest::collection::vec(any::<u32>(), 0..8),
        sixes in proptest::collection::vec(any::<u128>(), 0..8),
    ) {
        let resolved: Vec<IpAddr> = fours
            .into_iter()
            .map(|bits| Ipv4Addr::from_bits(bits).into())
            .chain(sixes.into_iter().map(|bits| Ipv6Addr::from_bits(bits).into()))
            .collect();
        let policy = AddressPolicy::PUBLIC;
        let public = resolved.iter().any(|address| policy.refusal(*address).is_none());
        match check_resolved(&resolved, &policy) {
            Ok(allowed) => {
                prop_assert!(public && !allowed.is_empty());
                for address in allowed {
                    prop_assert!(resolved.contains(&address) && policy.refusal(address).is_none());
                }
            }
            Err(AddressError::Nothing) => prop_assert!(resolved.is_empty()),
            Err(AddressError::Refused(refused)) => prop_assert!(!public && refused.len() == resolved.len()),
        }
    }
}
