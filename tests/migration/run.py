"""Moves sites of real generators into digests and follows every old address.

    python3 tests/migration/run.py NEWSPRINT PROGRAMS [GENERATOR…]

PROGRAMS is a folder with the generators, as `install.sh` fills it. Prints a table in Markdown. Fails
if fewer than 99 % of the old addresses of posts lead to their article, if one leads to another
article, if one is lost that the import does not report, if a post is public that was not, or if the
date or the tags of a post are others than those that its old page shows. With CI=true, a generator
that is not installed is an error.
"""

import datetime
import json
import pathlib
import re
import sys
import urllib.parse
import zoneinfo

import digests
import generators


def marks_of_articles(public):
    """The marks of the articles of a digest, by address."""
    found = {}
    for page in (public / "articles").glob("*/index.html"):
        marks = set(generators.MARK.findall(page.read_text(encoding="utf-8")))
        found[f"articles/{page.parent.name}/"] = marks
    return found


def follow(public, address):
    """The address that an old one leads to in the digest; `None` if there is nothing."""
    page = digests.file_at(public, address)
    if not page:
        return None
    refresh = digests.REFRESH.search(page.read_text(encoding="utf-8"))
    target = urllib.parse.unquote(refresh[1]) if refresh else address
    return re.sub(r"^(https?://[^/]+)?/|index\.html$", "", target)


def compare(site, digest, report):
    """The old addresses that are right, reported, lost and wrong, and the posts that are public by mistake."""
    public = digest / "public"
    marks = marks_of_articles(public)
    right, reported, lost, wrong = [], [], [], []
    told = json.dumps(report["diagnostics"], ensure_ascii=False)
    for address, post in sorted(site.addresses().items()):
        # Pelican has pages of drafts, which nothing links to.
        if site.posts[post].hidden:
            continue
        target = follow(public, address)
        if target is not None and str(post) in marks.get(target, ()):
            right.append(address)
        elif target is not None and marks.get(target):
            wrong.append((address, target))
        elif address.strip("/") in told or site.posts[post].file in told:
            reported.append(address)
        else:
            lost.append((address, site.posts[post].file))
    every = {mark for found in marks.values() for mark in found}
    published = [post.file for n, post in enumerate(site.posts) if post.hidden and str(n) in every]
    return right, reported, lost, wrong, published


def accepted_dates(site, post, date):
    """The dates of an article that are right, given the date on the old page."""
    written = dict(post.fields).get("date", "")
    # Eleventy takes the time of the file for a post without a date.
    found = {date} if written or site.name != "eleventy" else {date, None}
    shanghai = zoneinfo.ZoneInfo("Asia/Shanghai")
    try:
        own = datetime.datetime.fromisoformat(written)
    except ValueError:
        return found
    if site.name == "hexo":
        # Hexo moves a date with an offset by the zone of the site once more.
        found.add(own if own.tzinfo else own.replace(tzinfo=shanghai))
    return found


def different_data(site, digest):
    """The posts whose date or tags are other ones than on their old pages."""
    articles = {}
    for file in (digest / "content/articles").glob("*.md"):
        text = file.read_text(encoding="utf-8")
        for mark in generators.MARK.findall(text):
            articles[int(mark)] = text
    found = []
    for post, (date, tags) in site.data().items():
        if site.posts[post].hidden and post not in articles:
            continue
        text = articles[post]
        written = re.search(r'^date: "?([^"\n]*)', text, re.M)
        own = datetime.datetime.fromisoformat(written[1]) if written else None
        if own and not own.tzinfo:
            own = own.replace(tzinfo=zoneinfo.ZoneInfo("Asia/Shanghai"))
        # A day without a time is UTC for Hugo, and that day here.
        is_day = written and "T" not in written[1]
        same = own in accepted_dates(site, site.posts[post], date) or is_day and date and own.date() == date.date()
        lists = re.search(r"^keywords:\n((?:  - .*\n)*)", text, re.M)
        terms = set(re.findall(r'^  - "?(.*?)"?$', lists[1], re.M)) if lists else set()
        if not same or not tags <= terms:
            found.append((site.posts[post].file, str(date), str(own), tags, terms))
    return found


def main():
    newsprint, programs = (pathlib.Path(argument).absolute() for argument in sys.argv[1:3])
    failed = []
    print("| generator | setting | posts | addresses | right | reported | lost | wrong |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    for site, version, digest in digests.sites(generators.ALL, programs, sys.argv[3:], failed):
        site.build()
        report = digests.move(newsprint, site, digest)
        right, reported, lost, wrong, published = compare(site, digest, report)
        different = different_data(site, digest)
        count = len(right) + len(reported) + len(lost) + len(wrong)
        counts = [len(site.posts), count, len(right), len(reported), len(lost), len(wrong)]
        print(f"| {site.name} {version} | {site.setting} | {' | '.join(map(str, counts))} |", flush=True)
        if lost or wrong or published or different or len(right) < 0.99 * count:
            failed.append(f"{site.name}, {site.setting}: {reported=} {lost=} {wrong=} {published=} {different=}")
    if failed:
        sys.exit("\n".join(failed))


main()
