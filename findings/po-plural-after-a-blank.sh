#!/bin/sh
# The crate `tr` does not read `Plural-Forms` as gettext's own tools write it.
#
# Packages:  tr 0.1.11 with the feature `po-translator`, rspolib 0.1.2 (crates.io)
# Looked at: 2026-11-30
#
# Guess:     A catalogue with the header `Plural-Forms: nplurals=1; plural=0;`, which msginit writes
#            for Chinese, gives the one form for every number.
# Seen:      With the blank before `plural`, the rule of the header is not found, and that of English
#            is taken (one, other). For 1 there is the translation; for every other number there is
#            no second form, and the English plural is shown. Without the blank, all is translated.
# Source:    tr, src/rspolib_translator.rs: the header is split at `;`, and what stands before `=` is
#            compared with `plural` without trimming it. GNU gettext manual, "Plural forms": the
#            header of languages with one form, with a blank after the semicolon.
# Matters:   Chinese, Japanese and Korean catalogues from gettext's tools show a mixture of languages:
#            "1 篇文章", but "2 articles". A program that checks one number in its tests misses it.
set -eu
export TZ=UTC
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

cargo init --quiet --bin --name plural --vcs none . 2>/dev/null
cat >>Cargo.toml <<'EOF'
tr = { version = "=0.1.11", default-features = false, features = ["po-translator"] }
rspolib = "=0.1.2"
EOF

cat >src/main.rs <<'EOF'
use tr::{PoTranslator, set_translator, tr};

fn main() {
    for forms in ["nplurals=1; plural=0;", "nplurals=1;plural=0;"] {
        let catalogue = format!(
            "msgid \"\"\nmsgstr \"\"\n\"Language: zh_CN\\n\"\n\
             \"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Plural-Forms: {forms}\\n\"\n\n\
             msgid \"{{n}} article\"\nmsgid_plural \"{{n}} articles\"\nmsgstr[0] \"{{n}} 篇文章\"\n"
        );
        std::fs::write("zh_CN.po", catalogue).unwrap();
        set_translator!(PoTranslator::from_path("zh_CN.po".as_ref()).unwrap());
        let shown = [1, 2, 5].map(|count| tr!("{n} article" | "{n} articles" % count));
        println!("{forms:<22} {}", shown.join(", "));
    }
}
EOF
cargo build --quiet || { echo "cannot compile the crates" >&2; exit 2; }
target/debug/plural | tee seen.txt

cat >expected.txt <<'EOF'
nplurals=1; plural=0;  1 篇文章, 2 articles, 5 articles
nplurals=1;plural=0;   1 篇文章, 2 篇文章, 5 篇文章
EOF
diff expected.txt seen.txt || { echo "CHANGED: see above" >&2; exit 1; }
echo "as recorded"
