//! Names the template of each kind of page.

use crate::plan::page::Kind;

/// The template of each kind of page.
pub(super) fn name(kind: &Kind<'_>) -> &'static str {
    match kind {
        Kind::Home(_) => "home.html",
        Kind::Article(_) => "article.html",
        Kind::ContentPage(_) => "page.html",
        Kind::Taxonomy(_) => "taxonomy.html",
        Kind::Term(_) => "term.html",
        Kind::Crossing(_) => "crossing.html",
        Kind::Crossings(_) => "crossings.html",
        Kind::Archive(_) => "archive.html",
        Kind::Year(_) => "year.html",
        Kind::Month(_) => "month.html",
        Kind::Edition(_) => "edition.html",
        Kind::Trends(_) => "trends.html",
        Kind::Undated(_) => "undated.html",
        Kind::NotFound(_) => "404.html",
        Kind::Expired(_) => "expired.html",
        Kind::Mine(_) => "mine.html",
        Kind::Subscribe(_) => "subscribe.html",
        Kind::Search(_) => "search.html",
        Kind::OpenSearch(_) => "opensearch.xml",
        Kind::Redirect(_) => "redirect.html",
        Kind::Feed(_) => "atom.xml",
        Kind::Weekly(_) => "weekly.xml",
    }
}
