//! Transactions that are sent again. An SDK gives each a token (`ClientRequestToken`) that stays the same when it asks again, and the one that was
//! carried out is answered again, not carried out again. The engine's own memory of tokens is searched whole for each transaction, and
//! keeps ten minutes of them: with thousands a second it soon does nothing else.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a transaction is known again. The SDK's attempts are no more than some 20 s apart.
const KNOWN_FOR: Duration = Duration::from_mins(1);

/// The answers of the last transactions, by their tokens.
#[derive(Debug)]
pub(super) struct Tokens<Answer> {
    known: Mutex<Known<Answer>>,
    known_for: Duration,
}

#[derive(Debug)]
struct Known<Answer> {
    answers: HashMap<String, Answer>,
    /// Tokens with the time of their answer, the oldest first.
    order: VecDeque<(Instant, String)>,
}

impl<Answer> Default for Tokens<Answer> {
    fn default() -> Self {
        Self {
            known: Mutex::new(Known {
                answers: HashMap::new(),
                order: VecDeque::new(),
            }),
            known_for: KNOWN_FOR,
        }
    }
}

impl<Answer: Clone> Tokens<Answer> {
    /// The answer to a transaction, which is carried out unless one of its token was. One that failed may be tried again. The others wait
    /// meanwhile, as they would for the database.
    pub(super) fn once<Error>(
        &self,
        token: &str,
        carry_out: impl FnOnce() -> Result<Answer, Error>,
    ) -> Result<Answer, Error> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.forget(self.known_for);
        if let Some(answer) = known.answers.get(token) {
            return Ok(answer.clone());
        }
        let answer = carry_out()?;
        known.order.push_back((Instant::now(), token.to_owned()));
        known.answers.insert(token.to_owned(), answer.clone());
        Ok(answer)
    }
}

impl<Answer> Known<Answer> {
    fn forget(&mut self, known_for: Duration) {
        while let Some((at, token)) = self.order.front()
            && at.elapsed() >= known_for
        {
            self.answers.remove(token);
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_carried_out_is_answered_again_and_what_failed_is_tried_again() {
        let tokens = Tokens::default();
        assert_eq!(tokens.once("a", || Err::<u8, _>("busy")), Err("busy"));
        assert_eq!(tokens.once("a", || Ok::<_, ()>(1)), Ok(1));
        assert_eq!(tokens.once("a", || Err("carried out again")), Ok(1));
        assert_eq!(tokens.once("b", || Ok::<_, ()>(2)), Ok(2));
    }

    #[test]
    fn what_is_old_is_forgotten_by_itself() {
        let tokens = Tokens {
            known_for: Duration::from_nanos(1),
            ..Tokens::default()
        };
        let told = |token, answer: u8| tokens.once(token, || Ok::<_, ()>(answer));
        assert_eq!(told("old", 1), Ok(1));
        let since = Instant::now();
        {
            // One whose answer is from an hour ahead, and so isn't old.
            let mut known = tokens.known.lock().unwrap_or_else(PoisonError::into_inner);
            let ahead = since + Duration::from_hours(1);
            known.order.push_back((ahead, "new".to_owned()));
            known.answers.insert("new".to_owned(), 2);
        }
        while since.elapsed().is_zero() {}
        assert_eq!(told("old", 3), Ok(3), "it is carried out again");
        assert_eq!(told("new", 4), Ok(2), "it is answered again");
        let known = tokens.known.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!((known.answers.len(), known.order.len()), (2, 2));
    }

    #[test]
    fn nothing_is_kept_for_longer_than_it_is_known() {
        let tokens = Tokens {
            known_for: Duration::ZERO,
            ..Tokens::default()
        };
        for number in 0..100 {
            assert_eq!(tokens.once("a", || Ok::<_, ()>(number)), Ok(number));
        }
        let known = tokens.known.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!((known.answers.len(), known.order.len()), (1, 1));
    }
}
