//! The functions as they are deployed: the host's own binaries, and the template that names them. What `sam build` does for AWS, but
//! that nothing is built a second time for another system.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::template::{functions, template};
use crate::tools::{built, output, root};

/// Writes template and functions into a folder, and answers with the template's path.
pub(crate) fn package(folder: &Path) -> PathBuf {
    build();
    let mut template = template();
    let functions: Vec<(String, String)> = functions(&template)
        .into_iter()
        .map(|(name, id)| (name, id.to_owned()))
        .collect();
    for (name, id) in functions {
        let code = folder.join(&name);
        std::fs::create_dir_all(&code).unwrap();
        let binary = built().join(&name);
        assert!(binary.exists(), "{} was not built", binary.display());
        output(
            Command::new("strip")
                .arg("-o")
                .arg(code.join("bootstrap"))
                .arg(&binary),
        );
        template["Resources"][id]["Properties"]["CodeUri"] = json!(code);
    }
    for (id, property) in [("StateMachine", "DefinitionUri"), ("Cache", "Location")] {
        let named = &mut template["Resources"][id]["Properties"][property];
        *named = json!(root().join("infra").join(named.as_str().unwrap()));
    }
    let file = folder.join("template.json");
    std::fs::write(&file, Value::to_string(&template)).unwrap();
    file
}

/// Cargo builds only the suite's own binaries before a test. The selection is that of `make test`, so nothing is built twice.
fn build() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    output(
        Command::new(cargo)
            .args(["build", "--quiet", "--workspace", "--bins"])
            .current_dir(root()),
    );
}
