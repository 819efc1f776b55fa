#!/usr/bin/env python3
"""Prints how processor time grows with the size of an input, on one line and on many lines.

    python3 benches/growth.py                             # all inputs of 1, 2, 4 and 8 MB
    python3 benches/growth.py --only json --sizes 0.5,1,2 # inputs whose name begins with json

See README.md beside this file. Needs Python 3.9 on Linux or macOS and nothing else. Writes only to
temporary folders and removes them.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SETTINGS = "base_url: https://e.org/\nlimits: {file_kb: 102400, seconds: 3600}\n"
ARTICLE = "---\ntitle: 甲\ndate: 2026-11-23\n---\n正文。\n"


def fill(size, unit, between):
    """Numbers of `unit(n)`, joined by `between`, up to `size` bytes."""
    parts, length, n = [], 0, 0
    while length < size:
        part = unit(n)
        parts.append(part)
        length += len(part.encode()) + len(between)
        n += 1
    return between.join(parts)


def article(front, body="正文。"):
    return f"---\ntitle: 甲\ndate: 2026-11-23\n{front}\n---\n{body}\n"


def record(n):
    return f'{{"title": "题{n}", "link": "https://e.org/{n}", "content": "正文{n}。"}}'


def keywords(unit):
    """A registry with a flow list of keywords `unit(n)`."""
    return lambda size, gap: "keywords: [" + fill(size, unit, "," + gap + " ") + "]\n"


# Each input: the file that it is written to, the command, and the text for a size in bytes and a
# separator, which is a space or a line break.
INPUTS = {
    "json-records": ("in.json", "import", lambda size, gap: "[" + fill(size, record, "," + gap) + "]"),
    "json-without-title": (
        "in.json", "import", lambda size, gap: "[" + fill(size, lambda n: f'{{"a": {n}}}', "," + gap) + "]"),
    "json-numbers": ("in.json", "import", lambda size, gap: "[" + fill(size, str, "," + gap) + "]"),
    "json-wrong-dates": (
        "in.json", "import",
        lambda size, gap: "[" + fill(size, lambda n: f'{{"title": "题{n}", "date": "某日"}}', "," + gap) + "]"),
    "json-wrapped": (
        "in.json", "import",
        lambda size, gap: "{" + fill(size, lambda n: f'"新闻{n}": {record(n)}', "," + gap) + "}"),
    "json-fields": (
        "in.json", "import",
        lambda size, gap: '[{"title": "题",' + gap + fill(size, lambda n: f'"k{n}": {n}', "," + gap) + "}]"),
    "json-same-field": (
        "in.json", "import",
        lambda size, gap: '[{"title": "题",' + gap + fill(size, lambda n: '"date": "某日"', "," + gap) + "}]"),
    "json-same-key": (
        "in.json", "import",
        lambda size, gap: '[{"title": "题",' + gap + fill(size, lambda n: f'"k": {n}', "," + gap) + "}]"),
    "json-objects": ("in.json", "import", lambda size, gap: fill(size, record, gap)),
    "csv-text": (
        "in.csv", "import",
        lambda size, gap: 'title,content\n题,"' + fill(size, lambda n: f"第{n}句。", gap) + '"\n'),
    "csv-columns": (
        "in.csv", "import",
        lambda size, gap: "title" + fill(size / 2, lambda n: f",c{n}", "") + "\n题"
        + fill(size / 2, lambda n: f",{n}", "" if gap == " " else '"\n"') + "\n"),
    "csv-dates": (
        "in.csv", "import",
        lambda size, gap: "title" + ",date" * int(size / 10) + "\n题" + fill(size / 2, lambda n: ",某日", "") + "\n"),
    "labelled": (
        "in.txt", "import",
        lambda size, gap: fill(size, lambda n: f"标题: 题{n}{gap}链接: https://e.org/{n}{gap}总结: 正文{n}。", gap)),
    "labelled-short": (
        "in.txt", "import",
        lambda size, gap: "标题: 题" + gap + fill(size, lambda n: "链接: https://e.org/ 日期: 某日", gap)),
    "labelled-unknown": (
        "in.txt", "import", lambda size, gap: "标题: 题\n" + fill(size, lambda n: f"**标签{n}**: 值", gap)),
    "labelled-misspelt": (
        "in.txt", "import", lambda size, gap: "标题: 题\n总结: 文\n" + fill(size, lambda n: f"关健词: 值{n}", gap)),
    "feed": (
        "in.xml", "import",
        lambda size, gap: '<rss version="2.0"><channel><title>报</title>'
        + fill(size, lambda n: f"<item><title>题{n}</title><link>https://e.org/{n}</link><pubDate>某日</pubDate></item>", gap)
        + "</channel></rss>"),
    "terms-entries": (
        "content/terms.yaml", "build", keywords(lambda n: f"{{name: 词{n}, slug: w-{n}}}")),
    "terms-unknown": (
        "content/terms.yaml", "build", keywords(lambda n: f"{{name: 词{n}, x: 1}}")),
    "terms-fields": (
        "content/terms.yaml", "build",
        lambda size, gap: "keywords:\n  - {name: 词, " + fill(size, lambda n: f"x{n}: 1", "," + gap + "    ") + "}\n"),
    "terms-aliases": (
        "content/terms.yaml", "build",
        lambda size, gap: "keywords:\n  - name: 词\n    aliases: ["
        + fill(size, lambda n: f'"\\u8BCD{n}"', "," + gap + "      ") + "]\n"),
    "terms-lists": (
        "content/terms.yaml", "build",
        lambda size, gap: "keywords:\n  - name: 词\n    aliases: [" + fill(size, lambda n: "[]", "," + gap + "      ") + "]\n"),
    "terms-twice": (
        "content/terms.yaml", "build", keywords(lambda n: f"词{n // 2}")),
    "terms-slugs": (
        "content/terms.yaml", "build", keywords(lambda n: f"{{name: 词{n}, slug: A}}")),
    "terms-nameless": (
        "content/terms.yaml", "build", keywords(lambda n: "{slug: a}")),
    "config-unknown": (
        "newsprint.yaml", "build", lambda size, gap: "{" + fill(size, lambda n: f"x{n}: 1", "," + gap + " ") + "}\n"),
    "config-limits": (
        "newsprint.yaml", "build",
        lambda size, gap: SETTINGS + "feeds: {" + fill(size, lambda n: f"x{n}: 1", "," + gap + " ") + "}\n"),
    "config-taxonomies": (
        "newsprint.yaml", "build",
        lambda size, gap: SETTINGS + "taxonomies: {"
        + fill(size, lambda n: f"t{n}: {{x: 1}}", "," + gap + " ") + "}\n"),
    "config-rules": (
        "newsprint.yaml", "build",
        lambda size, gap: SETTINGS + "check: {off: [" + fill(size, lambda n: f"r{n}", "," + gap + " ") + "]}\n"),
    "front-unknown": (
        "content/articles/b.md", "build",
        lambda size, gap: article("extra: {" + fill(size, lambda n: f"x{n}: 1", "," + gap + " ") + "}")),
    "front-twice": (
        "content/articles/b.md", "build",
        lambda size, gap: article("extra: {" + fill(size, lambda n: "x: 1", "," + gap + " ") + "}")),
    "front-terms": (
        "content/articles/b.md", "build",
        lambda size, gap: article("keywords: [" + fill(size, lambda n: f"词{n}", "," + gap + " ") + "]")),
    "front-separators": (
        "content/articles/b.md", "build",
        lambda size, gap: article("keywords: [" + fill(size, lambda n: f"词{n}、语", "," + gap + " ") + "]")),
    "front-wrong-items": (
        "content/articles/b.md", "build",
        lambda size, gap: article("aliases: [" + fill(size, lambda n: f"//{n}", "," + gap + " ") + "]")),
    "front-date": (
        "content/articles/b.md", "build",
        lambda size, gap: f"---\ntitle: 甲\ndate: \"{fill(size, lambda n: '某日', gap + '  ')}\"\n---\n"),
    "front-syntax": (
        "content/articles/b.md", "build",
        lambda size, gap: article("extra: [" + fill(size, lambda n: f"x{n}", "," + gap + " ") + "}")),
    "body-links": (
        "content/articles/b.md", "check",
        lambda size, gap: article("", fill(size, lambda n: f"[甲](/none/{n}/)", gap))),
    "body-files": (
        "content/articles/b.md", "check",
        lambda size, gap: article("", fill(size, lambda n: f"[甲](none{n}.md)", gap))),
    "body-anchors": (
        "content/articles/b.md", "check",
        lambda size, gap: article("", fill(size, lambda n: f"[甲](#none{n})", gap))),
    "body-images": (
        "content/articles/b.md", "check",
        lambda size, gap: article("", fill(size, lambda n: f"![](/none{n}.png)", gap))),
}


def seconds(binary, name, size, gap, limit, keep):
    """Processor seconds for one input and bytes of output; no seconds beyond `limit` of wall clock."""
    file, command, text = INPUTS[name]
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        root = Path(folder)
        (root / "content/articles").mkdir(parents=True)
        (root / "newsprint.yaml").write_text(SETTINGS, encoding="utf-8")
        (root / "content/articles/a.md").write_text(ARTICLE, encoding="utf-8")
        (root / file).write_text(text(size, gap), encoding="utf-8")
        arguments = ["import", "--dry-run", file] if command == "import" else [command]
        with open(root / "output", "wb") as output:
            before = os.times()
            process = subprocess.Popen([binary, "--json", *arguments], cwd=root, stdout=output, stderr=output)
            try:
                process.wait(limit)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                return None, 0
            after = os.times()
            needed = after.children_user + after.children_system - before.children_user - before.children_system
        written = (root / "output").stat().st_size
        if keep:
            shutil.copy(root / "output", Path(keep) / f"{name}-{size}-{'one' if gap == ' ' else 'many'}")
        if process.returncode not in (0, 1):
            sys.exit(f"{name}: newsprint ended with code {process.returncode}")
        return needed, written


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--newsprint", default=os.environ.get("NEWSPRINT", "target/release/newsprint"))
    parser.add_argument("--sizes", default="1,2,4,8", help="sizes in MB")
    parser.add_argument("--only", default="", help="beginnings of names, separated by commas")
    parser.add_argument("--limit", type=float, default=120, help="seconds after which a run is stopped")
    parser.add_argument("--keep", help="an existing folder for the outputs")
    arguments = parser.parse_args()
    binary = str(Path(arguments.newsprint).resolve())
    sizes = [float(size) for size in arguments.sizes.split(",")]
    heads = " | ".join(f"{size:g} MB" for size in sizes)
    print(f"| input | lines | {heads} | growth | one / many | output |")
    print("|---|---|" + "---:|" * (len(sizes) + 3))
    for name in INPUTS:
        if not name.startswith(tuple(arguments.only.split(","))):
            continue
        last = {}
        for lines, gap in (("many", "\n"), ("one", " ")):
            runs = [seconds(binary, name, size * 1e6, gap, arguments.limit, arguments.keep) for size in sizes]
            needed = [run[0] for run in runs]
            last[lines] = needed[-1]
            cells = " | ".join("stopped" if value is None else f"{value:.2f}" for value in needed)
            # The growth over the last step: 2 is linear, 4 is quadratic.
            growth = f"{needed[-1] / needed[-2]:.1f}" if len(needed) > 1 and all(needed[-2:]) else "–"
            both = all(last.get(key) for key in ("many", "one"))
            ratio = f"{last['one'] / last['many']:.2f}" if both else "–"
            print(f"| {name} | {lines} | {cells} | {growth} | {ratio} | {runs[-1][1] >> 10} KB |", flush=True)


if __name__ == "__main__":
    main()
