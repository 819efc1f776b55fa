use super::*;

fn messages(source: &str) -> Vec<String> {
    Config::parse(FILE, source).1.into_iter().map(|diagnostic| diagnostic.message).collect()
}

#[test]
fn an_empty_file_is_the_default_digest() {
    let (config, diagnostics) = Config::parse(FILE, "");
    assert!(diagnostics.is_empty());
    assert_eq!(config.taxonomies.len(), 3);
    assert_eq!(config.timezone, Tz::Asia__Shanghai);
}

#[test]
fn all_mistakes_are_found_in_one_run() {
    let found =
        messages("base_url: nonsense\nlanguage: fr\ntimezone: Asia/Shanghia\npaginate_by: 0\ntitel: x\n");
    assert_eq!(found.len(), 5, "{found:#?}");
}

#[test]
fn further_taxonomies_may_not_collide() {
    assert_eq!(messages("taxonomies:\n- name: companies\n  title: 公司\n"), Vec::<String>::new());
    assert_eq!(messages("taxonomies:\n- name: articles\n").len(), 1);
    assert_eq!(messages("taxonomies:\n- name: companies\n  path: keywords\n").len(), 1);
    assert_eq!(messages("taxonomies:\n- name: companies\n- name: companies\n").len(), 1);
    assert_eq!(messages("taxonomies:\n- name: x\n  path: a/../b\n").len(), 1);
}

#[test]
fn the_date_is_in_the_slug_if_the_setting_is_on() {
    for (written, wanted) in [("", false), ("date_in_slug: on\n", true), ("date_in_slug: off\n", false)] {
        assert_eq!(Config::parse(FILE, written).0.date_in_slug, wanted, "{written}");
    }
    assert_eq!(messages("date_in_slug: daily\n").len(), 1);
}

#[test]
fn settings_of_built_in_taxonomies_can_be_changed() {
    let text = "taxonomies:\n- name: keywords\n  min_articles: 2\n  title: 标签\n- name: companies\n";
    let (config, diagnostics) = Config::parse(FILE, text);
    assert!(diagnostics.iter().all(|found| found.message.contains("base_url")), "{diagnostics:?}");
    let found: Vec<_> =
        config.taxonomies.iter().map(|taxonomy| (taxonomy.name.as_str(), taxonomy.min_articles)).collect();
    assert_eq!(found, [("keywords", 2), ("ai_technologies", 1), ("industries", 1), ("companies", 1)]);
    assert_eq!(messages("taxonomies:\n- name: keywords\n  min_article: 2\n").len(), 1);
}

#[test]
fn ways_to_browse_are_on_by_default() {
    let (config, _) = Config::parse(FILE, "crossings: off\neditions: {group_by: keywords}\nrelated: 3\n");
    assert_eq!(config.browse.crossings, None);
    assert_eq!(config.browse.editions, Some(Editions { group_by: 0, unsubscribe: None }));
    assert_eq!((config.browse.trends, config.browse.related), (true, 3));
    assert_eq!(messages("crossings: {of: [keywords, industry]}\n").len(), 1);
    assert_eq!(messages("crossings: {of: [keywords]}\nslugs: greek\n").len(), 2);
}

#[test]
fn link_relations_and_schemas_follow_their_settings() {
    for (rel, wanted, mistakes) in [
        ("noopener", "noopener", 0),
        ("[noopener, no-follow]", "noopener no-follow", 0),
        ("noopener nofollow", "noopener nofollow", 0),
        ("None", "", 0),
        ("none nofollow", "none nofollow", 0),
        ("None nofollow", Config::default().markdown.rel.as_str(), 1),
        ("no1", Config::default().markdown.rel.as_str(), 1),
    ] {
        let (config, found) = Config::parse(FILE, &format!("markdown: {{rel: {rel}}}\n"));
        assert_eq!((config.markdown.rel.as_str(), found.len()), (wanted, mistakes), "{rel}");
    }
    for (api, json, wanted) in [("on", "off", true), ("off", "on", true), ("off", "off", false)] {
        let (config, _) = Config::parse(FILE, &format!("outputs: {{api: {api}, json: {json}}}\n"));
        assert_eq!(config.outputs.with_schemas(), wanted, "{api} {json}");
    }
    for (slugs, wanted, mistakes) in
        [("ascii", Slugs::Ascii, 0), ("han", Slugs::Han, 0), ("greek", Slugs::Han, 1)]
    {
        let (config, found) = Config::parse(FILE, &format!("slugs: {slugs}\n"));
        assert_eq!((config.slugs, found.len()), (wanted, mistakes), "{slugs}");
    }
}

#[test]
fn a_menu_item_has_a_name_and_an_address() {
    let needs = "a `name` and a `url` that starts with `/` or `https://`";
    for (menu, wanted, message) in [
        ("x", &[] as &[(&str, &str)], "`menu` has to be a list, but it is `x`".to_owned()),
        (
            "[{name: 甲, url: /a/}, {name: 乙, url: 'https://e.org/'}]",
            &[("甲", "/a/"), ("乙", "https://e.org/")],
            String::new(),
        ),
        ("[{name: 甲}]", &[], format!("a menu item needs {needs}")),
        (
            "[{url: /a/}, {name: 乙, url: //e.org/}, {name: 丙, url: '/\\a'}, {name: 丁, url: /d/}]",
            &[("丁", "/d/")],
            format!("3 menu items need {needs}"),
        ),
    ] {
        let (config, found) = Config::parse(FILE, &format!("menu: {menu}\n"));
        let items: Vec<_> = config.menu.iter().map(|item| (item.name.as_str(), item.url.as_str())).collect();
        assert_eq!(items, wanted, "{menu}");
        let found: Vec<String> = found.into_iter().map(|found| found.message).collect();
        assert_eq!(found.concat(), message, "{menu}");
    }
}
