//! What opens nothing, and what decides nothing.

use std::time::{SystemTime, UNIX_EPOCH};

use domain::{RunId, Timestamp};
use reqwest::Method;
use review::seal::Seal;
use serde_json::json;

use crate::server::Answer;
use crate::waiting::{Waiting, another, form};

/// The server's secret, where a test makes links itself.
const SECRET: &str = "the secret of a test, of more than 32 characters";

fn in_an_hour() -> Timestamp {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp(now.as_millis() as u64 + 3_600_000)
}

/// A page that refuses: it says what to do, and shows nothing of the run.
#[track_caller]
fn refuses(answer: &Answer, status: u16, what_to_do: &str) {
    let page = answer.text();
    assert_eq!(answer.status, status, "{page}");
    assert_eq!(
        answer.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(page.contains(what_to_do), "{page}");
    assert!(!page.contains("Why bread rises"), "{page}");
    assert_eq!(answer.header("set-cookie"), None);
}

#[tokio::test]
async fn only_a_link_of_this_server_for_this_run_in_its_time_opens_the_page() {
    let waiting = Waiting::start_with(&[("REELWRIGHT_LINK_SECRET", SECRET)]).await;
    let run = RunId::parse(&waiting.run).unwrap();
    let ours = Seal::new(SECRET);
    let open = async |path: &str| Answer::of(waiting.server.request(Method::GET, path)).await;

    let good = ours.link(&run, in_an_hour());
    assert_eq!(open(&good).await.status, 200);
    assert_eq!(open(&format!("{good}&utm_source=mail")).await.status, 200);

    let bare = open(&waiting.page()).await;
    refuses(&bare, 403, "Open the link that you were sent");
    let expired = open(&ours.link(&run, Timestamp(1_000))).await;
    refuses(&expired, 403, "Its time is up");
    let wrong = "made for another video";
    let other = Seal::new("another secret, of more than 32 characters");
    refuses(&open(&other.link(&run, in_an_hour())).await, 403, wrong);
    let longer = good.replacen("expires=1", "expires=2", 1);
    refuses(&open(&longer).await, 403, wrong);
    refuses(&open(&good[..good.len() - 1]).await, 403, wrong);
    refuses(&open(good.split('&').next().unwrap()).await, 403, wrong);

    // A good link's seal under another run's name, and a good link to a run that isn't there.
    let nobody = RunId::new(1, 1);
    let moved = good.replace(&waiting.run, nobody.as_str());
    refuses(&open(&moved).await, 403, wrong);
    let unknown = open(&ours.link(&nobody, in_an_hour())).await;
    refuses(&unknown, 404, nobody.as_str());
    refuses(&open("/review/nonsense").await, 404, "names no run");
    waiting.still_waits().await;
}

#[tokio::test]
async fn a_cookie_is_good_for_its_own_page_only() {
    let waiting = Waiting::start().await;
    let visitor = waiting.visitor().await;
    let other = another(&waiting.server, &waiting.key).await;
    let page = visitor.get(&format!("/review/{other}")).await;
    refuses(&page, 403, "Open the link that you were sent");
    for name in ["final.mp4", "thumbnail.png"] {
        let stolen = visitor.get(&format!("/review/{other}/files/{name}")).await;
        refuses(&stolen, 403, "Open the link that you were sent");
        let bare = waiting
            .server
            .request(Method::GET, &format!("/review/{other}/files/{name}"));
        refuses(
            &Answer::of(bare).await,
            403,
            "Open the link that you were sent",
        );
    }
    let mut tampered = visitor.cookie.clone();
    tampered.pop();
    let request = waiting.server.request(Method::GET, &visitor.page);
    let answer = Answer::of(request.header("cookie", tampered)).await;
    refuses(&answer, 403, "Open the link that you were sent");
}

#[tokio::test]
async fn a_form_that_isnt_the_visitors_own_decides_nothing() {
    let waiting = Waiting::start().await;
    let visitor = waiting.visitor().await;
    let token = visitor.token().await;
    let approve = ("decision", "approve");

    // Somebody else's page posts in the visitor's name.
    let nothing = "Nothing was decided";
    refuses(&visitor.send(&[approve]).await, 403, nothing);
    refuses(&visitor.send(&[approve, ("token", "")]).await, 403, nothing);
    let theirs = waiting.visitor().await.token().await;
    assert_ne!(theirs, token);
    refuses(
        &visitor.send(&[approve, ("token", &theirs)]).await,
        403,
        nothing,
    );

    // The token without the cookie.
    let request = waiting.server.request(Method::POST, &visitor.page);
    let answer = Answer::of(form(request, &[approve, ("token", &token)])).await;
    refuses(&answer, 403, "Open the link that you were sent");

    // A link decides nothing by itself, and a key isn't the page's.
    let request = waiting.server.request(Method::POST, &waiting.link().await);
    let answer = Answer::of(form(request, &[approve, ("token", &token)])).await;
    refuses(&answer, 403, "Open the link that you were sent");
    let answer = waiting
        .server
        .post(
            &waiting.key,
            &visitor.page,
            &json!({ "decision": "approve" }),
        )
        .await;
    refuses(&answer, 403, "Open the link that you were sent");

    // The visitor's own form, with what it can't hold.
    let own = ("token", token.as_str());
    let long = "x".repeat(2_001);
    for (fields, what) in [
        (vec![own], "is no decision"),
        (vec![own, ("decision", "publish")], "is no decision"),
        (vec![own, approve, ("note", &long)], "2001 characters"),
        (vec![own, approve, ("note", "\u{0}")], "control characters"),
    ] {
        refuses(&visitor.send(&fields).await, 400, what);
    }
    waiting.still_waits().await;
}
