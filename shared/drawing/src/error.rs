//! What can go wrong with a picture.

/// Why a picture could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawingError {
    /// A size that no frame has.
    #[error(
        "a frame of {width} x {height} pixels can't be drawn: each side must have 64 to 4096 pixels"
    )]
    Size {
        /// Width asked for.
        width: u32,
        /// Height asked for.
        height: u32,
    },
    /// A logo that is larger than any logo needs to be.
    #[error("the logo {problem}: pass a PNG or SVG of at most 5 MB and 4096 pixels a side")]
    LogoTooLarge {
        /// Its size and the limit.
        problem: String,
    },
    /// A logo that is neither PNG nor SVG, or a damaged one.
    #[error("the logo can't be read ({problem}): pass a PNG or SVG picture")]
    LogoUnreadable {
        /// What the reader says.
        problem: String,
    },
    /// A picture of the user's own that isn't in the form in which they are stored.
    #[error("a picture can't be read ({0}): name its file again")]
    Photo(String),
    /// The project's own template is wrong.
    #[error(
        "a template made an SVG that can't be read ({0}): report this with the words of the scene"
    )]
    Template(String),
    /// The PNG could not be written.
    #[error("a picture could not be written as PNG ({0})")]
    Png(String),
}
