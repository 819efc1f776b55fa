#!/bin/sh
# unicode-linebreak breaks a line inside C++ and keeps a plus sign together with the Han behind it.
#
# Package:   unicode-linebreak 0.1.5 (crates.io)
# Looked at: 2026-11-29
#
# Guess:     In 用C++写代码 a line may end before and after C++, and nowhere inside, as with C# and
#            Go. In Disney+上线 a line may end after the plus sign.
# Seen:      The places are 用, C+, +写: the name is cut in two, and its second half cannot be left
#            at the end of a line. Disney+上 cannot be broken at all, nor can TV+与.
# Source:    Unicode Standard Annex 14: the plus sign is a numeric prefix (PR). Rule LB24 keeps
#            letters and prefixes together, no rule keeps two prefixes together, and rule LB23a keeps
#            a prefix and the ideograph behind it together.
# Matters:   Headlines of technology news name C++, Disney+ and TV+ beside Han. A program that sets
#            them in lines for a picture has to add a break behind the plus sign and to remove the
#            one between two of them.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

mkdir src
cat >Cargo.toml <<'EOF'
[package]
name = "look"
version = "0.0.0"
edition = "2021"

[dependencies]
unicode-linebreak = "=0.1.5"
EOF
cat >src/main.rs <<'EOF'
fn main() {
    for text in ["用C++写代码", "用C#写代码", "用Go写代码", "Disney+上线", "TV+与"] {
        let mut from = 0;
        let pieces: Vec<&str> = unicode_linebreak::linebreaks(text)
            .map(|(at, _)| &text[std::mem::replace(&mut from, at)..at])
            .collect();
        println!("{}", pieces.join(" | "));
    }
}
EOF
cargo build --quiet 2>log.txt || { cat log.txt; echo "cannot build with the package" >&2; exit 2; }
cargo run --quiet >seen.txt
cat >expected.txt <<'EOF'
用 | C+ | +写 | 代 | 码
用 | C# | 写 | 代 | 码
用 | Go | 写 | 代 | 码
Disney+上 | 线
TV+与
EOF
cat seen.txt
diff expected.txt seen.txt || { echo "CHANGED: see above" >&2; exit 1; }
echo "as recorded"
