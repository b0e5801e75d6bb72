//! The sentences that a story keeps beside what it tells, for rounds that have to tell something else.

use domain::HookForm;

use crate::forms::form_of;
use crate::hook::opens;
use crate::rank::similarity;
use crate::sources::{Candidate, Material, Origin, sayable};

/// The most sentences that are kept to open with instead.
const OPENINGS: usize = 3;

/// The most that are kept to be told instead.
const LINES: usize = 16;

/// Two sentences that share more than this say the same.
const SAME: f64 = 0.55;

/// Candidates that nothing tells, best first.
#[derive(Debug, Default)]
pub(crate) struct Spare {
    /// To open with.
    pub(crate) openings: Vec<usize>,
    /// To be told in the middle.
    pub(crate) lines: Vec<usize>,
}

impl Spare {
    /// Chooses them: sentences of the source text that stand by themselves; none that says what is said.
    pub(crate) fn of(material: &Material, scores: &[f64], told: &[usize]) -> Self {
        let all = &material.candidates;
        let again = |at: usize, said: &[usize]| {
            said.iter()
                .any(|&other| similarity(&all[at], &all[other]) >= SAME)
        };
        let mut free: Vec<usize> = (0..all.len())
            .filter(|at| !told.contains(at) && tellable(&all[*at]) && !again(*at, told))
            .collect();
        let mut spare = Self::default();
        let opening = |at: usize| scores[at] + opens(&all[at]).unwrap_or(f64::NEG_INFINITY);
        free.sort_by(|&a, &b| opening(b).total_cmp(&opening(a)).then(a.cmp(&b)));
        let mut forms: Vec<HookForm> = Vec::new();
        // One of each form first, so that a later round and the variants have other ways to begin.
        for other_form in [true, false] {
            for &at in &free {
                let form = form_of(&all[at].spoken);
                let said = spare.openings.contains(&at) || again(at, &spare.openings);
                let known = other_form && forms.contains(&form);
                let fits = opens(&all[at]).is_some() && !said && !known;
                if fits && spare.openings.len() < OPENINGS {
                    spare.openings.push(at);
                    forms.push(form);
                }
            }
        }
        free.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
        for &at in &free {
            let said = spare.openings.contains(&at)
                || again(at, &spare.openings)
                || again(at, &spare.lines);
            if !said && spare.lines.len() < LINES {
                spare.lines.push(at);
            }
        }
        spare
    }
}

fn tellable(candidate: &Candidate) -> bool {
    matches!(candidate.origin, Origin::Sentence(_))
        && !candidate.leans
        && !candidate.asks
        && sayable(candidate)
}
