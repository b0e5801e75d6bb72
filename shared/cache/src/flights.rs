//! One request a name at a time, in this process.
//!
//! The first request that finds nothing leads a flight; those that come meanwhile wait for it to land. A leader that is dropped lands nothing:
//! one of those that wait leads the next flight.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::Name;
use crate::answer::Answer;

/// What a flight brought.
#[derive(Clone)]
pub(crate) enum Landed {
    /// What its leader was answered with.
    Answer(Answer),
    /// The source's error, an `Arc` of the leader's type.
    Failure(Arc<dyn Any + Send + Sync>),
}

/// The flights that are under way.
#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<Name, watch::Receiver<Option<Landed>>>>);

/// A place in a flight.
pub(crate) enum Seat<'a> {
    Leader(Leader<'a>),
    Passenger(Passenger),
}

impl Flights {
    /// Leads a new flight, or joins the one that is under way.
    pub(crate) fn board(&self, name: Name) -> Seat<'_> {
        let mut flights = self.lock();
        if let Some(flight) = flights.get(&name) {
            return Seat::Passenger(Passenger(flight.clone()));
        }
        let (sender, receiver) = watch::channel(None);
        flights.insert(name, receiver);
        Seat::Leader(Leader {
            flights: self,
            name,
            sender,
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Name, watch::Receiver<Option<Landed>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever asks for all. Dropping it ends the flight.
pub(crate) struct Leader<'a> {
    flights: &'a Flights,
    name: Name,
    sender: watch::Sender<Option<Landed>>,
}

impl Leader<'_> {
    /// Tells those who wait.
    pub(crate) fn land(self, landed: Landed) {
        self.sender.send_replace(Some(landed));
    }
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        self.flights.lock().remove(&self.name);
    }
}

/// Whoever waits.
pub(crate) struct Passenger(watch::Receiver<Option<Landed>>);

impl Passenger {
    /// Waits for the flight to land; nothing if its leader was dropped.
    pub(crate) async fn landed(mut self) -> Option<Landed> {
        self.0
            .wait_for(Option::is_some)
            .await
            .ok()
            .and_then(|landed| landed.clone())
    }
}
