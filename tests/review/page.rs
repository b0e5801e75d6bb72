//! The page by HTTP: its headers, its files, and what it says once somebody has decided.

use reqwest::Method;
use serde_json::json;

use crate::server::Answer;
use crate::waiting::Waiting;

#[tokio::test]
async fn nothing_is_let_in_but_what_the_page_names_and_nobody_keeps_it() {
    let waiting = Waiting::start().await;
    let entry = Answer::of(waiting.server.request(Method::GET, &waiting.link().await)).await;
    let cookie = entry.header("set-cookie").unwrap();
    let rest = cookie.split_once("; ").unwrap().1;
    assert_eq!(
        rest,
        format!(
            "Path=/review/{}; Max-Age=1800; HttpOnly; SameSite=Strict",
            waiting.run
        )
    );
    let visitor = waiting.visitor().await;
    let page = visitor.get(&visitor.page).await;
    for answer in [&entry, &page] {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-"),
            "{policy}"
        );
        assert!(
            !policy.contains("unsafe") && !policy.contains("script-src"),
            "{policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        let text = answer.text();
        assert!(
            !text.contains("<script") && !text.contains(" style="),
            "{text}"
        );
    }
    // The link's seal isn't on the page that it leads to.
    assert!(!page.text().contains("signature="));
}

#[tokio::test]
async fn the_page_shows_what_the_video_is_posted_with() {
    let waiting = Waiting::start().await;
    let visitor = waiting.visitor().await;
    let page = visitor.get(&visitor.page).await.text();
    let posts = format!("/review/{}/files/posts.json", waiting.run);
    let posts = visitor.get(&posts).await.json();
    for (name, platform) in [
        ("TikTok", "tiktok"),
        ("Reels", "reels"),
        ("Shorts", "shorts"),
    ] {
        let hashtag = posts[platform]["hashtags"][0].as_str().unwrap();
        let title = posts[platform]["title"].as_str().unwrap();
        let (_, section) = page.split_once(&format!("<h3>{name}</h3>")).unwrap();
        let section = section.split("<h3>").next().unwrap();
        assert!(
            section.contains(hashtag) && section.contains(title),
            "{section}"
        );
    }
}

#[tokio::test]
async fn files_come_whole_and_in_parts() {
    let waiting = Waiting::start().await;
    let visitor = waiting.visitor().await;
    let path = |name: &str| format!("/review/{}/files/{name}", waiting.run);
    let whole = visitor.get(&path("final.mp4")).await;
    assert_eq!(
        (
            whole.status,
            whole.header("content-type"),
            whole.header("accept-ranges")
        ),
        (200, Some("video/mp4"), Some("bytes"))
    );
    let listed = format!("/v1/runs/{}/files/final.mp4", waiting.run);
    let listed = waiting.server.get(&waiting.key, &listed).await;
    assert!(listed.body == whole.body);

    let part = async |range: &str| {
        let request = waiting.server.request(Method::GET, &path("final.mp4"));
        let request = request.header("cookie", &visitor.cookie);
        Answer::of(request.header("range", range)).await
    };
    let length = whole.body.len();
    let first = part("bytes=0-99").await;
    assert_eq!(
        (first.status, first.body.as_slice()),
        (206, &whole.body[..100])
    );
    let place = format!("bytes 0-99/{length}");
    assert_eq!(first.header("content-range"), Some(place.as_str()));
    assert!(part("bytes=-50").await.body == whole.body[length - 50..]);
    assert_eq!(part(&format!("bytes={length}-")).await.status, 416);

    assert_eq!(visitor.get(&path("thumbnail.png")).await.status, 200);
    let missing = visitor.get(&path("state.db")).await;
    assert_eq!(missing.status, 404, "{}", missing.text());
}

#[tokio::test]
async fn a_decision_made_elsewhere_is_shown_and_a_second_one_is_not_kept() {
    let waiting = Waiting::start().await;
    let visitor = waiting.visitor().await;
    let token = visitor.token().await;
    let path = format!("/v1/reviews/{}", waiting.run);
    let decision = json!({ "decision": "reject", "note": "Not <our> tone" });
    let answer = waiting.server.post(&waiting.key, &path, &decision).await;
    assert_eq!(answer.status, 200, "{}", answer.text());

    let fields = [("decision", "approve"), ("token", token.as_str())];
    let second = visitor.send(&fields).await;
    assert_eq!(second.status, 409, "{}", second.text());
    let told = second.text();
    assert!(
        told.contains("rejected it at") && told.contains("was not kept"),
        "{told}"
    );

    let page = visitor.get(&visitor.page).await.text();
    assert!(page.contains("Rejected by key_"), "{page}");
    assert!(
        page.contains("Not &lt;our&gt; tone") && !page.contains("<button"),
        "{page}"
    );
    assert_eq!(waiting.now().await["state"], "rejected");
}

#[tokio::test]
async fn another_round_asked_for_on_the_page_is_made_and_waits_again() {
    let waiting = Waiting::start().await;
    let visitor = waiting.visitor().await;
    let token = visitor.token().await;
    let fields = [
        ("decision", "regenerate"),
        ("note", "Open with\r\na question"),
        ("token", token.as_str()),
    ];
    let answer = visitor.send(&fields).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some(visitor.page.as_str())),
        "{}",
        answer.text()
    );
    let decided = waiting.now().await["decided"].clone();
    assert_eq!(
        (&decided["by"], &decided["note"], &decided["decision"]),
        (
            &json!("link"),
            &json!("Open with\na question"),
            &json!("regenerate")
        )
    );
    let run = waiting
        .server
        .until(&waiting.key, &waiting.run, |run| run["state"] != "running")
        .await;
    assert_eq!(
        (&run["state"], &run["round"]),
        (&json!("in_review"), &json!(2)),
        "{run}"
    );
    let page = visitor.get(&visitor.page).await.text();
    assert!(
        page.contains("asked for this round") && page.contains("<button"),
        "{page}"
    );
}
