//! What this process itself knows to be invalid.
//!
//! An entry in the process remembers the counts of its name and of its tags from before it was looked for. Removing or invalidating
//! raises a count, so whatever was looked for before that is not believed any more, even what is only put in later. Counts lie in a table of
//! constant size: two names that share a count cost a miss now and then, never a wrong value.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Name, Tag};

const COUNTS: usize = 4096;

/// The counts.
pub(crate) struct Generations(Box<[AtomicU64]>);

/// The counts of a name and its tags at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen(Vec<(u16, u64)>);

impl Default for Generations {
    fn default() -> Self {
        Self((0..COUNTS).map(|_| AtomicU64::new(0)).collect())
    }
}

impl Generations {
    pub(crate) fn now(&self, name: &Name, tags: &[Tag]) -> Seen {
        let places = tags.iter().map(place_of_tag);
        Seen(
            std::iter::once(place_of_name(name))
                .chain(places)
                .map(|place| (place, self.count(place)))
                .collect(),
        )
    }

    /// Whether nothing was removed or invalidated since.
    pub(crate) fn unchanged(&self, seen: &Seen) -> bool {
        seen.0
            .iter()
            .all(|(place, count)| self.count(*place) == *count)
    }

    pub(crate) fn raise_name(&self, name: &Name) {
        self.raise(place_of_name(name));
    }

    pub(crate) fn raise_tag(&self, tag: &Tag) {
        self.raise(place_of_tag(tag));
    }

    fn count(&self, place: u16) -> u64 {
        self.0
            .get(usize::from(place))
            .map_or(0, |count| count.load(Ordering::Acquire))
    }

    fn raise(&self, place: u16) {
        if let Some(count) = self.0.get(usize::from(place)) {
            count.fetch_add(1, Ordering::AcqRel);
        }
    }
}

fn place_of_name(name: &Name) -> u16 {
    place(name.digest())
}

fn place_of_tag(tag: &Tag) -> u16 {
    place(tag.digest())
}

fn place(digest: &[u8]) -> u16 {
    let [low, high, ..] = digest else { return 0 };
    u16::from_le_bytes([*low, *high]) % COUNTS as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    #[test]
    fn what_was_seen_before_a_change_is_not_believed_after_it() {
        let generations = Generations::default();
        let (name, tag) = (Name::new(Kind::Media, b"a"), Tag::brand("Acme"));
        let (plain, tagged) = (generations.now(&name, &[]), generations.now(&name, &[tag]));
        generations.raise_tag(&tag);
        assert!(generations.unchanged(&plain) && !generations.unchanged(&tagged));
        generations.raise_name(&name);
        assert!(!generations.unchanged(&plain));
        assert!(generations.unchanged(&generations.now(&name, &[tag])));
    }
}
