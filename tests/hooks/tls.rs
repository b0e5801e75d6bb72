//! Deliveries over TLS, to servers with good and bad certificates. The server process trusts an authority of the test's own, as it would one of
//! a company's.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::program::Program;
use crate::served::{create, deliveries_once};
use crate::server::{NOBODY_WRITES, Server};

/// An authority, in a folder of its own.
struct Authority(PathBuf);

impl Authority {
    fn new(folder: &Path, name: &str) -> Self {
        let authority = Self(folder.join(name));
        std::fs::create_dir(&authority.0).unwrap();
        authority.write("issued", "");
        authority.write("serial", "01");
        let issuing = "[ca]\ndefault_ca = this\n[this]\ndatabase = issued\nserial = serial\nnew_certs_dir = .\n\
                       certificate = root.pem\nprivate_key = root.key\ndefault_md = sha256\npolicy = any\n\
                       copy_extensions = copy\nunique_subject = no\n[any]\ncommonName = supplied\n";
        authority.write("issuing", issuing);
        authority.openssl(&format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout root.key -out root.pem -days 30 -subj /CN={name}"
        ));
        authority
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.0.join(file), text).unwrap();
    }

    fn openssl(&self, arguments: &str) {
        let output = Command::new("openssl")
            .args(arguments.split(' '))
            .current_dir(&self.0)
            .output()
            .expect(
                "openssl is missing: run scripts/test-tools.sh, which installs what the tests need",
            );
        assert!(output.status.success(), "{output:?}");
    }

    /// A server with a certificate of this authority for this host, good until this year.
    fn server(&self, host: &str, until: u32) -> Program {
        self.openssl(&format!(
            "req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {until}{host}.key -out request -subj /CN=server \
             -addext subjectAltName=DNS:{host}"
        ));
        self.openssl(&format!(
            "ca -batch -notext -config issuing -in request -out {until}{host}.pem -startdate 20200101000000Z -enddate {until}0101000000Z"
        ));
        // Both in one file, which the server has read when it tells its port.
        let read = |end: &str| {
            std::fs::read_to_string(self.0.join(format!("{until}{host}.{end}"))).unwrap()
        };
        self.write("server.pem", &(read("pem") + &read("key")));
        Program::python(&["--tls", self.0.join("server.pem").to_str().unwrap()])
    }

    fn root(&self) -> PathBuf {
        self.0.join("root.pem")
    }
}

#[tokio::test]
async fn only_a_server_with_a_good_certificate_is_told_anything() {
    let folder = tempfile::tempdir().unwrap();
    let ours = Authority::new(folder.path(), "ours");
    let other = Authority::new(folder.path(), "another");
    let trusted = ours.root();
    let mut settings = vec![
        ("REELWRIGHT_WEBHOOKS_LOCAL", "1"),
        ("SSL_CERT_FILE", trusted.to_str().unwrap()),
    ];
    settings.extend(NOBODY_WRITES);
    let reelwright = Server::start_with(&settings);
    let key = reelwright.key("admin");

    let good = ours.server("localhost", 2100);
    let url = format!("https://localhost:{}/hook", good.line());
    let (id, _) = create(&reelwright, &key, &url).await;
    let tried = |one: &Value| !one["log"].as_array().unwrap().is_empty();
    let delivered = deliveries_once(&reelwright, &key, &id, tried).await;
    assert_eq!(delivered[0]["state"], "delivered", "{delivered:?}");
    assert_eq!(delivered[0]["log"][0]["status"], 204);
    // Told, though with no secret to verify it by.
    assert_eq!(good.told()["complaints"].as_array().unwrap().len(), 0);

    for (bad, authority, host, until, said) in [
        (
            "of another authority",
            &other,
            "localhost",
            2100,
            "UnknownIssuer",
        ),
        ("expired", &ours, "localhost", 2021, "expired"),
        (
            "for another host",
            &ours,
            "elsewhere.example",
            2100,
            "not valid for name",
        ),
    ] {
        let receiver = authority.server(host, until);
        let url = format!("https://localhost:{}/hook", receiver.line());
        let (id, secret) = create(&reelwright, &key, &url).await;
        let refused = deliveries_once(&reelwright, &key, &id, tried).await;
        let attempt = &refused[0]["log"][0];
        assert_eq!(refused[0]["state"], "waiting", "{bad}");
        assert_eq!(attempt["outcome"], "unreachable", "{bad}");
        let told = attempt["said"].as_str().unwrap();
        assert!(
            told.contains("certificate") && told.contains(said),
            "{bad}: {told}"
        );
        assert!(!told.contains("/hook") && !told.contains(&secret), "{told}");
        let path = format!("/v1/webhooks/endpoints/{id}");
        let endpoint = reelwright.get(&key, &path).await.json();
        assert!(endpoint["failing_since"].is_string(), "{endpoint}");
    }
}
