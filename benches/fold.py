#!/usr/bin/env python3
"""Compares the folding of Han characters with OpenCC: which common words fold apart.

    python3 benches/fold.py                 # the 30,000 most frequent words
    python3 benches/fold.py --words 100000

Writes each word as OpenCC 1.4.2 writes it in Traditional Chinese, in that of Taiwan and of Hong
Kong, and these words back in Simplified Chinese. Both have to fold to the same with the table that
newsprint publishes for browsers. Exits with code 1 if a word folds apart. See README.md beside
this file.
"""

from collections import Counter

from words import common_words, main, run

TO = {"s2t": "Traditional", "s2tw": "Taiwan", "s2hk": "Hong Kong"}
FROM = {"t2s": "Traditional", "tw2s": "Taiwan", "hk2s": "Hong Kong"}


def fold_table(program, folder):
    """The table of a built site."""
    digest = folder / "digest"
    (digest / "content" / "articles").mkdir(parents=True)
    (digest / "newsprint.yaml").write_text("base_url: https://example.org/\n")
    (digest / "content" / "articles" / "a.md").write_text("---\ntitle: 甲\n---\n", "utf-8")
    run(program, digest, "build")
    written, meant = (digest / "public" / "search" / "fold.txt").read_text("utf-8").split("\n")[:2]
    return str.maketrans(dict(zip(written, meant)))


def measure(arguments, folder):
    import opencc

    table = fold_table(arguments.newsprint, folder)
    words = common_words(arguments.words)
    apart, missing, traditional = 0, Counter(), set()

    def compare(title, pairs):
        nonlocal apart
        pairs = [(a, b) for a, b in pairs if a.translate(table) != b.translate(table)]
        apart += len(pairs)
        print(f"| {title} | {len(pairs)} | {' '.join(f'{a}/{b}' for a, b in pairs[:8])} |")
        for a, b in pairs:
            missing.update(f"{x}{y}" for x, y in zip(a, b) if x.translate(table) != y.translate(table))

    print(f"{len(words)} words\n\n| words | fold apart | for example |\n|---|--:|---|")
    for name, title in TO.items():
        converter = opencc.OpenCC(name)
        pairs = [(word, converter.convert(word)) for word in words]
        traditional.update(word for _, word in pairs)
        compare(f"{name}: Simplified, and in {title}", pairs)
    for name, title in FROM.items():
        converter = opencc.OpenCC(name)
        compare(f"{name}: {title}, and in Simplified", [(word, converter.convert(word)) for word in sorted(traditional)])
    if missing:
        print("\npairs that the table does not join:", " ".join(f"{pair} ({count})" for pair, count in missing.most_common()))
    return 1 if apart else 0


if __name__ == "__main__":
    main(__doc__, ["jieba==0.42.1", "opencc==1.4.2"], measure,
         lambda parser: parser.add_argument("--words", type=int, default=30_000, help="number of words [default: %(default)s]"))
