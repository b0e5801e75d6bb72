//! What every provider answers with.

/// An answer with what it cost and what it lacks.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// The answer.
    pub value: T,
    /// What was paid for it, in US dollars; 0 for the embedded providers.
    pub cost_usd: f64,
    /// Why it is less than was asked for: each a reason that a person can read. Empty if it isn't.
    pub degraded: Vec<String>,
}

impl<T> Answer<T> {
    /// A full answer that cost nothing.
    pub fn free(value: T) -> Self {
        Self {
            value,
            cost_usd: 0.0,
            degraded: Vec::new(),
        }
    }
}
