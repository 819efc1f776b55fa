"""What a deployment does with what earlier ones, and others, left in the store."""

import crawl
import digests
from faults import kill_at
from place import Place, changes, expect


def static(root, files):
    """Replaces all static files of a digest."""
    folder = root / "static"
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def folders(place):
    """For stores in a folder: folders of the site without anything in them."""
    root = place.store.folder / "root" / place.store.prefix
    found = [path for path in root.rglob("*") if path.is_dir()]
    return {str(path.relative_to(root)) for path in found if not any(path.iterdir())}


def a_file_becomes_a_folder_and_a_folder_a_file(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    one = {"ding": "1\n", "kasten/a.txt": "2\n", "kasten/tief/er/b.txt": "3\n"}
    two = {"ding/a.txt": "4\n", "ding/tief/er/b.txt": "5\n", "kasten": "6\n"}
    for files in (one, two, one, two):
        static(root, files)
        place.good(root)
        place.exact(root)
        if not store.keeps_headers:
            expect(not folders(place), "empty folders stay:", folders(place))
    # An interrupted run has deleted the files of a folder, and not the folder.
    if not store.keeps_headers:
        (place.store.folder / "root" / place.store.prefix / "ding/tief/er/b.txt").unlink()
        (place.store.folder / "root" / place.store.prefix / "ding/a.txt").unlink()
        static(root, one)
        place.good(root)
        place.exact(root)


def folders_of_others_stay(store, folder):
    place = Place(store, folder)
    one, two = place.digest(digests.first), place.digest(digests.second)
    place.good(one)
    foreign = ["articles/bing/.eigen", "articles/eigen/datei.txt"]
    for path in foreign:
        place.store.put(f"{place.store.prefix}/{path}", b"meins")
    place.good(two)
    place.exact(two, foreign)
    expect(not folders(place), "empty folders stay:", folders(place))
    for path in foreign:
        _, _, body = place.store.fetch(place.store.http(), path)
        expect(body == b"meins", "a foreign file has other bytes:", path)


def what_others_changed_is_not_deleted(store, folder):
    place = Place(store, folder)
    one, two = place.digest(digests.first), place.digest(digests.second)
    place.good(one)
    changed = "articles/yi/index.html"
    place.store.put(f"{place.store.prefix}/{changed}", b"meins")
    result = place.good(two)
    expect(f"changed {changed}" in result.err, "does not name the file:", result)
    place.exact(two, [changed])
    _, _, body = place.store.fetch(place.store.http(), changed)
    expect(body == b"meins", "the file has other bytes:", body[:60])
    result = place.good(two)
    expect(changed not in result.err, "names the file again:", result)


def what_was_not_told_is_told_by_the_next_deployment(store, folder):
    place = Place(store, folder)
    one, two = place.digest(digests.first), place.digest(digests.second)
    place.good(one)
    place.proxy.reset(*([] if store.proxied else [0]))
    place.good(two, "--dry-run")
    read = len(place.proxy.requests) if store.proxied else place.proxy.blocks
    before, after = place.files(one), place.files(two)
    paths = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    killed = kill_at(place, two, read + 25, "kill-after")
    expect(killed, "the deployment was not killed")
    script = folder / "then"
    script.write_text(f"#!/bin/sh\ncat > {folder}/told\nexit $(cat {folder}/code)\n")
    script.chmod(0o755)

    def told():
        lines = (folder / "told").read_text().split()
        (folder / "told").unlink()
        return {crawl.file_of(address) for address in lines}

    (folder / "code").write_text("3")
    failed = place.deploy(two, "--then", str(script))
    expect(failed.code == 1 and "failed" in failed.err, "a program that fails:", failed)
    expect(not paths - told(), "the program is not told all that changed")
    place.exact(two)
    (folder / "code").write_text("0")
    written, deleted = changes(place, lambda: place.good(two, "--then", str(script)))
    expect(not written and not deleted, "sends files again:", written, deleted)
    expect(not paths - told(), "the program is not told again what it failed for")
    place.good(two, "--then", str(script))
    expect(not (folder / "told").exists(), "tells though nothing changed")
