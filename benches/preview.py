#!/usr/bin/env python3
"""Measures how long a save takes to reach the browser, in newsprint's and the peers' previews.

See README.md beside this file. Needs Python 3.9 on Linux and nothing else. Uses only the loopback
interface, writes only to temporary folders, and removes them.
"""

import argparse
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import compare
from compare import SENTENCE, Failed, find, make_corpus, say


class Preview:
    """A running preview process."""

    def __init__(self, tool, command, root, log):
        self.tool = tool
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=root, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )

    def stop(self):
        """Sends SIGINT, as Ctrl-C does, and returns the seconds until the process ended."""
        begun = time.perf_counter()
        try:
            os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(timeout=20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            self.process.kill()
        return time.perf_counter() - begun

    def memory(self):
        """The resident memory now and its maximum, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return [int(re.search(rf"{name}:\s+(\d+)", status).group(1)) * 1024 / 1e6 for name in ("VmRSS", "VmHWM")]


def get(url):
    """The body of a response; empty if the request fails."""
    try:
        with urllib.request.urlopen(url, timeout=120) as answer:
            return answer.read().decode(errors="replace")
    except (urllib.error.URLError, OSError):
        return ""


def wait_for(url, text, limit):
    """The seconds until a page contains a text."""
    begun = time.perf_counter()
    while text not in get(url):
        if time.perf_counter() - begun > limit:
            raise Failed(f"{url} does not show {text!r} after {limit} s")
        time.sleep(0.002)
    return time.perf_counter() - begun


def save(file, text):
    """Saves as editors do, by a rename of another file. Returns the time before the rename."""
    beside = file.with_name(f".{file.name}.saving")
    beside.write_text(text, encoding="utf-8")
    begun = time.perf_counter()
    beside.rename(file)
    return begun


def edits(digest, count, kind, seed):
    """Yields article, text before, text after and the new sentence of each edit."""
    chance = random.Random(seed)
    for number in range(count):
        article = chance.choice(compare.articles(digest))
        before = article.read_text(encoding="utf-8")
        if kind == "body":
            sentence = SENTENCE.format(f"{seed}-{number}")
            after = f"{before}\n{sentence}\n"
        else:
            sentence = f"改题{seed}之{number}"
            after = re.sub(r"^title: ", f"title: {sentence}", before, count=1, flags=re.M)
        yield article, before, after, sentence


def pause(chance=random.Random(1)):
    """Waits 0.3 to 0.5 s, so that saves are not in step with a timer."""
    time.sleep(0.3 + chance.random() * 0.2)


class Events:
    """The stream of events that an open page receives."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.sendall(b"GET /.newsprint/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        while b"retry:" not in self.socket.recv(65536):
            pass

    def next(self):
        received = b""
        while b"data:" not in received or not received.endswith(b"\n\n\r\n"):
            received += self.socket.recv(65536)


def newsprint(options, digest, work):
    """Measures newsprint: seconds to the first page, of each save, memory, seconds to the end."""
    with tempfile.TemporaryFile(dir=work, mode="w+") as log:
        begun = time.perf_counter()
        preview = Preview("newsprint", [options.newsprint, "serve", "--port", "0"], digest, log)
        try:
            url = None
            while url is None:
                time.sleep(0.01)
                log.seek(0)
                url = re.search(r"preview at (http://127\S+)", log.read())
                if preview.process.poll() is not None:
                    raise Failed("newsprint serve ended")
            started = time.perf_counter() - begun
            url = url.group(1)
            port = int(re.search(r":(\d+)/", url).group(1))
            events = Events(port)
            times = {}
            for kind in ("body", "title"):
                for article, before, after, sentence in edits(digest, options.saves, kind, 7):
                    pause()
                    saved = save(article, after)
                    events.next()
                    times.setdefault(kind, []).append(time.perf_counter() - saved)
                    wait_for(page(url, article), sentence, 0)
                    save(article, before)
                    events.next()
            memory = preview.memory()
        finally:
            ended = preview.stop()
    return started, times, memory, ended


def page(url, article):
    """The URL of an article's page: file names begin with a date, page names do not."""
    return f"{url}articles/{article.stem[11:]}/"


PEERS = {
    "hugo": lambda program, work, port: (
        # By default Hugo renders only recently visited pages: other edits may never be shown.
        [program, "server", "--port", port, "--bind", "127.0.0.1", "--noBuildLock", "--quiet", "--disableFastRender"],
        work / "hugo"),
    "eleventy": lambda program, work, port: ([program, "--serve", "--quiet", f"--port={port}"], work / "eleventy"),
}


def free_port():
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def peer(name, program, options, digest, work):
    """Measures a peer: seconds to the first page, of each save, memory."""
    tool = compare.TOOLS[name](name, program, work)
    tool.prepare()
    port = free_port()
    command, root = PEERS[name](program, work, port)
    with tempfile.TemporaryFile(dir=work) as log:
        begun = time.perf_counter()
        preview = Preview(name, command, root, log)
        stop = threading.Timer(options.limit * (options.peer_saves + 2), preview.stop)
        stop.start()
        try:
            first = compare.articles(digest)[0]
            url = None
            while url is None:
                if time.perf_counter() - begun > options.limit:
                    raise Failed(f"{name} shows no page after {options.limit} s")
                time.sleep(0.05)
                for place in candidates(port, first):
                    if "<h1" in get(place[1]):
                        url = place[0]
                        break
            started = time.perf_counter() - begun
            times = []
            for article, before, after, sentence in edits(digest, options.peer_saves, "body", 8):
                pause()
                saved = save(article, after)
                wait_for(url(article), sentence, options.limit)
                times.append(time.perf_counter() - saved)
                save(article, before)
                time.sleep(1)
            memory = preview.memory()
        finally:
            stop.cancel()
            preview.stop()
    return started, times, memory


def candidates(port, article):
    """Yields the URL schemes that a peer may use, as functions, with the URL of this article."""
    names = (
        lambda article: article.stem,
        lambda article: article.stem[11:],
        lambda article: f"{article.parent.name}/{article.stem}",
    )
    for base in (f"http://127.0.0.1:{port}/digest/", f"http://127.0.0.1:{port}/"):
        for name in names:
            def url(article, base=base, name=name):
                return f"{base}articles/{name(article)}/"
            yield url, url(article)


def row(cells):
    print("| " + " | ".join(cells) + " |", flush=True)


def milliseconds(times):
    return f"**{statistics.median(times) * 1000:.0f} ms** ({min(times) * 1000:.0f}–{max(times) * 1000:.0f})"


def main():
    parser = argparse.ArgumentParser(description="Measures how long a save takes to reach the browser.")
    parser.add_argument("--articles", default="1000,10000", help="sizes of the corpus [default: 1000,10000]")
    parser.add_argument("--saves", type=int, default=50, help="saves of each kind [default: 50]")
    parser.add_argument("--peer-saves", type=int, default=3, help="saves in each peer's preview [default: 3]")
    parser.add_argument("--peers", default="hugo,eleventy", help="peers to measure, by commas; '' for none [default: hugo,eleventy]")
    parser.add_argument("--on", default="/dev/shm", help="measure in a temporary folder below this one [default: /dev/shm]")
    parser.add_argument("--limit", type=float, default=180, help="seconds that a peer may take for a page or a save [default: 180]")
    options = parser.parse_args()
    options.newsprint = find("newsprint")
    if options.newsprint is None:
        raise SystemExit("preview: newsprint is missing; run `cargo build --release --bins --examples`")
    examples = options.newsprint.resolve().parent / "examples"
    row(["articles", "tool", "first page", "a body is saved", "a title is saved", "memory (most)"])
    row(["--:", "---", "--:", "--:", "--:", "--:"])
    for count in (int(count) for count in options.articles.split(",")):
        with tempfile.TemporaryDirectory(prefix="newsprint-preview-", dir=options.on) as folder:
            work = Path(folder).resolve()
            digest = work / "digest"
            make_corpus(examples, count, digest, work)
            started, times, memory, ended = newsprint(options, digest, work)
            say(f"newsprint serve ended in {ended:.2f} s")
            row([f"{count:,}", "newsprint", f"{started:.2f} s", milliseconds(times["body"]),
                 milliseconds(times["title"]), f"{memory[0]:.0f} MB ({memory[1]:.0f})"])
            for name in filter(None, options.peers.split(",")):
                program = find(name)
                if program is None:
                    say(f"{name} is not installed: skipped")
                    continue
                try:
                    started, times, memory = peer(name, program, options, digest, work)
                    row([f"{count:,}", name, f"{started:.2f} s", milliseconds(times), "", f"{memory[0]:.0f} MB ({memory[1]:.0f})"])
                except Failed as failure:
                    row([f"{count:,}", name, str(failure), "", "", ""])


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
