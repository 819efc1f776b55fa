"""Moves a site of a generator into a digest, for the tests of this folder."""

import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

SETTINGS = "title: 新站\nbase_url: https://new.example/\nlanguage: zh-CN\ntimezone: Asia/Shanghai\n"
REFRESH = re.compile(r'http-equiv="?refresh"? content="0; ?url=([^"]*)"')


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Host:
    """A host on a loopback address with a free port. `folder` is what it serves, and may change."""

    def __init__(self, folder=None):
        self.folder = folder
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self.handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        # `close` waits for the end of a poll.
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def handler(self, *arguments):
        return Quiet(*arguments, directory=self.folder)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def sites(generators, programs, chosen, failed):
    """Yields each site, which is not built yet, its generator's version and a folder for its digest. A
    generator that is not installed is left out, and with CI=true added to `failed`."""
    for generator in generators:
        if chosen and generator.name not in chosen:
            continue
        try:
            version = generator.version(programs)
        except OSError:
            if os.environ.get("CI") == "true":
                failed.append(f"{generator.name} is not installed, and in CI nothing is left out")
            else:
                print(f"{generator.name} is not installed", file=sys.stderr)
            continue
        for setting in generator.settings:
            with tempfile.TemporaryDirectory() as folder:
                yield generator(pathlib.Path(folder) / "old", programs, setting), version, pathlib.Path(folder) / "new"


def file_at(public, address):
    """The file that a host shows at an address; `None` if there is none."""
    is_folder = address.endswith("/") or not address
    file = public / address / "index.html" if is_folder else public / address
    return file if file.is_file() else None


def imported(newsprint, site, digest):
    """Imports a site. Returns the report of the import."""
    command = [newsprint, "--root", digest, "import", "--from", site.name, site.folder / site.imported, "--json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True).stdout)


def move(newsprint, site, digest, strict=False, settings=SETTINGS):
    """Imports a site and builds the digest. Returns the report of the import."""
    subprocess.run([newsprint, "init", digest, "--quiet"], check=True, capture_output=True)
    for article in (digest / "content/articles").glob("*.md"):
        article.unlink()
    (digest / "newsprint.yaml").write_text(settings, encoding="utf-8")
    report = imported(newsprint, site, digest)
    built = subprocess.run([newsprint, "--root", digest, "build"], capture_output=True, text=True)
    if built.returncode or strict and "warning" in built.stderr:
        sys.exit(f"{site.name}, {site.setting}: the digest does not build\n{built.stderr}")
    return report
