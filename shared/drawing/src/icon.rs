//! Icons: a selection of Lucide's (see `assets/LICENSE.txt`), drawn with a round pen on a field of 24 by 24.

use domain::Color;
use typeset::safe::Rect;

/// One a line: its name, a space, SVG elements.
static ICONS: &str = include_str!("../assets/icons.txt");

fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    ICONS.lines().filter_map(|line| line.split_once(' '))
}

/// The names of all icons.
pub fn icons() -> impl Iterator<Item = &'static str> {
    all().map(|(name, _)| name)
}

/// An icon's SVG elements in a square, in lines of one colour; `None` for a name that no icon has.
pub(crate) fn icon(name: &str, place: &Rect, color: Color) -> Option<String> {
    let (_, elements) = all().find(|(known, _)| *known == name)?;
    let (x, y, scale) = (place.x, place.y, place.width / 24.0);
    Some(format!(
        r#"<g transform="translate({x:.2} {y:.2}) scale({scale:.4})" fill="none" stroke="{color}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{elements}</g>"#
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::render_svg;

    #[test]
    fn every_icon_draws_something_within_its_field() {
        let place = Rect {
            x: 8.0,
            y: 8.0,
            width: 48.0,
            height: 48.0,
        };
        let mut names: Vec<&str> = icons().collect();
        assert!((60..=140).contains(&names.len()), "{}", names.len());
        for name in &names {
            let svg = icon(name, &place, Color::new(255, 255, 255)).unwrap_or_default();
            let drawn = render_svg(64, 64, &svg).ok();
            let seen = drawn.as_ref().and_then(crate::piece::cut_out);
            let inside = seen.is_some_and(|(x, y, cut)| {
                x >= 7 && y >= 7 && x + cut.width() as i32 <= 57 && y + cut.height() as i32 <= 57
            });
            assert!(inside, "{name}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), icons().count());
        assert_eq!(icon("no such", &place, Color::new(0, 0, 0)), None);
    }
}
