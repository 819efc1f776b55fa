"""Follows the old addresses of terms, lists and feeds in digests made from sites of real generators.

    python3 tests/migration/lists.py NEWSPRINT PROGRAMS [GENERATOR…]

PROGRAMS is a folder with the generators, as `install.sh` fills it. Prints a table in Markdown. Fails
if fewer than 95 % of the addresses lead to a page or feed of the digest, if the address of a term
leads to another page than the one of that term, or if one is lost that the import does not report.
"""

import datetime
import html
import json
import pathlib
import re
import sys
import unicodedata
import urllib.parse
import xml.etree.ElementTree as xml

import digests
import generators

# A template writes the name of the term whose page or feed it is.
TERM = re.compile(r"词条〔(.*?)〕")
TAGS = ["大模型", "C++", "C#", "Open Source", "AI", "GPT-4o", "Node.js", "Café", "火箭🚀", "it's", "foo_bar", "Ａ全角", "100%", "x.y", "What?", "标点！", "一 二", ".NET", "机器人", "芯片", "-dash-", "ß"]
CATEGORIES = ["技术", "Web Dev", "行业/产业", "综述"]
POSTS = 45


def posts():
    """The posts: name, date, tags, categories. A day has one post; a tag has between 1 and 12."""
    for n in range(POSTS):
        date = datetime.date(2023, 3, 5) + datetime.timedelta(days=13 * n)
        tags = {TAGS[n % len(TAGS)], TAGS[n % 7], TAGS[n % 3]}
        yield f"post-{n}", date, sorted(tags), CATEGORIES[n % len(CATEGORIES)]


class Hugo(generators.Hugo):
    below = imported = "content/posts"
    settings = {
        "default": "",
        "configured": """
[pagination]
pagerSize = 4
path = "p"
[permalinks.term]
tags = "/t/:slug/"
[permalinks.taxonomy]
tags = "/all-tags/"
[permalinks.section]
posts = "/news/"
[outputFormats.RSS]
baseName = "feed"
""",
        "ugly": "uglyURLs = true\n",
    }

    def build(self):
        self.write("hugo.toml", 'baseURL = "https://old.example/"\ntitle = "旧站"\n' + self.settings[self.setting])
        for name, date, tags, category in posts():
            self.write(f"content/posts/{name}.md", f"---\ntitle: {name}\ndate: {date}\ntags: {json.dumps(tags, ensure_ascii=False)}\ncategories: [{category}]\n---\n正文。\n")
        self.write("layouts/_default/single.html", "{{ .Content }}文章")
        self.write("layouts/_default/list.html", "{{ range .Paginator.Pages }}{{ .RelPermalink }}{{ end }}")
        self.write("layouts/_default/term.html", "词条〔{{ .Data.Term }}〕{{ range .Paginator.Pages }}{{ .RelPermalink }}{{ end }}")
        generators.run([self.cache / "py/bin/hugo", "--quiet"], self.folder)


class Hexo(generators.Hexo):
    settings = {
        "default": "",
        "configured": "per_page: 4\npagination_dir: p\ntag_dir: t\ncategory_dir: c/d\narchive_dir: all\nfilename_case: 1\ntag_map: {大模型: llm}\ncategory_map: {技术: tech}\nfeed: {type: rss2, path: rss.xml}\narchive_generator: {daily: true}\n",
    }

    plugins = [*generators.Hexo.plugins, *(f"generator-{name}" for name in ["archive", "category", "tag", "feed"])]

    def build(self):
        self.prepare()
        self.write("_config.yml", "title: 旧站\nurl: https://old.example\ntheme: plain\nlanguage: zh-CN\n" + self.settings[self.setting])
        for name, date, tags, category in posts():
            above = "[综述, " + category + "]" if category == "Web Dev" else f"[{category}]"
            self.write(f"source/_posts/{name}.md", f"---\ntitle: {name}\ndate: {date} 12:00:00\ntags: {json.dumps(tags, ensure_ascii=False)}\ncategories: {above}\n---\n正文。\n")
        self.write("themes/plain/layout/post.njk", "文章")
        for name in ["index", "archive", "tag", "category"]:
            self.write(f"themes/plain/layout/{name}.njk", "{% if page.tag or page.category %}词条〔{{ page.tag or page.category }}〕{% endif %}")
        generators.run([self.folder / "node_modules/.bin/hexo", "generate"], self.folder)


class Jekyll(generators.Jekyll):
    settings = {
        "feed": "plugins: [jekyll-feed]\nfeed: {path: atom.xml}\n",
        "archives": "plugins: [jekyll-feed, jekyll-paginate, jekyll-archives]\npaginate: 4\njekyll-archives:\n  enabled: all\n  layouts: {year: a, month: a, day: a, tag: term, category: term}\n",
        "configured": "plugins: [jekyll-paginate, jekyll-archives]\npaginate: 4\npaginate_path: /p/:num/\njekyll-archives:\n  enabled: [tags, categories, year]\n  slug_mode: pretty\n  layouts: {year: a, tag: term, category: term}\n  permalinks: {tag: '/t/:name.html', category: '/c/:name/', year: '/y/:year/'}\n",
    }

    def build(self):
        self.write("_config.yml", "title: 旧站\nurl: https://old.example\ndestination: public\nquiet: true\nfuture: true\n" + self.settings[self.setting])
        for name, date, tags, category in posts():
            self.write(f"_posts/{date}-{name}.md", f"---\ntitle: {name}\ntags: {json.dumps(tags, ensure_ascii=False)}\ncategory: {category}\n---\n文章\n")
        self.write("index.html", "---\n---\n{% for post in paginator.posts %}{{ post.url }}{% endfor %}\n")
        self.write("_layouts/term.html", "词条〔{{ page.title }}〕")
        self.write("_layouts/a.html", "-")
        generators.run(["jekyll", "build"], self.folder)


class Pelican(generators.Pelican):
    settings = {
        "default": "",
        "configured": "DEFAULT_PAGINATION = 4\nTAG_SAVE_AS = 't/{slug}/index.html'\nTAG_URL = 't/{slug}/'\nCATEGORY_FEED_RSS = 'feeds/{slug}.rss.xml'\nTAG_FEED_ATOM = 't/{slug}/atom.xml'\nYEAR_ARCHIVE_SAVE_AS = '{date:%Y}/index.html'\nMONTH_ARCHIVE_SAVE_AS = '{date:%Y}/{date:%m}/index.html'\nSLUGIFY_USE_UNICODE = True\n",
    }

    def build(self):
        self.write("pelicanconf.py", "SITENAME = '旧站'\nPATH = 'content'\nTHEME = 'theme'\nDEFAULT_LANG = 'zh'\nTIMEZONE = 'Asia/Shanghai'\nPLUGINS = []\n" + self.settings[self.setting])
        self.write("publishconf.py", "import os\nimport sys\nsys.path.append(os.curdir)\nfrom pelicanconf import *\n\nSITEURL = 'https://old.example'\nOUTPUT_PATH = 'public'\nFEED_DOMAIN = SITEURL\n")
        for name, date, tags, category in posts():
            self.write(f"content/{name}.md", f"Title: {name}\nDate: {date} 12:00\nTags: {', '.join(tags)}\nCategory: {category}\n\n正文。\n")
        self.write("theme/static/x.css", "")
        self.write("theme/templates/article.html", "文章")
        for name in ["index", "tags", "categories", "authors", "archives", "author", "page", "period_archives"]:
            self.write(f"theme/templates/{name}.html", "-")
        self.write("theme/templates/tag.html", "词条〔{{ tag }}〕")
        self.write("theme/templates/category.html", "词条〔{{ category }}〕")
        generators.run([self.cache / "py/bin/pelican", "-s", "publishconf.py", "--quiet"], self.folder)


ALL = [Hugo, Hexo, Jekyll, Pelican]


for generator in ALL:
    # These sites have the posts of this file alone.
    generator.shapes = staticmethod(lambda: [])


def addresses(public):
    """The old addresses that are no post's, each with the name of its term if it has one."""
    for file in sorted(public.rglob("*")):
        path = str(file.relative_to(public))
        if not file.is_file() or file.suffix not in (".html", ".xml") or file.name in ("sitemap.xml", "404.html"):
            continue
        text = file.read_text(encoding="utf-8")
        if "文章" in text and file.suffix == ".html":
            continue
        term = TERM.search(text)
        # Pages that Hugo writes for the first page of a list lead to it.
        refresh = digests.REFRESH.search(text)
        if refresh and not term:
            target = public / urllib.parse.unquote(urllib.parse.urlparse(refresh[1]).path).strip("/")
            target = target / "index.html" if target.is_dir() else target
            term = TERM.search(target.read_text(encoding="utf-8")) if target.is_file() else None
        yield re.sub(r"(^|/)index\.html$", r"\1", path), term and html.unescape(term[1])


def key(name):
    """Spellings of one term have one key."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def is_right(public, address, term):
    """Whether an address leads to a page of the digest, or is a feed: of its term, if it has one."""
    file = digests.file_at(public, address)
    if not file:
        return None
    if file.suffix == ".xml":
        return xml.fromstring(file.read_bytes()).tag.endswith("feed")
    text = file.read_text(encoding="utf-8")
    refresh = digests.REFRESH.search(text)
    if refresh:
        target = public / urllib.parse.unquote(refresh[1]).strip("/")
        target = target / "index.html" if target.is_dir() else target
        if not target.is_file():
            return False
        text = target.read_text(encoding="utf-8")
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", text, re.S)
    shown = html.unescape(re.sub(r"<[^>]*>", "", heading[1])) if heading else ""
    # Some generators write both of these at one address: the index of terms has both.
    is_index = 'rel="canonical" href="https://new.example/keywords/"' in text
    is_shared = is_index and re.search(r"/c(/|\.html)", address, re.I)
    return not term or key(shown) == key(term) or term in ("C#", "C++") and bool(is_shared)


def move(newsprint, site, digest):
    """Imports a site twice and builds the digest. Returns the report of the first import."""
    report = digests.move(newsprint, site, digest, strict=True)
    redirects = digest / "content/redirects.yaml"
    before = redirects.read_text(encoding="utf-8")
    again = digests.imported(newsprint, site, digest)
    if again["redirects"]["added"] or before != redirects.read_text(encoding="utf-8"):
        sys.exit(f"{site.name}, {site.setting}: the second import adds redirects")
    return report


def main():
    newsprint, programs = (pathlib.Path(argument).absolute() for argument in sys.argv[1:3])
    failed = []
    print("| generator | setting | other addresses | right | % | reported | lost | wrong |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    for site, version, digest in digests.sites(ALL, programs, sys.argv[3:], failed):
        site.build()
        report = move(newsprint, site, digest)
        told = {found["address"].strip("/") for found in report["redirects"]["unserved"]}
        right, reported, lost, wrong = [], [], [], []
        for address, term in addresses(site.folder / "public"):
            found = is_right(digest / "public", address, term)
            kinds = {True: right, False: wrong, None: reported if address.strip("/") in told else lost}
            kinds[found].append((address, term))
        count = len(right) + len(reported) + len(lost) + len(wrong)
        percent = f"{100 * len(right) / count:.1f}"
        numbers = [count, len(right), percent, len(reported), len(lost), len(wrong)]
        print(f"| {site.name} {version} | {site.setting} | {' | '.join(map(str, numbers))} |", flush=True)
        if lost or wrong or len(right) < 0.95 * count:
            failed.append(f"{site.name}, {site.setting}: {reported=} {lost=} {wrong=}")
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
