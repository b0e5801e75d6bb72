//! What can keep the writer from writing.

/// Why there is nothing to write.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriterError {
    /// Neither topic, key point nor source sentence is left to tell.
    #[error(
        "the brief leaves nothing to tell ({0}): give it a topic, key points or a source text with full sentences"
    )]
    NothingToTell(String),
    /// The story doesn't fit the brief it is said to come from.
    #[error(
        "the story names the source {0:?}, which it doesn't hold: make the story again from this brief"
    )]
    UnknownSource(String),
    /// More ways to open were asked for than there are.
    #[error(
        "hook {asked} was asked for, and the brief gives {found} that open differently: ask for fewer variants, or give a topic and more sentences to draw on"
    )]
    TooFewHooks {
        /// The number of the hook that was asked for, from 1.
        asked: u32,
        /// How many there are.
        found: usize,
    },
}
