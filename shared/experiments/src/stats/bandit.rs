//! Thompson sampling: a variation is shown as often as it is likely to be the best one.
//!
//! Weights that follow the results bend the sample they come from, so a bandit's variations get no interval and no p-value of a
//! fixed allocation: only what is believed of each.

use serde::{Deserialize, Serialize};

use super::random::Random;
use super::sample::Sample;
use crate::definition::Better;

/// Units that a variation needs before weights move: with fewer, all are equal.
pub const BURN_IN_UNITS: f64 = 100.0;

/// What is believed of a variation's value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posterior {
    /// Of a share, with a flat prior.
    Beta {
        /// Successes, and one.
        a: f64,
        /// Failures, and one.
        b: f64,
    },
    /// Of a mean or ratio.
    Normal {
        /// Where it is expected.
        mean: f64,
        /// How far off it may be.
        deviation: f64,
    },
}

impl Posterior {
    /// Of a share of units.
    pub fn of_share(successes: f64, units: f64) -> Self {
        Self::Beta {
            a: 1.0 + successes,
            b: 1.0 + (units - successes).max(0.0),
        }
    }

    /// Of a mean or ratio.
    pub fn of_mean(sample: &Sample) -> Self {
        let variance = if sample.units > 0.0 {
            sample.variance / sample.units
        } else {
            0.0
        };
        Self::Normal {
            mean: sample.mean,
            deviation: variance.max(0.0).sqrt(),
        }
    }

    /// Where it is expected.
    pub fn mean(self) -> f64 {
        match self {
            Self::Beta { a, b } => a / (a + b),
            Self::Normal { mean, .. } => mean,
        }
    }

    fn draw(self, random: &mut Random) -> f64 {
        match self {
            Self::Beta { a, b } => random.beta(a, b),
            Self::Normal { mean, deviation } => mean + deviation * random.normal(),
        }
    }
}

/// The variation that one draw of each makes the best: what a single decision takes. Nothing if there is none.
pub fn choose(posteriors: &[Posterior], better: Better, seed: u64) -> Option<usize> {
    best_of_draw(posteriors, better, &mut Random::seeded(seed))
}

/// How likely each variation is to be the best, from so many draws.
pub fn chances(posteriors: &[Posterior], better: Better, draws: u32, seed: u64) -> Vec<f64> {
    let mut random = Random::seeded(seed);
    let mut wins = vec![0.0; posteriors.len()];
    for _ in 0..draws {
        let best = best_of_draw(posteriors, better, &mut random);
        if let Some(wins) = best.and_then(|best| wins.get_mut(best)) {
            *wins += 1.0;
        }
    }
    wins.iter()
        .map(|wins| wins / f64::from(draws.max(1)))
        .collect()
}

/// The weights that follow from the chances, each at least `floor`.
pub fn weights(chances: &[f64], floor: f64) -> Vec<f64> {
    let free = (1.0 - floor * chances.len() as f64).max(0.0);
    chances.iter().map(|chance| floor + free * chance).collect()
}

fn best_of_draw(posteriors: &[Posterior], better: Better, random: &mut Random) -> Option<usize> {
    let draws = posteriors.iter().map(|posterior| match better {
        Better::Higher => posterior.draw(random),
        Better::Lower => -posterior.draw(random),
    });
    let best = draws.enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
    best.map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_choice_and_the_better_arm_is_chosen_more_often() {
        let arms = [
            Posterior::of_share(100.0, 1_000.0),
            Posterior::of_share(130.0, 1_000.0),
        ];
        let chances = chances(&arms, Better::Higher, 20_000, 1);
        // By the normal approximation, the chance of the second is 0.982.
        assert!((chances[1] - 0.982).abs() < 0.005, "{chances:?}");
        assert_eq!(
            choose(&arms, Better::Higher, 5),
            choose(&arms, Better::Higher, 5)
        );
    }

    #[test]
    fn less_wins_where_less_is_better() {
        let arms = [
            Posterior::Normal {
                mean: 10.0,
                deviation: 0.1,
            },
            Posterior::Normal {
                mean: 12.0,
                deviation: 0.1,
            },
        ];
        assert_eq!(chances(&arms, Better::Lower, 100, 3), [1.0, 0.0]);
        assert_eq!(chances(&arms, Better::Higher, 100, 3), [0.0, 1.0]);
    }

    #[test]
    fn every_arm_keeps_its_floor_and_the_weights_sum_to_one() {
        let weights = weights(&[0.0, 0.0, 1.0], 0.05);
        assert_eq!(weights, [0.05, 0.05, 0.9]);
    }
}
