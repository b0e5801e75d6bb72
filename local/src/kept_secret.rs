//! Secrets that a home keeps: made once, each in a file that only its owner may read.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::failure::Failure;

/// Only who owns the file may read it.
const OWNER_ONLY: u32 = 0o600;

/// A secret of a home by its file's name, made if there is none.
pub(crate) fn kept_secret(home: &Path, name: &str) -> Result<String, Failure> {
    let file = home.join(name);
    let failed = |error: std::io::Error| {
        Failure::input(format!(
            "the secret in {} can't be kept: {error}",
            file.display()
        ))
    };
    match fs::read_to_string(&file) {
        Ok(secret) => return usable(&file, secret),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    fs::create_dir_all(home).map_err(failed)?;
    let mut random = [0; 32];
    getrandom::fill(&mut random).map_err(Failure::other)?;
    let secret = blake3::hash(&random).to_hex().to_string();
    // Written beside its place and linked into it, so that no other process reads half of it, and the first one's stays.
    let beside = home.join(format!("{name}.{}", std::process::id()));
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(OWNER_ONLY)
        .open(&beside)
        .and_then(|mut open| open.write_all(secret.as_bytes()))
        .map_err(failed)?;
    let linked = fs::hard_link(&beside, &file);
    fs::remove_file(&beside).map_err(failed)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(failed(error)),
        _ => usable(&file, fs::read_to_string(&file).map_err(failed)?),
    }
}

/// A secret that others may read, or that was cut short, is none.
fn usable(file: &Path, secret: String) -> Result<String, Failure> {
    let open_to_others =
        fs::metadata(file).map_or(true, |facts| facts.permissions().mode() & 0o077 != 0);
    if open_to_others {
        return Err(Failure::input(format!(
            "others may read {}: `chmod 600` it, or remove it, which makes all that was signed or encrypted with it useless",
            file.display()
        )));
    }
    if secret.len() < 32 {
        return Err(Failure::input(format!(
            "{} holds no secret of 32 characters: remove it, which makes all that was signed or encrypted with it useless",
            file.display()
        )));
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::fs::Permissions;

    use super::*;

    const FILE: &str = "link-secret";

    #[test]
    fn a_homes_secret_is_made_once_and_is_its_owners_alone() {
        let folder = std::env::temp_dir().join(format!("reelwright-secret-{}", std::process::id()));
        let made = kept_secret(&folder, FILE).unwrap();
        assert_eq!(
            (made.len(), kept_secret(&folder, FILE).unwrap()),
            (64, made)
        );
        let file = folder.join(FILE);
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, OWNER_ONLY);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);

        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        let refused = kept_secret(&folder, FILE).unwrap_err().to_string();
        assert!(refused.contains("others may read"), "{refused}");
        fs::remove_file(&file).unwrap();
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, Permissions::from_mode(OWNER_ONLY)).unwrap();
        let refused = kept_secret(&folder, FILE).unwrap_err().to_string();
        assert!(refused.contains("no secret"), "{refused}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
