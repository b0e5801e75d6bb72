use media::Hooks;

use crate::sample::{SCENES, Sample};
use crate::tools;

const SIZE: (u32, u32) = (540, 960);

/// Where the marked word is: the middle of what has the accent's colour in the band, and how many pixels that are.
fn marked(frame: &[u8]) -> ((f64, f64), usize) {
    let band = typeset::safe::caption_band(SIZE, domain::Platform::Any);
    let (mut across, mut down, mut count) = (0, 0, 0);
    for y in band.y as u32..band.bottom() as u32 {
        for x in 0..SIZE.0 {
            let pixel = &frame[((y * SIZE.0 + x) * 3) as usize..][..3];
            if pixel[0] > 190 && pixel[1] > 140 && pixel[2] < 110 {
                (across, down, count) = (across + x, down + y, count + 1);
            }
        }
    }
    let mean = |sum: u32| f64::from(sum) / f64::from(count.max(1));
    ((mean(across), mean(down)), count as usize)
}

/// How far apart two places are, in pixels.
fn apart(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

#[test]
fn the_mark_moves_to_a_word_in_the_frame_in_which_it_is_spoken() {
    let sample = Sample::of(SIZE, &SCENES[1..], &[]);
    let film = sample.film(2);
    let timeline = film.timeline().unwrap();
    let produced = film.produce(&Hooks::NONE).unwrap();
    let frames = tools::frames(&produced.mp4, SIZE);
    for (at, word) in timeline.words().iter().enumerate() {
        let frame = timeline.word_frame(at).unwrap() as usize;
        let off = (frame as f64 * 1000.0 / 30.0 - f64::from(word.start_ms)).abs();
        assert!(
            off <= 1000.0 / 60.0 + 1.0,
            "{} is marked {off} ms off",
            word.text
        );
        let ((before, _), (now, seen), (after, _)) = (
            marked(&frames[frame - 1]),
            marked(&frames[frame]),
            marked(&frames[frame + 1]),
        );
        assert!(seen > 20, "{} is not marked", word.text);
        assert!(
            apart(now, before) > 15.0,
            "the mark does not move to {}: {before:?} {now:?}",
            word.text
        );
        assert!(
            apart(now, after) < 3.0,
            "the mark does not stay on {}: {now:?} {after:?}",
            word.text
        );
    }
}

#[test]
fn every_word_of_the_script_is_in_both_caption_files() {
    let sample = Sample::of((162, 288), &SCENES[..1], &[]);
    let produced = sample.film(2).produce(&Hooks::NONE).unwrap();
    let spoken: Vec<&str> = SCENES[0].1.split_whitespace().collect();
    let shown = |text: &str| -> Vec<String> {
        let cues = text.split("\n\n").filter(|cue| cue.contains("-->"));
        cues.flat_map(|cue| {
            let words = cue
                .lines()
                .skip_while(|line| !line.contains("-->"))
                .skip(1)
                .flat_map(str::split_whitespace);
            words
                .map(|word| {
                    word.split_once('>')
                        .map_or(word, |(_, word)| word)
                        .to_owned()
                })
                .collect::<Vec<_>>()
        })
        .collect()
    };
    assert_eq!(shown(&produced.vtt), spoken);
    assert_eq!(shown(&produced.srt), spoken);
    // What others make of them: as many captions.
    for file in [produced.vtt.as_bytes(), produced.srt.as_bytes()] {
        let read = tools::run("ffmpeg", file, &["-i", "FILE", "-f", "srt", "-"]);
        let cues = String::from_utf8(read).unwrap().matches("-->").count();
        assert_eq!(cues, produced.srt.matches("-->").count());
    }
}
