use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};
use proptest::prelude::*;

use super::*;

fn taiwan(exceptions: &[(&str, &str)]) -> Traditional {
    let owned = exceptions.iter().map(|(text, replacement)| ((*text).to_owned(), (*replacement).to_owned()));
    Traditional::new(Region::Taiwan, owned.collect())
}

fn html(html: &str) -> String {
    taiwan(&[]).html(html, &|_| None)
}

#[test]
fn the_tables_of_both_regions_load() {
    assert!(TAIWAN.is_some() && HONG_KONG.is_some());
}

#[test]
fn a_phrase_decides_on_the_form_of_a_character() {
    for (simplified, traditional) in [
        ("头发", "頭髮"),
        ("发展", "發展"),
        ("干细胞", "幹細胞"),
        ("若干细胞", "若干細胞"),
        ("干净的树干", "乾淨的樹幹"),
        ("里程碑", "里程碑"),
        ("皇后在后面", "皇后在後面"),
        ("模范", "模範"),
        ("软件", "軟件"),
        ("，头发。", "，頭髮。"),
        ("AI头发AI", "AI頭髮AI"),
        ("“头发”（发展）", "“頭髮”（發展）"),
        ("𠮷头发🙂发展", "𠮷頭髮🙂發展"),
    ] {
        assert_eq!(taiwan(&[]).text(simplified), traditional, "{simplified}");
    }
}

#[test]
fn the_regions_have_different_forms() {
    let hong_kong = Traditional::new(Region::HongKong, Vec::new());
    for (simplified, in_taiwan, in_hong_kong) in [
        ("里面", "裡面", "裏面"),
        ("台湾", "臺灣", "台灣"),
        ("说", "說", "説"),
        ("群众", "群眾", "羣眾"),
        ("污染", "汙染", "污染"),
        ("着", "著", "着"),
    ] {
        assert_eq!(taiwan(&[]).text(simplified), in_taiwan, "{simplified}");
        assert_eq!(hong_kong.text(simplified), in_hong_kong, "{simplified}");
    }
}

#[test]
fn exceptions_come_before_phrases() {
    let surname = [("范", "范"), ("余承东", "余承東")];
    for (exceptions, simplified, traditional) in [
        (&[][..], "余承东与范雨素", "餘承東與範雨素"),
        (&surname[..], "余承东与范雨素", "余承東與范雨素"),
        (&[("干细胞", "干細胞")][..], "造血干细胞研究", "造血干細胞研究"),
        // At each place the longest, and the first of two that are the same.
        (&[("范", "范"), ("范围", "範圍"), ("范", "氾")][..], "范围与范", "範圍與范"),
        // From left to right.
        (&[("若干", "若干"), ("干细胞", "X")][..], "若干细胞", "若干細胞"),
        (&[("干细胞", "X")][..], "若干细胞", "若X"),
        // A replacement is not converted again.
        (&[("软件", "软體")][..], "软件发展", "软體發展"),
        (&[("软件", "軟體"), ("", "X")][..], "软件", "軟體"),
        (&[("IT", "資訊科技")][..], "IT", "資訊科技"),
    ] {
        assert_eq!(taiwan(exceptions).text(simplified), traditional, "{simplified} {exceptions:?}");
        assert_eq!(taiwan(exceptions).html(simplified, &|_| None), traditional, "{simplified}");
    }
}

#[test]
fn a_text_that_does_not_change_is_borrowed() {
    let named = taiwan(&[("范", "范"), ("GPT", "GPT")]);
    for text in ["", "OpenAI GPT-4 & <b>", "一二三", "頭髮發展於臺灣，皇后在裡面。", "范 GPT"]
    {
        assert!(matches!(named.text(text), Cow::Borrowed(same) if same == text), "{text}");
    }
    assert!(matches!(named.text("发"), Cow::Owned(_)));
}

#[test]
fn the_texts_of_html_are_converted_and_its_tags_are_not() {
    for (simplified, traditional) in [
        ("<p>头发<b>发展</b></p>\n", "<p>頭髮<b>發展</b></p>\n"),
        // Phrases do not cross tags.
        ("头<b>发</b>", "頭<b>發</b>"),
        ("<h2 id=\"h-发展\">发展</h2>", "<h2 id=\"h-发展\">發展</h2>"),
        ("<a href=\"#h-发展\">发展</a>", "<a href=\"#h-发展\">發展</a>"),
        (
            "<img src=\"/发.png\" alt=\"头发\" data-发='发'>",
            "<img src=\"/发.png\" alt=\"頭髮\" data-发='发'>",
        ),
        ("<b title='头发>' aria-label=发展 class=发>", "<b title='頭髮>' aria-label=\"發展\" class=发>"),
        ("<B TITLE=头\"发>", "<B TITLE=\"頭&quot;發\">"),
        ("<b alt title= >发", "<b alt title= >發"),
        ("<br>发<br/>发<hr>发", "<br>發<br/>發<hr>發"),
        ("1 < 2 发 <3 发 <", "1 < 2 發 <3 發 <"),
        (
            "<!-- 发 --!>发<!-->发<!--->发<!发>发<?发>发</>发",
            "<!-- 发 --!>發<!-->發<!--->發<!发>發<?发>發</>發",
        ),
        ("</发>发<b 发", "</发>發<b 发"),
        ("发</b title=发>", "發</b title=发>"),
        ("<textarea>发<b>发</textarea>发", "<textarea>发<b>发</textarea>發"),
    ] {
        assert_eq!(html(simplified), traditional);
    }
}

#[test]
fn code_and_pictures_stay_as_they_are() {
    for name in ["code", "pre", "kbd", "samp", "var", "script", "style", "math", "svg", "CODE"] {
        let element = format!("<{name} title=\"头发\"><i lang=\"zh\">头发</i></{name}>");
        assert_eq!(html(&format!("发{element}发")), format!("發{element}發"));
    }
    assert_eq!(html("<pre><code>发</code>发</pre>发"), "<pre><code>发</code>发</pre>發");
    assert_eq!(html("<script>a</b>'<i>发</script>发"), "<script>a</b>'<i>发</script>發");
    assert_eq!(html("<svg/>发<svg><g/>发<svg/>发</svg>发"), "<svg/>發<svg><g/>发<svg/>发</svg>發");
    assert_eq!(
        html("<svg><![CDATA[</svg>发]]>发</svg>发<![CDATA[发>发"),
        "<svg><![CDATA[</svg>发]]>发</svg>發<![CDATA[发>發"
    );
    // A style sheet in SVG has tags.
    assert_eq!(html("<svg><style>a</svg>发"), "<svg><style>a</svg>發");
}

#[test]
fn texts_in_another_language_stay_as_they_are() {
    for other in [
        "ja",
        "en",
        "zh-CN",
        "zh-Hans",
        "zh-TW",
        "zh-Hant",
        "zh-hk",
        "zh-Hant-CN",
        "yue",
        "zh-yue",
        "zhx",
        "",
    ] {
        let element = format!("<p lang=\"{other}\" title=\"发\">发<b>发</b></p>");
        assert_eq!(html(&format!("{element}发")), format!("{element}發"), "{other}");
    }
    for simplified in ["zh", "ZH", " zh "] {
        let inner = |text| format!("<p lang=ja>发<b lang=\"{simplified}\" title=\"{text}\">{text}</b>发</p>");
        assert_eq!(html(&inner("发")), inner("發"), "{simplified}");
    }
    // The end tag of an element around it ends an element; one without a start ends nothing.
    assert_eq!(html("<div><p lang=ja>发</b>发<br>发</div>发"), "<div><p lang=ja>发</b>发<br>发</div>發");
    assert_eq!(html("<I LANG=ja LANG=zh>发</i>发"), "<I LANG=ja LANG=zh>发</i>發");
}

#[test]
fn addresses_are_replaced_also_in_code_and_in_other_languages() {
    let address = |address: &str| Some(format!("/zh-tw{address}\"")).filter(|_| address.starts_with('/'));
    for (simplified, traditional) in [
        ("<a href=\"/发/?a&amp;b\">发</a>", "<a href=\"/zh-tw/发/?a&amp;b&quot;\">發</a>"),
        ("<a HREF=/a/>发", "<a HREF=\"/zh-tw/a/&quot;\">發"),
        ("<a title='发' href='/a/' rel=x>", "<a title='發' href='/zh-tw/a/&quot;' rel=x>"),
        ("<p lang=en><code><a href='/'>发</a>", "<p lang=en><code><a href='/zh-tw/&quot;'>发</a>"),
        ("<a href=\"https://o.org/发?a&b\">", "<a href=\"https://o.org/发?a&b\">"),
        ("<svg><a href='/'>", "<svg><a href='/'>"),
    ] {
        assert_eq!(taiwan(&[]).html(simplified, &address), traditional);
    }
    assert_eq!(
        taiwan(&[]).html("<a href><a href=><a href=''>", &|_| Some("a".into())),
        "<a href><a href=><a href=''>"
    );
}

#[test]
fn references_stay_and_replacements_are_escaped() {
    let named = taiwan(&[("amp", "X"), ("AT&T", "<AT&T>"), ("说\"", "說'\"")]);
    for (simplified, traditional) in [
        ("&lt;发&gt; &amp; &#x53d1;发&#21457; &发; &", "&lt;發&gt; &amp; &#x53d1;發&#21457; &發; &"),
        ("amp &amp; AT&amp;T发", "X &amp; &lt;AT&amp;T&gt;發"),
        ("<b title=\"&quot;发\" alt='说&quot;'>", "<b title=\"&quot;發\" alt='說&#x27;&quot;'>"),
        ("说\" <i title=amp>", "說&#x27;&quot; <i title=\"X\">"),
    ] {
        assert_eq!(named.html(simplified, &|_| None), traditional);
    }
}

/// The tokens of HTML in lines, without the values of the attributes that may change. Texts are
/// counted only.
#[derive(Default)]
struct Lines(RefCell<Vec<String>>);

impl TokenSink for Lines {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut lines = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => lines.extend(text.chars().map(|_| "text".to_owned())),
            Token::TagToken(tag) => {
                lines.push(line(&tag));
                return match &*tag.name {
                    _ if tag.kind == TagKind::EndTag => TokenSinkResult::Continue,
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" => TokenSinkResult::RawData(RawKind::Rawtext),
                    "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::ParseError(_) => {}
            other => lines.push(format!("{other:?}")),
        }
        TokenSinkResult::Continue
    }
}

fn line(tag: &Tag) -> String {
    let attributes = tag.attrs.iter().map(|attribute| match &*attribute.name.local {
        name @ ("alt" | "title" | "aria-label" | "href") => name.to_owned(),
        name => format!("{name}={}", attribute.value),
    });
    format!("{:?} {} {:?}", tag.kind, tag.name, attributes.collect::<Vec<_>>())
}

/// Reads HTML by html5ever's tokenizer.
fn tokens(html: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Lines::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// The ASCII of HTML without quotation marks, which a value without them gets.
fn ascii(html: &str) -> String {
    html.replace("&quot;", "").chars().filter(|&c| c.is_ascii() && c != '"').collect()
}

/// Parts of HTML that are well-formed or not.
const SOUP: &str = "(<p|<a|<b|<code|<textarea|<style|</style>|</p|</a|</code>|</textarea>|>|/>| |=\
    |( |/)(alt|title|href|lang|class|id)|=\"|='|\"|'|/|头发|发|里|a|zh|ja|&amp;|&#x53d1;|&|<|<!--|-->\
    |<!|<\\?|\n){0,30}";

proptest! {
    #[test]
    fn tags_and_other_attributes_stay_byte_for_byte(html in SOUP) {
        let converted = taiwan(&[]).html(&html, &|_| None);
        prop_assert_eq!(ascii(&converted), ascii(&html));
        prop_assert_eq!(tokens(&converted), tokens(&html));
    }

    #[test]
    fn a_new_address_changes_no_other_attribute(html in SOUP) {
        let converted = taiwan(&[]).html(&html, &|address| Some(format!("{address} '\"<>&")));
        prop_assert_eq!(tokens(&converted), tokens(&html));
    }

    #[test]
    fn html_without_tags_is_converted_as_text(text in "(头发|[头发展里面台湾范干a-z \n]|，|&amp;|🙂){0,30}") {
        let named = taiwan(&[("范", "范"), ("干", "干")]);
        prop_assert_eq!(named.html(&text, &|_| None), named.text(&text).into_owned());
    }
}
