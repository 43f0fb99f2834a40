//! Which process this is, on which machine, and whether another one has ended: from what Linux tells under `/proc`. Elsewhere
//! nothing is known, and an instance that ended is missed when it has not been heard of for a while.

use std::fs;

use firstline_engine::ports::Surroundings;

/// The machine that this process runs on.
pub(crate) struct Machine;

/// One process of one boot of one machine. A number that is used again belongs to a process that began at another time.
#[derive(Debug, PartialEq, Eq)]
struct Process {
    /// The boot, and the space in which numbers of processes mean anything: a container has its own.
    world: String,
    id: u32,
    began: u64,
}

impl Process {
    fn this() -> Option<Self> {
        let id = std::process::id();
        Some(Self { world: world()?, id, began: stat(id)?.began })
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.rsplitn(3, ' ');
        let (began, id, world) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { world: world.to_owned(), id: id.parse().ok()?, began: began.parse().ok()? })
    }

    fn written(&self) -> String {
        format!("{} {} {}", self.world, self.id, self.began)
    }
}

impl Surroundings for Machine {
    fn whereabouts(&self) -> String {
        Process::this().map(|process| process.written()).unwrap_or_default()
    }

    fn has_ended(&self, whereabouts: &str) -> bool {
        let (Some(other), Some(world)) = (Process::read(whereabouts), world()) else { return false };
        if other.world != world {
            return false;
        }
        match stat(other.id) {
            // A process that has ended and was not yet collected by its parent does nothing any more.
            Some(stat) => stat.began != other.began || matches!(stat.state, 'Z' | 'X'),
            // Only when it is certain that others can be seen here.
            None => stat(std::process::id()).is_some() && !fs::exists(format!("/proc/{}", other.id)).unwrap_or(true),
        }
    }
}

fn world() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let space = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), space.display()))
}

struct Stat {
    state: char,
    /// In clock ticks since the boot.
    began: u64,
}

/// The fields of `/proc/[pid]/stat` after the name, which may have anything in it: the first is the state, the 20th when the
/// process began (proc(5), fields 3 and 22).
fn stat(id: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some(Stat { state, began: fields.nth(18)?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_process_has_ended_when_it_has() {
        let machine = Machine;
        assert!(!machine.has_ended(&machine.whereabouts()), "this one has not");
        let mut other = Command::new("cat").stdin(Stdio::piped()).spawn().expect("a process can be started");
        let began = stat(other.id()).expect("it runs").began;
        let whereabouts = Process { world: world().expect("Linux"), id: other.id(), began }.written();
        assert!(!machine.has_ended(&whereabouts));
        let again = Process { began: began + 1, ..Process::read(&whereabouts).expect("it can be read") };
        assert!(machine.has_ended(&again.written()), "the number belongs to another process");
        other.kill().expect("a process of ours can be killed");
        // It is dead and not yet collected, and then gone.
        while !machine.has_ended(&whereabouts) {
            std::thread::yield_now();
        }
        other.wait().expect("a process of ours can be waited for");
        assert!(machine.has_ended(&whereabouts));
    }

    #[test]
    fn of_elsewhere_nothing_is_known() {
        for strange in ["", "nonsense", "another boot pid:[1] 1 1", "x y z"] {
            assert!(!Machine.has_ended(strange), "{strange:?}");
        }
    }
}
