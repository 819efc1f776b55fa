"""Follows the links of a site in a store, through the store's own HTTP."""

import gzip
import html.parser
import re
import urllib.parse

from digests import BASE


class Links(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, _, attributes):
        self.found += [value for name, value in attributes if name in ("href", "src") and value]


def decoded(headers, body):
    kind = headers.get("content-encoding", "")
    if kind == "gzip":
        return gzip.decompress(body)
    if kind == "br":
        import brotli

        return brotli.decompress(body)
    return body


def file_of(address):
    """The path of the file that a host sends for an address of the site; None if it is elsewhere."""
    address = urllib.parse.urldefrag(address).url
    if not address.startswith(BASE):
        return None
    path = urllib.parse.unquote(urllib.parse.urlsplit(address).path)[1:]
    return path + "index.html" if path == "" or path.endswith("/") else path


def broken(store, roots):
    """Links of pages, feeds and sitemaps that lead to nothing, of all that a reader reaches from the
    roots. A root that the store does not have is no error."""
    client, seen, wrong = store.http(), {}, []

    def get(path):
        if path not in seen:
            status, headers, body = store.fetch(client, path)
            seen[path] = decoded(headers, body).decode("utf-8", "replace") if status == 200 else None
        return seen[path]

    queue = [path for path in roots if get(path) is not None]
    done = set()
    while queue:
        page = queue.pop()
        if page in done:
            continue
        done.add(page)
        if page.endswith(".html"):
            found = Links(get(page)).found
        elif page.endswith(".xml"):
            found = re.findall(r"<loc>(.*?)</loc>|<link[^>]* href=\"(.*?)\"", get(page))
            found = [first or second for first, second in found]
        else:
            continue
        for link in found:
            path = file_of(urllib.parse.urljoin(BASE + urllib.parse.quote(page), link))
            if path is None:
                continue
            if get(path) is None:
                wrong.append(f"{page} links to {path}")
            else:
                queue.append(path)
    return wrong, len(done)
