//! Feature tests: each module runs the real binary on a temporary digest, through one [`driver`].
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod bad_input;
mod base_path;
mod browse;
mod build;
mod check;
mod content;
mod data;
mod date_in_slug;
mod deploy;
mod driver;
mod ends;
mod example_digest;
mod feeds;
mod front_matter;
mod guide;
mod hostile;
mod import;
mod incremental;
mod letter_case;
mod lists;
mod output;
mod preview;
mod real_articles;
mod registry;
mod release;
mod scaffold;
mod search;
mod serve;
mod sharing;
mod terms;
mod theme;
mod theming;
mod trace;
mod writes;
