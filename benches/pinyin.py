#!/usr/bin/env python3
"""Compares newsprint's readings of Han with pypinyin's phrases, for common words.

    python3 benches/pinyin.py                # words among the 40,000 most frequent ones
    python3 benches/pinyin.py --words 60000

Builds a digest with `slugs: ascii` whose keywords are the words, and reads their addresses. Exits
with code 1 if more than 20 words differ, or one in its letter. See README.md beside this file.
"""

import re

from words import common_words, main, run

# Where pypinyin 0.55.0 is wrong or has a rarer reading: the reading of 现代汉语词典 (7th edition)
# or, marked with C, of CC-CEDICT.
DICTIONARY = {
    "质朴": "zhi pu", "古朴": "gu pu", "简朴": "jian pu", "纯朴": "chun pu", "素朴": "su pu",
    "何曾": "he ceng", "还款": "huan kuan", "穿着": "chuan zhuo", "薄膜": "bo mo", "乡长": "xiang zhang",
    "解法": "jie fa", "公差": "gong cha", "上行": "shang xing", "见长": "jian chang", "藏医": "zang yi",
    "暴晒": "bao shai", "大黄鱼": "da huang yu", "大堡礁": "da bao jiao", "落下": "luo xia", "重头": "zhong tou",
    "释迦牟尼": "shi jia mou ni", "褪去": "tui qu", "查查": "cha cha", "海参崴": "hai shen wai",
    # C: 朝陽 Chao2 yang2, 漯河 Luo4 he2, 都柏林 Du1 bo2 lin2, 流血 liu2 xue4, 出血 chu1 xue4,
    # 獻血 xian4 xue4, 馬尾 Ma3 wei3, 校本 xiao4 ben3.
    "朝阳": "chao yang", "漯河": "luo he", "都柏林": "du bo lin", "流血": "liu xue", "出血": "chu xue",
    "献血": "xian xue", "马尾": "ma wei", "校本": "xiao ben",
}


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
    wrong = [row for row in differing if row[1] != DICTIONARY.get(row[0])]
    letters = [row for row in wrong if row[1][0] != row[2][0]]
    print(f"{len(words)} phrases: {len(differing)} differ from pypinyin, {len(differing) - len(wrong)} of them as "
          f"the dictionary has it; {len(wrong)} are left, {len(letters)} of them in their letter\n")
    print("| word | newsprint | pypinyin |\n|---|---|---|")
    for row in wrong:
        print(f"| {' | '.join(row)} |")
    return 1 if len(wrong) > 20 or letters else 0


if __name__ == "__main__":
    main(__doc__, ["jieba==0.42.1", "pypinyin==0.55.0"], measure,
         lambda parser: parser.add_argument("--words", type=int, default=40_000, help="number of words [default: %(default)s]"))
