#!/bin/sh
# WsgiDAV gives two versions of a file the same strong ETag if both are written within a second.
#
# Packages:  WsgiDAV 4.4.0, cheroot 11.1.2 (PyPI)
# Looked at: 2026-11-30
#
# Guess:     An ETag without `W/` is made of the content or of a fine time. A file that is replaced
#            by other bytes gets another one.
# Seen:      Two bodies of the same length, sent to one address within the same second, have the same
#            ETag. `If-None-Match` with the ETag of the first body answers 304 after the second one.
#            A body of another length, or one that is sent a second later, has another ETag.
# Source:    wsgidav/util.py, `get_file_etag`: inode (on Windows the path), modification time in whole
#            seconds and size. RFC 9110, section 8.8.1: a strong validator changes
#            whenever the content does.
# Matters:   A program that publishes a site over WebDAV and compares ETags to find what changed takes
#            a replaced page for the old one if two runs follow each other quickly, and a cache keeps
#            the old page. Compare a hash that the program keeps itself, or send the file again.
set -eu
export TZ=UTC PYTHONUTF8=1
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check WsgiDAV==4.4.0 cheroot==11.1.2 \
    || { echo "cannot install the packages" >&2; exit 2; }

mkdir site
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
venv/bin/wsgidav --host 127.0.0.1 --port "$port" --root site --auth anonymous >server.log 2>&1 &
server=$!

cat >look.py <<'EOF'
import http.client
import sys
import time

port = int(sys.argv[1])


def ask(method, body=None, headers={}):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request(method, "/page.html", body, headers)
    answer = client.getresponse()
    answer.read()
    client.close()
    return answer


for _ in range(100):
    try:
        ask("OPTIONS")
        break
    except OSError:
        time.sleep(0.1)


def put(body):
    ask("PUT", body)
    return ask("HEAD").headers["ETag"]


def at_the_beginning_of_a_second():
    now = time.time()
    time.sleep(1.05 - now % 1)


at_the_beginning_of_a_second()
first = put(b"the old page")
second = put(b"the new page")
print("strong:", not first.startswith("W/"))
print("same length, same second, same ETag:", first == second)
print("If-None-Match with the first ETag:", ask("GET", headers={"If-None-Match": first}).status)
print("other length, same ETag:", put(b"a longer new page") == second)
third = put(b"the old page")
at_the_beginning_of_a_second()
print("same length, a second later, same ETag:", put(b"the new page") == third)
EOF
venv/bin/python look.py "$port" >seen.txt

cat >expected.txt <<'EOF'
strong: True
same length, same second, same ETag: True
If-None-Match with the first ETag: 304
other length, same ETag: False
same length, a second later, same ETag: False
EOF
cat seen.txt
diff expected.txt seen.txt || { echo "CHANGED: see the differences above" >&2; exit 1; }
echo "as recorded"
