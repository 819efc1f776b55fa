//! Decides whether a post is not public by its path, its dates or its generator's own marks.

use chrono::{DateTime, Utc};

use crate::import::date_field;
use crate::import::generator::address;
use crate::import::generator::kind::Generator;
use crate::import::generator::place::Place;
use crate::import::generator::post::Post;
use crate::import::generator::site::Site;
use crate::import::hidden;
use crate::import::repair::{Kind, Repair};

/// The marks that hide a post beside the fields of [`hidden::mark`].
pub(super) fn marks(post: &Post<'_>, site: &Site, now: DateTime<Utc>) -> Vec<String> {
    let unwritten = address::is_unwritten(post).then(|| "permalink: false".to_owned());
    unwritten.into_iter().chain(hidden_by_place(post.place)).chain(hidden_by_date(post, site, now)).collect()
}

/// The mark that the path of a file is: a folder `_drafts`, or a name that Hexo 8.1 leaves out.
fn hidden_by_place(place: &Place) -> Option<String> {
    if hidden::is_draft_folder(&place.path) {
        return Some("_drafts/".to_owned());
    }
    let is_left_out = |part: &str| part.starts_with(['_', '.']) || part.ends_with(['~', '%']);
    let own = place.path.strip_prefix("_posts/").unwrap_or(&place.path);
    (place.generator == Generator::Hexo && own.split('/').any(is_left_out)).then(|| place.path.clone())
}

/// The field by whose date a post is not public any more, or not yet.
fn hidden_by_date(post: &Post<'_>, site: &Site, now: DateTime<Utc>) -> Option<String> {
    let generator = post.place.generator;
    let is_on = |names: [&str; 2]| names.iter().any(|name| site.is_on(&[name]));
    let zone = site.own_zone().unwrap_or(site.zone);
    let at = |name: &str| date_field::parse(post.text(name)?, zone).ok().map(|date| date.at);
    let future = generator.hides_future_posts() && !is_on(["buildFuture", "future"]);
    let mark = |name: &str| Some(format!("{name}: {}", post.text(name)?));
    let future_names = ["date", "publishDate"].iter().filter(|_| future);
    let mut scheduled = future_names.filter(|name| at(name).is_some_and(|at| at > now));
    let mut expired = ["expiryDate", "unpublishDate"].iter().filter(|name| {
        generator == Generator::Hugo
            && !is_on(["buildExpired", "buildExpired"])
            && at(name).is_some_and(|at| at <= now)
    });
    // Of a Jekyll post without a date, the name has it.
    let of_name = || {
        let (_, date) = post.place.split_date();
        let date =
            date.filter(|_| generator == Generator::Jekyll && future && post.text("date").is_none())?;
        let is_later = date_field::parse(&date, zone).is_ok_and(|date| date.at > now);
        is_later.then(|| post.place.name.clone())
    };
    scheduled.next().or_else(|| expired.next()).and_then(|name| mark(name)).or_else(of_name)
}

/// The repair of a post that a mark hides in its source.
pub(super) fn hidden_by(mark: String, line: usize) -> Repair {
    Repair { kind: Kind::Hidden, from: mark, to: "draft: true".to_owned(), line }
}
