#!/usr/bin/env python3
"""Measures what the day of a digest costs: thirty new articles, a new title, a new sentence.

See README.md beside this file. Needs Python 3.9 on Linux or macOS and nothing else. Writes only to
a temporary folder in --on and removes it.

    cargo build --release --bins --examples
    python3 benches/day.py --articles 10000 --on /dev/shm --against PATH

PATH is the newsprint of an older commit. The two programs take turns; the last column is the ratio.
"""

import argparse
import random
import re
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from compare import BATCH, SENTENCE, Failed
from compare import articles, find, make_corpus, new_article, run, size, written, written_again

TAXONOMIES = ("keywords", "ai-technologies", "industries")
LIMIT = 600


def build(program, root):
    """Builds a digest: seconds of wall clock and processor time, peak memory in MB."""
    return run([program, "--quiet", "build"], root, LIMIT, root.parent)


def kind(path):
    """The kind of a file of the site, by its path from the home page."""
    first, name = path.parts[0], path.name
    if first == "search" or name.startswith("search"):
        return "search"
    if path.suffix in (".xml", ".opml") and not name.startswith("sitemap") or name in ("feed.json", "weekly.json"):
        return "feeds"
    if first == "articles":
        return "articles"
    if first in TAXONOMIES:
        return "crossings" if len(path.parts) > 2 and path.parts[2] in TAXONOMIES else "terms"
    if first in ("archive", "page") or first[:4].isdigit():
        return "archive, days, weeks and months"
    if first == "api" or name.startswith("llms"):
        return "data for programs"
    return "sitemaps, scripts and all others"


def print_kinds(root):
    """Prints the files and bytes of a site by kind."""
    kinds = {}
    site = root / "public"
    for path in site.rglob("*"):
        if path.is_file():
            name = kind(path.relative_to(site))
            count, total = kinds.get(name, (0, 0))
            kinds[name] = (count + 1, total + path.stat().st_size)
    print("| kind | files | MB |\n|---|--:|--:|")
    for name, (count, total) in sorted(kinds.items(), key=lambda item: -item[1][1]):
        print(f"| {name} | {count:,} | {total / 1e6:.1f} |")
    print()


def add_batch(root, dates):
    """Adds articles like some that the digest has, with these dates, and returns their files."""
    like = random.Random(5).sample(articles(root), BATCH)
    added = []
    for at, (path, date) in enumerate(zip(like, dates)):
        text = new_article(path.read_text(encoding="utf-8"), date, at)
        added.append(root / f"content/articles/new-{at}.md")
        added[-1].write_text(text, encoding="utf-8")
    return added


def newest_day(root):
    dates = re.compile(r"(?m)^date: *['\"]?(\d{4}-\d{2}-\d{2})")
    texts = (path.read_text(encoding="utf-8") for path in articles(root))
    return max(found.group(1) for found in map(dates.search, texts) if found)


def measure(program, corpus, root, put):
    """Builds a copy of the corpus and changes it. `put` takes a figure: its name and value."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(corpus, root)
    used = build(program, root)
    put("cold: wall", used["wall"])
    put("cold: CPU", used["cpu"])
    put("cold: memory in MB", used["memory"])
    before = written(root / "public")
    put("site: files", len(before))
    put("site: MB", size(root / "public")[1] / 1e6)
    put(".newsprint: MB", size(root / ".newsprint")[1] / 1e6)

    def rewritten(what, before):
        used = build(program, root)
        count, total = written_again(before, written(root / "public"))
        put(f"{what}: files rewritten", count)
        put(f"{what}: MB rewritten", total / 1e6)
        put(f"{what}: CPU", used["cpu"])

    year, month, _ = newest_day(root).split("-")
    added = add_batch(root, [f"{int(year) + 1}-01-01"] * BATCH)
    rewritten("30 articles of a new day", before)
    changed = added[3]
    text = changed.read_text(encoding="utf-8").replace('title: "', 'title: "再', 1)
    changed.write_text(text, encoding="utf-8")
    put("title edited: CPU", build(program, root)["cpu"])
    changed.write_text(text + "\n" + SENTENCE.format(1) + "\n", encoding="utf-8")
    used = build(program, root)
    put("body edited: CPU", used["cpu"])
    put("body edited: wall", used["wall"])
    for path in added:
        path.unlink()
    build(program, root)
    days = [*range(1, 29), 1, 1]
    add_batch(root, [f"{year}-{month}-{day:02}" for day in days])
    rewritten("30 articles backdated over a month", written(root / "public"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, default=10000)
    parser.add_argument("--runs", type=int, default=5, help="the table has medians")
    parser.add_argument("--on", default=None, help="the folder for the temporary one")
    parser.add_argument("--kinds", action="store_true", help="print the files of a first build by kind")
    parser.add_argument("--against", type=Path, default=None, help="an older newsprint")
    options = parser.parse_args()
    program = find("newsprint")
    if program is None:
        sys.exit("day: newsprint is missing; run `cargo build --release --bins --examples`")
    programs = {"newsprint": program}
    if options.against:
        programs["against"] = options.against.resolve()
    figures = {name: {} for name in programs}
    with tempfile.TemporaryDirectory(dir=options.on) as work:
        work = Path(work).resolve()
        make_corpus(program.parent / "examples", options.articles, work / "corpus", work)
        if options.kinds:
            shutil.copytree(work / "corpus", work / "kinds")
            build(programs["newsprint"], work / "kinds")
            print_kinds(work / "kinds")
            shutil.rmtree(work / "kinds")
        for _ in range(options.runs):
            for name, program in programs.items():
                def put(what, figure, found=figures[name]):
                    found.setdefault(what, []).append(figure)
                measure(program, work / "corpus", work / name, put)
                shutil.rmtree(work / name)
    print("| | " + " | ".join(programs) + " | ratio |\n|---|" + "--:|" * (len(programs) + 1))
    for what, own in figures["newsprint"].items():
        medians = [statistics.median(figures[name][what]) for name in programs]
        ratio = f"{medians[0] / medians[1]:.2f}" if len(medians) > 1 and medians[1] else ""
        shown = [f"{median:,.0f}" if median >= 100 else f"{median:.2f}" for median in medians]
        print(f"| {what} | {' | '.join(shown)} | {ratio} |")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(str(failure))
