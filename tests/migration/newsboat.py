"""Counts the entries that newsboat shows as new after a digest or a site of a generator has moved.

    python3 tests/migration/newsboat.py NEWSPRINT [PROGRAMS [GENERATOR…]]

A digest moves to another address: with `feeds.id_base`, no entry is new; without it, all are. With
PROGRAMS, the folder of `install.sh`, sites of generators become digests at the same address: with
the `feed_id` of the imported articles, no entry of the old feed is new; without them, all are.
Everything is served on loopback addresses.
"""

import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

import digests
import feed_sites
import generators

ARTICLES = 5
# The setting of a digest whose feed has the entries of all posts.
ALL_ENTRIES = "feeds:\n  limit: 200\n"


def newsboat(home, url, *commands):
    """Runs newsboat with the cache in `home` and one feed. Returns what it prints."""
    (home / "urls").write_text(f"{url}\n", encoding="utf-8")
    (home / "config").write_text("", encoding="utf-8")
    command = ["newsboat", "-u", home / "urls", "-c", home / "cache.db", "-C", home / "config", "-x", *commands]
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def fetch(home, url):
    """Lets newsboat fetch a feed. Returns the number of unread entries."""
    newsboat(home, url, "reload")
    return int(re.match(r"\d+", newsboat(home, url, "print-unread"))[0])


def rows(home, query):
    """The rows of newsboat's cache that a query finds, or none after a change."""
    with sqlite3.connect(home / "cache.db") as cache:
        found = cache.execute(query).fetchall()
    cache.close()
    return found


def read_all(home):
    """Marks all entries as read."""
    rows(home, "update rss_item set unread = 0")


def build(newsprint, digest, settings, *options):
    (digest / "newsprint.yaml").write_text(settings, encoding="utf-8")
    subprocess.run([newsprint, "--root", digest, "build", *options], check=True, capture_output=True)


def new_after_move(newsprint, folder, has_id_base):
    """The entries that are new after a digest has moved to another address."""
    digest, home = folder / "digest", folder / "home"
    home.mkdir(parents=True)
    (digest / "content/articles").mkdir(parents=True)
    for n in range(ARTICLES):
        text = f"---\ntitle: 第{n}篇\ndate: 2024-05-{n + 1:02}\n---\n\n正文。\n"
        (digest / f"content/articles/{n}.md").write_text(text, encoding="utf-8")
    hosts = [digests.Host(folder / "old"), digests.Host(folder / "new")]
    old, new = (host.url for host in hosts)
    settings = "title: 日报\ntimezone: Asia/Shanghai\n"
    build(newsprint, digest, f"{settings}base_url: {old}/site/\n", "--output-dir", folder / "old/site")
    first = fetch(home, f"{old}/site/feed.xml")
    if first != ARTICLES:
        sys.exit(f"newsboat found {first} entries of {ARTICLES} in the feed before the move")
    read_all(home)
    ids = f"feeds:\n  id_base: {old}/site/\n" if has_id_base else ""
    build(newsprint, digest, f"{settings}base_url: {new}/site/\n{ids}", "--output-dir", folder / "new/site")
    count = fetch(home, f"{new}/site/feed.xml")
    for host in hosts:
        host.close()
    return count


def marks_in(text):
    """The marks of the posts in a text."""
    return {int(mark) for mark in generators.MARK.findall(text)}


def marks(home, where):
    """The marks of the posts whose entries are in newsboat's cache."""
    return marks_in("".join(text for (text,) in rows(home, f"select content from rss_item where {where}")))


def dated(digest):
    """The marks of the articles that are in feeds."""
    texts = [article.read_text(encoding="utf-8") for article in (digest / "content/articles").glob("*.md")]
    return marks_in("".join(text for text in texts if "\ndate: " in text and "\ndraft: true" not in text))


def new_posts(host, digest, feed, home, before):
    """The posts that newsboat shows as new at the address of the old feed, where the digest is now. `before`
    is its cache."""
    shutil.copytree(before, home)
    host.folder = digest / "public"
    fetch(home, f"{host.url}/{feed}")
    return marks(home, "unread = 1")


def new_after_import(newsprint, site, host, folder):
    """The posts in the feed of a site, and those of them that are new when a digest has its place: with and
    without the ids of the import."""
    before = folder / "before"
    before.mkdir()
    host.folder = site.folder / "public"
    fetch(before, f"{host.url}/{site.feed}")
    # An id with a space is no IRI, which a digest cannot have.
    old = marks(before, "instr(trim(guid), ' ') = 0")
    read_all(before)
    digest = folder / "digest"
    settings = digests.SETTINGS.replace("https://new.example", host.url) + ALL_ENTRIES
    digests.move(newsprint, site, digest, settings=settings)
    feed = digest / "public" / site.feed
    if not feed.exists():
        # The lists of this generator are code of the site: the guide says to write such a line.
        (digest / "content/redirects.yaml").write_text(f"{site.feed}: feed.xml\n", encoding="utf-8")
        build(newsprint, digest, settings)
    # Drafts and articles without a date are in no feed.
    old &= dated(digest)
    found = (digest / "public/feed.xml").read_text(encoding="utf-8")
    missing = old - marks_in(found)
    if missing:
        sys.exit(f"{site.name}, {site.setting}: the feed of the digest has no entries of {names(site, missing)}")
    kept = new_posts(host, digest, site.feed, folder / "kept", before) & old
    for article in (digest / "content/articles").glob("*.md"):
        text = article.read_text(encoding="utf-8")
        article.write_text(re.sub(r"^feed_id: .*\n", "", text, flags=re.M), encoding="utf-8")
    build(newsprint, digest, settings)
    lost = new_posts(host, digest, site.feed, folder / "lost", before) & old
    return old, kept, lost


def names(site, posts):
    return ", ".join(site.posts[post].file for post in sorted(posts))


def import_all(newsprint, programs, chosen):
    """Moves the site of each generator, and prints a table in Markdown. Returns what failed."""
    failed = []
    print("| generator | setting | entries of the old feed | new with `feed_id` | new without |")
    print("|---|---|--:|--:|--:|")
    for site, version, digest in digests.sites(feed_sites.ALL, programs, chosen, failed):
        if os.environ.get("MOVES") != "all" and site.setting != next(iter(site.settings)):
            continue
        host = digests.Host()
        site.url = host.url
        site.build()
        old, kept, lost = new_after_import(newsprint, site, host, digest.parent)
        host.close()
        print(f"| {site.name} {version} | {site.setting} | {len(old)} | {len(kept)} | {len(lost)} |", flush=True)
        if not old or kept or lost != old:
            failed.append(
                f"{site.name}, {site.setting}: new in spite of feed_id: {names(site, kept)}; "
                f"without feed_id, {len(lost)} of {len(old)} are new"
            )
    return failed


def main():
    newsprint = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as folder:
        kept = new_after_move(newsprint, pathlib.Path(folder) / "kept", True)
        lost = new_after_move(newsprint, pathlib.Path(folder) / "lost", False)
    print(f"new entries after a move: {kept} with feeds.id_base, {lost} without")
    failed = [] if kept == 0 and lost == ARTICLES else ["the ids of a digest do not stay when it moves"]
    if len(sys.argv) > 2:
        print()
        failed += import_all(newsprint, pathlib.Path(sys.argv[2]).absolute(), sys.argv[3:])
    if failed:
        sys.exit("\n".join(failed))


main()
