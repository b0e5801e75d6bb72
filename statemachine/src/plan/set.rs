//! Sets of tasks, a bit each.

/// A set of task indices below a bound that all sets of one graph share.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Set(Vec<u64>);

impl Set {
    /// No task out of `bound`.
    pub(super) fn none(bound: usize) -> Self {
        Self(vec![0; bound.div_ceil(64)])
    }

    /// All tasks below `bound`.
    pub(super) fn all(bound: usize) -> Self {
        let mut set = Self::none(bound);
        for task in 0..bound {
            set.insert(task);
        }
        set
    }

    pub(super) fn insert(&mut self, task: usize) {
        self.0[task / 64] |= 1 << (task % 64);
    }

    pub(super) fn remove(&mut self, task: usize) {
        self.0[task / 64] &= !(1 << (task % 64));
    }

    pub(super) fn has(&self, task: usize) -> bool {
        self.0[task / 64] >> (task % 64) & 1 == 1
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub(super) fn first(&self) -> Option<usize> {
        let at = self.0.iter().position(|&word| word != 0)?;
        Some(at * 64 + self.0[at].trailing_zeros() as usize)
    }

    /// Its tasks by ascending index.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0
            .iter()
            .enumerate()
            .flat_map(|(at, &word)| Bits(word).map(move |bit| at * 64 + bit))
    }

    /// How many tasks are in both.
    pub(super) fn shared(&self, other: &Self) -> usize {
        self.0
            .iter()
            .zip(&other.0)
            .map(|(a, b)| (a & b).count_ones() as usize)
            .sum()
    }

    /// The tasks in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        self.with(other, |a, b| a & b)
    }

    /// The tasks in either.
    pub(super) fn or(&self, other: &Self) -> Self {
        self.with(other, |a, b| a | b)
    }

    /// The tasks in this and not in `other`.
    pub(super) fn minus(&self, other: &Self) -> Self {
        self.with(other, |a, b| a & !b)
    }

    /// The tasks in one of the two.
    pub(super) fn xor(&self, other: &Self) -> Self {
        self.with(other, |a, b| a ^ b)
    }

    /// Adds the tasks of `other`.
    pub(super) fn add(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(&other.0) {
            *word |= more;
        }
    }

    fn with(&self, other: &Self, both: impl Fn(u64, u64) -> u64) -> Self {
        Self(
            self.0
                .iter()
                .zip(&other.0)
                .map(|(&a, &b)| both(a, b))
                .collect(),
        )
    }
}

/// The positions of a word's ones, lowest first.
struct Bits(u64);

impl Iterator for Bits {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let bit = self.0.trailing_zeros() as usize;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}
