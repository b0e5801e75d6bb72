//! Plans: how many units a difference takes, how likely it is to be found, and what is the least that can be.
//!
//! All of two variations of the same size and a two-sided test at a fixed horizon; for sequences see
//! [`super::sequential::units_for_power`].

use super::distributions::{noncentral_t_above, normal_above, normal_below, normal_upper, t_upper};

/// What is planned for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    /// The rate of false positives.
    pub alpha: f64,
    /// The chance to find a difference that is there.
    pub power: f64,
}

impl Aim {
    /// The quantiles of alpha, two-sided, and of power.
    fn quantiles(self) -> (f64, f64) {
        (
            normal_upper(self.alpha / 2.0),
            normal_upper(1.0 - self.power),
        )
    }
}

/// Units a variation to tell two shares apart, each with its own variance.
pub fn units_for_shares(control: f64, treatment: f64, aim: Aim) -> f64 {
    let (alpha, power) = aim.quantiles();
    (alpha + power).powi(2) * variances(control, treatment) / (treatment - control).powi(2)
}

/// The same, with the shares' common variance where there is no difference (Fleiss).
pub fn units_for_shares_pooled(control: f64, treatment: f64, aim: Aim) -> f64 {
    let (alpha, power) = aim.quantiles();
    let rate = f64::midpoint(control, treatment);
    let null = alpha * (2.0 * rate * (1.0 - rate)).sqrt();
    let alternative = power * variances(control, treatment).sqrt();
    ((null + alternative) / (treatment - control)).powi(2)
}

/// The same by Cohen's h, a difference of angles whose variance doesn't depend on the shares; both tails count.
pub fn units_for_shares_by_angle(control: f64, treatment: f64, aim: Aim) -> Option<f64> {
    let angle = |share: f64| 2.0 * share.sqrt().asin();
    let h = (angle(treatment) - angle(control)).abs();
    least(
        |units| power_of_z(h * (units / 2.0).sqrt(), aim.alpha),
        aim.power,
    )
}

/// Units a variation to tell two means apart by a t test; the difference in standard deviations (Cohen's d).
pub fn units_for_means(d: f64, aim: Aim) -> Option<f64> {
    least(|units| power_of_means(d, units, aim.alpha), aim.power)
}

/// The chance that a t test finds a difference of means, with so many units a variation.
pub fn power_of_means(d: f64, units: f64, alpha: f64) -> f64 {
    let degrees = 2.0 * units - 2.0;
    let critical = t_upper(alpha / 2.0, degrees);
    let noncentrality = d.abs() * (units / 2.0).sqrt();
    noncentral_t_above(critical, degrees, noncentrality)
        + noncentral_t_above(critical, degrees, -noncentrality)
}

/// The chance that a z test finds a difference of shares, with so many units a variation.
pub fn power_of_shares(control: f64, treatment: f64, units: f64, alpha: f64) -> f64 {
    let deviation = (variances(control, treatment) / units).sqrt();
    power_of_z((treatment - control).abs() / deviation, alpha)
}

/// The least rise of a share that is found, as an absolute difference; nothing if even a rise to 1 isn't.
pub fn detectable_share(control: f64, units: f64, aim: Aim) -> Option<f64> {
    let found = |rise: f64| power_of_shares(control, control + rise, units, aim.alpha);
    let most = (1.0 - control) * (1.0 - 1e-12);
    if found(most) < aim.power {
        return None;
    }
    Some(bisect(0.0, most, |rise| found(rise) >= aim.power))
}

/// The least difference of means that is found, in standard deviations.
pub fn detectable_mean(units: f64, aim: Aim) -> Option<f64> {
    let found = |d: f64| power_of_means(d, units, aim.alpha) >= aim.power;
    let most = 1e3;
    (units > 1.0 && found(most)).then(|| bisect(0.0, most, found))
}

fn variances(control: f64, treatment: f64) -> f64 {
    control * (1.0 - control) + treatment * (1.0 - treatment)
}

fn power_of_z(shift: f64, alpha: f64) -> f64 {
    let critical = normal_upper(alpha / 2.0);
    normal_above(critical - shift) + normal_below(-critical - shift)
}

/// The least number of units whose power suffices; nothing if a billion don't.
fn least(power: impl Fn(f64) -> f64, wanted: f64) -> Option<f64> {
    let mut most = 4.0;
    while power(most) < wanted {
        most *= 2.0;
        if most > 1e12 {
            return None;
        }
    }
    Some(bisect(2.0, most, |units| power(units) >= wanted))
}

/// Where `holds` begins to hold, between a value where it doesn't and one where it does.
fn bisect(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const AIM: Aim = Aim {
        alpha: 0.05,
        power: 0.8,
    };

    #[test]
    fn the_least_difference_that_is_found_takes_as_many_units_as_there_are() {
        let rise = detectable_share(0.1, 14_748.0, AIM).unwrap();
        let units = units_for_shares(0.1, 0.1 + rise, AIM);
        assert!((units / 14_748.0 - 1.0).abs() < 1e-4, "{units}");
        let d = detectable_mean(400.0, AIM).unwrap();
        assert!((units_for_means(d, AIM).unwrap() / 400.0 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn what_no_number_of_units_finds_has_none() {
        assert_eq!(units_for_means(0.0, AIM), None);
        assert_eq!(detectable_share(0.9, 2.0, AIM), None);
        assert_eq!(detectable_mean(1.0, AIM), None);
    }
}
