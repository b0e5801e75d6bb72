//! Who this process is, and whether another one still lives: a dead worker's leases need not be waited for.

use std::fs;

/// This process as a lease's owner: host, process id and the process's start, which tells apart two that got the same id.
pub(crate) fn this_process() -> String {
    let pid = std::process::id();
    format!("{}/{pid}/{}", host(), start_of(pid).unwrap_or(0))
}

/// Whether `owner` was a process of this machine that is gone. A stopped one is not gone; of other machines nothing is known.
pub(crate) fn is_dead(owner: &str) -> bool {
    let mut parts = owner.rsplitn(3, '/');
    let (Some(start), Some(pid), Some(its_host)) = (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let (Ok(start), Ok(pid)) = (start.parse::<u64>(), pid.parse::<u32>()) else {
        return false;
    };
    // Without /proc nothing is known of other processes: their leases run out by themselves.
    if its_host != host() || !fs::exists("/proc/self/stat").unwrap_or(false) {
        return false;
    }
    start_of(pid) != Some(start)
}

/// The machine's name with its boot, because process ids start anew with each boot.
fn host() -> String {
    let line = |path| {
        fs::read_to_string(path)
            .map(|text| text.trim().to_owned())
            .unwrap_or_default()
    };
    let boot = line("/proc/sys/kernel/random/boot_id");
    format!(
        "{}.{}",
        line("/proc/sys/kernel/hostname"),
        boot.get(..8).unwrap_or("")
    )
}

/// When a process started, in clock ticks since boot: field 22 of `/proc/PID/stat` (proc(5)). A zombie counts as gone.
fn start_of(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat[stat.rfind(')')? + 1..].split_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        None
    } else {
        fields.nth(18)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn this_process_lives_and_an_ended_child_is_dead() {
        let me = this_process();
        assert!(!is_dead(&me), "{me}");

        let mut child = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let owner = format!(
            "{}/{}/{}",
            host(),
            child.id(),
            start_of(child.id()).unwrap()
        );
        assert!(!is_dead(&owner));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(is_dead(&owner));
    }

    #[test]
    fn nothing_is_claimed_of_other_machines() {
        assert!(!is_dead("elsewhere.12345678/1/1"));
        assert!(!is_dead("nonsense"));
    }
}
