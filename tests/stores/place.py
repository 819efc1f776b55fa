"""A digest, a prefix of a store and a proxy between newsprint and the store."""

import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.parse

import crawl
from proxy import Pipe, Proxy

# newsprint's own files in a store.
OWN = {".newsprint-files", ".newsprint-pending"}
# Seconds after which a deployment hangs.
LIMIT = 150
# The program under test; check.py sets it.
program = None

# All that any run of newsprint printed: no secret may be in it.
outputs = []


class Wrong(Exception):
    """A fact about newsprint that a scenario found to be false."""


def expect(fact, text, *details):
    if not fact:
        raise Wrong(" ".join([text, *[str(detail)[:1500] for detail in details]]))


class Result:
    def __init__(self, command, code, out, err):
        self.command, self.code, self.out, self.err = command, code, out, err
        outputs.append((command, out + err))

    @property
    def report(self):
        return json.loads(self.out)

    def __str__(self):
        return f"\n$ {' '.join(self.command)}\n{self.out[-700:]}{self.err[-1500:]}\nexit code {self.code}"


class Place:
    """A prefix of a store, a proxy before it and the digests that are deployed there."""

    numbers = itertools.count(1)

    def __init__(self, store, folder, prefix="seite", settings=""):
        number = next(self.numbers)
        self.store = store.at(f"{prefix}-{number}")
        self.folder, self.extra = folder / f"{store.name}-{number}", settings
        self.folder.mkdir()
        self.proxy = (Proxy if store.proxied else Pipe)(store.port)
        self.variables = {f"NEWSPRINT_CDN_{name}": value for name, value in store.variables.items()}
        # Short: `ssh` puts a socket below it, whose path has at most 107 bytes.
        self.home = self.store.folder / "h"
        self.home.mkdir(exist_ok=True)

    def settings(self):
        lines = "".join(f"    {key}: {value}\n" for key, value in self.store.options(self.proxy.port).items())
        return f"deploy:\n  cdn:\n    to: {json.dumps(self.store.url(self.proxy.port))}\n{lines}{self.extra}"

    def digest(self, make, *more, name=None):
        """A digest that has been built once."""
        root = self.folder / (name or make.__name__)
        make(root, *more, deploy=self.settings())
        return root

    def environment(self, variables):
        path = f"{self.store.folder}/bin:{os.environ['PATH']}"
        system = {name: os.environ[name] for name in ("TMPDIR", "SYSTEMROOT") if name in os.environ}
        return {
            **system,
            "PATH": path,
            "HOME": str(self.home),
            "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8",
            **variables,
        }

    def start(self, root, *more, to=("cdn",), variables=None, private=True):
        targets = [part for name in to for part in ("--to", name)]
        command = [
            str(program),
            "-r",
            str(root),
            "deploy",
            *targets,
            *(["--allow-private"] if private else []),
            *more,
        ]
        # Files, since a program that newsprint started may hold a pipe open after its death.
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        environment = self.environment(self.variables if variables is None else variables)
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment)
        process.command, process.printed = command, (out, err)
        return process

    def deploy(self, root, *more, **how):
        return finish(self.start(root, *more, **how))

    def good(self, root, *more, **how):
        result = self.deploy(root, *more, **how)
        expect(result.code == 0, "the deployment fails:", result)
        return result

    def files(self, root):
        """What the store should have."""
        site = root / "public"
        found = {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        return {path: body for path, body in found.items() if path not in (".nojekyll", "CNAME")}

    def exact(self, root, foreign=()):
        """The store has the files of the site, the list and the foreign files, byte for byte."""
        want, have = self.files(root), self.store.paths()
        missing, more = set(want) - set(have), set(have) - set(want) - OWN - set(foreign)
        expect(not missing, "missing in the store:", sorted(missing)[:5])
        expect(not more, "left in the store:", sorted(more)[:5])
        expect(not set(foreign) - set(have), "foreign files are gone:", set(foreign) - set(have))
        client = self.store.http()
        for path, body in want.items():
            status, headers, got = self.store.fetch(client, path)
            expect(status == 200, "a file of the site has the status", status, path)
            expect(crawl.decoded(headers, got) == body, "a file has other bytes:", path, got[:60])

    def whole(self, *roots):
        """Links to nothing in what a reader reaches: from the home page, the sitemap and the feed, and
        from each page that all of the digests have."""
        pages = {"index.html", "sitemap.xml", "feed.xml"}
        if roots:
            shared = set.intersection(*[set(self.files(root)) for root in roots])
            pages |= {path for path in shared if path.endswith((".html", ".xml"))}
        wrong, _ = crawl.broken(self.store, sorted(pages))
        return wrong


def finish(process):
    hangs = False
    try:
        process.wait(LIMIT)
    except subprocess.TimeoutExpired:
        hangs = True
        process.kill()
        process.wait()
    texts = []
    for file in process.printed:
        file.seek(0)
        texts.append(file.read().decode("utf-8", "replace"))
        file.close()
    result = Result(process.command, process.returncode, *texts)
    expect(not hangs, "hangs:", result)
    return result


def fresh(root, name):
    """The digest as a clone has it."""
    other = root.parent / name
    shutil.copytree(root, other, ignore=shutil.ignore_patterns(".newsprint", "public"))
    return other


def sent(place):
    """Requests that put files of the site, by key below the prefix; and deletions."""
    puts, deleted = {}, []
    for request in place.proxy.written():
        key = request.key
        if "name=" in request.path:
            key = urllib.parse.unquote(re.search(r"[?&]name=([^&]*)", request.path).group(1))
        path = key.partition(f"{place.store.prefix}/")[2]
        if request.method == "DELETE":
            # Empty folders are no files.
            deleted.extend([path] if not path.endswith("/") else [])
        elif request.method == "POST" and "delete" in request.path:
            deleted.append("?")
        elif request.method in ("PUT", "POST", "MOVE"):
            puts[path] = puts.get(path, 0) + 1
    return puts, deleted


def state(place):
    """For stores in a folder: identity and time of each file."""
    root = place.store.folder / "root" / place.store.prefix
    return {
        str(path.relative_to(root)): path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()
    }


def changes(place, run):
    """The paths that a deployment writes, and those that it removes; the own list does not count."""
    if place.store.proxied:
        place.proxy.reset()
        run()
        puts, deleted = sent(place)
        return set(puts) - OWN - {""}, set(deleted)
    before = state(place)
    run()
    after = state(place)
    return {path for path in after if before.get(path) != after[path]} - OWN, set(before) - set(after)
