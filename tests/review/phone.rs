//! The page as a person sees it: on a phone, without JavaScript, coming from another site.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::browser::{Browser, PHONE};
use crate::waiting::Waiting;

/// How long a browser may take to do what it was told.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until the browser shows what is wished.
async fn until(browser: &Browser, wish: impl AsyncFn(&Browser) -> bool) {
    let begun = Instant::now();
    while !wish(browser).await {
        let at = browser.address().await;
        assert!(begun.elapsed() < PATIENCE, "the browser is still at {at}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Follows a link from a page of another site, as from a mail program.
async fn follow(browser: &Browser, waiting: &Waiting) {
    let link = format!("{}{}", waiting.server.base(), waiting.link().await);
    let mail = format!(
        "data:text/html,<a href=\"{}\">look</a>",
        link.replace('&', "%26amp;")
    );
    browser.open(&mail).await;
    browser.press(&browser.one("a").await).await;
    let page = format!("{}{}", waiting.server.base(), waiting.page());
    until(browser, async |browser| browser.address().await == page).await;
}

#[tokio::test]
async fn somebody_with_a_link_watches_the_video_and_approves_it() {
    let waiting = Waiting::start().await;
    let browser = Browser::start(false).await;
    follow(&browser, &waiting).await;
    assert_eq!(browser.title().await, "Why bread rises");

    // Everything stands within the screen's width, and the buttons are as large as fingers.
    let (screen, _) = PHONE;
    for selector in ["video", "textarea", ".q-radar", ".q-timeline", ".q-text"] {
        let [x, _, width, _] = browser.place(&browser.one(selector).await).await;
        assert!(
            x >= 0.0 && x + width <= f64::from(screen),
            "{selector}: {x} {width}"
        );
    }
    let html = browser.one("html").await;
    let wide = browser.property(&html, "scrollWidth").await;
    assert_eq!(wide, json!(screen));
    let buttons = browser.all("button").await;
    assert_eq!(buttons.len(), 3);
    for button in &buttons {
        let [.., width, height] = browser.place(button).await;
        assert!(width >= 44.0 && height >= 44.0, "{width} x {height}");
    }

    // Ten scores less those that can't be judged, the text with its paragraphs, the video's first frame.
    let told = browser.text("main").await;
    for part in [
        "of 100",
        "Engagement",
        "Hook Quality",
        "Technical Quality",
        "Scene by scene",
    ] {
        assert!(told.contains(part), "no {part} in {told}");
    }
    let video = browser.one("video").await;
    until(&browser, async |browser| {
        browser.property(&video, "readyState").await.as_u64() >= Some(1)
    })
    .await;
    assert_eq!(browser.property(&video, "videoWidth").await, json!(1080));
    assert_eq!(browser.property(&video, "error").await, json!(null));

    let cookies = browser.cookies().await;
    let cookie = &cookies[0];
    assert_eq!(
        (&cookie["httpOnly"], &cookie["sameSite"], &cookie["path"]),
        (&json!(true), &json!("Strict"), &json!(waiting.page())),
        "{cookies}"
    );

    browser
        .write(&browser.one("textarea").await, "Lovely\nand short")
        .await;
    browser
        .press(&browser.one("button[value=approve]").await)
        .await;
    until(&browser, async |browser| {
        browser.all("button").await.is_empty()
    })
    .await;
    let outcome = browser.text(".r-outcome").await;
    assert!(
        outcome.starts_with("Approved by somebody who had a link"),
        "{outcome}"
    );
    assert_eq!(browser.text(".r-note").await, "Lovely\nand short");
    let run = waiting.now().await;
    assert_eq!(
        (
            &run["state"],
            &run["decided"]["by"],
            &run["decided"]["note"]
        ),
        (
            &json!("approved"),
            &json!("link"),
            &json!("Lovely\nand short")
        )
    );
}

#[tokio::test]
async fn the_page_is_dark_where_the_reader_wants_it_dark() {
    let waiting = Waiting::start().await;
    let mut papers = Vec::new();
    for dark in [false, true] {
        let browser = Browser::start(dark).await;
        follow(&browser, &waiting).await;
        let body = browser.one("body").await;
        papers.push(browser.style(&body, "background-color").await);
        // Styles came through the policy.
        assert_eq!(browser.style(&body, "max-width").await, "832px");
    }
    assert_eq!(papers, ["rgba(255, 255, 255, 1)", "rgba(20, 24, 28, 1)"]);
}
