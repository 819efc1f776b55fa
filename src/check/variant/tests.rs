use super::*;

#[test]
fn separators_are_ignored_except_between_digits() {
    for (a, b) in [
        ("gpt-4", "gpt4"),
        ("node.js", "nodejs"),
        ("ai agent", "ai-agent"),
        ("马斯克·埃隆", "马斯克埃隆"),
        ("claude-3-5-sonnet", "claude-3.5-sonnet"),
        ("claude 3.5 sonnet", "claude-3-5-sonnet"),
        ("claude_3_5_sonnet", "claude3.5sonnet"),
        ("gpt-3.5", "gpt 3 5"),
        ("gpt-3 - 5", "gpt-3.5"),
        ("llama 3 70b", "llama-3-70b"),
        ("qwen2.5-72b", "qwen2-5-72b"),
        ("no.1", "no1"),
        ("glm-4.5-air", "glm 4-5 air"),
        ("python3.12", "python-3-12"),
        ("_foo", "foo"),
        ("foo_", "foo"),
        ("_foo_", "foo"),
        ("_foo_bar", "foo bar"),
        ("__foo", "foo"),
    ] {
        assert_eq!(without_separators(a), without_separators(b), "{a} {b}");
    }
    for (a, b) in [
        ("gpt-3", "gpt-4"),
        ("gpt-3.5", "gpt-35"),
        ("gpt-3-5", "gpt-35"),
        ("gpt-3 - 5", "gpt-35"),
        ("claude-3.5", "claude-3-50"),
        ("claude-3-5", "claude-5-3"),
        ("claude-3.5", "claude-3.5.1"),
        ("qwen2.5", "qwen25"),
        ("llama-3-70b", "llama-370b"),
        ("1.2.3", "1.23"),
        (".net", "net"),
        ("c# .net", "c#net"),
        ("c++", "c"),
        ("1-2", "12"),
        ("-", ""),
        ("-foo", "foo"),
        ("__init__", "init"),
        ("__init__", "_init_"),
        ("__init__", "__init"),
        ("__file__", "file"),
        ("_", ""),
        ("____", "_"),
    ] {
        assert_ne!(without_separators(a), without_separators(b), "{a} {b}");
    }
    for (key, wanted) in [
        ("a - b_c.d·e 1-2", "abcde1.2"),
        ("____", "____"),
        ("__a", "a"),
        ("a__", "a"),
        ("__a__", "__a__"),
        ("c# .net", "c#.net"),
        ("c#.net", "c#.net"),
        ("a.#b", "a.#b"),
        ("a .b", "a.b"),
        ("a. b", "ab"),
        ("a.b", "ab"),
        ("c#-net", "c#net"),
    ] {
        assert_eq!(without_separators(key), wanted, "{key}");
    }
}

#[test]
fn translations_and_abbreviations_in_brackets_are_split() {
    assert_eq!(brackets("通用人工智能(agi)"), Some(("通用人工智能", "agi")));
    assert_eq!(brackets("large language model(llm)"), Some(("large language model", "llm")));
    assert_eq!(brackets("rag(检索增强生成)"), Some(("rag", "检索增强生成")));
    assert_eq!(brackets("ai( 人工智能 )"), Some(("ai", "人工智能")));
    assert_eq!(brackets("self-attention(sa)"), Some(("self-attention", "sa")));
    for key in ["甲(1)", "甲(乙)", "1(ai)", "1(人工智能)", "a(a)", "()", "a()", "a(b c)", "a((b))"] {
        assert_eq!(brackets(key), None, "{key}");
    }
    for key in ["苹果(公司)", "flash(存储)", "(agi)", "a(b)(c)", "flash(nand)", "agi"] {
        assert_eq!(brackets(key), None, "{key}");
    }
}

#[test]
fn plurals_are_distinguished_from_other_words_that_end_in_s() {
    assert_eq!(in_singular("llms", "LLMs").as_deref(), Some("llm"));
    assert_eq!(in_singular("gpus", "GPUs").as_deref(), Some("gpu"));
    assert_eq!(in_singular("ai agents", "AI agents").as_deref(), Some("ai agent"));
    assert_eq!(in_singular("startup companies", "startup companies").as_deref(), Some("startup company"));
    for name in ["AWS", "News", "iOS", "Windows", "GPTs", "wireless", "LLMS", "DeepMind", "Transformers"] {
        assert_eq!(in_singular(&name.to_lowercase(), name), None, "{name}");
    }
}

#[test]
fn a_different_letter_in_a_short_word_is_not_a_typo() {
    for (a, b) in
        [("model s tesla", "model x tesla"), ("deepseek-r1", "deepseek-v1"), ("google pay", "google play")]
    {
        assert!(!differ_only_in_long_words(a, b), "{a} {b}");
    }
    assert!(differ_only_in_long_words("kubernetes engine", "kuberntes engine"));
}

#[test]
fn typos_are_distinguished_from_other_names() {
    for (a, b) in [("kubernetes", "kuberntes"), ("midjourney", "midjoureny"), ("anthropic", "anthrropic")] {
        assert!(is_typo(a, b), "{a} {b}");
    }
    for (a, b) in [
        ("mistral", "mixtral"),
        ("openai4", "openai5"),
        ("transformer", "transformers"),
        ("kubernetes", "kubernetes"),
    ] {
        assert!(!is_typo(a, b), "{a} {b}");
    }
}

#[test]
fn quotation_marks_and_punctuation_around_a_name_are_removed() {
    for (key, wanted) in [
        ("《自然》", "自然"),
        ("『a』", "a"),
        ("「a」", "a"),
        ("“a”", "a"),
        ("\"a\"", "a"),
        ("#ai", "ai"),
        ("自然。", "自然"),
        ("ai,", "ai"),
        ("#《自然》，", "自然"),
        ("《》", "《》"),
        ("《 》", "《 》"),
        ("《a", "《a"),
        ("a》", "a》"),
        ("#", "#"),
        ("a", "a"),
    ] {
        assert_eq!(without_quotes(key), wanted, "{key}");
    }
}

#[test]
fn a_suffix_of_a_latin_name_is_removed() {
    for (key, wanted) in [
        ("openai公司", Some("openai")),
        ("openai 公司", Some("openai")),
        ("abc公司", Some("abc")),
        ("ab公司", None),
        ("互联网公司", None),
        ("apple股份有限公司", Some("apple")),
        ("c语言", Some("c")),
        ("1语言", None),
        ("tesla inc.", Some("tesla")),
        ("tesla", None),
    ] {
        assert_eq!(without_suffix(key), wanted, "{key}");
    }
}

#[test]
fn english_plurals_have_a_singular() {
    for (name, wanted) in [
        ("cats", Some("cat")),
        ("cars", Some("car")),
        ("abs", None),
        ("boxes", Some("box")),
        ("watches", Some("watch")),
        ("dishes", Some("dish")),
        ("classes", Some("class")),
        ("ties", Some("tie")),
        ("cities", Some("city")),
        ("APIs", Some("api")),
        ("As", None),
        ("bus", None),
        ("class", None),
        ("Agents", None),
        ("AI Agents", Some("ai agent")),
        ("cat", None),
    ] {
        assert_eq!(in_singular(&name.to_lowercase(), name).as_deref(), wanted, "{name}");
    }
}

#[test]
fn a_long_name_has_a_form_without_each_letter() {
    for (name, wanted) in [
        ("abcdefg".to_owned(), 0),
        ("abcdefgh".to_owned(), 9),
        ("aabcdefg".to_owned(), 8),
        ("abcdefgh1".to_owned(), 9),
        ("abcdefg12".to_owned(), 0),
        ("abcdefgh中".to_owned(), 0),
        ("abcdefgh".repeat(6), 49),
        ("abcdefgh".repeat(6) + "i", 0),
    ] {
        assert_eq!(deletions(&name).len(), wanted, "{name}");
    }
    let forms =
        ["abcdefg", "abcdefgh", "abcdefh", "abcdegh", "abcdfgh", "abcefgh", "abdefgh", "acdefgh", "bcdefgh"];
    assert_eq!(deletions("abcdefgh"), forms);
}

#[test]
fn a_different_letter_is_a_typo_in_names_of_ten_letters() {
    for (a, b, wanted) in [
        ("abcdefghij", "abcdefghix", true),
        ("abcdefghi", "abcdefghx", false),
        ("abcdefghi", "abcdefgih", true),
        ("xanthropic", "anthropic", false),
        ("anthropic", "anthropicx", true),
        ("anthropic", "anthropics", false),
        ("abcdefghi1", "abcdefghi2", false),
    ] {
        assert_eq!((is_typo(a, b), is_typo(b, a)), (wanted, wanted), "{a} {b}");
    }
    for (name, wanted) in [
        ("AGI", true),
        ("A", false),
        ("LLMs", true),
        ("As", false),
        ("Elon Musk", true),
        ("ChatGPT", false),
        ("中文", true),
        ("", false),
    ] {
        assert_eq!(is_other_name(name), wanted, "{name}");
    }
    for (a, b, wanted) in [
        ("abcde x", "abcdf x", true),
        ("abcd x", "abce x", false),
        ("abcde", "abcdf x", false),
        ("abcd", "abcde", false),
        ("a", "a", true),
    ] {
        assert_eq!(differ_only_in_long_words(a, b), wanted, "{a} {b}");
    }
}
