//! Finds the featured images of posts in an export of WordPress.
//!
//! The value of `_thumbnail_id` among the meta data of a post is the number of an attachment, which
//! is an item of its own with the URL of the file (WordPress 6.6, `get_post_thumbnail_id` in
//! `wp-includes/post-thumbnail-template.php`, and `wp-admin/includes/export.php`).

use std::collections::HashMap;

use crate::import::feed::element::Element;
use crate::import::feed::space::Space;

/// The URLs of the attachments of an export, by their numbers.
pub(super) struct Attachments(HashMap<String, String>);

impl Attachments {
    /// Collects the attachments among items, each given by its elements.
    pub(super) fn of<'a>(items: impl Iterator<Item = &'a [Element]>) -> Self {
        let attachment = |item: &[Element]| {
            Some((text(item, "post_id")?.to_owned(), text(item, "attachment_url")?.to_owned()))
        };
        Self(items.filter_map(attachment).collect())
    }

    /// The URL of the featured image of a post.
    pub(super) fn featured(&self, post: &[Element]) -> Option<&str> {
        let value = |meta: &Element| {
            let child = |wanted: &str| {
                let found = meta.children.iter().find(|(name, _)| name == wanted);
                found.map(|(_, text)| text.trim().to_owned())
            };
            (child("meta_key")? == "_thumbnail_id").then(|| child("meta_value")).flatten()
        };
        let metas = post.iter().filter(|element| is(element, "postmeta"));
        self.0.get(&metas.filter_map(value).next()?).map(String::as_str)
    }
}

fn is(element: &Element, name: &str) -> bool {
    element.space == Space::WordPress && element.name == name
}

/// The text of an element of WordPress, if it has one.
fn text<'a>(item: &'a [Element], name: &str) -> Option<&'a str> {
    item.iter().find(|element| is(element, name)).map(Element::words).filter(|text| !text.is_empty())
}
