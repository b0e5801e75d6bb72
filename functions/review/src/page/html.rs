//! What the page says.

use std::fmt::Write as _;

use domain::quality::{Decided, Decision};
use domain::{Posts, Run, RunState, Timestamp, Video};
use quality::report::{self, escape};

use crate::assessed::Assessed;
use crate::links;
use crate::note::LONGEST;

/// What is shown of a run.
pub(super) struct Shown<'a> {
    pub(super) run: &'a Run,
    /// Until when it waits, if it does.
    pub(super) due_at: Option<Timestamp>,
    pub(super) video: Option<&'a Video>,
    /// What it is posted with.
    pub(super) posts: Option<&'a Posts>,
    pub(super) assessed: Option<&'a Assessed>,
    /// The form's token.
    pub(super) token: &'a str,
}

/// What the run is called.
pub(super) fn title(run: &Run) -> String {
    if run.topic.trim().is_empty() {
        format!("Run {}", run.id)
    } else {
        run.topic.clone()
    }
}

/// The page's body.
pub(super) fn body(shown: &Shown<'_>) -> String {
    let mut out = String::new();
    head(&mut out, shown);
    out.push_str("<main>\n");
    // Writing to a string can't fail.
    if let Some(video) = shown.video {
        player(&mut out, shown.run, video);
    }
    if let Some(posts) = shown.posts {
        posted(&mut out, posts);
    }
    if let Some(assessed) = shown.assessed {
        out.push_str(&report::total(&assessed.assessment));
    }
    if shown.run.state == RunState::InReview {
        form(&mut out, shown);
    } else {
        let _ = write!(
            out,
            "<p class=\"r-outcome\">{}</p>\n{}",
            outcome(shown.run),
            written(shown.run)
        );
    }
    if let Some(assessed) = shown.assessed {
        judged(&mut out, assessed);
    }
    out.push_str("</main>\n");
    out
}

fn head(out: &mut String, shown: &Shown<'_>) {
    let run = shown.run;
    let _ = write!(
        out,
        "<header>\n<h1 dir=\"auto\">{}</h1>\n<dl class=\"q-facts\">\n",
        escape(&title(run))
    );
    let mut fact = |name: &str, value: &str| {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", escape(value));
    };
    if let Some(brand) = &run.brand {
        fact("Brand", brand);
    }
    fact("Round", &run.shown_round().to_string());
    if let Some(due_at) = shown.due_at {
        fact("Waits until", &minute(due_at));
    }
    fact("Run", run.id.as_str());
    out.push_str("</dl>\n</header>\n");
}

fn player(out: &mut String, run: &Run, video: &Video) {
    let file = |name| links::page_file(&run.id, name);
    let _ = writeln!(
        out,
        "<video class=\"r-video\" controls playsinline preload=\"metadata\" width=\"{}\" height=\"{}\" poster=\"{}\">\n\
         <source src=\"{}\" type=\"video/mp4\">\n</video>",
        video.width,
        video.height,
        file("thumbnail.png"),
        file("final.mp4"),
    );
}

fn posted(out: &mut String, posts: &Posts) {
    out.push_str("<details class=\"r-posts\">\n<summary>What it is posted with</summary>\n");
    for (platform, post) in posts.each() {
        let _ = write!(
            out,
            "<h3>{}</h3>\n<p dir=\"auto\"><b>{}</b></p>\n<p class=\"r-post\" dir=\"auto\">{}</p>\n",
            platform.name(),
            escape(&post.title),
            escape(&post.text),
        );
    }
    out.push_str("</details>\n");
}

fn form(out: &mut String, shown: &Shown<'_>) {
    let run = shown.run;
    let _ = write!(
        out,
        "<section>\n<h2>Your decision</h2>\n{}\
         <form class=\"r-form\" method=\"post\" action=\"{}\" autocomplete=\"off\">\n\
         <input type=\"hidden\" name=\"token\" value=\"{}\">\n\
         <label for=\"note\">Note (whoever makes another round reads it)</label>\n\
         <textarea id=\"note\" name=\"note\" rows=\"3\" maxlength=\"{LONGEST}\"></textarea>\n\
         <div class=\"r-buttons\">\n\
         <button class=\"r-approve\" name=\"decision\" value=\"approve\">Approve</button>\n\
         <button class=\"r-again\" name=\"decision\" value=\"regenerate\">Make another round</button>\n\
         <button class=\"r-reject\" name=\"decision\" value=\"reject\">Reject</button>\n\
         </div>\n</form>\n</section>\n",
        asked_before(run),
        links::page(&run.id),
        escape(shown.token),
    );
}

/// Who asked for the round that waits now, if somebody did.
fn asked_before(run: &Run) -> String {
    run.decided
        .as_ref()
        .map(|decided| {
            format!(
                "<p class=\"q-note\">{} asked for this round on {}.</p>\n{}",
                escape(&person(decided)),
                minute(decided.at),
                written(run)
            )
        })
        .unwrap_or_default()
}

fn judged(out: &mut String, assessed: &Assessed) {
    let assessment = &assessed.assessment;
    let sections = [
        ("What the scores say", report::advice(assessment)),
        ("The ten criteria", report::radar(assessment)),
        ("Each score with its reasons", report::criteria(assessment)),
        (
            "What is said, and where it costs points",
            report::marked_text(&assessed.text, assessment),
        ),
        (
            "Scene by scene",
            report::timeline(&assessed.timeline, assessment),
        ),
    ];
    for (heading, body) in sections.iter().filter(|(_, body)| !body.is_empty()) {
        let _ = write!(out, "<section>\n<h2>{heading}</h2>\n{body}</section>\n");
    }
}

/// How it stands with a run that waits for nobody.
fn outcome(run: &Run) -> String {
    let by_person = run.decided.as_ref().map(|decided| {
        let what = match decided.decision {
            Decision::Approve => "Approved",
            Decision::Reject => "Rejected",
            Decision::Regenerate => "Another round was asked for",
        };
        let person = escape(&person(decided));
        format!("{what} by {person} on {}.", minute(decided.at))
    });
    let decided = by_person.as_deref();
    match run.state {
        RunState::Approved | RunState::Rejected => {
            decided.unwrap_or("Approved by its score.").to_owned()
        }
        RunState::Running => format!(
            "{} Round {} is being made now: look again in some minutes.",
            decided.unwrap_or_default(),
            run.round
        ),
        RunState::Expired => "Nobody decided in time: this video has expired.".to_owned(),
        RunState::Failed => "This run failed: there is nothing to decide.".to_owned(),
        RunState::Cancelled => "This run was cancelled: there is nothing to decide.".to_owned(),
        RunState::Succeeded | RunState::InReview => {
            "There is nothing to decide about this video.".to_owned()
        }
    }
}

/// What was written beside the last decision.
fn written(run: &Run) -> String {
    let note = run
        .decided
        .as_ref()
        .and_then(|decided| decided.note.as_deref());
    note.map(|note| {
        format!(
            "<blockquote class=\"r-note\" dir=\"auto\">{}</blockquote>\n",
            escape(note)
        )
    })
    .unwrap_or_default()
}

fn person(decided: &Decided) -> String {
    if decided.by == "link" {
        "somebody who had a link".to_owned()
    } else {
        decided.by.clone()
    }
}

/// A time as people write it, to the minute.
fn minute(at: Timestamp) -> String {
    let text = at.rfc3339();
    let minute: String = text.chars().take(16).collect();
    format!("{} UTC", minute.replace('T', " "))
}
