//! Decides whether a post is not public by its path, its dates or its generator's own marks.

use chrono::{DateTime, Utc};

use crate::import::date_field;
use crate::import::generator::address;
use crate::import::generator::kind::Generator;
use crate::import::generator::pelican;
use crate::import::generator::place::Place;
use crate::import::generator::post::Post;
use crate::import::generator::site::Site;
use crate::import::hidden::{self, Mark};
use crate::import::post_times;
use crate::import::record::Spot;
use crate::import::repair::{Kind, Repair};
use crate::yaml::{self, Node};

/// The marks that hide a post beside the fields of [`hidden::mark`].
pub(super) fn marks(post: &Post<'_>, site: &Site, now: DateTime<Utc>) -> Vec<String> {
    let unwritten = address::is_unwritten(post).then(|| "permalink: false".to_owned());
    let own = match post.place.generator {
        Generator::Pelican => pelican::marks(post, site),
        _ => unwritten.into_iter().collect(),
    };
    own.into_iter().chain(hidden_by_place(post.place)).chain(hidden_by_date(post, site, now)).collect()
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

/// The field by whose date a post is not public yet.
fn hidden_by_date(post: &Post<'_>, site: &Site, now: DateTime<Utc>) -> Option<String> {
    let generator = post.place.generator;
    let is_on = |names: [&str; 2]| names.iter().any(|name| site.is_on(&[name]));
    let zone = site.own_zone().unwrap_or(site.zone);
    let at = |name: &str| date_field::parse(post.text(name)?, zone).ok().map(|date| date.at);
    let with_future = site.text(&["WITH_FUTURE_DATES"]);
    let future = generator.hides_future_posts() && !is_on(["buildFuture", "future"])
        || generator == Generator::Pelican && with_future == Some("false");
    let mark = |name: &str| Some(format!("{name}: {}", post.text(name)?));
    // Hugo's publication date is a field of the article (`post_times`).
    let is_timed = post_times::has_publication_date(post, site);
    let future_names = ["date", "publishDate"].iter().filter(|_| future && !is_timed);
    let mut scheduled = future_names.filter(|name| at(name).is_some_and(|at| at > now));
    // Of a Jekyll post without a date, the name has it.
    let of_name = || {
        let (_, date) = post.place.split_date();
        let date =
            date.filter(|_| generator == Generator::Jekyll && future && post.text("date").is_none())?;
        let is_later = date_field::parse(&date, zone).is_ok_and(|date| date.at > now);
        is_later.then(|| post.place.name.clone())
    };
    scheduled.next().and_then(|name| mark(name)).or_else(of_name)
}

/// Adds a repair for each field that hides the post, and returns the field without passwords, which
/// no file and no report contains. `None` if nothing remains.
pub(super) fn without_marks(key: &str, node: Node, spot: Spot, repairs: &mut Vec<Repair>) -> Option<Node> {
    match hidden::mark(key, &node) {
        Some(Mark::Password) => {
            repairs.push(hidden_by(format!("{key}: …"), spot.line));
            return None;
        }
        // Imports know `draft: true` themselves.
        Some(Mark::Hidden) if key == "draft" => {}
        Some(Mark::Hidden) => {
            repairs.push(hidden_by(format!("{key}: {}", yaml::flow(&node)), spot.line));
        }
        None => {}
    }
    match node {
        Node::Map(entries) if matches!(key, "extra" | "params") => {
            let kept = entries
                .into_iter()
                .filter_map(|(key, node)| without_marks(&key, node, spot, repairs).map(|node| (key, node)));
            Some(Node::Map(kept.collect()))
        }
        node => Some(node),
    }
}

/// The repair of a post that a mark hides in its source.
pub(super) fn hidden_by(mark: String, line: usize) -> Repair {
    Repair { kind: Kind::Hidden, from: mark, to: "draft: true".to_owned(), line }
}
