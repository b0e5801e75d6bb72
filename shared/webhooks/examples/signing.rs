//! How long signing takes, for `make bench`: prints one JSON object, `{"body_bytes", "sign_us", "two_secrets_us"}`, the medians on one core.

use std::hint::black_box;
use std::time::Instant;

use domain::Timestamp;
use webhooks::{MessageId, Secret, Secrets, sign};

/// The size of a usual payload with long texts.
const BODY_BYTES: usize = 2048;

/// How many signatures one time is measured over: a clock's tick is no matter then.
const BATCH: u32 = 200;

/// How many times are measured.
const TIMES: usize = 201;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let now = Timestamp(1_795_428_000_000);
    let one = Secrets::new(Secret::mint(&[1; 32]));
    let two = one.rotate(Secret::mint(&[2; 32]), now)?;
    let told = serde_json::json!({
        "body_bytes": BODY_BYTES,
        "sign_us": median_us(&one, now)?,
        "two_secrets_us": median_us(&two, now)?,
    });
    println!("{told}");
    Ok(())
}

fn median_us(secrets: &Secrets, now: Timestamp) -> Result<f64, Box<dyn std::error::Error>> {
    let id = MessageId::parse("evt_00112233445566778899aabbccddeeff")?;
    let body = vec![b'x'; BODY_BYTES];
    let mut times: Vec<f64> = (0..TIMES)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..BATCH {
                black_box(sign(secrets, &id, now, black_box(&body)));
            }
            start.elapsed().as_secs_f64() * 1e6 / f64::from(BATCH)
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    times
        .get(TIMES / 2)
        .copied()
        .ok_or_else(|| "nothing was measured".into())
}
