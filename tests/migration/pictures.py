"""Compares the pictures of built sites of real generators with those of the digests made from them.

    python3 tests/migration/pictures.py NEWSPRINT PROGRAMS [GENERATOR…]

PROGRAMS is a folder with the generators, as `install.sh` fills it. Each picture has bytes of its own,
and an alternative text that tells it. The bytes that a page of the old site shows at an `img` are
compared with those at the `img` of the digest's page. Prints a table in Markdown. Fails if a picture of
an old page is missing in the digest, or is another one.
"""

import base64
import html.parser
import pathlib
import re
import struct
import sys
import unicodedata
import urllib.parse
import zlib

import digests
import generators


def png(number):
    """A PNG of 3 × 2 pixels with a colour of its own."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + bytes([number, 255 - number, 7 * number % 256]) * 3
    header = struct.pack(">IIBBBBB", 3, 2, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 2)) + chunk(b"IEND", b"")


class Images(html.parser.HTMLParser):
    """The images of a page: source by alternative text."""

    def __init__(self, text):
        super().__init__()
        self.found = {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        # `asset_img` of Hexo gives its text as the title.
        name = attributes.get("alt") or attributes.get("title")
        if tag == "img" and name:
            self.found[name] = attributes.get("src") or ""


def at(public, url, base):
    """The bytes at an address below the base of a site; `None` if there are none."""
    path = urllib.parse.unquote(urllib.parse.urlparse(url).path)
    file = public / path.removeprefix(base).lstrip("/")
    composed = pathlib.Path(unicodedata.normalize("NFC", str(file)))
    return next((found.read_bytes() for found in (file, composed) if found.is_file()), None)


def shown(public, base="/"):
    """The bytes of each picture that the pages of a site show, by alternative text."""
    found = {}
    for page in sorted(public.rglob("*.html")):
        address = re.sub(r"(^|/)index\.html$", r"\1", page.relative_to(public).as_posix())
        address = "https://host.example" + base + urllib.parse.quote(address)
        for name, source in Images(page.read_text(encoding="utf-8")).found.items():
            if source.startswith("data:"):
                found[name] = base64.b64decode(urllib.parse.unquote(source.split(",", 1)[1]))
            else:
                found[name] = at(public, urllib.parse.urljoin(address, source), base)
    return found


class Pictures:
    """A site with the pictures and posts of its class: texts by path, with `§` for each picture's
    alternative text, which is numbered."""

    shapes = staticmethod(lambda: [])
    settings = {"default": ""}
    base = "/"
    texts = {}
    pictures = []
    files = {}

    def fill(self):
        for path, text in {**self.files, **self.texts}.items():
            for number in range(text.count("§")):
                text = text.replace("§", f"图{pathlib.PurePath(path).stem}-{number}", 1)
            self.write(path, text)
        for number, path in enumerate(self.pictures):
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(png(number + 1))


class Hugo(Pictures, generators.Hugo):
    imported = "content"
    base = "/blog/"
    files = {
        "hugo.toml": 'baseURL = "https://old.example/blog/"\ntitle = "旧站"\nstaticDir = ["static", "more"]\n[markup.goldmark.renderHooks.image]\nuseEmbedded = "fallback"\n',
        "layouts/_default/single.html": "{{ .Content }}",
        "layouts/_default/list.html": "-",
    }
    texts = {
        "content/posts/包/index.md": "---\ntitle: 包\ndate: 2024-01-02\n---\n\n![§](p.png) ![§](图/q.png) ![§](./a%20b.png) ![§](/blog/i/r.png) ![§](https://old.example/blog/i/r.png) ![§](/blog/m/p.png) ![§](i/asset.png)\n\n{{< figure src=\"p.png\" alt=\"§\" >}}\n\n![§][d]\n\n[d]: <a b.png> \"题\"\n",
        "content/posts/单.md": "---\ntitle: 单\ndate: 2024-01-03\n---\n\n![§](/blog/i/r.png) ![§](../../i/r.png) ![§](/blog/i/caf%C3%A9.png)\n",
    }
    pictures = ["content/posts/包/p.png", "content/posts/包/图/q.png", "content/posts/包/a b.png", "content/posts/包/unnamed.png", "static/i/r.png", "more/m/p.png", "static/i/caf\u00e9.png", "assets/i/asset.png"]

    def build(self):
        self.fill()
        generators.run([self.cache / "py/bin/hugo", "--quiet"], self.folder)


class Hexo(Pictures, generators.Hexo):
    imported = "source"
    files = {
        "_config.yml": "title: 旧站\nurl: https://old.example\ntheme: plain\nlanguage: zh-CN\npost_asset_folder: true\nmarked: {prependRoot: true, postAsset: true}\n",
        "themes/plain/layout/post.njk": "{{ page.content | safe }}",
        "themes/plain/layout/index.njk": "-",
    }
    texts = {
        "source/_posts/甲.md": "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n{% asset_img p.png \"§\" %}\n\n![§](p.png) ![§](/i/r.png) ![§](/i/a%20b.png) ![§](https://old.example/i/r.png)\n",
        "source/_posts/夹/乙.md": "---\ntitle: 乙\ndate: 2024-01-03\n---\n\n![§](q/图.png) ![§](/i/r.png)\n",
    }
    pictures = ["source/_posts/甲/p.png", "source/i/r.png", "source/i/a b.png", "source/_posts/夹/乙/q/图.png"]

    def build(self):
        self.prepare()
        self.fill()
        generators.run([self.folder / "node_modules/.bin/hexo", "generate"], self.folder)


class Jekyll(Pictures, generators.Jekyll):
    base = "/blog/"
    files = {
        "_config.yml": "title: 旧站\nurl: https://old.example\nbaseurl: /blog\ndestination: public\nquiet: true\nfuture: true\n",
    }
    texts = {
        "_posts/2024-01-02-x.md": "---\ntitle: 甲\n---\n\n![§]({{ site.baseurl }}/assets/p.png) ![§]({{ \"/assets/p.png\" | relative_url }}) ![§]({{ '/assets/图.png' | absolute_url }}) ![§]({% link assets/a-b.png %}) ![§](/blog/assets/p.png)\n\n![§][d]\n\n[d]: {{ \"/assets/sub/p.png\" | relative_url }}\n",
    }
    pictures = ["assets/p.png", "assets/图.png", "assets/a-b.png", "assets/sub/p.png"]

    def build(self):
        self.fill()
        generators.run(["jekyll", "build"], self.folder)


class Pelican(Pictures, generators.Pelican):
    files = {
        "pelicanconf.py": "SITENAME = '旧站'\nPATH = 'content'\nTHEME = 'theme'\nDEFAULT_LANG = 'zh'\nPLUGINS = []\nSITEURL = 'https://old.example'\nOUTPUT_PATH = 'public'\nSTATIC_PATHS = ['images']\nTIMEZONE = 'Asia/Shanghai'\n",
        "theme/static/x.css": "",
        "theme/templates/article.html": "{{ article.content }}",
        **{f"theme/templates/{name}.html": "-" for name in ["index", "tags", "categories", "authors", "archives", "tag", "category", "author", "page"]},
    }
    texts = {
        "content/a.md": "Title: 甲\nDate: 2024-01-02\n\n![§]({static}/images/p.png) ![§]({static}images/图.png) ![§](|static|/images/p.png) ![§]({filename}/images/图.png) ![§](/images/p.png)\n",
        "content/夹/b.md": "Title: 乙\nDate: 2024-01-03\n\n![§]({attach}q.png) ![§]({static}../images/p.png)\n",
    }
    pictures = ["content/images/p.png", "content/images/图.png", "content/夹/q.png"]

    def build(self):
        self.fill()
        generators.run([self.cache / "py/bin/pelican", "content", "-s", "pelicanconf.py", "--quiet"], self.folder)


class Eleventy(Pictures, generators.Eleventy):
    imported = "src/posts"
    files = {
        "package.json": '{"type": "module"}',
        "eleventy.config.js": "export default config => {\n  config.addPassthroughCopy('src/images');\n  config.addPassthroughCopy({ public: '/' });\n  return { dir: { input: 'src', output: 'public-site' } };\n};\n",
    }
    texts = {
        "src/posts/x.md": "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![§](/images/p.png) ![§]({{ '/images/图.png' | url }}) ![§](../../images/p.png) ![§](/q.png)\n",
    }
    pictures = ["src/images/p.png", "src/images/图.png", "public/q.png"]

    def build(self):
        self.link("eleventy")
        self.fill()
        generators.run(["node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet"], self.folder)
        (self.folder / "public").rename(self.folder / "copied")
        (self.folder / "public-site").rename(self.folder / "public")

    def after(self):
        """The sources have the folder that the site is built to."""
        (self.folder / "public").rename(self.folder / "site")
        (self.folder / "copied").rename(self.folder / "public")


class VitePress(Pictures, generators.VitePress):
    files = {
        "package.json": '{"type": "module"}',
        "docs/.vitepress/config.js": "export default { title: '旧站', outDir: '../public' }\n",
        "docs/index.md": "# -\n",
        "docs/.vitepress/theme/index.js": "import { h } from 'vue'; import { Content } from 'vitepress';\nexport default { Layout: { setup() { return () => h('main', [h(Content)]) } } }\n",
    }
    texts = {
        "docs/posts/x.md": "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![§](./p.png) ![§](../images/图.png) ![§](/q.png) ![§](p.png)\n",
    }
    pictures = ["docs/posts/p.png", "docs/images/图.png", "docs/public/q.png"]

    def build(self):
        self.link("vitepress")
        self.fill()
        generators.run(["node", "node_modules/vitepress/bin/vitepress.js", "build", "docs"], self.folder)


class Astro(Pictures, generators.Astro):
    files = {
        "package.json": '{"type": "module"}',
        # The pictures keep their bytes.
        "astro.config.mjs": "import { defineConfig, passthroughImageService } from 'astro/config';\nexport default defineConfig({ site: 'https://old.example', outDir: './built', image: { service: passthroughImageService() } });\n",
        "src/content.config.ts": "import { defineCollection } from 'astro:content';\nimport { glob } from 'astro/loaders';\nexport const collections = { blog: defineCollection({ loader: glob({ pattern: '**/*.md', base: './src/content/blog' }) }) };\n",
        "src/pages/blog/[...slug].astro": "---\nimport { getCollection, render } from 'astro:content';\nexport async function getStaticPaths() {\n  return (await getCollection('blog')).map(post => ({ params: { slug: post.id }, props: post }));\n}\nconst { Content } = await render(Astro.props);\n---\n<Content />\n",
    }
    texts = {
        "src/content/blog/x.md": "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![§](./p.png) ![§](../../assets/图.png) ![§](/q.png) ![§](./夹/p.png)\n",
    }
    pictures = ["src/content/blog/p.png", "src/assets/图.png", "public/q.png", "src/content/blog/夹/p.png"]

    def build(self):
        self.link("astro")
        self.fill()
        generators.run(["node", "node_modules/astro/astro.js", "build", "--silent"], self.folder, ASTRO_TELEMETRY_DISABLED="1")
        (self.folder / "public").rename(self.folder / "copied")
        (self.folder / "built").rename(self.folder / "public")

    after = Eleventy.after


ALL = [Hugo, Hexo, Jekyll, Pelican, Eleventy, Astro, VitePress]


def main():
    newsprint, programs = (pathlib.Path(argument).absolute() for argument in sys.argv[1:3])
    failed = []
    print("| generator | pictures | same | copied | missing | other |")
    print("|---|--:|--:|--:|--:|--:|")
    for site, version, digest in digests.sites(ALL, programs, sys.argv[3:], failed):
        site.build()
        old = shown(site.folder / "public", site.base)
        getattr(site, "after", lambda: None)()
        texts = sum(text.count("§") for text in site.texts.values())
        broken = [name for name, found in old.items() if not found]
        if len(old) != texts or broken:
            failed.append(f"{site.name}: the old site shows {len(old)} of {texts} pictures, and not {broken}")
        report = digests.move(newsprint, site, digest, strict=True)
        new = shown(digest / "public")
        missing = [name for name in old if not new.get(name)]
        other = [name for name in old if new.get(name) and new[name] != old[name]]
        failed += [f"{site.name}: {name} is missing" for name in missing]
        failed += [f"{site.name}: {name} is another picture" for name in other]
        failed += [f"{site.name}: {found['message']}" for found in report["diagnostics"] if "picture" in found["message"]]
        again = digests.imported(newsprint, site, digest)
        if again["pictures"] or again["updated"] or again["imported"]:
            failed.append(f"{site.name}: the second import is no repetition")
        same = len(old) - len(missing) - len(other)
        print(f"| {site.name} {version} | {len(old)} | {same} | {len(report['pictures'])} | {len(missing)} | {len(other)} |")
    if failed:
        sys.exit("\n".join(failed))


main()
