use super::*;
use crate::slug::key::term_key;
use proptest::prelude::*;

#[test]
fn slugs_are_readable() {
    for (written, wanted) in [
        ("人工智能", "人工智能"),
        ("OpenAI", "openai"),
        ("GPT-4o", "gpt-4o"),
        ("Large Language Model", "large_language_model"),
        ("C", "c"),
        ("C++", "c++"),
        ("C#", "c~23~"),
        (".NET", "~2e~net"),
        ("Node.js", "node.js"),
        ("A/B测试", "a~2f~b测试"),
        ("page", "~70~age"),
        ("CON", "~63~on"),
        ("通用人工智能（AGI）", "通用人工智能~28~agi~29~"),
    ] {
        assert_eq!(term(&term_key(written), Slugs::Han), wanted);
    }
}

#[test]
fn old_ascii_slugs_are_those_of_version_0_1_0() {
    for (written, old, new) in [
        ("空调", Some("kong-diao~7a7a8c03"), "kong-tiao~7a7a8c03"),
        ("排行榜", Some("pai-xing-bang~6392884c699c"), "pai-hang-bang~6392884c699c"),
        ("AI 弹窗", Some("ai-dan-chuang~i5f397a97"), "ai-tan-chuang~i5f397a97"),
        ("司长", Some("si-chang~53f8957f"), "si-zhang~53f8957f"),
        ("银行", None, "yin-hang~94f6884c"),
        ("芯片", None, "xin-pian~82af7247"),
        ("OpenAI", None, "openai"),
    ] {
        let key = term_key(written);
        assert_eq!(old_ascii(&key).as_deref(), old, "{written}");
        assert_eq!(term(&key, Slugs::Ascii), new, "{written}");
    }
}

#[test]
fn ascii_slugs_are_pinyin_with_code_points() {
    for (written, wanted) in [
        ("开源", "kai-yuan~5f006e90"),
        ("权力", "quan-li~6743529b"),
        ("权利", "quan-li~67435229"),
        ("OpenAI公司", "openai-gong-si~m516c53f8"),
        ("C#", "c~23~"),
        ("𠮷", "~20bb7~"),
    ] {
        assert!(
            term(&term_key(written), Slugs::Ascii).starts_with(wanted),
            "{}",
            term(&term_key(written), Slugs::Ascii)
        );
    }
}

#[test]
fn ascii_slugs_count_the_characters_between_han() {
    for (key, wanted) in [
        ("", "~"),
        ("a", "a"),
        (" a ", "~20~a~20~"),
        ("a b", "a_b"),
        (".a.b.", "~2e~a.b~2e~"),
        ("-+1", "-+1"),
        ("page", "~70~age"),
        ("Éa", "~c9~a"),
        ("人", "ren~4eba"),
        ("a人", "a-ren~h4eba"),
        ("人a", "ren-a~4eba"),
        ("人 a", "ren-_a~4eba"),
        ("人ab人", "ren-ab-ren~4ebai4eba"),
        (&format!("{}人", "a".repeat(19)), &format!("{}-ren~gh4eba", "a".repeat(19))),
        (&format!("{}人", "a".repeat(18)), &format!("{}-ren~y4eba", "a".repeat(18))),
    ] {
        assert_eq!(term(key, Slugs::Ascii), wanted, "{key}");
    }
}

#[test]
fn letters_that_change_with_case_or_normal_form_are_escaped() {
    for (key, wanted) in [
        ("é", "é"),
        ("É", "~c9~"),
        ("ß", "~df~"),
        ("ı", "~131~"),
        ("ſ", "~17f~"),
        ("\u{212b}", "~212b~"),
        ("\u{301}", "~301~"),
        ("，", "~ff0c~"),
        ("\u{f900}", "~f900~"),
        ("\u{345}", "~345~"),
        ("人", "人"),
        ("٣", "٣"),
        (" ", "~20~"),
        ("a b", "a_b"),
        (" a ", "~20~a~20~"),
        (".a.b.", "~2e~a.b~2e~"),
    ] {
        assert_eq!(term(key, Slugs::Han), wanted, "{key:?}");
    }
    let hash = |key: &str| blake3::hash(key.as_bytes()).to_hex()[..32].to_owned();
    let (at_limit, longer) = ("人".repeat(60), format!("a{}", "人".repeat(60)));
    assert_eq!(term(&at_limit, Slugs::Han), at_limit);
    let cut = format!("a{}~~{}", "人".repeat(59), hash(&longer));
    assert_eq!(term(&longer, Slugs::Han), cut);
}

#[test]
fn slugs_from_editors_are_plain() {
    for slug in ["openai", "open-ai", "开源", "c++", "gpt-4.5"] {
        assert!(is_plain(slug), "{slug}");
    }
    for slug in ["", "OpenAI", "a b", "a_b", "a/b", "~", ".net", "page", "con", "..", "a-z"] {
        assert!(!is_plain(slug), "{slug}");
    }
}

#[test]
fn similar_terms_have_different_slugs() {
    let terms = [
        "C",
        "C++",
        "C#",
        ".NET",
        "NET",
        "A/B测试",
        "AB测试",
        "权力",
        "权利",
        "a b",
        "a-b",
        "a_b",
        "~",
        "",
        "i",
        "ı",
        "ß",
        "k",
    ];
    let slugs: std::collections::HashSet<String> =
        terms.iter().map(|written| term(&term_key(written), Slugs::Han)).collect();
    assert_eq!(slugs.len(), terms.len(), "{slugs:?}");
}

#[test]
fn article_slugs_are_plain() {
    assert_eq!(article("OpenAI 发布 GPT-4o！"), "openai-发布-gpt-4o");
    assert_eq!(article("../../etc/passwd"), "etc-passwd");
    assert_eq!(article("nul"), "nul-article");
    assert!(article("？！").starts_with("article-"));
    assert!(article(&"长".repeat(300)).len() <= 183);
}

fn check_portable(slug: &str) -> Result<(), TestCaseError> {
    prop_assert!(!slug.is_empty() && slug.len() <= 255, "{}", slug);
    prop_assert!(!slug.starts_with('.') && !slug.ends_with(['.', ' ']), "{}", slug);
    prop_assert!(!slug.contains(['/', '\\', '\0', ':', '*', '?', '"', '<', '>', '|']), "{}", slug);
    prop_assert!(is_nfc(slug) && !is_device(slug), "{}", slug);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, ..ProptestConfig::default() })]

    #[test]
    fn different_keys_have_different_slugs_even_where_case_is_ignored(
        a in "[ -~\u{130}\u{131}\u{17f}\u{212a}ßΣσςéÅ中（)]{0,6}|\\PC{0,8}|.{0,300}",
        b in "[ -~\u{130}\u{131}\u{17f}\u{212a}ßΣσςéÅ中（)]{0,6}|\\PC{0,8}",
    ) {
        let (a, b) = (term_key(&a), term_key(&b));
        let fold = |slug: String| slug.to_uppercase().to_lowercase();
        for slugs in [Slugs::Han, Slugs::Ascii] {
            prop_assert_eq!(a == b, fold(term(&a, slugs)) == fold(term(&b, slugs)), "{:?} {:?}", a, b);
        }
    }

    #[test]
    fn homophones_have_different_ascii_slugs(
        a in "[人仁任忍力利立 a-fren~xi安先西𠮷(-]{0,7}",
        b in "[人仁任忍力利立 a-fren~xi安先西𠮷(-]{0,7}",
    ) {
        let (a, b) = (term_key(&a), term_key(&b));
        prop_assert_eq!(a == b, term(&a, Slugs::Ascii) == term(&b, Slugs::Ascii), "{:?} {:?}", a, b);
    }

    #[test]
    fn every_slug_is_portable(name in ".{0,300}|\\PC{0,20}|[a-z.]{1,5}") {
        check_portable(&term(&term_key(&name), Slugs::Han))?;
        let ascii = term(&term_key(&name), Slugs::Ascii);
        prop_assert!(ascii.is_ascii());
        check_portable(&ascii)?;
        check_portable(&article(&name))?;
    }
}
