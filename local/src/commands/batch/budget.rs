//! What the runs of a batch may spend, so that all of them together never pass its budget.

/// The most rounds that money is put aside for, and how often a question may be asked in each.
const ROOM: f64 = 4.0;

/// A batch's budget: what is spent, and what runs that go on may still spend.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "all are in dollars, and say so")]
pub(super) struct Budget {
    /// The most, in US dollars; none, and nothing is counted.
    pub(super) most_usd: Option<f64>,
    /// What runs that are over have cost.
    pub(super) spent_usd: f64,
    /// What runs that go on may cost: their own limits.
    pub(super) aside_usd: f64,
}

/// What a run may spend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Allowed {
    /// So much, in US dollars; without a number, as much as its brief says.
    Most(Option<f64>),
    /// Not now: what others don't use comes back.
    Later,
    /// Never: the budget is used up.
    Never,
}

impl Budget {
    /// What a run may spend whose first round costs `round_usd` at most and whose brief allows `brief_usd`. It is put aside.
    pub(super) fn allow(&mut self, round_usd: f64, brief_usd: Option<f64>) -> Allowed {
        let Some(most) = self.most_usd else {
            return Allowed::Most(brief_usd);
        };
        let left = (most - self.spent_usd - self.aside_usd).max(0.0);
        let least = brief_usd.map_or(round_usd, |limit| limit.min(round_usd));
        if least > left {
            return if self.aside_usd > 0.0 {
                Allowed::Later
            } else {
                Allowed::Never
            };
        }
        let wanted = (ROOM * round_usd).min(left);
        let limit = brief_usd.map_or(wanted, |limit| limit.min(wanted));
        self.aside_usd += limit;
        Allowed::Most(Some(limit))
    }

    /// Puts aside what a run may still spend that was begun before.
    pub(super) fn put_aside(&mut self, limit_usd: f64) {
        self.aside_usd += limit_usd;
    }

    /// A run is over: of what was put aside for it, it cost so much.
    pub(super) fn settle(&mut self, limit_usd: f64, cost_usd: f64) {
        self.aside_usd = (self.aside_usd - limit_usd).max(0.0);
        self.spent_usd += cost_usd;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(most_usd: f64) -> Budget {
        Budget {
            most_usd: Some(most_usd),
            spent_usd: 0.0,
            aside_usd: 0.0,
        }
    }

    #[test]
    fn what_is_put_aside_and_spent_never_passes_the_budget_and_what_is_left_over_comes_back() {
        let mut budget = budget(1.0);
        assert_eq!(budget.allow(0.2, None), Allowed::Most(Some(0.8)));
        assert_eq!(budget.allow(0.2, Some(0.1)), Allowed::Most(Some(0.1)));
        assert_eq!(budget.allow(0.2, None), Allowed::Later);
        budget.settle(0.8, 0.3);
        let Allowed::Most(Some(third)) = budget.allow(0.2, None) else {
            panic!("there is room: {budget:?}");
        };
        assert!(budget.spent_usd + budget.aside_usd <= 1.0 + 1e-12);
        budget.settle(0.1, 0.1);
        budget.settle(third, third);
        assert_eq!(budget.allow(0.2, None), Allowed::Never);
    }

    #[test]
    fn what_costs_nothing_needs_no_budget() {
        assert_eq!(budget(0.0).allow(0.0, None), Allowed::Most(Some(0.0)));
        let mut without = Budget {
            most_usd: None,
            ..budget(0.0)
        };
        assert_eq!(without.allow(9.0, Some(2.0)), Allowed::Most(Some(2.0)));
    }
}
