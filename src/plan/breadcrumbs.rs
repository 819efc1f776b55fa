//! The way from the home page to archives, editions and articles.

use chrono::Datelike;

use crate::plan::card;
use crate::plan::input::Input;
use crate::plan::view::page::Crumb;
use crate::site::{Address, ArticleId, calendar};

/// The archive, above what is in it.
pub(super) fn archive(input: Input<'_>) -> Crumb {
    Crumb::new(input.locale.word("archive"), Address::new(&["archive"], input.config).path)
}

/// A year, above its months, weeks and days.
pub(super) fn year(input: Input<'_>, year: i32) -> Crumb {
    let part = format!("{year:04}");
    Crumb::new(input.locale.year(year), Address::new(&[&part], input.config).path)
}

/// What is above an article: its month, or the page of those without a date.
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
