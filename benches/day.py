#!/usr/bin/env python3
"""Measures what the day of a digest costs: thirty new articles, a new title, a new sentence.

See README.md beside this file. Needs Python 3.9 on Linux or macOS and nothing else. Writes only to
a temporary folder in --on and removes it.

    cargo build --release --bins --examples
    python3 benches/day.py --articles 10000 --on /dev/shm --against PATH

PATH is the newsprint of an older commit. The two programs take turns; the last column is the ratio.
"""

import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BATCH = 30


def build(program, root):
    """Builds a digest: seconds of wall clock and processor time, peak memory in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen([program, "build", "-q", "-r", root], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{program} cannot build {root}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {
        "wall": time.perf_counter() - begun,
        "CPU": used.ru_utime + used.ru_stime,
        "memory": used.ru_maxrss / unit,
    }


def files(root):
    """The files of the site: identity, time and size by path."""
    found = {}
    for path in (root / "public").rglob("*"):
        if path.is_file():
            status = path.stat()
            found[path] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def add_batch(root, dates):
    """Adds articles like some that the digest has, with these dates, and returns their files."""
    articles = root / "content/articles"
    like = random.Random(5).sample(sorted(articles.rglob("*.md")), BATCH)
    added = []
    for at, (path, date) in enumerate(zip(like, dates)):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"(?m)^date:.*$", f"date: {date}", text, count=1)
        text = re.sub(r"(?m)^link:.*$", f"link: https://new.example/{at}", text, count=1)
        text = re.sub(r"(?m)^slug:.*\n", "", text, count=1)
        text = re.sub(r'(?m)^title: *"?(.{1,12}).*$', rf'title: "\1 新 {at}"', text, count=1)
        added.append(articles / f"new-{at}.md")
        added[-1].write_text(text, encoding="utf-8")
    return added


def newest_day(root):
    dates = re.compile(r"(?m)^date: *['\"]?(\d{4}-\d{2}-\d{2})")
    texts = (path.read_text(encoding="utf-8") for path in (root / "content/articles").rglob("*.md"))
    return max(found.group(1) for found in map(dates.search, texts) if found)


def measure(program, corpus, root, put):
    """Builds a copy of the corpus and changes it; `put` takes the name of a figure and the figure."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(corpus, root)
    for name, figure in build(program, root).items():
        put(f"cold: {name}", figure)
    before = files(root)
    put("site: files", len(before))
    put("site: MB", sum(size for _, _, size in before.values()) / 1e6)
    state = [path.stat().st_size for path in (root / ".newsprint").rglob("*") if path.is_file()]
    put(".newsprint: MB", sum(state) / 1e6)

    def rewritten(what, before):
        used = build(program, root)
        after = files(root)
        changed = [after[path] for path in after if before.get(path) != after[path]]
        put(f"{what}: files rewritten", len(changed))
        put(f"{what}: MB rewritten", sum(size for _, _, size in changed) / 1e6)
        put(f"{what}: CPU", used["CPU"])
        return after

    year, month, _ = newest_day(root).split("-")
    added = add_batch(root, [f"{int(year) + 1}-01-01"] * BATCH)
    rewritten("30 articles of a new day", before)
    changed = added[3]
    changed.write_text(changed.read_text(encoding="utf-8").replace('title: "', 'title: "再', 1), encoding="utf-8")
    put("title edited: CPU", build(program, root)["CPU"])
    with changed.open("a", encoding="utf-8") as file:
        file.write("\n又一句。\n")
    used = build(program, root)
    put("body edited: CPU", used["CPU"])
    put("body edited: wall", used["wall"])
    for path in added:
        path.unlink()
    build(program, root)
    add_batch(root, [f"{year}-{month}-{day:02}" for day in range(1, 29)] + [f"{year}-{month}-01"] * 2)
    rewritten("30 articles backdated over a month", files(root))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=5, help="the table has medians")
    parser.add_argument("--on", default=None, help="the folder, such as /dev/shm, for the temporary one")
    parser.add_argument("--against", type=Path, default=None, help="the newsprint of an older commit")
    options = parser.parse_args()
    programs = {"newsprint": ROOT / "target/release/newsprint"}
    if options.against:
        programs["against"] = options.against.resolve()
    figures = {name: {} for name in programs}
    with tempfile.TemporaryDirectory(dir=options.on) as work:
        corpus = Path(work) / "corpus"
        subprocess.run([ROOT / "target/release/examples/corpus", str(options.articles), corpus], check=True, stdout=subprocess.DEVNULL)
        for _ in range(options.runs):
            for name, program in programs.items():
                found = figures[name]
                measure(program, corpus, Path(work) / name, lambda what, figure: found.setdefault(what, []).append(figure))
                shutil.rmtree(Path(work) / name)
    print("| | " + " | ".join(programs) + " | ratio |\n|---|" + "--:|" * (len(programs) + 1))
    for what, own in figures["newsprint"].items():
        medians = [statistics.median(figures[name][what]) for name in programs]
        ratio = f"{medians[0] / medians[1]:.2f}" if len(medians) > 1 and medians[1] else ""
        shown = " | ".join(f"{median:,.0f}" if median >= 100 else f"{median:.2f}" for median in medians)
        print(f"| {what} | {shown} | {ratio} |")


if __name__ == "__main__":
    main()
