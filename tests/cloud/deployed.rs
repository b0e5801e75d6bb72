//! The system as `sam deploy` puts it into the emulated account.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use artifacts::Artifacts;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::Credentials;
use aws_smithy_http_client::Builder;
use cache::{Cache, CacheConfig};
use domain::{Run, RunId, RunState};
use runtime::{Runs, Services, StepFunctions};
use serde::Deserialize;
use serde_json::Value;
use store::{Store, Tables};
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::emulator::Emulator;
use crate::package::package;
use crate::redis::Redis;
use crate::support::Sandbox;
use crate::tools::{output, script, tool};

/// The stack's name.
const STACK: &str = "reelwright";

/// The emulator's region, and both halves of the key of its account.
const REGION: &str = "us-east-1";
const KEY: &str = "test";

/// How long a run may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// What a stack tells of itself.
#[derive(Debug, Deserialize)]
struct Stack {
    outputs: BTreeMap<String, String>,
    resources: BTreeMap<String, String>,
}

/// The ARNs of a function that a test made, and of the role made for it, which has no rights.
#[derive(Debug, Deserialize)]
pub(crate) struct Created {
    pub(crate) function: String,
    pub(crate) role: String,
}

/// The deployed system. All tests share one.
pub(crate) struct Cloud {
    emulator: Emulator,
    /// What the functions share their cache in.
    pub(crate) redis: Redis,
    stack: Stack,
    /// Held alone by tests that break functions, and shared by those that need them whole.
    calm: RwLock<()>,
}

/// The deployed system; who asks first deploys it.
pub(crate) fn cloud() -> &'static Cloud {
    static CLOUD: OnceLock<Cloud> = OnceLock::new();
    CLOUD.get_or_init(Cloud::deploy)
}

impl Cloud {
    fn deploy() -> Self {
        // For the client of S3. Whoever was first is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let emulator = Emulator::start();
        let redis = Redis::start();
        let folder = emulator.folder().join("package");
        let template = package(&folder);
        let mut deploy = Command::new(tool("sam"));
        deploy
            .args([
                "deploy",
                "--stack-name",
                STACK,
                "--resolve-s3",
                "--no-confirm-changeset",
            ])
            .args(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"])
            .args(["--parameter-overrides", "Architecture=x86_64"])
            .arg(format!("CacheUrl={}", redis.url()))
            .arg("--template-file")
            .arg(template)
            .current_dir(&folder);
        output(in_account(&mut deploy, &emulator.endpoint()));
        let stack = output(in_account(
            script("stack.py").arg(STACK),
            &emulator.endpoint(),
        ));
        let stack: Stack = serde_json::from_str(&stack).unwrap();
        let bucket = &stack.outputs["BucketName"];
        output(in_account(
            script("allow_plain_http.py").arg(bucket),
            &emulator.endpoint(),
        ));
        Self {
            emulator,
            redis,
            stack,
            calm: RwLock::new(()),
        }
    }

    /// Waits until nobody breaks anything, and holds that off.
    pub(crate) async fn shared(&self) -> RwLockReadGuard<'_, ()> {
        self.calm.read().await
    }

    /// Waits until nobody else is at work, and lets nobody in.
    pub(crate) async fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        self.calm.write().await
    }

    /// One of the template's outputs.
    pub(crate) fn output(&self, name: &str) -> &str {
        &self.stack.outputs[name]
    }

    /// The physical name of a resource.
    pub(crate) fn resource(&self, id: &str) -> &str {
        &self.stack.resources[id]
    }

    /// The address of all services.
    pub(crate) fn endpoint(&self) -> String {
        self.emulator.endpoint()
    }

    /// What clients of the account need. Not to be shared by tests: a connection lives no longer than the test that opened it.
    pub(crate) async fn sdk(&self) -> SdkConfig {
        aws_config::defaults(BehaviorVersion::latest())
            .http_client(Builder::new().build_http())
            .credentials_provider(Credentials::new(KEY, KEY, None, None, "the suite"))
            .region(Region::new(REGION))
            .endpoint_url(self.endpoint())
            .load()
            .await
    }

    /// The deployed tables.
    pub(crate) async fn store(&self) -> Store {
        Store::new(
            aws_sdk_dynamodb::Client::new(&self.sdk().await),
            Tables {
                state: self.output("StateTableName").to_owned(),
                cache: self.output("CacheTableName").to_owned(),
            },
        )
    }

    /// The deployed bucket's artifacts.
    pub(crate) fn artifacts(&self) -> Artifacts {
        self.artifacts_of(self.output("BucketName"))
    }

    /// The artifacts of a bucket of the account, which need not be there.
    pub(crate) fn artifacts_of(&self, bucket: &str) -> Artifacts {
        let variables = self.variables();
        let environment = variables.map(|(name, value)| (name.to_owned(), value));
        Artifacts::bucket_by(bucket, environment).unwrap()
    }

    /// The way to start runs that the functions use, too.
    pub(crate) async fn runs(&self) -> Runs {
        let executions = StepFunctions::new(
            aws_sdk_sfn::Client::new(&self.sdk().await),
            self.output("StateMachineArn"),
        );
        let clock = Services::system_clock();
        let cache = Cache::builder(&CacheConfig::default(), Arc::clone(&clock)).build();
        Runs {
            store: self.store().await,
            artifacts: self.artifacts(),
            cache: cache.unwrap(),
            executions: Arc::new(executions),
            clock,
        }
    }

    /// The run, once it is over.
    pub(crate) async fn ended(&self, run: &RunId) -> Run {
        let store = self.store().await;
        let since = Instant::now();
        loop {
            let found = store.run(run).await.unwrap();
            if found.state != RunState::Running {
                return found;
            }
            assert!(
                since.elapsed() < PATIENCE,
                "run {run} does not end:\n{}\n{}",
                self.emulator.log(),
                self.logs()
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Sets a variable of a function; an empty value takes it away.
    pub(crate) fn set_variable(&self, id: &str, name: &str, value: &str) {
        let mut command = script("configure.py");
        command.args([self.resource(id), name, value]);
        output(in_account(&mut command, &self.endpoint()));
    }

    /// Makes a function of one executable, which is told a folder in a variable.
    pub(crate) fn create_function(
        &self,
        name: &str,
        executable: &Path,
        variable: &str,
        folder: &Path,
    ) -> Created {
        let mut command = script("create_function.py");
        command.arg(name).arg(executable).arg(variable).arg(folder);
        let created = output(in_account(&mut command, &self.endpoint()));
        serde_json::from_str(&created).unwrap()
    }

    /// Invokes a function, which has to succeed.
    pub(crate) fn invoke(&self, id: &str, event: &Value) -> Value {
        let mut command = script("invoke.py");
        let mut process = in_account(command.arg(self.resource(id)), &self.endpoint())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut asked = process.stdin.take().unwrap();
        asked.write_all(event.to_string().as_bytes()).unwrap();
        drop(asked);
        let answer = process.wait_with_output().unwrap();
        let text = String::from_utf8(answer.stdout).unwrap();
        assert!(answer.status.success(), "{id}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What the command, and functions that run outside of Lambda, have to be told to work with the deployed system.
    pub(crate) fn variables(&self) -> [(&'static str, String); 7] {
        [
            ("REELWRIGHT_BUCKET", self.output("BucketName").to_owned()),
            (
                "REELWRIGHT_STATE_TABLE",
                self.output("StateTableName").to_owned(),
            ),
            (
                "REELWRIGHT_CACHE_TABLE",
                self.output("CacheTableName").to_owned(),
            ),
            ("AWS_ENDPOINT_URL", self.endpoint()),
            ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", KEY.to_owned()),
            ("AWS_REGION", REGION.to_owned()),
        ]
    }

    /// A place in which the command works with the deployed system.
    pub(crate) fn configure(&self, sandbox: Sandbox) -> Sandbox {
        self.variables()
            .into_iter()
            .fold(sandbox, |sandbox, (name, value)| sandbox.with(name, &value))
    }

    /// The functions' log, for whoever looks into a failure.
    pub(crate) fn logs(&self) -> String {
        let group = self.resource("FunctionLogs");
        output(in_account(script("logs.py").arg(group), &self.endpoint()))
    }
}

/// The command in the emulated account, and in no other: nothing of this machine's own configuration is read.
fn in_account<'a>(command: &'a mut Command, endpoint: &str) -> &'a mut Command {
    command
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", KEY)
        .env("AWS_REGION", REGION)
        .env("AWS_DEFAULT_REGION", REGION)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env_remove("AWS_PROFILE")
        .env_remove("AWS_SESSION_TOKEN")
        .env("SAM_CLI_TELEMETRY", "0")
}
