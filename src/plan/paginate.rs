//! Cuts lists into pages, numbered from the oldest, so that full pages never change.
//!
//! A list of N articles with p articles a page has the full pages 1 … ⌈N/p⌉−1; page 1 has the
//! oldest p. The index shows the articles that are not on a full page and those of the newest full
//! page: p+1 to 2p articles, so that it is never nearly empty. A new article changes the index, and
//! every p-th time the page before it.

use std::ops::Range;

use serde::Serialize;

use crate::locale::DateText;

/// Links from a page of a list to the others. A numbered page does not contain the number of pages,
/// which changes.
#[derive(Debug, Serialize)]
pub(crate) struct Paginator {
    /// Number of the page, from 1, the oldest; `None` on the index.
    pub number: Option<usize>,
    /// On a numbered page: the days of its articles; `None` if none has a date.
    pub dates: Option<DateText>,
    /// The next newer page.
    pub newer: Option<PageLink>,
    /// The next older page.
    pub older: Option<PageLink>,
    /// On the index: links to some numbered pages, the oldest first.
    pub pages: Vec<NumberedPage>,
}

/// A link to a page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct PageLink {
    /// Path of the page, for links.
    pub path: String,
    /// The days of its articles; `None` for the index, and if none has a date.
    pub dates: Option<DateText>,
}

/// A link to a numbered page.
#[derive(Debug, Serialize)]
pub(crate) struct NumberedPage {
    /// Number of the page, from 1, the oldest.
    pub number: usize,
    /// True if pages between this one and the next are left out.
    pub gap: bool,
    /// Path of the page, for links.
    pub path: String,
    /// The days of its articles; `None` if none has a date.
    pub dates: Option<DateText>,
}

/// The articles of one page, in a list that is sorted newest first.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Slice {
    /// Number of the page, from 1, the oldest; `None` for the index.
    pub number: Option<usize>,
    /// Positions of the page's articles in the list. They grow with each newer article.
    #[serde(skip)]
    pub range: Range<usize>,
    /// The next newer page: `None` if there is none, `Some(None)` for the index.
    newer: Option<Option<usize>>,
    /// Number of the next older page.
    older: Option<usize>,
}

/// Cuts a list of `total` articles into pages. The index comes first, then the numbered pages from
/// 1. An empty list has an index.
#[must_use]
pub(crate) fn slices(total: usize, per_page: usize) -> Vec<Slice> {
    let numbers = std::iter::once(None).chain((1..=full_pages(total, per_page)).map(Some));
    numbers.map(|number| slice(total, per_page, number)).collect()
}

/// The page with a number, or the index, of a list of `total` articles.
#[must_use]
pub(crate) fn slice(total: usize, per_page: usize, number: Option<usize>) -> Slice {
    let full_pages = full_pages(total, per_page);
    // The index contains the newest full page as well: the next older page is the one before that.
    let older = number.unwrap_or(full_pages).checked_sub(1).filter(|&page| page > 0);
    match number {
        Some(page) => Slice {
            number,
            range: full_page(total, per_page, page),
            newer: Some((page < full_pages).then_some(page + 1)),
            older,
        },
        None => {
            let below_index = older.unwrap_or(0) * per_page.max(1);
            Slice { number, range: 0..total - below_index, newer: None, older }
        }
    }
}

fn full_pages(total: usize, per_page: usize) -> usize {
    total.div_ceil(per_page.max(1)).saturating_sub(1)
}

/// The articles of a full page, by its number, in a list of `total` articles.
pub(crate) fn full_page(total: usize, per_page: usize, number: usize) -> Range<usize> {
    let per_page = per_page.max(1);
    total.saturating_sub(number * per_page)..total.saturating_sub((number - 1) * per_page)
}

/// Number of the newest pages that an index links. The index itself shows the newest one.
const NEWEST_PAGES: usize = 3;

impl Slice {
    /// The page's links. `link` gives the link to each page of the list; `None` is the index.
    pub(crate) fn paginator(&self, link: impl Fn(Option<usize>) -> PageLink) -> Paginator {
        let mut pages = Vec::new();
        // The oldest and the newest: a list of five hundred links is of no use to a reader. The
        // index contains the newest full page, so it does not link it.
        if let (None, Some(newest)) = (self.number, self.older) {
            let from = newest.saturating_sub(NEWEST_PAGES - 1).max(1);
            let oldest = (from > 1).then_some(1);
            pages.extend(oldest.into_iter().chain(from..=newest).map(|number| {
                let PageLink { path, dates } = link(Some(number));
                NumberedPage { number, gap: number == 1 && from > 2, path, dates }
            }));
        }
        Paginator {
            number: self.number,
            dates: self.number.and_then(|number| link(Some(number)).dates),
            newer: self.newer.map(&link),
            older: self.older.map(|number| link(Some(number))),
            pages,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ranges(total: usize, per_page: usize) -> Vec<(Option<usize>, Range<usize>)> {
        slices(total, per_page).into_iter().map(|slice| (slice.number, slice.range)).collect()
    }

    #[test]
    fn a_list_gets_a_numbered_page_when_it_exceeds_one_page() {
        assert_eq!(ranges(0, 3), [(None, 0..0)]);
        assert_eq!(ranges(1, 3), [(None, 0..1)]);
        assert_eq!(ranges(3, 3), [(None, 0..3)]);
        assert_eq!(ranges(4, 3), [(None, 0..4), (Some(1), 1..4)]);
        assert_eq!(ranges(6, 3), [(None, 0..6), (Some(1), 3..6)]);
        assert_eq!(ranges(7, 3), [(None, 0..4), (Some(1), 4..7), (Some(2), 1..4)]);
    }

    proptest! {
        #[test]
        fn following_the_older_links_from_the_index_shows_every_article_once(total in 0..500_usize, per_page in 1..30_usize) {
            let slices = slices(total, per_page);
            let mut shown = slices[0].range.clone().collect::<Vec<_>>();
            let mut older = slices[0].older;
            while let Some(number) = older {
                shown.extend(slices[number].range.clone());
                older = slices[number].older;
            }
            prop_assert_eq!(shown, (0..total).collect::<Vec<_>>());
        }

        #[test]
        fn a_new_article_does_not_change_full_pages(total in 1..500_usize, per_page in 1..30_usize) {
            let (before, after) = (slices(total, per_page), slices(total + 1, per_page));
            for page in before.iter().skip(1) {
                let number = page.number.unwrap();
                let same = &after[number];
                // Every article moved down by one position: the ranges denote the same articles.
                prop_assert_eq!(page.range.start + 1..page.range.end + 1, same.range.clone());
                let is_last = number == before.len() - 1;
                prop_assert!(is_last || (page.newer == same.newer && page.older == same.older));
            }
        }
    }
}
