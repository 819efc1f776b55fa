//! What the path of an article's file says: the name of the article, and the folder of its
//! pictures.
//!
//! An article is `a.md`, with its pictures in the folder `a`, or `a/index.md`, with its pictures
//! beside it.

use percent_encoding::percent_decode_str;

use crate::paths::composed;

/// The folder of articles.
const ARTICLES: &str = "content/articles/";

/// The file of an article's social card, beside its page.
pub(crate) const SOCIAL_CARD: &str = "social-card.png";

/// Files that a build writes beside the page of an article: no picture can have their names.
pub(crate) const OUTPUTS: [&str; 4] = ["index.html", "index.json", "index.md", SOCIAL_CARD];

/// Endings of pictures that pages show.
const ENDINGS: [&str; 7] = ["png", "jpg", "jpeg", "gif", "webp", "avif", "svg"];

/// The name of an article, from which its address is made: that of its file, without `.md`, or that
/// of the folder of `index.md`.
pub(crate) fn name(file: &str) -> &str {
    match bundle(file) {
        Some(folder) => folder.rsplit('/').next().unwrap_or(folder),
        None => split(file).1,
    }
}

/// The folder of an article's pictures, with `/` at the end.
pub(crate) fn folder(file: &str) -> String {
    match bundle(file) {
        Some(folder) => format!("{folder}/"),
        None => {
            let (above, stem) = split(file);
            format!("{above}{stem}/")
        }
    }
}

/// The folder of an `index.md` that is the file of one article.
fn bundle(file: &str) -> Option<&str> {
    let (folder, name) = file.rsplit_once('/')?;
    let is_below = folder.strip_prefix(ARTICLES).is_some_and(|below| !below.is_empty());
    (name == "index.md" && is_below).then_some(folder)
}

/// The name of a file without its ending.
pub(crate) fn stem(file: &str) -> &str {
    split(file).1
}

/// The folder of a file with `/`, and its name without the ending.
fn split(file: &str) -> (&str, &str) {
    let (above, name) = file.split_at(file.rfind('/').map_or(0, |at| at + 1));
    (above, name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}

/// True for a file that pages show as a picture, by its name.
pub(crate) fn is_picture(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&&*ending))
}

/// True for the address of a picture that is relative to a file or a page.
pub(crate) fn is_relative_picture(written: &str) -> bool {
    is_picture(written) && !written.starts_with('/') && !written.contains(['?', '#', ':', '\\'])
}

/// The address, relative to the article's page, of a picture that its text names by the path from
/// its file: `a/p.png` in `a.md` is `p.png`. `None` if the address is not of this form.
pub(crate) fn picture(written: &str, file: &str) -> Option<String> {
    if !is_relative_picture(written) || bundle(file).is_some() {
        return None;
    }
    let (_, own) = split(file);
    let (first, rest) = written.trim_start_matches("./").split_once('/')?;
    let decoded = percent_decode_str(first).decode_utf8().ok()?;
    (composed(&decoded) == composed(own)).then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_file_says_name_and_folder() {
        for (file, wanted) in [
            ("content/articles/a.md", ("a", "content/articles/a/")),
            (
                "content/articles/2026/2026-01-02-a.md",
                ("2026-01-02-a", "content/articles/2026/2026-01-02-a/"),
            ),
            ("content/articles/甲/index.md", ("甲", "content/articles/甲/")),
            ("content/articles/2026/甲/index.md", ("甲", "content/articles/2026/甲/")),
            ("content/articles/index.md", ("index", "content/articles/index/")),
            ("content/articles/a/Index.md", ("Index", "content/articles/a/Index/")),
            ("content/pages/a/index.md", ("index", "content/pages/a/index/")),
            ("record.md", ("record", "record/")),
        ] {
            assert_eq!((name(file), folder(file).as_str()), wanted, "{file}");
        }
    }

    #[test]
    fn a_picture_is_named_by_its_path_from_the_file_or_from_the_page() {
        for (written, file, wanted) in [
            ("a/p.png", "content/articles/a.md", Some("p.png")),
            ("./a/b/p.PNG", "content/articles/a.md", Some("b/p.PNG")),
            ("%E7%94%B2/%E5%9B%BE.webp", "content/articles/甲.md", Some("%E5%9B%BE.webp")),
            ("cafe\u{301}/p.png", "content/articles/caf\u{e9}.md", Some("p.png")),
            ("p.png", "content/articles/a.md", None),
            ("b/p.png", "content/articles/a.md", None),
            ("a/p.png", "content/articles/a/index.md", None),
            ("a/p.txt", "content/articles/a.md", None),
            ("/a/p.png", "content/articles/a.md", None),
            ("../articles/a/p.png", "content/articles/a.md", None),
            ("https://a/p.png", "content/articles/https:.md", None),
        ] {
            assert_eq!(picture(written, file).as_deref(), wanted, "{written} in {file}");
        }
    }
}
