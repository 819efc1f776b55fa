//! Reads when Hugo publishes a post and when it stops.
//!
//! Source of the fields and their order: `dateFieldAliases` and `newDefaultFrontmatterConfig` in
//! `resources/page/pagemeta/page_frontmatter.go` of Hugo at commit 04dad94. Its publication date is
//! `publishDate`, else `date`; its zero time, which archetypes write, is no date.

use chrono::Datelike;

use crate::import::date_field;
use crate::import::generator::kind::Generator;
use crate::import::generator::post::Post;
use crate::import::generator::site::Site;
use crate::import::record::Field;

/// The fields of the publication date; the first one that is a date counts.
const PUBLISH: [&str; 3] = ["publishdate", "pubdate", "published"];

/// The fields of the expiry date.
const EXPIRES: [&str; 2] = ["expirydate", "unpublishdate"];

/// The fields of a record that a field of a post's front matter becomes because Hugo publishes by
/// it; none for other fields, and if the site builds posts whatever their times are.
pub(super) fn fields(key: &str, post: &Post<'_>, site: &Site) -> Vec<Field> {
    let is = |name: Option<&str>| name.is_some_and(|name| name.eq_ignore_ascii_case(key));
    if is(first_of(&PUBLISH, post, site)) && publishes_later(site) {
        // It is the date as well if there is no other.
        let date = post.text("date").is_none().then_some(Field::Date);
        return std::iter::once(Field::Publish).chain(date).collect();
    }
    let expires = is(first_of(&EXPIRES, post, site)) && !site.is_on(&["buildExpired"]);
    expires.then_some(Field::Expires).into_iter().collect()
}

/// True if a post of Hugo has a publication date, so that its `date` does not hide it.
pub(super) fn has_publication_date(post: &Post<'_>, site: &Site) -> bool {
    first_of(&PUBLISH, post, site).is_some()
}

fn publishes_later(site: &Site) -> bool {
    !site.is_on(&["buildFuture"]) && !site.is_on(&["future"])
}

fn first_of(names: &[&'static str], post: &Post<'_>, site: &Site) -> Option<&'static str> {
    if post.place.generator != Generator::Hugo {
        return None;
    }
    let zone = site.own_zone().unwrap_or(site.zone);
    let date = |name: &str| date_field::parse(post.text(name)?, zone).ok();
    names.iter().copied().find(|name| date(name).is_some_and(|date| date.at.year() > 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::place::Place;
    use crate::yaml::Node;

    #[test]
    fn the_first_field_of_hugo_that_is_a_date_counts() {
        let site = Site::unknown(chrono_tz::Tz::UTC, "zh-CN");
        for (generator, front, wanted) in [
            (Generator::Hugo, "publishDate: 2024-01-02", vec![Field::Publish, Field::Date]),
            (Generator::Hugo, "PubDate: 2024-01-02\ndate: 2024-01-03", vec![Field::Publish]),
            (Generator::Hugo, "published: 2024-01-02\npublishdate: 2024-01-04\ndate: 2024-01-03", vec![]),
            (Generator::Hugo, "published: true", vec![]),
            (Generator::Hugo, "expiryDate: 2024-01-02", vec![Field::Expires]),
            (Generator::Hugo, "unpublishdate: 2024-01-02 10:00", vec![Field::Expires]),
            (Generator::Hugo, "expiryDate: 0001-01-01T00:00:00Z", vec![]),
            (Generator::Hugo, "date: 2024-01-02", vec![]),
            (Generator::Jekyll, "publishDate: 2024-01-02", vec![]),
        ] {
            let place = Place::of(generator, "/x/a.md".as_ref(), None, &site);
            let Ok(Node::Map(all)) = crate::yaml::parse(front) else { panic!("{front}") };
            let post = Post { place: &place, fields: &all };
            assert_eq!(fields(&all[0].0, &post, &site), wanted, "{front}");
        }
    }
}
