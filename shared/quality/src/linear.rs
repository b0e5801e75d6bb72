//! Linear models: what all of this crate's are.

/// One term of a model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    /// What it looks at.
    pub(crate) name: &'static str,
    /// What it is worth for each unit.
    pub(crate) coefficient: f64,
    /// What it is on average, in the texts that the model was fitted on.
    pub(crate) mean: f64,
}

/// A constant and terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Linear {
    /// The constant.
    pub(crate) constant: f64,
    /// The terms, in the order of the figures that they are applied to.
    pub(crate) terms: &'static [Term],
}

impl Linear {
    /// The sum for these figures.
    pub(crate) fn apply(&self, figures: &[f64]) -> f64 {
        let sum: f64 = self
            .terms
            .iter()
            .zip(figures)
            .map(|(term, figure)| term.coefficient * figure)
            .sum();
        self.constant + sum
    }

    /// What each figure adds to the sum, against a text that is average in it.
    pub(crate) fn contributions(
        &self,
        figures: &[f64],
    ) -> impl Iterator<Item = (&'static str, f64, f64)> {
        self.terms
            .iter()
            .zip(figures)
            .map(|(term, &figure)| (term.name, figure, term.coefficient * (figure - term.mean)))
    }
}
