"""Sites of generators with a feed of all posts, at an address that is known before they are built."""

import generators
import posts


class Hugo(generators.Hugo):
    feed = "index.xml"


class Hexo(generators.Hexo):
    feed = "atom.xml"
    # The day in an address, and so the id, is the one of the machine: that of the digest's zone is assumed.
    zone = "Asia/Shanghai"
    plugins = [*generators.Hexo.plugins, "generator-feed"]
    settings = {name: f"{text}feed: {{limit: 0, content: true}}\n" for name, text in generators.Hexo.settings.items()}


class Jekyll(generators.Jekyll):
    feed = "feed.xml"
    # jekyll-feed does not escape `&` in links: its feed is not well-formed with such a post.
    shapes = staticmethod(lambda: [post for post in posts.jekyll() if "&" not in post.file])
    settings = {name: f"{text}plugins: [jekyll-feed]\nfeed: {{posts_limit: 200}}\n" for name, text in generators.Jekyll.settings.items()}


    def build(self):
        # Bundler writes this file; the ids depend on the version of one library.
        version = generators.run(["gem", "list", "--exact", "addressable"], self.folder).split("(")[-1].split(")")[0]
        self.write("Gemfile.lock", f"GEM\n  specs:\n    addressable ({version})\n      public_suffix (>= 2.0.2)\n")
        super().build()


class Pelican(generators.Pelican):
    feed = "feeds/all.atom.xml"


class Eleventy(generators.Eleventy):
    feed = "feed.xml"

    def build(self):
        self.write(
            "eleventy.config.js",
            "import { feedPlugin } from '@11ty/eleventy-plugin-rss';\n"
            "export default function (config) {\n"
            "  config.addCollection('all posts', api => api.getFilteredByGlob('posts/**/*.md').filter(post => post.url));\n"
            f"  config.addPlugin(feedPlugin, {{ type: 'atom', outputPath: '/feed.xml', collection: {{ name: 'all posts', limit: 0 }}, metadata: {{ title: '旧站', base: '{self.url}/' }} }});\n"
            "}\n",
        )
        super().build()


class Astro(generators.Astro):
    # The file of Astro's recipe for feeds.
    feed = "rss.xml"

    def build(self):
        self.write(
            "src/pages/rss.xml.js",
            "import rss from '@astrojs/rss';\n"
            "import { getCollection } from 'astro:content';\n"
            "export async function GET(context) {\n"
            "  const posts = (await getCollection('blog')).filter(post => post.data.date);\n"
            "  const items = posts.map(post => ({ title: post.data.title ?? '-', description: post.body, pubDate: new Date(post.data.date), link: `/blog/${post.id}/` }));\n"
            "  return rss({ title: '旧站', description: '-', site: context.site, items });\n"
            "}\n",
        )
        super().build()


ALL = [Hugo, Hexo, Jekyll, Pelican, Eleventy, Astro]
