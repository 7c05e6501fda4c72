//! How much memory this process can still get, as far as Linux tells. An ingest that gets too little would be ended in the middle,
//! by a failed allocation or without a word by the system.

use std::fs::read_to_string;

/// What a process reserves of its address space without using it: for each thread a stack and an area for allocations.
const RESERVED_BYTES: u64 = 320 << 20;

/// Returns the bytes that can still be used: the least of what the machine has, what the control group of the process may use, and what
/// the limits of the process allow. `None` if the system does not tell.
pub(super) fn free_memory() -> Option<u64> {
    let of_machine = read_to_string("/proc/meminfo").ok().and_then(|text| kilobytes(&text, "MemAvailable:"));
    let limits = read_to_string("/proc/self/limits").unwrap_or_default();
    let of_limits = [
        limit(&limits, "Max data size"),
        limit(&limits, "Max address space").map(|bytes| bytes.saturating_sub(RESERVED_BYTES)),
    ];
    let of_groups = GROUPS.iter().map(|group| group.free());
    [of_machine].into_iter().chain(of_limits).chain(of_groups).flatten().min()
}

/// The files in which a control group tells its memory. In a container, its own group is the root of what can be seen.
struct ControlGroup {
    limit: &'static str,
    used: &'static str,
    details: &'static str,
    /// The name of the part that the system drops when memory is needed.
    cache: &'static str,
}

const GROUPS: [ControlGroup; 2] = [
    ControlGroup {
        limit: "/sys/fs/cgroup/memory.max",
        used: "/sys/fs/cgroup/memory.current",
        details: "/sys/fs/cgroup/memory.stat",
        cache: "file ",
    },
    ControlGroup {
        limit: "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        used: "/sys/fs/cgroup/memory/memory.usage_in_bytes",
        details: "/sys/fs/cgroup/memory/memory.stat",
        cache: "total_cache ",
    },
];

impl ControlGroup {
    fn free(&self) -> Option<u64> {
        let number = |path| read_to_string(path).ok()?.trim().parse::<u64>().ok();
        let (limit, used) = (number(self.limit)?, number(self.used)?);
        let details = read_to_string(self.details).unwrap_or_default();
        let cache = details.lines().find_map(|line| line.strip_prefix(self.cache)?.trim().parse::<u64>().ok());
        Some(limit.saturating_sub(used.saturating_sub(cache.unwrap_or(0))))
    }
}

/// Returns the number after `name` in a text of lines such as `MemAvailable:  1234 kB`, in bytes.
fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    value.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// Returns the soft limit `name` of a process; `None` if it has none.
fn limit(limits: &str, name: &str) -> Option<u64> {
    limits.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_linux_are_read() {
        let meminfo = "MemTotal:       24684096 kB\nMemFree:         8318404 kB\nMemAvailable:   21575492 kB\n";
        assert_eq!(kilobytes(meminfo, "MemAvailable:"), Some(21_575_492 * 1024));
        assert_eq!(kilobytes(meminfo, "Swap:"), None);
        let limits = "Limit                     Soft Limit           Hard Limit           Units\n\
                      Max data size             104857600            unlimited            bytes\n\
                      Max address space         unlimited            unlimited            bytes\n";
        assert_eq!(limit(limits, "Max data size"), Some(100 << 20));
        assert_eq!(limit(limits, "Max address space"), None);
    }
}
