//! What the targets of a run share.

use chrono::NaiveDate;

use crate::announce::ledger::Ledger;
use crate::announce::live::{Live, Wanted};
use crate::announce::news::News;
use crate::announce::options::Options;
use crate::announce::send::Sender;
use crate::config;
use crate::diagnostic::{Diagnostic, Place};

/// What the targets of a run share.
pub(super) struct Session<'a> {
    pub(super) options: &'a Options<'a>,
    pub(super) sender: Sender<'a>,
    pub(super) live: Live<'a>,
    pub(super) ledger: Ledger,
    pub(super) base_url: String,
    pub(super) user_agent: String,
    /// The day of the build's time, in the digest's zone.
    pub(super) today: NaiveDate,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// True if the ledger cannot be written: a further message would be sent twice.
    pub(super) is_stopped: bool,
}

impl Session<'_> {
    /// True if the live site has the newest article. The first run of a target counts all articles
    /// as announced: before the site is deployed, that would swallow the newest ones.
    pub(super) fn shows_newest(&mut self, target: &str, news: &News) -> bool {
        let newest = news.items.iter().find(|item| item.day.is_some_and(|day| day <= self.today));
        let Some(newest) = newest.filter(|_| !self.options.dry_run) else { return true };
        let url = &newest.shown.url;
        let found = self.live.wait_for(url, &Wanted::Title(newest.shown.title.clone()));
        let Err(reason) = found else { return true };
        let message = tr!(
            "{target}: {url} is not on the live site, so nothing counts as announced yet: {reason}",
            target,
            url,
            reason
        );
        let help = tr!("deploy first, then run `newsprint announce` again");
        self.diagnostics.push(Diagnostic::error(message).help(help));
        false
    }

    /// Writes the ledger, except in a dry run.
    pub(super) fn save(&mut self) {
        if self.options.dry_run {
            return;
        }
        if let Err(error) = self.ledger.save() {
            self.is_stopped = true;
            let message = tr!("the ledger .newsprint/announced cannot be written: {error}", error);
            let help = tr!("make room on the disk, or make the folder writable");
            self.diagnostics.push(Diagnostic::error(message).at(Place::file(config::STATE)).help(help));
        }
    }
}
