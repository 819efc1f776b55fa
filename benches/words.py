"""What fold.py and pinyin.py share: pinned packages in a temporary folder, and jieba's common words.

Not a program of its own. Needs Python 3.9 and pip, and access to the package index.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def is_han(text):
    return all("\u3400" <= c <= "\u9fff" for c in text)


def common_words(limit):
    """The most frequent words of jieba's dictionary that are Han alone."""
    import jieba

    lines = Path(jieba.__file__).with_name("dict.txt").read_text("utf-8").splitlines()
    entries = sorted((line.split(" ") for line in lines), key=lambda entry: -int(entry[1]))
    return [entry[0] for entry in entries if is_han(entry[0])][:limit]


def run(program, digest, *arguments):
    done = subprocess.run([program, "-r", str(digest), *arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"newsprint {' '.join(arguments)} failed:\n{done.stderr}")


def main(description, packages, measure, own_flags=lambda parser: None):
    """Installs `packages` in a temporary folder and calls `measure(arguments, folder)` there."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    default = os.environ.get("NEWSPRINT", "target/release/newsprint")
    parser.add_argument("--newsprint", default=default, help="the program [default: %(default)s]")
    own_flags(parser)
    arguments = parser.parse_args()
    arguments.newsprint = str(Path(arguments.newsprint).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder / "packages", *packages]
        subprocess.run(install, check=True)
        sys.path.insert(0, str(folder / "packages"))
        sys.exit(measure(arguments, folder))
