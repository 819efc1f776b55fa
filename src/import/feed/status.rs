//! Reads what an item says about who may read it, and whether it is a post at all.

use crate::import::feed::element::Element;
use crate::import::feed::space::Space;

/// Types of WordPress' own tables that are not posts or pages (developer.wordpress.org, "Post
/// Types"). Types that a plugin defines are articles.
const NOT_POSTS: [&str; 15] = [
    "attachment",
    "revision",
    "nav_menu_item",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_block",
    "wp_template",
    "wp_template_part",
    "wp_global_styles",
    "wp_navigation",
    "wp_font_family",
    "wp_font_face",
    "comment",
];

/// Who an item is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Audience {
    /// The item is published at its source, or does not say otherwise.
    Public,
    /// The item is not published at its source: why, and the index of the element that says so.
    Hidden(String, usize),
    /// The item is not an article: its type.
    NotAnArticle(String),
}

/// Reads the status and the type of an item: `wp:status`, `wp:post_type` and `wp:post_password` of
/// WordPress' export, `app:draft` of the Atom Publishing Protocol (RFC 5023, section 13.1.1), and
/// those of Blogger. A status that is not known hides the item: to publish it is easy, to take it
/// back is not.
pub(super) fn audience(elements: &[Element]) -> Audience {
    let mut hidden = None;
    for (at, element) in elements.iter().enumerate() {
        let word = element.words().to_ascii_lowercase();
        match (element.space, element.name.as_str()) {
            (Space::WordPress, "post_type") if NOT_POSTS.contains(&word.as_str()) => {
                return Audience::NotAnArticle(word);
            }
            (Space::Blogger, "type") if !matches!(word.as_str(), "post" | "page" | "") => {
                return Audience::NotAnArticle(word);
            }
            (Space::Feed | Space::Atom, "category")
                if element.attribute("scheme").ends_with("g/2005#kind") =>
            {
                let kind = element.attribute("term").rsplit('#').next().unwrap_or_default().to_owned();
                if !matches!(kind.as_str(), "post" | "page") {
                    return Audience::NotAnArticle(kind);
                }
            }
            (Space::WordPress, "status") if !matches!(word.as_str(), "publish" | "") => {
                hidden.get_or_insert((tr!("has the status `{word}`", word), at));
            }
            (Space::Blogger, "status") if !matches!(word.as_str(), "live" | "") => {
                hidden.get_or_insert((tr!("has the status `{word}`", word), at));
            }
            // The password itself is not repeated.
            (Space::WordPress, "post_password") if !word.is_empty() => {
                hidden.get_or_insert((tr!("has a password"), at));
            }
            (_, "control") => {
                let is_draft = |(name, text): &(String, String)| {
                    name == "draft" && text.trim().eq_ignore_ascii_case("yes")
                };
                if element.children.iter().any(is_draft) {
                    hidden.get_or_insert((tr!("is a draft"), at));
                }
            }
            _ => {}
        }
    }
    hidden.map_or(Audience::Public, |(reason, at)| Audience::Hidden(reason, at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::feed::base::Bases;
    use crate::import::feed::element::collect;
    use crate::import::feed::space::Spaces;

    fn of(text: &str) -> Audience {
        audience(&collect(text, &(0..text.len()), &mut Spaces::default(), Bases::default()).elements)
    }

    #[test]
    fn only_published_posts_are_public() {
        for text in [
            "<wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:post_password/>",
            "<wp:status><![CDATA[publish]]></wp:status><wp:post_type>page</wp:post_type>",
            "<wp:post_type>product</wp:post_type>",
            "<status>private</status>",
            "<app:control><app:draft>no</app:draft></app:control>",
            "<blogger:status>LIVE</blogger:status><blogger:type>POST</blogger:type>",
            "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#post'/>",
            "<category term='comment'/>",
        ] {
            assert_eq!(of(text), Audience::Public, "{text}");
        }
    }

    #[test]
    fn what_is_not_for_the_public_is_hidden() {
        for status in ["private", "draft", "pending", "future", "trash", "inherit", "auto-draft", "unknown"] {
            let text = format!("<title>a</title><wp:status>{status}</wp:status>");
            assert_eq!(of(&text), Audience::Hidden(format!("has the status `{status}`"), 1));
        }
        for (text, reason) in [
            ("<wp:status>publish</wp:status><wp:post_password>abc</wp:post_password>", "has a password"),
            ("<title/><app:control><app:draft>yes</app:draft></app:control>", "is a draft"),
            ("<title/><blogger:status>DRAFT</blogger:status>", "has the status `draft`"),
            (
                "<title/><wp:status>Private</wp:status><wp:post_password>a</wp:post_password>",
                "has the status `private`",
            ),
        ] {
            assert_eq!(of(text), Audience::Hidden(reason.to_owned(), 1), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_article_is_named_by_its_type() {
        for kind in NOT_POSTS {
            let text = format!("<wp:status>private</wp:status><wp:post_type>{kind}</wp:post_type>");
            assert_eq!(of(&text), Audience::NotAnArticle(kind.to_owned()));
        }
        assert_eq!(of("<blogger:type>COMMENT</blogger:type>"), Audience::NotAnArticle("comment".to_owned()));
        let kind = "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#settings'/>";
        assert_eq!(of(kind), Audience::NotAnArticle("settings".to_owned()));
    }
}
