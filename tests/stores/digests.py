"""The digests that the tests deploy."""

import random

BASE = "https://ribao.alt/"
# Few pages, so that a test can stop newsprint at each request.
BARE = """crossings: off
trends: off
editions: off
mine: off
stories: off
related: off
outputs: {api: off}
feeds: {terms: off}
taxonomies: [{name: keywords, title: 关键词, path: 关键词}]
paginate_by: 3
"""


def settings(root, text="", deploy=""):
    root.mkdir(parents=True, exist_ok=True)
    (root / "newsprint.yaml").write_text(f"title: 日报\nbase_url: {BASE}\n{text}{deploy}", "utf-8")


def article(root, slug, title, day, keywords, body, more=""):
    path = root / f"content/articles/{slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"---\ntitle: {title}\ndate: 2026-11-{day:02}\nkeywords: {keywords}\n{more}---\n\n{body}\n", "utf-8"
    )


def first(root, deploy=""):
    settings(root, BARE, deploy)
    article(root, "jia", "甲", 1, "[开源, 语音]", "甲的正文。")
    article(root, "yi", "乙", 2, "[开源]", "乙的正文，见[甲](jia.md)。")
    article(root, "bing", "丙", 3, "[芯片]", "丙的正文。")
    article(root, "ding", "丁", 4, "[芯片, 语音]", "丁的正文。")


def second(root, deploy=""):
    """`first` a day later: a body and a title differ, an article and a keyword are gone, others are
    new, and the list has one page more."""
    settings(root, BARE, deploy)
    article(root, "jia", "甲", 1, "[开源, 语音]", "甲的正文，改过。")
    article(root, "bing-2", "丙与新", 3, "[芯片]", "丙的正文。")
    article(root, "ding", "丁", 4, "[语音]", "丁的正文，见[戊](wu.md)。")
    for number, slug in enumerate(("wu", "ji", "geng", "xin")):
        article(root, slug, f"新 {slug}", 5 + number, "[模型, 语音]", f"{slug} 的正文。")


def strange(root, deploy=""):
    """Signs in paths that servers, proxies and signatures treat in different ways."""
    settings(root, "", deploy)
    words = [
        "C++",
        "100%",
        "a b",
        "新闻 快讯",
        "a&b=c",
        "~波浪",
        "é",
        "𠮷野家",
        "a;b,c@d!$()",
        "%41",
        "'引'",
        "...点",
        "a#b?",
    ]
    for number, word in enumerate(words):
        article(root, f"w{number}", f"'第 {number} 篇'", number + 1, f'["{word}"]', "正文。")
    article(root, "长" * 70, "长名", 20, "[长]", "正文。")
    names = [
        "文件 夹/图 片+1.txt",
        "100%25.txt",
        "a%20b.txt",
        "a+b.txt",
        "q=1&r=2.txt",
        "~tilde~.txt",
        "[方]{括}.txt",
        "été.txt",
        "名" * 82 + ".txt",
        "/".join(["深" * 30] * 9) + "/底.txt",
        "a;b.txt",
        "$1!.txt",
        "x@y,z.txt",
        "(p)'q'.txt",
        "^`.json",
        "plus + plus.svg",
        "README.md",
        "leer.txt",
        "𠮷.txt",
        "daten.opml",
        "tor.xml",
        ".well-known/security.txt",
    ]
    for name in names:
        path = root / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = {
            "svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "json": "{}",
            "xml": "<a/>",
            "opml": "<opml version='2.0'/>",
        }
        path.write_text(
            "" if name == "leer.txt" else text.get(name.rsplit(".", 1)[-1], f"Datei {name}\n"), "utf-8"
        )


def many(root, count, deploy=""):
    """A digest with `count` articles over three years: the same bytes in every run."""
    source = random.Random(30)
    settings(root, "", deploy)
    han = [chr(0x4E00 + source.randrange(6000)) for _ in range(900)]
    terms = ["".join(source.choices(han, k=3)) + str(number) for number in range(max(20, count // 3))]
    weights = [1 / (rank + 1) for rank in range(len(terms))]
    folder = root / "content/articles"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        day = number * 1000 // count
        date = f"{2023 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}"
        words = sorted(set(source.choices(terms, weights, k=4)))
        text = "\n\n".join("".join(source.choices(han, k=120)) + "。" for _ in range(3))
        title = "".join(source.choices(han, k=10)) + str(number)
        (folder / f"{number:05}.md").write_text(
            f"---\ntitle: {title}\ndate: {date}\nkeywords: [{', '.join(words)}]\n---\n\n{text}\n", "utf-8"
        )


def batch(root, count=30):
    """The articles of a new day, with keywords that the digest has."""
    for number in range(count):
        old = (root / f"content/articles/{number:05}.md").read_text("utf-8")
        keywords = next(line for line in old.splitlines() if line.startswith("keywords:"))
        (root / f"content/articles/neu-{number}.md").write_text(
            f"---\ntitle: 新的一天 {number}\ndate: 2026-11-30\n{keywords}\n---\n\n今天的正文 {number}。\n",
            "utf-8",
        )
