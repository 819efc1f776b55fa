#!/bin/sh
# A conversion from Simplified Chinese changes a text that is in Traditional characters already, for
# Hong Kong only some of its characters.
#
# Packages:  opencc-js 1.4.2 (npm)
# Looked at: 2026-11-30
#
# Guess:     A text that is Traditional already comes back as it was: it has no Simplified character.
# Seen:      For Taiwan, 台灣 becomes 臺灣, 污水 becomes 汙水 and 外泄 becomes 外洩, as if the text were
#            Simplified. For Hong Kong, 說 becomes 説, but 裡 stays, which in a Simplified text (里)
#            would become 裏: the result has the forms of neither region.
# Source:    OpenCC, data/config/s2tw.json and s2hk.json: Simplified to Traditional, then Traditional to
#            the variants of the region, for every text. 台, 污 and 泄 are in texts of both scripts.
#            OpenCC's own Traditional form of 里 is 裏; the step for Hong Kong leaves Taiwan's 裡.
# Matters:   A digest quotes Traditional sources in Simplified articles, and names of companies are
#            written as their owners write them. A converter needs exceptions for those, and the text
#            of a Taiwanese source should not pass through the conversion for Hong Kong.
set -eu
export TZ=UTC
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts opencc-js@1.4.2 \
    || { echo "cannot install the package" >&2; exit 2; }

cat >look.cjs <<'EOF'
const { Converter } = require("opencc-js");

for (const [to, texts] of [["tw", ["台灣的污水外泄", "軟件裡面"]], ["hk", ["裡面說", "里面说"]]]) {
  const convert = Converter({ from: "cn", to });
  for (const text of texts) console.log(`${to}: ${text} -> ${convert(text)}`);
}
EOF
node look.cjs >seen.txt
cat >expected.txt <<'EOF'
tw: 台灣的污水外泄 -> 臺灣的汙水外洩
tw: 軟件裡面 -> 軟件裡面
hk: 裡面說 -> 裡面説
hk: 里面说 -> 裏面説
EOF
cat seen.txt
diff expected.txt seen.txt || { echo "CHANGED: see the differences above" >&2; exit 1; }
echo "as recorded"
