//! Tests and intervals of two shares, as textbooks have them: to compare with, and for plans.

use super::distributions::{chi_square_above, normal_above, normal_upper};
use super::effect::{Interval, Test};

/// How many of how many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Those that did.
    pub successes: f64,
    /// All.
    pub units: f64,
}

impl Share {
    fn rate(self) -> f64 {
        self.successes / self.units
    }

    fn variance(self) -> f64 {
        self.rate() * (1.0 - self.rate()) / self.units
    }

    /// Wilson's interval of the share (1927).
    pub fn wilson(self, alpha: f64) -> Interval {
        let z = normal_upper(alpha / 2.0);
        let shrunk = 1.0 + z * z / self.units;
        let center = (self.rate() + z * z / (2.0 * self.units)) / shrunk;
        let spread = self.variance() + z * z / (4.0 * self.units * self.units);
        Interval::around(center, z * spread.sqrt() / shrunk)
    }
}

/// Two-sided z test of a difference, and its z.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ZTest {
    /// The difference in standard errors.
    pub z: f64,
    /// Two-sided.
    pub p_value: f64,
}

impl ZTest {
    fn of(z: f64) -> Self {
        Self {
            z,
            p_value: 2.0 * normal_above(z.abs()),
        }
    }
}

/// With the variance of both shares thrown together, as it is if there is no difference.
pub fn pooled_z(control: Share, treatment: Share) -> ZTest {
    let rate = (control.successes + treatment.successes) / (control.units + treatment.units);
    let variance = rate * (1.0 - rate) * (1.0 / control.units + 1.0 / treatment.units);
    ZTest::of((treatment.rate() - control.rate()) / variance.sqrt())
}

/// With each share's own variance, and Wald's interval at 1 − `alpha`.
pub fn unpooled_z(control: Share, treatment: Share, alpha: f64) -> (ZTest, Test) {
    let deviation = (control.variance() + treatment.variance()).sqrt();
    let difference = treatment.rate() - control.rate();
    let test = ZTest::of(difference / deviation);
    let interval = Interval::around(difference, normal_upper(alpha / 2.0) * deviation);
    (
        test,
        Test {
            p_value: test.p_value,
            interval,
        },
    )
}

/// Newcombe's interval of a difference (1998, his method 10), from Wilson's of both shares.
pub fn newcombe(control: Share, treatment: Share, alpha: f64) -> Interval {
    let difference = treatment.rate() - control.rate();
    let (a, b) = (control.wilson(alpha), treatment.wilson(alpha));
    let below = (treatment.rate() - b.0).hypot(a.1 - control.rate());
    let above = (b.1 - treatment.rate()).hypot(control.rate() - a.0);
    Interval(difference - below, difference + above)
}

/// Pearson's chi-square of the table of both shares, without Yates' correction: the square of the pooled z.
pub fn chi_square(control: Share, treatment: Share) -> (f64, f64) {
    let chi_square = pooled_z(control, treatment).z.powi(2);
    (chi_square, chi_square_above(chi_square, 1.0))
}

/// Fisher's exact test, two-sided: all tables that are no likelier than this one.
pub fn fisher(control: Share, treatment: Share) -> f64 {
    let successes = control.successes + treatment.successes;
    let least = (successes - control.units).max(0.0);
    let most = successes.min(treatment.units);
    // How much likelier it is that one more of the successes is the treatment's.
    let rise = |x: f64| {
        (treatment.units - x) * (successes - x)
            / ((x + 1.0) * (control.units - successes + x + 1.0))
    };
    let all = control.units + treatment.units;
    let mode = ((treatment.units + 1.0) * (successes + 1.0) / (all + 2.0))
        .floor()
        .clamp(least, most);
    // From the likeliest table outwards, until what is added vanishes.
    let mut likelihoods = vec![(mode, 1.0)];
    let (mut x, mut likelihood) = (mode, 1.0);
    while x < most && likelihood > 0.0 {
        likelihood *= rise(x);
        x += 1.0;
        likelihoods.push((x, likelihood));
    }
    (x, likelihood) = (mode, 1.0);
    while x > least && likelihood > 0.0 {
        x -= 1.0;
        likelihood /= rise(x);
        likelihoods.push((x, likelihood));
    }
    let seen = likelihoods
        .iter()
        .find(|(x, _)| (x - treatment.successes).abs() < 0.5);
    // Tables that are as likely differ in their last digits.
    let bound = seen.map_or(0.0, |(_, likelihood)| likelihood * (1.0 + 1e-7));
    let total: f64 = likelihoods.iter().map(|(_, likelihood)| likelihood).sum();
    let extreme: f64 = likelihoods
        .iter()
        .map(|(_, likelihood)| likelihood)
        .filter(|likelihood| **likelihood <= bound)
        .sum();
    (extreme / total).min(1.0)
}
