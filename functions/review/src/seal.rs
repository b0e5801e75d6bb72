//! What opens the page of a review: links, cookies and forms that only this server can have made.
//!
//! Each is an HMAC-SHA256 over what it is for, the run, and when it ends; so none stands for another, none is good for another run, and
//! nothing has to be kept. They are compared in a time that doesn't tell where they differ.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{RunId, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// How long a cookie lasts, in milliseconds: half an hour.
pub(crate) const SESSION_MS: u64 = 30 * 60 * 1000;

/// Seals links, cookies and forms by a secret. `Debug` doesn't show it.
#[derive(Clone)]
pub struct Seal(Hmac<Sha256>);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(...)")
    }
}

/// Why a link or a cookie opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Shut {
    /// It is none of ours, or of another run.
    #[error("it wasn't made for this page")]
    Foreign,
    /// It was good once.
    #[error("its time is up")]
    Expired,
}

/// What something sealed is for.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Link,
    Session,
    Form,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Link => "review link",
            Self::Session => "review session",
            Self::Form => "review form",
        }
    }
}

impl Seal {
    /// Seals by a secret. The configuration refuses one that is too short to be any.
    pub fn new(secret: &str) -> Self {
        Self(
            Hmac::new_from_slice(secret.as_bytes())
                .unwrap_or_else(|_| unreachable!("HMAC takes keys of every length")),
        )
    }

    /// The address of a run's page, good until a time; relative to the API's root.
    pub fn link(&self, run: &RunId, until: Timestamp) -> String {
        let signature = self.sealed(Purpose::Link, run, &until.0.to_string());
        format!("/review/{run}?expires={}&signature={signature}", until.0)
    }

    /// Whether an address's two parts were made by [`Self::link`] for this run, and its time isn't up.
    pub(crate) fn opens(
        &self,
        run: &RunId,
        expires: &str,
        signature: &str,
        now: Timestamp,
    ) -> Result<(), Shut> {
        self.check(Purpose::Link, run, expires, signature)?;
        in_time(expires, now)
    }

    /// The value of a cookie that shows a run's page from now on, for [`SESSION_MS`].
    pub(crate) fn session(&self, run: &RunId, now: Timestamp, random: [u8; 16]) -> String {
        let until = now.0 + SESSION_MS;
        let open = format!("{until}.{}", URL_SAFE_NO_PAD.encode(random));
        let signature = self.sealed(Purpose::Session, run, &open);
        format!("{open}.{signature}")
    }

    /// Whether a cookie's value was made by [`Self::session`] for this run, and its time isn't up.
    pub(crate) fn shows(&self, run: &RunId, cookie: &str, now: Timestamp) -> Result<(), Shut> {
        let (open, signature) = cookie.rsplit_once('.').ok_or(Shut::Foreign)?;
        self.check(Purpose::Session, run, open, signature)?;
        in_time(open.split('.').next().unwrap_or_default(), now)
    }

    /// The token of a form on the page that this cookie shows.
    pub(crate) fn form(&self, run: &RunId, cookie: &str) -> String {
        self.sealed(Purpose::Form, run, cookie)
    }

    /// Whether a token is that of a form on the page that this cookie shows.
    pub(crate) fn counts(&self, run: &RunId, cookie: &str, token: &str) -> Result<(), Shut> {
        self.check(Purpose::Form, run, cookie, token)
    }

    fn mac(&self, purpose: Purpose, run: &RunId, what: &str) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        // No part can hold the line feed between them but the last, so no two readings make the same bytes.
        for part in [purpose.name(), "\n", run.as_str(), "\n", what] {
            mac.update(part.as_bytes());
        }
        mac
    }

    fn sealed(&self, purpose: Purpose, run: &RunId, what: &str) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(purpose, run, what).finalize().into_bytes())
    }

    fn check(&self, purpose: Purpose, run: &RunId, what: &str, given: &str) -> Result<(), Shut> {
        let given = URL_SAFE_NO_PAD.decode(given).map_err(|_| Shut::Foreign)?;
        self.mac(purpose, run, what)
            .verify_slice(&given)
            .map_err(|_| Shut::Foreign)
    }
}

fn in_time(until: &str, now: Timestamp) -> Result<(), Shut> {
    let until: u64 = until.parse().map_err(|_| Shut::Foreign)?;
    if now.0 <= until {
        Ok(())
    } else {
        Err(Shut::Expired)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const UNTIL: Timestamp = Timestamp(1_000);

    fn seal() -> Seal {
        Seal::new("a secret of more than thirty-two characters")
    }

    fn parts(link: &str) -> (String, String) {
        let (_, query) = link.split_once("?expires=").unwrap();
        let (expires, signature) = query.split_once("&signature=").unwrap();
        (expires.to_owned(), signature.to_owned())
    }

    #[test]
    fn a_link_opens_its_runs_page_until_its_time_is_up() {
        let run = RunId::new(1, 1);
        let (expires, signature) = parts(&seal().link(&run, UNTIL));
        let opens = |run: &RunId, expires: &str, signature: &str, now| {
            seal().opens(run, expires, signature, Timestamp(now))
        };
        assert_eq!(opens(&run, &expires, &signature, 1_000), Ok(()));
        assert_eq!(opens(&run, &expires, &signature, 1_001), Err(Shut::Expired));
        let foreign = Err(Shut::Foreign);
        let other = RunId::new(1, 2);
        assert_eq!(opens(&other, &expires, &signature, 0), foreign);
        assert_eq!(opens(&run, "2000", &signature, 0), foreign);
        assert_eq!(opens(&run, "01000", &signature, 0), foreign);
        assert_eq!(opens(&run, &expires, "", 0), foreign);
        assert_eq!(opens(&run, &expires, &signature[1..], 0), foreign);
        let other = Seal::new("another secret of more than thirty-two characters");
        let (_, theirs) = parts(&other.link(&run, UNTIL));
        assert_eq!(opens(&run, &expires, &theirs, 0), foreign);
    }

    #[test]
    fn a_cookie_shows_its_runs_page_for_half_an_hour() {
        let run = RunId::new(1, 1);
        let cookie = seal().session(&run, Timestamp(5), [7; 16]);
        let shows = |run: &RunId, cookie: &str, now| seal().shows(run, cookie, Timestamp(now));
        assert_eq!(shows(&run, &cookie, 5 + SESSION_MS), Ok(()));
        assert_eq!(shows(&run, &cookie, 6 + SESSION_MS), Err(Shut::Expired));
        let foreign = Err(Shut::Foreign);
        let other = RunId::new(1, 2);
        assert_eq!(shows(&other, &cookie, 5), foreign);
        assert_eq!(shows(&run, &cookie.replacen('1', "9", 1), 5), foreign);
        assert_eq!(shows(&run, "", 5), foreign);
    }

    #[test]
    fn what_is_sealed_for_one_purpose_is_good_for_no_other() {
        let run = RunId::new(1, 1);
        let (expires, signature) = parts(&seal().link(&run, UNTIL));
        let as_cookie = format!("{expires}.{signature}");
        let shut = Err(Shut::Foreign);
        assert_eq!(seal().shows(&run, &as_cookie, Timestamp(0)), shut);
        assert_eq!(seal().counts(&run, &expires, &signature), shut);
    }

    #[test]
    fn a_forms_token_belongs_to_its_cookie() {
        let run = RunId::new(1, 1);
        let [mine, theirs] = [[1; 16], [2; 16]].map(|random| seal().session(&run, UNTIL, random));
        let token = seal().form(&run, &mine);
        assert_eq!(seal().counts(&run, &mine, &token), Ok(()));
        assert_eq!(seal().counts(&run, &theirs, &token), Err(Shut::Foreign));
        assert_eq!(seal().counts(&run, &mine, ""), Err(Shut::Foreign));
    }

    #[test]
    fn a_seal_doesnt_show_its_secret() {
        assert_eq!(format!("{:?}", seal()), "Seal(...)");
    }
}
