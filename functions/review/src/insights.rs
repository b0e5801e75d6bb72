//! `GET /v1/insights/quality`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use domain::quality::{Criterion, Tier};
use runtime::http::Problem;
use serde::{Deserialize, Serialize};
use store::DayOfRounds;
use time::format_description::FormatItem;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};
use utoipa::{IntoParams, ToSchema};

use crate::api::Api;
use runtime::http::Reader;
use runtime::http::request::{Strict, check_brand};
use runtime::http::responses::{Refusals, Unchanged};

/// How many days are told if nothing is said, and at most.
const USUAL_DAYS: i64 = 30;
const MOST_DAYS: i64 = 366;

const DAY: &[FormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Which rounds.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// Only those of this brand; all, if it isn't given.
    #[param(min_length = 1, max_length = 200)]
    brand: Option<String>,
    /// The first day, in UTC; 29 days before the last, if it isn't given.
    #[param(format = Date, example = "2026-11-01")]
    from: Option<String>,
    /// The last day, in UTC; today, if it isn't given. At most 366 days are told at once.
    #[param(format = Date, example = "2026-11-30")]
    to: Option<String>,
}

/// How the rounds of some days were judged.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct QualityInsights {
    /// The brand, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<String>,
    /// The first day.
    #[schema(format = Date)]
    from: String,
    /// The last day.
    #[schema(format = Date)]
    to: String,
    /// All days together.
    all: QualitySummary,
    /// How many points a day the means rise or fall, by a straight line through the days; absent with rounds on less than two days.
    #[serde(skip_serializing_if = "Option::is_none")]
    trend: Option<QualityTrend>,
    /// Each day on which rounds were judged, in order.
    days: Vec<QualityDay>,
}

/// How rounds were judged.
#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct QualitySummary {
    /// How many.
    rounds: u64,
    /// How many by tier.
    #[schema(example = json!({"approve": 62, "review": 28, "regenerate": 10}))]
    tiers: BTreeMap<String, u64>,
    /// The mean of their totals, 0 to 100; absent without rounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_total: Option<f64>,
    /// The mean of their scores by criterion.
    #[schema(example = json!({"clarity": 81.4, "hook": 77.9}))]
    means: BTreeMap<String, f64>,
}

/// A day's rounds.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct QualityDay {
    /// The day, in UTC.
    #[schema(format = Date)]
    day: String,
    #[serde(flatten)]
    summary: QualitySummary,
}

/// How means change, in points a day.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct QualityTrend {
    /// That of the totals.
    total: f64,
    /// Those of the scores, by criterion.
    #[schema(example = json!({"clarity": 0.2, "hook": -0.1}))]
    means: BTreeMap<String, f64>,
}

/// How rounds were judged lately
///
/// Tiers, means and trends of all brands or of one, by day. Counted as rounds end.
#[utoipa::path(
    get,
    path = "/v1/insights/quality",
    tag = "quality",
    operation_id = "getQualityInsights",
    security(("key" = ["read"])),
    params(Which),
    responses((status = 200, description = "The rounds of these days", body = QualityInsights), Unchanged, Refusals)
)]
pub(crate) async fn get_quality_insights(
    State(api): State<Api>,
    _: Reader,
    Strict(which): Strict<Which>,
) -> Result<Json<QualityInsights>, Problem> {
    if let Some(brand) = &which.brand {
        check_brand(brand, "; leave it out to ask for all brands")?;
    }
    let (first, last) = days(
        which.from.as_deref(),
        which.to.as_deref(),
        (api.runs.clock)(),
    )?;
    let (first, last) = (text(first)?, text(last)?);
    let counted = api
        .runs
        .store
        .rounds_by_day(which.brand.as_deref(), &first, &last)
        .await?;
    Ok(Json(insights(which.brand, first, last, &counted)))
}

/// The first and the last day.
fn days(from: Option<&str>, to: Option<&str>, now: Timestamp) -> Result<(Date, Date), Problem> {
    let last = match to {
        Some(to) => read("to", to)?,
        None => {
            OffsetDateTime::from_unix_timestamp(i64::try_from(now.seconds()).unwrap_or_default())
                .map_err(|error| Problem::internal(&error))?
                .date()
        }
    };
    let first = match from {
        Some(from) => read("from", from)?,
        None => last
            .checked_sub(Duration::days(USUAL_DAYS - 1))
            .unwrap_or(last),
    };
    let length = (last - first).whole_days() + 1;
    if !(1..=MOST_DAYS).contains(&length) {
        return Err(Problem::invalid("these days can't be told").with_field(
            "from",
            format!("from {first} to {last} are {length} days: expected 1 to {MOST_DAYS}"),
        ));
    }
    Ok((first, last))
}

fn read(field: &str, given: &str) -> Result<Date, Problem> {
    let date = Date::parse(given, DAY).ok().filter(|date| date.year() >= 0);
    date.filter(|_| given.len() == 10).ok_or_else(|| {
        let given: String = given.chars().take(40).collect();
        Problem::invalid("this is no day")
            .with_field(field, format!("{given:?} is no day: expected yyyy-mm-dd"))
    })
}

fn text(day: Date) -> Result<String, Problem> {
    day.format(DAY).map_err(|error| Problem::internal(&error))
}

fn insights(
    brand: Option<String>,
    from: String,
    to: String,
    counted: &BTreeMap<String, DayOfRounds>,
) -> QualityInsights {
    let mut all = DayOfRounds::default();
    for day in counted.values() {
        all.rounds += day.rounds;
        all.total_tenths += day.total_tenths;
        for (tier, count) in &day.tiers {
            *all.tiers.entry(*tier).or_default() += count;
        }
        for (criterion, (judged, sum)) in &day.criteria {
            let entry = all.criteria.entry(*criterion).or_default();
            *entry = (entry.0 + judged, entry.1 + sum);
        }
    }
    QualityInsights {
        brand,
        from,
        to,
        all: summary(&all),
        trend: trend(counted),
        days: counted
            .iter()
            .map(|(day, counts)| QualityDay {
                day: day.clone(),
                summary: summary(counts),
            })
            .collect(),
    }
}

fn summary(counts: &DayOfRounds) -> QualitySummary {
    let tiers = Tier::ALL.map(|tier| {
        let count = counts.tiers.get(&tier).copied().unwrap_or_default();
        (tier.name().to_owned(), count)
    });
    QualitySummary {
        rounds: counts.rounds,
        tiers: BTreeMap::from(tiers),
        mean_total: mean_total(counts).map(rounded),
        means: counts
            .criteria
            .keys()
            .filter_map(|&criterion| {
                let mean = mean(counts, criterion)?;
                Some((criterion.to_string(), rounded(mean)))
            })
            .collect(),
    }
}

fn mean_total(counts: &DayOfRounds) -> Option<f64> {
    (counts.rounds > 0).then(|| counts.total_tenths as f64 / 10.0 / counts.rounds as f64)
}

fn mean(counts: &DayOfRounds, criterion: Criterion) -> Option<f64> {
    let &(judged, sum) = counts.criteria.get(&criterion)?;
    (judged > 0).then(|| sum as f64 / judged as f64)
}

/// To two decimals: more says nothing of scores that are whole numbers.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn trend(counted: &BTreeMap<String, DayOfRounds>) -> Option<QualityTrend> {
    let along = |value: &dyn Fn(&DayOfRounds) -> Option<(f64, u64)>| {
        let points = counted.iter().filter_map(|(day, counts)| {
            let day = Date::parse(day, DAY).ok()?.to_julian_day();
            let (mean, rounds) = value(counts)?;
            Some((f64::from(day), mean, rounds as f64))
        });
        slope(&points.collect::<Vec<_>>()).map(rounded)
    };
    let total = along(&|counts| Some((mean_total(counts)?, counts.rounds)))?;
    let means = Criterion::ALL.into_iter().filter_map(|criterion| {
        let slope = along(&|counts| {
            let (judged, _) = counts.criteria.get(&criterion)?;
            Some((mean(counts, criterion)?, *judged))
        })?;
        Some((criterion.to_string(), slope))
    });
    Some(QualityTrend {
        total,
        means: means.collect(),
    })
}

/// The slope of the straight line with the least squared distance to points (x, y, weight); nothing if they have one x.
fn slope(points: &[(f64, f64, f64)]) -> Option<f64> {
    let weight: f64 = points.iter().map(|(_, _, w)| w).sum();
    let mean_x = points.iter().map(|(x, _, w)| x * w).sum::<f64>() / weight;
    let mean_y = points.iter().map(|(_, y, w)| y * w).sum::<f64>() / weight;
    let spread: f64 = points
        .iter()
        .map(|(x, _, w)| w * (x - mean_x).powi(2))
        .sum();
    let together: f64 = points
        .iter()
        .map(|(x, y, w)| w * (x - mean_x) * (y - mean_y))
        .sum();
    (spread > 0.0).then(|| together / spread)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    /// 2026-11-23T10:00Z.
    const NOW: Timestamp = Timestamp(1_795_428_000_000);

    fn day(rounds: u64, total: u64, clarity: u64) -> DayOfRounds {
        DayOfRounds {
            rounds,
            tiers: BTreeMap::from([(Tier::Review, rounds)]),
            total_tenths: rounds * total * 10,
            criteria: BTreeMap::from([(Criterion::Clarity, (rounds, rounds * clarity))]),
        }
    }

    fn told(counted: &[(&str, DayOfRounds)]) -> QualityInsights {
        let counted = counted
            .iter()
            .map(|(day, counts)| ((*day).to_owned(), counts.clone()))
            .collect();
        insights(None, String::new(), String::new(), &counted)
    }

    #[test]
    fn means_are_those_of_rounds_not_of_days() {
        let told = told(&[
            ("2026-11-01", day(1, 60, 50)),
            ("2026-11-03", day(3, 80, 90)),
        ]);
        assert_eq!((told.all.rounds, told.all.mean_total), (4, Some(75.0)));
        assert_eq!(told.all.means["clarity"].to_string(), "80");
        assert_eq!(told.all.tiers["review"], 4);
        assert_eq!(told.all.tiers["approve"], 0);
        assert_eq!(told.days[1].summary.mean_total, Some(80.0));
        // Two days lie between them.
        let trend = told.trend.unwrap();
        assert_eq!((trend.total, trend.means["clarity"]), (10.0, 20.0));
    }

    #[test]
    fn without_rounds_or_with_one_day_there_is_no_trend() {
        assert_eq!(told(&[]).all, summary(&DayOfRounds::default()));
        assert_eq!(told(&[]).all.mean_total, None);
        assert_eq!(told(&[("2026-11-01", day(5, 60, 50))]).trend, None);
    }

    #[test]
    fn days_are_the_last_thirty_unless_others_are_asked_for() {
        let given = |from, to| {
            days(from, to, NOW)
                .map(|(first, last)| format!("{first} {last}"))
                .ok()
        };
        assert_eq!(given(None, None).unwrap(), "2026-10-25 2026-11-23");
        assert_eq!(
            given(Some("2026-11-23"), None).unwrap(),
            "2026-11-23 2026-11-23"
        );
        assert_eq!(
            given(None, Some("2024-03-01")).unwrap(),
            "2024-02-01 2024-03-01"
        );
        for (from, to) in [
            (Some("2026-11-24"), None),
            (Some("2025-01-01"), Some("2026-11-01")),
            (Some("2026-02-30"), None),
            (Some("2026-2-3"), None),
            (None, Some("today")),
            (None, Some("")),
        ] {
            assert_eq!(given(from, to), None, "{from:?} {to:?}");
        }
    }
}
