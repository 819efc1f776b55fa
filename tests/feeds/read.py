"""Reads every Atom feed of a built site with feedparser, whose "bozo" bit marks malformed feeds."""

import pathlib
import sys

import feedparser

site = pathlib.Path(sys.argv[1])
feeds = sorted(path for path in site.rglob("*.xml") if path.name in ("feed.xml", "weekly.xml"))
wrong = []
for path in feeds:
    feed = feedparser.parse(path.read_bytes(), response_headers={"content-type": "application/atom+xml; charset=utf-8"})
    if feed.bozo:
        wrong.append(f"{path}: {feed.bozo_exception}")
    elif feed.version != "atom10" or not feed.feed.get("title") or not feed.feed.get("updated_parsed"):
        wrong.append(f"{path}: read as {feed.version or 'no feed'}, or without a title or a time")
    for entry in feed.entries:
        if not (entry.get("id") and entry.get("link") and entry.get("updated_parsed")):
            wrong.append(f"{path}: {entry.get('title')}: without an id, a link or a time")
print(f"feedparser {feedparser.__version__} read {len(feeds)} feeds")
if wrong or not feeds:
    sys.exit("\n".join(wrong) or "there are no feeds")
