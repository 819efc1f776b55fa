#!/bin/sh
# Pelican merges two Chinese tags that sound alike, and C++ with C#, without a message.
#
# Package:   pelican 4.12.0 (PyPI)
# Looked at: 2026-11-29
#
# Guess:     Each tag has its own page. Two tags whose addresses are equal cause a warning or an
#            error, as two articles with equal addresses do (Pelican refuses to write the file).
# Seen:      The tags 视频 (video) and 食品 (food) are both "shi-pin" in pinyin without tones.
#            Pelican treats them as one tag: one page lists both articles and is headed 食品 only.
#            C++, C# and C share the page "c" in the same way, headed C. The tag list of an article
#            shows the name that the author wrote, but its link leads to the shared page.
#            The build ends with exit code 0 and no warning.
# Source:    pelican/urlwrappers.py: equality and hash of a tag are those of its slug, and
#            pelican/utils.py: slugify turns Han characters into ASCII letters by default.
# Matters:   A technology digest has C, C++ and C# as well as many short Chinese tags, and two
#            syllables without tones collide often. The reader of one topic gets another one.
#            Set SLUGIFY_USE_UNICODE for Chinese tags and TAG_REGEX_SUBSTITUTIONS for C++ and C#.
#            An import tool must expect several tags with one old address.
set -eu
export TZ=UTC PYTHONUTF8=1 COLUMNS=200
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pelican==4.12.0 \
    || { echo "cannot install the package" >&2; exit 2; }

mkdir content
# The Markdown reader is an optional package. The reStructuredText reader is always present.
article() {
    printf '%s\n%s\n\n:date: 2024-05-0%s\n:tags: %s\n\nText.\n' "$2" '########' "$1" "$3" \
        >"content/$1.rst"
}
article 1 one 视频
article 2 two 食品
article 3 three C++
article 4 four 'C#'
article 5 five C
cat >conf.py <<'EOF'
SITEURL = "https://example.org"
THEME = "simple"
TIMEZONE = "UTC"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
EOF
code=0
venv/bin/pelican content -s conf.py -o out >log.txt 2>&1 || code=$?
warnings=$(grep -c -E 'WARNING|ERROR|CRITICAL' log.txt || true)

cat >look.py <<'EOF'
import pathlib
import re

for page in sorted(pathlib.Path("out/tag").iterdir()):
    text = page.read_text()
    heading = re.search(r"<h2>Articles tagged with ([^<]*)</h2>", text)[1]
    titles = re.findall(r'<a href="[^"]*"[^>]*rel="bookmark"[^>]*>([^<]*)<', text)
    print(f"{page.name}, {heading}: {' '.join(sorted(titles))}")
EOF
{
    echo "exit code $code, warnings $warnings"
    venv/bin/python look.py
} >seen.txt
cat >expected.txt <<'EOF'
exit code 0, warnings 0
c.html, C: five four three
shi-pin.html, 食品: one two
EOF
cat seen.txt
diff expected.txt seen.txt || { cat log.txt; echo "CHANGED: see above" >&2; exit 1; }
echo "as recorded"
