//! Makes the breadcrumbs of archive pages, editions and articles.

use chrono::Datelike;

use crate::plan::card;
use crate::plan::input::Input;
use crate::plan::view::page::Crumb;
use crate::site::{Address, ArticleId, calendar};

/// Breadcrumb of the archive page.
pub(super) fn archive(input: Input<'_>) -> Crumb {
    Crumb::new(input.locale.word("archive"), Address::new(&["archive"], input.config).path)
}

/// Breadcrumb of a year's page, for its months, weeks and days.
pub(super) fn year(input: Input<'_>, year: i32) -> Crumb {
    let part = format!("{year:04}");
    Crumb::new(input.locale.year(year), Address::new(&[&part], input.config).path)
}

/// Breadcrumbs above an article: the archive, then the article's month or the list of undated
/// articles.
pub(super) fn above_article(input: Input<'_>, id: ArticleId) -> Vec<Crumb> {
    let own = match &input.site.articles[id].date {
        Some(date) => {
            let day = calendar::day(date);
            let (year, month) = (day.year(), day.month());
            let address = card::span_address(calendar::Span::Month(year, month), input.config);
            Crumb::new(input.locale.month(year, month), address.path)
        }
        None => {
            Crumb::new(input.locale.word("undated"), Address::new(&["archive", "undated"], input.config).path)
        }
    };
    vec![archive(input), own]
}
