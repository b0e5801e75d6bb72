//! Nothing is sent to an address inside the network.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use runtime::outbound::{Outbound, SystemNames};
use store::DeliveryState;
use webhooks::address::AddressPolicy;
use webhooks::endpoint::{EndpointUrl, Ports, UrlRules};
use webhooks::retry::Outcome;

use crate::peer::Peer;
use crate::world::{LIMIT, Told, World};

/// As a deployed system has it, but for the scheme and the port, so that a peer here could be reached.
fn public() -> UrlRules {
    UrlRules {
        http: true,
        ports: Ports::Any,
        addresses: AddressPolicy::PUBLIC,
    }
}

fn told(addresses: &[&[&str]]) -> Arc<Told> {
    let parsed = |ips: &&[&str]| ips.iter().map(|ip| ip.parse::<IpAddr>().unwrap()).collect();
    Arc::new(Told {
        addresses: addresses.iter().map(parsed).collect(),
        asked: AtomicUsize::new(0),
    })
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_and_tried_again_later() {
    for inside in [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a9fe:a9fe",
    ] {
        let peer = Peer::good().await;
        let world = World::with(told(&[&[inside]]), public()).await;
        let endpoint = world
            .subscribe(&format!("http://hooks.example.com:{}/hook", peer.port()))
            .await;
        world.happen().await;
        world.dispatch().await;
        world.deliver().await;
        let delivery = world.delivery(&endpoint).await;
        assert_eq!(delivery.log[0].outcome, Outcome::Refused, "{inside}");
        assert!(
            delivery.log[0].said.contains("public internet"),
            "{}",
            delivery.log[0].said
        );
        assert_eq!(delivery.state, DeliveryState::Waiting);
        assert_eq!(peer.came().len(), 0, "{inside}");
    }
}

#[tokio::test]
async fn a_name_that_leads_inside_the_second_time_is_refused_then() {
    let peer = Peer::good().await;
    // This machine stands for the public one: what is refused is everything else that is private.
    let names = told(&[&["127.0.0.1"], &["10.0.0.1"]]);
    let world = World::with(names, UrlRules::local()).await;
    let endpoint = world
        .subscribe(&format!("http://hooks.example.com:{}/hook", peer.port()))
        .await;
    for expected in [Outcome::answered(204), Outcome::Refused] {
        world.wait(1000);
        world.happen().await;
        world.dispatch().await;
        world.deliver().await;
        let newest = world.deliveries(&endpoint).await.remove(0);
        assert_eq!(newest.log[0].outcome, expected);
    }
    assert_eq!(peer.came().len(), 1);
}

#[tokio::test]
async fn of_several_addresses_only_those_outside_are_called() {
    let peer = Peer::good().await;
    let world = World::with(told(&[&["10.0.0.1", "127.0.0.1"]]), UrlRules::local()).await;
    let endpoint = world
        .subscribe(&format!("http://hooks.example.com:{}/hook", peer.port()))
        .await;
    world.happen().await;
    world.dispatch().await;
    world.deliver().await;
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn the_connector_refuses_addresses_and_names_of_this_machine_by_itself() {
    let peer = Peer::good().await;
    let outbound = Outbound::over(Arc::new(SystemNames), AddressPolicy::PUBLIC, LIMIT).unwrap();
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        // Read by rules that allow it: the connector must not rely on them.
        let url = format!("http://{host}:{}/hook", peer.port());
        let url = EndpointUrl::parse(&url, &UrlRules::local()).unwrap();
        let posted = outbound.post(&url, &[], "{}".to_owned()).await;
        assert_eq!(posted.outcome, Outcome::Refused, "{host}: {}", posted.said);
    }
    assert_eq!(peer.came().len(), 0);
}

#[tokio::test]
async fn an_endpoint_that_the_rules_no_longer_allow_is_not_called() {
    let peer = Peer::good().await;
    let rules = UrlRules {
        ports: Ports::Only(BTreeSet::from([443])),
        ..public()
    };
    let world = World::with(Arc::new(SystemNames), rules).await;
    let endpoint = world.first_attempt(&peer).await;
    let delivery = world.delivery(&endpoint).await;
    assert_eq!(delivery.log[0].outcome, Outcome::Refused);
    assert!(delivery.log[0].said.contains("not allowed"));
    assert_eq!(peer.came().len(), 0);
}
