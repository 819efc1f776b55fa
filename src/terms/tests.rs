use super::*;

fn digest(registry: Option<&str>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let articles = folder.path().join("content/articles");
    std::fs::create_dir_all(&articles).unwrap();
    std::fs::write(
        articles.join("a.md"),
        "---\ntitle: 甲\nkeywords: [GPT-4, Rust]\nindustries: [机器人]\n---\n甲。\n",
    )
    .unwrap();
    std::fs::write(articles.join("b.md"), "---\ntitle: 乙\nkeywords: [GPT-4, 隐藏]\n---\n乙。\n").unwrap();
    if let Some(registry) = registry {
        std::fs::write(folder.path().join(registry::FILE), registry).unwrap();
    }
    folder
}

const REGISTRY: &str = "keywords:\n  - name: GPT-4\n    aliases: [gpt 4]\n    description: 模型。\n  \
                        - name: 隐藏\n    hidden: true\n";

#[test]
fn terms_are_listed_by_taxonomy_with_their_aliases() {
    let folder = digest(Some(REGISTRY));
    let config = Config::default();
    let list = |only| list(folder.path(), &config, Vec::new(), only);
    let keywords = "keywords\n     2  GPT-4  (also gpt 4)\n     1  Rust\n";
    let industries = "industries\n     1  机器人\n";
    for (only, wanted) in [
        (Some("keywords"), keywords.to_owned()),
        (Some("industries"), industries.to_owned()),
        (Some("ai_technologies"), String::new()),
    ] {
        let list = list(only);
        assert!(list.success && list.diagnostics.is_empty());
        assert_eq!(list.text(), wanted);
    }
    let all = list(None);
    let text = all.text();
    assert!(
        text == format!("{keywords}\n{industries}") || text == format!("{industries}\n{keywords}"),
        "{text}"
    );
    let gpt = all.terms.iter().find(|term| term.name == "GPT-4").unwrap();
    assert_eq!((gpt.slug.as_str(), gpt.path.as_deref(), gpt.count), ("gpt-4", Some("/keywords/gpt-4/"), 2));
    assert_eq!(
        (gpt.aliases.as_slice(), gpt.description.as_deref()),
        (&["gpt 4".to_owned()][..], Some("模型。"))
    );
}

#[test]
fn a_list_of_no_taxonomy_is_an_error() {
    let folder = digest(None);
    let list = list(folder.path(), &Config::default(), vec![Diagnostic::warning("x")], Some("keyword"));
    assert!(!list.success && list.terms.is_empty());
    assert_eq!(list.diagnostics.len(), 2);
    assert_eq!(list.diagnostics[1].message, "there is no taxonomy `keyword`");
    assert!(list.diagnostics[1].help.as_ref().unwrap().contains("keywords"));
}

#[cfg(unix)]
#[test]
fn a_registry_behind_a_broken_link_is_an_error_once() {
    let folder = digest(None);
    std::os::unix::fs::symlink("none.yaml", folder.path().join(registry::FILE)).unwrap();
    let config = Config::default();
    let list = list(folder.path(), &config, Vec::new(), None);
    assert!(!list.success);
    let broken = |found: &Diagnostic| {
        found.is_error() && found.place.as_ref().is_some_and(|place| place.path == registry::FILE)
    };
    assert_eq!(list.diagnostics.iter().filter(|found| broken(found)).count(), 1, "{:?}", list.diagnostics);
    let from = ["a".to_owned()];
    let merged = merge(folder.path(), &config, Vec::new(), ("keywords", &from, "b"), &|_| {});
    assert!(!merged.success && broken(&merged.diagnostics[0]), "{:?}", merged.diagnostics);
}

#[test]
fn a_merge_adds_aliases_and_warns_of_unknown_names() {
    let config = Config::default();
    let merged = |registry: Option<&str>, taxonomy: &str, from: &[&str], into: &str| {
        let folder = digest(registry);
        let from: Vec<String> = from.iter().map(|name| (*name).to_owned()).collect();
        let known = vec![Diagnostic::warning("known")];
        let merged = merge(folder.path(), &config, known, (taxonomy, &from, into), &|_| {});
        assert_eq!(merged.diagnostics.iter().filter(|found| found.message == "known").count(), 1);
        let found = merged.diagnostics.iter().filter(|found| found.message != "known");
        let found: Vec<String> = found
            .map(|found| format!("{}; {}", found.message, found.help.as_deref().unwrap_or_default()))
            .collect();
        let text = std::fs::read_to_string(folder.path().join(registry::FILE)).ok();
        (merged.success, merged.message, found, text)
    };
    let added = |names: &str, into: &str| {
        format!(
            "newsprint: added {names} to the aliases of {into} in content/terms.yaml; to undo it, remove them there"
        )
    };
    let unknown = |name: &str, help: &str| format!("no article carries `{name}` under keywords; {help}");
    let new = |aliases: &str| format!("keywords:\n  - name: Rust\n    aliases:\n{aliases}");

    let wanted = (true, added("GPT-4", "Rust"), vec![], Some(new("      - GPT-4\n")));
    assert_eq!(merged(None, "keywords", &[" GPT-4 "], "Rust"), wanted);

    let help = "did you mean `Rust`?";
    let (success, message, found, text) = merged(None, "keywords", &["Rast", "完全不同"], " Rust ");
    assert!(success);
    assert_eq!(message, added("Rast, 完全不同", "Rust"));
    assert_eq!(found, [unknown("Rast", help), unknown("完全不同", "it is added to the registry anyway")]);
    assert_eq!(text.unwrap(), new("      - Rast\n      - 完全不同\n"));

    let text = Some(REGISTRY.to_owned());
    let message = "newsprint: content/terms.yaml has these aliases already".to_owned();
    assert_eq!(
        merged(Some(REGISTRY), "keywords", &["gpt 4"], "GPT-4"),
        (true, message, vec![], text.clone())
    );

    let (success, message, found, kept) = merged(Some(REGISTRY), "keyword", &["a"], "b");
    assert!(!success && kept == text && found.len() == 1, "{found:?}");
    assert_eq!(message, "newsprint: nothing was merged");
    assert!(found[0].starts_with("there is no taxonomy `keyword`; "), "{found:?}");

    let broken = "keywords:\n  - name: [a]\n";
    let (success, message, found, kept) = merged(Some(broken), "keywords", &["Rust"], "GPT-4");
    assert!(!success && !found.is_empty() && kept.as_deref() == Some(broken));
    assert_eq!(message, "newsprint: nothing was merged");
}

#[test]
fn a_merge_stops_at_errors_of_the_settings() {
    let folder = digest(None);
    let from = ["GPT-4".to_owned()];
    let found = vec![Diagnostic::error("settings")];
    let merged =
        merge(folder.path(), &Config::default(), found.clone(), ("keywords", &from, "Rust"), &|_| {});
    assert_eq!((merged.success, merged.added.len(), merged.diagnostics), (false, 0, found));
    assert!(!folder.path().join(registry::FILE).exists());
}
