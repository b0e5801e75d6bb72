//! The programs that the suite runs, which scripts/cloud-tools.sh installs.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The workspace's root.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The folder into which cargo built this suite, and the functions.
pub(crate) fn built() -> PathBuf {
    let command = Path::new(env!("CARGO_BIN_EXE_reelwright-under-test"));
    command.parent().unwrap().to_owned()
}

/// Has a command that runs cargo not know which crate's test starts it: a build script that looks at that, such as ring's, would run again,
/// and with it all that needs ring would be built anew.
pub(crate) fn of_no_crate(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_MANIFEST_") || text.starts_with("CARGO_PKG_") {
            command.env_remove(name);
        }
    }
    command
}

/// The folder of the installed programs.
pub(crate) fn bin() -> PathBuf {
    root().join("target/cloud-tools/venv/bin")
}

/// A program of the installed ones.
pub(crate) fn tool(name: &str) -> PathBuf {
    let program = bin().join(name);
    let wanted = root().join("tests/cloud/requirements.txt");
    let installed = bin().join("../installed-requirements.txt");
    assert!(
        program.exists()
            && std::fs::read(wanted).unwrap() == std::fs::read(installed).unwrap_or_default(),
        "{name} is not installed as tests/cloud/requirements.txt pins it: run scripts/cloud-tools.sh, then try again",
    );
    program
}

/// One of the scripts beside this file.
pub(crate) fn script(name: &str) -> Command {
    let mut command = Command::new(tool("python"));
    command.arg(root().join("tests/cloud").join(name));
    command
}

/// Standard output of a command that has to succeed.
pub(crate) fn output(command: &mut Command) -> String {
    let answer = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        answer.status.success(),
        "{command:?} ended with {}:\n{}{}",
        answer.status,
        String::from_utf8_lossy(&answer.stdout),
        String::from_utf8_lossy(&answer.stderr),
    );
    String::from_utf8(answer.stdout).unwrap()
}
