//! A small film made of what code can draw: gradients, flat letters, tones.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "a test's and an example's material; neither uses all of it"
)]

use std::collections::BTreeMap;
use std::sync::OnceLock;

use domain::{
    ArtifactRef, Clip, ContentKey, Enter, MediaType, Narration, Palette, Picture, Platform,
    SpokenWord, Sprite, Style,
};
use media::{Assets, Film, Look, SceneAssets};
use typeset::{Canvas, Fit, Fonts, TextStyle};

/// Loading fonts takes longer than drawing with them.
static FONTS: OnceLock<Fonts> = OnceLock::new();

/// One scene: its title, what is said, the two colours of its gradient.
pub(crate) type Told = (&'static str, &'static str, [[u8; 3]; 2]);

/// What a film is made from, with everything it borrows.
pub(crate) struct Sample {
    /// Pictures and sound by their keys.
    pub(crate) blobs: BTreeMap<ContentKey, Vec<u8>>,
    /// The scenes' pictures.
    pub(crate) pictures: Vec<Picture>,
    /// The scenes' moving type.
    pub(crate) clips: Vec<Option<Clip>>,
    /// What the scenes say.
    pub(crate) narrations: Vec<Narration>,
    /// What plays below them.
    pub(crate) music: Option<ArtifactRef>,
    /// The colours.
    pub(crate) look: Look,
    /// The fonts.
    pub(crate) fonts: Fonts,
    /// Width and height of a frame.
    pub(crate) size: (u32, u32),
}

/// About ten seconds.
pub(crate) const SCENES: [Told; 3] = [
    (
        "Sleep is not idle time",
        "Most people think sleep is idle time, and they are wrong about that.",
        [[15, 23, 42], [29, 78, 216]],
    ),
    (
        "7 to 9 hours",
        "Seven to nine hours let the brain sort, keep and clear what it learned.",
        [[24, 16, 44], [126, 34, 206]],
    ),
    (
        "Start tonight",
        "So go to bed at the same hour, and see what changes in a week.",
        [[6, 40, 38], [13, 148, 136]],
    ),
];

impl Sample {
    /// Three scenes of about ten seconds together; the first one's words move.
    pub(crate) fn new(size: (u32, u32)) -> Self {
        Self::of(size, &SCENES, &[0])
    }

    /// A film of these scenes (title, what is said, colours); those in `moving` come in word by word.
    pub(crate) fn of(size: (u32, u32), scenes: &[Told], moving: &[usize]) -> Self {
        let mut sample = Self {
            blobs: BTreeMap::new(),
            pictures: Vec::new(),
            clips: Vec::new(),
            narrations: Vec::new(),
            music: None,
            look: Look::new(Style::Classic, &Palette::default(), Platform::Any),
            fonts: FONTS.get_or_init(Fonts::builtin).clone(),
            size,
        };
        for (at, (title, spoken, colors)) in scenes.iter().enumerate() {
            let narration = sample.narration(spoken, 140.0 + 30.0 * at as f32);
            sample.narrations.push(narration);
            let moves = moving.contains(&at);
            let (width, height) = size;
            let background = sample.gradient(*colors);
            let foreground = (!moves).then(|| sample.title(title));
            sample.pictures.push(Picture {
                movement: None,
                background,
                foreground,
                sprites: Vec::new(),
                planned_ms: 0,
                width,
                height,
                boxes: Vec::new(),
            });
            let clip = moves.then(|| sample.clip(at as u32, title));
            sample.clips.push(clip);
        }
        sample
    }

    /// The film that is made of it.
    pub(crate) fn film(&self, threads: usize) -> Film<'_> {
        let scenes = self.pictures.iter().zip(&self.clips);
        let scenes = scenes
            .map(|(picture, clip)| SceneAssets {
                picture,
                clip: clip.as_ref(),
            })
            .collect();
        let assets = Assets::new(
            scenes,
            &self.look,
            &self.fonts,
            None,
            self.size,
            7,
            &self.blobs,
        );
        Film {
            narrations: self.narrations.iter().collect(),
            music: self.music.as_ref(),
            assets,
            transition_ms: 400,
            poster: 0,
            threads,
        }
    }

    pub(crate) fn store(&mut self, bytes: Vec<u8>, media_type: MediaType) -> ArtifactRef {
        let blob = ArtifactRef {
            key: ContentKey::of_bytes(&bytes),
            media_type,
            bytes: bytes.len() as u64,
        };
        self.blobs.insert(blob.key.clone(), bytes);
        blob
    }

    /// Words at an even pace and a tone for each, so that what is heard can be compared with what is shown.
    fn narration(&mut self, spoken: &str, hertz: f32) -> Narration {
        const RATE: u32 = 22_050;
        let mut words: Vec<SpokenWord> = Vec::new();
        let mut at = 120;
        for text in spoken.split_whitespace() {
            let length = 90 + 32 * text.len() as u32;
            words.push(SpokenWord {
                text: text.to_owned(),
                line: 0,
                start_ms: at,
                end_ms: at + length,
            });
            at += length + if text.ends_with([',', '.']) { 160 } else { 20 };
        }
        let length_ms = at + 60;
        let mut samples = vec![0_i16; (length_ms * RATE / 1000) as usize];
        for word in &words {
            let (from, to) = (word.start_ms * RATE / 1000, word.end_ms * RATE / 1000);
            for place in from..to.min(samples.len() as u32) {
                let t = (place - from) as f32 / RATE as f32;
                let edge = ((place - from).min(to - place) as f32 / 200.0).min(1.0);
                let voice: f32 = (1..8)
                    .map(|n| (t * hertz * n as f32 * std::f32::consts::TAU).sin() / n as f32)
                    .sum();
                samples[place as usize] = (voice * edge * 3_000.0) as i16;
            }
        }
        let audio = Some(self.store(wav(RATE, &samples), MediaType::Wav));
        Narration {
            audio,
            length_ms,
            words,
        }
    }

    /// A diagonal gradient with dither and a few discs, 8% larger than the frame.
    fn gradient(&mut self, [from, to]: [[u8; 3]; 2]) -> ArtifactRef {
        let (width, height) = self.size;
        let (width, height) = (width * 108 / 100, height * 108 / 100);
        let mut rgb = Vec::with_capacity((width * height * 3) as usize);
        for y in 0..height {
            for x in 0..width {
                let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
                let mut share = 0.35 * u + 0.65 * v;
                for (cx, cy, radius) in [(0.8, 0.15, 0.3), (0.1, 0.9, 0.42), (0.55, 0.5, 0.12)] {
                    let away = (u - cx).hypot((v - cy) * height as f32 / width as f32);
                    share += 0.16 * ((radius - away) * width as f32 / 2.0).clamp(0.0, 1.0);
                }
                let noise = (x.wrapping_mul(0x9E37_79B9) ^ y.wrapping_mul(0x85EB_CA6B))
                    .wrapping_mul(0xC2B2_AE35);
                let noise = (noise >> 16 & 255) as f32 / 256.0;
                rgb.extend((0..3).map(|c| {
                    (f32::from(from[c]) * (1.0 - share) + f32::from(to[c]) * share + noise) as u8
                }));
            }
        }
        let bytes = png(width, height, png::ColorType::Rgb, &rgb);
        self.store(bytes, MediaType::Png)
    }

    fn lettering(&self, text: &str, size: f32, color: [u8; 4]) -> (u32, u32, Vec<u8>) {
        let stage = typeset::safe::stage(self.size, Platform::Any);
        let fit = Fit {
            max_width: stage.width,
            max_height: stage.height * 0.6,
            min_size: size * 0.3,
            max_size: size,
        };
        let laid = self.fonts.layout_fit(text, &TextStyle::heading(size), &fit);
        let (width, height) = (
            (laid.width + laid.x()).ceil() as u32 + 8,
            laid.height.ceil() as u32 + 40,
        );
        let mut pixels = vec![0; (width * height * 4) as usize];
        let mut canvas = Canvas {
            pixels: &mut pixels,
            width,
            height,
        };
        self.fonts.paint(&laid, &mut canvas, 4, 4, |_| color);
        // Painted with alpha multiplied in; PNG wants it straight.
        for pixel in pixels.chunks_exact_mut(4).filter(|pixel| pixel[3] > 0) {
            let alpha = u32::from(pixel[3]);
            pixel[..3]
                .iter_mut()
                .for_each(|c| *c = (u32::from(*c) * 255 / alpha).min(255) as u8);
        }
        (width, height, pixels)
    }

    fn title(&mut self, text: &str) -> ArtifactRef {
        let (width, height) = self.size;
        let (w, h, letters) = self.lettering(text, 0.14 * width as f32, [248, 250, 252, 255]);
        let stage = typeset::safe::stage((width, height), Platform::Any);
        let (left, top) = (
            stage.x as usize,
            (stage.y + (stage.height - h as f32) / 2.0) as usize,
        );
        let mut pixels = vec![0; (width * height * 4) as usize];
        for row in 0..h as usize {
            let columns = (w as usize).min(width as usize - left) * 4;
            let to = ((top + row) * width as usize + left) * 4;
            pixels[to..to + columns].copy_from_slice(&letters[row * w as usize * 4..][..columns]);
        }
        let bytes = png(width, height, png::ColorType::Rgba, &pixels);
        self.store(bytes, MediaType::Png)
    }

    /// A sprite a word, below each other, each in its own way.
    fn clip(&mut self, scene: u32, text: &str) -> Clip {
        let (width, height) = self.size;
        let stage = typeset::safe::stage((width, height), Platform::Any);
        let mut sprites = Vec::new();
        let count = text.split_whitespace().count() as f32;
        let step = (stage.height / count).min(0.2 * width.min(height) as f32);
        for (at, word) in text.split_whitespace().enumerate() {
            let (w, h, pixels) = self.lettering(word, step * 0.8, [250, 204, 21, 255]);
            let bytes = png(w, h, png::ColorType::Rgba, &pixels);
            let image = self.store(bytes, MediaType::Png);
            sprites.push(Sprite {
                after_ms: 0,
                takes_ms: None,
                lasts_ms: None,
                image,
                x: stage.x as i32,
                y: (stage.y + at as f32 * step) as i32,
                planned_ms: 400 * at as u32,
                word: Some(at as u32 * 2),
                enter: [Enter::Rise, Enter::Pop, Enter::Slide][at % 3],
            });
        }
        Clip {
            scene,
            planned_ms: 4_000,
            width,
            height,
            sprites,
            boxes: Vec::new(),
        }
    }
}

/// A mono WAV file.
pub(crate) fn wav(rate: u32, samples: &[i16]) -> Vec<u8> {
    let data: Vec<u8> = samples
        .iter()
        .flat_map(|sample| sample.to_le_bytes())
        .collect();
    let mut out = b"RIFF".to_vec();
    out.extend((36 + data.len() as u32).to_le_bytes());
    out.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    out.extend(rate.to_le_bytes());
    out.extend((rate * 2).to_le_bytes());
    out.extend(b"\x02\0\x10\0data");
    out.extend((data.len() as u32).to_le_bytes());
    out.extend(data);
    out
}

fn png(width: u32, height: u32, color: png::ColorType, pixels: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(pixels).unwrap();
    drop(writer);
    bytes
}
