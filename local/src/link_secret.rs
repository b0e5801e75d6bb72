//! The secret that links to review pages are signed with: the configured one, or one that the home keeps.
//!
//! The server and the command `review link` are two processes, and links outlive both: so it lies in a file.

use review::seal::Seal;
use runtime::Config;

use crate::failure::Failure;
use crate::kept_secret::kept_secret;

/// The file's name in the home.
const FILE: &str = "link-secret";

/// What seals links here.
pub(crate) fn seal(config: &Config) -> Result<Seal, Failure> {
    match &config.link_secret {
        Some(secret) => Ok(Seal::new(secret)),
        None => kept_secret(&config.home, FILE).map(|secret| Seal::new(&secret)),
    }
}
