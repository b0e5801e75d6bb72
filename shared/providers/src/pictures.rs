//! Who draws.

use async_trait::async_trait;
use domain::{LayoutBox, Movement, Palette, PictureMotion, Platform, Role, Style, Visual};
pub use drawing::Piece as MovingPiece;

use crate::{Answer, ProviderError};

/// One scene to be drawn.
#[derive(Debug, Clone)]
pub struct PictureRequest {
    /// Layout and words.
    pub visual: Visual,
    /// Where on the arc the scene stands.
    pub role: Role,
    /// The colours.
    pub palette: Palette,
    /// The brand's font file.
    pub font: Option<Vec<u8>>,
    /// The brand's logo file: PNG or SVG.
    pub logo: Option<Vec<u8>>,
    /// A picture of the user's own, in place of a backdrop.
    pub photo: Option<PhotoRequest>,
    /// Width and height of the frame in pixels.
    pub size: (u32, u32),
    /// Another seed, another background.
    pub seed: u64,
    /// The scene's index.
    pub scene: u32,
    /// Whether the words will move: then only the background is drawn.
    pub moving: bool,
    /// The look.
    pub style: Style,
    /// Where it is to be shown.
    pub platform: Platform,
    /// The lines that are spoken: what is drawn comes in with their words.
    pub spoken: Vec<String>,
    /// Words a minute at the planned pace.
    pub planned_wpm: u32,
}

/// A picture of the user's own behind a scene's words.
#[derive(Debug, Clone)]
pub struct PhotoRequest {
    /// The picture, as it was taken in.
    pub png: Vec<u8>,
    /// The point that stays in view, in shares of its width and height.
    pub focus: Option<[f64; 2]>,
    /// How it moves.
    pub motion: Option<PictureMotion>,
}

/// A scene as it was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// An opaque PNG, larger than the frame by the room that pan and zoom need.
    pub background_png: Vec<u8>,
    /// What stands still: a PNG with alpha of the frame's size.
    pub foreground_png: Option<Vec<u8>>,
    /// What comes in, back to front.
    pub pieces: Vec<MovingPiece>,
    /// Length at the planned pace in milliseconds.
    pub planned_ms: u32,
    /// What was drawn where.
    pub boxes: Vec<LayoutBox>,
    /// How the background moves, where the seed doesn't decide.
    pub movement: Option<Movement>,
}

/// One scene whose words are to move.
#[derive(Debug, Clone)]
pub struct ClipRequest {
    /// Where on the arc the scene stands.
    pub role: Role,
    /// The words on screen.
    pub on_screen: String,
    /// The brand's name, shown with a call to action.
    pub brand: Option<String>,
    /// The lines that are spoken.
    pub spoken: Vec<String>,
    /// Words a minute at the planned pace.
    pub planned_wpm: u32,
    /// The colours.
    pub palette: Palette,
    /// The brand's font file.
    pub font: Option<Vec<u8>>,
    /// The brand's logo file: PNG or SVG.
    pub logo: Option<Vec<u8>>,
    /// Width and height of the frame in pixels.
    pub size: (u32, u32),
    /// Another seed, another motion.
    pub seed: u64,
    /// Whether a picture of the user's own lies behind.
    pub pictured: bool,
    /// The look.
    pub style: Style,
    /// Where it is to be shown.
    pub platform: Platform,
}

/// Moving type for one scene.
#[derive(Debug, Clone, PartialEq)]
pub struct MovingType {
    /// Length at the planned pace in milliseconds.
    pub planned_ms: u32,
    /// What moves, back to front.
    pub sprites: Vec<MovingPiece>,
    /// What stands where, at rest.
    pub boxes: Vec<LayoutBox>,
}

/// Draws scenes and sets moving type.
#[async_trait]
pub trait PictureProvider: Send + Sync {
    /// Who answers, with everything that changes the answer: part of content keys.
    fn fingerprint(&self) -> String;

    /// Who answers, for people.
    fn description(&self) -> String;

    /// What drawing one scene costs at most, in US dollars.
    fn most_usd(&self) -> f64 {
        0.0
    }

    /// Draws one scene.
    async fn draw(&self, request: PictureRequest) -> Result<Answer<Drawing>, ProviderError>;

    /// Sets the moving type of one scene.
    async fn set(&self, request: ClipRequest) -> Result<Answer<MovingType>, ProviderError>;
}
