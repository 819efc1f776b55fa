#!/usr/bin/env python3
"""Adds key events and terms to records of `newsprint fetch`, with a model behind an address that
is compatible with OpenAI's (POST /chat/completions).

    newsprint fetch --to - | python3 annotate.py | newsprint import -

OPENAI_BASE_URL  the address of the API [default: https://api.openai.com/v1]
OPENAI_API_KEY   the key, if the server needs one
OPENAI_MODEL     the name of the model

A record that the model does not annotate is passed on as it was, and named on standard error. The
exit code is then 1. Only the standard library is used.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

PROMPT = """You annotate news for a digest. Answer with one JSON object and nothing else:
{"event": "...", "keywords": [...], "ai_technologies": [...], "industries": [...]}
event: one sentence in Chinese that says what happened, from the text alone; "" if nothing did.
The lists: short names in Chinese, or as products and companies write themselves. At most 5 each,
no sentences. Leave a list empty if the text names nothing of its kind."""

# The fields that are taken from the answer, with their types.
FIELDS = {"event": str, "keywords": list, "ai_technologies": list, "industries": list}
ATTEMPTS = 3


def ask(text):
    """Returns the fields that the model gives for a text."""
    address = os.environ.get("OPENAI_BASE_URL", "https://api.openai.com/v1").rstrip("/")
    body = {
        "model": os.environ.get("OPENAI_MODEL", "gpt-4o-mini"),
        "temperature": 0,
        "response_format": {"type": "json_object"},
        "messages": [{"role": "system", "content": PROMPT}, {"role": "user", "content": text}],
    }
    headers = {"Content-Type": "application/json"}
    if os.environ.get("OPENAI_API_KEY"):
        headers["Authorization"] = "Bearer " + os.environ["OPENAI_API_KEY"]
    request = urllib.request.Request(
        address + "/chat/completions", json.dumps(body).encode(), headers
    )
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                answer = json.load(response)
            break
        except urllib.error.HTTPError as error:
            # Too many requests, or an error of the server: it may work again in a moment.
            if attempt == ATTEMPTS or not (error.code == 429 or error.code >= 500):
                raise
            wait = error.headers.get("Retry-After", "")
            time.sleep(min(int(wait), 60) if wait.isdigit() else 2**attempt)
    fields = json.loads(answer["choices"][0]["message"]["content"])
    return {
        name: value
        for name, value in fields.items()
        if isinstance(value, FIELDS.get(name, ())) and value
    }


def annotate(record):
    """Returns the record with the fields of the model. `id` and `link` stay as they are."""
    text = record.get("content_markdown") or record.get("summary") or ""
    fields = ask(record["title"] + "\n\n" + text)
    for name, value in fields.items():
        if isinstance(value, list):
            # Terms of the source come first.
            value = list(dict.fromkeys(record.get(name, []) + [str(item) for item in value]))
        record[name] = value
    # The categories of a feed are its own words; the keywords replace them.
    if fields.get("keywords"):
        record.pop("categories", None)
    return record


def main():
    failed = 0
    for line in sys.stdin:
        if not line.strip():
            continue
        record = json.loads(line)
        try:
            record = annotate(record)
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            failed += 1
            print(f"annotate: {record.get('title')}: {error}", file=sys.stderr)
        print(json.dumps(record, ensure_ascii=False), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
