"""The posts that each generator builds: names, folders, dates and front matter of many shapes."""

import dataclasses
import json

# Names of files, each of which some generator changes on the way to an address.
NAMES = [
    "OpenAI发布GPT-4o，多模态",
    "My First Post",
    "C++ 入门",
    "a - b",
    "c#与.net",
    "Ａ全角ＢＣ",
    "Café crème",
    "带 空格 的 名",
    "UPPER_case_名",
    "火箭🚀上天",
    "标点！？、。：完",
    "括号（一）(x)[y]",
    "dots.v1.2",
    "it's",
    "a&b",
    "x@y~z",
    "多--连字符",
    "-前后-",
    "价格$5与=号",
    "ß与İ",
    "２０２４年回顾",
    "한국어 글",
    "①②③",
    "“引号”与《书名》",
    "plain",
    "_下划线开头",
    "a+b+c",
    "长音ー々〇",
    "don’t stop",
    "α β Γ",
    "Привет Мир",
    "全角　空格",
    "x,y;w",
    "第1期：要闻",
    "ü composed",
    "trailing dot.x",
    "A.B.D",
    "二〇二四年·盘点",
    "50 percent",
    "Ⅳ与ⅳ",
    "C# 12",
    "{花括号}",
    "感叹！",
]


@dataclasses.dataclass
class Post:
    """One post: its file below the posts' folder, its front matter as (key, YAML) and its text."""

    file: str
    fields: list
    # The generator does not publish the post, and neither must newsprint.
    hidden: bool = False
    # The front matter is left out.
    bare: bool = False
    heading: str = ""

    def front(self):
        return "" if self.bare else "---\n" + "".join(f"{key}: {value}\n" for key, value in self.fields) + "---\n"


def quote(text):
    return json.dumps(text, ensure_ascii=False)


def titled(title, date="2024-05-06T10:00:00+08:00", **more):
    return [("title", quote(title)), ("date", date), *((key.replace("__", "-"), value) for key, value in more.items())]


def named(dated):
    """One post for each name. `dated` makes a name of a file of it, with a date where one is needed."""
    return [Post(dated(name, n), titled(f"题{n} {name}", day(n))) for n, name in enumerate(NAMES)]


def day(n):
    return f"2024-{1 + n % 12:02}-{1 + n % 27:02}T{n % 24:02}:30:00+08:00"


def terms():
    """A post whose tags have signs that separate lists elsewhere, and posts with dates in several forms."""
    return [
        Post("many-terms.md", titled("多词", tags='["开源", "C++", "C#", "AI/ML", "甲，乙", "a b", "《三体》", "GPT-4o"]')),
        Post("seconds.md", titled("秒", "2024-06-02 02:03:04")),
        Post("zoned.md", titled("带区", "2024-06-02 02:03:04 +0900")),
    ]


def hugo():
    posts = named(lambda name, n: f"{name}.md")
    # The address of this name is that of its section, `posts/` or `posts/.html`.
    posts = [post for post in posts if "①②③" not in post.file]
    posts += [
        Post("2024-05-14-日期文件名.md", titled("日期文件名")),
        Post("2024-05-15.md", titled("只有日期")),
        Post("slug-file.md", titled("有短名", slug=quote("My Slug，好"))),
        Post("slug2.md", titled("有短名二", slug=quote("a - b"))),
        Post("slug3.md", titled("有短名三", slug="C++入门")),
        Post("title-only.md", titled("无时区 标题，A")),
        Post("2024/子目录.md", titled("子目录")),
        Post("2024/Deep Folder/更深.md", titled("更深")),
        Post("包/index.md", titled("页包")),
        Post("My Bundle/index.md", titled("页包二")),
        Post("夹/节.md", titled("节中")),
        Post("夹/题/节.md", titled("节中节", slug="own")),
        Post("夹/题/无/下.md", titled("节下")),
        Post("plus.md", titled("a + b C++")),
        Post("yi.zh-cn.md", titled("语言一")),
        Post("bundle/index.zh-cn.md", titled("语言二")),
        Post("late.md", titled("晚间", "2021-04-05T20:00:00-05:00")),
        Post("utc.md", titled("世界时", "2024-06-02T20:00:00Z")),
        Post("naive.md", titled("无区时间", "2024-06-02T02:00:00")),
        Post("day.md", titled("一天", "2024-06-03")),
        Post("url.md", titled("网址", url="/自定/地址/")),
        Post("url-file.md", titled("网址文件", url="/old.html")),
        Post("url-token.md", titled("网址变量", url=quote("/u/:year/:title/"))),
        Post("url-rel.md", titled("相对网址", url="相对/地址")),
        Post("aliased.md", titled("旧名", aliases='["旧名", "/绝对/旧/", "../上级", "/f.html"]')),
        Post("rust.md", titled("铁锈")),
        Post("er.md", titled("铁锈二", aliases='["/posts/rust/2/"]')),
        Post("terms.md", titled("词", tags='["开源", "大模型"]', categories='["技术"]')),
        Post("notitle.md", [("date", "2024-05-06")], heading="正文里的标题"),
        Post("bare.md", [], bare=True, heading="没有前言"),
        Post("draft.md", titled("草稿", draft="true"), hidden=True),
        Post("future.md", titled("将来", "2099-01-01"), hidden=True),
        Post("expired.md", titled("过期", expiryDate="2021-01-01"), hidden=True),
        Post("scheduled.md", titled("待发", publishDate="2099-01-01"), hidden=True),
        Post("never.md", titled("不出", build="{render: never}"), hidden=True),
        Post("headless/index.md", titled("无头", headless="true"), hidden=True),
    ]
    posts += terms()
    return posts


def hexo():
    posts = named(lambda name, n: f"{name}.md")
    posts += [
        Post("2024-05-14-日期文件名.md", titled("日期文件名")),
        Post("2024-05-15.md", titled("只有日期")),
        Post("slug-file.md", titled("有短名", slug="my-slug")),
        Post("2024/子目录.md", titled("子目录")),
        Post("2024/Deep Folder/更深.md", titled("更深")),
        Post("早.md", titled("早", "2024-05-06T00:30:00+08:00")),
        Post("naive.md", titled("无区时间", "2024-06-02 02:00:00")),
        Post("early.md", titled("一日之初", "2024-06-01 00:10:00")),
        Post("day.md", titled("一天", "2024-06-03")),
        Post("link.md", titled("固定链接", permalink="/自定/地址/")),
        Post("link2.md", titled("固定链接二", permalink="old.html")),
        Post("abb.md", titled("短链", abbrlink="3f2a")),
        Post("cat.md", titled("分类", categories="技术")),
        Post("cats.md", titled("两级", categories="[技术, 前 端]", tags="[开源, a b]")),
        Post("id.md", titled("编号", id="42")),
        Post("notitle.md", [("date", "2024-05-06 10:00:00")], heading="正文里的标题"),
        Post("hidden.md", titled("不发", published="false"), hidden=True),
    ]
    posts += terms()
    return posts


def jekyll():
    posts = named(lambda name, n: f"_posts/{day(n)[:10]}-{name}.md")
    # Jekyll has no address for this name but `.html` and that of the day.
    posts = [post for post in posts if "①②③" not in post.file]
    posts += [
        Post("_posts/2024-6-5-单位数.md", [("title", "单位数")]),
        Post("_posts/2024-05-06-zao.md", titled("早", "2024-05-06 00:30:00 +0800")),
        Post("_posts/2024-05-07-naive.md", titled("无区", "2024-05-07 00:30:00")),
        Post("_posts/2024-05-07-evening.md", titled("傍晚", "2024-05-07 20:00:00")),
        Post("_posts/2024-05-08-other.md", titled("另一天", "2024-06-08")),
        Post("_posts/2024-05-08-slugged.md", titled("有短名", "2024-05-08", slug=quote("My Slug，好"))),
        Post("_posts/2024-05-09-cats.md", titled("分类", "2024-05-09", categories="技术 AI")),
        Post("_posts/2024-05-10-cat.md", titled("一个分类", "2024-05-10", category="技术 前端")),
        Post("_posts/2024-05-11-list.md", titled("分类表", "2024-05-11", categories="[Web Dev, 前端]", tags="开源 大模型")),
        Post("_posts/2024-05-12-link.md", titled("固定", "2024-05-12", permalink="/自定/地址/")),
        Post("_posts/2024-05-12-link2.md", titled("固定二", "2024-05-12", permalink="/old.html")),
        Post("_posts/2024-05-12-link3.md", titled("固定三", "2024-05-12", permalink="/t/:year/:title.html")),
        Post("_posts/2024-05-12-redirect.md", titled("转向", "2024-05-12")),
        Post("_posts/sub/2024-05-13-sub.md", titled("下层", "2024-05-13")),
        Post("news/_posts/2024-05-14-above.md", titled("上层", "2024-05-14")),
        Post("_posts/2024-05-15-没有标题.md", [("layout", "post")]),
        Post("_posts/2024-05-16-hidden.md", titled("不发", "2024-05-16", published="false"), hidden=True),
        Post("_posts/2099-05-16-future.md", titled("将来", "2099-05-16"), hidden=True),
        Post("_drafts/草.md", titled("草稿"), hidden=True),
    ]
    posts += [dataclasses.replace(post, file=f"_posts/2024-06-02-{post.file}") for post in terms()]
    return posts


def eleventy():
    posts = named(lambda name, n: f"{name}.md")
    posts += [
        Post("2024-05-14-日期文件名.md", titled("日期文件名")),
        Post("2024/子目录.md", titled("子目录")),
        Post("包/index.md", titled("页包")),
        Post("包二/包二.md", titled("同名")),
        Post("2024-05-14-dir/index.md", titled("日期夹")),
        Post("link.md", titled("固定", permalink=quote("/自定/地址/"))),
        Post("link2.md", titled("固定二", permalink=quote("/old.html"))),
        Post("link3.md", titled("固定三", permalink=quote("own/index.html"))),
        Post("notitle.md", [("date", "2024-05-06")], heading="正文里的标题"),
        Post("bare.md", [], bare=True, heading="没有前言"),
        Post("no.md", titled("不出", permalink="false"), hidden=True),
    ]
    # Eleventy refuses a date of another form than ISO 8601.
    posts += [post for post in terms() if post.file != "zoned.md"]
    return posts


def vitepress():
    posts = [Post(f"{name}.md", titled(f"题{n} {name}", day(n))) for n, name in enumerate(NAMES)]
    posts += [
        Post("2024-05-14-日期文件名.md", titled("日期文件名")),
        Post("2024/子目录.md", titled("子目录")),
        Post("包/index.md", titled("页包")),
        Post("notitle.md", [("date", "2024-05-06")], heading="正文里的标题"),
        Post("bare.md", [], bare=True, heading="没有前言"),
    ]
    posts += terms()
    return posts


def astro():
    posts = named(lambda name, n: f"{name}.md")
    # Astro refuses an empty id.
    posts = [post for post in posts if "①②③" not in post.file]
    posts += [
        Post("2024-05-14-日期文件名.md", titled("日期文件名")),
        Post("2024/子目录.md", titled("子目录")),
        Post("2024/Deep Folder/更深.md", titled("更深")),
        Post("包/index.md", titled("页包")),
        Post("slug-file.md", titled("有短名", slug="my-slug")),
        Post("bare.md", [], bare=True, heading="没有前言"),
    ]
    posts += terms()
    return posts


def pelican():
    posts = named(lambda name, n: f"{name}.md")
    # Pelican has no slug for a title of signs alone, and no address for the post.
    posts += [
        Post("技术/2024-05-14-日期文件名.md", titled("日期文件名")),
        Post("2024-05-15-名里有日期.md", [("title", "名里有日期")]),
        Post("技术/前端/深处.md", titled("深处")),
        Post("slug-file.md", titled("有短名", slug="my-slug")),
        Post("slug2.md", titled("有短名二", slug="My Slug，好")),
        Post("late.md", titled("晚间", "2021-04-05T20:00:00-05:00")),
        Post("utc.md", titled("世界时", "2024-06-02T20:00:00Z")),
        Post("naive.md", titled("无区时间", "2024-06-02 02:00:00")),
        Post("under.md", titled("下划线时间", "2024-06-02_02:00")),
        Post("day.md", titled("一天", "2024-06-03")),
        Post("url.md", titled("网址", url="自定/地址/", save_as="自定/地址/index.html")),
        Post("url-file.md", titled("网址文件", url="old.html", save_as="old.html")),
        Post("cat.md", titled("分类", category="技术 前端")),
        Post("tags.md", titled("标签", tags="开源, 大模型, a b", category="AI")),
        Post("tags2.md", titled("标签二", tags="甲, 乙; 丙")),
        Post("authors.md", titled("作者", authors="张 三, 李 四")),
        Post("polyphone.md", titled("什么价 旅行 技术 重庆 长城 银行")),
        Post("kana.md", titled("しちつッ カタカナ")),
        Post("html.md", titled("A <b>&amp;</b> B")),
        Post("modified.md", titled("修改", modified="2024-07-01 08:00")),
        Post("zh.md", titled("中文文章", lang="zh")),
        Post("status.md", titled("公开", status="published")),
        Post("notitle.md", [("date", "2024-05-06")], heading="正文里的标题", hidden=True),
        Post("nodate.md", [("title", "没有日期")], hidden=True),
        Post("bare.md", [], bare=True, heading="没有前言", hidden=True),
        Post("draft.md", titled("草稿", status="draft"), hidden=True),
        Post("hidden.md", titled("隐藏", status="hidden"), hidden=True),
        Post("skip.md", titled("跳过", status="skip"), hidden=True),
        Post("wip.md", titled("未完", status="wip"), hidden=True),
    ]
    for post in posts:
        # The values of Pelican have no quotation marks.
        post.fields = [(key, json.loads(value) if value.startswith('"') else value) for key, value in post.fields]
    return posts
