//! Models the addresses of an old site that are no post's: terms, indexes of terms, numbered pages,
//! archives and feeds.
//!
//! Each generator has a module. It may name an address that a theme did not write: a redirect that
//! nobody asks for does no harm.

mod hexo;
mod hugo;
mod jekyll;
mod model;
mod pelican;
pub mod wordpress;
mod zola;

use chrono::NaiveDate;

use crate::import::generator::kind::Generator;
use crate::import::generator::post::Post;
use crate::import::generator::site::Site;
pub use model::{ListedPost, Lists, Target};

/// Reads what the lists of its site show of a post.
#[must_use]
pub fn of_post(post: &Post<'_>, site: &Site) -> ListedPost {
    let terms = match post.place.generator {
        Generator::Hugo => hugo::terms(post, site),
        Generator::Hexo => hexo::terms(post),
        Generator::Jekyll => jekyll::terms(post),
        Generator::Pelican => pelican::terms(post),
        Generator::Zola => zola::terms(post),
        _ => Vec::new(),
    };
    let date = post.date(&["date", "publishDate"]).or_else(|| {
        let (_, date) = post.place.split_date();
        super::moment::Moment::read(&date?)
    });
    let zone = site.own_zone().unwrap_or(site.zone);
    let mut days: Vec<NaiveDate> = Vec::new();
    for moment in date.into_iter().flat_map(|date| [date, date.in_utc(), date.in_zone(zone)]) {
        if !days.contains(&moment.wall.date()) {
            days.push(moment.wall.date());
        }
    }
    let sections = post.place.sections.iter().map(|section| section.name.clone()).collect();
    ListedPost { terms, days, sections }
}

/// The addresses of the lists and feeds of a site with these public posts.
#[must_use]
pub fn of_site(generator: Generator, site: &Site, posts: &[ListedPost]) -> Lists {
    match generator {
        Generator::Hugo => hugo::lists(site, posts),
        Generator::Hexo => hexo::lists(site, posts),
        Generator::Jekyll => jekyll::lists(site, posts),
        Generator::Pelican => pelican::lists(site, posts),
        Generator::Zola => zola::lists(site, posts),
        // Scripts and themes of these decide about lists. WordPress is read from its export.
        _ => Lists::default(),
    }
}

/// True if the lists of a generator have rules of their own.
#[must_use]
pub fn has_lists(generator: Generator) -> bool {
    matches!(
        generator,
        Generator::Hugo | Generator::Hexo | Generator::Jekyll | Generator::Pelican | Generator::Zola
    )
}
