//! The ranges that are no public addresses: IANA's registries of special-purpose addresses (RFC 6890), of multicast addresses and of
//! IPv6's address space, and what clouds answer at.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is not a public one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Range {
    /// "This network": 0.0.0.0/8 and `::`.
    Unspecified,
    /// This machine.
    Loopback,
    /// RFC 1918.
    Private,
    /// Behind a carrier's translation: RFC 6598.
    CarrierNat,
    /// This link; clouds answer with their metadata at 169.254.169.254.
    LinkLocal,
    /// Unique local addresses: RFC 4193.
    UniqueLocal,
    /// Deprecated private addresses of IPv6: RFC 3879.
    SiteLocal,
    /// Where clouds answer to their machines outside the ranges above.
    CloudMetadata,
    /// Many receivers.
    Multicast,
    /// 255.255.255.255.
    Broadcast,
    /// For examples in texts.
    Documentation,
    /// For measuring: RFC 2544, RFC 5180.
    Benchmarking,
    /// An IPv4 address in IPv6's clothes: mapped, compatible or translated (RFC 4291, RFC 2765).
    Mapped,
    /// An IPv4 address behind a translator: RFC 6052, RFC 8215.
    Nat64,
    /// An IPv4 address in a 6to4 one, or 6to4's relays: RFC 3056, RFC 7526.
    SixToFour,
    /// An IPv4 address in a Teredo one: RFC 4380.
    Teredo,
    /// Not in use, or in use by protocols only.
    Reserved,
}

impl Range {
    /// What it is called in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::CarrierNat => "carrier-grade NAT",
            Self::LinkLocal => "link-local",
            Self::UniqueLocal => "unique local",
            Self::SiteLocal => "site-local",
            Self::CloudMetadata => "cloud metadata",
            Self::Multicast => "multicast",
            Self::Broadcast => "broadcast",
            Self::Documentation => "documentation",
            Self::Benchmarking => "benchmarking",
            Self::Mapped => "IPv4 within IPv6",
            Self::Nat64 => "NAT64",
            Self::SixToFour => "6to4",
            Self::Teredo => "Teredo",
            Self::Reserved => "reserved",
        }
    }

    /// The range that an address lies in; nothing if it is a public one.
    pub(super) fn of(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, d)
}

/// The first range that holds an address counts.
const V4: &[(Ipv4Addr, u32, Range)] = &[
    (v4(0, 0, 0, 0), 8, Range::Unspecified),
    (v4(10, 0, 0, 0), 8, Range::Private),
    (v4(100, 64, 0, 0), 10, Range::CarrierNat),
    (v4(127, 0, 0, 0), 8, Range::Loopback),
    // Azure's agent and its names.
    (v4(168, 63, 129, 16), 32, Range::CloudMetadata),
    (v4(169, 254, 0, 0), 16, Range::LinkLocal),
    (v4(172, 16, 0, 0), 12, Range::Private),
    (v4(192, 0, 0, 0), 24, Range::Reserved),
    (v4(192, 0, 2, 0), 24, Range::Documentation),
    // AS112, AMT and AS112 again: reachable, but no receiver's.
    (v4(192, 31, 196, 0), 24, Range::Reserved),
    (v4(192, 52, 193, 0), 24, Range::Reserved),
    (v4(192, 88, 99, 0), 24, Range::SixToFour),
    (v4(192, 168, 0, 0), 16, Range::Private),
    (v4(192, 175, 48, 0), 24, Range::Reserved),
    (v4(198, 18, 0, 0), 15, Range::Benchmarking),
    (v4(198, 51, 100, 0), 24, Range::Documentation),
    (v4(203, 0, 113, 0), 24, Range::Documentation),
    (v4(224, 0, 0, 0), 4, Range::Multicast),
    (v4(255, 255, 255, 255), 32, Range::Broadcast),
    (v4(240, 0, 0, 0), 4, Range::Reserved),
];

fn of_v4(address: Ipv4Addr) -> Option<Range> {
    let bits = address.to_bits();
    V4.iter()
        .find(|(network, length, _)| (bits ^ network.to_bits()) >> (32 - length) == 0)
        .map(|(_, _, range)| *range)
}

/// The bits of an address that begins with these groups and is zero after them.
const fn v6<const N: usize>(groups: [u16; N]) -> u128 {
    let mut bits = 0;
    let mut at = 0;
    while at < N {
        bits |= (groups[at] as u128) << (112 - 16 * at);
        at += 1;
    }
    bits
}

/// The first range that holds an address counts.
const V6: &[(u128, u32, Range)] = &[
    (v6([0]), 128, Range::Unspecified),
    (v6([0, 0, 0, 0, 0, 0, 0, 1]), 128, Range::Loopback),
    (v6([0]), 96, Range::Mapped),
    (v6([0, 0, 0, 0, 0, 0xffff]), 96, Range::Mapped),
    (v6([0, 0, 0, 0, 0xffff]), 96, Range::Mapped),
    (v6([0x64, 0xff9b]), 96, Range::Nat64),
    (v6([0x64, 0xff9b, 1]), 48, Range::Nat64),
    (v6([0x2001]), 32, Range::Teredo),
    (v6([0x2001, 2]), 48, Range::Benchmarking),
    // What else the IETF gave to protocols: AMT, AS112, ORCHID, remote identification of drones.
    (v6([0x2001]), 23, Range::Reserved),
    (v6([0x2001, 0xdb8]), 32, Range::Documentation),
    (v6([0x2002]), 16, Range::SixToFour),
    (v6([0x2620, 0x4f, 0x8000]), 48, Range::Reserved),
    (v6([0x3fff]), 20, Range::Documentation),
    (v6([0xfc00]), 7, Range::UniqueLocal),
    (v6([0xfe80]), 10, Range::LinkLocal),
    (v6([0xfec0]), 10, Range::SiteLocal),
    (v6([0xff00]), 8, Range::Multicast),
];

/// All public addresses that were ever given out: RFC 4291, "global unicast".
const GLOBAL: (u128, u32) = (v6([0x2000]), 3);

fn of_v6(address: Ipv6Addr) -> Option<Range> {
    let bits = address.to_bits();
    let within = |network: u128, length: u32| (bits ^ network) >> (128 - length) == 0;
    V6.iter()
        .find(|(network, length, _)| within(*network, *length))
        .map(|(_, _, range)| *range)
        .or_else(|| (!within(GLOBAL.0, GLOBAL.1)).then_some(Range::Reserved))
}
