#!/bin/sh
# A UTC offset written in a Hexo date is applied, and then the site's time zone is applied again.
#
# Package:   hexo 8.1.2, hexo-renderer-marked 7.0.1, hexo-generator-feed 3.0.0 (npm)
# Looked at: 2026-11-29
#
# Guess:     With `timezone: Asia/Shanghai`, these two dates mean the same moment, and every
#            machine publishes the post under 2024/05/06:
#              date: 2024-05-06 00:30:00
#              date: 2024-05-06T00:30:00+08:00
# Seen:      The date without an offset is read as Shanghai time: the feed says 16:30 UTC, which is
#            correct. The date with the offset is moved eight hours further back: the feed says
#            08:30 UTC. This happens on a machine in UTC and on a machine in Shanghai.
#            The day in the permalink comes from the zone of the machine, not from `timezone`:
#            on a machine in UTC both posts are below 2024/05/05. On a machine in Shanghai the
#            plain date is below 05/06, and the more precise date stays below 05/05.
#            Quotes around the value change the result once more. The quoted date with the offset
#            is correct on the Shanghai machine and eight hours early on the UTC machine.
# Source:    adjustDateForTimezone in dist/plugins/processor/common.js of hexo, and the date loop
#            in hexo-front-matter: both assume that a Date object holds a wall-clock time without
#            an offset. Issue 4548 of hexojs/hexo describes the cause for dates without an offset.
# Matters:   A digest publishes many items shortly after midnight. An import
#            tool that reads the offset correctly produces other addresses than the old site has.
#            The tool needs the zone of the machine that built the old site.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts \
    hexo@8.1.2 hexo-renderer-marked@7.0.1 hexo-generator-feed@3.0.0 \
    || { echo "cannot install the packages" >&2; exit 2; }
npm pkg set hexo.version=8.1.2

cat >_config.yml <<'EOF'
title: Digest
url: https://example.org
timezone: Asia/Shanghai
permalink: :year/:month/:day/:title/
feed:
  type: atom
  path: atom.xml
EOF
mkdir -p source/_posts
post() { printf -- '---\ntitle: %s\ndate: %s\n---\nText.\n' "$1" "$2" >"source/_posts/$1.md"; }
post plain '2024-05-06 00:30:00'
post offset '2024-05-06T00:30:00+08:00'
post quoted '"2024-05-06T00:30:00+08:00"'

# Prints one line for each post: zone of the machine, permalink, time in the feed.
build() {
    rm -rf public db.json
    TZ=$1 npx --no-install hexo generate >log.txt 2>&1 || { cat log.txt >&2; exit 2; }
    TZ=UTC node -e '
        const xml = require("fs").readFileSync("public/atom.xml", "utf8");
        for (const [, entry] of xml.matchAll(/<entry>([^]*?)<\/entry>/g)) {
            const path = entry.match(/<link href="https:\/\/example\.org([^"]*)"/)[1];
            const time = entry.match(/<published>([^<]*)/)[1];
            console.log(process.argv[1], path, time);
        }' "$1" | LC_ALL=C sort
}
{ build UTC; build Asia/Shanghai; } >seen.txt
cat >expected.txt <<'EOF'
UTC /2024/05/05/offset/ 2024-05-05T08:30:00.000Z
UTC /2024/05/05/plain/ 2024-05-05T16:30:00.000Z
UTC /2024/05/05/quoted/ 2024-05-05T08:30:00.000Z
Asia/Shanghai /2024/05/05/offset/ 2024-05-05T08:30:00.000Z
Asia/Shanghai /2024/05/06/plain/ 2024-05-05T16:30:00.000Z
Asia/Shanghai /2024/05/06/quoted/ 2024-05-05T16:30:00.000Z
EOF
cat seen.txt
diff expected.txt seen.txt || { echo "CHANGED: see the differences above" >&2; exit 1; }
echo "as recorded"
