//! What Linux says about processes, the machine and its disk.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;
use std::time::Instant;

/// The kernel counts CPU time in hundredths of a second for everyone.
const TICKS: f64 = 100.0;

/// CPU seconds of a process.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    user: f64,
    system: f64,
}

impl Usage {
    pub(crate) fn of(pid: u32) -> Self {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        // The name in the second field may hold spaces; what follows its parenthesis does not.
        let rest = stat.rsplit_once(')').unwrap().1;
        let field = |n: usize| -> f64 { rest.split_whitespace().nth(n).unwrap().parse().unwrap() };
        Self { user: field(11) / TICKS, system: field(12) / TICKS }
    }

    pub(crate) fn total(self) -> f64 {
        self.user + self.system
    }
}

impl std::ops::Sub for Usage {
    type Output = Self;
    fn sub(self, earlier: Self) -> Self {
        Self { user: self.user - earlier.user, system: self.system - earlier.system }
    }
}

/// Memory that a process holds.
pub(crate) fn rss_mb(pid: u32) -> f64 {
    memory_mb(pid, "VmRSS:")
}

/// The most that it ever held.
pub(crate) fn peak_mb(pid: u32) -> f64 {
    memory_mb(pid, "VmHWM:")
}

fn memory_mb(pid: u32, field: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// What a process has had written to the disk so far.
pub(crate) fn written_kib(pid: u32) -> f64 {
    let io = fs::read_to_string(format!("/proc/{pid}/io")).unwrap();
    let bytes = io.lines().find_map(|line| line.strip_prefix("write_bytes: ")).unwrap();
    bytes.parse::<f64>().unwrap() / 1024.0
}

/// CPU seconds of the whole machine.
pub(crate) struct Machine(f64);

impl Machine {
    pub(crate) fn now() -> Self {
        let stat = fs::read_to_string("/proc/stat").unwrap();
        let fields = stat.lines().next().unwrap().split_whitespace().skip(1);
        let fields: Vec<f64> = fields.map(|field| field.parse().unwrap()).collect();
        // Everything but idle and waiting for the disk; guests are counted in the first two.
        let busy = fields[..8].iter().sum::<f64>() - fields[3] - fields[4];
        Self(busy / TICKS)
    }

    pub(crate) fn busy_since(&self) -> f64 {
        Self::now().0 - self.0
    }

    pub(crate) fn describe() -> String {
        let said = |program: &str, argument: &str| {
            let output = std::process::Command::new(program).arg(argument).output().unwrap();
            String::from_utf8_lossy(&output.stdout).trim().to_owned()
        };
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap();
        let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("?");
        format!(
            "{}; {} x {}; kernel {}; {}; node {}",
            said("date", "-u"),
            std::thread::available_parallelism().unwrap(),
            model.trim_start_matches(['\t', ' ', ':']),
            said("uname", "-r"),
            said("rustc", "-V"),
            said("node", "-v"),
        )
    }
}

/// Median microseconds of a 4 KiB write with fdatasync: into a file of full size, and at its end.
pub(crate) fn sync_rate() -> (f64, f64) {
    const WRITES: u64 = 300;
    let folder = tempfile::tempdir().unwrap();
    let median = |preallocated: bool| {
        let path = folder.path().join(if preallocated { "full" } else { "growing" });
        let file = OpenOptions::new().create_new(true).write(true).open(path).unwrap();
        if preallocated {
            file.write_all_at(&vec![1; 4096 * WRITES as usize], 0).unwrap();
            file.sync_all().unwrap();
        }
        let mut waits: Vec<f64> = (0..WRITES)
            .map(|n| {
                let begin = Instant::now();
                file.write_all_at(&[n as u8; 4096], n * 4096).unwrap();
                file.sync_data().unwrap();
                begin.elapsed().as_secs_f64() * 1e6
            })
            .collect();
        waits.sort_by(f64::total_cmp);
        waits[waits.len() / 2]
    };
    (median(true), median(false))
}
