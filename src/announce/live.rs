//! Waits until the live site shows the build: a message must not lead to a page that is missing.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use url::Url;

use crate::fingerprint::Fingerprint;
use crate::http::{Client, Failure};

/// The largest page that is read, in bytes.
const MAX_PAGE_BYTES: u64 = 32 << 20;

/// What a live page has to be.
pub(super) enum Wanted {
    /// It names all of these addresses.
    Names(Vec<String>),
    /// It has this title. An error page may repeat its address, but not the title.
    Title(String),
    /// It has these bytes.
    Bytes(Fingerprint),
    /// It is no longer there.
    Gone,
}

/// The live site.
pub(super) struct Live<'a> {
    client: Client,
    /// The end of the waiting for all pages together.
    until: Instant,
    wait: Duration,
    poll: Duration,
    /// Pages that were found.
    found: BTreeSet<String>,
    is_waiting_told: bool,
    on_note: &'a dyn Fn(&str),
}

impl<'a> Live<'a> {
    /// Waits for at most `wait` for all pages together.
    pub(super) fn new(client: Client, wait: Duration, poll: Duration, on_note: &'a dyn Fn(&str)) -> Self {
        let until = Instant::now() + wait;
        Self { client, until, wait, poll, found: BTreeSet::new(), is_waiting_told: false, on_note }
    }

    /// Waits for a page.
    ///
    /// # Errors
    /// The page is not as wanted in time. With what it is instead.
    pub(super) fn wait_for(&mut self, address: &str, wanted: &Wanted) -> Result<(), String> {
        let is_known = |name: &String| self.found.contains(&format!("{address} {name}"));
        if let Wanted::Names(names) = wanted
            && names.iter().all(is_known)
        {
            return Ok(());
        }
        let url = Url::parse(address).map_err(|_| tr!("{address} is not an address", address))?;
        loop {
            let reason = match self.look(&url, wanted) {
                Ok(()) => {
                    if let Wanted::Names(names) = wanted {
                        self.found.extend(names.iter().map(|name| format!("{address} {name}")));
                    }
                    return Ok(());
                }
                Err((reason, true)) => reason,
                Err((reason, false)) => return Err(reason),
            };
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(reason);
            }
            if !self.is_waiting_told {
                self.is_waiting_told = true;
                let seconds = self.wait.as_secs();
                (self.on_note)(&tr!(
                    "waiting for {address}, up to {seconds} s: {reason}",
                    address,
                    seconds,
                    reason
                ));
            }
            std::thread::sleep(self.poll.min(left));
        }
    }

    /// Looks at a page once. In an error, the flag is true if another look may help.
    fn look(&self, url: &Url, wanted: &Wanted) -> Result<(), (String, bool)> {
        // A proxy on the way asks the server again.
        let reply = self.client.get(url, &[("cache-control", "no-cache")]).map_err(|failure| {
            let is_private = failure == Failure::Private;
            let reason = match is_private {
                true => tr!("{failure}; `--allow-private` requests it", failure),
                false => failure.to_string(),
            };
            (reason, !is_private)
        })?;
        let status = reply.status();
        if matches!(wanted, Wanted::Gone) {
            return match status {
                300.. => Ok(()),
                _ => Err((tr!("it is still there (status {status})", status), true)),
            };
        }
        if let Some(to) = reply.redirect(url) {
            return Err((tr!("it redirects to {to}: `base_url` has to be the final address", to), true));
        }
        if status != 200 {
            return Err((tr!("status {status}", status), true));
        }
        let bytes = reply.read_start(MAX_PAGE_BYTES).map_err(|failure| (failure.to_string(), true))?;
        match wanted {
            Wanted::Names(names) => {
                let text = String::from_utf8_lossy(&bytes);
                match names.iter().find(|name| !text.contains(name.as_str())) {
                    Some(missing) => Err((tr!("it does not name {missing} yet", missing), true)),
                    None => Ok(()),
                }
            }
            Wanted::Title(title) => {
                let text = String::from_utf8_lossy(&bytes);
                let page = letters(&html_escape::decode_html_entities(&text));
                match page.contains(&letters(title)) {
                    true => Ok(()),
                    false => Err((tr!("it does not have the title “{title}” yet", title), true)),
                }
            }
            Wanted::Bytes(fingerprint) if Fingerprint::of_bytes(&bytes) == *fingerprint => Ok(()),
            Wanted::Bytes(_) => Err((tr!("its bytes are not those of the build"), true)),
            Wanted::Gone => Ok(()),
        }
    }
}

/// The letters and digits of a text: a theme or a host may change blanks and marks.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
