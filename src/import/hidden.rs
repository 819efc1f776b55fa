//! Recognises the fields with which other generators and their plugins keep a post from the public.

use crate::yaml::Node;

/// What a field of front matter says about the post's readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// The post is hidden.
    Hidden,
    /// The post is hidden behind a password, which the field contains.
    Password,
}

/// Fields that hold a password: hexo-blog-encrypt, WordPress exports, vuepress-theme-hope.
const PASSWORDS: [&str; 8] =
    ["password", "passwords", "passwd", "pwd", "passphrase", "postpassword", "passcode", "encryptpassword"];

/// Fields that hide a post if they are true.
const HIDES: [&str; 16] = [
    "draft",
    "isdraft",
    "private",
    "isprivate",
    "hidden",
    "ishidden",
    "hide",
    "unlisted",
    "isunlisted",
    "unpublished",
    "encrypt",
    "encrypted",
    "isencrypted",
    "protected",
    "secret",
    "headless",
];

/// Fields that hide a post if they are false.
const SHOWS: [&str; 11] = [
    "published",
    "ispublished",
    "publish",
    "public",
    "ispublic",
    "visible",
    "isvisible",
    "listed",
    "islisted",
    "render",
    "publishable",
];

/// Fields that name the state or the readers of a post.
const STATES: [&str; 6] = ["status", "poststatus", "state", "visibility", "access", "audience"];

/// States of a post that is not public: of WordPress, Ghost, Pelican, Publii.
const HIDDEN_STATES: [&str; 32] = [
    "draft",
    "drafts",
    "autodraft",
    "private",
    "pending",
    "hidden",
    "trash",
    "trashed",
    "unpublished",
    "unlisted",
    "scheduled",
    "future",
    "inherit",
    "skip",
    "review",
    "inreview",
    "protected",
    "password",
    "internal",
    "members",
    "paid",
    "tiers",
    "friends",
    "restricted",
    "secret",
    "onlyme",
    "草稿",
    "私密",
    "私有",
    "隐藏",
    "待审",
    "仅自己可见",
];

/// Returns the mark that a field of front matter is; `None` if it does not hide the post.
pub(super) fn mark(key: &str, node: &Node) -> Option<Mark> {
    let name = fold(key);
    let is = |names: &[&str]| names.contains(&name.as_str());
    if is(&PASSWORDS) {
        return holds_anything(node).then_some(Mark::Password);
    }
    // Hugo: `build: {render: never}`, `{list: never}`.
    if let ("build", Node::Map(entries)) = (name.as_str(), node) {
        let is_never = |(key, node): &(String, Node)| {
            matches!(key.as_str(), "render" | "list")
                && matches!(text(node).as_str(), "never" | "false" | "local")
        };
        return entries.iter().any(is_never).then_some(Mark::Hidden);
    }
    let value = text(node);
    let hides = is(&HIDES) && matches!(value.as_str(), "true" | "yes" | "on" | "1" | "是")
        || is(&SHOWS) && matches!(value.as_str(), "false" | "no" | "off" | "0" | "否")
        || is(&STATES) && HIDDEN_STATES.contains(&value.as_str());
    hides.then_some(Mark::Hidden)
}

/// True if a folder of a path holds drafts: `_drafts` of Jekyll and Hexo.
pub(super) fn is_draft_folder(path: &str) -> bool {
    path.rsplit('/').skip(1).any(|folder| folder == "_drafts")
}

/// A key or a state in lower case, without `-`, `_` and spaces.
fn fold(text: &str) -> String {
    text.trim().to_lowercase().replace(['-', '_', ' '], "")
}

/// The folded text of a node; empty for lists, mappings and no value.
fn text(node: &Node) -> String {
    node.text().map(fold).unwrap_or_default()
}

/// True if a field has a value: an empty password and `false` protect nothing.
fn holds_anything(node: &Node) -> bool {
    match node {
        Node::Null => false,
        Node::Bool(value, _) => *value,
        Node::List(items) => items.iter().any(holds_anything),
        Node::Map(entries) => !entries.is_empty(),
        node => node.text().is_some_and(|text| !text.trim().is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn marked(line: &str) -> Option<Mark> {
        let Ok(Node::Map(entries)) = yaml::parse(line) else { panic!("{line}") };
        mark(&entries[0].0, &entries[0].1)
    }

    #[test]
    fn marks_of_many_generators_hide_a_post() {
        for line in [
            "private: true",
            "published: false",
            "draft: true",
            "status: private",
            "status: Draft",
            "status: pending",
            "status: hidden",
            "hidden: true",
            "visibility: private",
            "visibility: members",
            "post_status: auto-draft",
            "isPrivate: yes",
            "unlisted: true",
            "public: false",
            "publish: off",
            "encrypt: true",
            "is-draft: 1",
            "render: false",
            "status: 草稿",
            "access: friends",
            "_build: {list: never}",
            "build: {render: never, list: local}",
            "published: \"false\"",
        ] {
            assert_eq!(marked(line), Some(Mark::Hidden), "{line}");
        }
        for line in [
            "password: abc123",
            "password: 123456",
            "pwd: a",
            "post_password: x",
            "Passwords: [a, b]",
            "password: {all: x}",
            "passphrase: \"0\"",
        ] {
            assert_eq!(marked(line), Some(Mark::Password), "{line}");
        }
    }

    #[test]
    fn public_posts_stay_public() {
        for line in [
            "private: false",
            "published: true",
            "published: 2024-01-02",
            "draft: false",
            "status: published",
            "status: 连载中",
            "hidden: false",
            "hide: [toc]",
            "visibility: public",
            "password: \"\"",
            "password:",
            "password: false",
            "passwords: []",
            "password: {}",
            "title: private",
            "tags: [draft]",
            "build: {render: always}",
            "build: {list: 3}",
            "build: {publishResources: false}",
            "public: true",
            "render: true",
            "hidden:",
            "state: 江苏",
        ] {
            assert_eq!(marked(line), None, "{line}");
        }
    }

    #[test]
    fn a_folder_of_drafts_is_recognised() {
        for path in ["_drafts/a.md", "source/_drafts/2024/a.md"] {
            assert!(is_draft_folder(path), "{path}");
        }
        for path in ["a.md", "_posts/_drafts.md", "_drafts", "drafts/a.md"] {
            assert!(!is_draft_folder(path), "{path}");
        }
    }
}
