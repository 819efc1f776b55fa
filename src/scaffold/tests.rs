use super::*;

/// Three o'clock in the morning of the second of March in Shanghai, still the first in UTC.
fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-03-01T19:00:00Z").unwrap().to_utc()
}

fn messages(report: &Report) -> Vec<String> {
    let line = |found: &Diagnostic| {
        let path = found.place.as_ref().map_or("-", |place| place.path.as_str());
        format!("{path}: {}; {}", found.message, found.help.as_deref().unwrap_or_default())
    };
    report.diagnostics.iter().map(line).collect()
}

#[test]
fn init_creates_the_files_that_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("甲");
    let shown = |paths: &[&str]| -> Vec<String> {
        paths.iter().map(|path| root.join(path).to_string_lossy().into_owned()).collect()
    };
    let init =
        || init(folder.path(), Path::new("甲"), None, now(), &|_| panic!("no other process has the lock"));
    let sample = "content/articles/2026-03-02-hello-newsprint.md";
    let all = [
        "newsprint.yaml",
        sample,
        "content/pages/about.md",
        "content/terms.yaml",
        ".github/workflows/pages.yml",
        ".gitignore",
    ];
    let report = init();
    assert!(report.success && report.diagnostics.is_empty() && report.kept.is_empty());
    assert_eq!(report.created, shown(&all));
    let next =
        format!("newsprint: the digest is ready; next: cd {} && newsprint serve --open", root.display());
    let lines: String = shown(&all).iter().map(|path| format!("  created {path}\n")).collect();
    assert_eq!(report.summary(), format!("{lines}{next}"));
    assert!(fs::read_to_string(root.join(sample)).unwrap().contains("date: 2026-03-02"));

    fs::remove_file(root.join("content/terms.yaml")).unwrap();
    let report = init();
    assert_eq!(report.created, shown(&["content/terms.yaml"]));
    assert_eq!(report.kept, shown(&[all[0], all[2], all[4], all[5]]));
    let lines: String = report.kept.iter().map(|path| format!("  kept    {path}\n")).collect();
    assert_eq!(report.summary(), format!("  created {}\n{lines}{next}", report.created[0]));

    fs::remove_file(root.join(sample)).unwrap();
    let report = init();
    assert_eq!(report.created, shown(&[sample]));
}

#[test]
fn init_reports_what_is_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    let report = init(folder.path(), Path::new("file"), None, now(), &|_| {});
    assert!(!report.success);
    let help = "choose another folder, or a place that you can write to";
    let path = folder.path().join("file").to_string_lossy().into_owned();
    let message = "this is a file, so it cannot become the folder of a digest";
    assert_eq!(messages(&report), [format!("{path}: {message}; {help}")]);
    assert_eq!(report.summary(), "newsprint: not all files could be created");

    // A folder where a file should be is not a file that is kept.
    fs::create_dir_all(folder.path().join("b/.gitignore")).unwrap();
    let report = init(folder.path(), Path::new("b"), None, now(), &|_| {});
    let path = folder.path().join("b/.gitignore").to_string_lossy().into_owned();
    assert!(!report.success && report.kept.is_empty() && report.created.len() == 5);
    let help = "choose a folder that you can write to, or move a file of this name away";
    let [found] = &messages(&report)[..] else { panic!("{:?}", report.diagnostics) };
    assert!(found.starts_with(&format!("{path}: this file cannot be created: ")), "{found}");
    assert!(found.ends_with(help), "{found}");
}

#[test]
fn new_writes_an_article_with_the_given_fields() {
    let words = |title: &str| -> Vec<String> { title.split('|').map(str::to_owned).collect() };
    let config = Config::default();
    let folder = tempfile::tempdir().unwrap();
    let taxonomies: String =
        config.taxonomies.iter().map(|taxonomy| format!("{}: []\n", yaml::scalar(&taxonomy.name))).collect();
    for (title, date, link, draft, path, fields) in [
        ("标题", "today", None, false, "2026-03-02-标题.md", "title: 标题\nlink:\ndate: 2026-03-02\n"),
        (
            " 一: 二 ",
            "2026-01-31 08:30",
            Some("https://e.org/a"),
            true,
            "2026-01-31-一-二.md",
            "title: \"一: 二\"\nlink: https://e.org/a\ndate: 2026-01-31T08:30:00+08:00\ndraft: true\n",
        ),
    ] {
        let article = NewArticle { title: &words(title), date, link, draft };
        let report = new(folder.path(), &config, Vec::new(), &article, now(), &|_| {});
        let path = format!("content/articles/{path}");
        assert!(report.success && report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        assert_eq!(report.created, [path.as_str()]);
        assert_eq!(
            report.summary(),
            format!("  created {path}\nnewsprint: fill in {path}, and show it with newsprint serve")
        );
        let text = fs::read_to_string(folder.path().join(&path)).unwrap();
        assert_eq!(text, format!("---\n{fields}source:\nevent:\n{taxonomies}---\n\n"));
        // The file is not replaced.
        let report = new(folder.path(), &config, Vec::new(), &article, now(), &|_| {});
        assert!(!report.success && report.created.is_empty() && report.kept == [path.as_str()]);
        assert_eq!(
            messages(&report),
            [format!(
                "{path}: an article with this date and title already exists; edit that file, or choose another title"
            )]
        );
    }
}

#[test]
fn new_reports_every_wrong_value() {
    let words = |title: &str| -> Vec<String> { title.split('|').map(str::to_owned).collect() };
    let folder = tempfile::tempdir().unwrap();
    for (title, date, link, wanted) in [
        (" ", "today", None, &["the title is empty"] as &[&str]),
        ("a|b", "today", None, &["the title has several words without quotes"]),
        ("a", "昨天", None, &["--date: "]),
        ("a", "today", Some("x:y"), &["--link: "]),
        ("|", "昨天", Some("x:y"), &["the title is empty", "--date: ", "--link: "]),
    ] {
        let article = NewArticle { title: &words(title), date, link, draft: false };
        let warning = Diagnostic::warning("settings");
        let report = new(folder.path(), &Config::default(), vec![warning], &article, now(), &|_| {});
        assert!(!report.success && report.created.is_empty());
        let found: Vec<&str> = report.diagnostics.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(found.len(), wanted.len() + 1, "{found:?}");
        for (found, wanted) in found.iter().zip(std::iter::once(&"settings").chain(wanted)) {
            assert!(found.starts_with(wanted), "{found}");
        }
    }
    // Errors of the settings come first; with warnings alone the file is written.
    let article = NewArticle { title: &words("a"), date: "2026-01-02", link: None, draft: false };
    let new = |found| new(folder.path(), &Config::default(), vec![found], &article, now(), &|_| {});
    let report = new(Diagnostic::error("settings"));
    assert!(!report.success && report.created.is_empty() && report.diagnostics.len() == 1);
    let report = new(Diagnostic::warning("settings"));
    assert!(report.success && report.created == ["content/articles/2026-01-02-a.md"]);
    assert_eq!(report.diagnostics.len(), 1);
}

#[test]
fn the_command_after_init_names_the_generator_and_the_path() {
    for (dir, old, wanted) in [
        ("d", "../old", "../../old"),
        (".", "old site", "'old site'"),
        ("a/b", "/old", "/old"),
        ("./d", "it's", r"'../it'\''s'"),
    ] {
        let found = import_command(Path::new(dir), "hexo", Path::new(old));
        assert_eq!(found, format!("newsprint import --from hexo {wanted}"));
    }
}

/// A text in two parts: its lines without the words of comments, and these words. The lines of
/// settings and commands that are commented out stay; their own comments are words.
fn code_and_comments(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut code, mut comments) = (Vec::new(), Vec::new());
    // In a `run: |` that is commented out, up to the next line with this indentation or less.
    let mut block: Option<usize> = None;
    for line in text.lines() {
        let body = line.trim_start();
        let indent = &line[..line.len() - body.len()];
        let (before, line) = match body.strip_prefix('#') {
            Some(line) => (format!("{indent}#"), line),
            None => (String::new(), line),
        };
        let depth = line.len() - line.trim_start().len();
        block = block.filter(|start| depth > *start);
        let is_comment = !before.is_empty();
        if is_comment && !line.trim().is_empty() && block.is_none() && !is_setting(line) {
            code.push(before);
            comments.push(line.to_owned());
            continue;
        }
        if is_comment && line.ends_with(": |") {
            block = Some(depth);
        }
        let (line, comment) = line.split_once(" # ").unwrap_or((line, ""));
        code.push(before + line);
        comments.extend((!comment.is_empty()).then(|| comment.to_owned()));
    }
    (code, comments)
}

/// True for `name: value`, also as the first key of an item. A sentence has blanks before its colon,
/// or no ASCII name.
fn is_setting(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("- ").unwrap_or(line);
    let Some((name, value)) = line.split_once(':') else { return false };
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    !name.is_empty() && name.chars().all(is_name) && (value.is_empty() || value.starts_with(' '))
}

#[test]
fn the_files_of_both_languages_differ_only_in_the_words_of_comments() {
    let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    let (english, chinese) = (files(Language::English), files(Language::Chinese));
    let mut translated = 0;
    for ((path, english), (chinese_path, chinese)) in english.into_iter().zip(chinese) {
        assert_eq!(path, chinese_path);
        if english == chinese {
            continue;
        }
        translated += 1;
        let ((code, comments), (chinese_code, words)) =
            (code_and_comments(english), code_and_comments(chinese));
        assert_eq!(code, chinese_code, "{path}");
        assert_eq!(comments.len(), words.len(), "{path}");
        assert!(comments.len() > 5, "{path}: {comments:#?}");
        for (english, chinese) in comments.iter().zip(&words) {
            assert!(chinese.contains(is_han), "{path}: {english}: {chinese}");
        }
    }
    assert_eq!(translated, 3);
}

#[test]
fn code_and_comments_are_told_apart() {
    let text = "a: x#y # one\n\n# on two: three\n# b:\n#   - c: 1   # four\n#   run: |\n#     git push\n# five six: 1\n#\n";
    let (code, comments) = code_and_comments(text);
    let wanted = ["a: x#y", "", "#", "# b:", "#   - c: 1  ", "#   run: |", "#     git push", "#", "#"];
    assert_eq!(code, wanted);
    assert_eq!(comments, ["one", " on two: three", "four", " five six: 1"]);
}
