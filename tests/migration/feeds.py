"""Fetches the feeds of sites that real generators built, and compares the records with the posts.

    python3 tests/migration/feeds.py NEWSPRINT PROGRAMS [GENERATOR…]

PROGRAMS is a folder with the generators, as `install.sh` fills it. Each site is served on the
loopback. Fails if a title, a link, a date, an author, a category or a text is another one than that
of the post, if a second run finds something new, or if a run after one more post finds another
number of new entries than one. With CI=true, a generator that is not installed is an error.
"""

import concurrent.futures
import datetime
import functools
import json
import os
import pathlib
import re
import subprocess
import sys

import digests
import generators

POSTS = 12
TITLES = [
    "大模型 & 芯片", "A < B：比较", "“引号”与《书名》", "C++ 与 C#",
    "It's 5 o'clock", "火箭🚀上天", "100% 国产", "一 二　三",
]
TAGS = [["开源", "C++"], ["AI/ML"], ["R&D", "芯片"], []]
AUTHORS = ["张三", "李 四", "王五 & 赵六"]
ZONE = datetime.timezone(datetime.timedelta(hours=8))


class Post:
    """A post: everything that a feed can say of it."""

    def __init__(self, n):
        self.n, self.title = n, f"{TITLES[n % len(TITLES)]} {n}"
        self.date = datetime.datetime(2024, 3, 5, n % 24, 30, tzinfo=ZONE) + datetime.timedelta(days=n)
        self.tags, self.author = TAGS[n % len(TAGS)], AUTHORS[n % len(AUTHORS)]
        self.text = (
            f"标记m{n}。**粗体** 与 `代码 <b>` 和 [链接](/about/)，A & B。\n\n"
            "- 甲\n- 乙\n\n> 引文\n\n```\nif a < b && c > d\n```\n\n"
            + "这是一段说明发生了什么的文字。" * (n % 4 * 12)
            + f"\n\n末尾z{n}。\n"
        )

    def yaml(self, **more):
        title, tags = (json.dumps(value, ensure_ascii=False) for value in [self.title, self.tags])
        fields = {"title": title, "date": self.date.isoformat(), "tags": tags, **more}
        return "---\n" + "".join(f"{key}: {value}\n" for key, value in fields.items()) + "---\n" + self.text


class Feeds:
    """What a site with feeds adds to one of `generators`: the paths of its `feeds`, and the `fields` of an
    entry that are compared besides title, link and date."""

    shapes = staticmethod(lambda: [])

    def fill(self, address, count):
        self.address = address
        for n in range(count):
            self.add(Post(n))


class Hugo(Feeds, generators.Hugo):
    settings = {"default": "", "whole": ""}
    feeds = ["index.xml", "posts/index.xml"]

    def add(self, post):
        self.write(f"content/posts/p{post.n}.md", post.yaml())

    def build(self):
        self.write("hugo.toml", f'baseURL = "{self.address}"\ntitle = "旧站"\nlanguageCode = "zh-cn"\nhasCJKLanguage = true\n')
        self.write("layouts/_default/single.html", "{{ .Content }}")
        self.write("layouts/_default/list.html", "-")
        if self.setting == "whole":
            head = (
                '{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}<rss version="2.0">'
                "<channel><title>旧站</title><link>{{ .Permalink }}</link>{{ range site.RegularPages }}"
            )
            item = (
                "<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>"
                '<pubDate>{{ .PublishDate.Format "Mon, 02 Jan 2006 15:04:05 -0700" | safeHTML }}</pubDate>'
                "<guid>{{ .Permalink }}</guid>"
                "{{ range .Params.tags }}<category>{{ . }}</category>{{ end }}"
                "<description>{{ .Content | transform.XMLEscape | safeHTML }}</description></item>"
            )
            self.write("layouts/_default/rss.xml", f"{head}{item}{{{{ end }}}}</channel></rss>")
        generators.run([self.cache / "py/bin/hugo", "--quiet"], self.folder)

    @property
    def fields(self):
        return {"categories", "text"} if self.setting == "whole" else set()


class Hexo(Feeds, generators.Hexo):
    settings = {"default": ""}
    plugins = [*generators.Hexo.plugins, "generator-feed"]
    feeds = ["atom.xml", "rss2.xml"]
    fields = {"categories", "text"}

    def add(self, post):
        self.write(f"source/_posts/p{post.n}.md", post.yaml())

    def build(self):
        self.prepare()
        self.write(
            "_config.yml",
            f"title: 旧站\nurl: {self.address}\ntheme: plain\nlanguage: zh-CN\nauthor: 张三\ntimezone: UTC\n"
            "feed: {type: [atom, rss2], path: [atom.xml, rss2.xml], limit: 0, content: true}\n",
        )
        self.write("themes/plain/layout/post.njk", "{{ page.content | safe }}")
        self.write("themes/plain/layout/index.njk", "-")
        generators.run([self.folder / "node_modules/.bin/hexo", "generate"], self.folder)


class Jekyll(Feeds, generators.Jekyll):
    settings = {"default": ""}
    feeds = ["feed.xml"]
    fields = {"authors", "categories", "text"}

    def add(self, post):
        self.write(f"_posts/{post.date:%Y-%m-%d}-p{post.n}.md", post.yaml(author=post.author))

    def build(self):
        self.write(
            "_config.yml",
            f"title: 旧站\nurl: {self.address.rstrip('/')}\ndestination: public\nquiet: true\nfuture: true\n"
            "plugins: [jekyll-feed]\nfeed: {posts_limit: 100}\n"
            "defaults: [{scope: {path: ''}, values: {layout: post}}]\n",
        )
        self.write("_layouts/post.html", "{{ content }}")
        generators.run(["jekyll", "build"], self.folder)


class Eleventy(Feeds, generators.Eleventy):
    settings = {"default": ""}
    feeds = ["feed.xml", "rss.xml", "feed.json"]
    fields = {"text"}

    def add(self, post):
        self.write(f"posts/p{post.n}.md", post.yaml(tags="posts"))

    def build(self):
        self.link("eleventy")
        self.write("package.json", '{"type": "module"}')
        feed = (
            "config.addPlugin(feedPlugin, { type: '%s', outputPath: '%s', inputPath: '%s', "
            "collection: { name: 'posts', limit: 0 }, "
            "metadata: { language: 'zh', title: '旧站', subtitle: '-', base: '%s', author: { name: '张三' } } });\n"
        )
        paths = {"atom": "/feed.xml", "rss": "/rss.xml", "json": "/feed.json"}
        feeds = "".join(feed % (kind, path, f"feed-{kind}.njk", self.address) for kind, path in paths.items())
        plugin = "import { feedPlugin } from '@11ty/eleventy-plugin-rss';\n"
        self.write("eleventy.config.js", f"{plugin}export default config => {{\n{feeds}}};\n")
        self.write("posts/posts.json", '{"layout": "plain.njk"}')
        self.write("_includes/plain.njk", "{{ content | safe }}")
        generators.run(["node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet", "--output=public"], self.folder)


class Pelican(Feeds, generators.Pelican):
    settings = {"default": ""}
    feeds = ["feeds/all.atom.xml", "feeds/all.rss.xml"]
    fields = {"authors", "categories", "text"}

    def add(self, post):
        tags = f"Tags: {', '.join(post.tags)}\n" if post.tags else ""
        head = f"Title: {post.title}\nDate: {post.date.isoformat()}\nSlug: p{post.n}\nAuthors: {post.author}\n"
        self.write(f"content/p{post.n}.md", f"{head}{tags}\n{post.text}")

    def build(self):
        self.write(
            "pelicanconf.py",
            "SITENAME = '旧站'\nPATH = 'content'\nTHEME = 'theme'\nDEFAULT_LANG = 'zh'\nTIMEZONE = 'Asia/Shanghai'\n"
            f"SITEURL = '{self.address.rstrip('/')}'\nFEED_DOMAIN = SITEURL\nOUTPUT_PATH = 'public'\n"
            "FEED_ALL_ATOM = 'feeds/all.atom.xml'\nFEED_ALL_RSS = 'feeds/all.rss.xml'\nRSS_FEED_SUMMARY_ONLY = False\n",
        )
        self.write("theme/static/x.css", "")
        self.write("theme/templates/article.html", "{{ article.content }}")
        for name in ["index", "tags", "categories", "authors", "archives", "tag", "category", "author", "page"]:
            self.write(f"theme/templates/{name}.html", "-")
        generators.run([self.cache / "py/bin/pelican", "-s", "pelicanconf.py", "--quiet"], self.folder)


class WordPress(Feeds, generators.Site):
    """A feed in the documented form of WordPress, written by hand: no registry has the program itself."""

    name, settings = "wordpress form", {"default": ""}
    feeds = ["feed/index.xml"]
    fields = {"authors", "categories", "text"}

    @staticmethod
    def version(cache):
        return "-"

    def add(self, post):
        self.posts.append(post)

    def build(self):
        modules = {
            "content": "http://purl.org/rss/1.0/modules/content/",
            "wfw": "http://wellformedweb.org/CommentAPI/",
            "dc": "http://purl.org/dc/elements/1.1/",
            "atom": "http://www.w3.org/2005/Atom",
            "sy": "http://purl.org/rss/1.0/modules/syndication/",
            "slash": "http://purl.org/rss/1.0/modules/slash/",
        }
        items = ""
        for post in self.posts:
            link = f"{self.address}p{post.n}/index.html"
            body = (
                f"<p>标记m{post.n}。<strong>粗体</strong>，A &#038; B。</p>\n<ul>\n<li>甲</li>\n</ul>\n"
                f"<pre><code>if a &lt; b</code></pre>\n<p>末尾z{post.n}。</p>\n"
            )
            self.write(f"public/p{post.n}/index.html", body)
            tags = "".join(f"<category><![CDATA[{tag}]]></category>" for tag in post.tags)
            date = post.date.astimezone(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S +0000")
            title = post.title.replace("&", "&#038;").replace("<", "&lt;")
            items += (
                f"<item>\n<title>{title}</title>\n<link>{link}</link>\n<comments>{link}#respond</comments>\n"
                f"<dc:creator><![CDATA[{post.author}]]></dc:creator>\n<pubDate>{date}</pubDate>\n{tags}\n"
                f'<guid isPermaLink="false">{self.address}?p={post.n}</guid>\n'
                f"<description><![CDATA[<p>标记m{post.n}。粗体，A &#038; B。 [&#8230;]</p>\n"
                f'<p>The post <a href="{link}">{title}</a> appeared first on '
                f'<a href="{self.address}">旧站</a>.</p>]]></description>\n'
                f"<content:encoded><![CDATA[{body}]]></content:encoded>\n"
                f"<wfw:commentRss>{link}feed/</wfw:commentRss>\n<slash:comments>3</slash:comments>\n</item>\n"
            )
        names = " ".join(f'xmlns:{name}="{address}"' for name, address in modules.items())
        self.write(
            "public/feed/index.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {names}>\n<channel>\n<title>旧站</title>\n'
            f'<atom:link href="{self.address}feed/" rel="self" type="application/rss+xml" />\n'
            f"<link>{self.address}</link>\n<language>zh-CN</language>\n"
            f"<sy:updatePeriod>hourly</sy:updatePeriod>\n{items}</channel></rss>\n",
        )


def fetch(newsprint, digest):
    """Runs a fetch. Returns its report."""
    command = [newsprint, "--root", digest, "fetch", "--allow-private", "--json"]
    done = subprocess.run(command, capture_output=True, text=True)
    report = json.loads(done.stdout)
    if done.returncode:
        sys.exit(f"the fetch failed: {report}\n{done.stderr}")
    return report


def plain(title):
    """A title without what generators and the reader of HTML set in another way: blanks and apostrophes."""
    return re.sub(r"\s+", "", title).replace("’", "'")


def differences(site, record, posts):
    """What a record has that its post has not."""
    text = record.get("content_markdown") or record.get("summary", "")
    marks = set(generators.MARK.findall(text))
    if len(marks) != 1:
        return [f"its text has the marks {marks}: {text[:80]!r}"]
    post, fields, found = posts[int(marks.pop())], site.fields, []

    def compare(name, is_right, value):
        if not is_right:
            found.append(f"post {post.n}: {name} {value!r}")

    compare("title", plain(record["title"]) == plain(post.title), record["title"])
    page = digests.file_at(site.folder / "public", record["link"].removeprefix(site.address))
    compare("link", page and f"标记m{post.n}。" in page.read_text(encoding="utf-8"), record["link"])
    compare("date", datetime.datetime.fromisoformat(record["date"]) == post.date, record["date"])
    if "authors" in fields:
        compare("authors", record.get("authors") == [post.author], record.get("authors"))
    if "categories" in fields:
        own = [term for term in record.get("categories", []) if term != "misc"]
        compare("categories", own == post.tags, own)
    if "text" in fields:
        is_whole = f"末尾z{post.n}。" in text and "粗体" in text
        compare("text", is_whole and not re.search(r"&(amp|lt|#\d+);", text) and "<p>" not in text, text)
    return found


def main():
    newsprint, programs = (pathlib.Path(argument).absolute() for argument in sys.argv[1:3])
    failed = []
    print("| generator | setting | feeds | records | different | new in the second run | new after a post |")
    print("|---|---|--:|--:|--:|--:|--:|")
    generators_with_feeds = [Hugo, Hexo, Jekyll, Eleventy, Pelican, WordPress]
    for site, version, digest in digests.sites(generators_with_feeds, programs, sys.argv[3:], failed):
        follow(newsprint, site, version, digest.parent, failed)
    if failed:
        sys.exit("\n".join(failed))


def follow(newsprint, site, version, folder, failed):
    """Fetches each feed of a site into a digest of its own, three times."""
    host = digests.Host(site.folder / "public")
    site.fill(f"{host.url}/", POSTS)
    site.build()
    posts = [Post(n) for n in range(POSTS + 1)]
    digest_of = {}
    for nth, feed in enumerate(site.feeds):
        digest = digest_of[feed] = folder / f"digest{nth}"
        digest.mkdir()
        (digest / "newsprint.yaml").write_text(digests.SETTINGS, encoding="utf-8")
        source = f"sources:\n  - name: 旧站\n    url: {site.address}{feed}\n    full_text: feed\n"
        (digest / "sources.yaml").write_text(source, encoding="utf-8")

    def run(wanted):
        numbers, different = [], []
        with concurrent.futures.ThreadPoolExecutor() as pool:
            reports = list(pool.map(functools.partial(fetch, newsprint), digest_of.values()))
        for (feed, digest), report in zip(digest_of.items(), reports):
            numbers.append(report["new"])
            dropped = report["sources"][0]["dropped"]
            name = f"{site.name}, {site.setting}, {feed}"
            if report["new"] != wanted or dropped:
                failed.append(f"{name}: {report['new']} new instead of {wanted}; dropped: {dropped}")
            if report["file"]:
                for line in (digest / report["file"]).read_text(encoding="utf-8").splitlines():
                    different += [f"{name}: {one}" for one in differences(site, json.loads(line), posts)]
        failed.extend(different)
        return sum(numbers), len(different)

    records, different = run(POSTS)
    again, _ = run(0)
    site.add(posts[POSTS])
    site.build()
    # The server tells changes by the second.
    for feed in site.feeds:
        file = host.folder / feed
        later = file.stat().st_mtime + 60
        os.utime(file, (later, later))
    more, others = run(1)
    host.close()
    counts = [len(site.feeds), records, different + others, again, more]
    print(f"| {site.name} {version} | {site.setting} | {' | '.join(map(str, counts))} |", flush=True)


main()
