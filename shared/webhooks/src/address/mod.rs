//! Which addresses may be called: public ones only, so that no subscriber's URL reaches into a network.
//!
//! A name is resolved when the connection is made, and what it resolves to is checked there, on the very addresses that are then connected
//! to. A check made earlier could be got round by a name that changes its address in between, or by a redirection.

mod ranges;

use std::net::IpAddr;

pub use ranges::Range;

/// Which addresses may be called beside public ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressPolicy {
    loopback: bool,
}

impl AddressPolicy {
    /// Public addresses only.
    pub const PUBLIC: Self = Self { loopback: false };

    /// Public addresses and this machine itself: for use on a laptop.
    pub const LOCAL: Self = Self { loopback: true };

    /// Whether this machine itself may be called.
    pub const fn allows_loopback(self) -> bool {
        self.loopback
    }

    /// Why an address may not be called; nothing if it may.
    ///
    /// ```
    /// use webhooks::address::{AddressPolicy, Range};
    /// let refused = AddressPolicy::PUBLIC.refusal([169, 254, 169, 254].into());
    /// assert_eq!(refused, Some(Range::LinkLocal));
    /// assert_eq!(AddressPolicy::PUBLIC.refusal([93, 184, 215, 14].into()), None);
    /// ```
    pub fn refusal(self, address: IpAddr) -> Option<Range> {
        match Range::of(address) {
            Some(Range::Loopback) if self.loopback => None,
            range => range,
        }
    }
}

/// Why nothing of what a name resolved to may be called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It resolved to nothing.
    #[error("the host has no address: check its name")]
    Nothing,
    /// All of its addresses are refused.
    #[error("the host resolves to {}: use one that is reached over the public internet", shown(.0))]
    Refused(Vec<(IpAddr, Range)>),
}

fn shown(refused: &[(IpAddr, Range)]) -> String {
    let few = refused.iter().take(4);
    let mut shown: Vec<String> = few
        .map(|(address, range)| format!("{address} ({})", range.name()))
        .collect();
    if refused.len() > shown.len() {
        shown.push(format!("{} more", refused.len() - shown.len()));
    }
    shown.join(", ")
}

/// The addresses that may be connected to, of all that a name resolved to, in their order and each once. A connector calls this when it
/// connects, and connects to nothing else.
///
/// A name that has refused addresses beside public ones is called at the public ones: networks that translate between versions of IP
/// add addresses of their own to everybody's.
pub fn check_resolved(
    resolved: &[IpAddr],
    policy: &AddressPolicy,
) -> Result<Vec<IpAddr>, AddressError> {
    let mut allowed = Vec::new();
    let mut refused = Vec::new();
    for &address in resolved {
        match policy.refusal(address) {
            Some(range) => refused.push((address, range)),
            None if !allowed.contains(&address) => allowed.push(address),
            None => {}
        }
    }
    if !allowed.is_empty() {
        Ok(allowed)
    } else if refused.is_empty() {
        Err(AddressError::Nothing)
    } else {
        Err(AddressError::Refused(refused))
    }
}

#[cfg(test)]
mod tests;
