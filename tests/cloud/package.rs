//! The functions as they are deployed: the host's own binaries, and the template that names them. What `sam build` does for AWS, but
//! that nothing is built a second time for another system.

use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use serde_json::{Value, json};

use crate::template::{functions, template};
use crate::tools::{built, of_no_crate, output, root, script};

/// Writes template and functions into a folder, and answers with the template's path.
pub(crate) fn package(folder: &Path) -> PathBuf {
    build();
    std::fs::create_dir_all(folder).unwrap();
    let mut template = template().clone();
    let functions: Vec<(String, String)> = functions(&template)
        .into_iter()
        .map(|(name, id)| (name, id.to_owned()))
        .collect();
    // All at once: each takes a while, and leaves the other cores idle.
    let stripping: Vec<_> = functions
        .iter()
        .map(|(name, _)| strip(&built().join(name), &folder.join(name)))
        .collect();
    for mut process in stripping {
        assert!(process.wait().unwrap().success(), "strip failed");
    }
    let mut pack = script("pack.py");
    output(pack.args(functions.iter().map(|(name, _)| folder.join(name))));
    for (name, id) in functions {
        let code = folder.join(format!("{name}.zip"));
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

/// Begins to write a binary without what only debuggers read.
fn strip(binary: &Path, to: &Path) -> Child {
    assert!(binary.exists(), "{} was not built", binary.display());
    let mut strip = Command::new("strip");
    strip.arg("-o").arg(to).arg(binary).spawn().unwrap()
}

/// Cargo builds only the suite's own binaries before a test. The selection is that of `make test`, so nothing is built twice.
pub(crate) fn build() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    output(
        of_no_crate(&mut Command::new(cargo))
            .args(["build", "--quiet", "--workspace", "--bins"])
            .current_dir(root()),
    );
}
