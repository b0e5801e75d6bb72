//! Text laid out and drawn: fonts, measuring, wrapping, masks. What is measured is what is drawn.
//!
//! ```
//! use typeset::{Canvas, Fit, Fonts, TextStyle};
//!
//! let fonts = Fonts::builtin();
//! let fit = Fit { max_width: 900.0, max_height: 400.0, min_size: 48.0, max_size: 160.0 };
//! let laid = fonts.layout_fit("Words that fill their place", &TextStyle::heading(0.0), &fit);
//! assert!(laid.width <= 900.0 && laid.height <= 400.0 && laid.missing.is_empty());
//!
//! let mut pixels = vec![0; 900 * 400 * 4];
//! let mut canvas = Canvas { pixels: &mut pixels, width: 900, height: 400 };
//! fonts.paint(&laid, &mut canvas, 0, 0, |word| if word.index == 2 { [255, 200, 0, 255] } else { [255; 4] });
//! ```

mod direction;
mod fit;
mod fonts;
mod laid;
mod layout;
mod masks;
mod prepare;
pub mod safe;
mod style;

pub use fit::Fit;
pub use fonts::{FontError, Fonts, MAX_FONT_BYTES};
pub use laid::{Laid, LaidLine, LaidWord};
pub use masks::{Canvas, WordMask};
pub use style::{Align, Face, TextStyle};
