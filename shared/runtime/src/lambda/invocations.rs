//! What a deployed function tells of itself, and when: Lambda lets nothing run between invocations, so all of it happens during one.
//!
//! Each invocation that did something writes one line to the log, from which CloudWatch makes metrics. Figures go to the table, too, and no answer
//! that somebody waits for waits for that: they are written beside the next invocation. Where nobody waits, they are written at the end of the
//! same one. What can't be written in that time goes on beside later invocations, for as long as the instance lives.
//!
//! So the table may lack what an instance did last: the last minute of one that answers events or HTTP, and all of one that answered HTTP, or
//! authorized, a single time. CloudWatch lacks nothing.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

use crate::figures::{Keeper, Source, embedded_metrics};
use crate::{Config, Services, StartError, sdk_config};

/// How often figures go to the table where invocations may be many and short.
const EACH: Duration = Duration::from_mins(1);

/// How long an answer that somebody waits for may wait for figures that are being written beside it: as long as the table mostly takes for all
/// of them, four requests of 5 ms. Cut short, they would be asked for again on another connection, as a freeze costs the one in use.
const BESIDE: Duration = Duration::from_millis(20);

/// How long the end of an invocation that nobody waits for may wait for its figures: ten times what the table mostly takes.
const AFTER: Duration = Duration::from_millis(200);

/// When figures go to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// At the end of every invocation: each takes far longer than that.
    AfterEach,
    /// At the end of an invocation, at most once a minute: nobody waits for the answer.
    AfterAMinute,
    /// Beside an invocation, those of the invocations before it, at most once a minute: somebody waits for the answer.
    BesideTheNext,
}

/// The invocations of this process.
pub(super) struct Invocations {
    keeper: Keeper,
    source: Source,
    kept: Kept,
    writing: Mutex<Writing>,
}

/// Figures on their way to the table.
#[derive(Default)]
struct Writing {
    began: Option<Instant>,
    /// While they are written. It stands still when the process does, and goes on with it.
    task: Option<JoinHandle<()>>,
}

impl Invocations {
    /// Those of a function with this configuration.
    pub(super) async fn new(config: &Config, kept: Kept) -> Result<Self, StartError> {
        let cloud = config.deployed()?;
        let store = cloud.store(&sdk_config().await?);
        let function = std::env::var("AWS_LAMBDA_FUNCTION_NAME");
        let source = Source {
            deployment: cloud.state_table.clone(),
            function: function.unwrap_or_default(),
        };
        let keeper = Keeper::new(store, Services::system_clock());
        Ok(Self::of(keeper, source, kept))
    }

    fn of(keeper: Keeper, source: Source, kept: Kept) -> Self {
        Self {
            keeper,
            source,
            kept,
            writing: Mutex::default(),
        }
    }

    /// Carries an invocation out, and tells what it did. Trouble with that is logged, and no invocation's failure.
    pub(super) async fn run<A>(&self, work: impl Future<Output = A>) -> A {
        if self.kept == Kept::BesideTheNext {
            let began = self.write_if_due();
            let answer = work.await;
            self.tell();
            if began {
                self.wait(BESIDE).await;
            }
            return answer;
        }
        let answer = work.await;
        self.tell();
        if self.write_if_due() {
            self.wait(AFTER).await;
        }
        answer
    }

    /// Writes to the log what was done since the last time.
    fn tell(&self) {
        let figures = self.keeper.take();
        let line = embedded_metrics(&figures, &self.source, Services::system_clock()());
        if let Some(line) = line
            && let Err(error) = writeln!(std::io::stdout().lock(), "{line}")
        {
            tracing::warn!(%error, "metrics can't be written to the log");
        }
    }

    /// Begins to write what waits, unless that goes on already, or isn't due. Whether it began.
    fn write_if_due(&self) -> bool {
        let mut writing = self.writing();
        let going_on = writing
            .task
            .as_ref()
            .is_some_and(|task| !task.is_finished());
        let due = self.kept == Kept::AfterEach
            || writing.began.is_none_or(|began| began.elapsed() >= EACH);
        let begins = due && !going_on && self.keeper.waits();
        if begins {
            let keeper = self.keeper.clone();
            writing.began = Some(Instant::now());
            writing.task = Some(tokio::spawn(async move { keeper.write_or_tell().await }));
        }
        begins
    }

    /// Waits until what is being written is written, but no longer than this.
    async fn wait(&self, patience: Duration) {
        let Some(mut task) = self.writing().task.take() else {
            return;
        };
        if tokio::time::timeout(patience, &mut task).await.is_err() {
            tracing::debug!(
                "the table takes its time: what was recorded is written beside later invocations"
            );
            self.writing().task = Some(task);
        }
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::io::ErrorKind;
    use std::net::TcpListener;

    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
    use monitor::Family;
    use store::{Store, Tables};

    use super::*;

    /// A table that takes what is sent to it, and never answers.
    fn silent_table() -> (TcpListener, Store) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .region(Region::new("eu-central-1"))
            .endpoint_url(format!("http://{}", listener.local_addr().unwrap()))
            .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
            .build();
        (
            listener,
            Store::new(Client::from_conf(config), Tables::default()),
        )
    }

    fn invocations(store: &Store, kept: Kept) -> Invocations {
        let source = Source {
            deployment: "state".to_owned(),
            function: "here".to_owned(),
        };
        let keeper = Keeper::new(store.clone(), Services::system_clock());
        Invocations::of(keeper, source, kept)
    }

    /// An invocation's work, which is recorded.
    fn work(store: &Store) -> u32 {
        let took = Duration::from_millis(5);
        store
            .monitor()
            .record(Family::Route, "GET /v1/runs", took, false);
        7
    }

    /// Waits until the table is asked. The connection stays open while what comes back lives.
    async fn asked(listener: TcpListener) -> tokio::net::TcpStream {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let accepted = tokio::time::timeout(Duration::from_mins(1), listener.accept()).await;
        let connection = accepted.expect("the table was never asked").unwrap().0;
        let read = tokio::time::timeout(Duration::from_mins(1), connection.readable()).await;
        read.expect("nothing was sent to the table").unwrap();
        connection
    }

    #[tokio::test]
    async fn an_answer_waits_for_no_figures_of_its_own() {
        let (listener, store) = silent_table();
        let invocations = invocations(&store, Kept::BesideTheNext);
        assert_eq!(invocations.run(async { work(&store) }).await, 7);
        // Before it answered nobody had so much as knocked at the table.
        assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
        assert!(invocations.keeper.waits());
    }

    #[tokio::test]
    async fn figures_are_written_beside_the_next_invocation_which_answers_though_the_table_is_silent()
     {
        let (listener, store) = silent_table();
        let invocations = invocations(&store, Kept::BesideTheNext);
        invocations.run(async { work(&store) }).await;
        let (connection, answer) = invocations
            .run(async {
                let connection = asked(listener).await;
                (connection, work(&store))
            })
            .await;
        assert_eq!(answer, 7);
        // The table still owes its answer, and what it was told isn't forgotten.
        let going_on = invocations.writing().task.take().unwrap();
        assert!(!going_on.is_finished());
        assert!(invocations.keeper.waits());
        drop(connection);
        going_on.abort();
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_written_at_its_end_and_goes_on_beside_the_next() {
        for kept in [Kept::AfterEach, Kept::AfterAMinute] {
            let (listener, store) = silent_table();
            let invocations = invocations(&store, kept);
            assert_eq!(invocations.run(async { work(&store) }).await, 7);
            let connection = asked(listener).await;
            assert_eq!(invocations.run(async { work(&store) }).await, 7);
            assert!(invocations.keeper.waits());
            let going_on = invocations.writing().task.take().unwrap();
            assert!(!going_on.is_finished());
            drop(connection);
            going_on.abort();
        }
    }
}
