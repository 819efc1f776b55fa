#!/usr/bin/env python3
"""Compares the HTML that `newsprint import` reads with two other converters.

    cargo build --release && python3 benches/html_converters.py

Needs Python 3.9 with venv, Node.js with npm, and a connection to their package registries. Installs
markdownify and turndown in a temporary folder and removes it. Writes 200 HTML texts from fixed
seeds, converts each with all three, and prints the words of a text that

- both others keep and newsprint loses (exit code 1 if there is one), or
- newsprint loses at all without naming them in its report.

A word is lost if it is not in the article's page. For the other converters, it is lost if it is not
in their Markdown.
"""

import html.parser
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

MARKDOWNIFY = "markdownify==1.2.0"
TURNDOWN = "turndown@7.2.5"
TEXTS = 200

TURNDOWN_SCRIPT = """
const TurndownService = require('turndown');
const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const service = new TurndownService({codeBlockStyle: 'fenced', headingStyle: 'atx'});
console.log(JSON.stringify(texts.map((text) => service.turndown(text))));
"""

MARKDOWNIFY_SCRIPT = """
import json, sys
from markdownify import markdownify
print(json.dumps([markdownify(text) for text in json.load(sys.stdin)]))
"""


class Maker:
    """Makes HTML from a seed. Each word occurs once in a text."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.words = []

    def word(self):
        stem = self.random.choice(["甲", "w", "字", "v", "款", "Q"])
        self.words.append(f"{stem}{len(self.words) + 1000}x")
        sign = self.random.choice(["", "", "", "。", "，", "*", "#", "|", "_", "~", " "])
        return self.words[-1] + sign

    def line(self, depth=0):
        parts = []
        for _ in range(self.random.randint(1, 4)):
            word = self.word()
            tag = self.random.choice(
                ["", "", "", "b", "em", "s", "code", "kbd", "q", "sup", "sub", "ins", "mark", "span", "a", "ruby", "abbr"]
            )
            if tag == "a":
                word = f'<a href="/p{len(self.words)}">{word}</a>'
            elif tag == "ruby":
                word = f"<ruby>{word}<rt>{self.word()}</rt></ruby>"
            elif tag:
                inner = self.line(depth + 1) if depth < 2 and tag not in ("code", "kbd", "sup", "sub") else word
                word = f"<{tag}>{word if inner is word else word + inner}</{tag}>"
            parts.append(word)
        return self.random.choice(["", " ", "\n", "<br>"]).join(parts)

    def block(self, depth=0):
        kinds = ["p", "p", "h2", "div", "pre", "plain", "table", "rows", "link"]
        if depth < 3:
            kinds += ["ul", "ol", "blockquote", "dl", "details", "figure", "nested", "bold"]
        kind = self.random.choice(kinds)
        inner = lambda: self.block(depth + 1)
        if kind == "plain":
            return self.line() + "\n\n"
        if kind in ("ul", "ol"):
            items = "".join(f"<li>{self.line()}{inner() if self.random.random() < 0.3 else ''}</li>" for _ in range(3))
            return f"<{kind}>{items}</{kind}>"
        if kind == "nested":
            return f"<ul><li>{self.line()}</li><ul><li>{self.line()}</li></ul></ul>"
        if kind == "dl":
            return f"<dl><dt>{self.line()}</dt><dd>{self.line()}</dd><dd>{inner()}</dd></dl>"
        if kind == "details":
            return f"<details><summary>{self.line()}</summary>{inner()}</details>"
        if kind == "figure":
            return f'<figure><img src="i.png" alt="{self.word()}"><figcaption>{self.line()}</figcaption></figure>'
        if kind == "bold":
            return f"<strong>{inner()}{inner()}</strong>"
        if kind == "link":
            return f'<a href="/l"><h3>{self.word()}</h3><p>{self.word()}</p></a>'
        if kind == "pre":
            lines = [self.word(), "# " + self.word(), "  " + self.word()]
            form = self.random.choice(["<pre>{}</pre>", '<pre class="brush: js">{}</pre>', "<pre><code>{}</code></pre>", "lines"])
            if form == "lines":
                return "<pre>" + "".join(f"<code>{line}</code>" for line in lines) + "</pre>"
            return form.format("\n".join(lines))
        if kind in ("table", "rows"):
            head = self.random.choice(["th", "td"])
            rows = []
            for row in range(3):
                cells = []
                for column in range(3):
                    name = head if row == 0 else ("th" if kind == "rows" and column == 0 else "td")
                    span = self.random.choice(["", "", "", ' colspan="2"', ' rowspan="2"'])
                    content = self.random.choice([self.word, lambda: f"<p>{self.word()}</p><p>{self.word()}</p>"])()
                    cells.append(f"<{name}{span}>{content}</{name}>")
                rows.append("<tr>" + "".join(cells) + "</tr>")
            caption = f"<caption>{self.word()}</caption>" if self.random.random() < 0.3 else ""
            return f"<table>{caption}{''.join(rows)}</table>"
        return f"<{kind}>{self.line()}</{kind}>"

    def text(self):
        return "".join(self.block() for _ in range(self.random.randint(2, 6)))


class Words(html.parser.HTMLParser):
    """Collects the text of a page, with the descriptions of images."""

    def __init__(self):
        super().__init__()
        self.text = []

    def handle_starttag(self, tag, attributes):
        self.text += [value or "" for name, value in attributes if name == "alt"]

    def handle_data(self, data):
        self.text.append(data)


def folded(text):
    return unicodedata.normalize("NFKC", text.replace("\\", ""))


def pages(newsprint, texts, folder):
    """The text of each article's page, and the report as text."""
    records = [
        {"title": f"t{n}", "slug": f"t{n}", "link": f"https://e.org/{n}/", "content_html": text}
        for n, text in enumerate(texts)
    ]
    (folder / "in.json").write_text(json.dumps(records), encoding="utf-8")
    subprocess.run([newsprint, "init", "d"], cwd=folder, check=True, capture_output=True)
    imported = subprocess.run(
        [newsprint, "-r", "d", "import", "--json", "in.json"], cwd=folder, capture_output=True, text=True, check=False
    )
    report = json.dumps(json.loads(imported.stdout)["repaired"], ensure_ascii=False)
    subprocess.run([newsprint, "-r", "d", "build"], cwd=folder, check=True, capture_output=True)
    found = []
    for n in range(len(texts)):
        words = Words()
        words.feed((folder / f"d/public/articles/t{n}/index.html").read_text(encoding="utf-8"))
        found.append("".join(words.text))
    return found, report


def others(texts, folder):
    """The Markdown of both other converters."""
    given = json.dumps(texts)
    run = lambda command: subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, input=given).stdout
    subprocess.run([sys.executable, "-m", "venv", "venv"], cwd=folder, check=True)
    python = folder / "venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", MARKDOWNIFY], cwd=folder, check=True)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", TURNDOWN], cwd=folder, check=True, capture_output=True)
    return [json.loads(run([python, "-c", MARKDOWNIFY_SCRIPT])), json.loads(run(["node", "-e", TURNDOWN_SCRIPT]))]


def main():
    newsprint = str(Path(os.environ.get("NEWSPRINT", "target/release/newsprint")).resolve())
    makers = [Maker(seed) for seed in range(TEXTS)]
    texts = [maker.text() for maker in makers]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shown, report = pages(newsprint, texts, folder)
        converted = others(texts, folder)
    worse, lost, by_others = [], [], [0, 0]
    for n, maker in enumerate(makers):
        kept = [folded(markdown[n]) for markdown in converted]
        for word in maker.words:
            is_lost = word not in folded(shown[n])
            for other in range(2):
                by_others[other] += word not in kept[other]
            if is_lost and word not in report:
                lost.append((n, word))
                if all(word in text for text in kept):
                    worse.append((n, word))
    words = sum(len(maker.words) for maker in makers)
    print(f"{TEXTS} texts, {words} words")
    print(f"lost by newsprint without a record: {len(lost)}; by {MARKDOWNIFY}: {by_others[0]}; by {TURNDOWN}: {by_others[1]}")
    for n, word in lost[:20]:
        print(f"  seed {n}: {word}")
    print(f"kept by both others and lost by newsprint: {len(worse)}")
    sys.exit(1 if worse else 0)


if __name__ == "__main__":
    main()
