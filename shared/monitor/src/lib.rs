//! How long operations take and how often they fail: recorded at little cost, merged without loss.
//!
//! A process has one [`Monitor`]. Whoever does something calls [`Monitor::record`] when it is done, which costs well under a microsecond.
//! From time to time somebody takes what was recorded ([`Monitor::drain`]) and adds it to what is kept: [`Figures`] of any two stretches of time,
//! processes or machines add up to those of both.
//!
//! There is no clock and no I/O here: times come in, and where figures are kept is for others to say.
//!
//! ```
//! use std::time::Duration;
//! use monitor::{Family, Monitor};
//!
//! let monitor = Monitor::default();
//! monitor.record(Family::Store, "GetItem", Duration::from_millis(4), false);
//! let figures = monitor.drain();
//! let latency = &figures.family(Family::Store)["GetItem"];
//! assert_eq!((latency.count(), latency.errors), (1, 0));
//! let p95 = latency.quantile(0.95).as_secs_f64();
//! assert!((p95 / 0.004 - 1.0).abs() <= monitor::RELATIVE_ERROR);
//! ```

mod buckets;
mod family;
mod figures;
mod latency;
mod recorder;
mod series;

pub use buckets::RELATIVE_ERROR;
pub use family::Family;
pub use figures::{Counts, Figures, FiguresError};
pub use latency::Latency;
pub use recorder::{Monitor, OTHERS, Sampler};
pub use series::Series;
