//! Fetches pictures of other hosts, within limits of number, size and time.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use crate::http::{Client, Failure, Timeouts};
use crate::load::pictures::{self, Identified};

/// Requests at once. So many pictures are in memory at most.
const WORKERS: usize = 4;
/// Requests to one host at once.
const MAX_OF_HOST: usize = 2;
/// Bytes of the largest picture.
pub const MAX_BYTES: u64 = 10 << 20;
/// Bytes of the pictures of an import, above which no further one is requested.
const MAX_BYTES_OF_IMPORT: u64 = 1 << 30;
/// The time after which an import requests no further picture.
const MAX_TIME: Duration = Duration::from_secs(15 * 60);
/// Requests that a host does not answer in time, after which it is not requested any more.
const MAX_TIMEOUTS: usize = 3;
/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// The longest time that a server may ask to wait for before the second request.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// The time before the second request if the server names none.
const WAIT: Duration = Duration::from_secs(1);
/// Pictures of at most so many pixels in both directions count readers, and are not copied.
const MAX_PIXEL: u32 = 2;
/// The time limits of a request.
pub const TIMEOUTS: Timeouts = Timeouts { headers: Duration::from_secs(10), whole: Duration::from_secs(60) };

/// A picture that was fetched.
#[derive(Debug)]
pub enum Fetched {
    /// Its bytes, and the ending that they have as a file.
    Picture(Vec<u8>, &'static str),
    /// It is too small to be seen.
    Pixel,
}

/// What waits to be requested: indices of URLs, and the requests to each host.
struct Queue {
    waiting: Vec<usize>,
    active: HashMap<String, usize>,
}

/// What one import may spend on pictures.
#[derive(Debug)]
pub struct Budget {
    end: Instant,
    spent: Mutex<Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    bytes: u64,
    /// The requests that each host did not answer in time.
    timeouts: HashMap<String, usize>,
}

impl Default for Budget {
    fn default() -> Self {
        Self { end: Instant::now() + MAX_TIME, spent: Mutex::default() }
    }
}

impl Budget {
    /// The reason why a host is not requested any more.
    fn refusal(&self, host: &str) -> Option<String> {
        let spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if Instant::now() >= self.end {
            return Some(tr!("the pictures of this import took {} minutes", MAX_TIME.as_secs() / 60));
        }
        if spent.bytes >= MAX_BYTES_OF_IMPORT {
            return Some(tr!("the pictures of this import have {} GB", MAX_BYTES_OF_IMPORT >> 30));
        }
        let timeouts = spent.timeouts.get(host).copied().unwrap_or_default();
        (timeouts >= MAX_TIMEOUTS).then(|| tr!("its host was too slow {MAX_TIMEOUTS} times", MAX_TIMEOUTS))
    }

    fn spend(&self, host: &str, fetched: &Result<Fetched, NoPicture>) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        match fetched {
            Ok(Fetched::Picture(bytes, _)) => spent.bytes += bytes.len() as u64,
            Err(NoPicture { is_timeout: true, .. }) => {
                *spent.timeouts.entry(host.to_owned()).or_default() += 1;
            }
            _ => {}
        }
    }
}

/// Fetches pictures, four at a time and two of one host. `store` is called with the index of each
/// URL, on several threads.
pub fn fetch_all(
    client: &Client,
    budget: &Budget,
    urls: &[Url],
    store: &(dyn Fn(usize, Result<Fetched, String>) + Sync),
) {
    let queue = Mutex::new(Queue { waiting: (0..urls.len()).rev().collect(), active: HashMap::new() });
    let freed = Condvar::new();
    let host = |index: usize| urls[index].host_str().unwrap_or_default().to_owned();
    let work = || {
        loop {
            let mut locked = queue.lock().unwrap_or_else(PoisonError::into_inner);
            let index = loop {
                if locked.waiting.is_empty() {
                    return;
                }
                let active = &locked.active;
                let is_free = |index: &usize| active.get(&host(*index)).is_none_or(|n| *n < MAX_OF_HOST);
                match locked.waiting.iter().rposition(is_free) {
                    Some(at) => break locked.waiting.remove(at),
                    None => locked = freed.wait(locked).unwrap_or_else(PoisonError::into_inner),
                }
            };
            *locked.active.entry(host(index)).or_default() += 1;
            drop(locked);
            let fetched = match budget.refusal(&host(index)) {
                Some(reason) => Err(NoPicture::final_one(reason)),
                None => fetch(client, &urls[index]),
            };
            budget.spend(&host(index), &fetched);
            store(index, fetched.map_err(|failed| failed.reason));
            let mut locked = queue.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(active) = locked.active.get_mut(&host(index)) {
                *active -= 1;
            }
            drop(locked);
            freed.notify_all();
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..WORKERS.min(urls.len()) {
            scope.spawn(work);
        }
    });
}

/// Why there is no picture, and the time after which it may be requested again.
struct NoPicture {
    reason: String,
    again: Option<Duration>,
    /// True if the server did not answer in time.
    is_timeout: bool,
}

impl NoPicture {
    /// A reason that another request does not change.
    fn final_one(reason: String) -> Self {
        Self { reason, again: None, is_timeout: false }
    }
}

impl From<Failure> for NoPicture {
    fn from(failure: Failure) -> Self {
        let again = matches!(failure, Failure::Broken(_)).then_some(WAIT);
        let is_timeout = matches!(failure, Failure::Headers(_) | Failure::Slow(_));
        Self { reason: failure.to_string(), again, is_timeout }
    }
}

fn fetch(client: &Client, url: &Url) -> Result<Fetched, NoPicture> {
    let bytes = request(client, url).or_else(|first| match first.again {
        Some(wait) if wait <= MAX_WAIT => {
            std::thread::sleep(wait);
            request(client, url)
        }
        _ => Err(first),
    });
    let bytes = bytes?;
    let Identified { ending, size } = pictures::identify(&bytes).map_err(NoPicture::final_one)?;
    let is_pixel = size.is_some_and(|(width, height)| width.max(height) <= MAX_PIXEL);
    Ok(if is_pixel { Fetched::Pixel } else { Fetched::Picture(bytes, ending) })
}

/// Requests a picture and follows its redirects, each of which is judged by the client.
fn request(client: &Client, url: &Url) -> Result<Vec<u8>, NoPicture> {
    let never = NoPicture::final_one;
    let deadline = Instant::now() + TIMEOUTS.whole;
    let mut address = url.clone();
    for _ in 0..=MAX_REDIRECTS {
        let reply = client.get_before(deadline, &address, &[])?;
        if let Some(next) = reply.redirect(&address) {
            address = next;
            continue;
        }
        if reply.refused_redirect(&address).is_some() {
            return Err(never(tr!("it redirects to no address of `https:`")));
        }
        match reply.status() {
            200 | 203 => {
                let mut bytes = Vec::new();
                reply.read_into(MAX_BYTES, &mut bytes)?;
                return Ok(bytes);
            }
            status => {
                let seconds =
                    reply.header("retry-after").map(|wait| wait.trim().parse().map(Duration::from_secs));
                let wait = seconds.map_or(Some(WAIT), Result::ok);
                let again = wait.filter(|_| matches!(status, 429 | 500 | 502..=504));
                return Err(NoPicture { reason: tr!("status {status}", status), again, is_timeout: false });
            }
        }
    }
    Err(never(tr!("it redirects more than {MAX_REDIRECTS} times", MAX_REDIRECTS)))
}
