//! What is said for what is written.

use domain::Pronunciations;

use super::{Reading, Say};

fn read(line: &str) -> Reading {
    super::read(line, &Pronunciations::default())
}

fn said(line: &str) -> String {
    let mut words = Vec::new();
    for piece in read(line).sentences.iter().flatten() {
        words.push(match &piece.say {
            Say::Word(word) => word.clone(),
            Say::Letters(letters) => letters
                .chars()
                .map(String::from)
                .collect::<Vec<_>>()
                .join("-"),
            Say::Ipa { ipa, .. } => ipa.clone(),
        });
    }
    words.join(" ")
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(written, spoken)| said(written) != *spoken)
        .map(|(written, spoken)| {
            format!(
                "{written:?}\n   said {:?}\n wanted {spoken:?}",
                said(written)
            )
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn numbers() {
    check(&[
        ("0", "zero"),
        ("7 birds", "seven birds"),
        ("42", "forty two"),
        ("100", "one hundred"),
        ("205", "two hundred five"),
        ("1,000", "one thousand"),
        ("12,345", "twelve thousand three hundred forty five"),
        (
            "1,234,567",
            "one million two hundred thirty four thousand five hundred sixty seven",
        ),
        ("1000000000", "one billion"),
        ("3.14", "three point one four"),
        ("0.5", "zero point five"),
        (".5", "point five"),
        ("-3", "minus three"),
        ("−40", "minus forty"),
        ("+5", "plus five"),
        ("~100 people", "about one hundred people"),
        ("<10", "less than ten"),
        ("007", "zero zero seven"),
        ("1st", "first"),
        ("2nd place", "second place"),
        ("23rd", "twenty third"),
        ("112th", "one hundred twelfth"),
        ("20th", "twentieth"),
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("2/3 of it", "two thirds of it"),
        ("2½ hours", "two and one half hours"),
        ("24/7", "twenty four seven"),
        ("10-20", "ten to twenty"),
        ("10–20 people", "ten to twenty people"),
        ("No. 5", "number five"),
        ("#1", "number one"),
        (
            "1000000000000000000000",
            "one zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero zero",
        ),
    ]);
}

#[test]
fn dates_and_years() {
    check(&[
        ("2026-11-23", "November twenty third twenty twenty six"),
        ("11/23/2026", "November twenty third twenty twenty six"),
        ("23/11/2026", "November twenty third twenty twenty six"),
        ("23.11.2026", "November twenty third twenty twenty six"),
        (
            "23 November 2026",
            "the twenty third of November twenty twenty six",
        ),
        ("on the 4th of July", "on the fourth of July"),
        (
            "November 23, 2026",
            "November twenty third twenty twenty six",
        ),
        ("Nov. 3", "November third"),
        ("Sept 9", "September ninth"),
        ("May 1st", "May first"),
        ("in 1905", "in nineteen oh five"),
        ("in 1900", "in nineteen hundred"),
        ("in 2000", "in two thousand"),
        ("since 2009", "since two thousand nine"),
        ("in 1848", "in eighteen forty eight"),
        ("1500 users", "one thousand five hundred users"),
        ("2048 megabytes", "two thousand forty eight megabytes"),
        ("2019-2021", "twenty nineteen to twenty twenty one"),
        ("the 1990s", "the nineteen nineties"),
        ("the '80s", "the eighties"),
        ("the 30s", "the thirties"),
        ("Tues. and Thurs.", "Tuesday and Thursday"),
    ]);
}

#[test]
fn times() {
    check(&[
        ("10:30", "ten thirty"),
        ("10:05", "ten oh five"),
        ("10:00", "ten o'clock"),
        ("10:00 am", "ten A-M"),
        ("5pm", "five P-M"),
        ("5 p.m.", "five P-M"),
        ("10:30am", "ten thirty A-M"),
        ("17:45", "seventeen forty five"),
        ("9am-5pm", "nine A-M to five P-M"),
        ("16:9", "sixteen to nine"),
        ("I am here", "I am here"),
    ]);
}

#[test]
fn money() {
    check(&[
        ("$5", "five dollars"),
        ("$1", "one dollar"),
        ("$5.20", "five dollars and twenty cents"),
        ("$5.00", "five dollars"),
        ("$0.99", "ninety nine cents"),
        ("$1.01", "one dollar and one cent"),
        ("$1,200", "one thousand two hundred dollars"),
        ("$1.2 million", "one point two million dollars"),
        ("$5M", "five million dollars"),
        ("€3bn", "three billion euros"),
        ("£20k", "twenty thousand pounds"),
        ("¥500", "five hundred yen"),
        ("20€", "twenty euros"),
        ("-$5", "minus five dollars"),
        ("$5-10", "five to ten dollars"),
        ("$5–$10", "five to ten dollars"),
        ("$9/month", "nine dollars per month"),
        ("$100+", "one hundred dollars plus"),
        ("£1.50", "one pound and fifty pence"),
        ("99¢", "ninety nine cents"),
    ]);
}

#[test]
fn shares_and_measures() {
    check(&[
        ("50%", "fifty percent"),
        ("3.5%", "three point five percent"),
        ("10-20%", "ten to twenty percent"),
        ("10km", "ten kilometers"),
        ("10 km", "ten kilometers"),
        ("1 km", "one kilometer"),
        ("5kg", "five kilograms"),
        ("21°C", "twenty one degrees Celsius"),
        ("70 °F", "seventy degrees Fahrenheit"),
        ("60mph", "sixty miles per hour"),
        ("100 km/h", "one hundred kilometers per hour"),
        ("16GB", "sixteen gigabytes"),
        ("200ms", "two hundred milliseconds"),
        ("30s", "thirty seconds"),
        ("3x faster", "three times faster"),
        ("10K followers", "ten thousand followers"),
        ("1.5M", "one point five million"),
        ("4K", "four K"),
        ("1080p", "ten eighty P"),
        ("30 fps", "thirty frames per second"),
        ("3D", "three D"),
        ("500+", "five hundred plus"),
        ("10 m", "ten meters"),
        ("2.5 GHz", "two point five gigahertz"),
    ]);
}

#[test]
fn versions_and_phones() {
    check(&[
        ("2.0.1", "two point zero point one"),
        ("v2.0", "version two point zero"),
        ("555-1234", "five five five one two three four"),
        (
            "1-800-555-0199",
            "one eight zero zero five five five zero one nine nine",
        ),
        ("H264", "H two sixty four"),
        ("MP3", "M-P three"),
        ("B2B", "B two B"),
        ("GPT-4", "G-P-T four"),
        ("COVID-19", "COVID nineteen"),
    ]);
}

#[test]
fn abbreviations() {
    check(&[
        ("Dr. Smith", "doctor Smith"),
        ("Elm Dr.", "Elm drive"),
        ("Mr. and Mrs. Jones", "mister and missus Jones"),
        ("St. Louis", "saint Louis"),
        ("Main St. is", "Main street is"),
        ("e.g., this", "for example this"),
        ("i.e. that", "that is that"),
        ("etc.", "et cetera"),
        ("A vs. B", "A versus B"),
        ("approx. 5", "approximately five"),
        ("Acme Inc.", "Acme incorporated"),
        ("Fig. 3", "figure three"),
        ("w/ cheese", "with cheese"),
        ("no. I won't", "no I won't"),
        ("the U.S. economy", "the U-S economy"),
        ("J. Smith", "J Smith"),
        ("a Ph.D. student", "a P-H-D student"),
    ]);
}

#[test]
fn initials_and_names() {
    check(&[
        ("AWS", "A-W-S"),
        ("APIs", "A-P-I-s"),
        ("an API's limits", "an A-P-I-s limits"),
        ("AI-powered", "A-I powered"),
        ("the US", "the U-S"),
        ("OpenAI", "Open A-I"),
        ("YouTube", "You Tube"),
        ("iPhone", "I Phone"),
        ("McDonald's", "McDonald's"),
        ("PhDs", "P-H-D-s"),
        ("html", "H-T-M-L"),
        ("Node.js", "Node dot J-S"),
        ("THE BIG SALE IS HERE", "the big sale is here"),
        ("do NOT stop", "do not stop"),
        ("World War II", "World War two"),
        ("Henry VIII", "Henry the eighth"),
        ("Chapter IV", "Chapter four"),
        ("plan B", "plan B"),
        ("hmm", "hmm"),
        ("R&D", "R and D"),
        ("AT&T", "A-T and T"),
        ("C++", "see plus plus"),
        ("and/or", "and or"),
        ("state-of-the-art", "state of the art"),
        ("snake_case", "snake case"),
        ("20-year-old", "twenty year old"),
        ("e-mail", "E mail"),
        ("NASA's rockets", "NASA's rockets"),
        ("JSON", "jason"),
        ("rock'n'roll", "rock'n'roll"),
        ("'tis", "tis"),
        ("dogs'", "dogs"),
        ("naïve café", "naive cafe"),
        ("“Hello,” she said", "Hello she said"),
        ("wait—what", "wait what"),
        ("A & B", "A and B"),
        ("2 + 2 = 4", "two plus two equals four"),
        ("🎉", ""),
        ("great 🎉 news", "great news"),
        ("π", "pi"),
    ]);
}

#[test]
fn what_listening_showed() {
    check(&[
        ("the 19th-century house", "the nineteenth century house"),
        ("3rd-party apps", "third party apps"),
        ("the mid-1800s", "the mid eighteen hundreds"),
        ("$1-2 million", "one to two million dollars"),
        ("Downing St., London", "Downing street London"),
        ("A$15", "fifteen Australian dollars"),
        ("1,000 EUR", "one thousand euros"),
        ("WWII", "World War two"),
        ("4.5/5 stars", "four point five out of five stars"),
        ("2 in 10, 50/50", "two in ten fifty fifty"),
        ("2 1/2 cups", "two and one half cups"),
        ("5 m²", "five square meters"),
        ("20km²", "twenty square kilometers"),
        ("5²", "five squared"),
        ("Mon-Fri", "Monday to Friday"),
        ("Super Bowl LVIII", "Super Bowl fifty eight"),
        ("the COVID-19 ward", "the COVID nineteen ward"),
        ("a 12-year-old", "a twelve year old"),
    ]);
}

#[test]
fn addresses() {
    check(&[
        ("example.com", "example dot com"),
        (
            "https://www.example.com/docs?x=1",
            "example dot com slash docs",
        ),
        ("reelwright.io", "reelwright dot I-O"),
        ("me@example.org", "me at example dot org"),
        ("#ShortVideo", "hashtag Short Video"),
        ("@reelwright", "at reelwright"),
        ("end.Next", "end Next"),
    ]);
}

#[test]
fn sentences_end_where_they_should() {
    for (line, sentences) in [
        ("One. Two! Three?", 3),
        ("Dr. Smith came.", 1),
        ("It was 5 p.m. The sun set.", 2),
        ("The U.S. Army came.", 1),
        ("He left the U.S. It was cold.", 2),
        ("It costs $3.50 a day.", 1),
        ("Wait... what?", 1),
        ("He said “stop.” Then he left.", 2),
        ("No mark at all", 1),
        ("", 0),
        ("🎉 🎉", 0),
        ("Hello 日本 world", 2),
    ] {
        assert_eq!(read(line).sentences.len(), sentences, "{line}");
    }
}

#[test]
fn marks_are_heeded_where_they_stand() {
    let marked = |line: &str| {
        let reading = read(line);
        reading
            .sentences
            .iter()
            .map(|s| super::plain(s))
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (line, wanted) in [
        ("Fast, cheap; good: all.", "Fast, cheap; good: all."),
        (
            "It works — mostly – so far - yes.",
            "It works; mostly; so far; yes.",
        ),
        ("wait—what?", "wait; what?"),
        ("Well... no.", "Well; no."),
        ("One (or two) came.", "One, or two, came."),
        ("Nuts, e.g., almonds.", "Nuts, for example, almonds."),
        ("Acme Inc., too.", "Acme incorporated, too."),
        ("He left.) She stayed.", "He left. She stayed."),
        ("5 - 3", "five; three."),
    ] {
        assert_eq!(marked(line), wanted, "{line}");
    }
}

#[test]
fn every_spoken_word_knows_its_written_word() {
    let reading = read("It costs $5.20, not $1.2 million.");
    let of = |word: usize| {
        reading
            .sentences
            .iter()
            .flatten()
            .filter(|p| p.word == word)
            .map(|p| p.say.text())
            .collect::<Vec<_>>()
    };
    assert_eq!(of(2), ["five", "dollars", "and", "twenty", "cents"]);
    assert_eq!(of(4), ["one", "point", "two"]);
    assert_eq!(of(5), ["million", "dollars"]);
}

#[test]
fn what_cannot_be_read_is_told() {
    let reading = read("Say 日本 and שלום and résumé 🎉 fooбар");
    let unspoken: Vec<&str> = reading
        .unspoken
        .iter()
        .map(|&word| reading.words[word].as_str())
        .collect();
    assert_eq!(unspoken, ["日本", "שלום", "fooбар"]);
}

#[test]
fn very_long_words_and_sentences_are_taken_in_parts() {
    let long = "ab".repeat(150);
    let reading = read(&long);
    assert!(
        reading
            .sentences
            .iter()
            .flatten()
            .all(|piece| piece.say.text().len() <= 30)
    );
    assert!(
        reading
            .sentences
            .iter()
            .flatten()
            .all(|piece| piece.word == 0)
    );
    let endless = "word ".repeat(500);
    assert!(
        read(&endless)
            .sentences
            .iter()
            .all(|sentence| sentence.len() <= super::LONGEST_SENTENCE)
    );
}
