//! `reelwright webhooks replay`.

use clap::Args;
use domain::Timestamp;
use runtime::Services;
use subscribe::Subscriptions;
use webhooks::{DeliveryId, EndpointId};

use crate::failure::Failure;
use crate::say;

/// What to send again.
#[derive(Debug, Args)]
pub(crate) struct Replaying {
    /// The delivery's id, as `reelwright webhooks deliveries` prints it
    #[arg(value_parser = DeliveryId::parse, required_unless_present = "failed", conflicts_with = "failed")]
    delivery: Option<DeliveryId>,
    /// All of this endpoint that are exhausted or were stopped, the oldest events first
    #[arg(long, value_name = "ENDPOINT", value_parser = EndpointId::parse, requires = "since")]
    failed: Option<EndpointId>,
    /// Only of events since then: a time such as 2026-11-23T10:00:00Z, or how long ago, such as 90m, 12h or 3d
    #[arg(long, value_name = "TIME", value_parser = Since::parse, requires = "failed")]
    since: Option<Since>,
}

/// A time, or how many milliseconds ago it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Since {
    Time(Timestamp),
    Ago(u64),
}

impl Since {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            "expected a time such as 2026-11-23T10:00:00Z, or how long ago, such as 90m, 12h or 3d"
                .to_owned()
        };
        let unit = match text.chars().last() {
            Some('m') => 60_000,
            Some('h') => 3_600_000,
            Some('d') => 86_400_000,
            _ => {
                return subscribe::Since::parse(text)
                    .map(|at| Self::Time(at.0))
                    .map_err(|_| wrong());
            }
        };
        let number = text.get(..text.len() - 1).unwrap_or_default();
        let ago = number
            .parse::<u64>()
            .ok()
            .filter(|_| !number.starts_with('+'));
        ago.and_then(|ago| ago.checked_mul(unit))
            .map(Self::Ago)
            .ok_or_else(wrong)
    }

    fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Time(at) => at,
            Self::Ago(ago) => Timestamp(now.0.saturating_sub(ago)),
        }
    }
}

pub(super) async fn replay(subscriptions: &Subscriptions, what: Replaying) -> Result<(), Failure> {
    let now = (Services::system_clock())();
    match (what.delivery, what.failed, what.since) {
        (Some(delivery), _, _) => {
            let delivery = subscriptions.replay(&delivery).await?;
            say::answer(format_args!("{} is due now\n", delivery.id))
        }
        (None, Some(endpoint), Some(since)) => {
            replay_failed(subscriptions, &endpoint, since.before(now)).await
        }
        // The command line asks for one or the other.
        (None, _, _) => Err(Failure::input("name a delivery, or --failed and --since")),
    }
}

async fn replay_failed(
    subscriptions: &Subscriptions,
    endpoint: &EndpointId,
    since: Timestamp,
) -> Result<(), Failure> {
    let (mut replayed, mut cursor) = (0, None);
    loop {
        let page = subscriptions
            .replay_failed(endpoint, since, cursor.as_deref())
            .await?;
        replayed += page.replayed;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    say::answer(match replayed {
        0 => format!("nothing since {} has failed\n", since.rfc3339()),
        1 => "1 delivery is due now\n".to_owned(),
        replayed => format!("{replayed} deliveries are due now\n"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_and_so_is_how_long_ago_it_was() {
        let time = Timestamp(1_795_428_000_000);
        for text in [
            "2026-11-23T10:00:00Z",
            "2026-11-23T10:00:00.000Z",
            "2026-11-23T11:00:00+01:00",
        ] {
            assert_eq!(Since::parse(text), Ok(Since::Time(time)), "{text}");
        }
        for (text, ago) in [("90m", 5_400_000), ("12h", 43_200_000), ("3d", 259_200_000)] {
            assert_eq!(Since::parse(text), Ok(Since::Ago(ago)));
            assert_eq!(Since::Ago(ago).before(time), Timestamp(time.0 - ago));
        }
        for wrong in [
            "",
            "d",
            "-3d",
            "+3d",
            "3w",
            "1.5h",
            "yesterday",
            "2026-11-23",
            "99999999999999999d",
            "3é",
        ] {
            assert!(Since::parse(wrong).is_err(), "{wrong}");
        }
    }
}
