//! Converts what other generators write between posts: links to other posts become links between
//! files, shortcodes and Liquid tags with a plain form become Markdown.
//!
//! `code` finds the code of a text, which nothing changes; `tag` finds the tags; `plain` knows the
//! plain form of a tag; `pelican` reads the addresses that Pelican fills in; `targets` knows the
//! posts of a run by their old names and addresses.

mod code;
mod pelican;
mod plain;
mod tag;
pub mod targets;
pub mod wiki;

use std::ops::Range;

use crate::import::generator::kind::Generator;
use crate::import::repair::{Kind, Repair};
use crate::load::markdown::files;
use pelican::Filled;
use tag::Tag;
use targets::{Own, Targets};

/// A text whose links and tags are converted.
pub struct Converted {
    /// The text.
    pub text: String,
    /// The changes.
    pub repairs: Vec<Repair>,
    /// The tags that have no plain form, as written, each with its line in the text.
    pub left: Vec<(String, usize)>,
}

/// Converts a text.
#[must_use]
pub fn convert(text: &str, own: Own<'_>, targets: &Targets) -> Converted {
    if own.place.generator == Generator::Obsidian {
        return convert_wiki(text, own, targets);
    }
    let mut found =
        Converted { text: String::with_capacity(text.len()), repairs: Vec::new(), left: Vec::new() };
    let tags = tag::tags(text);
    let mut at = 0;
    for (number, tag) in tags.iter().enumerate() {
        // A tag in one that was converted as a whole.
        if tag.range.start < at {
            continue;
        }
        let line = own.line + text[..tag.range.start].matches('\n').count();
        found.text.push_str(&text[at..tag.range.start]);
        at = tag.range.end;
        let closing = tags[number + 1..].iter().find(|other| plain::closes(other, tag));
        let converted = match closing {
            Some(closing) => {
                let inner = &text[tag.range.end..closing.range.start];
                plain::block(tag, inner).map(|plain| (plain, closing.range.end, Kind::Shortcode))
            }
            None => match target_of(tag, own, targets) {
                Some(link) => Some((link, tag.range.end, Kind::Link)),
                None => plain::single(tag).map(|plain| (plain, tag.range.end, Kind::Shortcode)),
            },
        };
        match converted {
            Some((plain, end, kind)) => {
                let from = text[tag.range.start..end].to_owned();
                found.repairs.push(Repair { kind, from, to: plain.clone(), line });
                found.text.push_str(&plain);
                at = end;
            }
            None => {
                let written = &text[tag.range.clone()];
                found.text.push_str(written);
                found.left.push((written.to_owned(), line));
            }
        }
    }
    found.text.push_str(&text[at..]);
    convert_links(&mut found, own, targets);
    found
}

/// Converts the links of a note of Obsidian.
fn convert_wiki(text: &str, own: Own<'_>, targets: &Targets) -> Converted {
    let mut found = Converted { text: String::new(), repairs: Vec::new(), left: Vec::new() };
    let mut at = 0;
    let code = code::ranges(text);
    let comments = wiki::comments(text, &code);
    // `%%` may not be in the name of a link (<https://help.obsidian.md/links>): a comment that begins
    // in brackets is one.
    let is_shown = |range: &Range<usize>| {
        !comments.iter().any(|comment| comment.start < range.end && range.start < comment.end)
    };
    let links = wiki::links(text, &code, own, targets).into_iter().filter(|link| is_shown(&link.range));
    let links = links.map(|link| (link.range, link.markdown, Kind::Link));
    let mut parts: Vec<_> = comments
        .iter()
        .map(|range| (range.clone(), Some(String::new()), Kind::Comment))
        .chain(links)
        .collect();
    parts.sort_by_key(|(range, ..)| range.start);
    for (range, markdown, kind) in parts {
        let line = own.line + text[..range.start].matches('\n').count();
        let from = text[range.clone()].to_owned();
        found.text.push_str(&text[at..range.start]);
        at = range.end;
        found.text.push_str(markdown.as_deref().unwrap_or(&from));
        match markdown {
            Some(to) => found.repairs.push(Repair { kind, from, to, line }),
            None => found.left.push((from, line)),
        }
    }
    found.text.push_str(&text[at..]);
    convert_links(&mut found, own, targets);
    found
}

/// The path of a file that an address of Pelican (`{static}/a.png`) in the post at `own` names.
#[must_use]
pub fn file_of_pelican(written: &str, own: &str) -> Option<String> {
    match pelican::filled(written, own)? {
        Filled::File(path) => Some(path),
        Filled::Post(_) | Filled::Other => None,
    }
}

/// The link between files that a tag such as `{{< ref "x" >}}` becomes.
fn target_of(tag: &Tag, own: Own<'_>, targets: &Targets) -> Option<String> {
    if !plain::is_link(&tag.name) {
        return None;
    }
    let (name, title) = tag.arguments.split_first()?;
    let (name, fragment) = name.split_once('#').map_or((name.as_str(), ""), |(name, part)| (name, part));
    let own_file = targets.file(&own.place.identity())?;
    let path = targets.by_name(name, own.place).map(|file| targets::relative(own_file, file))?;
    let path = if fragment.is_empty() { path } else { format!("{path}#{fragment}") };
    // `post_link` is a whole link, the others are addresses.
    if tag.name == "post_link" {
        let title = if title.is_empty() { targets.title(name, own.place)? } else { title.join(" ") };
        return Some(format!("[{title}]({path})"));
    }
    Some(path)
}

/// Converts the whole addresses of posts of WordPress in the text of one of them to links between
/// files. `own` is the article file of the post and the line of its item.
#[must_use]
pub fn convert_pages(text: &mut String, own: (&str, usize), targets: &Targets) -> Vec<Repair> {
    let (own_file, line) = own;
    let mut repairs = Vec::new();
    for (range, written) in files::destinations(text).into_iter().rev() {
        if text.get(range.clone()) != Some(written.as_str()) {
            continue;
        }
        let fragment = written.split_once('#').map(|(_, fragment)| fragment.to_owned());
        let Some(file) = targets.by_page(&written).filter(|file| *file != own_file || fragment.is_none())
        else {
            continue;
        };
        let path = targets::relative(own_file, file);
        let path = fragment.map_or_else(|| path.clone(), |fragment| format!("{path}#{fragment}"));
        text.replace_range(range, &path);
        repairs.push(Repair { kind: Kind::Link, from: written, to: path, line });
    }
    repairs
}

/// Converts the addresses of links to other posts.
fn convert_links(found: &mut Converted, own: Own<'_>, targets: &Targets) {
    let Some(own_file) = targets.file(&own.place.identity()) else { return };
    let mut text = std::mem::take(&mut found.text);
    for (range, written) in files::destinations(&text).into_iter().rev() {
        // Of a reference, the range is not that of its address.
        if text.get(range.clone()) != Some(written.as_str()) {
            continue;
        }
        let line = own.line + text[..range.start].matches('\n').count();
        let (address, fragment) =
            written.split_once('#').map_or((written.as_str(), None), |(a, b)| (a, Some(b)));
        let is_pelican = own.place.generator == Generator::Pelican;
        let filled = pelican::filled(address, &own.place.path).filter(|_| is_pelican);
        let file = match &filled {
            Some(Filled::Post(name)) => targets.by_name(name, own.place),
            Some(_) => None,
            None => targets.by_link(address, own),
        };
        let path = match (filled, file) {
            (_, Some(file)) if file != own_file || fragment.is_none() => targets::relative(own_file, file),
            (Some(Filled::File(path)), _) => path,
            (Some(_), None) => {
                found.left.push((written, line));
                continue;
            }
            _ => continue,
        };
        let path = fragment.map_or_else(|| path.clone(), |part| format!("{path}#{part}"));
        if path == written {
            continue;
        }
        text.replace_range(range, &path);
        found.repairs.push(Repair { kind: Kind::Link, from: written, to: path, line });
    }
    found.text = text;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::place::Place;
    use crate::import::generator::site::Site;
    use crate::import::languages::Languages;

    fn place(generator: Generator, file: &str) -> Place {
        let site = Site::unknown(chrono_tz::Tz::UTC, "zh-CN");
        Place::of(generator, format!("/old/{file}").as_ref(), Some("/old/posts".as_ref()), &site)
    }

    /// The converted text of `posts/own.md`, beside `posts/other.md` with the address
    /// `/posts/other/`.
    fn converted(generator: Generator, text: &str) -> Converted {
        let mut targets = Targets::new(Some("https://old.example"), &Languages::default());
        let own = place(generator, "posts/own.md");
        for (file, address, article) in [
            ("posts/own.md", "/posts/own/", "content/articles/own.md"),
            ("posts/other.md", "/posts/other/", "content/articles/2024-05-06-other.md"),
        ] {
            let place = place(generator, file);
            targets.add(&place, "另一篇", &[address.to_owned()], article);
        }
        convert(text, Own { place: &own, address: Some("/posts/own/"), line: 1 }, &targets)
    }

    #[test]
    fn links_to_other_posts_become_links_between_files() {
        let file = "2024-05-06-other.md";
        for (generator, text, wanted) in [
            (Generator::Hugo, "[a]({{< ref \"other.md\" >}})", format!("[a]({file})")),
            (Generator::Hugo, "[a]({{% relref \"/posts/other\" %}})", format!("[a]({file})")),
            (Generator::Hugo, "[a]({{< ref \"other.md#h\" >}})", format!("[a]({file}#h)")),
            (Generator::Hugo, "[a](../other/)", format!("[a]({file})")),
            (Generator::Hugo, "[a](/posts/other/#h)", format!("[a]({file}#h)")),
            (Generator::Hugo, "[a](https://old.example/posts/other)", format!("[a]({file})")),
            (Generator::Hugo, "[a](other.md)", format!("[a]({file})")),
            (Generator::Zola, "[a](@/posts/other.md)", format!("[a]({file})")),
            (Generator::Hexo, "{% post_link other %}", format!("[另一篇]({file})")),
            (Generator::Hexo, "{% post_link other 看 这里 %}", format!("[看 这里]({file})")),
            (Generator::Pelican, "[a]({filename}other.md)", format!("[a]({file})")),
            (Generator::Pelican, "[a]({filename}/other.md#h)", format!("[a]({file}#h)")),
            (Generator::Pelican, "![a](|filename|/other.md)", format!("![a]({file})")),
            (Generator::Pelican, "![a]({static}/images/a.png)", "![a](/images/a.png)".to_owned()),
            (Generator::Jekyll, "[a]({% post_url other %})", format!("[a]({file})")),
            (Generator::Jekyll, "[a]({{ '/posts/other/' | relative_url }})", format!("[a]({file})")),
            (Generator::Jekyll, "[a]({{ site.baseurl }}{% link _posts/other.md %})", format!("[a]({file})")),
        ] {
            let found = converted(generator, text);
            assert_eq!(found.text, wanted, "{text}");
            assert!(
                found.left.is_empty() && found.repairs.iter().any(|repair| repair.kind == Kind::Link),
                "{text}"
            );
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn arbitrary_text_is_converted_and_plain_text_stays(
            text in "([{}<>%/`~#=|!\\[\\]()\" \n甲é-]|ref|raw|endraw|note|endnote|figure|src=|other\\.md|```){0,40}"
        ) {
            for generator in [Generator::Hugo, Generator::Obsidian, Generator::Jekyll] {
                let found = converted(generator, &text);
                let is_plain = !text.contains(['{', '[', '`']);
                proptest::prop_assert!(!is_plain || found.text == text, "{:?}", found.text);
            }
        }
    }

    #[test]
    fn addresses_of_files_of_jekyll_become_paths_from_the_home_page() {
        for (text, wanted) in [
            ("![a]({{ site.baseurl }}/assets/a.png)", "![a](/assets/a.png)"),
            ("![a]({{ \"/assets/a b.png\" | relative_url }})", "![a](/assets/a%20b.png)"),
            ("![a]({{ 'assets/a.png' | absolute_url }})", "![a](/assets/a.png)"),
            ("[a]({% link assets/a b.pdf %})", "[a](/assets/a%20b.pdf)"),
            ("[a]({{ '/x.html' | relative_url }})", "[a](/x.html)"),
        ] {
            let found = converted(Generator::Jekyll, text);
            assert_eq!((found.text.as_str(), found.left.len()), (wanted, 0), "{text}");
        }
        let found = converted(Generator::Jekyll, "[a]({% link _posts/none.md %})");
        assert_eq!(found.left.len(), 1);
    }

    #[test]
    fn links_of_obsidian_become_markdown() {
        let file = "2024-05-06-other.md";
        for (text, wanted) in [
            ("[[other]]", format!("[other]({file})")),
            ("[[other|别名]]", format!("[别名]({file})")),
            ("[[other#价 格|价]]", format!("[价]({file}#价-格)")),
            ("[[#本页]]", "[本页](#本页)".to_owned()),
            ("![[图 1.png|300]]", "![](<图 1.png>)".to_owned()),
            ("![[a.png|说明]]", "![说明](a.png)".to_owned()),
            ("[[夹/a.png]]", "[a.png](夹/a.png)".to_owned()),
            ("![[other]]", format!("[other]({file})")),
            ("| [[other\\|x]] |", format!("| [x]({file}) |")),
        ] {
            let found = converted(Generator::Obsidian, text);
            assert_eq!((found.text, found.left.len()), (wanted, 0), "{text}");
        }
        for text in ["`[[other]]`", "[[other", "a [[\n]] b"] {
            assert_eq!(converted(Generator::Obsidian, text).text, text);
        }
        assert_eq!(converted(Generator::Obsidian, "[[没有]]").left, [("[[没有]]".to_owned(), 1)]);
        assert_eq!(converted(Generator::Hugo, "[[other]]").text, "[[other]]");
    }

    #[test]
    fn addresses_of_wordpress_become_links_between_files() {
        let mut targets = Targets::default();
        for (post, url, number, file) in [
            ("a", "https://old.example/2024/a/", "1", "content/articles/a.md"),
            ("b", "https://old.example/2024/%E4%B9%99/", "2", "content/articles/x/b.md"),
            ("c", "https://old.example/?p=3", "3", "content/articles/c.md"),
        ] {
            let url = url::Url::parse(url).ok();
            targets.add_page(post, "t", (url.as_ref(), Some(number)), file);
        }
        for (written, wanted) in [
            ("https://old.example/2024/乙/", "x/b.md"),
            ("http://www.old.example/2024/%E4%B9%99", "x/b.md"),
            ("https://old.example/?p=2#h", "x/b.md#h"),
            ("https://old.example/?p=3", "c.md"),
            ("https://old.example/?page_id=2&preview=1", "x/b.md"),
            ("https://old.example/", "https://old.example/"),
            ("https://old.example/?p=9", "https://old.example/?p=9"),
            ("https://other.example/2024/a/", "https://other.example/2024/a/"),
            ("https://old.example/2024/a/#own", "https://old.example/2024/a/#own"),
            ("/2024/a/", "/2024/a/"),
        ] {
            let mut text = format!("[x]({written}) ![y]({written})");
            let repairs = convert_pages(&mut text, ("content/articles/a.md", 7), &targets);
            assert_eq!(text, format!("[x]({wanted}) ![y]({wanted})"), "{written}");
            assert_eq!(repairs.len(), if written == wanted { 0 } else { 2 }, "{written}");
            assert!(repairs.iter().all(|repair| repair.line == 7));
        }
    }

    #[test]
    fn other_links_and_code_stay() {
        for text in [
            "[a](https://elsewhere.example/posts/other/)",
            "[a](/posts/none/)",
            "`{{< ref \"other.md\" >}}`",
            "```\n{{< ref \"other.md\" >}}\n[a](/posts/other/)\n```",
            "[a](#part)",
            "![a](photo.png)",
        ] {
            let found = converted(Generator::Hugo, text);
            assert_eq!((found.text.as_str(), found.repairs.len()), (text, 0));
            assert!(found.left.is_empty(), "{text}");
        }
        let found = converted(Generator::Pelican, "[a]({tag}开源) [b]({filename}none.md)");
        assert_eq!((found.left.len(), found.left[0].0.as_str()), (2, "{filename}none.md"));
        let found = converted(Generator::Hugo, "一\n{{< ref \"none.md\" >}} {{< custom a=1 >}}");
        let left: Vec<_> = found.left.iter().map(|(tag, line)| (tag.as_str(), *line)).collect();
        assert_eq!(left, [("{{< ref \"none.md\" >}}", 2), ("{{< custom a=1 >}}", 2)]);
    }

    #[test]
    fn tags_with_a_plain_form_become_it() {
        for (text, wanted) in [
            ("{{< figure src=\"/a.png\" alt=\"图\" >}}", "![图](/a.png)"),
            ("{{< figure src=\"/a.png\" caption=\"说明\" >}}", "![说明](/a.png)\n\n*说明*"),
            ("{{< highlight go \"linenos=table\" >}}\na := 1\n{{< /highlight >}}", "```go\na := 1\n```"),
            ("{% highlight rust %}\nlet a;\n{% endhighlight %}", "```rust\nlet a;\n```"),
            ("{% codeblock lang:js %}\nx\n{% endcodeblock %}", "```js\nx\n```"),
            ("{{< highlight md >}}\na ``` b\n{{< /highlight >}}", "````md\na ``` b\n````"),
            ("{{< youtube w7Ft2ymGmfc >}}", "[YouTube](https://www.youtube.com/watch?v=w7Ft2ymGmfc)"),
            ("{{< bilibili BV1xx >}}", "[哔哩哔哩](https://www.bilibili.com/video/BV1xx)"),
            ("{{< gist user 123 >}}", "[Gist](https://gist.github.com/user/123)"),
            ("{% asset_img a.png 图 一 %}", "![图 一](a.png)"),
            ("{% note info %}\n甲\n\n乙\n{% endnote %}", "> 甲\n>\n> 乙"),
            ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ] {
            let found = converted(Generator::Hugo, text);
            assert_eq!(found.text, wanted, "{text}");
            assert!(found.left.is_empty(), "{text}");
            assert_eq!(found.repairs[0].kind, Kind::Shortcode, "{text}");
        }
    }
}
