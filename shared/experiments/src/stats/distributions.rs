//! Tails and quantiles, on the special functions of statrs where those are exact enough.
//!
//! statrs' incomplete beta function loses digits as its arguments grow (relatively 1e-10 at 1e5 degrees of freedom, 1e-7 at 1e7),
//! and its quantile of Student's t more (3.8e-6 at 1e5). So quantiles are solved here from tails, and with many degrees of freedom
//! Student's t is expanded around the normal. Tails are computed as such, never as one minus the rest, so that small p-values
//! keep their digits.

use std::f64::consts::{PI, SQRT_2};

use statrs::function::{beta, erf, gamma};

/// The standard normal density.
pub(crate) fn normal_density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / (2.0 * PI).sqrt()
}

/// The chance that a standard normal lies above `z`.
pub(crate) fn normal_above(z: f64) -> f64 {
    erf::erfc(z / SQRT_2) / 2.0
}

/// The chance that a standard normal lies below `z`.
pub(crate) fn normal_below(z: f64) -> f64 {
    normal_above(-z)
}

/// The value above which a standard normal lies with a chance of `tail`.
pub(crate) fn normal_upper(tail: f64) -> f64 {
    SQRT_2 * erf::erfc_inv(2.0 * tail)
}

/// Whether Student's t so far out is so near to the normal that three terms of an expansion leave nothing that counts: the fourth
/// is below 1e-12.
fn nearly_normal(t: f64, degrees: f64) -> bool {
    degrees > 1_000.0 * (1.0 + t * t)
}

/// The chance that Student's t lies further from 0 than `t`, on either side.
pub(crate) fn t_beyond(t: f64, degrees: f64) -> f64 {
    let t = t.abs();
    if nearly_normal(t, degrees) {
        return 2.0 * normal_above(normal_for_t(t, degrees));
    }
    let x = degrees / (degrees + t * t);
    beta::checked_beta_reg(degrees / 2.0, 0.5, x).unwrap_or(f64::NAN)
}

/// The normal's value with the same tail as `t` (Abramowitz and Stegun 26.7.5, turned around).
fn normal_for_t(t: f64, degrees: f64) -> f64 {
    let terms = [
        t,
        -(t.powi(3) + t) / 4.0,
        (13.0 * t.powi(5) + 8.0 * t.powi(3) + 3.0 * t) / 96.0,
        -(35.0 * t.powi(7) + 19.0 * t.powi(5) + t.powi(3) - 15.0 * t) / 384.0,
    ];
    series(terms, degrees)
}

/// The value above which Student's t lies with a chance of `tail`, at most a half.
pub(crate) fn t_upper(tail: f64, degrees: f64) -> f64 {
    let z = normal_upper(tail);
    let mut t = t_for_normal(z, degrees);
    if nearly_normal(z, degrees) {
        return t;
    }
    // The expansion comes from below, and the tail falls ever more slowly: Newton's steps go up, and don't overshoot.
    for _ in 0..200 {
        let step = (t_beyond(t, degrees) / 2.0 - tail) / t_density(t, degrees);
        t += step;
        // Errors are squared by a step; what is left is below the tail's own.
        if step.abs() <= 1e-8 * t.abs() {
            break;
        }
    }
    t
}

/// Cornish's and Fisher's expansion around the normal's quantile (Abramowitz and Stegun 26.7.5): near enough for many degrees
/// of freedom, and below the value for few.
fn t_for_normal(z: f64, degrees: f64) -> f64 {
    let terms = [
        z,
        (z.powi(3) + z) / 4.0,
        (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0,
        (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0,
    ];
    series(terms, degrees)
}

/// A series in one over the degrees of freedom.
fn series(terms: [f64; 4], degrees: f64) -> f64 {
    terms
        .into_iter()
        .rev()
        .fold(0.0, |sum, term| sum / degrees + term)
}

fn t_density(t: f64, degrees: f64) -> f64 {
    let scale = gamma::ln_gamma(f64::midpoint(degrees, 1.0)) - gamma::ln_gamma(degrees / 2.0);
    let shape = -f64::midpoint(degrees, 1.0) * (t * t / degrees).ln_1p();
    (scale + shape).exp() / (degrees * PI).sqrt()
}

/// The chance that a chi-square lies above `x`.
pub(crate) fn chi_square_above(x: f64, degrees: f64) -> f64 {
    gamma::checked_gamma_ur(degrees / 2.0, x / 2.0).unwrap_or(if x > 0.0 { f64::NAN } else { 1.0 })
}

/// The chance that a noncentral t lies above `t`.
///
/// With S² = χ²/ν it is the mean of the normal's tail above t·S − noncentrality, integrated over S by Simpson's rule: the
/// integrand is smooth, and 20 standard deviations wide.
pub(crate) fn noncentral_t_above(t: f64, degrees: f64, noncentrality: f64) -> f64 {
    const STEPS: u32 = 2_000;
    let ln_scale = std::f64::consts::LN_2 + degrees / 2.0 * (degrees / 2.0).ln()
        - gamma::ln_gamma(degrees / 2.0);
    let density = |s: f64| (ln_scale + (degrees - 1.0) * s.ln() - degrees * s * s / 2.0).exp();
    let spread = 10.0 / (2.0 * degrees).sqrt();
    let from = (1.0 - spread).max(1e-9);
    let width = (1.0 + spread - from) / f64::from(STEPS);
    let sum: f64 = (0..=STEPS)
        .map(|i| {
            let s = from + f64::from(i) * width;
            let weight = match i {
                0 | STEPS => 1.0,
                _ if i % 2 == 1 => 4.0,
                _ => 2.0,
            };
            weight * density(s) * normal_above(t * s - noncentrality)
        })
        .sum();
    sum * width / 3.0
}

#[cfg(test)]
#[expect(clippy::unreadable_literal, reason = "figures as scipy prints them")]
mod tests {
    use super::*;

    fn assert_near(actual: f64, expected: f64) {
        assert!(
            (actual / expected - 1.0).abs() < 1e-9,
            "{actual} isn't {expected}"
        );
    }

    #[test]
    fn students_t_keeps_nine_digits_from_one_degree_of_freedom_to_ten_million() {
        // Computed with scipy 1.17.1: t.isf(0.025, dof), then 2 * t.sf(2.5, dof).
        for (degrees, upper, beyond) in T_OF_SCIPY {
            assert_near(t_upper(0.025, degrees), upper);
            assert_near(t_beyond(2.5, degrees), beyond);
            assert_near(t_beyond(-2.5, degrees), beyond);
        }
    }

    #[test]
    fn small_tails_keep_their_digits() {
        // scipy: norm.sf(10), t.sf(40, 30) * 2, chi2.sf(400, 5).
        let [normal, t, chi_square] = TAILS_OF_SCIPY;
        assert_near(normal_above(10.0), normal);
        assert_near(t_beyond(40.0, 30.0), t);
        assert_near(chi_square_above(400.0, 5.0), chi_square);
        assert_near(normal_above(normal_upper(1e-20)), 1e-20);
    }

    #[test]
    fn the_noncentral_t_is_that_of_scipy() {
        for (t, degrees, noncentrality, above) in NONCENTRAL_T_OF_SCIPY {
            assert_near(noncentral_t_above(t, degrees, noncentrality), above);
        }
    }

    const T_OF_SCIPY: [(f64, f64, f64); 7] = [
        (1.0, 12.706204736174705, 0.24223788318168682),
        (2.5, 3.5746548420036834, 0.1045699630781554),
        (30.0, 2.042272456301238, 0.01811564906806669),
        (1940.321, 1.9611873525110697, 0.012501301543648943),
        (100000.0, 1.95998770753461, 0.012420919192559051),
        (1000000.0, 1.9599663568141072, 0.012419489502163254),
        (10000000.0, 1.9599642217672055, 0.01241934653657847),
    ];
    const TAILS_OF_SCIPY: [f64; 3] = [
        7.61985302416047e-24,
        1.3726045194406417e-27,
        2.9666446590828377e-84,
    ];
    const NONCENTRAL_T_OF_SCIPY: [(f64, f64, f64, f64); 4] = [
        (2.0, 10.0, 1.0, 0.19238843746962478),
        (1.98, 125.5, 2.8, 0.7932069835995972),
        (1.96, 3000.0, 2.8, 0.7995162358808057),
        (2.77, 4.0, 0.5, 0.059123907992108135),
    ];
}
