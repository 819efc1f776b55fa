"""Builds a site of posts with a real generator, and reads the address of each post from its pages."""

import datetime
import html
import json
import os
import pathlib
import re
import shutil
import subprocess
import urllib.parse

import posts as shapes

MARK = re.compile(r"标记m(\d+)。")


def run(command, folder, **environment):
    done = subprocess.run(command, cwd=folder, env={**os.environ, "TZ": "UTC", "LANG": "C.UTF-8", **environment}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


class Site:
    """A site in `folder`; `run` in the class of a generator fills `public`."""

    # The address of the site, without a slash at its end.
    url = "https://old.example"
    # The zone of the machine that builds the site.
    zone = "UTC"

    def __init__(self, folder, cache, setting):
        self.folder, self.cache, self.setting = folder, cache, setting
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.posts = self.shapes()
        for n, post in enumerate(self.posts):
            heading = f"# {post.heading}\n\n" if post.heading else ""
            self.write_post(post, f"{heading}标记m{n}。\n")

    def write_post(self, post, text):
        self.write(f"{self.below}/{post.file}", f"{post.front()}\n{text}")

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def link(self, name):
        """Links the packages of a program from npm, unless they are."""
        modules = self.folder / "node_modules"
        if not modules.exists():
            modules.symlink_to(self.cache / name / "node_modules")

    def data(self):
        """The date and the tags of each post, as far as its page says them."""
        found = {}
        for page in (self.folder / "public").rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            marks, date = MARK.findall(text), re.search(r"<time[^>]*>([^<]*)</time>", text)
            if marks and date:
                # Hugo writes the year 1 for no date.
                is_date = date[1] and not date[1].startswith("0001")
                date = datetime.datetime.fromisoformat(html.unescape(date[1])) if is_date else None
                found[int(marks[0])] = (date, {html.unescape(term) for term in re.findall(r"<b[^>]*>([^<]*)</b>", text)})
        return found

    def addresses(self):
        """The posts by address: path in the site, decoded, with `index.html` left out."""
        found = {}
        public = self.folder / "public"
        for page in sorted(public.rglob("*.html")):
            marks = set(MARK.findall(page.read_text(encoding="utf-8")))
            if len(marks) == 1:
                path = str(page.relative_to(public))
                found[re.sub(r"(^|/)index\.html$", r"\1", path)] = int(marks.pop())
        # A page that leads to one of these is an old address as well.
        for page in sorted(public.rglob("*.html")):
            text = page.read_text(encoding="utf-8")
            target = re.search(r'http-equiv="?refresh"? content="0; url=https?://[^/]+/([^"]*)"', text)
            if target and not MARK.search(text):
                path = re.sub(r"(^|/)index\.html$", r"\1", str(page.relative_to(public)))
                number = found.get(urllib.parse.unquote(target[1]))
                if number is not None:
                    found[path] = number
        return found


class Hugo(Site):
    name, below, imported, shapes = "hugo", "content/posts", "content/posts", staticmethod(shapes.hugo)
    settings = {
        "default": "",
        "permalinks": '[permalinks]\nposts = "/p/:year/:month/:day/:slug/"\n',
        "names": '[permalinks.page]\nposts = "/:sections/:contentbasename/"\n',
        "ugly": "uglyURLs = true\n",
        "sections": '[permalinks.page]\nposts = "/:sectionslugs/:month/:slugorcontentbasename/"\n',
    }

    @staticmethod
    def version(cache):
        return re.search(r"v(\d[\d.]*)", run([cache / "py/bin/hugo", "version"], cache))[1]

    def build(self):
        languages = 'defaultContentLanguage = "zh-cn"\n[languages.zh-cn]\nweight = 1\n'
        self.write("hugo.toml", f'baseURL = "{self.url}/"\n' + 'title = "旧站"\ntimeZone = "Asia/Shanghai"\n' + self.settings[self.setting].split("[")[0] + languages + "".join(self.settings[self.setting].partition("[")[1:]))
        self.write("content/posts/夹/_index.md", "---\ntitle: 有短名的夹\nslug: 短 夹+A\n---\n")
        self.write("content/posts/夹/题/_index.md", "---\ntitle: 只有题，B\nurl: /elsewhere/\n---\n")
        self.write("layouts/_default/single.html", '{{ .Content }}<time>{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}</time>{{ range .Params.tags }}<b>{{ . }}</b>{{ end }}')
        self.write("layouts/_default/list.html", "-")
        run([self.cache / "py/bin/hugo", "--quiet"], self.folder)


class Hexo(Site):
    name, below, imported, shapes = "hexo", "source/_posts", "source/_posts", staticmethod(shapes.hexo)
    plugins = ["renderer-marked", "generator-index"]
    settings = {
        "default": "permalink: :year/:month/:day/:title/\n",
        "category": "permalink: :category/:name.html\ntimezone: Asia/Shanghai\n",
        "hash": "permalink: :year/:month/:day/:hash-:timestamp/\ntimezone: Asia/Shanghai\n",
        "dated names": "permalink: posts/:i_month/:post_title/\nnew_post_name: :year-:month-:day-:title.md\n",
    }

    @staticmethod
    def version(cache):
        return re.search(r'"version": "([^"]+)"', (cache / "hexo/node_modules/hexo/package.json").read_text())[1]

    def prepare(self):
        """Links the program and names its plugins."""
        self.link("hexo")
        dependencies = {f"hexo-{name}": "*" for name in self.plugins}
        self.write("package.json", json.dumps({"name": "old", "hexo": {"version": ""}, "dependencies": dependencies}))

    def build(self):
        self.prepare()
        self.write("_config.yml", f"title: 旧站\nurl: {self.url}\ntheme: plain\nlanguage: zh-CN\n" + self.settings[self.setting])
        self.write("themes/plain/layout/post.njk", "{{ page.content | safe }}<time>{{ page.date.toISOString() }}</time>{% for tag in page.tags.toArray() %}<b>{{ tag.name }}</b>{% endfor %}{% for category in page.categories.toArray() %}<b>{{ category.name }}</b>{% endfor %}")
        self.write("themes/plain/layout/index.njk", "-")
        run([self.folder / "node_modules/.bin/hexo", "generate"], self.folder, TZ=self.zone)


class Jekyll(Site):
    name, below, imported, shapes = "jekyll", ".", ".", staticmethod(shapes.jekyll)
    settings = {
        "default": "",
        "pretty": "permalink: pretty\ntimezone: Asia/Shanghai\n",
        "slug": "permalink: /p/:slug/\n",
        "title": "permalink: /:title.html\n",
    }

    @staticmethod
    def version(cache):
        return run(["jekyll", "--version"], cache).split()[-1]

    def build(self):
        self.write("_config.yml", f"title: 旧站\nurl: {self.url}\ndestination: public\nquiet: true\nfuture: false\n" + "defaults: [{scope: {path: ''}, values: {layout: plain}}]\n" + self.settings[self.setting])
        for layout in ["plain", "post"]:
            self.write(f"_layouts/{layout}.html", "{{ content }}<time>{{ page.date | date_to_xmlschema }}</time>{% for term in page.tags %}<b>{{ term | escape }}</b>{% endfor %}{% for term in page.categories %}<b>{{ term | escape }}</b>{% endfor %}")
        run(["jekyll", "build"], self.folder)


class Eleventy(Site):
    name, below, imported, shapes = "eleventy", "posts", "posts", staticmethod(shapes.eleventy)
    settings = {
        "default": "",
        "data file": '{"permalink": "/blog/{{ page.fileSlug }}/"}',
        "dates": '{"permalink": "/b/{{ page.date | date: \'%Y/%m\' }}{{ page.filePathStem }}.html"}',
    }

    @staticmethod
    def version(cache):
        return re.search(r'"version": "([^"]+)"', (cache / "eleventy/node_modules/@11ty/eleventy/package.json").read_text())[1]

    def build(self):
        if self.setting == "dates":
            # Eleventy dates a post without a date by the time of its file.
            (self.folder / "posts/bare.md").unlink()
        self.link("eleventy")
        if self.settings[self.setting]:
            self.write("posts/posts.json", self.settings[self.setting])
        self.write("package.json", '{"type": "module"}')
        self.write("_data/layout.json", '"plain.njk"')
        self.write("_includes/plain.njk", "{{ content | safe }}<time>{{ page.date.toISOString() }}</time>{% for tag in tags %}<b>{{ tag }}</b>{% endfor %}")
        run(["node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet", "--output=public"], self.folder)


class VitePress(Site):
    name, below, imported, shapes = "vitepress", "docs/posts", "docs/posts", staticmethod(shapes.vitepress)
    settings = {
        "default": "",
        "clean": "cleanUrls: true,",
        "rewrites": "rewrites: {\n    // from the folder of the year\n    'posts/:year(\\\\d+)/:name.md': 'p/:year-:name.md',\n    'posts/包/(.*)': 'bundles/(.*)',\n    'posts/:slug.md': 's/:slug/index.md',\n  },",
    }

    @staticmethod
    def version(cache):
        return re.search(r'"version": "([^"]+)"', (cache / "vitepress/node_modules/vitepress/package.json").read_text())[1]

    def build(self):
        self.link("vitepress")
        self.write("package.json", '{"type": "module"}')
        self.write("docs/.vitepress/config.js", f"export default {{ title: '旧站', outDir: '../public', {self.settings[self.setting]} }}\n")
        self.write("docs/index.md", "# -\n")
        self.write("docs/.vitepress/theme/index.js", "import { h } from 'vue'; import { useData, Content } from 'vitepress';\nconst words = (name, list) => list.map(word => h(name, String(word)));\nexport default { Layout: { setup() { const { frontmatter } = useData(); return () => h('main', [h(Content), ...words('time', [frontmatter.value.date ?? '']), ...words('b', frontmatter.value.tags ?? [])]) } } }\n")
        run(["node", "node_modules/vitepress/bin/vitepress.js", "build", "docs"], self.folder)


class Astro(Site):
    name, below, imported, shapes = "astro", "src/content/blog", "src/content/blog", staticmethod(shapes.astro)
    settings = {
        "default": "",
        "files": "build: {format: 'file'},",
        "no slashes": "trailingSlash: 'never', build: {format: 'file'}, base: '/news',",
        "preserved": "trailingSlash: 'never', build: {format: 'preserve'},",
    }

    @staticmethod
    def version(cache):
        return re.search(r'"version": "([^"]+)"', (cache / "astro/node_modules/astro/package.json").read_text())[1]

    def build(self):
        self.link("astro")
        self.write("package.json", '{"type": "module"}')
        self.write("astro.config.mjs", f"export default {{ site: '{self.url}', outDir: './public', publicDir: './none', {self.settings[self.setting]} }}\n")
        self.write("src/content.config.ts", "import { defineCollection } from 'astro:content';\nimport { glob } from 'astro/loaders';\nexport const collections = { blog: defineCollection({ loader: glob({ pattern: '**/*.md', base: './src/content/blog' }) }) };\n")
        self.write("src/pages/blog/[...slug].astro", "---\nimport { getCollection, render } from 'astro:content';\nexport async function getStaticPaths() {\n  return (await getCollection('blog')).map(post => ({ params: { slug: post.id }, props: post }));\n}\nconst { Content } = await render(Astro.props);\nconst { date, tags } = Astro.props.data;\n---\n<Content /><time>{date && new Date(date).toISOString()}</time>{(tags ?? []).map(tag => <b>{tag}</b>)}\n")
        run(["node", "node_modules/astro/astro.js", "build", "--silent"], self.folder, ASTRO_TELEMETRY_DISABLED="1")


class Pelican(Site):
    name, below, imported, shapes = "pelican", "content", "content", staticmethod(shapes.pelican)
    settings = {
        "default": "",
        "dates": "ARTICLE_URL = 'posts/{date:%Y}/{date:%b}/{date:%-d}/{slug}/'\nARTICLE_SAVE_AS = ARTICLE_URL + 'index.html'\nSLUGIFY_USE_UNICODE = True\nTIMEZONE = 'Asia/Shanghai'\n",
        "names": "ARTICLE_URL = '{category}/{slug}'\nARTICLE_SAVE_AS = '{category}/{slug}.html'\nSLUGIFY_SOURCE = 'basename'\nUSE_FOLDER_AS_CATEGORY = False\nDEFAULT_CATEGORY = '杂谈'\nSLUG_REGEX_SUBSTITUTIONS = [\n    (r'C\\+\\+', 'cpp'),  # before signs go\n    (r'[^\\w\\s-]', ''),\n    (r'\\s+', '_'),\n]\nFILENAME_METADATA = r'(?P<date>\\d{4}-\\d{2}-\\d{2})-(?P<slug>.*)'\n",
    }

    @staticmethod
    def version(cache):
        return run([cache / "py/bin/pelican", "--version"], cache).strip()

    def write_post(self, post, text):
        fields = "".join(f"{key.title() if n % 2 else key}: {value}\n" for n, (key, value) in enumerate(post.fields))
        self.write(f"{self.below}/{post.file}", text if post.bare else f"{fields}\n{text}")

    def build(self):
        self.write("pelicanconf.py", "SITENAME = '旧站'\nPATH = 'content'\nTHEME = 'theme'\nDEFAULT_LANG = 'zh'\nPLUGINS = []\n" + self.settings[self.setting])
        self.write("publishconf.py", "import os\nimport sys\nsys.path.append(os.curdir)\nfrom pelicanconf import *\n\nSITEURL = '%s'\nOUTPUT_PATH = 'public'\n" % self.url)
        self.write("theme/static/x.css", "")
        self.write("theme/templates/article.html", "{{ article.content }}<time>{{ article.date.isoformat() }}</time>{% for tag in article.tags %}<b>{{ tag }}</b>{% endfor %}{% if article.category != 'misc' %}<b>{{ article.category }}</b>{% endif %}")
        for name in ["index", "tags", "categories", "authors", "archives", "tag", "category", "author", "page"]:
            self.write(f"theme/templates/{name}.html", "-")
        run([self.cache / "py/bin/pelican", "-s", "publishconf.py", "--quiet"], self.folder)


ALL = [Hugo, Hexo, Jekyll, Eleventy, Astro, VitePress, Pelican]
