#!/bin/sh
# CSS inliners for mail remove the fallback value that stands before var() or min().
#
# Packages:  css-inline 0.24.0 and premailer 3.10.0 (PyPI); juice 11.1.1 (npm)
# Looked at: 2026-11-29
#
# Guess:     `color:#c00;color:var(--c)` arrives in the style attribute as it is, because a mail
#            client that does not know var() needs the first value. All three tools agree.
# Seen:      css-inline and premailer keep the last value only, so a client without var() gets no
#            color. If the pair is already in a style attribute, css-inline keeps both values.
#            premailer removes the first one there too if any rule matches the element.
#            juice keeps both, although the option for this (inlineDuplicateProperties) is off by
#            default. It also replaces var() by its value.
#            For `width:300px;width:min(100%,300px)` on a table cell, premailer and juice also write
#            an HTML attribute width="min(...)". That is not a number, so the attribute does not set
#            a width. The 300px that would be a valid attribute is not used.
#            For `margin:1px!important` in a rule and `margin:2px` in a style attribute, a browser
#            takes 1px. css-inline and juice do so too. premailer writes 2px.
# Source:    merge_styles in premailer/merge_style.py: the style attribute is always applied last.
#            README of juice: table of options. The page of InlineOptions in the reference of
#            css-inline has no option for this case.
# Matters:   Mail clients differ in what they support, so mail templates carry such pairs. The build
#            step before sending removes the value that the oldest clients depend on. No message
#            appears. A check of the template does not help: check the output of the inliner.
set -eu
export PYTHONUTF8=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts juice@11.1.1 \
    || { echo "cannot install juice" >&2; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check css-inline==0.24.0 premailer==3.10.0 \
    || { echo "cannot install the Python packages" >&2; exit 2; }

cat >inputs.json <<'EOF'
[
  "<style>p{color:#c00;color:var(--c,#d00)}</style><p>x</p>",
  "<style>p{margin:0}</style><p style=\"color:#c00;color:var(--c,#d00)\">x</p>",
  "<style>td{width:300px;width:min(100%,300px)}</style><table><tr><td>x</td></tr></table>",
  "<style>p{margin:1px!important}</style><p style=\"margin:2px\">x</p>"
]
EOF
cat >look.py <<'EOF'
import json
import logging

import css_inline
import premailer

quiet = {"cssutils_logging_level": logging.CRITICAL}
for number, html in enumerate(json.load(open("inputs.json")), 1):
    print(f"{number} css-inline {css_inline.inline(html)}")
    print(f"{number} premailer {premailer.transform(html, **quiet)}")
EOF
cat >look.mjs <<'EOF'
import { readFileSync } from "node:fs";
import juice from "juice";

JSON.parse(readFileSync("inputs.json", "utf8")).forEach((html, index) => {
  console.log(`${index + 1} juice ${juice(html)}`);
});
EOF
# Keeps the start tag of the p or td element. Removes blanks and the last semicolon in the styles.
{ venv/bin/python look.py; node look.mjs; } \
    | sed -E 's/^(. [a-z-]+) .*(<(p|td)( [^>]*)?>)x<.*/\1: \2/; s/([:;,]) +([^<])/\1\2/g; s/;"/"/' \
    | LC_ALL=C sort >seen.txt
cat >expected.txt <<'EOF'
1 css-inline: <p style="color:var(--c,#d00)">
1 juice: <p style="color:#c00;color:#d00">
1 premailer: <p style="color:var(--c,#d00)">
2 css-inline: <p style="margin:0;color:#c00;color:var(--c,#d00)">
2 juice: <p style="margin:0;color:#c00;color:#d00">
2 premailer: <p style="margin:0;color:var(--c,#d00)">
3 css-inline: <td style="width:min(100%,300px)">
3 juice: <td style="width:300px;width:min(100%,300px)" width="min(100%,300)">
3 premailer: <td style="width:min(100%,300px)" width="min(100%,300px)">
4 css-inline: <p style="margin:1px !important">
4 juice: <p style="margin:1px">
4 premailer: <p style="margin:2px">
EOF
cat seen.txt
diff expected.txt seen.txt || { echo "CHANGED: see the differences above" >&2; exit 1; }
echo "as recorded"
