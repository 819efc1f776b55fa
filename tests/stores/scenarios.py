"""What a deployment does where nothing disturbs it. Each function takes a store and a folder for its
files, and raises `Wrong` if its name is not true."""

import gzip
import http.server
import json
import pathlib
import re
import threading
import time
import urllib.parse

import crawl
import digests
import servers
from place import OWN, Place, changes, expect, finish, fresh, sent

TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".json": "application/json",
    ".xml": "application/xml",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".opml": "text/x-opml",
    ".webmanifest": "application/manifest+json",
}


def every_file_arrives_at_the_address_that_browsers_ask_for(store, folder):
    place = Place(store, folder, prefix="站 点+1")
    root = place.digest(digests.strange)
    place.good(root)
    place.exact(root)
    client = store.http()
    for path in place.files(root):
        _, headers, _ = place.store.fetch(client, path)
        kind, _, charset = headers.get("content-type", "").partition(";")
        suffix = pathlib.PurePosixPath(path).suffix
        if store.keeps_headers:
            want = TYPES.get(suffix, kind)
            # GitHub Pages and nginx send feeds with types of their own; both are right.
            right = (
                kind == want
                or (suffix == ".js" and "javascript" in kind)
                or (suffix == ".xml" and kind.endswith("+xml"))
            )
            expect(right and kind, f"{path} has the type", headers.get("content-type"))
            if kind.startswith("text/"):
                expect("utf-8" in charset.lower(), f"{path} has no charset:", headers.get("content-type"))
            age = re.search(r"max-age=(\d+)", headers.get("cache-control", ""))
            expect(age, f"{path} has no time to cache:", headers.get("cache-control"))
            if suffix == ".html":
                expect(
                    int(age.group(1)) <= 300 and "immutable" not in headers["cache-control"],
                    f"{path}:",
                    headers["cache-control"],
                )
        elif suffix == ".html":
            expect(kind == "text/html", f"{path} has the type", kind)
    wrong, pages = crawl.broken(place.store, ["index.html", "sitemap.xml", "feed.xml"])
    expect(not wrong, "links to nothing:", wrong[:3])
    expect(pages > 40, "few pages are reached:", pages)


def a_fresh_checkout_sends_nothing(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    place.good(root)
    written, deleted = changes(place, lambda: place.good(fresh(root, "clone")))
    expect(not written and not deleted, "sends", written, deleted)
    if store.proxied:
        puts, _ = sent(place)
        expect(not puts, "writes though nothing changed:", puts)


def the_next_day_sends_what_changed_and_leaves_foreign_files(store, folder):
    place = Place(store, folder)
    one, two = place.digest(digests.first), place.digest(digests.second)
    place.good(one)
    prefix = place.store.prefix
    foreign = {"eigene/datei.txt": b"meins", "articles/fremd/index.html": b"<p>meins", "a.html": b"meins"}
    for path, body in foreign.items():
        place.store.put(f"{prefix}/{path}", body)
    place.store.put(f"{prefix}-neben/index.html", b"meins")
    before = place.files(one)
    written, deleted = changes(place, lambda: place.good(two))
    after = place.files(two)
    want = {path for path in after if after[path] != before.get(path)}
    expect(
        written == want,
        "sends others than those that changed: too many",
        written - want,
        "too few",
        want - written,
    )
    expect(deleted == set(before) - set(after), "deletes", deleted)
    place.exact(two, foreign)
    for path, body in foreign.items():
        _, _, got = place.store.fetch(place.store.http(), path)
        expect(got == body, "a foreign file was replaced:", path)
    expect(f"{prefix}-neben/index.html" in place.store.keys(), "a file outside of the prefix is gone")
    expect(not place.whole(two), "links to nothing:", place.whole(two)[:3])
    # A foreign file at a path that the site needs.
    digests.article(two, "fremd", "Fremd", 9, "[语音]", "新。")
    refused = place.deploy(two)
    expect(
        refused.code != 0 and "articles/fremd" in refused.err,
        "replaces a foreign file, or does not name it:",
        refused,
    )
    _, _, got = place.store.fetch(place.store.http(), "articles/fremd/index.html")
    expect(got == b"<p>meins", "a foreign file was replaced")
    place.good(two, "--replace")
    place.exact(two, [path for path in foreign if "fremd" not in path])


def a_dry_run_writes_nothing(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    for _ in range(2):
        written, deleted = changes(place, lambda: place.good(root, "--dry-run"))
        if store.proxied:
            expect(not place.proxy.written(), "a dry run writes:", place.proxy.written()[:3])
        expect(not written and not deleted, "a dry run writes:", written, deleted)
        place.good(root)


def wrong_keys_and_missing_buckets_have_a_message(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    if store.wrong:
        wrong = {f"NEWSPRINT_CDN_{name}": value for name, value in store.wrong.items()}
        refused = place.deploy(root, variables=place.variables | wrong)
        expect(refused.code not in (0, 101, -6), "a wrong key succeeds or panics:", refused)
        expect(
            any(value in refused.out + refused.err for value in wrong.values()) is False,
            "the wrong key is shown:",
            refused,
        )
        expect(
            re.search(r"(?i)key|password|credential|refuse|denied|forbid|40[13]", refused.err),
            "no word about the key:",
            refused,
        )
    missing = place.deploy(root, variables={})
    if store.variables:
        expect(missing.code not in (0, 101), "deploys without a key:", missing)
        named = [name for name in missing.err.split() if "NEWSPRINT_CDN_" in name]
        expect(named, "the message names no variable of the environment:", missing)
    other = place.store.url(
        place.proxy.port, bucket="gibtesnicht" if not isinstance(store, servers.Folder) else "nicht/da/x"
    )
    if not isinstance(store, servers.Folder) and store.name != "moto":
        digests.settings(
            root,
            digests.BARE,
            place.settings().replace(json.dumps(place.store.url(place.proxy.port)), json.dumps(other)),
        )
        result = place.deploy(root)
        expect(result.code not in (0, 101), "deploys to a bucket that does not exist:", result)
        expect("gibtesnicht" in result.err, "does not name the bucket:", result)
        expect(
            "bucket" in result.err.lower() or "container" in result.err.lower(),
            "does not say what is missing:",
            result,
        )


def a_url_on_the_command_line_is_enough(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    digests.settings(root, digests.BARE)
    query = "&".join(
        f"{key}={urllib.parse.quote(value, safe='')}"
        for key, value in store.options(place.proxy.port).items()
    )
    url = place.store.url(place.proxy.port) + (f"?{query}" if query else "")
    # The address is the user's own: it may be in a private network.
    place.good(root, to=[url], variables=store.usual or unnamed(place), private=False)
    place.exact(root)


def unnamed(place):
    """The variables of an address without a name."""
    return {name.replace("_CDN_", "_DEPLOY_"): value for name, value in place.variables.items()}


def a_private_network_in_the_settings_needs_consent(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    refused = place.deploy(root, private=False)
    expect(refused.code not in (0, 101), "reaches a private network:", refused)
    expect("--allow-private" in refused.err, "does not name the option:", refused)
    requests = place.proxy.requests if store.proxied else place.proxy.blocks
    expect(not requests, "sends requests:", requests)


def keys_that_are_too_long_are_named_before_anything_is_written(store, folder):
    place = Place(store, folder, prefix="/".join(["长" * 30] * 4))
    root = place.digest(digests.first)
    long = "/".join(["深" * 30] * 9)
    for name in ("eins.txt", "zwei.txt"):
        path = root / "static" / long / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Datei\n")
    refused = place.deploy(root)
    expect(refused.code not in (0, 101), "sends a key of more than 1,024 bytes:", refused)
    expect("eins.txt" in refused.err and "zwei.txt" in refused.err, "does not name both files:", refused)
    expect(not place.proxy.written(), "writes first:", place.proxy.written()[:3])


def a_broken_list_in_the_store_is_no_danger(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    place.good(root)
    prefix = place.store.prefix
    place.store.put(f"{prefix}/eigene.txt", b"meins")
    place.store.put(f"{prefix}-neben.txt", b"meins")
    bad = "0" * 32 + " 5 0 - "
    bodies = [b"", b"Unsinn", gzip.compress(b"\xff\xfe\n" * 1000), gzip.compress(b"x" * 40_000_000)]
    bodies += [gzip.compress(f"newsprint 1\n{bad}../{prefix}-neben.txt\n{bad}eigene.txt\n".encode())]
    for name in sorted(OWN):
        for body in bodies:
            place.store.put(f"{prefix}/{name}", body)
            begun = time.monotonic()
            result = place.deploy(root, "--replace")
            expect(result.code in (0, 1), f"{name}: {body[:20]}", result)
            expect(time.monotonic() - begun < 60, "takes long", result)
            keys = place.store.keys()
            expect(
                f"{prefix}/eigene.txt" in keys and f"{prefix}-neben.txt" in keys,
                "a foreign file is gone",
                result,
            )
            if result.code:
                expect(name in result.err, "the message does not name the list:", result)
                place.store.delete(f"{prefix}/{name}")
            place.good(root, "--replace")
            place.exact(root, ["eigene.txt"])


def several_targets_get_the_site(store, folder):
    place, other = Place(store, folder), Place(store, folder)
    other.proxy.stop()
    other.proxy = place.proxy
    place.extra = f"  zwei:\n{other.settings().partition('  cdn:')[2].lstrip(chr(10))}"
    root = place.digest(digests.first)
    more = {name.replace("_CDN_", "_ZWEI_"): value for name, value in place.variables.items()}
    result = place.good(root, "--json", to=["cdn", "zwei"], variables=place.variables | more)
    expect(isinstance(result.report, (dict, list)), "no report:", result)
    place.exact(root)
    other.exact(root)


def two_deployments_at_once_leave_a_whole_site(store, folder):
    """Both begin with an empty store. With conditional writes, one of them fails and says why, unless
    it begins after the other. Without them, the next deployment may have to replace files that no list
    names. If the last one succeeds, the store has its site."""
    both = []
    for _ in range(3):
        place = Place(store, folder)
        one, two = place.digest(digests.first), place.digest(digests.second)
        started = [place.start(root) for root in (one, two)]
        ends = {}
        while len(ends) < 2:
            ends |= {at: time.monotonic() for at in (0, 1) if at not in ends and started[at].poll() is not None}
            time.sleep(0.01)
        results = [finish(process) for process in started]
        both.append([result.code for result in results])
        expect(all(result.code in (0, 1) for result in results), "panics:", *results)
        for result in results:
            told = "another deployment" in result.err
            expect(result.code == 0 or told, "fails without a word about the other deployment:", result)
        last = max(ends, key=ends.get)
        if store.is_conditional and results[last].code == 0:
            # What the other one sent after the last listing may stay.
            left = set(place.store.paths()) - set(place.files((one, two)[last])) - OWN
            place.exact((one, two)[last], left & set(place.files((one, two)[1 - last])))
        place.good(two, *([] if store.is_conditional else ["--replace"]))
        # Without conditions and checksums, only `--replace` is sure to send the right bytes.
        # What one of them sent after the other had listed the store may stay.
        left = set(place.store.paths()) - set(place.files(two)) - OWN
        place.exact(two, left & set(place.files(one)))
    return str(both)


def compressed_texts_arrive(store, folder):
    for encoding in ("gzip", "br"):
        place = Place(store, folder, settings=f"    compress: {encoding}\n")
        root = place.digest(digests.first)
        place.good(root)
        client = store.http()
        packed = 0
        for path, body in place.files(root).items():
            status, headers, got = place.store.fetch(client, path)
            expect(
                status == 200 and crawl.decoded(headers, got) == body, "other bytes:", path, status, headers
            )
            packed += headers.get("content-encoding") == encoding
            if path.endswith((".png", ".bin")):
                expect("content-encoding" not in headers, "a picture is compressed:", path)
        expect(packed > 10, f"few files have {encoding}:", packed)
        written, _ = changes(place, lambda: place.good(fresh(root, f"clone-{encoding}")))
        expect(not written, "a fresh checkout sends compressed files again:", written)
        # Without the setting, the headers differ: all texts are sent again.
        place.extra = ""
        place.digest(digests.first)
        place.good(root)
        place.exact(root)
        _, headers, _ = place.store.fetch(client, "index.html")
        expect("content-encoding" not in headers, "the encoding stays:", headers)


def encodings_are_refused_where_they_cannot_be_stored(store, folder):
    place = Place(store, folder, settings="    compress: gzip\n")
    refused = place.deploy(place.digest(digests.first))
    expect(refused.code == 1 and "compress" in refused.err, "no word about `compress`:", refused)
    expect(not place.proxy.requests, "sends requests:", place.proxy.requests[:3])


def other_headers_are_sent_again(store, folder):
    place = Place(store, folder, settings="    cache: {pages: 60, files: 120}\n")
    root = place.digest(digests.first)
    place.good(root)
    client = store.http()

    def ages():
        found = {
            path: place.store.fetch(client, path)[1].get("cache-control", "") for path in place.files(root)
        }
        return {path: re.search(r"max-age=(\d+)", text).group(1) for path, text in found.items()}

    before = ages()
    expect(
        before["index.html"] == "60" and before["newsprint.css"] == "120",
        "the setting `cache` has no effect:",
        before,
    )
    place.extra = "    cache: {pages: 61, files: 120}\n"
    place.digest(digests.first)
    written, _ = changes(place, lambda: place.good(root))
    want = {path for path, age in before.items() if age == "60"}
    expect(written == want, "sends others than those whose time differs:", written ^ want)
    expect(ages() == before | dict.fromkeys(want, "61"), "a changed time is not stored")


class Purge(http.server.BaseHTTPRequestHandler):
    got = []

    def do_POST(self):
        self.got.append(self.rfile.read(int(self.headers.get("content-length", 0))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def what_changed_is_told(store, folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Purge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        place = Place(
            store, folder, settings=f"    purge: http://127.0.0.1:{server.server_address[1]}/leeren\n"
        )
        one, two = place.digest(digests.first), place.digest(digests.second)
        place.good(one)
        Purge.got.clear()
        script = folder / "then"
        script.write_text(f"#!/bin/sh\ncat >> {folder}/told\n")
        script.chmod(0o755)
        before = place.files(one)
        place.good(two, "--then", str(script))
        after = place.files(two)
        paths = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        told = set((folder / "told").read_text().split("\n")) - {""}
        files = [crawl.file_of(address) for address in told]
        expect(set(files) == paths, "the command is told others:", set(files) ^ paths)
        expect(
            all(address.isascii() and " " not in address for address in told),
            "an address is not encoded:",
            told,
        )
        purged = [address for body in Purge.got for address in json.loads(body)["files"]]
        expect(set(purged) == told, "the URL is told others:", set(purged) ^ told)
        (folder / "told").unlink()
        Purge.got.clear()
        place.good(two, "--then", str(script))
        expect(not (folder / "told").exists() and not Purge.got, "tells though nothing changed")
    finally:
        server.shutdown()


def counts(store, folder, articles):
    place = Place(store, folder)
    # The first deployment takes the way without the proxy, which is slower than the store.
    proxy = place.proxy.port
    place.proxy.port = store.port
    root = place.digest(digests.many, articles, name="many")
    begun = time.monotonic()
    place.good(root)
    first = time.monotonic() - begun
    place.proxy.port = proxy
    digests.settings(root, deploy=place.settings())
    path = root / f"content/articles/{articles // 2:05}.md"
    path.write_text(path.read_text("utf-8").rstrip() + "一句新的话。\n", "utf-8")
    place.proxy.reset()
    begun = time.monotonic()
    place.good(root)
    edit = time.monotonic() - begun
    written, deleted = sent(place)
    expect(
        sum(written.values()) <= 15 and not deleted,
        f"a body edit sends {sum(written.values())}, deletes {len(deleted)}:",
        written,
    )
    before = place.files(root)
    digests.batch(root)
    place.proxy.reset()
    place.good(root)
    day, gone = sent(place)
    after = place.files(root)
    want = {path for path in after if after[path] != before.get(path)}
    expect(set(day) - OWN == want, "a day sends others than those that changed:", (set(day) - OWN) ^ want)
    expect(set(gone) == set(before) - set(after), "a day deletes:", gone)
    expect(set(place.store.paths()) - OWN == set(after), "the store has other files")
    clone = fresh(root, "clone")
    place.proxy.reset()
    place.good(clone)
    expect(not place.proxy.written(), "a fresh checkout sends", sent(place)[0])
    requests = len(place.proxy.requests)
    return (
        f"{articles} articles: {len(before)} files in {first:.1f} s; a body edit {sum(written.values())} PUT in {edit:.1f} s; "
        f"a day {len(day)} PUT, {len(gone)} DELETE; nothing new: {requests} requests"
    )


def a_thousand_articles(store, folder):
    return counts(store, folder, 1000)


def ten_thousand_articles(store, folder):
    return counts(store, folder, 10000)
