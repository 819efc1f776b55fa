use super::*;
use proptest::prelude::*;

fn converted(html: &str) -> String {
    let files = HashMap::from([("https://e.org/articles/b/", "a0002.xhtml")]);
    let links = Links { own: "https://e.org/articles/a/", files: &files, image: "图片" };
    convert(html, &links)
}

#[test]
fn html_becomes_well_formed_xhtml() {
    for (html, wanted) in [
        ("<p>甲<br>乙</p><hr>", "<p>甲<br/>乙</p><hr/>"),
        ("<p>a &amp; b &nbsp;&lt;c&gt;</p>", "<p>a &amp; b \u{a0}&lt;c&gt;</p>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<p><em>a<div>b</div></em>", "<p><em>a</em></p><div>b</div>"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
        ("<ul>x<li>a</ul>", "<ul><li>x</li><li>a</li></ul>"),
        ("<li>a</li>", "<div>a</div>"),
        (
            "<dl><dt>a</dt><dd>b</dd></dl>",
            "<div><div class=\"term\">a</div><div class=\"description\">b</div></div>",
        ),
        ("<script>alert('</p>')</script>x<style>p{}</style>", "x"),
        ("<!-- a --><p>x</p>", "<p>x</p>"),
        ("<input type=checkbox checked> a", "☑  a"),
        ("<svg><svg><text>a</text></svg></svg>b", "b"),
        ("<svg>x<svg><p>a</p></svg></svg>b", "<p>a</p>b"),
        ("<p>a<svg/>b</p><p>c", "<p>ab</p><p>c</p>"),
        ("<p>a<math/>b<svg><style>x</svg>c", "<p>abc</p>"),
        ("<object data=x><p>a</p></object>b", "<p>a</p>b"),
        ("<ruby>汉<rt>han</rt></ruby><ruby>字</ruby>", "<ruby>汉<rt>han</rt></ruby><span>字</span>"),
        ("<em>a</b>b</em>", "<em>ab</em>"),
        ("<em>a<p>b</em>c</p>", "<em>a</em><p>bc</p>"),
        ("<i><ul><li>a</i>b</ul>", "<i></i><ul><li>ab</li></ul>"),
        ("<td>a</td>", "<div>a</div>"),
        (
            "<table><thead><tr><th>a</th></tr></thead><tr><td class=\"right\" colspan=2>b</table>",
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td class=\"right\" colspan=\"2\">b</td></tr></tbody></table>",
        ),
        (
            "<table><tr><td>a<tr><td>b</table>",
            "<table><tbody><tr><td>a</td></tr><tr><td>b</td></tr></tbody></table>",
        ),
        (
            "<table><caption>t</caption><tbody><tr></tr></tbody><thead></thead></table>",
            "<table><caption>t</caption><tbody><tr></tr></tbody><tbody></tbody></table>",
        ),
        (
            "<table><caption>t<p>a</p><h3>b</h3></caption><tr><td>c</table>",
            "<table><caption>t<p>a</p><p>b</p></caption><tbody><tr><td>c</td></tr></tbody></table>",
        ),
        ("<table>文<tr><td>a</table>", "<table></table>文<div><div>a</div></div>"),
        ("<h4>a</h4><h2>b</h2><h3>c</h3>", "<h2>a</h2><h2>b</h2><h3>c</h3>"),
        (
            "<table><tr><td><h2>a</h2></td></tr></table>",
            "<table><tbody><tr><td><p>a</p></td></tr></tbody></table>",
        ),
        ("<p lang=\"en\" dir=x>a</p><p lang=\"e n\">b</p>", "<p lang=\"en\" xml:lang=\"en\">a</p><p>b</p>"),
        ("<ol start=3 reversed><li value=7>a</ol>", "<ol start=\"3\"><li value=\"7\">a</li></ol>"),
    ] {
        assert_eq!(converted(html), wanted, "{html}");
    }
}

#[test]
fn a_ruby_has_pairs_or_is_text() {
    for same in [
        "<ruby>漢<rt>han</rt></ruby>",
        "<ruby>漢<rt>han</rt>字<rt>zi</rt> </ruby>",
        "<ruby>漢<rp>（</rp><rt>han</rt><rp>）</rp></ruby>",
        "<ruby><em>漢</em><rt><b>han</b></rt></ruby>",
        "<em>a<ruby>漢<br/>字<rt>han</rt></ruby></em>",
    ] {
        assert_eq!(converted(same), same);
    }
    for (html, wanted) in [
        ("<ruby>漢<rt>han</ruby>", "<ruby>漢<rt>han</rt></ruby>"),
        ("<ruby>漢<rt>han<rt></ruby>", "<span>漢<span>（han）</span><span></span></span>"),
        ("<ruby><rb>漢</rb><rt>han</rt></ruby>", "<ruby>漢<rt>han</rt></ruby>"),
        ("<ruby>漢<rt>han</rt>字</ruby>", "<span>漢<span>（han）</span>字</span>"),
        ("<ruby>漢<rt>a<rt>b</rt></rt></ruby>", "<span>漢<span>（a）</span><span>（b）</span></span>"),
        ("<ruby><rt>han</rt></ruby>", "<span><span>（han）</span></span>"),
        ("<ruby>漢<rp>(</rp><rt>han</rt><rp>)</rp>字</ruby>", "<span>漢<span>（han）</span>字</span>"),
        ("<ruby>漢<rp>(</rp><rt>han</rt></ruby>", "<span>漢<span>（han）</span></span>"),
        ("<ruby>漢<rt>han</rt><rp>)文</ruby>", "<span>漢<span>（han）</span><span>)文</span></span>"),
        (
            "<ruby>漢<rp>文</rp><rt>han</rt><rp>)</rp></ruby>",
            "<span>漢<span>文</span><span>（han）</span></span>",
        ),
        (
            "<ruby><ruby>漢<rt>han</rt></ruby><rt>x</rt></ruby>",
            "<span><ruby>漢<rt>han</rt></ruby><span>（x）</span></span>",
        ),
        ("<ruby>漢<rt><ruby>a</ruby></rt></ruby>", "<span>漢<span>（<span>a</span>）</span></span>"),
        ("<ruby><em>漢<rt>han</rt></em></ruby>", "<span><em>漢<span>（han）</span></em></span>"),
        ("<ruby>漢<rt><b>han</rt></b></ruby>", "<span>漢<span>（<b>han）</b></span></span>"),
        ("<ruby>漢<p>a</p><rt>han</rt></ruby>b", "<span>漢</span><p>a</p><span>（han）</span>b"),
        ("<p><ruby>漢<rt>han</p>a", "<p><span>漢<span>（han）</span></span></p>a"),
        ("<b><ruby>漢</b><rt>han</rt></ruby>", "<b><span>漢</span></b><span>（han）</span>"),
        (
            "<ruby><a href=\"https://e.org/\">漢</a><rt>han</rt></ruby>",
            "<span><a href=\"https://e.org/\">漢</a><span>（han）</span></span>",
        ),
        ("<ruby>漢<rt><img alt=x></rt></ruby>", "<span>漢<span>（x）</span></span>"),
        ("<rt>a</rt><rp>(</rp></ruby>b", "a(b"),
        ("<ruby id=a>漢<rt id=b>x", "<span id=\"x1\">漢<span id=\"x2\">（x）</span></span>"),
    ] {
        assert_eq!(converted(html), wanted, "{html}");
    }
}

#[test]
fn a_table_has_one_caption() {
    for (html, wanted) in [
        (
            "<table><caption>a</caption><caption>b</caption><tr><td>c</table>",
            "<table><caption>a</caption><tbody><tr><td>b</td></tr><tr><td>c</td></tr></tbody></table>",
        ),
        (
            "<table><tr><td>a</td></tr><caption><h2>b</h2></caption><tr><td>c</table>",
            "<table><tbody><tr><td>a</td></tr></tbody><tbody><tr><td><p>b</p></td></tr><tr><td>c</td></tr></tbody></table>",
        ),
        (
            "<table><thead></thead><caption>a</caption><thead><tr><th>b</table>",
            "<table><thead></thead><tbody><tr><td>a</td></tr></tbody><tbody><tr><th>b</th></tr></tbody></table>",
        ),
        (
            "<table><caption>a</caption><thead><tr><th>b<table><caption>c</caption></table></table>",
            "<table><caption>a</caption><thead><tr><th>b<table><caption>c</caption></table></th></tr></thead></table>",
        ),
        (
            "<table><tr><td>a</table><caption>b",
            "<table><tbody><tr><td>a</td></tr></tbody></table><div>b</div>",
        ),
    ] {
        assert_eq!(converted(html), wanted, "{html}");
    }
}

/// With a time that grows with the square of the size, this test would take minutes.
#[test]
fn the_time_grows_with_the_size() {
    let many = 20_000;
    let heading = |n: usize| format!("<h2 id=\"h-{n}\">{n}</h2>");
    let headings: String = (0..many).map(heading).collect();
    let written = converted(&headings);
    assert_eq!(written.matches("<h2 id=\"x").count(), many);
    assert!(written.ends_with("<h2 id=\"x20000\">19999</h2>"));
    for (before, again, wanted) in [
        ("", "<ruby>漢", "<span>"),
        ("", "<ruby>漢<rt>a</ruby>", "<ruby>"),
        ("<table>", "<caption>a</caption>", "a<"),
        ("<table>", "<thead>", "<t"),
        ("<i><div>", "<b>a</i>", "<b>"),
        ("", "<div>a</section><h2>b</h2>", "<h2>"),
        ("", "<div><li>a", "a"),
        ("", "<svg></math>a", "a"),
        ("", "<b>a</i>", "a"),
    ] {
        let written = converted(&(before.to_owned() + &again.repeat(many)));
        assert!(written.matches(wanted).count() >= many, "{again}");
    }
}

#[test]
fn links_lead_to_chapters_places_and_valid_addresses() {
    for (html, wanted) in [
        ("<a href=\"https://e.org/articles/b/#h-x\">b</a>", "<a href=\"a0002.xhtml\">b</a>"),
        ("<a href=\"https://e.org/articles/c/\">c</a>", "<a href=\"https://e.org/articles/c/\">c</a>"),
        (
            "<a href=\"https://e.org/articles/a/#h-%E8%8A%82\">a</a><h2 id=\"h-节\">节</h2>",
            "<a href=\"#x1\">a</a><h2 id=\"x1\">节</h2>",
        ),
        ("<a href=\"https://e.org/articles/a/#gone\">a</a>", "<a>a</a>"),
        ("<p id=\"《\">a</p><p id=\"《\">b</p>", "<p id=\"x1\">a</p><p>b</p>"),
        ("<a href=\"https://x.org/a b|[1]%\">a</a>", "<a href=\"https://x.org/a%20b%7C%5B1%5D%25\">a</a>"),
        ("<a href=\"javascript:x\">a</a>", "<a>a</a>"),
        ("<a href=\"mailto:\">m</a>", "<a>m</a>"),
        ("<a href=\"tel:\">t</a>", "<a>t</a>"),
        ("<a href=\"https://*.example.org/\">a</a>", "<a>a</a>"),
        ("<img src=\"https://a;b.org/a.png\" alt=\"图\">", "图"),
        ("<video src=\"https://exa&amp;mple.org/a\"></video>", "https://exa&amp;mple.org/a"),
        (
            "<table><caption><table id=a><tr></table></caption></table><a href=\"#a\">a</a>",
            "<table><caption></caption><tbody><tr></tr></tbody></table><a>a</a>",
        ),
        (
            "<a href=\"https://x.org/\">a<a href=\"https://y.org/\">b</a>",
            "<a href=\"https://x.org/\">a</a><a href=\"https://y.org/\">b</a>",
        ),
        ("<img src=\"https://x.org/a.png\" alt=\"图\">", "<a href=\"https://x.org/a.png\">图</a>"),
        ("<img src=\"https://x.org/a.png\" alt=\"\">", "<a href=\"https://x.org/a.png\">图片</a>"),
        (
            "<a href=\"https://x.org/\"><img src=\"https://x.org/a.png\" alt=\"图\"></a>",
            "<a href=\"https://x.org/\">图</a>",
        ),
        ("<img alt=\"图\">", "图"),
    ] {
        assert_eq!(converted(html), wanted, "{html}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_html_becomes_well_formed(html in "(<(/)?(p|div|ul|ol|li|table|thead|tbody|tr|td|th|caption|a href=x|em|b|h1|h3|dl|dt|dd|ruby|rt|pre|blockquote|script|img src=x|br|svg|math/|style|/svg|object|rp|details|p id=\"a\"|a href=\"#a\")>|文|&amp;|&|<|>| |\"|'){0,24}") {
        let xhtml = converted(&html);
        let document = format!("<body>{xhtml}</body>");
        let parsed = roxmltree::Document::parse(&document);
        prop_assert!(parsed.is_ok(), "{} {:?}", xhtml, parsed.err());
    }
}
