//! The picture of one scene.

use domain::{LayoutBox, Palette, Platform, Role, SpokenWord, Style, Visual};
use typeset::{Fonts, safe};

use crate::layouts::{Page, Setting};
use crate::pictured::{self, PhotoShown, UserPhoto};
use crate::scheme::{Scheme, ground};
use crate::seed::Seeded;
use crate::{DrawingError, Logo, Piece, backdrop, encode};

/// What a scene's picture is made from.
#[derive(Debug, Clone, Copy)]
pub struct DrawRequest<'a> {
    /// The layout and its words.
    pub visual: &'a Visual,
    /// The scene's place on the arc: it decides on the ground's colour.
    pub role: Role,
    /// The brand's colours; where they can't be told apart, they are moved until they can.
    pub palette: &'a Palette,
    /// The look.
    pub style: Style,
    /// Where it is to be shown.
    pub platform: Platform,
    /// The fonts.
    pub fonts: &'a Fonts,
    /// The brand's logo.
    pub logo: Option<&'a Logo>,
    /// A picture of the user's own, in place of a backdrop.
    pub photo: Option<UserPhoto<'a>>,
    /// Width and height of the frame in pixels, each 64 to 4096.
    pub size: (u32, u32),
    /// Another seed, another composition.
    pub seed: u64,
    /// The scene's index in the script.
    pub scene: usize,
    /// Whether the words are made by [`crate::kinetic`]: then only the background is drawn.
    pub moving: bool,
    /// The scene's spoken words with their planned times, which its pieces come in with; may be empty.
    pub spoken: &'a [SpokenWord],
    /// Words a minute, for what has no spoken word.
    pub planned_wpm: u32,
}

/// A scene's picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// An opaque PNG of [`crate::background_size`] pixels, or of as many as the picture on it allows: at least the frame's.
    pub background_png: Vec<u8>,
    /// What stands still, as a PNG with alpha of exactly the frame's size; absent for moving scenes, and where nothing stands still.
    pub foreground_png: Option<Vec<u8>>,
    /// What comes in before that, back to front.
    pub pieces: Vec<Piece>,
    /// What was drawn where, in pixels of the frame. Boxes whose names start with [`crate::SHAPE_PREFIX`] may lie under others.
    pub boxes: Vec<LayoutBox>,
    /// Characters that no font can draw: they were left out.
    pub missing: Vec<char>,
    /// Names of boxes whose text had no room and was cut off behind an ellipsis.
    pub truncated: Vec<String>,
    /// Names of icons that there are none of: they were left out.
    pub unknown_icons: Vec<String>,
    /// How the picture of the user's own is shown, if there is one.
    pub photo: Option<PhotoShown>,
}

/// Draws a scene's picture.
pub fn draw(request: &DrawRequest<'_>) -> Result<Drawn, DrawingError> {
    let (width, height) = request.size;
    check(width, height)?;
    let visual = (!request.moving).then_some(request.visual);
    let (style, seed, role, scene) = (request.style, request.seed, request.role, request.scene);
    let pictured = request.photo.is_some();
    let ground = ground(style, seed, role, scene, visual);
    let scheme = Scheme::of(request.palette, ground, pictured);
    let mut drawn = Drawn {
        background_png: Vec::new(),
        foreground_png: None,
        pieces: Vec::new(),
        boxes: Vec::new(),
        missing: Vec::new(),
        truncated: Vec::new(),
        unknown_icons: Vec::new(),
        photo: None,
    };
    if let Some(visual) = visual {
        let seeded = Seeded::new(seed, 1_009 + scene as u64);
        let setting = Setting {
            fonts: request.fonts,
            size: request.size,
            platform: request.platform,
            style,
            logo: request.logo,
            pictured,
        };
        let mut page = Page::new(&setting, scheme.clone(), seeded);
        page.put(visual);
        let still = page.sheet.still()?;
        drawn.foreground_png = still.as_ref().map(encode::pixmap).transpose()?;
        drawn.pieces = page
            .sheet
            .pieces(request.spoken, request.planned_wpm, page.look.tempo)?;
        drawn.unknown_icons = page.unknown_icons;
        drawn.boxes = page.sheet.boxes;
        drawn.missing = page.sheet.missing;
        drawn.truncated = page.sheet.truncated;
    }
    let ((width, height), rgb) = if let Some(photo) = &request.photo {
        let words = if request.moving {
            // Where moving words will stand isn't known here.
            let stage = safe::stage(request.size, request.platform);
            Some(stage.y..stage.bottom())
        } else {
            pictured::rows_of(&drawn.boxes)
        };
        let chosen = (style, seed, scene);
        let ground = pictured::ground(photo, &scheme, request.size, chosen, words);
        drawn.photo = Some(ground.shown);
        (ground.size, ground.rgb)
    } else {
        let size = backdrop::background_size(request.size);
        (size, backdrop::draw(&scheme, size, style, seed, scene))
    };
    drawn.background_png = encode::rgb(width, height, &rgb)?;
    Ok(drawn)
}

pub(crate) fn check(width: u32, height: u32) -> Result<(), DrawingError> {
    let fine = 64..=4096;
    if fine.contains(&width) && fine.contains(&height) {
        Ok(())
    } else {
        Err(DrawingError::Size { width, height })
    }
}
