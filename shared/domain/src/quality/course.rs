//! How a run goes on when a round is judged.

use super::{Hold, RoundScore, Tier};

/// How a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// The video of this round is published.
    Approve(u32),
    /// A person looks at the video of this round.
    Review(u32),
    /// Another round is made.
    Again,
}

/// How a run goes on after `rounds`, of which the last has just been judged: those since a person last decided, if one did. A round that
/// must be made again is, until there are `max_rounds`, if it is known what to do differently; then the best one counts, the latest of
/// equals, and one that must not be published only where no other is there.
pub fn course(rounds: &[RoundScore], max_rounds: u32, can_differ: bool) -> Course {
    let publishable = |score: &RoundScore| {
        !score
            .holds
            .iter()
            .any(|hold| matches!(hold, Hold::Unpublishable { .. }))
    };
    let best = rounds
        .iter()
        .max_by_key(|score| (publishable(score), score.total, score.round));
    let (Some(best), Some(last)) = (best, rounds.last()) else {
        return Course::Again;
    };
    if best.tier == Tier::Approve {
        Course::Approve(best.round)
    } else if last.tier == Tier::Regenerate && last.round < max_rounds && can_differ {
        Course::Again
    } else {
        Course::Review(best.round)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::quality::{Thresholds, Total};
    use crate::{ArtifactRef, ContentKey, MediaType};

    fn round(round: u32, tenths: u16, holds: &[Hold]) -> RoundScore {
        let total = Total::of_tenths(tenths);
        RoundScore {
            round,
            total,
            tier: Thresholds::default().tier(total, holds),
            holds: holds.to_vec(),
            scores: BTreeMap::new(),
            suggestions: Vec::new(),
            judging: None,
            assessment: ArtifactRef {
                key: ContentKey::of(&[]),
                media_type: MediaType::Json,
                bytes: 0,
            },
        }
    }

    #[test]
    fn a_round_is_made_again_until_it_is_enough_and_then_the_best_counts() {
        let table: [(&[u16], u32, Course); 9] = [
            (&[850], 2, Course::Approve(1)),
            (&[849], 2, Course::Review(1)),
            (&[700], 2, Course::Review(1)),
            (&[699], 2, Course::Again),
            (&[699], 1, Course::Review(1)),
            (&[699, 650], 2, Course::Review(1)),
            (&[650, 699], 2, Course::Review(2)),
            (&[650, 650], 2, Course::Review(2)),
            (&[650, 900], 3, Course::Approve(2)),
        ];
        for (totals, max_rounds, expected) in table {
            let rounds: Vec<_> = (1..)
                .zip(totals)
                .map(|(number, &total)| round(number, total, &[]))
                .collect();
            assert_eq!(course(&rounds, max_rounds, true), expected, "{totals:?}");
        }
    }

    #[test]
    fn a_round_that_could_only_repeat_itself_goes_to_a_person() {
        assert_eq!(course(&[round(1, 500, &[])], 2, false), Course::Review(1));
    }

    #[test]
    fn what_must_not_be_published_counts_only_where_nothing_else_is_there() {
        let banned = [Hold::Unpublishable {
            reason: "it says \"cheap\"".to_owned(),
        }];
        let rounds = [round(1, 690, &banned), round(2, 600, &[])];
        assert_eq!(course(&rounds, 2, true), Course::Review(2));
        assert_eq!(course(&rounds[..1], 1, true), Course::Review(1));
    }

    #[test]
    fn a_degraded_round_is_never_approved_by_itself() {
        let degraded = [Hold::Degraded {
            reason: "no voice".to_owned(),
        }];
        assert_eq!(
            course(&[round(1, 990, &degraded)], 2, true),
            Course::Review(1)
        );
    }
}
