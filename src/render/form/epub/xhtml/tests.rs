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
        ("<svg><svg><p>a</p></svg></svg>b", "b"),
        ("<ruby>汉<rt>han</rt></ruby><ruby>字</ruby>", "<ruby>汉<rt>han</rt></ruby><span>字</span>"),
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
    fn any_html_becomes_well_formed(html in "(<(/)?(p|div|ul|ol|li|table|thead|tbody|tr|td|th|caption|a href=x|em|b|h1|h3|dl|dt|dd|ruby|rt|pre|blockquote|script|img src=x|br|svg|details|p id=\"a\"|a href=\"#a\")>|文|&amp;|&|<|>| |\"|'){0,24}") {
        let xhtml = converted(&html);
        let document = format!("<body>{xhtml}</body>");
        let parsed = roxmltree::Document::parse(&document);
        prop_assert!(parsed.is_ok(), "{} {:?}", xhtml, parsed.err());
    }
}
