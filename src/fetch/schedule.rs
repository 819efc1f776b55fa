//! Runs requests on several threads: few at once to a host, with a pause between them.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Jobs that run at once.
const MAX_THREADS: usize = 20;
/// Jobs of one host that run at once.
const MAX_PER_HOST: usize = 2;

/// The jobs that are not finished.
struct Queue {
    /// The numbers of the jobs that have not started, in order.
    waiting: Vec<usize>,
    hosts: HashMap<String, Host>,
}

#[derive(Default, Clone, Copy)]
struct Host {
    running: usize,
    /// The earliest start of the next job; `None` if there was none.
    next: Option<Instant>,
}

impl Queue {
    /// Takes the first job that may start now, or tells how long to wait for one. `None` waits for
    /// the end of a job.
    fn take(&mut self, hosts: &[&str], pause: Duration) -> Result<usize, Option<Duration>> {
        let now = Instant::now();
        let mut soonest: Option<Instant> = None;
        for (at, &job) in self.waiting.iter().enumerate() {
            let host = self.hosts.get(hosts[job]).copied().unwrap_or_default();
            if host.running == MAX_PER_HOST {
                continue;
            }
            match host.next.filter(|next| *next > now) {
                Some(next) => soonest = Some(soonest.map_or(next, |soonest| soonest.min(next))),
                None => {
                    self.waiting.remove(at);
                    let host = self.hosts.entry(hosts[job].to_owned()).or_default();
                    *host = Host { running: host.running + 1, next: Some(now + pause) };
                    return Ok(job);
                }
            }
        }
        Err(soonest.map(|soonest| soonest.saturating_duration_since(now)))
    }
}

/// Calls `work` with the number of each job, on up to 20 threads. `hosts` has the host of each job:
/// at most two jobs of a host run at once, and they start at least `pause` after each other. No job
/// starts after `end`, which may become later. Returns the results in the order of the jobs, `None`
/// for one that did not start.
pub(super) fn run<R: Send>(
    hosts: &[&str],
    (pause, end): (Duration, impl Fn() -> Instant + Sync),
    work: impl Fn(usize) -> R + Sync,
) -> Vec<Option<R>> {
    let queue = Mutex::new(Queue { waiting: (0..hosts.len()).collect(), hosts: HashMap::new() });
    let (changed, results) = (Condvar::new(), Mutex::new(Vec::new()));
    let lock = || -> MutexGuard<'_, Queue> { queue.lock().unwrap_or_else(PoisonError::into_inner) };
    std::thread::scope(|scope| {
        for _ in 0..MAX_THREADS.min(hosts.len()) {
            scope.spawn(|| {
                let mut waiting = lock();
                while !waiting.waiting.is_empty() {
                    let left = end().saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        waiting.waiting.clear();
                        break;
                    }
                    let job = match waiting.take(hosts, pause) {
                        Ok(job) => job,
                        Err(wait) => {
                            let wait = wait.unwrap_or(Duration::from_secs(1)).min(left);
                            let woken = changed.wait_timeout(waiting, wait);
                            waiting = woken.unwrap_or_else(PoisonError::into_inner).0;
                            continue;
                        }
                    };
                    drop(waiting);
                    let result = work(job);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((job, result));
                    waiting = lock();
                    if let Some(host) = waiting.hosts.get_mut(hosts[job]) {
                        host.running -= 1;
                    }
                    changed.notify_all();
                }
            });
        }
    });
    let mut ordered: Vec<Option<R>> = hosts.iter().map(|_| None).collect();
    for (job, result) in results.into_inner().unwrap_or_else(PoisonError::into_inner) {
        ordered[job] = Some(result);
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(600)
    }

    #[test]
    fn every_job_runs_once_and_at_most_two_of_a_host_at_once() {
        let hosts: Vec<&str> = (0..60).map(|n| ["a", "b", "c"][n % 3]).collect();
        let running: [AtomicUsize; 3] = Default::default();
        let most = AtomicUsize::new(0);
        let results = run(&hosts, (Duration::ZERO, later), |job| {
            let now = running[job % 3].fetch_add(1, Ordering::SeqCst) + 1;
            most.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(1));
            running[job % 3].fetch_sub(1, Ordering::SeqCst);
            job
        });
        let found: Vec<usize> = results.into_iter().flatten().collect();
        assert_eq!(found, (0..60).collect::<Vec<_>>());
        assert!(most.load(Ordering::SeqCst) <= MAX_PER_HOST);
    }

    #[test]
    fn jobs_of_a_host_start_after_a_pause() {
        let pause = Duration::from_millis(20);
        let starts = run(&["a", "a", "a", "b"], (pause, later), |_| Instant::now());
        let mut of_host: Vec<Instant> = starts[..3].iter().copied().flatten().collect();
        of_host.sort_unstable();
        assert!(of_host.windows(2).all(|pair| pair[1] - pair[0] >= pause), "{of_host:?}");
        assert!(run(&[], (pause, later), |job| job).is_empty());
    }

    #[test]
    fn no_job_starts_after_the_end() {
        let begun = Instant::now();
        let end = begun + Duration::from_millis(50);
        let results = run(&["a", "a", "a", "b"], (Duration::from_secs(600), || end), |job| job);
        assert_eq!(results, [Some(0), None, None, Some(3)]);
        assert!(begun.elapsed() < Duration::from_secs(300));
    }
}
