//! The server answers as its document says: schemathesis makes requests out of the document, good and bad ones, and holds each answer to it.

use std::path::Path;
use std::process::Command;

use crate::server::{NOBODY_WRITES, Server};

/// Where scripts/cloud-tools.sh installs schemathesis.
const SCHEMATHESIS: &str = "../target/cloud-tools/venv/bin/schemathesis";

/// All but `positive_data_acceptance`: a schema can't say all that a brief must keep to, such as that it tells of something.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
    response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,use_after_free,\
    ensure_resource_availability,ignored_auth";

#[test]
fn every_answer_is_as_the_document_says() {
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join(SCHEMATHESIS);
    assert!(
        tool.exists(),
        "schemathesis is not installed: scripts/cloud-tools.sh installs it"
    );
    // Else this would make hundreds of videos.
    let server = Server::start_with(&NOBODY_WRITES);
    // Without the scope of webhooks, which would have messages sent to whatever is drawn: those operations are refused, as documented.
    let key = server.key("read,submit,review");
    let output = Command::new(tool)
        .arg("run")
        .arg(format!("{}/v1/openapi.json", server.base()))
        .args(["--header", &format!("Authorization: Bearer {key}")])
        .args(["--checks", CHECKS])
        .args(["--generation-deterministic", "--max-examples", "40"])
        .args(["--no-color", "--workers", "1"])
        .current_dir(server.home())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(told.contains("45/45"), "{told}");
}
