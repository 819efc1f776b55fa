//! Records which fields are read, so that tests can compare them with the guide's tables.

use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static ASKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

pub(super) fn record(parents: &[&str], name: &str) {
    let path = [parents, &[name]].concat().join(".");
    ASKED.with_borrow_mut(|asked| asked.insert(path));
}

/// The paths of all fields that `read` reads, such as `feeds.limit`.
pub(crate) fn during(read: impl FnOnce()) -> BTreeSet<String> {
    ASKED.take();
    read();
    ASKED.take()
}
