//! Cuts lists into pages, numbered from the oldest, so that full pages never change.
//!
//! A list of N articles with p articles a page has the full pages 1 … ⌈N/p⌉−1; page 1 has the
//! oldest p. The index shows the articles that are not on a full page and those of the newest full
//! page: p+1 to 2p articles, so that it is never nearly empty. A new article changes the index, and
//! every p-th time the page before it.

use std::ops::Range;

use serde::Serialize;

use crate::site::Address;

/// Links from a page of a list to the others. A numbered page does not contain the number of pages,
/// which changes.
#[derive(Debug, Serialize)]
pub(crate) struct Paginator {
    /// Number of the page, from 1, the oldest; `None` on the index.
    pub number: Option<usize>,
    /// Path of the next newer page, for links.
    pub newer: Option<String>,
    /// Path of the next older page, for links.
    pub older: Option<String>,
    /// On the index: links to some numbered pages, newest first.
    pub pages: Vec<NumberedPage>,
}

/// A link to a numbered page.
#[derive(Debug, Serialize)]
pub(crate) struct NumberedPage {
    /// Number of the page, from 1, the oldest.
    pub number: usize,
    /// Path of the page, for links.
    pub path: String,
}

/// The articles of one page, in a list that is sorted newest first.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Slice {
    /// Number of the page, from 1, the oldest; `None` for the index.
    pub number: Option<usize>,
    /// Positions of the page's articles in the list.
    pub range: Range<usize>,
    /// The next newer page: `None` if there is none, `Some(None)` for the index.
    newer: Option<Option<usize>>,
    /// Number of the next older page.
    older: Option<usize>,
    /// Number of full pages in the list.
    full_pages: usize,
}

/// Cuts a list of `total` articles into pages. The index comes first, then the numbered pages from
/// 1. An empty list has an index.
#[must_use]
pub(crate) fn slices(total: usize, per_page: usize) -> Vec<Slice> {
    let per_page = per_page.max(1);
    let full_pages = total.div_ceil(per_page).saturating_sub(1);
    // The index contains the newest full page as well: the next older page is the one before that.
    let older = full_pages.checked_sub(1).filter(|&page| page > 0);
    let below_index = older.unwrap_or(0) * per_page;
    let index = Slice { number: None, range: 0..total - below_index, newer: None, older, full_pages };
    let numbered = (1..=full_pages).map(|page| Slice {
        number: Some(page),
        range: total - page * per_page..total - (page - 1) * per_page,
        newer: Some((page < full_pages).then_some(page + 1)),
        older: page.checked_sub(1).filter(|&page| page > 0),
        full_pages,
    });
    std::iter::once(index).chain(numbered).collect()
}

impl Slice {
    /// The page's links. `address` gives the address of each page of the list; `None` is the index.
    pub(crate) fn paginator(&self, address: impl Fn(Option<usize>) -> Address) -> Paginator {
        let mut pages = Vec::new();
        if self.number.is_none() {
            // The five newest and the oldest: a list of five hundred links is of no use to a
            // reader.
            let newest = (1..=self.full_pages).rev().take(5);
            let oldest = (self.full_pages > 5).then_some(1);
            pages.extend(
                newest.chain(oldest).map(|number| NumberedPage { number, path: address(Some(number)).path }),
            );
        }
        Paginator {
            number: self.number,
            newer: self.newer.map(|number| address(number).path),
            older: self.older.map(|number| address(Some(number)).path),
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
