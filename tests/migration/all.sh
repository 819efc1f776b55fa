#!/usr/bin/env bash
# Runs all tests of moves: `all.sh PROGRAM GENERATORS`, where GENERATORS is the folder that
# install.sh filled. A test that fails does not stop the others.
set -uo pipefail
failed=0
for test in run lists pictures feeds; do python3 "tests/migration/$test.py" "$@" || failed=1; done
if command -v newsboat >/dev/null; then
  python3 tests/migration/newsboat.py "$@" || failed=1
elif [ "${CI:-}" = true ]; then
  echo "newsboat is not installed, and in CI nothing is skipped" >&2
  failed=1
else
  echo "skipped newsboat: it is not installed (apt-get install newsboat)"
fi
exit $failed
