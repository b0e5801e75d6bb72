//! A bucket of S3, or of what speaks like it.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{HttpError, HttpErrorKind};
use object_store::{Certificate, ClientOptions, RetryConfig};
use tokio::sync::OnceCell;

use crate::ArtifactError;
use crate::error::system_error;

/// How long one request may take: the largest object is a film of a hundred megabytes or so.
const REQUEST_TIMEOUT: Duration = Duration::from_mins(1);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Retries belong to the workflow; these are for what passes within seconds.
const RETRIES: usize = 3;
const RETRY_TIMEOUT: Duration = Duration::from_secs(30);

/// A bucket, and the client for it once it was needed.
pub(crate) struct Bucket {
    name: String,
    settings: AmazonS3Builder,
    client: OnceCell<AmazonS3>,
}

/// The settings hold credentials, so only the name is shown.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.name).finish()
    }
}

impl Bucket {
    /// The bucket of this name, by these environment variables. `roots` are the only ones that TLS trusts, if given.
    pub(crate) fn new(
        name: &str,
        environment: impl IntoIterator<Item = (String, String)>,
        roots: Option<&str>,
    ) -> Result<Self, ArtifactError> {
        if !is_bucket_name(name) {
            return Err(ArtifactError::BadBucket(name.chars().take(80).collect()));
        }
        let environment: Vec<_> = environment
            .into_iter()
            .filter(|(variable, value)| variable.starts_with("AWS_") && !value.is_empty())
            .collect();
        let is_set = |names: [&str; 2]| {
            environment
                .iter()
                .any(|(variable, _)| names.contains(&variable.as_str()))
        };
        if !is_set(["AWS_REGION", "AWS_DEFAULT_REGION"]) {
            return Err(ArtifactError::NoRegion {
                bucket: name.to_owned(),
            });
        }
        let elsewhere = is_set(["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]);
        let mut options = ClientOptions::new()
            .with_timeout(REQUEST_TIMEOUT)
            .with_connect_timeout(CONNECT_TIMEOUT)
            .with_allow_http(elsewhere);
        if let Some(roots) = roots {
            let certificates = Certificate::from_pem_bundle(roots.as_bytes()).map_err(|error| {
                ArtifactError::io("reading the root certificates", &place(name), &error)
            })?;
            options = options.with_no_system_certificates(true);
            for certificate in certificates {
                options = options.with_root_certificate(certificate);
            }
        }
        // What Lambda and the SDK call `AWS_` and no client knows is passed over.
        let settings = environment
            .into_iter()
            .filter_map(|(variable, value)| {
                let key = variable.to_ascii_lowercase().parse().ok()?;
                Some((key, value))
            })
            .fold(AmazonS3Builder::new(), |settings, (key, value)| {
                settings.with_config(key, value)
            })
            .with_bucket_name(name)
            // Requests name the bucket in their path: other endpoints than Amazon's seldom have a host name for each.
            .with_virtual_hosted_style_request(false)
            .with_client_options(options)
            .with_retry(RetryConfig {
                max_retries: RETRIES,
                retry_timeout: RETRY_TIMEOUT,
                ..RetryConfig::default()
            });
        Ok(Self {
            name: name.to_owned(),
            settings,
            client: OnceCell::new(),
        })
    }

    /// What people know it by.
    pub(crate) fn place(&self) -> String {
        place(&self.name)
    }

    /// The client. Made when it is first needed: reading the system's root certificates takes longer than all else at a start.
    pub(crate) async fn client(&self) -> Result<&AmazonS3, ArtifactError> {
        self.client
            .get_or_try_init(async || {
                // The process may have chosen already; whoever comes second has the same.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let settings = self.settings.clone();
                settings
                    .build()
                    .map_err(|error| self.failed("opening it", &error))
            })
            .await
    }

    /// What an error means here.
    pub(crate) fn failed(
        &self,
        doing: impl Into<String>,
        error: &object_store::Error,
    ) -> ArtifactError {
        let told = error.to_string();
        if told.contains("NoSuchBucket") {
            return ArtifactError::NoBucket {
                bucket: self.name.clone(),
                doing: doing.into(),
            };
        }
        let (kind, hint) = match error {
            object_store::Error::PermissionDenied { .. }
            | object_store::Error::Unauthenticated { .. } => (
                ErrorKind::PermissionDenied,
                ": check the AWS credentials, and what they allow in this bucket",
            ),
            other => (kind_of(other, &told), ""),
        };
        ArtifactError::Io {
            doing: doing.into(),
            place: self.place(),
            reason: told,
            hint,
            kind,
        }
    }
}

/// The variables of this process. Those that aren't text are none of ours.
pub(crate) fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn place(name: &str) -> String {
    format!("bucket {name}")
}

fn is_bucket_name(name: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name
            .bytes()
            .all(|byte| plain(&byte) || b"-.".contains(&byte))
        && [name.as_bytes().first(), name.as_bytes().last()]
            .into_iter()
            .flatten()
            .all(plain)
}

/// What kind of failure lies below: whether it passes is read from this.
fn kind_of(error: &object_store::Error, told: &str) -> ErrorKind {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(http) = error.downcast_ref::<HttpError>() {
            match http.kind() {
                HttpErrorKind::Connect => return ErrorKind::ConnectionRefused,
                HttpErrorKind::Timeout => return ErrorKind::TimedOut,
                HttpErrorKind::Interrupted | HttpErrorKind::Request => {
                    return ErrorKind::Interrupted;
                }
                _ => {}
            }
        }
        next = error.source();
    }
    // The status of an answer is told in no other way.
    if told.contains("status code: 5") || told.contains("status code: 429") {
        return ErrorKind::ResourceBusy;
    }
    system_error(error).map_or(ErrorKind::Other, io::Error::kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_buckets_are_told_from_other_texts() {
        for name in ["abc", "reelwright-123.eu", &"a".repeat(63)] {
            assert!(is_bucket_name(name), "{name}");
        }
        for name in [
            "",
            "ab",
            "-abc",
            "abc.",
            "Abc",
            "a/b/c",
            "a b",
            &"a".repeat(64),
        ] {
            assert!(!is_bucket_name(name), "{name}");
        }
    }
}
