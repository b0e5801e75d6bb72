//! A request, from the level in the process to the source.

use std::any::Any;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::Timestamp;
use tokio::time::{Instant, timeout};

use crate::answer::{Answer, Made, Origin};
use crate::cache::{Cache, Inner};
use crate::entry::{Body, Entry};
use crate::flights::{Landed, Leader, Seat};
use crate::generations::Seen;
use crate::l1::Held;
use crate::look::{Lease, Looked};
use crate::shared::Shared;
use crate::stats::KindCounters;
use crate::{Kind, Name, Policy, Tag, envelope};

impl Cache {
    /// The value of a key: from this process, from the shared level, from whoever is asking the source just now, or from the source.
    ///
    /// The key must say everything that the value depends on; it may be of any length and hold any bytes. The value hangs on `tags`. `compute` asks
    /// the source, at most once; with requests for the same key in this process and others, it is asked for all of them by one, as far as their
    /// waiting is within the policy's limits. If it fails, an old value stands in where the policy allows that, marked by [`Origin::Stale`].
    /// The cache's own troubles fail no request: they are counted, and cost at most the time that the policy gives the shared level.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// use std::sync::Arc;
    /// use cache::{Cache, CacheConfig, Kind, Made, Origin, Tag};
    /// use domain::Timestamp;
    ///
    /// let clock = Arc::new(|| Timestamp(1_795_428_000_000));
    /// let cache = Cache::builder(&CacheConfig::default(), clock).build()?;
    /// for origin in [Origin::Source, Origin::L1] {
    ///     let answer = cache
    ///         .get_or_compute(Kind::LlmResponse, "prompt", &[Tag::provider("openai")], || async {
    ///             Ok::<_, std::io::Error>(Made::new("text".into()).costing(0.002))
    ///         })
    ///         .await?;
    ///     assert_eq!((answer.value.as_deref(), answer.origin), (Some(&b"text"[..]), origin));
    /// }
    /// assert_eq!(cache.snapshot().of(Kind::LlmResponse).saved_usd, 0.002);
    /// # Ok(()) })
    /// # }
    /// ```
    pub async fn get_or_compute<E, F>(
        &self,
        kind: Kind,
        key: impl AsRef<[u8]>,
        tags: &[Tag],
        compute: impl FnOnce() -> F,
    ) -> Result<Answer, Arc<E>>
    where
        E: Error + Send + Sync + 'static,
        F: Future<Output = Result<Made, E>>,
    {
        let begun = std::time::Instant::now();
        let request = Request::new(&self.0, kind, key.as_ref(), tags);
        let answer = request.answer(compute).await;
        if let Some(timing) = &self.0.timing {
            timing.record(kind, &answer, begun.elapsed());
        }
        answer
    }
}

/// One request.
pub(crate) struct Request<'a> {
    pub(crate) cache: &'a Inner,
    pub(crate) name: Name,
    pub(crate) tags: &'a [Tag],
    pub(crate) policy: &'a Policy,
    pub(crate) counters: &'a KindCounters,
}

impl<'a> Request<'a> {
    fn new(cache: &'a Inner, kind: Kind, key: &[u8], tags: &'a [Tag]) -> Self {
        Self {
            cache,
            name: Name::new(kind, key),
            tags,
            policy: cache.policies.of(kind),
            counters: cache.counters.of(kind),
        }
    }

    /// From the process, from a flight under way, or from one of its own.
    async fn answer<E, F>(&self, compute: impl FnOnce() -> F) -> Result<Answer, Arc<E>>
    where
        E: Error + Send + Sync + 'static,
        F: Future<Output = Result<Made, E>>,
    {
        if !self.cache.on {
            return self.only_ask(compute).await;
        }
        if let Some(answer) = self.answer_from_l1().await {
            return Ok(answer);
        }
        let until = Instant::now() + self.wait();
        loop {
            let passenger = match self.cache.flights.board(self.name) {
                Seat::Leader(leader) => return self.lead(leader, compute).await,
                Seat::Passenger(passenger) => passenger,
            };
            let left = until.saturating_duration_since(Instant::now());
            match timeout(left, passenger.landed()).await {
                Ok(Some(landed)) => match self.join(landed) {
                    Some(answer) => return answer,
                    None => break,
                },
                // Its leader was dropped: board the next one.
                Ok(None) => {}
                Err(_) => break,
            }
        }
        // The flight goes on without this request, or brought something that it can't read.
        self.counters.misses.add(1);
        let seen = self.seen();
        self.fly(seen, None, None, compute).await
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.cache.clock)()
    }

    pub(crate) fn wait(&self) -> Duration {
        Duration::from_millis(self.policy.wait_ms)
    }

    fn seen(&self) -> Seen {
        self.cache.generations.now(&self.name, self.tags)
    }

    /// Asks the source, and keeps nothing.
    async fn only_ask<E, F>(&self, compute: impl FnOnce() -> F) -> Result<Answer, Arc<E>>
    where
        E: Error + Send + Sync + 'static,
        F: Future<Output = Result<Made, E>>,
    {
        self.counters.misses.add(1);
        let compute = || async { compute().await.map(Made::passing) };
        self.fly(self.seen(), None, None, compute).await
    }

    /// What the process holds and knows nothing against.
    fn held(&self) -> Option<Arc<Held>> {
        let held = self.cache.l1.get(&self.name)?;
        self.cache.generations.unchanged(&held.seen).then_some(held)
    }

    async fn answer_from_l1(&self) -> Option<Answer> {
        let held = self.held()?;
        let now = self.now();
        if now >= held.believed_until || !held.entry.is_fresh(now, self.policy) {
            return None;
        }
        self.hit_in_l1(&held.entry).await
    }

    async fn hit_in_l1(&self, entry: &Entry) -> Option<Answer> {
        let value = self.value_of(&entry.body).await?;
        self.counters.l1_hits.add(1);
        Some(self.hand_out(entry, value, Origin::L1))
    }

    /// Answers for all that wait for the flight.
    async fn lead<E, F>(
        &self,
        leader: Leader<'_>,
        compute: impl FnOnce() -> F,
    ) -> Result<Answer, Arc<E>>
    where
        E: Error + Send + Sync + 'static,
        F: Future<Output = Result<Made, E>>,
    {
        let answer = self.look_and_fly(compute).await;
        leader.land(match &answer {
            Ok(answer) => Landed::Answer(answer.clone()),
            Err(error) => Landed::Failure(Arc::clone(error) as Arc<dyn Any + Send + Sync>),
        });
        answer
    }

    async fn look_and_fly<E, F>(&self, compute: impl FnOnce() -> F) -> Result<Answer, Arc<E>>
    where
        E: Error + Send + Sync + 'static,
        F: Future<Output = Result<Made, E>>,
    {
        // Another flight may have landed between the first look and this one.
        if let Some(answer) = self.answer_from_l1().await {
            return Ok(answer);
        }
        let seen = self.seen();
        let mut old = self.held().map(|held| held.entry.clone());
        let mut shared = self
            .cache
            .shared
            .as_ref()
            .and_then(|circuit| Shared::new(circuit, self.policy, self.counters));
        let mut lease = None;
        if let Some(shared) = &mut shared {
            match self.look(shared).await {
                Looked::Hit(entry, value) => {
                    self.counters.l2_hits.add(1);
                    let answer = self.hand_out(&entry, value, Origin::L2);
                    self.hold(entry, seen);
                    return Ok(answer);
                }
                Looked::Absent(absent) => {
                    self.counters.misses.add(1);
                    lease = absent.lease;
                    // What the process holds beyond its time may be what another one removed since.
                    old = absent.old;
                }
                Looked::Silent => {
                    let fresh = old.as_ref().filter(|entry| {
                        self.policy.outlasts_outage && entry.is_fresh(self.now(), self.policy)
                    });
                    if let Some(entry) = fresh
                        && let Some(answer) = self.hit_in_l1(entry).await
                    {
                        return Ok(answer);
                    }
                    self.counters.unanswered.add(1);
                }
            }
        } else {
            self.counters.misses.add(1);
        }
        self.fly(seen, old, shared.zip(lease), compute).await
    }

    /// Asks the source.
    async fn fly<E, F>(
        &self,
        seen: Seen,
        old: Option<Entry>,
        leased: Option<(Shared<'_>, Lease)>,
        compute: impl FnOnce() -> F,
    ) -> Result<Answer, Arc<E>>
    where
        E: Error + Send + Sync + 'static,
        F: Future<Output = Result<Made, E>>,
    {
        let start = Instant::now();
        let made = compute().await;
        let source_ms = u32::try_from(start.elapsed().as_millis()).unwrap_or(u32::MAX);
        match made {
            Ok(made) => Ok(self.keep(made, source_ms, seen, leased).await),
            Err(error) => {
                self.counters.source_errors.add(1);
                if let Some((mut shared, lease)) = leased {
                    self.release(&mut shared, &lease).await;
                }
                self.stand_in(old, &error).await.ok_or(Arc::new(error))
            }
        }
    }

    /// Keeps what the source made, and answers with it.
    async fn keep(
        &self,
        made: Made,
        source_ms: u32,
        seen: Seen,
        leased: Option<(Shared<'_>, Lease)>,
    ) -> Answer {
        let now = self.now();
        let answer = Answer {
            value: made.value.clone(),
            origin: Origin::Source,
            made_at: now,
            source_ms,
            price_nanos: made.price_nanos,
        };
        let body = if made.keep {
            self.body_of(made.value).await
        } else {
            None
        };
        let Some(body) = body else {
            if let Some((mut shared, lease)) = leased {
                self.release(&mut shared, &lease).await;
            }
            return answer;
        };
        let mut entry = Entry::new(body, now, self.policy, self.spread(now));
        entry.source_ms = source_ms;
        entry.price_nanos = made.price_nanos;
        if let Some((mut shared, lease)) = leased {
            entry.tags.clone_from(&lease.tags);
            let keep = Duration::from_millis(entry.stale_until.since(now) + 1000);
            let envelope = envelope::seal(&self.name, &entry);
            let bytes = envelope.len() as u64;
            let put = shared
                .level()
                .put(&self.name, &lease.holder, envelope, keep);
            match shared.ask(put).await {
                Some(true) => self.counters.bytes_written.add(bytes),
                Some(false) => self.counters.fenced.add(1),
                None => {}
            }
        }
        self.hold(entry, seen);
        answer
    }

    /// What differs from value to value, for jitter.
    fn spread(&self, now: Timestamp) -> u64 {
        let [.., a, b, c, d] = *self.name.digest();
        u64::from(u32::from_le_bytes([a, b, c, d])) ^ now.0
    }

    async fn release(&self, shared: &mut Shared<'_>, lease: &Lease) {
        let release = shared.level().release(&self.name, &lease.holder);
        shared.ask(release).await;
    }

    /// Keeps an entry in the process.
    fn hold(&self, entry: Entry, seen: Seen) {
        // Without a shared level nobody else can invalidate anything; what must not outlast an outage is asked for again all the same.
        let alone = self.cache.shared.is_none() && self.policy.outlasts_outage;
        let believed_until = if alone {
            entry.fresh_until
        } else {
            Timestamp(self.now().0 + self.policy.l1_ms)
        };
        let held = Held {
            entry,
            believed_until,
            seen,
        };
        self.cache.l1.put(self.name, held);
    }

    /// An old value in place of a source that failed.
    async fn stand_in(
        &self,
        old: Option<Entry>,
        error: &(dyn Error + Send + Sync),
    ) -> Option<Answer> {
        let entry = old.filter(|entry| entry.may_stand_in(self.now(), self.policy))?;
        let value = self.value_of(&entry.body).await?;
        self.counters.stale.add(1);
        Some(Answer {
            value,
            origin: Origin::Stale(error.to_string().into()),
            made_at: entry.made_at,
            source_ms: entry.source_ms,
            price_nanos: entry.price_nanos,
        })
    }

    /// Answers with what another request's flight brought; nothing if that is an error of another type.
    fn join<E: Send + Sync + 'static>(&self, landed: Landed) -> Option<Result<Answer, Arc<E>>> {
        match landed {
            Landed::Failure(error) => {
                let error = error.downcast::<E>().ok()?;
                self.counters.joins.add(1);
                Some(Err(error))
            }
            Landed::Answer(mut answer) => {
                self.counters.joins.add(1);
                if answer.is_stale() {
                    self.counters.stale.add(1);
                } else {
                    answer.origin = Origin::Joined;
                    self.count_savings(&answer);
                }
                Some(Ok(answer))
            }
        }
    }

    fn hand_out(&self, entry: &Entry, value: Option<Bytes>, origin: Origin) -> Answer {
        let answer = Answer {
            value,
            origin,
            made_at: entry.made_at,
            source_ms: entry.source_ms,
            price_nanos: entry.price_nanos,
        };
        self.count_savings(&answer);
        answer
    }

    fn count_savings(&self, answer: &Answer) {
        let bytes = answer.value.as_ref().map_or(0, Bytes::len);
        self.counters.bytes_served.add(bytes as u64);
        self.counters.saved_ms.add(u64::from(answer.source_ms));
        self.counters.saved_nanos.add(answer.price_nanos);
    }

    /// A value as it is kept; nothing if it can't be.
    async fn body_of(&self, value: Option<Bytes>) -> Option<Body> {
        match value {
            None if self.policy.negative_ttl_ms == 0 => None,
            None => Some(Body::Nothing),
            Some(value) if value.len() <= self.policy.inline_bytes => Some(Body::Value(value)),
            Some(value) => self.put_elsewhere(value).await.map(Body::Elsewhere),
        }
    }
}
