//! Sums that a metric's statistics come from. They add: over units, days and shards, in any order.

use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// One metric's sums over units. What a metric doesn't need stays 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sums {
    /// Of units' values.
    pub sum: f64,
    /// Of their squares.
    pub sum_squares: f64,
    /// Of what a ratio divides by.
    pub denominator: f64,
    /// Of its squares.
    pub denominator_squares: f64,
    /// Of products of value and denominator.
    pub denominator_product: f64,
    /// Of values from before the experiment.
    pub pre: f64,
    /// Of their squares.
    pub pre_squares: f64,
    /// Of products of value and value before.
    pub pre_product: f64,
}

impl Sums {
    /// One unit's.
    pub fn of_unit(value: f64, denominator: f64, pre: f64) -> Self {
        Self {
            sum: value,
            sum_squares: value * value,
            denominator,
            denominator_squares: denominator * denominator,
            denominator_product: value * denominator,
            pre,
            pre_squares: pre * pre,
            pre_product: value * pre,
        }
    }

    /// Whether it changes nothing.
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    fn with(self, other: Self, combine: fn(f64, f64) -> f64) -> Self {
        Self {
            sum: combine(self.sum, other.sum),
            sum_squares: combine(self.sum_squares, other.sum_squares),
            denominator: combine(self.denominator, other.denominator),
            denominator_squares: combine(self.denominator_squares, other.denominator_squares),
            denominator_product: combine(self.denominator_product, other.denominator_product),
            pre: combine(self.pre, other.pre),
            pre_squares: combine(self.pre_squares, other.pre_squares),
            pre_product: combine(self.pre_product, other.pre_product),
        }
    }
}

impl Add for Sums {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.with(other, Add::add)
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Sums {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.with(other, Sub::sub)
    }
}
