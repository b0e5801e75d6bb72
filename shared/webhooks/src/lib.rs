//! Webhooks, without I/O: which events there are, how they are signed, when a delivery is tried again, and which addresses may be called.
//!
//! Everything here is a function of its arguments: time and random bytes come in. The wire format is Standard Webhooks 1.0.

pub mod address;
pub mod catalogue;
pub mod endpoint;
#[cfg(test)]
mod filled;
mod format;
mod ids;
mod links;
mod moment;
mod payload;
pub mod retry;
mod sign;
mod text;

pub use format::{Format, FormatError};
pub use ids::{DeliveryId, EndpointId, MessageId, WebhookIdError};
pub use links::{ApiRoot, ApiRootError, Link};
pub use moment::{Moment, MomentError};
pub use payload::{MAX_PAYLOAD_BYTES, Payload, PayloadError};
pub use sign::{
    OVERLAP_MS, Received, RotationError, Secret, SecretError, Secrets, SignedHeaders, TOLERANCE_MS,
    VerifyError, sign, verify,
};
pub use text::{Excerpt, Line, Note, Reasons};

/// The page for subscribers: its Rust is compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/webhooks.md")]
struct Page;
