"""Moves a digest to another address and counts the entries that newsboat shows as new.

    python3 tests/migration/newsboat.py NEWSPRINT

Both sites are served on loopback addresses. With `feeds.id_base`, no entry is new after the move;
without it, all are.
"""

import functools
import http.server
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading

ARTICLES = 5


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    """Serves a folder. Returns the server, whose port is a free one."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def build(newsprint, digest, public, settings):
    (digest / "newsprint.yaml").write_text(f"title: 日报\ntimezone: Asia/Shanghai\n{settings}", encoding="utf-8")
    subprocess.run([newsprint, "--root", digest, "build", "--output-dir", public], check=True, capture_output=True)


def fetch(home, url):
    """Lets newsboat fetch a feed into the cache of `home`. Returns the number of unread entries."""
    (home / "urls").write_text(f"{url}\n", encoding="utf-8")
    (home / "config").write_text("", encoding="utf-8")
    command = ["newsboat", "-u", home / "urls", "-c", home / "cache.db", "-C", home / "config", "-x"]
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    subprocess.run([*command, "reload"], check=True, capture_output=True, env=environment)
    printed = subprocess.run([*command, "print-unread"], check=True, capture_output=True, text=True, env=environment)
    return int(re.match(r"\d+", printed.stdout)[0])


def read_all(home):
    """Marks all entries as read."""
    with sqlite3.connect(home / "cache.db") as cache:
        cache.execute("update rss_item set unread = 0")
    cache.close()


def new_after_move(newsprint, folder, has_id_base):
    """The entries that are new after a digest has moved."""
    digest, home = folder / "digest", folder / "home"
    home.mkdir(parents=True)
    (digest / "content/articles").mkdir(parents=True)
    for n in range(ARTICLES):
        text = f"---\ntitle: 第{n}篇\ndate: 2024-05-{n + 1:02}\n---\n\n正文。\n"
        (digest / f"content/articles/{n}.md").write_text(text, encoding="utf-8")
    servers = []
    for name in ["old", "new"]:
        (folder / name).mkdir()
        servers.append(serve(folder / name))
    old, new = (f"http://127.0.0.1:{server.server_port}/" for server in servers)
    build(newsprint, digest, folder / "old/site", f"base_url: {old}site/\n")
    first = fetch(home, f"{old}site/feed.xml")
    if first != ARTICLES:
        sys.exit(f"newsboat found {first} entries of {ARTICLES} in the feed before the move")
    read_all(home)
    ids = f"feeds:\n  id_base: {old}site/\n" if has_id_base else ""
    build(newsprint, digest, folder / "new/site", f"base_url: {new}site/\n{ids}")
    count = fetch(home, f"{new}site/feed.xml")
    for server in servers:
        server.shutdown()
        server.server_close()
    return count


def main():
    newsprint = pathlib.Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as folder:
        kept = new_after_move(newsprint, pathlib.Path(folder) / "kept", True)
        lost = new_after_move(newsprint, pathlib.Path(folder) / "lost", False)
    print(f"new entries after a move: {kept} with feeds.id_base, {lost} without")
    if kept != 0 or lost != ARTICLES:
        sys.exit(1)


main()
