//! HTML of feeds and of JSON becomes Markdown that says the same.

use super::{article, field, files, report};
use crate::driver::Digest;

/// Imports HTML as the text of one JSON record with a link. Returns the text of the article, what
/// its page shows between title and footer, and the report.
fn import(html: &str) -> (String, String, serde_json::Value) {
    let record = serde_json::json!([
        {"title": "题", "text": html, "date": "2024-03-05", "link": "https://r.example.net/p/1"}
    ]);
    let digest = Digest::new().file("in.json", record.to_string());
    let found = report(&digest, &["in.json"]);
    assert_eq!(found["success"], true, "{html}\n{found:#}");
    digest.build();
    let body = article(&digest, &files(&digest)[0]).1;
    (body, digest.main("articles/题/index.html"), found)
}

/// Imports HTML as the text of an Atom entry.
fn import_atom(content: &str) -> String {
    let feed = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>源</title><id>x</id><updated>2024-03-05T00:00:00Z</updated><entry><title>题</title><id>urn:1</id>\
         <link href=\"https://r.example.net/p/1\"/><updated>2024-03-05T00:00:00Z</updated>{content}</entry></feed>"
    );
    let digest = Digest::new().file("a.atom", feed);
    let found = report(&digest, &["a.atom"]);
    assert_eq!(found["success"], true, "{found:#}");
    article(&digest, &files(&digest)[0]).1
}

fn import_rss(content: &str) -> String {
    let feed = format!(
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>源</title><link>https://r.example.net/</link>\
         <item><title>题</title><link>https://r.example.net/p/1</link><pubDate>Wed, 02 Oct 2024 08:00:00 +0800</pubDate>{content}</item></channel></rss>"
    );
    let digest = Digest::new().file("a.xml", feed);
    let found = report(&digest, &["a.xml"]);
    assert_eq!(found["success"], true, "{found:#}");
    article(&digest, &files(&digest)[0]).1
}

/// Asserts that the page of each text shows a piece of HTML.
fn assert_shown(cases: &[(&str, &str)]) {
    for (html, shown) in cases {
        let (body, page, _) = import(html);
        let page: String = page.split_whitespace().collect::<Vec<_>>().join(" ").replace("> <", "><");
        assert!(page.contains(shown), "{html}\n{body}\n{page}");
    }
}

#[test]
fn character_references_are_characters() {
    for (html, text) in [
        ("<p>It&#8217;s &#8220;ok&#8221;&#8230;</p>", "It’s “ok”…"),
        ("<p>It&#x27;s &#x2019;</p>", "It's ’"),
        ("<p>&hellip;&quot;&mdash;&nbsp;&copy;</p>", "…\"—\u{a0}©"),
        ("<p>&#20013;&#x6587;&#38;&#35;8217;</p>", "中文\\&#8217;"),
        ("<p>A &amp; B&amp;C</p>", "A & B&C"),
        ("<li>&#8212;</li>", "- —"),
    ] {
        assert_eq!(import(html).0, text, "{html}");
    }
    assert_eq!(
        import_rss("<description><![CDATA[<p>It&#8217;s &#8220;ok&#8221;&#8230;</p>]]></description>"),
        "It’s “ok”…"
    );
}

#[test]
fn a_text_that_begins_with_any_element_is_html() {
    assert_shown(&[
        ("<ul><li>甲</li><li>乙</li></ul>", "<li>甲</li>"),
        ("<pre>x  = 1\n  y = 2</pre>", "<pre><code>x"),
        ("<ol><li>甲</li></ol>", "<ol>"),
        ("<blockquote>甲</blockquote>", "<blockquote>"),
        ("<h4>甲</h4>乙", "<h2"),
        ("<table><tr><td>甲</td><td>乙</td></tr></table>", "<table>"),
        ("<strong>甲</strong>乙", "<strong>甲</strong>"),
        ("<P>甲</P>", "<p>甲</p>"),
        ("甲 <em>乙</em> 丙", "<em>乙</em>"),
        ("甲<hr>乙", "<hr"),
        ("用 <div> 标签和 </div> 收尾", "用 &lt;div&gt; 标签和 &lt;/div&gt; 收尾"),
        ("List<String> 与 a < b", "List&lt;String&gt; 与 a &lt; b"),
    ]);
}

#[test]
fn tags_that_a_sentence_speaks_of_do_not_vanish_without_a_record() {
    let (body, _, found) = import("用<div>标签</div>收尾");
    assert!(body.contains("<div>") || found["repaired"].to_string().contains("<div>"), "{body} {found:#}");
}

#[test]
fn code_is_code_in_every_form() {
    assert_shown(&[
        (
            "<p>前</p><pre># 注释\n* 项\n  缩进 &lt;div&gt;</pre>",
            "<pre><code># 注释 * 项 缩进 &lt;div&gt; </code></pre>",
        ),
        (
            "<figure class='highlight js'><table><tr><td class=gutter><pre>1<br>2</pre></td><td class=code><pre>a<br># b</pre></td></tr></table></figure>",
            "<pre><code class=\"language-js\">a # b </code></pre>",
        ),
        (
            "<pre class='code-snippet__js'><code><span>fn main() {</span></code><code><span>    let a = 1;</span></code><code><span>}</span></code></pre><p>后</p>",
            "fn main() { let a = 1; } </code></pre><p>后</p>",
        ),
        ("<pre class='brush: java'>a</pre>", "class=\"language-java\">a"),
        ("<pre class='lang:python decode:true'>a</pre>", "class=\"language-python\">a"),
        ("<pre><code>```\na\n```</code></pre>", "<pre><code>``` a ``` </code></pre>"),
        ("<pre><span class=line-numbers-rows>1</span>a</pre>", "<pre><code>a </code></pre>"),
    ]);
}

#[test]
fn what_markdown_has_no_sign_for_keeps_its_meaning() {
    assert_shown(&[
        ("<p>算力达 10<sup>18</sup> 次</p>", "10¹⁸ 次"),
        ("<p>10<sup>-9</sup>，x<sup>2k</sup></p>", "10⁻⁹，x^(2k)"),
        ("<p>CO<sub>2</sub></p>", "CO₂"),
        ("<p>他说<q>好</q></p>", "他说“好”"),
        ("<p><ruby>漢<rt>かん</rt></ruby></p>", "漢（かん）"),
        ("<p>原价<s>999元</s>现价<del>799元</del></p>", "原价<del>999元</del>现价<del>799元</del>"),
        ("<p>按 <kbd>Ctrl</kbd></p>", "<code>Ctrl</code>"),
        ("<dl><dt>甲</dt><dd>乙</dd></dl>", "<li><p><strong>甲</strong></p><p>乙</p>"),
        ("<ul><li><input type=checkbox checked> 甲</li></ul>", "☑ 甲"),
        ("<p>1) 甲</p>", "<p>1) 甲</p>"),
    ]);
}

#[test]
fn tables_keep_rows_and_columns() {
    assert_shown(&[
        (
            "<table><tr><th></th><th>2023</th><th>2024</th></tr><tr><th>营收</th><td>1</td><td>2</td></tr></table>",
            "<td>营收</td><td>1</td><td>2</td>",
        ),
        (
            "<table><tbody><tr><th>型号</th><td>X1</td></tr><tr><th>价格</th><td>3999元</td></tr></tbody></table>",
            "<tr><td>型号</td><td>X1</td></tr><tr><td>价格</td><td>3999元</td></tr>",
        ),
        (
            "<table><tr><td>公司</td><td>营收</td></tr><tr><td>甲</td><td>10</td></tr></table>",
            "<td>甲</td><td>10</td>",
        ),
        (
            "<table><tr><th colspan=2>营收</th><th>利润</th></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>",
            "<td>1</td><td>2</td><td>3</td>",
        ),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td rowspan=2>1</td><td>2</td></tr><tr><td>3</td></tr></table>",
            "<tr><td>1</td><td>3</td></tr>",
        ),
    ]);
}

#[test]
fn blocks_within_signs_and_links_keep_both() {
    assert_shown(&[
        ("<a href=\"https://a.cn/1\"><h3>标题</h3><p>段落</p></a>", "段落</a></p>"),
        ("<strong><p>甲</p><p>乙</p></strong>", "<p><strong>甲</strong></p><p><strong>乙</strong></p>"),
        ("<h2>一、<br>甲</h2>", "一、甲</"),
        ("<ul><li>甲</li><ul><li>子</li></ul></ul>", "<li>甲 <ul><li>子</li></ul></li>"),
        ("<p>一<b> 二 </b>三</p>", "一 <strong>二</strong> 三"),
    ]);
}

#[test]
fn lazy_images_have_the_address_of_the_image() {
    for html in [
        "<p><img src=\"data:image/svg+xml;utf8,x\" data-src=\"https://a.cn/r.jpg\"></p>",
        "<p><img src=\"loading.gif\" data-original=\"https://a.cn/r.jpg\"></p>",
        "<p><img data-actualsrc=\"https://a.cn/r.jpg\"></p>",
        "<p><img data-lazy-src=\"https://a.cn/r.jpg\"><noscript><img src=\"https://a.cn/r.jpg\"></noscript></p>",
        "<p><img src=\"https://a.cn/placeholder.png\" srcset=\"https://a.cn/s.jpg 1x, https://a.cn/r.jpg 2x\"></p>",
        "<p><picture><source srcset=\"https://a.cn/r.jpg\"><img src=\"data:,\"></picture></p>",
    ] {
        assert_eq!(import(html).0, "![](https://a.cn/r.jpg)", "{html}");
    }
}

#[test]
fn blank_lines_end_paragraphs_where_no_element_is() {
    let rss = |text: &str| import_rss(&format!("<content:encoded><![CDATA[{text}]]></content:encoded>"));
    for (text, body) in [
        ("第一段<strong>粗</strong>。\n\n第二段。", "第一段**粗**。\n\n第二段。"),
        ("第一行\n第二行", "第一行第二行"),
        ("one\ntwo\n\nthree", "one two\n\nthree"),
        ("<h2>题</h2>\n甲\n\n乙", "## 题\n\n甲\n\n乙"),
        ("甲\n\n<pre>a\n\nb</pre>", "甲\n\n```\na\n\nb\n```"),
        ("<p>甲\n\n乙</p>", "甲乙"),
    ] {
        assert_eq!(rss(text), body, "{text}");
    }
}

#[test]
fn a_line_break_of_xhtml_is_one() {
    let xhtml = |inner: &str| {
        import_atom(&format!(
            "<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div></content>"
        ))
    };
    for (inner, body) in [
        ("<p>第一行<br/>第二行</p>", "第一行\\\n第二行"),
        ("<p>甲</p><hr/><p>乙</p>", "甲\n\n---\n\n乙"),
        ("<p>甲</p><p/><p>乙</p>", "甲\n\n乙"),
        ("<p>甲<wbr/>乙</p>", "甲乙"),
        ("<p><img src=\"https://a.cn/a.png\"/>甲</p>", "![](https://a.cn/a.png)甲"),
    ] {
        assert_eq!(xhtml(inner), body, "{inner}");
    }
}

#[test]
fn relative_addresses_lead_where_the_source_led() {
    let html = "<a href=\"/q\">见</a> <a href=\"../y.html\">上</a> <img src=\"i.png\"> <a href=\"#n\">注</a> <a href=\"//o.example/\">外</a>";
    let body = "[见](https://r.example.net/q) [上](https://r.example.net/y.html) ![](https://r.example.net/p/i.png) [注](https://r.example.net/p/1#n) [外](https://o.example/)";
    assert_eq!(import(html).0, body);
    let escaped = html.replace('<', "&lt;");
    assert_eq!(import_atom(&format!("<content type=\"html\">{escaped}</content>")), body);
    assert_eq!(import_rss(&format!("<description><![CDATA[{html}]]></description>")), body);
    // Without a link they stay.
    let record = serde_json::json!({"title": "题", "text": html});
    let digest = Digest::new().file("in.json", record.to_string());
    report(&digest, &["in.json"]);
    assert!(article(&digest, &files(&digest)[0]).1.starts_with("[见](/q) [上](../y.html) ![](i.png)"));
}

#[test]
fn a_tag_that_a_field_ends_in_is_not_shown() {
    for (summary, shown) in [
        ("<p>用 <code>x</cod", "用 x"),
        ("<p>消息见<a href=\"https://example.com/wiki/%E4%BA%BA%E5%B7", "消息见"),
        ("<p>甲</p><im", "甲"),
        ("<p>甲</p></", "甲"),
        ("<p>算力 10<sup>18</sup> 次</p>", "算力 10¹⁸ 次"),
        ("<p>甲。</p><p>乙</p>", "甲。乙"),
    ] {
        let record = serde_json::json!({"title": "题", "text": "正文。", "summary": summary});
        let digest = Digest::new().file("in.json", record.to_string());
        report(&digest, &["in.json"]);
        assert_eq!(field(&digest, "summary"), shown, "{summary}");
    }
    let (body, _, found) = import("<p>一</p><a href=\"x");
    assert_eq!(body, "一");
    assert!(found["repaired"].to_string().contains("<a href="), "{found:#}");
}

#[test]
fn hostile_tables_take_bounded_time_and_memory() {
    for html in [
        format!("<table>{}</table>", "<tr><td colspan=1000 rowspan=65534>甲<td>乙".repeat(3000)),
        format!("<table><tr>{}</table>", "<th colspan=1000>甲乙丙丁".repeat(3000)),
        format!("<p>{}</p>", "<br> ".repeat(20_000)),
        format!("<p>{}</p>", "<b>a</b> *".repeat(5000)),
    ] {
        let record = serde_json::json!({"title": "题", "text": html});
        let digest = Digest::new().file("in.json", record.to_string());
        let outcome = digest.run(&["import", "in.json"]);
        assert!(outcome.success, "{}", outcome.stderr);
    }
}

#[test]
fn styles_and_formulas_do_not_make_another_number() {
    assert_shown(&[
        ("<p>算力 10<span style=\"vertical-align: super\">18</span> 次</p>", "算力 10¹⁸ 次"),
        ("<p>CO<span style=\"font-size:9px;vertical-align:sub;\">2</span></p>", "CO₂"),
        ("<p>原价<span style=\"text-decoration: line-through\">999</span>799元</p>", "<del>999</del>799元"),
        ("<p><math><msup><mn>10</mn><mn>18</mn></msup></math></p>", "10¹⁸"),
        ("<p><math><mfrac><mn>1</mn><mn>2</mn></mfrac></math></p>", "1/2"),
        ("<p>甲 <script type=\"math/tex\">x_2</script></p>", "<code>x_2</code>"),
    ]);
    let record = serde_json::json!({"title": "题", "text": "甲。", "event": "原价<s>999</s>799元"});
    let digest = Digest::new().file("in.json", record.to_string());
    report(&digest, &["in.json"]);
    assert_eq!(field(&digest, "event"), "原价~~999~~799元");
}

#[test]
fn the_line_numbers_of_hugo_are_left_out() {
    let html = "<div class=\"highlight\"><table class=\"lntable\"><tr><td class=\"lntd\"><pre class=\"chroma\"><code><span class=\"lnt\">1\n</span><span class=\"lnt\">2\n</span></code></pre></td>\
        <td class=\"lntd\"><pre class=\"chroma\"><code class=\"language-go\" data-lang=\"go\"><span class=\"line\">a\n</span><span class=\"line\">b\n</span></code></pre></td></tr></table></div>";
    assert_eq!(import(html).0, "```go\na\nb\n```");
}

#[test]
fn pixels_and_anchors_of_headings_are_removed_and_named() {
    for (html, body, named) in [
        ("<p>甲</p><img src=\"https://a.cn/stat\" width=\"1\" height=\"1\">", "甲", "https://a.cn/stat"),
        ("<h2>甲<a class=\"headerlink\" href=\"#x\">¶</a></h2>", "## 甲", "headerlink"),
        ("<h2><a href=\"#x\">#</a>甲</h2>", "## 甲", "#x"),
    ] {
        let (found_body, _, found) = import(html);
        assert_eq!(found_body, body, "{html}");
        assert!(found["repaired"].to_string().contains(named), "{found:#}");
    }
}

#[test]
fn tags_in_code_of_markdown_do_not_make_a_text_html() {
    for (text, shown) in
        [("```html\n<div>x</div>\n```\n\n说明", "&lt;div&gt;x"), ("用 `<b>粗</b>` 加粗", "&lt;b&gt;粗")]
    {
        let page = import(text).1;
        assert!(page.contains(shown), "{page}");
    }
}
