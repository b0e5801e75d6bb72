//! A real browser, driven by the WebDriver protocol (W3C), which is JSON over HTTP.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use reqwest::{Client, Method};
use serde_json::{Value, json};

/// The name under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A phone's screen, in CSS pixels.
pub(crate) const PHONE: (u32, u32) = (390, 844);

/// Chromium at a phone's size, without JavaScript.
pub(crate) struct Browser {
    driver: Child,
    client: Client,
    session: String,
}

/// An element of the page.
pub(crate) struct Element(String);

impl Browser {
    /// Starts one with a profile of its own. `dark` asks pages for their dark colours.
    pub(crate) async fn start(dark: bool) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            // A group of its own, so that the browser ends with it.
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("chromedriver: {error}: scripts/test-tools.sh installs it")
            });
        let told = BufReader::new(driver.stdout.take().unwrap());
        let port = told
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, rest) = line.split_once("started successfully on port ")?;
                rest.trim_end_matches('.').parse::<u16>().ok()
            })
            .unwrap();
        let mut browser = Self {
            driver,
            client: Client::new(),
            session: format!("http://127.0.0.1:{port}/session"),
        };
        let (width, height) = PHONE;
        let options = json!({
            // Where tests run as root the browser's sandbox can't.
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"
            ],
            "prefs": { "profile.managed_default_content_settings.javascript": 2 },
            // Fingers are beyond the driver where pages have no JavaScript.
            "mobileEmulation": { "deviceMetrics": { "width": width, "height": height, "pixelRatio": 2.0, "touch": false } }
        });
        let wish = json!({ "capabilities": { "alwaysMatch": { "browserName": "chrome", "goog:chromeOptions": options } } });
        let made = browser.send(Method::POST, "", &wish).await;
        let id = made["sessionId"].as_str().unwrap();
        browser.session = format!("{}/{id}", browser.session);
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        let emulate = json!({ "cmd": "Emulation.setEmulatedMedia", "params": media });
        browser
            .send(Method::POST, "/goog/cdp/execute", &emulate)
            .await;
        browser
    }

    /// What a command of the protocol answers.
    async fn send(&self, method: Method, path: &str, body: &Value) -> Value {
        let request = self
            .client
            .request(method.clone(), format!("{}{path}", self.session));
        let request = if method == Method::POST {
            request.json(body)
        } else {
            request
        };
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let told: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {told}");
        told["value"].clone()
    }

    async fn ask(&self, path: &str) -> Value {
        self.send(Method::GET, path, &Value::Null).await
    }

    pub(crate) async fn open(&self, address: &str) {
        self.send(Method::POST, "/url", &json!({ "url": address }))
            .await;
    }

    pub(crate) async fn address(&self) -> String {
        self.ask("/url").await.as_str().unwrap().to_owned()
    }

    pub(crate) async fn title(&self) -> String {
        self.ask("/title").await.as_str().unwrap().to_owned()
    }

    /// The elements that a CSS selector finds.
    pub(crate) async fn all(&self, selector: &str) -> Vec<Element> {
        let by = json!({ "using": "css selector", "value": selector });
        let found = self.send(Method::POST, "/elements", &by).await;
        let found = found.as_array().unwrap().iter();
        found
            .map(|element| Element(element[ELEMENT].as_str().unwrap().to_owned()))
            .collect()
    }

    /// The one element that a CSS selector finds.
    pub(crate) async fn one(&self, selector: &str) -> Element {
        let mut found = self.all(selector).await;
        assert_eq!(found.len(), 1, "{selector} at {}", self.address().await);
        found.remove(0)
    }

    /// What a reader sees of an element.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let Element(id) = self.one(selector).await;
        let text = self.ask(&format!("/element/{id}/text")).await;
        text.as_str().unwrap().to_owned()
    }

    /// A property of an element, as scripts would see it.
    pub(crate) async fn property(&self, Element(id): &Element, name: &str) -> Value {
        self.ask(&format!("/element/{id}/property/{name}")).await
    }

    /// The value of a style of an element, as it came out.
    pub(crate) async fn style(&self, Element(id): &Element, name: &str) -> String {
        let value = self.ask(&format!("/element/{id}/css/{name}")).await;
        value.as_str().unwrap().to_owned()
    }

    /// Where an element is: x, y, width, height in CSS pixels.
    pub(crate) async fn place(&self, Element(id): &Element) -> [f64; 4] {
        let place = self.ask(&format!("/element/{id}/rect")).await;
        ["x", "y", "width", "height"].map(|name| place[name].as_f64().unwrap())
    }

    pub(crate) async fn press(&self, Element(id): &Element) {
        let path = format!("/element/{id}/click");
        self.send(Method::POST, &path, &json!({})).await;
    }

    pub(crate) async fn write(&self, Element(id): &Element, text: &str) {
        let path = format!("/element/{id}/value");
        self.send(Method::POST, &path, &json!({ "text": text }))
            .await;
    }

    /// The page's cookies, of which scripts see none.
    pub(crate) async fn cookies(&self) -> Value {
        self.ask("/cookie").await
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
    }
}
