#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let pairs: Vec<(String, String)> = pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    let names: Vec<String> = pairs.iter().map(|(name, _)| name.clone()).collect();
    Config::from_env(
        &move |name| {
            pairs
                .iter()
                .find(|(k, _)| k == name)
                .map(|(_, v)| v.clone())
        },
        names,
    )
}

#[test]
fn unset_means_the_embedded_defaults() {
    let config = read(&[]).unwrap();
    assert_eq!(config.home, PathBuf::from(".reelwright"));
    assert_eq!(config.providers.text, providers::TextChoice::Embedded);
    assert_eq!(config.lease_ms, 30_000);
}

#[test]
fn a_wrong_value_is_named_with_what_was_expected() {
    let error = read(&[("REELWRIGHT_SPEECH", "piper2")])
        .unwrap_err()
        .to_string();
    assert_eq!(
        error,
        "REELWRIGHT_SPEECH is \"piper2\": expected auto, piper, espeak, polly or none"
    );
    let error = read(&[("REELWRIGHT_LEASE_SECONDS", "soon")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("expected a number from 1 to 3600"),
        "{error}"
    );
}

#[test]
fn an_address_of_a_cache_that_is_none_is_named_without_its_password() {
    let error = read(&[("REELWRIGHT_CACHE_URL", "redis://:hush@cache.example:port")]);
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("REELWRIGHT_CACHE_URL is ") && error.contains("expected redis://"),
        "{error}"
    );
    assert!(!error.contains("hush"), "{error}");
}

#[test]
fn a_short_secret_is_refused_and_not_repeated() {
    let error = read(&[("REELWRIGHT_LINK_SECRET", "hunter2")])
        .unwrap_err()
        .to_string();
    assert!(error.contains("at least 32 characters"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
    let secret = "x".repeat(32);
    let config = read(&[("REELWRIGHT_LINK_SECRET", &secret)]).unwrap();
    assert_eq!(config.link_secret, Some(secret));
}

#[test]
fn only_a_laptop_may_send_webhooks_to_itself() {
    let local = ("REELWRIGHT_WEBHOOKS_LOCAL", "1");
    assert_eq!(read(&[]).unwrap().webhook_rules(), UrlRules::default());
    assert_eq!(read(&[local]).unwrap().webhook_rules(), UrlRules::local());
    let deployed = [
        local,
        ("REELWRIGHT_BUCKET", "b"),
        ("REELWRIGHT_STATE_TABLE", "s"),
        ("REELWRIGHT_CACHE_TABLE", "c"),
    ];
    let error = read(&deployed).unwrap_err().to_string();
    assert!(error.contains("public addresses only"), "{error}");
    assert!(read(&[("REELWRIGHT_WEBHOOKS_LOCAL", "yes")]).is_err());
}

#[test]
fn links_begin_with_what_is_configured() {
    let told = |config: Config| {
        let run = domain::RunId::new(1, 2);
        config.api_root().run(&run).as_str().to_owned()
    };
    assert!(told(read(&[]).unwrap()).starts_with("/v1/runs/"));
    let config = read(&[("REELWRIGHT_API_URL", "https://api.example.com/")]).unwrap();
    assert!(told(config).starts_with("https://api.example.com/v1/runs/"));
    let error = read(&[("REELWRIGHT_API_URL", "api.example.com")]).unwrap_err();
    assert!(error.to_string().contains("such as https://"), "{error}");
}

#[test]
fn a_misspelt_variable_is_refused() {
    let error = read(&[("REELWRIGHT_SPEACH", "none")])
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("REELWRIGHT_SPEACH") && error.contains("no such variable"),
        "{error}"
    );
}

#[test]
fn a_deployed_function_is_told_which_variable_is_missing() {
    let error = read(&[]).unwrap().deployed().unwrap_err().to_string();
    assert!(error.contains("REELWRIGHT_BUCKET"), "{error}");
    let error = read(&[("REELWRIGHT_BUCKET", "b")]).unwrap_err().to_string();
    assert!(error.contains("REELWRIGHT_STATE_TABLE"), "{error}");
    let mut all = vec![
        ("REELWRIGHT_BUCKET", "b"),
        ("REELWRIGHT_STATE_TABLE", "s"),
        ("REELWRIGHT_CACHE_TABLE", "c"),
    ];
    let config = read(&all).unwrap();
    let error = config.deployed().unwrap().state_machine().unwrap_err();
    assert_eq!(error.variable, "REELWRIGHT_STATE_MACHINE");
    all.push(("REELWRIGHT_STATE_MACHINE", "short-video"));
    let error = read(&all).unwrap_err().to_string();
    assert!(error.contains("arn:aws:states"), "{error}");
}
