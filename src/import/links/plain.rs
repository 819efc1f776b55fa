//! The plain form of shortcodes and tags: Markdown that says the same.

use crate::import::links::tag::Tag;

/// Tags that are addresses of other posts, or links to them.
pub(super) fn is_link(name: &str) -> bool {
    matches!(name, "ref" | "relref" | "post_link" | "post_url" | "post_path" | "link")
}

/// The names of tags that open a block which has a plain form.
const BLOCKS: [&str; 7] = ["highlight", "codeblock", "code", "note", "blockquote", "quote", "raw"];

/// True if `other` closes the block that `tag` opens: `{{< /x >}}` or `{% endx %}`.
pub(super) fn closes(other: &Tag, tag: &Tag) -> bool {
    let name = other.name.strip_prefix('/').or_else(|| other.name.strip_prefix("end"));
    BLOCKS.contains(&tag.name.as_str()) && name == Some(tag.name.as_str())
}

/// The plain form of a block with its inner text.
pub(super) fn block(tag: &Tag, inner: &str) -> Option<String> {
    let language = || {
        let language = tag.arguments.first().map_or("", String::as_str);
        let language = language.strip_prefix("lang:").unwrap_or(language);
        if language.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'#' | b'_')) {
            language
        } else {
            ""
        }
    };
    Some(match tag.name.as_str() {
        "highlight" | "codeblock" | "code" => fence(language(), inner),
        "note" | "blockquote" | "quote" => quote(inner),
        "raw" => inner.to_owned(),
        _ => return None,
    })
}

/// The plain form of a tag that stands alone.
pub(super) fn single(tag: &Tag) -> Option<String> {
    let named = |name: &str| tag.named.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let first = || tag.arguments.first().map(String::as_str);
    let is_plain = |id: &&str| id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    Some(match tag.name.as_str() {
        "figure" => figure(&named, named("src").or_else(first)?),
        "img" | "image" if named("src").is_none() => image_of_words(&tag.arguments)?,
        "img" | "image" => {
            let text =
                named("alt").or_else(|| named("caption")).or_else(|| named("title")).unwrap_or_default();
            image(text, named("src")?)
        }
        "asset_img" => image_of_words(&tag.arguments)?,
        "asset_path" => first()?.to_owned(),
        "asset_link" => {
            let name = first()?;
            let title = tag.arguments.get(1..).unwrap_or_default().join(" ");
            format!("[{}]({})", if title.is_empty() { name } else { &title }, address(name))
        }
        "youtube" => {
            let id = named("id").or_else(first).filter(is_plain)?;
            format!("[YouTube](https://www.youtube.com/watch?v={id})")
        }
        "vimeo" => {
            let id = named("id").or_else(first).filter(is_plain)?;
            format!("[Vimeo](https://vimeo.com/{id})")
        }
        "bilibili" => {
            let id = named("id").or_else(|| named("bvid")).or_else(first).filter(is_plain)?;
            format!("[哔哩哔哩](https://www.bilibili.com/video/{id})")
        }
        "gist" => {
            let parts: Vec<&str> = tag.arguments.iter().map(String::as_str).take(2).collect();
            let path = parts.join("/");
            let is_path = !path.is_empty() && path.split('/').all(|part| is_plain(&part));
            return is_path.then(|| format!("[Gist](https://gist.github.com/{path})"));
        }
        "site.baseurl" | "site.url" => String::new(),
        // A path from the home page, percent-encoded as Liquid's filters do it.
        "relative_url" | "absolute_url" | "url" | "prepend" => {
            let path = first()?;
            if path.contains("://") {
                encoded(path)
            } else {
                format!("/{}", encoded(path.trim_start_matches('/')))
            }
        }
        // A file that is no post (<https://jekyllrb.com/docs/liquid/tags/#linking-to-static-files>).
        "link" => {
            let path = tag.arguments.join(" ");
            let (_, extension) = path.rsplit_once('.')?;
            let is_page = matches!(extension.to_ascii_lowercase().as_str(), "md" | "markdown" | "html");
            if is_page {
                return None;
            }
            format!("/{}", encoded(path.trim_start_matches('/')))
        }
        _ => return None,
    })
}

/// The image of Hugo's `figure` with its title and link, and below it the caption with the source
/// (Hugo 0.168.0, embedded shortcode `figure.html`).
fn figure<'a>(named: &impl Fn(&str) -> Option<&'a str>, source: &str) -> String {
    let own = |name: &str| named(name).map(str::trim).filter(|text| !text.is_empty());
    let (title, caption) = (own("title"), own("caption"));
    let text = own("alt").or(caption).or(title).unwrap_or_default();
    let shown = title.map_or_else(String::new, |title| format!(" \"{}\"", title.replace('"', "\\\"")));
    let image = format!("![{}]({}{shown})", text.replace(['[', ']'], ""), address(source));
    let image = own("link").map_or_else(|| image.clone(), |link| format!("[{image}]({})", address(link)));
    let words = match (own("attr"), own("attrlink")) {
        (Some(attr), Some(link)) => Some(format!("[{attr}]({})", address(link))),
        (attr, _) => attr.map(str::to_owned),
    };
    let line: Vec<String> = caption.map(str::to_owned).into_iter().chain(words).collect();
    if line.is_empty() { image } else { format!("{image}\n\n*{}*", line.join(" ")) }
}

/// The image of Hexo's `img` and `asset_img`: classes, the address, width and height, and words
/// (Hexo 8.1.2, `lib/plugins/tag/img.ts`). Eleventy's `image` has its text behind the address. The
/// address is the first word with a dot or a slash.
fn image_of_words(words: &[String]) -> Option<String> {
    let at = words.iter().position(|word| word.contains(['.', '/']))?;
    let is_size = |word: &&String| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let rest = &words[at + 1..];
    let sizes = rest.iter().take(2).take_while(is_size).count();
    Some(image(&rest[sizes..].join(" "), &words[at]))
}

fn image(text: &str, source: &str) -> String {
    format!("![{}]({})", text.replace(['[', ']'], ""), address(source))
}

/// An address in a link: in `<…>` if it has blanks or brackets.
fn address(written: &str) -> String {
    if written.contains([' ', '(', ')']) { format!("<{written}>") } else { written.to_owned() }
}

/// An address with what ends it in Markdown percent-encoded.
fn encoded(written: &str) -> String {
    written.replace(' ', "%20").replace('(', "%28").replace(')', "%29")
}

/// A block of code, with a fence that is longer than any in it.
fn fence(language: &str, inner: &str) -> String {
    let runs = inner.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(runs.saturating_add(1).max(3));
    let inner = inner.trim_matches('\n');
    format!("{fence}{language}\n{inner}\n{fence}")
}

fn quote(inner: &str) -> String {
    let line = |line: &str| if line.trim().is_empty() { ">".to_owned() } else { format!("> {line}") };
    inner.trim().lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::links::tag;

    #[test]
    fn an_image_of_words_has_its_address_and_no_classes_and_sizes() {
        let of = |text: &str| single(&tag::tags(text)[0]).unwrap_or_default();
        for (text, wanted) in [
            ("{% img left /img/a.png 300 200 甲 乙 %}", "![甲 乙](/img/a.png)"),
            ("{% img /img/a.png 300 \"the title\" %}", "![the title](/img/a.png)"),
            ("{% asset_img a.png 600 400 \"架构图 2\" %}", "![架构图 2](a.png)"),
            ("{% asset_img big a.png 2024 年 %}", "![年](a.png)"),
            ("{% image \"./a.png\", \"甲 3\" %}", "![甲 3](./a.png)"),
            ("{{< img src=\"a.png\" alt=\"甲\" >}}", "![甲](a.png)"),
        ] {
            assert_eq!(of(text), wanted, "{text}");
        }
        assert_eq!(single(&tag::tags("{% img left %}")[0]), None);
    }

    #[test]
    fn a_figure_keeps_its_caption_title_source_and_link() {
        let of = |text: &str| single(&tag::tags(text)[0]).unwrap_or_default();
        assert_eq!(of(r#"{{< figure src="a.png" alt="甲" >}}"#), "![甲](a.png)");
        assert_eq!(
            of(r#"{{< figure src="a.png" title="题" caption="说明" attr="摄" attrlink="/s" link="/b" >}}"#),
            "[![说明](a.png \"题\")](/b)\n\n*说明 [摄](/s)*"
        );
    }
}
