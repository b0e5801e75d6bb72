//! What a video is posted with: title, description and hashtags for each platform.
//!
//! A description is the beginning of what the video says, so that it claims nothing else, and makes sense for the same reason: no sentence of it
//! stands without the one that it leans on.

use domain::{
    Arc, Brief, Hook, Line, LineSource, Platform, Post, PostLimits, Posts, Role, Script, Story,
};

use crate::ask;
use crate::hashtags::hashtags;
use crate::phrases::posting;
use crate::trace::{Untraced, shown_words, trace_line};
use crate::words::words;

/// How much a platform shows of a text before the viewer asks for more, and so how much of the video is told in it.
struct Habit {
    lines: usize,
    characters: usize,
    hashtags: usize,
}

fn habit(platform: Platform) -> Habit {
    let (lines, characters, hashtags) = match platform {
        Platform::TikTok | Platform::Any => (2, 150, 5),
        Platform::Reels => (3, 320, 5),
        // The first three stand above the title.
        Platform::Shorts => (5, 700, 3),
    };
    Habit {
        lines,
        characters,
        hashtags,
    }
}

/// Writes what a video is posted with, from what it says.
pub fn posts(brief: &Brief, story: &Story, script: &Script, hook: &Hook) -> Posts {
    let of = |platform| post(platform, brief, story, script, hook);
    Posts {
        tiktok: of(Platform::TikTok),
        reels: of(Platform::Reels),
        shorts: of(Platform::Shorts),
    }
}

fn post(platform: Platform, brief: &Brief, story: &Story, script: &Script, hook: &Hook) -> Post {
    let (limits, habit) = (PostLimits::of(platform), habit(platform));
    let told = told(script, hook);
    let call_to_action = request(platform, story.arc, brief, script)
        .map(|text| allowed(&text, limits))
        .filter(|text| limits.holds(text));
    let title = titled(&allowed(&story.title, limits), limits);
    let most = habit.hashtags.min(limits.hashtags);
    let mut post = Post {
        title,
        description: String::new(),
        call_to_action,
        hashtags: hashtags(brief, story, &told, most),
        text: String::new(),
        lines: Vec::new(),
    };
    post.text = whole(&post, "");
    // Hashtags say least: they make way first.
    while !limits.holds(&post.text) && post.hashtags.pop().is_some() {
        post.text = whole(&post, "");
    }
    for line in told {
        let line = Line {
            text: allowed(&line.text, limits),
            source: line.source.clone(),
        };
        let longer = format!("{} {}", post.description, line.text)
            .trim()
            .to_owned();
        let text = whole(&post, &longer);
        let room = post.lines.is_empty() || longer.chars().count() <= habit.characters;
        if post.lines.len() == habit.lines || !room || !limits.holds(&text) {
            break;
        }
        post.description = longer;
        post.text = text;
        post.lines.push(line);
    }
    post
}

/// What the video says before it asks the viewer for something, without the turns of speech, each sentence once.
fn told<'a>(script: &'a Script, hook: &'a Hook) -> Vec<&'a Line> {
    let mut told: Vec<&Line> = Vec::new();
    for (at, scene) in script.scenes.iter().enumerate() {
        if scene.role == Role::CallToAction {
            continue;
        }
        for line in script.spoken(hook, at) {
            let said = told.iter().any(|other| other.text == line.text);
            if line.source != LineSource::Phrase && !said && !line.text.trim().is_empty() {
                told.push(line);
            }
        }
    }
    told
}

/// What the viewer is asked to do: what the brand or who edited the script says at the end of the video, else what fits the arc, in the platform's words; nothing in a
/// language whose phrases the writer doesn't have.
fn request(platform: Platform, arc: Arc, brief: &Brief, script: &Script) -> Option<String> {
    let closing = script
        .scenes
        .iter()
        .filter(|scene| scene.role == Role::CallToAction)
        .flat_map(|scene| &scene.lines);
    let own: Vec<&str> = closing
        .filter(|line| matches!(line.source, LineSource::Brand | LineSource::Author))
        .map(|line| line.text.trim())
        .collect();
    if own.is_empty() {
        ask::request(arc, posting(platform), brief, "call to action of a post").map(str::to_owned)
    } else {
        Some(own.join(" "))
    }
}

/// All of a post but its title, with this description.
fn whole(post: &Post, description: &str) -> String {
    let hashtags = post.hashtags.join(" ");
    let parts = [
        description,
        post.call_to_action.as_deref().unwrap_or_default(),
        &hashtags,
    ];
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join("\n\n")
}

/// A text without the characters that a platform doesn't take.
fn allowed(text: &str, limits: PostLimits) -> String {
    if limits.takes_brackets() {
        text.to_owned()
    } else {
        text.replace('<', "‹").replace('>', "›")
    }
}

/// A title that a platform takes: cut between words where there are any.
fn titled(title: &str, limits: PostLimits) -> String {
    if title.chars().count() <= limits.title {
        return title.to_owned();
    }
    let cut: String = title.chars().take(limits.title).collect();
    match cut.rsplit_once(' ') {
        Some((head, _)) => head.to_owned(),
        None => cut,
    }
}

/// Checks what a video is posted with: every sentence of a description against its source, every title, and every word of a hashtag, which is of the brief's
/// sources or the brand's name.
pub fn trace_posts(posts: &Posts, story: &Story, brand: Option<&str>) -> Result<(), Untraced> {
    let texts = || story.sources.iter().map(|source| source.text.as_str());
    let said: Vec<&str> = texts().chain([story.title.as_str()]).collect();
    let mut known: Vec<String> = said.iter().flat_map(|text| words(text)).collect();
    known.extend(brand.map(joined));
    for (_, post) in posts.each() {
        for line in &post.lines {
            trace_line(line, story)?;
        }
        let untold = |word| Untraced::NotAPhrase {
            line: post.title.clone(),
            word,
        };
        // A title of one long word is cut within it.
        if !story.title.starts_with(&post.title) {
            shown_words(&post.title, &said).map_or(Ok(()), |word| Err(untold(word)))?;
        }
        for tag in &post.hashtags {
            if !is_made_of(&joined(tag), &known) {
                return Err(Untraced::NotAPhrase {
                    line: tag.clone(),
                    word: tag.trim_start_matches('#').to_owned(),
                });
            }
        }
    }
    Ok(())
}

/// A text's letters and digits alone, in lower case.
fn joined(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Whether a text is made of these words, one after the other.
fn is_made_of(text: &str, known: &[String]) -> bool {
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for at in 0..text.len() {
        if !reached[at] {
            continue;
        }
        for word in known.iter().map(|word| joined(word)) {
            if !word.is_empty() && text[at..].starts_with(&word) {
                reached[at + word.len()] = true;
            }
        }
    }
    reached[text.len()]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn posted(brief: &str) -> (Brief, Story, Posts) {
        let brief = domain::read_brief(brief).unwrap();
        let story = crate::story(&brief).unwrap();
        let script = crate::script(&brief, &story).unwrap();
        let hook = crate::hook(&brief, &story).unwrap();
        let posts = posts(&brief, &story, &script, &hook);
        trace_posts(&posts, &story, brief.brand.name.as_deref()).unwrap();
        for (platform, post) in posts.each() {
            assert!(PostLimits::of(platform).take(post), "{post:?}");
        }
        (brief, story, posts)
    }

    const LAMP: &str = "topic: The camping lamp\nbrand: {name: Lumo Labs, call_to_action: Try one at lumo.example}\nkey_points:\n  - The lamp runs for 40 hours.\n  - It floats on water.\n  - It weighs < 100 grams.\n";

    #[test]
    fn a_post_says_what_the_video_says_asks_what_the_brand_asks_and_names_the_brand() {
        let (_, _, posts) = posted(LAMP);
        for (_, post) in posts.each() {
            assert_eq!(
                post.call_to_action.as_deref(),
                Some("Try one at lumo.example.")
            );
            assert_eq!(post.hashtags.last().map(String::as_str), Some("#LumoLabs"));
            assert!(
                post.hashtags.contains(&"#CampingLamp".to_owned()),
                "{post:?}"
            );
            assert!(post.text.starts_with(&post.description));
        }
        assert!(posts.tiktok.lines.len() < posts.shorts.lines.len());
        assert!(
            posts.shorts.text.contains("‹ 100 grams"),
            "{:?}",
            posts.shorts
        );
    }

    #[test]
    fn another_language_gets_no_english_words() {
        let (_, _, posts) = posted(
            "topic: Warum Brot aufgeht\nlanguage: de\nkey_points: [Hefe frisst den Zucker im Mehl., Kneten bildet Gluten.]\n",
        );
        for (_, post) in posts.each() {
            assert_eq!(post.call_to_action, None);
            assert!(
                post.lines
                    .iter()
                    .all(|line| matches!(line.source, LineSource::Source(_)))
            );
        }
    }

    #[test]
    fn texts_that_are_too_long_are_cut_at_what_the_platform_takes() {
        let point = "字".repeat(480);
        let topic = "X".repeat(190);
        let (_, _, posts) = posted(&format!(
            "topic: {topic}\nlanguage: ja\ntarget_seconds: 180\nkey_points: [{point}, {point}い, {point}う, {point}え, {point}お]\n"
        ));
        assert_eq!(posts.shorts.title.len(), 100);
        assert!(!posts.shorts.lines.is_empty());
    }

    #[test]
    fn hashtags_hold_no_banned_word_and_nothing_that_is_not_told() {
        let (brief, story, mut posts) = posted(
            &LAMP
                .replace("brand: {", "brand: {banned_words: [camping], ")
                .replace("The camping lamp", "The lamp"),
        );
        for (_, post) in posts.each() {
            assert!(!post.text.to_lowercase().contains("camping"), "{post:?}");
        }
        posts.reels.hashtags.push("#WaterproofForever".to_owned());
        let error = trace_posts(&posts, &story, brief.brand.name.as_deref()).unwrap_err();
        assert!(error.to_string().contains("WaterproofForever"), "{error}");
    }

    #[test]
    fn a_planted_sentence_of_a_description_is_found() {
        let (_, story, mut posts) = posted(LAMP);
        posts.tiktok.lines[0].text = "The lamp runs for 400 hours.".to_owned();
        assert!(trace_posts(&posts, &story, None).is_err());
    }
}
