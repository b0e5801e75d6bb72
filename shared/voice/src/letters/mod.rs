//! Letters by their names and by their sounds, in misaki's phonemes.

mod rules;
mod sound;

pub(crate) use sound::sound;

/// The names of letters, said together: the last one bears the stress.
pub(crate) fn names(letters: &str) -> String {
    let name = |letter: char| match letter.to_ascii_uppercase() {
        'A' => "A",
        'B' => "bi",
        'C' => "si",
        'D' => "di",
        'E' => "i",
        'F' => "ɛf",
        'G' => "ʤi",
        'H' => "Aʧ",
        'I' => "I",
        'J' => "ʤA",
        'K' => "kA",
        'L' => "ɛl",
        'M' => "ɛm",
        'N' => "ɛn",
        'O' => "O",
        'P' => "pi",
        'Q' => "kju",
        'R' => "ɑɹ",
        'S' => "ɛs",
        'T' => "ti",
        'U' => "ju",
        'V' => "vi",
        'W' => "dʌbᵊlju",
        'X' => "ɛks",
        'Y' => "wI",
        'Z' => "zi",
        _ => "",
    };
    let names: Vec<&str> = letters
        .chars()
        .map(name)
        .filter(|name| !name.is_empty())
        .collect();
    let last = names.len().saturating_sub(1);
    let stressed = |(at, name): (usize, &&str)| {
        let vowel = name.find(|letter| "AIOiuɛɑʌ".contains(letter)).unwrap_or(0);
        let mark = if at == last { 'ˈ' } else { 'ˌ' };
        format!("{}{mark}{}", &name[..vowel], &name[vowel..])
    };
    names.iter().enumerate().map(stressed).collect()
}
