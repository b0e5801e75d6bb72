//! Figures as tables that people read, with a small line of what happened when.

use std::fmt::Write;

use review::recorded::{
    CacheInsights, CacheTotals, OperationFigures, PerformanceInsights, ResultTotals,
};

/// How many columns a line over time takes at most.
const WIDTH: usize = 30;

/// The heights of a line over time.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) fn of(performance: &PerformanceInsights, cache: &CacheInsights) -> String {
    let minute = |time: &str| time.chars().take(16).collect::<String>();
    let mut text = format!(
        "{} to {} (UTC)\n",
        minute(&performance.from),
        minute(&performance.to)
    );
    if performance.operations.is_empty() {
        text.push_str("nothing was recorded in this time\n");
        return text;
    }
    operations(&mut text, &performance.operations);
    kinds(&mut text, cache);
    results(&mut text, &cache.results);
    text
}

fn operations(text: &mut String, operations: &[OperationFigures]) {
    let longest = operations.iter().map(|one| one.name.chars().count()).max();
    let wide = longest.unwrap_or_default().max(9);
    // Writing to a string can't fail.
    let _ = writeln!(
        text,
        "\n{:<9} {:<wide$} {:>8} {:>7} {:>9} {:>9} {:>9}  when",
        "", "operation", "count", "errors", "p50", "p95", "p99"
    );
    let mut before = None;
    for one in operations {
        let family = if before == Some(one.family) {
            ""
        } else {
            one.family.name()
        };
        before = Some(one.family);
        let _ = writeln!(
            text,
            "{family:<9} {:<wide$} {:>8} {:>7} {:>9} {:>9} {:>9}  {}",
            one.name,
            one.count,
            one.errors,
            duration(one.p50_ms),
            duration(one.p95_ms),
            duration(one.p99_ms),
            sparkline(&one.counts)
        );
    }
}

fn kinds(text: &mut String, cache: &CacheInsights) {
    if cache.all.requests == 0 {
        text.push_str("\nthe cache was not asked\n");
        return;
    }
    // Writing to a string can't fail.
    let _ = writeln!(
        text,
        "\n{:<13} {:>8} {:>6} {:>8} {:>8} {:>7} {:>7} {:>6} {:>7} {:>9} {:>9} {:>10}",
        "cache",
        "requests",
        "hits",
        "l1",
        "l2",
        "joins",
        "misses",
        "stale",
        "errors",
        "bytes",
        "saved",
        "saved"
    );
    let asked = cache.kinds.iter().filter(|(_, kind)| kind.requests > 0);
    for (name, totals) in asked {
        kind(text, name, totals);
    }
    kind(text, "all", &cache.all);
    let _ = writeln!(text, "requests {}", sparkline(&cache.requests));
    let _ = writeln!(text, "hits     {}", sparkline(&cache.hits));
}

fn results(text: &mut String, results: &ResultTotals) {
    if results.kept > 0 {
        // Writing to a string can't fail.
        let _ = writeln!(
            text,
            "\n{} tasks were answered by what had been made before, which saved {} and ${:.4}",
            results.kept,
            duration(results.saved_ms as f64),
            results.saved_usd
        );
    }
}

fn kind(text: &mut String, name: &str, totals: &CacheTotals) {
    let ratio = totals.hit_ratio.unwrap_or_default() * 100.0;
    // Writing to a string can't fail.
    let _ = writeln!(
        text,
        "{name:<13} {:>8} {ratio:>5.1}% {:>8} {:>8} {:>7} {:>7} {:>6} {:>7} {:>9} {:>9} {:>10}",
        totals.requests,
        totals.l1_hits,
        totals.l2_hits,
        totals.joins,
        totals.misses + totals.unanswered,
        totals.stale,
        totals.source_errors + totals.l2_errors,
        bytes(totals.bytes_served),
        duration(totals.saved_ms as f64),
        format!("${:.4}", totals.saved_usd)
    );
}

/// A duration in the unit in which it has one to four digits.
fn duration(ms: f64) -> String {
    match ms {
        ms if ms < 0.001 => format!("{:.0} ns", ms * 1e6),
        ms if ms < 1.0 => format!("{:.0} us", ms * 1e3),
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms if ms < 600_000.0 => format!("{:.1} s", ms / 1e3),
        ms => format!("{:.0} min", ms / 60_000.0),
    }
}

fn bytes(count: u64) -> String {
    match count as f64 {
        few if few < 1e3 => format!("{few:.0} B"),
        some if some < 1e6 => format!("{:.1} kB", some / 1e3),
        many if many < 1e9 => format!("{:.1} MB", many / 1e6),
        most => format!("{:.1} GB", most / 1e9),
    }
}

/// Counts over time, the highest at full height; a space where there was nothing.
fn sparkline(counts: &[u64]) -> String {
    let each = counts.len().div_ceil(WIDTH).max(1);
    let sums: Vec<u64> = counts.chunks(each).map(|some| some.iter().sum()).collect();
    let most = sums.iter().copied().max().unwrap_or_default();
    let height = |count: u64| {
        let step = (count * HEIGHTS.len() as u64).div_ceil(most.max(1));
        match usize::try_from(step).unwrap_or(HEIGHTS.len()) {
            0 => ' ',
            step => HEIGHTS[step.min(HEIGHTS.len()) - 1],
        }
    };
    sums.into_iter().map(height).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_over_time_are_as_high_as_the_counts() {
        assert_eq!(sparkline(&[0, 1, 4, 8]), " ▁▄█");
        assert_eq!(sparkline(&[5, 5]), "██");
        assert_eq!(sparkline(&[0, 0]), "  ");
        assert_eq!(sparkline(&[]), "");
        // One of many is seen.
        assert_eq!(sparkline(&[1, 1_000_000]), "▁█");
        assert_eq!(sparkline(&[1; 60]).chars().count(), WIDTH);
        assert_eq!(sparkline(&[1; 7]).chars().count(), 7);
    }

    #[test]
    fn durations_and_sizes_have_few_digits() {
        let told: Vec<_> = [0.000_5, 0.25, 2.5, 25.4, 2_500.0, 5_400_000.0]
            .map(duration)
            .into();
        assert_eq!(
            told,
            ["500 ns", "250 us", "2.5 ms", "25 ms", "2.5 s", "90 min"]
        );
        assert_eq!(
            [999, 1_500, 2_500_000].map(bytes),
            ["999 B", "1.5 kB", "2.5 MB"]
        );
    }

    #[test]
    fn an_empty_time_says_so() {
        let performance = PerformanceInsights {
            from: "2026-11-23T09:03:00.000Z".to_owned(),
            to: "2026-11-23T10:02:03.004Z".to_owned(),
            step_seconds: 60,
            operations: Vec::new(),
        };
        let cache = CacheInsights {
            from: performance.from.clone(),
            to: performance.to.clone(),
            step_seconds: 60,
            all: CacheTotals::default(),
            kinds: std::collections::BTreeMap::default(),
            results: ResultTotals::default(),
            requests: Vec::new(),
            hits: Vec::new(),
        };
        let told = of(&performance, &cache);
        assert_eq!(
            told,
            "2026-11-23T09:03 to 2026-11-23T10:02 (UTC)\nnothing was recorded in this time\n"
        );
    }
}
