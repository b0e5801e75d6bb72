//! How AWS is reached, and what its ways of failing mean.

use std::io::ErrorKind;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_sdk_bedrockruntime::config::http::HttpResponse;
use aws_sdk_bedrockruntime::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::result::DispatchFailure;

use crate::ProviderError;
use crate::chat::{chain, excerpt};
use crate::purse::Bill;

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(5);

/// Credentials, region and endpoint as the SDK finds them, with one HTTP client for all who share the answer. There are no retries: the
/// workflow retries, and every attempt is paid for by itself.
pub(crate) async fn load() -> Result<SdkConfig, ProviderError> {
    connect(aws_config::defaults(BehaviorVersion::latest())).await
}

/// The same from settings that say some of it.
pub(crate) async fn connect(settings: ConfigLoader) -> Result<SdkConfig, ProviderError> {
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let config = settings
        .http_client(http)
        .retry_config(RetryConfig::disabled())
        .load()
        .await;
    if config.region().is_none() {
        return Err(ProviderError::permanent(
            "aws",
            "no region is set: set AWS_REGION, such as us-west-2",
        ));
    }
    Ok(config)
}

/// The same configuration with a time limit for a service's answers.
pub(crate) fn patient(config: &SdkConfig, seconds: f64) -> SdkConfig {
    let limit = Duration::from_secs_f64(seconds.clamp(0.01, 3600.0));
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT.min(limit))
        .operation_attempt_timeout(limit)
        .operation_timeout(limit)
        .build();
    config
        .to_builder()
        .timeout_config(timeouts)
        .retry_config(RetryConfig::disabled())
        .build()
}

/// What a service is called by, and what helps where it fails.
pub(crate) struct Service<'a> {
    /// Who is asked, for people.
    pub(crate) name: &'a str,
    /// The variable that names the model or the voice.
    pub(crate) chosen_by: &'static str,
    /// The variable that says how long to wait.
    pub(crate) patience: &'static str,
    /// The permission that a call needs.
    pub(crate) permission: &'static str,
}

impl Service<'_> {
    /// What a failed call cost and means. What was answered with an error cost nothing; what got lost on the way, or was answered with
    /// nonsense, may have cost all.
    pub(crate) fn failed<T, E>(&self, error: SdkError<E, HttpResponse>, most_usd: f64) -> Bill<T>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let reached = !matches!(&error, SdkError::ConstructionFailure(_)) && !unreached(&error);
        let answered =
            matches!(&error, SdkError::ServiceError(error) if !error.raw().status().is_success());
        Bill {
            outcome: Err(self.meaning(&error)),
            spent_usd: if reached && !answered { most_usd } else { 0.0 },
        }
    }

    fn meaning<E>(&self, error: &SdkError<E, HttpResponse>) -> ProviderError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        match error {
            SdkError::ServiceError(service) => {
                let status = service.raw().status().as_u16();
                if service.raw().status().is_success() {
                    let told = excerpt(&chain(service.err()));
                    let message =
                        format!("what answered isn't the service ({told}): check AWS_ENDPOINT_URL");
                    return ProviderError::permanent(self.name, message);
                }
                let code = service.err().code().unwrap_or_default();
                self.answered(status, code, service.err().message().unwrap_or_default())
            }
            SdkError::TimeoutError(_) => self.slow(),
            SdkError::DispatchFailure(failure) if failure.is_timeout() => self.slow(),
            SdkError::DispatchFailure(failure) => {
                let told = failure
                    .as_connector_error()
                    .map_or_else(|| error.to_string(), |error| excerpt(&chain(error)));
                if unsent(failure) {
                    let message = format!(
                        "the request could not be sent ({told}): see that AWS credentials are there"
                    );
                    ProviderError::permanent(self.name, message)
                } else {
                    let message = format!(
                        "the connection failed ({told}): check the network, AWS_REGION and AWS_ENDPOINT_URL"
                    );
                    ProviderError::transient(self.name, message)
                }
            }
            SdkError::ResponseError(_) => {
                let told = excerpt(&chain(error));
                ProviderError::transient(self.name, format!("its answer can't be read ({told})"))
            }
            _ => {
                let told = excerpt(&chain(error));
                ProviderError::permanent(
                    self.name,
                    format!(
                        "the request could not be made ({told}): check AWS credentials and {}",
                        self.chosen_by
                    ),
                )
            }
        }
    }

    pub(crate) fn slow(&self) -> ProviderError {
        ProviderError::transient(
            self.name,
            format!("it took too long: try again, or raise {}", self.patience),
        )
    }

    fn answered(&self, status: u16, code: &str, message: &str) -> ProviderError {
        let told = match (code, excerpt(message)) {
            ("", message) => format!("HTTP {status}, {message:?}"),
            (code, message) => format!("{code}, {message:?}"),
        };
        let chosen_by = self.chosen_by;
        match code {
            "ThrottlingException"
            | "TooManyRequestsException"
            | "ServiceQuotaExceededException"
            | "ModelTimeoutException"
            | "ModelNotReadyException"
            | "ModelErrorException"
            | "InternalServerException"
            | "ServiceUnavailableException"
            | "ServiceFailureException" => ProviderError::transient(self.name, told),
            "AccessDeniedException" => ProviderError::permanent(
                self.name,
                format!(
                    "{told}: allow {} to this role and see that the account may use it, or change {chosen_by}",
                    self.permission
                ),
            ),
            "ResourceNotFoundException" => ProviderError::permanent(
                self.name,
                format!(
                    "{told}: it isn't there in this region, or was retired: change {chosen_by} or AWS_REGION"
                ),
            ),
            "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "ExpiredTokenException"
            | "MissingAuthenticationTokenException"
            | "IncompleteSignatureException" => ProviderError::permanent(
                self.name,
                format!("{told}: renew the AWS credentials, and check this machine's clock"),
            ),
            "TextLengthExceededException" | "InvalidSsmlException" => {
                ProviderError::invalid_input(self.name, told)
            }
            "ValidationException" if too_long(message) => ProviderError::invalid_input(
                self.name,
                format!("{told}: shorten the source text, or choose a model with a longer context"),
            ),
            "ValidationException" if filtered(message) => ProviderError::refused(
                self.name,
                format!("{told}: reword the brief, or choose another model"),
            ),
            _ if matches!(status, 408 | 425 | 429 | 500..=599) => {
                ProviderError::transient(self.name, told)
            }
            _ => ProviderError::permanent(self.name, format!("{told}: check {chosen_by}")),
        }
    }
}

fn too_long(message: &str) -> bool {
    let message = message.to_lowercase();
    [
        "too long",
        "too many input tokens",
        "maximum context",
        "exceeds the maximum",
    ]
    .iter()
    .any(|sign| message.contains(sign))
}

fn filtered(message: &str) -> bool {
    let message = message.to_lowercase();
    ["content filter", "content policy", "blocked by"]
        .iter()
        .any(|sign| message.contains(sign))
}

/// Whether a request was never sent, because there was nothing to sign it with or it could not be made.
fn unsent(failure: &DispatchFailure) -> bool {
    // The SDK has no type for this that reaches so far.
    let unsigned = failure
        .as_connector_error()
        .is_some_and(|error| chain(error).contains("credential"));
    failure.is_user() || unsigned
}

/// Whether a request can't have arrived: it was never sent, or no connection ever stood.
fn unreached<E>(error: &SdkError<E, HttpResponse>) -> bool {
    let SdkError::DispatchFailure(failure) = error else {
        return false;
    };
    let connector = failure.as_connector_error();
    let mut cause = connector.map(|error| error as &(dyn std::error::Error + 'static));
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return matches!(
                io.kind(),
                ErrorKind::ConnectionRefused
                    | ErrorKind::HostUnreachable
                    | ErrorKind::NetworkUnreachable
                    | ErrorKind::AddrNotAvailable
            );
        }
        cause = error.source();
    }
    unsent(failure)
}
