//! The fonts that words are set in.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cosmic_text::fontdb::{self, Database, FaceInfo, Source};
use cosmic_text::{Font, FontSystem, SwashCache};

use crate::Face;

/// Why a font can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// More bytes than any sensible font has.
    #[error(
        "the font has {bytes} bytes, and at most {limit} are read: pass one weight, not a family's collection"
    )]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// No font at all, or a broken one.
    #[error(
        "the font can't be read: pass a TrueType or OpenType file (.ttf, .otf), not a web font (.woff, .woff2) or a damaged file"
    )]
    Unreadable,
    /// A font without letters.
    #[error("the font {name:?} has no letter that could be drawn: pass a font for text")]
    NoLetters {
        /// What it calls itself.
        name: String,
    },
}

/// The largest brand font that is read, in bytes.
pub const MAX_FONT_BYTES: usize = 24 * 1024 * 1024;

/// Where a face may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// The brand's own font: always first.
    Brand,
    Display,
    Serif,
    Text,
    /// For the characters that those before it lack.
    Script,
    /// The same; first choice for what asks to be shown as emoji.
    Emoji,
}

macro_rules! built_in {
    ($($usage:ident $file:literal),* $(,)?) => {
        &[$((Use::$usage, include_bytes!(concat!("../fonts/", $file)))),*]
    };
}

/// In the order in which they are asked for a character.
static BUILT_IN: &[(Use, &[u8])] = built_in![
    Display "BricolageGrotesque-ExtraBold.ttf",
    Serif "SourceSerifPro-Semibold.otf",
    Text "Inter-SemiBold.otf",
    Text "Inter-Bold.otf",
    Text "Inter-ExtraBold.otf",
    Script "NotoSansArabic-Bold.ttf",
    Script "NotoSansHebrew-Bold.ttf",
    Script "NotoSansDevanagari-Bold.ttf",
    Script "NotoSansBengali-Bold.ttf",
    Script "NotoSansTamil-Bold.ttf",
    Script "NotoSansTelugu-Bold.ttf",
    Script "NotoSansGujarati-Bold.ttf",
    Script "NotoSansGurmukhi-Bold.ttf",
    Script "NotoSansKannada-Bold.ttf",
    Script "NotoSansMalayalam-Bold.ttf",
    Script "NotoSansSinhala-Bold.ttf",
    Script "NotoSansThai-Bold.ttf",
    Script "NotoSansLao-Bold.ttf",
    Script "NotoSansKhmer-Bold.ttf",
    Script "NotoSansMyanmar-Bold.ttf",
    Script "NotoSansArmenian-Bold.ttf",
    Script "NotoSansGeorgian-Bold.ttf",
    Script "NotoSansEthiopic-Bold.ttf",
    Script "NotoSansCJKsc-Bold.otf",
    Emoji "NotoEmoji-Bold.ttf",
    Script "NotoSansSymbols-Bold.ttf",
    Script "NotoSansSymbols2-Regular.ttf",
    Script "NotoSansMath-Regular.ttf",
];

/// One face under the family name that only it has, so that asking for the name gives this face and no other.
pub(crate) struct LoadedFace {
    usage: Use,
    pub(crate) family: String,
    /// The weights it can show: one, or a variable font's range.
    weights: (u16, u16),
    font: Arc<Font>,
}

impl LoadedFace {
    /// Whether it has a glyph of its own for the character.
    pub(crate) fn covers(&self, character: char) -> bool {
        self.font.as_swash().charmap().map(character) != 0
    }

    /// The weight it shows when asked for `weight`.
    pub(crate) fn weight(&self, weight: u16) -> u16 {
        weight.clamp(self.weights.0, self.weights.1)
    }

    /// Whether it draws emoji.
    pub(crate) fn is_emoji(&self) -> bool {
        self.usage == Use::Emoji
    }

    /// Whether letters may be set wider or tighter: not where they join or stack.
    pub(crate) fn spaced(&self) -> bool {
        !matches!(self.usage, Use::Script | Use::Emoji)
    }
}

/// What shaping and drawing need; both want it exclusively.
pub(crate) struct Engine {
    pub(crate) system: FontSystem,
    pub(crate) swash: SwashCache,
    pub(crate) faces: Vec<LoadedFace>,
}

impl Engine {
    /// The built-in faces, after the brand's if there is one.
    fn new(brand: Option<Vec<u8>>) -> Result<Self, FontError> {
        let brand = brand.map(|bytes| (Use::Brand, Source::Binary(Arc::new(bytes))));
        let built_in = BUILT_IN
            .iter()
            .map(|(usage, bytes)| (*usage, Source::Binary(Arc::new(*bytes))));
        Self::of(brand.into_iter().chain(built_in))
    }

    /// These faces and no others.
    fn of(files: impl IntoIterator<Item = (Use, Source)>) -> Result<Self, FontError> {
        let mut database = Database::new();
        let mut loaded = Vec::new();
        for (usage, source) in files {
            loaded.push((usage, load(&mut database, source, loaded.len())?));
        }
        // The locale only picks among fallbacks, and every character's face is chosen before shaping.
        let mut system = FontSystem::new_with_locale_and_db("en-US".to_owned(), database);
        let mut faces = Vec::with_capacity(loaded.len());
        for (usage, (id, family)) in loaded {
            let weight = system.db().face(id).ok_or(FontError::Unreadable)?.weight;
            let font = system.get_font(id, weight).ok_or(FontError::Unreadable)?;
            let weights = font
                .as_swash()
                .variations()
                .find(|axis| axis.tag() == u32::from_be_bytes(*b"wght"))
                .map_or((weight.0, weight.0), |axis| {
                    (axis.min_value() as u16, axis.max_value() as u16)
                });
            faces.push(LoadedFace {
                usage,
                family,
                weights,
                font,
            });
        }
        Ok(Self {
            system,
            swash: SwashCache::new(),
            faces,
        })
    }

    /// Faces in the order in which they are asked for a character.
    pub(crate) fn chain(&self, face: Face, weight: u16, emoji: bool) -> Vec<usize> {
        let of =
            |usage: Use| (0..self.faces.len()).filter(move |&at| self.faces[at].usage == usage);
        let nearest_text =
            of(Use::Text).min_by_key(|&at| self.faces[at].weights.0.abs_diff(weight));
        let mut chain = Vec::with_capacity(self.faces.len());
        if emoji {
            chain.extend(of(Use::Emoji));
        }
        chain.extend(of(Use::Brand));
        match face {
            Face::Display => chain.extend(of(Use::Display)),
            Face::Serif => chain.extend(of(Use::Serif)),
            Face::Text => {}
        }
        chain.extend(nearest_text);
        chain.extend(
            (0..self.faces.len())
                .filter(|&at| matches!(self.faces[at].usage, Use::Script | Use::Emoji)),
        );
        chain
    }
}

/// Takes a file's first face in under a name of our own.
fn load(
    database: &mut Database,
    source: Source,
    number: usize,
) -> Result<(fontdb::ID, String), FontError> {
    let mut own = Database::new();
    let ids = own.load_font_source(source);
    let face = ids
        .first()
        .and_then(|id| own.face(*id))
        .ok_or(FontError::Unreadable)?;
    let family = format!("face {number}");
    let info = FaceInfo {
        families: vec![(family.clone(), fontdb::Language::English_UnitedStates)],
        post_script_name: family.clone(),
        style: fontdb::Style::Normal,
        stretch: fontdb::Stretch::Normal,
        monospaced: false,
        ..face.clone()
    };
    Ok((database.push_face_info(info), family))
}

/// The fonts that words are set in: the brand's, if it has one, then the built-in ones (see fonts/README.md).
///
/// A clone shares the same engine behind a lock: cheap to make, safe on many threads, with one of them setting type at a time. What
/// is laid out and drawn depends on the arguments alone, never on what was set before. Threads that set much type at once each
/// take a [`Fonts::builtin`] of their own.
#[derive(Clone)]
pub struct Fonts {
    engine: Arc<Mutex<Engine>>,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fonts").finish_non_exhaustive()
    }
}

impl Fonts {
    /// The built-in fonts. Fonts of the machine are never read.
    ///
    /// # Panics
    /// Never in a build whose tests pass: it reads committed files.
    pub fn builtin() -> Self {
        let engine = Engine::new(None).expect("the committed fonts are readable");
        Self {
            engine: Arc::new(Mutex::new(engine)),
        }
    }

    /// A brand's font (TrueType or OpenType, static or variable in weight) before the built-in ones, which draw what it lacks.
    pub fn with_font(bytes: Vec<u8>) -> Result<Self, FontError> {
        Self::check(&bytes)?;
        let engine = Engine::new(Some(bytes))?;
        Ok(Self {
            engine: Arc::new(Mutex::new(engine)),
        })
    }

    /// Whether a file is a font that a brand can have. The built-in ones, which are large, aren't looked at.
    pub fn check(bytes: &[u8]) -> Result<(), FontError> {
        if bytes.len() > MAX_FONT_BYTES {
            return Err(FontError::TooLarge {
                bytes: bytes.len(),
                limit: MAX_FONT_BYTES,
            });
        }
        let bytes = Arc::new(bytes.to_vec());
        let mut probe = Database::new();
        let ids = probe.load_font_source(Source::Binary(bytes.clone()));
        let name = ids
            .first()
            .and_then(|id| probe.face(*id))
            .map(|face| {
                face.families
                    .first()
                    .map_or_else(|| face.post_script_name.clone(), |(name, _)| name.clone())
            })
            .ok_or(FontError::Unreadable)?;
        let engine = Engine::of([(Use::Brand, Source::Binary(bytes))])?;
        let draws_something = engine.faces.first().is_some_and(|face| {
            let font = face.font.as_swash();
            font.metrics(&[]).units_per_em > 0
                && (0..0x3000)
                    .filter_map(char::from_u32)
                    .any(|c| c.is_alphanumeric() && face.covers(c))
        });
        if draws_something {
            Ok(())
        } else {
            Err(FontError::NoLetters { name })
        }
    }

    pub(crate) fn engine(&self) -> MutexGuard<'_, Engine> {
        // The engine holds caches only: a panic elsewhere can't leave it in a state that changes results.
        self.engine.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
