#!/bin/sh
# feedparser gives a date that it cannot read the month in which the program runs.
#
# Package:   feedparser 6.0.14 (PyPI)
# Looked at: 2026-11-29
#
# Guess:     A date in an unknown form has no parsed value. The caller sees that the date is missing
#            and can fall back to another field.
# Seen:      "2024/05/06 08:00:00" and "2024年05月06日 08:00" become the first day of the current
#            month of 2024: November in a November run, March in a March run. "1714953600" (seconds
#            since 1970) becomes a day in May 2017, because the first digits are read as a two-digit
#            year and a day of the year. "2024-05-06 下午 3:00:00" keeps the day and becomes
#            midnight. The `bozo` flag stays unset for all of them. A month name in Chinese
#            ("06 五月 2024") is the only one of these forms that gives no date.
# Source:    feedparser/datetimes/iso8601.py: the patterns are matched at the start of the value
#            only, the rest of the value is ignored, and a missing month is taken from the clock.
#            Issue 75 of kurtmckee/feedparser reports the form with slashes. It is open since 2016.
# Matters:   RSS asks for RFC 822 dates, but feeds of Chinese sites also carry these forms.
#            A digest that reads the feed in two different months stores two dates for one item,
#            and both are wrong but plausible. A check for a missing date does not find the fault.
#            Compare the parsed value with the digits of the raw value.
set -eu
export TZ=UTC PYTHONUTF8=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check feedparser==6.0.14 \
    || { echo "cannot install the package" >&2; exit 2; }

cat >look.py <<'EOF'
import calendar
import time
from unittest import mock

import feedparser

FORMS = [
    "2024-05-06 08:00 +0800",
    "2024/05/06 08:00:00",
    "2024年05月06日 08:00",
    "2024-05-06 下午 3:00:00",
    "1714953600",
    "06 五月 2024 08:00:00 +0800",
]
items = "".join(f"<item><title>t</title><pubDate>{form}</pubDate></item>" for form in FORMS)
xml = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title>'
    "<link>https://example.org/</link><description>d</description>"
    f"{items}</channel></rss>"
)
for today in ("2026-03-15", "2026-11-29"):
    clock = time.gmtime(calendar.timegm(time.strptime(today, "%Y-%m-%d")))
    with mock.patch("time.gmtime", return_value=clock):
        feed = feedparser.parse(xml.encode())
        for entry in feed.entries:
            value = entry.get("published_parsed")
            text = time.strftime("%Y-%m-%d %H:%M", value) if value else "none"
            print(f"run {today}: {entry.published} -> {text}; bozo {int(bool(feed.bozo))}")
EOF
venv/bin/python look.py >seen.txt

expect() {
    cat <<EOF
run $1: 2024-05-06 08:00 +0800 -> 2024-05-06 00:00; bozo 0
run $1: 2024/05/06 08:00:00 -> 2024-$2-01 00:00; bozo 0
run $1: 2024年05月06日 08:00 -> 2024-$2-01 00:00; bozo 0
run $1: 2024-05-06 下午 3:00:00 -> 2024-05-06 00:00; bozo 0
run $1: 1714953600 -> 2017-05-29 00:00; bozo 0
run $1: 06 五月 2024 08:00:00 +0800 -> none; bozo 0
EOF
}
{ expect 2026-03-15 03; expect 2026-11-29 11; } >expected.txt
cat seen.txt
diff expected.txt seen.txt || { echo "CHANGED: see the differences above" >&2; exit 1; }
echo "as recorded"
