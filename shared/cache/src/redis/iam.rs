//! Signing in to ElastiCache by AWS's identity management.
//!
//! The password is a request to connect, signed (Signature Version 4, in the query): "Authenticating with IAM" in the ElastiCache guide.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4::SigningParams;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Clock;
use crate::config::IamCache;

/// How long a token may be used to sign in; the longest that there is.
const VALID: Duration = Duration::from_mins(15);

/// What RFC 3986 leaves as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Makes tokens.
pub(super) struct Signer {
    cache: IamCache,
    credentials: SharedCredentialsProvider,
    region: String,
    clock: Clock,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer")
            .field("cache", &self.cache)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl Signer {
    pub(super) fn new(
        cache: IamCache,
        credentials: SharedCredentialsProvider,
        region: String,
        clock: Clock,
    ) -> Self {
        Self {
            cache,
            credentials,
            region,
            clock,
        }
    }

    /// A token for one sign-in, or why there is none.
    pub(super) async fn token(&self) -> Result<String, String> {
        let credentials = self
            .credentials
            .provide_credentials()
            .await
            .map_err(|error| format!("there are no AWS credentials: {error}"))?;
        let IamCache {
            name,
            serverless,
            user,
        } = &self.cache;
        let user = utf8_percent_encode(user, RESERVED);
        let mut url = format!("http://{name}/?Action=connect&User={user}");
        if *serverless {
            url.push_str("&ResourceType=ServerlessCache");
        }
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(VALID);
        let identity = credentials.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("elasticache")
            .time(SystemTime::UNIX_EPOCH + Duration::from_millis((self.clock)().0))
            .settings(settings)
            .build()
            .map_err(|error| error.to_string())?
            .into();
        let request =
            SignableRequest::new("GET", &url, std::iter::empty(), SignableBody::Bytes(&[]))
                .map_err(|error| error.to_string())?;
        let (instructions, _) = sign(request, &params)
            .map_err(|error| error.to_string())?
            .into_parts();
        for (parameter, value) in instructions.params() {
            let value = utf8_percent_encode(value, RESERVED);
            // Nobody can fail to append to a text.
            let _ = write!(url, "&{parameter}={value}");
        }
        Ok(url.replacen("http://", "", 1))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::sync::Arc;

    use aws_credential_types::Credentials;
    use domain::Timestamp;

    use super::*;

    /// Signatures as botocore 1.40 makes them (`SigV4QueryAuth`), of the credentials that AWS's own examples use.
    #[tokio::test]
    async fn tokens_are_signed_as_the_sdk_for_python_signs_them() {
        for (serverless, session, signature) in [
            (
                false,
                None,
                "d4193bdf5f4a4e42a14de0b297837b9aa7ad3329b51ccb7b9d2958a4cb21c187",
            ),
            (
                true,
                None,
                "3d9a7f4fc7cf59f6e27df31cc83e31967733cdb7c64bbd52101906b36f49752d",
            ),
            (
                true,
                Some("session/token=="),
                "e536d5f69eae5e959a98c5c4f99592c286ed9f69c6c57c725695675792357d8b",
            ),
        ] {
            let credentials = Credentials::new(
                "AKIDEXAMPLE",
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                session.map(ToOwned::to_owned),
                None,
                "a test",
            );
            let cache = IamCache {
                name: "films".to_owned(),
                serverless,
                user: "app".to_owned(),
            };
            let signer = Signer::new(
                cache,
                SharedCredentialsProvider::new(credentials),
                "eu-central-1".to_owned(),
                Arc::new(|| Timestamp(1_795_428_000_000)),
            );
            let token = signer.token().await.unwrap();
            assert!(
                token.starts_with("films/?Action=connect&User=app"),
                "{token}"
            );
            assert!(
                token.contains(&format!("&X-Amz-Signature={signature}")),
                "{token}"
            );
            assert!(!format!("{signer:?}").contains("wJalr"));
        }
    }
}
