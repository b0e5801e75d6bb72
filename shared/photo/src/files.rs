//! What the files say of themselves before anything is decoded: whether a JPEG ends, how much memory it takes, whether a GIF moves.

/// What is known of a JPEG from its markers (ITU-T T.81, annex B).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JpegFile {
    /// Bytes of coefficients that a decoder keeps for the whole picture: none for one that comes in one pass.
    pub(crate) coefficients: u64,
    /// Whether the end of the picture is there.
    pub(crate) ends: bool,
}

const START_OF_SCAN: u8 = 0xda;
const END: [u8; 2] = [0xff, 0xd9];

impl JpegFile {
    /// Walks the markers up to the first scan; `None` where there is no scan.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let mut at = 2;
        let mut coefficients = 0;
        let mut components = 0;
        loop {
            let rest = bytes.get(at..)?;
            let [0xff, marker, rest @ ..] = rest else {
                return None;
            };
            // Padding, and markers without a length.
            match marker {
                0xff => {
                    at += 1;
                    continue;
                }
                0x01 | 0xd0..=0xd7 => {
                    at += 2;
                    continue;
                }
                _ => {}
            }
            let length = usize::from(u16::from_be_bytes([*rest.first()?, *rest.get(1)?]));
            let body = rest.get(2..length)?;
            match marker {
                0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                    components = *body.get(5)?;
                    coefficients = planes(body)? * 2;
                    if *marker == 0xc2 {
                        // Several passes, whatever the scans hold.
                        components = 0;
                    }
                }
                &START_OF_SCAN => {
                    let single = *body.first()? == components;
                    return Some(Self {
                        coefficients: if single { 0 } else { coefficients },
                        ends: rest.windows(2).any(|pair| pair == END),
                    });
                }
                _ => {}
            }
            at += 2 + length;
        }
    }
}

/// Samples of all components of a frame header, by their sampling factors.
fn planes(frame: &[u8]) -> Option<u64> {
    let number = |at: usize| {
        Some(u64::from(u16::from_be_bytes([
            *frame.get(at)?,
            *frame.get(at + 1)?,
        ])))
    };
    let (height, width) = (number(1)?, number(3)?);
    let factors = || {
        let components = frame.get(6..).unwrap_or_default().chunks_exact(3);
        components.map(|component| (u64::from(component[1] >> 4), u64::from(component[1] & 15)))
    };
    let across = factors().map(|(across, _)| across).max()?.max(1);
    let down = factors().map(|(_, down)| down).max()?.max(1);
    let samples = factors().map(|(h, v)| width * h * height * v / (across * down));
    Some(samples.sum())
}

/// Whether a GIF holds more than one picture (GIF89a, section 20: each begins with an image descriptor).
pub(crate) fn gif_moves(bytes: &[u8]) -> bool {
    pictures(bytes).is_some_and(|count| count > 1)
}

fn pictures(bytes: &[u8]) -> Option<u32> {
    let table = |flags: u8| {
        if flags & 0x80 == 0 {
            0
        } else {
            3 << ((flags & 7) + 1)
        }
    };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut count = 0;
    while count < 2 {
        match *bytes.get(at)? {
            0x21 => at = past_blocks(bytes, at + 2)?,
            0x2c => {
                count += 1;
                at = past_blocks(bytes, at + 11 + table(*bytes.get(at + 9)?))?;
            }
            _ => break,
        }
    }
    Some(count)
}

/// Where a row of blocks ends, each of which says how long it is.
fn past_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
