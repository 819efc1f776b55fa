"""Builds a site of posts with a real generator, and reads the address of each post from its pages."""

import datetime
import html
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

    def __init__(self, folder, cache, setting):
        self.folder, self.cache, self.setting = folder, cache, setting
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.posts = self.shapes()
        for n, post in enumerate(self.posts):
            heading = f"# {post.heading}\n\n" if post.heading else ""
            self.write(f"{self.below}/{post.file}", f"{post.front()}\n{heading}标记m{n}。\n")

    def write(self, path, text):
        path = self.folder / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def data(self):
        """The date and the tags of each post, as far as its page says them."""
        found = {}
        for page in (self.folder / "public").rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            marks, date = MARK.findall(text), re.search(r"<time>([^<]*)</time>", text)
            if marks and date:
                date = None if date[1].startswith("0001") else datetime.datetime.fromisoformat(html.unescape(date[1]))
                found[int(marks[0])] = (date, set(re.findall(r"<b>([^<]*)</b>", text)))
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
    }

    @staticmethod
    def version(cache):
        return re.search(r"v(\d[\d.]*)", run([cache / "py/bin/hugo", "version"], cache))[1]

    def build(self):
        languages = 'defaultContentLanguage = "zh-cn"\n[languages.zh-cn]\nweight = 1\n'
        self.write("hugo.toml", 'baseURL = "https://old.example/"\ntitle = "旧站"\ntimeZone = "Asia/Shanghai"\n' + self.settings[self.setting].split("[")[0] + languages + "".join(self.settings[self.setting].partition("[")[1:]))
        self.write("layouts/_default/single.html", '{{ .Content }}<time>{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}</time>{{ range .GetTerms "tags" }}<b>{{ .LinkTitle }}</b>{{ end }}')
        self.write("layouts/_default/list.html", "-")
        run([self.cache / "py/bin/hugo", "--quiet"], self.folder)


class Hexo(Site):
    name, below, imported, shapes = "hexo", "source/_posts", "source/_posts", staticmethod(shapes.hexo)
    settings = {
        "default": "permalink: :year/:month/:day/:title/\n",
        "category": "permalink: :category/:name.html\ntimezone: Asia/Shanghai\n",
        "dated names": "permalink: posts/:i_month/:post_title/\nnew_post_name: :year-:month-:day-:title.md\n",
    }

    @staticmethod
    def version(cache):
        return re.search(r'"version": "([^"]+)"', (cache / "hexo/node_modules/hexo/package.json").read_text())[1]

    def build(self):
        (self.folder / "node_modules").symlink_to(self.cache / "hexo/node_modules")
        self.write("package.json", '{"name": "old", "hexo": {"version": ""}, "dependencies": {"hexo-renderer-marked": "*", "hexo-generator-index": "*"}}')
        self.write("_config.yml", "title: 旧站\nurl: https://old.example\ntheme: plain\nlanguage: zh-CN\n" + self.settings[self.setting])
        self.write("themes/plain/layout/post.njk", "{{ page.content | safe }}")
        self.write("themes/plain/layout/index.njk", "-")
        run([self.folder / "node_modules/.bin/hexo", "generate"], self.folder)


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
        self.write("_config.yml", "title: 旧站\nurl: https://old.example\ndestination: public\nquiet: true\nfuture: false\n" + self.settings[self.setting])
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
        (self.folder / "node_modules").symlink_to(self.cache / "eleventy/node_modules")
        if self.settings[self.setting]:
            self.write("posts/posts.json", self.settings[self.setting])
        self.write("package.json", "{}")
        run(["node", "node_modules/@11ty/eleventy/cmd.cjs", "--quiet", "--output=public"], self.folder)


class VitePress(Site):
    name, below, imported, shapes = "vitepress", "docs/posts", "docs/posts", staticmethod(shapes.vitepress)
    settings = {"default": "", "clean": "cleanUrls: true,"}

    @staticmethod
    def version(cache):
        return re.search(r'"version": "([^"]+)"', (cache / "vitepress/node_modules/vitepress/package.json").read_text())[1]

    def build(self):
        (self.folder / "node_modules").symlink_to(self.cache / "vitepress/node_modules")
        self.write("package.json", '{"type": "module"}')
        self.write("docs/.vitepress/config.js", f"export default {{ title: '旧站', outDir: '../public', {self.settings[self.setting]} }}\n")
        self.write("docs/index.md", "# -\n")
        run(["node", "node_modules/vitepress/bin/vitepress.js", "build", "docs"], self.folder)


class Astro(Site):
    name, below, imported, shapes = "astro", "src/content/blog", "src/content/blog", staticmethod(shapes.astro)
    settings = {"default": "", "files": "build: {format: 'file'},"}

    @staticmethod
    def version(cache):
        return re.search(r'"version": "([^"]+)"', (cache / "astro/node_modules/astro/package.json").read_text())[1]

    def build(self):
        (self.folder / "node_modules").symlink_to(self.cache / "astro/node_modules")
        self.write("package.json", '{"type": "module"}')
        self.write("astro.config.mjs", f"export default {{ outDir: './public', publicDir: './none', {self.settings[self.setting]} }}\n")
        self.write("src/content.config.ts", "import { defineCollection } from 'astro:content';\nimport { glob } from 'astro/loaders';\nexport const collections = { blog: defineCollection({ loader: glob({ pattern: '**/*.md', base: './src/content/blog' }) }) };\n")
        self.write("src/pages/blog/[...slug].astro", "---\nimport { getCollection, render } from 'astro:content';\nexport async function getStaticPaths() {\n  return (await getCollection('blog')).map(post => ({ params: { slug: post.id }, props: post }));\n}\nconst { Content } = await render(Astro.props);\n---\n<Content />\n")
        run(["node", "node_modules/astro/astro.js", "build", "--silent"], self.folder, ASTRO_TELEMETRY_DISABLED="1")


ALL = [Hugo, Hexo, Jekyll, Eleventy, Astro, VitePress]
