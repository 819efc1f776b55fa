#!/bin/sh
# FlexSearch with its encoder for Chinese finds the characters of a word in any order and place.
#
# Package:   flexsearch 0.8.212 (npm)
# Looked at: 2026-11-29
#
# Guess:     Charset.CJK makes a query find the texts that contain the query. A query of two
#            characters finds them only side by side and in this order.
# Seen:      The query 上海 (Shanghai) also finds 海上风电 (wind power at sea), where the characters
#            are in the opposite order, and 海边的上市公司, where they are far apart. The reversed
#            word comes first in the results, before the right one. The same happens to 人工.
#            `context: true` removes the text with distant characters and keeps the reversed one.
#            A reversed word is removed only by `context: {depth: 2, bidirectional: false}`.
#            The default encoder with `tokenize: "full"` has no such false results here, although
#            the option has nothing about Chinese in its name.
# Source:    src/charset/cjk.js of the package: the encoder only splits the text into single
#            characters. Each character is then a term of its own, and a query needs all its terms.
# Matters:   Most Chinese words have two characters, and many are words when reversed as well
#            (上海 and 海上, 人工 and 工人). The search page of a digest that follows the name of
#            the option gives results about another subject. The fault is not visible in a test
#            with one matching and one unrelated text.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts flexsearch@0.8.212 \
    || { echo "cannot install the package" >&2; exit 2; }

cat >look.mjs <<'EOF'
import flexsearch from "flexsearch";

const { Index, Charset } = flexsearch;
const texts = ["上海建芯片厂", "海上风电并网", "海边的上市公司", "人工智能", "工人大会"];
const encoder = Charset.CJK;
const setups = {
  "CJK": { encoder },
  "CJK, context": { encoder, context: true },
  "CJK, one-way context": { encoder, context: { depth: 2, bidirectional: false } },
  "full": { tokenize: "full" },
};
for (const [name, options] of Object.entries(setups)) {
  const index = new Index(options);
  texts.forEach((text, number) => index.add(number, text));
  for (const query of ["上海", "人工"]) {
    console.log(`${name}: ${query} -> ${index.search(query).map((n) => texts[n]).join(" ")}`);
  }
}
EOF
node look.mjs >seen.txt
cat >expected.txt <<'EOF'
CJK: 上海 -> 海上风电并网 上海建芯片厂 海边的上市公司
CJK: 人工 -> 工人大会 人工智能
CJK, context: 上海 -> 上海建芯片厂 海上风电并网
CJK, context: 人工 -> 人工智能 工人大会
CJK, one-way context: 上海 -> 上海建芯片厂
CJK, one-way context: 人工 -> 人工智能
full: 上海 -> 上海建芯片厂
full: 人工 -> 人工智能
EOF
cat seen.txt
diff expected.txt seen.txt || { echo "CHANGED: see the differences above" >&2; exit 1; }
echo "as recorded"
