//! What recording costs: `cargo run -p monitor --example cost`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use monitor::{Family, Monitor};

const TIMES: u32 = 2_000_000;

fn main() {
    let monitor = Monitor::default();
    for name in [
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
        "GET /v1/runs/{id}",
    ] {
        monitor.record(Family::Store, name, Duration::ZERO, false);
    }
    let by_name = time(|nanos| monitor.record(Family::Store, black_box("Query"), nanos, false));
    let series = monitor.series(Family::Store, "Query");
    let by_handle = time(|nanos| series.record(nanos, false));
    let begun = Instant::now();
    let taken = monitor.drain();
    println!("record by name: {by_name:.0} ns, by handle: {by_handle:.0} ns");
    println!(
        "take {} operations: {:?}",
        taken.operations().count(),
        begun.elapsed()
    );
    let both = std::thread::scope(|scope| {
        let one = || time(|nanos| monitor.record(Family::Store, black_box("Query"), nanos, false));
        let other = scope.spawn(one);
        one().max(other.join().unwrap_or(f64::NAN))
    });
    println!("record by name, two threads at one operation: {both:.0} ns");
}

/// Nanoseconds of one call.
fn time(record: impl Fn(Duration)) -> f64 {
    let begun = Instant::now();
    for number in 0..TIMES {
        record(Duration::from_nanos(u64::from(number)));
    }
    begun.elapsed().as_secs_f64() * 1e9 / f64::from(TIMES)
}
