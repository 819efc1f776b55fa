mod conversions;

use super::*;
use crate::load::markdown::tests::html as rendered;

/// The Markdown of HTML, and what was recorded.
fn convert(html: &str) -> (String, Vec<String>) {
    let mut changes = Vec::new();
    let base = Base::of(["https://e.org/p/1"]);
    let markdown = markdown(html, &base, &mut changes);
    (markdown, changes.into_iter().map(|(_, from, _)| from).collect())
}

fn converted(html: &str) -> String {
    convert(html).0
}

const CONVERSIONS: &[(&str, &str)] = &[
    (
        "<p>一，<strong>二</strong>。</p><p><a href=\"https://e.org/x-y\">三</a></p>",
        "一，**二**。\n\n[三](https://e.org/x-y)",
    ),
    ("<p>GPT-4 与 state-of-the-art</p>", "GPT-4 与 state-of-the-art"),
    (
        "<p>It&#8217;s &#x201C;ok&#8221;&#8230; &hellip; &amp;amp; A&B &#146;</p>",
        "It’s “ok”… … \\&amp; A&B ’",
    ),
    ("<p>第一行<br></br>第二行</p>", "第一行\\\n第二行"),
    ("第一段<strong>粗</strong>。\n\n第二段\n接着。", "第一段**粗**。\n\n第二段接着。"),
    ("甲<br><br>乙", "甲\n\n乙"),
    ("<h2>一、<br>甲</h2>", "## 一、甲"),
    ("<h3><a href=#x>甲</a></h3>", "### [甲](https://e.org/p/1#x)"),
    (
        "<a href=\"https://a.cn/1\"><h3>标题</h3><p>段落</p></a>",
        "### [标题](https://a.cn/1)\n\n[段落](https://a.cn/1)",
    ),
    ("<strong><p>甲</p><p>乙</p></strong>", "**甲**\n\n**乙**"),
    ("<em>甲<div>乙</div></em>", "*甲*\n\n*乙*"),
    ("<p>a<b> b </b>c</p>", "a **b** c"),
    ("<ul><li>甲</li><ul><li>子</li></ul></ul>", "- 甲\n  - 子"),
    ("<ol start=3><li>三<li>四</ol>", "3. 三\n4. 四"),
    ("<ol reversed><li>二<li>一</ol>", "- 2\\. 二\n- 1\\. 一"),
    ("<ol type=a><li>甲<li>乙</ol>", "- a. 甲\n- b. 乙"),
    ("<ol><li>甲<li value=5>乙</ol>", "- 1\\. 甲\n- 5\\. 乙"),
    ("<ul><li><input type=checkbox checked> 甲<li><input type=checkbox> 乙</ul>", "- [x] 甲\n- [ ] 乙"),
    ("<li>甲</li><li>乙</li>", "- 甲\n- 乙"),
    ("<dl><dt>甲<dd>乙<dt>丙<dt>丁<dd>戊</dl>", "- **甲**\n\n  乙\n\n- **丙**\n\n  **丁**\n\n  戊"),
    ("<details><summary>甲</summary>乙</details>", "**甲**\n\n乙"),
    (
        "<figure><img src=i.png alt=图><figcaption>甲</figcaption></figure>",
        "![图](https://e.org/p/i.png)\n\n甲",
    ),
    (
        "<a href=/q>见</a> <a href=../x>甲</a> <a href=#n>乙</a>",
        "[见](https://e.org/q) [甲](https://e.org/x) [乙](https://e.org/p/1#n)",
    ),
    (
        "10<sup>18</sup>、10<sup>-9</sup>、x<sup>k+1</sup>、CO<sub>2</sub>、1<sup>st</sup>",
        "10¹⁸、10⁻⁹、x^(k+1)、CO₂、1st",
    ),
    ("甲<sup><a href=#fn1>1</a></sup>", "甲[1](https://e.org/p/1#fn1)"),
    ("<a href=#>甲</a>乙", "甲乙"),
    (
        "10<span style='vertical-align: super'>18</span>、CO<font style='vertical-align:sub'>2</font>",
        "10¹⁸、CO₂",
    ),
    ("10<sup style='vertical-align:super'>9</sup>", "10⁹"),
    ("10<b style='vertical-align:super'>9</b>", "10⁹"),
    ("甲<span style='vertical-align:super'><a href=/n>1</a></span>", "甲[1](https://e.org/n)"),
    ("原价<span style='text-decoration:line-through'>999</span>799元", "原价~~999~~799元"),
    ("<p style='text-decoration: line-through'>甲</p><p>乙</p>", "~~甲~~\n\n乙"),
    ("<span style='text-decoration:line-through'><p>甲</p></span>", "~~甲~~"),
    ("<s style='text-decoration:line-through'>甲</s>", "~~甲~~"),
    ("<img src=a.png style='vertical-align:super'>", "![](https://e.org/p/a.png)"),
    ("<p><math><msup><mn>10</mn><mn>18</mn></msup></math> 次</p>", "10¹⁸ 次"),
    ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
    ("甲<math alttext=\"x^2\"><msup><mi>x</mi><mn>2</mn></msup></math>", "甲`x^2`"),
    ("<p>甲 <script type=\"math/tex; mode=display\">x_2</script></p>", "甲 `x_2`"),
    ("<script type=\"math/tex\">x</script>", "`x`"),
    ("<h2>甲<a href=#x>乙</a></h2>", "## 甲[乙](https://e.org/p/1#x)"),
    ("<h2><a href=/x>#</a></h2>", "## [\\#](https://e.org/x)"),
    ("<p>甲<a href=#x>#</a></p>", "甲[#](https://e.org/p/1#x)"),
    ("原价<s>999元</s>现价799元，<del>旧</del>", "原价~~999元~~现价799元，~~旧~~"),
    ("<q>甲<q>乙</q></q>，<q lang=zh-TW>丙</q>", "“甲‘乙’”，「丙」"),
    ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", "漢（かん）字"),
    ("按 <kbd>Ctrl</kbd>，<samp>a|b</samp>，<var>x</var>", "按 `Ctrl`，`a|b`，*x*"),
    ("<abbr title=\"World Wide Web\">WWW</abbr>", "WWW（World Wide Web）"),
    ("<blockquote><p>甲</p><p>乙</p></blockquote>", "> 甲\n>\n> 乙"),
    ("甲<hr>乙", "甲\n\n---\n\n乙"),
    ("<p>前</p><pre># 注释\n* 项\n  缩进 &lt;div&gt;</pre>", "前\n\n```\n# 注释\n* 项\n  缩进 <div>\n```"),
    ("<pre><code class=language-md>```\nx\n```</code></pre>", "````md\n```\nx\n```\n````"),
    (
        "<figure class='highlight js'><table><tr><td class=gutter><pre>1<br>2</pre></td><td class=code><pre>a<br>b</pre></td></tr></table></figure>",
        "```js\na\nb\n```",
    ),
    (
        "<pre class=code-snippet__js><code><span>fn main() {</span></code><code><span>  a</span></code></pre><p>后</p>",
        "```js\nfn main() {\n  a\n```\n\n后",
    ),
    (
        "<img src='data:x' data-src='https://a.cn/r.jpg'><noscript><img src='https://a.cn/r.jpg'></noscript>",
        "![](https://a.cn/r.jpg)",
    ),
    ("<noscript><img src='https://a.cn/r.jpg'></noscript>", "![](https://a.cn/r.jpg)"),
    ("<code>a<a href=/x>b</a></code>", "`a`[`b`](https://e.org/x)"),
    ("<base href='/other/'><a href=x>甲</a>", "[甲](https://e.org/other/x)"),
    ("<math><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></math>", "`x^2`"),
    ("Vec<String> <b>x</b> &lt;b&gt; <https://e.org>", "Vec\\<String> **x** \\<b> \\<https://e.org>"),
];

#[test]
fn html_becomes_markdown() {
    let mut different = Vec::new();
    for (html, markdown) in CONVERSIONS {
        let found = converted(html);
        if found != *markdown {
            different.push(format!("{html}\n  {found:?}\n  {markdown:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn tables_keep_their_rows_and_columns() {
    let mut different = Vec::new();
    for (html, markdown) in [
        (
            "<table><tr><th></th><th>2023</th><th>2024</th></tr><tr><th>营收</th><td>1</td><td>2</td></tr></table>",
            "| | 2023 | 2024 |\n| --- | --- | --- |\n| 营收 | 1 | 2 |",
        ),
        (
            "<table><tbody><tr><th>型号</th><td>X1</td></tr><tr><th>价格</th><td>3999元</td></tr></tbody></table>",
            "| | |\n| --- | --- |\n| 型号 | X1 |\n| 价格 | 3999元 |",
        ),
        (
            "<table><tr><td>公司</td><td>营收</td></tr><tr><td>甲</td><td>10</td></tr></table>",
            "| 公司 | 营收 |\n| --- | --- |\n| 甲 | 10 |",
        ),
        (
            "<table><caption>表</caption><tr><th colspan=2>营收<th>利润<tr><td>1<td>2<td>3</table>",
            "表\n\n| 营收 | 营收 | 利润 |\n| --- | --- | --- |\n| 1 | 2 | 3 |",
        ),
        (
            "<table><tr><th>a<th>b<tr><td><p>一</p><p>二|三</p><td><ul><li>x<li>y</ul></table>",
            "| a | b |\n| --- | --- |\n| 一 二\\|三 | x y |",
        ),
        ("<table><tr><th>a<tr><td><table><tr><td>1<td>2</table></table>", "| a |\n| --- |\n| 1 2 |"),
        ("<table role=presentation><tr><td><p>甲</p><td>乙</table>", "甲\n\n乙"),
        ("<table><tr><td><h2>甲</h2><p>乙</p></table>", "## 甲\n\n乙"),
        ("<table><tr><td><table><tr><th>a<th>b</table></table>", "| a | b |\n| --- | --- |"),
        ("<table></table>", ""),
    ] {
        let found = converted(html);
        if found != *markdown {
            different.push(format!("{html}\n  {found:?}\n  {markdown:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
    let long = "长".repeat(MAX_DEPTH);
    let spanned = converted(&format!("<table><tr><th colspan=2>{long}<tr><td>1<td>2</table>"));
    assert_eq!(spanned.matches(&long).count(), 1);
}

#[test]
fn text_that_looks_like_markdown_syntax_stays_text() {
    for words in [
        "~~a~~",
        "---",
        "===",
        "a|b",
        "# x",
        "1) 甲",
        "1. 甲",
        "+ a",
        "- a",
        "* a",
        "> a",
        "[x] a",
        "[a](b)",
        "`a`",
        "```",
        "[^1]",
        "[^1]: a",
        "{#id}",
        "&amp;lt;b&amp;gt;",
        "&amp;copy;",
        "\\*a",
        "__a__",
        "![a](b)",
        ": a",
        "a_b_",
    ] {
        for html in [
            format!("<p>{words}</p>"),
            format!("<p>一<br>{words}</p>"),
            format!("<li>{words}"),
            format!("<h2>甲 {words}</h2>"),
            format!("<table><tr><th>{words}<th>b</table>"),
            format!("<p>一<b>{words}</b></p>"),
            format!("<blockquote>{words}</blockquote>"),
        ] {
            let shown = rendered(&converted(&html));
            let text = shown.replace("&gt;", ">");
            assert!(text.contains(words), "{html}: {shown}");
            for tag in
                ["<del", "<hr", "<h1", "<h3", "<code", "<sup", "<em", "☐", "☑", "<ol", "<a ", "id=\"id"]
            {
                assert!(!shown.contains(tag), "{html}: {shown}");
            }
        }
    }
}

#[test]
fn what_cannot_be_kept_is_recorded() {
    let mut different = Vec::new();
    for (html, markdown, named) in [
        (
            "<p>一</p><script>alert(1)</script><IFRAME src=x></iframe>",
            "一",
            &["<script>alert(1)</script>", "<iframe src=\"x\"></iframe>"][..],
        ),
        ("一<video src=\"a.mp4\">不支持</video>", "一", &["<video src=\"a.mp4\">不支持</video>"]),
        ("一<!-- 秘密 --><!-- -->", "一", &["<!-- 秘密 -->"]),
        (
            "<form>甲<input name=q><button>搜</button></form>",
            "甲",
            &["<input name=\"q\">", "<button>搜</button>"],
        ),
        ("<ins>新</ins><mark>重</mark><u></u>", "新重", &["<ins>", "<mark>"]),
        ("<blockquote cite=\"https://e.org/\">甲</blockquote>", "> 甲", &["cite=\"https://e.org/\""]),
        ("甲<img src=\"data:image/png;base64,x\">", "甲", &["<img src=\"data:image/png;base64,x\">"]),
        ("甲<a href=\"/x\"></a><a href=\"#x\"></a>", "甲", &["<a href=\"/x\">"]),
        (
            "甲<img src=\"t.gif\" width=\"1\" height=\"1\">",
            "甲",
            &["<img src=\"t.gif\" width=\"1\" height=\"1\">"],
        ),
        ("<h2>甲<a href=\"#x\">¶</a></h2>", "## 甲", &["<a href=\"#x\">¶</a>"]),
        ("<h2><a href=\"#x\"> # </a>甲</h2>", "## 甲", &["<a href=\"#x\"> # </a>"]),
        ("<h3><a href=\"#x\">🔗\u{fe0f}</a> 甲</h3>", "### 甲", &["<a href=\"#x\">🔗\u{fe0f}</a>"]),
        ("用<div>标签</div>收尾", "用\n\n标签\n\n收尾", &["<div>"]),
        ("<pre>a<a href=\"/x\">b</a></pre>", "```\nab\n```", &["<a href=\"/x\">"]),
        ("<noscript>请打开脚本</noscript>甲", "甲", &["<noscript>请打开脚本</noscript>"]),
        ("a<b><code>b</code></b>c", "a`b`c", &["**"]),
        ("<p>用 <code>x</cod", "用 `x`", &["</cod"]),
        ("<head><title>题</title></head>甲", "甲", &["<title>题</title>"]),
    ] {
        let (found, changes) = convert(html);
        if found != markdown || changes != named {
            different.push(format!("{html}\n  {found:?}\n  {changes:?}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn fields_of_one_line_have_the_words_without_tags() {
    for (html, line) in [
        ("<p>一。</p><p>二</p><p>three</p>", "一。二 three"),
        ("10<sup>18</sup> 次", "10¹⁸ 次"),
        ("原价<s>999</s>799元", "原价~~999~~799元"),
        ("原价<a href=x><del>999</del></a> 799元<s> </s>", "原价~~999~~ 799元"),
        ("用 <code>x</cod", "用 x"),
        ("消息见<a href=\"https://e.org/%E4%BA%BA%E5%B7", "消息见"),
        ("A &amp; B &amp;lt; &lt;b&gt; It&#8217;s", "A & B &amp;lt; <b> It’s"),
        ("a < b", "a < b"),
        ("<script>x</script>甲", "甲"),
    ] {
        assert_eq!(without_tags(html), line, "{html}");
    }
}

#[test]
fn html_that_is_nested_too_deep_is_plain_text() {
    let deep = format!("{}甲&amp;*乙 < 丙<a", "<div>".repeat(MAX_DEPTH + 1));
    let (text, named) = convert(&deep);
    assert_eq!((text.as_str(), named.len()), ("甲&\\*乙 \\< 丙", 1));
    assert_eq!(without_tags(&deep), "甲&amp;*乙 < 丙");
    assert!(converted(&format!("{}甲", "<div>".repeat(MAX_DEPTH))).contains('甲'));
    assert_eq!(depth("<p><p><br><div><b></b></div><!-- --><1>"), 2);
}
