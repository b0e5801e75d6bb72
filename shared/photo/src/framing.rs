//! Which part of a picture fills a frame, and how it moves while it is seen.

use domain::{Movement, PictureMotion, View};

/// How much larger than the frame a picture is drawn, where it has the pixels: the room that it moves in.
const ROOM: f64 = 1.16;
/// The room that one has that hasn't.
const LEAST_ROOM: f64 = 1.08;
/// How many times a picture is enlarged at most to fill the frame: what is smaller stands in it.
const MOST_ENLARGED: f64 = 2.0;
/// How far inside the frame the point that matters stays while the view pans, as a share of the frame's width.
const INSIDE: f64 = 0.1;

/// How a picture is shown in a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Framing {
    /// The part of the picture that is drawn, in its pixels: left, top, width, height.
    pub part: [f64; 4],
    /// Width and height of the background that it is drawn on, in pixels, both even.
    pub background: (u32, u32),
    /// Where on the background the part stands: left, top, width, height. All of it, but for a picture that is too small for that.
    pub place: [u32; 4],
    /// The part of a small picture that covers the background as a blur, in its pixels; absent where the picture covers it itself.
    pub behind: Option<[f64; 4]>,
    /// How the view moves over the background.
    pub movement: Movement,
    /// The size that a picture of its shape needs to fill the frame without being enlarged, where this one is smaller.
    pub wanted: Option<(u32, u32)>,
}

impl Framing {
    /// The framing of a picture in a frame, both by their width and height in pixels. `focus` is the point that stays in view, in shares of the
    /// picture's width and height.
    pub fn of(
        picture: (u32, u32),
        frame: (u32, u32),
        focus: [f64; 2],
        motion: PictureMotion,
    ) -> Self {
        let (width, height) = (f64::from(picture.0), f64::from(picture.1));
        let (across, down) = (f64::from(frame.0), f64::from(frame.1));
        let shape = across / down;
        let cover = if width / height > shape {
            (height * shape, height)
        } else {
            (width, width / shape)
        };
        // Pixels of the picture to one of the frame.
        let fine = cover.0 / across;
        let wanted = (fine < 1.0).then(|| {
            let side = |length: f64| (length / fine).ceil() as u32;
            (side(width), side(height))
        });
        if fine * MOST_ENLARGED < 1.0 {
            let behind = [
                (width - cover.0) / 2.0,
                (height - cover.1) / 2.0,
                cover.0,
                cover.1,
            ];
            return Self {
                wanted,
                ..Self::standing(picture, frame, motion, behind)
            };
        }
        let room = match motion {
            PictureMotion::Still => 1.0,
            _ => fine.clamp(LEAST_ROOM, ROOM),
        };
        let background = larger(frame, room);
        let start = |length: f64, part: f64, focus: f64| {
            (length * focus - part / 2.0).clamp(0.0, length - part)
        };
        let (x, y) = (
            start(width, cover.0, focus[0]),
            start(height, cover.1, focus[1]),
        );
        let point = (
            (focus[0] * width - x) / cover.0 * f64::from(background.0),
            (focus[1] * height - y) / cover.1 * f64::from(background.1),
        );
        Self {
            part: [x, y, cover.0, cover.1],
            background,
            place: [0, 0, background.0, background.1],
            behind: None,
            movement: movement(background, frame, point, motion),
            wanted,
        }
    }

    /// A small picture, whole, in the middle of the frame.
    fn standing(
        picture: (u32, u32),
        frame: (u32, u32),
        motion: PictureMotion,
        behind: [f64; 4],
    ) -> Self {
        let (width, height) = (f64::from(picture.0), f64::from(picture.1));
        let within = (f64::from(frame.0) / width).min(f64::from(frame.1) / height);
        let scale = within.min(MOST_ENLARGED);
        let room = match motion {
            PictureMotion::Still => 1.0,
            _ => LEAST_ROOM,
        };
        let background = larger(frame, room);
        let side = |length: f64, most: u32| ((length * scale).round() as u32).clamp(1, most);
        let (wide, high) = (side(width, background.0), side(height, background.1));
        let middle = (f64::from(background.0) / 2.0, f64::from(background.1) / 2.0);
        Self {
            part: [0.0, 0.0, width, height],
            background,
            place: [
                (background.0 - wide) / 2,
                (background.1 - high) / 2,
                wide,
                high,
            ],
            behind: Some(behind),
            movement: movement(background, frame, middle, motion),
            wanted: None,
        }
    }
}

fn larger(frame: (u32, u32), room: f64) -> (u32, u32) {
    // A little more rather than less than the frame.
    let side = |side: u32| ((f64::from(side) * room / 2.0 + 1e-9) as u32 * 2).max(side);
    (side(frame.0), side(frame.1))
}

/// How the view moves over a background, so that a point of it is always seen.
fn movement(
    background: (u32, u32),
    frame: (u32, u32),
    point: (f64, f64),
    motion: PictureMotion,
) -> Movement {
    let (width, height) = (f64::from(background.0), f64::from(background.1));
    let (across, down) = (f64::from(frame.0), f64::from(frame.1));
    // Both sides of the background are rounded, and the frame's shape is kept.
    let widest = (width / across).min(height / down) * across;
    let view = |x: f64, y: f64, width: f64| View {
        x: x as f32,
        y: y as f32,
        width: width as f32,
    };
    // What rounding leaves over is left out on the side away from the point.
    let highest = widest / across * down;
    let far = view(
        (point.0 - widest / 2.0).clamp(0.0, (width - widest).max(0.0)),
        (point.1 - highest / 2.0).clamp(0.0, (height - highest).max(0.0)),
        widest,
    );
    let (room_x, room_y) = (width - across, height - down);
    let y = (point.1 - down / 2.0).clamp(0.0, room_y);
    let near = view((point.0 - across / 2.0).clamp(0.0, room_x), y, across);
    let left = (point.0 - across * (1.0 - INSIDE)).clamp(0.0, room_x);
    let right = (point.0 - across * INSIDE).clamp(left, room_x.max(left));
    let (left, right) = (view(left, y, across), view(right, y, across));
    let (from, to) = match motion {
        PictureMotion::In => (far, near),
        PictureMotion::Out => (near, far),
        PictureMotion::Left => (right, left),
        PictureMotion::Right => (left, right),
        PictureMotion::Still => (far, far),
    };
    Movement { from, to }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOTIONS: [PictureMotion; 5] = [
        PictureMotion::In,
        PictureMotion::Out,
        PictureMotion::Left,
        PictureMotion::Right,
        PictureMotion::Still,
    ];
    const FRAMES: [(u32, u32); 4] = [(1080, 1920), (1080, 1080), (1920, 1080), (360, 640)];

    #[test]
    fn the_focus_is_seen_from_the_first_frame_to_the_last_and_nothing_beside_the_picture() {
        for frame in FRAMES {
            for picture in [
                (4000, 3000),
                (3000, 4000),
                (1080, 1920),
                (2304, 2304),
                (5000, 1000),
                (1600, 900),
            ] {
                for focus in [[0.5, 0.5], [0.0, 0.0], [1.0, 1.0], [0.9, 0.2], [0.03, 0.6]] {
                    for motion in MOTIONS {
                        let framing = Framing::of(picture, frame, focus, motion);
                        if framing.behind.is_some() {
                            continue;
                        }
                        let [x, y, width, height] = framing.part;
                        let about = format!(
                            "{picture:?} in {frame:?} at {focus:?} {motion:?}: {framing:?}"
                        );
                        assert!(x >= 0.0 && y >= 0.0, "{about}");
                        assert!(x + width <= f64::from(picture.0) + 1e-6, "{about}");
                        assert!(y + height <= f64::from(picture.1) + 1e-6, "{about}");
                        let (back_w, back_h) = (
                            f64::from(framing.background.0),
                            f64::from(framing.background.1),
                        );
                        let point = (
                            (focus[0] * f64::from(picture.0) - x) / width * back_w,
                            (focus[1] * f64::from(picture.1) - y) / height * back_h,
                        );
                        for view in [framing.movement.from, framing.movement.to] {
                            let [left, top, wide] = [view.x, view.y, view.width].map(f64::from);
                            let high = wide * f64::from(frame.1) / f64::from(frame.0);
                            assert!(left >= -1e-3 && left + wide <= back_w + 1e-3, "{about}");
                            assert!(top >= -1e-3 && top + high <= back_h + 1e-3, "{about}");
                            let seen = |at: f64, from: f64, length: f64| {
                                (from - 1.0..=from + length + 1.0).contains(&at)
                            };
                            assert!(
                                seen(point.0, left, wide) && seen(point.1, top, high),
                                "{about}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_to_move_moves_and_what_is_to_stand_stands() {
        for motion in MOTIONS {
            let Movement { from, to } =
                Framing::of((4000, 3000), (1080, 1920), [0.5, 0.5], motion).movement;
            let (zoom, pan) = (to.width - from.width, to.x - from.x);
            match motion {
                PictureMotion::In => assert!(zoom < -100.0),
                PictureMotion::Out => assert!(zoom > 100.0),
                PictureMotion::Left => assert!(zoom.abs() < 1e-3 && pan < -100.0),
                PictureMotion::Right => assert!(zoom.abs() < 1e-3 && pan > 100.0),
                PictureMotion::Still => assert_eq!(from, to),
            }
        }
    }

    #[test]
    fn a_picture_smaller_than_the_frame_is_told_and_one_much_smaller_stands_in_it() {
        let whole = Framing::of((1600, 1920), (1080, 1920), [0.5, 0.5], PictureMotion::In);
        assert_eq!(whole.wanted, None);
        let enlarged = Framing::of((1280, 1080), (1080, 1920), [0.5, 0.5], PictureMotion::In);
        assert_eq!(enlarged.wanted, Some((2276, 1920)));
        assert_eq!(enlarged.place, [0, 0, 1166, 2072]);
        let small = Framing::of((400, 300), (1080, 1920), [0.5, 0.5], PictureMotion::In);
        assert_eq!(small.wanted, Some((2560, 1920)));
        assert_eq!(small.place, [183, 736, 800, 600]);
        assert_eq!(small.behind, Some([115.625, 0.0, 168.75, 300.0]));
        assert_eq!((whole.behind, enlarged.behind), (None, None));
    }
}
