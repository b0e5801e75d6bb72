//! The HTTP API of webhooks: subscribers' endpoints, their secrets, and the deliveries to them.
//!
//! [`Subscriptions`] does what the routes offer; the command line does the same by it.

mod api;
mod deliveries;
mod endpoints;
mod path;
mod since;
mod subscriptions;
mod view;

pub use api::{openapi, routes, start};
pub use since::{Since, SinceError};
pub use subscriptions::{Replayed, SubscribeError, Subscriptions};
pub use view::{DeliveryView, EndpointView};
