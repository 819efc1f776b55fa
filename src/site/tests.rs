use super::*;
use crate::fingerprint::Fingerprint;
use crate::load::{article, source};

fn conflicts(files: &[(&str, &str)]) -> Vec<String> {
    let articles = files.iter().map(|(file, front)| {
        let path = format!("content/articles/{file}.md");
        let text = format!("---\ntitle: 甲\n{front}---\n");
        let source = source::split(&path, Fingerprint::default(), text).unwrap();
        let (article, body) = article::parse_article(&source, &Config::default()).0.unwrap();
        (Arc::new(article), body)
    });
    let content = Content { articles: articles.collect(), ..Content::default() };
    let (_, _, found) = assemble(content, &Config::default(), Arc::new(|_, _| Ok(String::new())));
    let mut lines: Vec<String> = found
        .iter()
        .map(|found| {
            let path = found.place.as_ref().map_or("", |place| &place.path);
            let help = if found.help.as_deref().is_some_and(|help| help.contains("date_in_slug")) {
                "by date"
            } else {
                "rename"
            };
            format!("{path} | {} | {help}", found.message)
        })
        .collect();
    lines.sort();
    lines
}

#[test]
fn an_id_in_feeds_belongs_to_one_article() {
    let a = ("a", "feed_id: tag:o.example,2024-05-06:/a\n");
    let found = conflicts(&[a, ("b", "feed_id: tag:o.example,2024-05-06:/a\n"), ("c", "")]);
    let message = "`tag:o.example,2024-05-06:/a` is also the id in feeds of";
    let path = |file: &str| format!("content/articles/{file}.md");
    let wanted = [("a", "b"), ("b", "a")]
        .map(|(file, other)| format!("{} | {message} {} | rename", path(file), path(other)));
    assert_eq!(found, wanted);
    // The id that another article has by its address.
    let own = Config::default().base_url.url() + "articles/b/";
    let found = conflicts(&[("a", &format!("feed_id: {own}\n")), ("b", "")]);
    assert_eq!(found, [format!("{} | `{own}` is also the id in feeds of {} | rename", path("a"), path("b"))]);
    assert_eq!(conflicts(&[a, ("b", "feed_id: tag:o.example,2024-05-06:/b\n")]), [""; 0]);
}

#[test]
fn articles_with_one_address_are_reported_with_each_other() {
    let conflict = |[file, other]: [&str; 2], help: &str| {
        let path = |file: &str| format!("content/articles/{file}.md");
        format!("{} | `/articles/a/` is also the address of {} | {help}", path(file), path(other))
    };
    for (a, b, help) in [
        (("2026-01-01-a", ""), ("2026-01-02-a", ""), "by date"),
        (("2026-01-01-a", ""), ("x/2026-01-01-a", ""), "rename"),
        (("2026-01-01-a", ""), ("a", ""), "rename"),
        (("2026-01-01-b", "slug: a\n"), ("2026-01-02-a", ""), "rename"),
        (("a", ""), ("x/a", ""), "rename"),
    ] {
        let wanted = [conflict([a.0, b.0], help), conflict([b.0, a.0], help)];
        assert_eq!(conflicts(&[a, b]), wanted, "{a:?} {b:?}");
    }
    assert_eq!(conflicts(&[("a", ""), ("b", ""), ("x/c", "slug: d\n")]), [""; 0]);
    assert_eq!(conflicts(&[("a", ""), ("x/a", ""), ("y/a", "")]).len(), 3);
}
