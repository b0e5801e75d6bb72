//! Where the deployed system keeps things.

use super::ConfigError;
use super::variables::Reader;

/// What the deployed functions work with: set when `REELWRIGHT_BUCKET` is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudConfig {
    /// `REELWRIGHT_STATE_TABLE`: the DynamoDB table of runs, tasks and events.
    pub state_table: String,
    /// `REELWRIGHT_CACHE_TABLE`: the DynamoDB table of the cache.
    pub cache_table: String,
    /// `REELWRIGHT_BUCKET`: the S3 bucket of artifacts, uploads and incoming briefs.
    pub bucket: String,
    /// `REELWRIGHT_STATE_MACHINE`: the state machine's ARN, for functions that start or stop executions.
    pub state_machine: Option<String>,
    /// `REELWRIGHT_INTAKE_FAILURES`: the URL of the queue that takes messages that hold no brief.
    pub intake_failures: Option<String>,
    /// `REELWRIGHT_DELIVERY_QUEUE`: the URL of the queue that brings deliveries to the function that makes attempts.
    pub delivery_queue: Option<String>,
    /// `REELWRIGHT_DELIVERY_QUEUE_ASIDE`: the URL of the one that brings those to endpoints that fail.
    pub delivery_queue_aside: Option<String>,
    /// `REELWRIGHT_DELIVERY_WORKERS`: how many of that function may be at work at once (default 1).
    pub delivery_workers: u32,
}

impl CloudConfig {
    /// What the variables say, if there is a bucket.
    pub(super) fn read(env: &Reader<'_>) -> Result<Option<Self>, ConfigError> {
        let Some(bucket) = env.text("REELWRIGHT_BUCKET") else {
            return Ok(None);
        };
        let state_machine = env.text("REELWRIGHT_STATE_MACHINE");
        if let Some(arn) = state_machine
            .as_deref()
            .filter(|arn| !is_state_machine(arn))
        {
            let expected = "expected arn:aws:states:REGION:ACCOUNT:stateMachine:NAME";
            return Reader::wrong("REELWRIGHT_STATE_MACHINE", arn, expected);
        }
        let because = "expected the table's name, because REELWRIGHT_BUCKET is set";
        Ok(Some(Self {
            state_table: env.required("REELWRIGHT_STATE_TABLE", because)?,
            cache_table: env.required("REELWRIGHT_CACHE_TABLE", because)?,
            bucket,
            state_machine,
            intake_failures: env.text("REELWRIGHT_INTAKE_FAILURES"),
            delivery_queue: env.text("REELWRIGHT_DELIVERY_QUEUE"),
            delivery_queue_aside: env.text("REELWRIGHT_DELIVERY_QUEUE_ASIDE"),
            delivery_workers: env.number("REELWRIGHT_DELIVERY_WORKERS", 1.0, 1.0, 1000.0)? as u32,
        }))
    }

    /// The state machine's ARN, for a function that can't do without it.
    pub fn state_machine(&self) -> Result<&str, ConfigError> {
        self.state_machine.as_deref().ok_or_else(|| ConfigError {
            variable: "REELWRIGHT_STATE_MACHINE".to_owned(),
            value: String::new(),
            expected: "expected the state machine's ARN, because this function starts executions"
                .to_owned(),
        })
    }

    /// The URLs of the two queues of deliveries, for a function that can't do without them.
    pub fn delivery_queues(&self) -> Result<(&str, &str), ConfigError> {
        fn named<'a>(url: Option<&'a String>, variable: &str) -> Result<&'a str, ConfigError> {
            url.map(String::as_str).ok_or_else(|| ConfigError {
                variable: variable.to_owned(),
                value: String::new(),
                expected: "expected the URL of an SQS queue, because this function queues webhooks"
                    .to_owned(),
            })
        }
        Ok((
            named(self.delivery_queue.as_ref(), "REELWRIGHT_DELIVERY_QUEUE")?,
            named(
                self.delivery_queue_aside.as_ref(),
                "REELWRIGHT_DELIVERY_QUEUE_ASIDE",
            )?,
        ))
    }

    /// The URL of the queue for messages that hold no brief, for the function that can't do without it.
    pub fn intake_failures(&self) -> Result<&str, ConfigError> {
        self.intake_failures.as_deref().ok_or_else(|| ConfigError {
            variable: "REELWRIGHT_INTAKE_FAILURES".to_owned(),
            value: String::new(),
            expected: "expected the URL of an SQS queue, because this function takes messages in"
                .to_owned(),
        })
    }
}

fn is_state_machine(arn: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    matches!(parts.as_slice(), ["arn", _, "states", _, _, "stateMachine", name] if !name.is_empty())
}
