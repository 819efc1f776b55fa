"""What a deployment does when a store lies or never ends an answer, or when a signal ends newsprint."""

import base64
import os
import pathlib
import signal
import time

import digests
from faults import fails, faulty, puts, survives
from place import Place, expect, finish
from proxy import Fault

ERROR = b"<?xml version='1.0'?><Error><Code>InternalError</Code><Message>x</Message></Error>"
PAGE = (
    b"<ListBucketResult><IsTruncated>true</IsTruncated>%s<Contents><Key>x</Key><Size>1</Size><ETag>x</ETag>"
    b"<LastModified>2026-11-30T00:00:00.000Z</LastModified></Contents></ListBucketResult>"
)


def a_listing_without_an_end_is_given_up(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    place.good(root)
    lists = lambda request: request.method == "GET" and "list-type=" in request.path  # noqa: E731
    for token in (b"<NextContinuationToken>same</NextContinuationToken>", b""):
        place.proxy.reset(Fault(lists, "answer", 9999, 200, (), PAGE % token))
        refused = place.deploy(root)
        expect(refused.code == 1 and "no end" in refused.err, "an endless listing:", refused)
        expect(len(place.proxy.requests) < 20, "requests:", len(place.proxy.requests))
        expect(not place.proxy.written(), "writes:", place.proxy.written()[:3])


def a_file_is_stored_only_if_the_answer_says_so(store, folder):
    faulty(store, folder, "an error as 200", lambda: [Fault(puts, "answer", 2, 200, (), ERROR)], survives, 60)
    faulty(store, folder, "an empty 200", lambda: [Fault(puts, "answer", 2, 200)], survives, 60)
    forever = lambda: [Fault(puts, "answer", 9999, 200)]  # noqa: E731
    faulty(store, folder, "an empty 200 forever", forever, fails("does not confirm"), 100)


def a_retry_is_told_once(store, folder):
    def told(place, result, taken, faults):
        survives(place, result, taken, faults)
        notes = [line for line in result.err.splitlines() if "each request is tried up to 5 times" in line]
        expect(len(notes) == 1 and "127.0.0.1: the answer is 503" in notes[0], "the notes are", notes)

    faulty(store, folder, "503", lambda: [Fault(puts, "answer", 3, 503)], told, 60)


def no_part_of_a_secret_is_shown(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    secret = store.secrets[0]
    forms = [base64.urlsafe_b64encode(b"x:" + secret.encode()).decode(), secret.encode().hex()]
    forms += ["".join(f"&#{ord(sign)};" for sign in secret), "".join(f"\\u{ord(sign):04x}" for sign in secret)]
    # An excerpt of the answer may end anywhere in it.
    bodies = ["[" + form + "]" for form in forms] + ["-" * length + secret for length in range(230, 300, 4)]
    for body in bodies:
        place.proxy.reset(Fault(lambda _: True, "answer", 9999, 400, (), body.encode()))
        result = place.deploy(root, "--json", "--verbose")
        expect(result.code == 1, "succeeds:", result)
        text = result.out + result.err
        whole = body.strip("[-]")
        parts = {whole[at : at + 8] for at in range(len(whole) - 7)}
        expect("-" + whole[:4] not in text, "the beginning of a secret is shown:", result)
        expect(not any(part in text for part in parts), "a part of a secret is shown:", result)


def a_list_that_is_no_file_or_has_no_end_is_refused(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    place.good(root)
    kept = store.folder / "root" / place.store.prefix
    for name in (".newsprint-files", ".newsprint-pending"):
        path = kept / name
        good = path.read_bytes()
        makers = [
            lambda: os.mkfifo(path, 0o644),
            lambda: path.symlink_to("/dev/zero"),
            lambda: (path.write_bytes(b""), os.truncate(path, 3 << 30)),
        ]
        for make in makers:
            path.unlink()
            make()
            begun = time.monotonic()
            refused = place.deploy(root)
            expect(refused.code == 1 and name in refused.err, "reads a list that is none:", refused)
            expect(time.monotonic() - begun < 30, "takes long:", refused)
        path.unlink()
        path.write_bytes(good)
    place.good(root)
    place.exact(root)


def left_behind(home):
    """Processes of `ssh` and folders that newsprint started and made below a home folder."""
    found = [str(path) for path in home.rglob(".ssh-connection*")]
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if f"{home}/" in command and "ssh-connection" in command:
            found.append(command)
    return found


def no_connection_outlives_newsprint(store, folder):
    place = Place(store, folder)
    # A home of its own, with a short path: other scenarios connect meanwhile.
    place.home = store.folder / f"e{os.getpid()}"
    place.home.mkdir()
    root = place.digest(digests.first)

    def none_left(when):
        for _ in range(40):
            left = left_behind(place.home)
            if not left:
                return
            time.sleep(0.05)
        expect(False, f"{when} there is left:", left)

    place.good(root)
    none_left("after a deployment")
    for end in (signal.SIGINT, signal.SIGTERM):
        # In the middle of the requests, and while the site is built.
        for blocks in (200, 60, 30):
            place.store = place.store.at(f"signal-{end}-{blocks}")
            place.digest(digests.first)
            place.proxy.reset(0)
            process = place.start(root)
            while place.proxy.blocks < blocks and process.poll() is None:
                time.sleep(0.002)
            process.send_signal(end)
            result = finish(process)
            expect(result.code in (128 + end, 0), f"ends by {end} with", result)
            none_left(f"after signal {end} at block {blocks}, code {result.code},")
    place.good(root)
    place.exact(root)
    denied = store.folder / "root/zu"
    denied.mkdir(mode=0o500)
    place.store = place.store.at("zu")
    place.digest(digests.first)
    refused = place.deploy(root)
    none_left("after an error")
    expect("permission" in refused.err.lower() and "bucket" not in refused.err, "the message:", refused)
