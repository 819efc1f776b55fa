#!/bin/sh
# HTML to Markdown: three converters fail in three ways on bold text that ends in 「：」 or 「”」.
#
# Packages:  turndown 7.2.5, rehype-remark 10.0.1 with remark-stringify 11.0.0, micromark 4.0.3
#            (npm); html2text 2025.4.15 (PyPI)
# Looked at: 2026-11-29
#
# Guess:     All converters write `**...**`. Where CommonMark does not read that as bold, because
#            a punctuation mark is inside and a letter is outside, they keep the <b> element.
# Seen:      No converter keeps <b>.
#            turndown writes the asterisks anyway. micromark, a CommonMark reader, shows them as
#            text: the bold is lost and the reader sees `**`.
#            remark-stringify replaces the Han character next to the asterisks by its number:
#            **结论：**&#x82AF;片 for 结论：芯片. The page looks right, but a text search for 芯片
#            in the Markdown file finds nothing.
#            html2text adds a blank after the bold text, also where no punctuation mark is near:
#            在**重点** 词. The blank keeps the bold in the first example and splits the sentence.
#            With a quotation mark at both ends, the bold is lost as well.
# Source:    lib/util/encode-info.js of mdast-util-to-markdown has a table of the cases that need a
#            character number. Issue 650 of commonmark/commonmark-spec discusses the rule itself.
# Matters:   Mail and CMS texts in Chinese often end a bold run with a full-width colon or quote.
#            A digest that imports HTML as Markdown and searches, counts characters or looks for
#            tags in the Markdown source gets three different results. Decode character numbers
#            before a search, and move the punctuation mark out of the bold run.
set -eu
export PYTHONUTF8=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts turndown@7.2.5 unified@11.0.5 \
    rehype-parse@9.0.1 rehype-remark@10.0.1 remark-stringify@11.0.0 micromark@4.0.3 \
    || { echo "cannot install the npm packages" >&2; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check html2text==2025.4.15 \
    || { echo "cannot install html2text" >&2; exit 2; }

cat >look.mjs <<'EOF'
import { execFileSync } from "node:child_process";
import TurndownService from "turndown";
import { unified } from "unified";
import rehypeParse from "rehype-parse";
import rehypeRemark from "rehype-remark";
import remarkStringify from "remark-stringify";
import { micromark } from "micromark";

const remark = unified().use(rehypeParse).use(rehypeRemark).use(remarkStringify);
const script = "import html2text, sys; print(html2text.html2text(sys.argv[1]))";
const converters = {
  turndown: (html) => new TurndownService().turndown(html),
  remark: (html) => String(remark.processSync(html)),
  html2text: (html) => String(execFileSync("venv/bin/python", ["-c", script, html])),
};
const inputs = [
  "<p><b>结论：</b>芯片降价</p>",
  "<p>新款<b>“星河”</b>芯片</p>",
  "<p>在<b>重点</b>词</p>",
];
for (const html of inputs) {
  for (const [name, convert] of Object.entries(converters)) {
    const markdown = convert(html).trim();
    const bold = micromark(markdown).includes("<strong>") ? "bold" : "not bold";
    console.log(`${name}: ${markdown} | ${bold}`);
  }
}
EOF
node look.mjs >seen.txt
cat >expected.txt <<'EOF'
turndown: **结论：**芯片降价 | not bold
remark: **结论：**&#x82AF;片降价 | bold
html2text: **结论：** 芯片降价 | bold
turndown: 新款**“星河”**芯片 | not bold
remark: 新&#x6B3E;**“星河”**&#x82AF;片 | bold
html2text: 新款**“星河”** 芯片 | not bold
turndown: 在**重点**词 | bold
remark: 在**重点**词 | bold
html2text: 在**重点** 词 | bold
EOF
cat seen.txt
diff expected.txt seen.txt || { echo "CHANGED: see the differences above" >&2; exit 1; }
echo "as recorded"
