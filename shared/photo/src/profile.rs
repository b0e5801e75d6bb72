//! Colours of other spaces brought to sRGB.

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

/// Brings packed RGB or RGBA to sRGB by the profile that came with it. A profile of another kind (of a CMYK or grey picture, which was made RGB
/// when it was read), and one that can't be read, changes nothing.
pub(crate) fn to_srgb(profile: &[u8], channels: usize, bytes: &mut [u8]) {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else {
        return;
    };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let layout = if channels == 4 {
        Layout::Rgba
    } else {
        Layout::Rgb
    };
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, options) else {
        return;
    };
    let mut row = Vec::new();
    for piece in bytes.chunks_mut(channels * 4096) {
        row.clear();
        row.extend_from_slice(piece);
        if transform.transform(&row, piece).is_err() {
            return;
        }
    }
}
