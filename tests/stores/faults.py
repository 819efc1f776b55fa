"""What a deployment does when newsprint is killed, or when the store or the way to it fails."""

import signal
import time

import digests
from place import LIMIT, OWN, Place, Wrong, expect, finish, sent
from proxy import Fault


def kill_at(place, root, number, action):
    """Kills newsprint at a request of a deployment. True if it came that far."""
    if place.store.proxied:
        place.proxy.reset(Fault(lambda request: request.number == number, action))
    else:
        place.proxy.reset(number)
    process = place.start(root)
    place.proxy.victim = process
    result = finish(process)
    if place.store.proxied:
        place.proxy.idle()
        place.proxy.reset()
    else:
        place.proxy.reset(0)
    return result.code == -signal.SIGKILL


def killed_at_any_request_the_store_is_whole(store, folder, step=1, first=1):
    """Between two days, back and forth: newsprint is killed at each request of a deployment, before
    or after the store has it; then a reader follows all links; then a deployment finishes. At each
    third time, the deployment of the other day is killed, too, before it finishes."""
    place = Place(store, folder)
    roots = [place.digest(digests.first), place.digest(digests.second)]
    for root in roots[::-1]:
        place.good(root)
    foreign = ["eigene/datei.txt"]
    place.store.put(f"{place.store.prefix}/{foreign[0]}", b"meins")
    place.proxy.reset(*([] if store.proxied else [0]))
    place.good(roots[1])
    total = len(place.proxy.requests) if store.proxied else place.proxy.blocks
    expect(total > 10, "a deployment has few requests:", total)

    def whole(when):
        wrong = place.whole(*roots)
        expect(not wrong, f"{when} there are links to nothing:", wrong[:3])

    def complete(root, when):
        again = place.deploy(root)
        expect(again.code == 0, f"{when} the next run fails:", again)
        try:
            place.exact(root, foreign)
        except Wrong as wrong:
            raise Wrong(f"{when} and one more run: {wrong}") from None

    killed = 0
    # Either each request, or some of them.
    numbers = range(first, total + 1, step if step == 1 else max(step, total // 8))
    for turn, number in enumerate(numbers):
        root, other = roots[turn % 2], roots[1 - turn % 2]
        action = "kill-before" if turn // 2 % 2 else "kill-after"
        when = f"after {action} at request {number} of {total}"
        killed += kill_at(place, root, number, action)
        whole(when)
        if turn % 3 == 2:
            when += " and a kill of the other day"
            kill_at(place, other, number // 2 + 1, "kill-after")
            whole(when)
            complete(other, when)
        complete(root, when)
    expect(killed >= len(numbers) * 0.8, "few runs were killed:", killed, len(numbers))
    return f"{killed} kills"


def killed_at_the_first_deployment_the_next_one_finishes(store, folder):
    place = Place(store, folder)
    root = place.digest(digests.first)
    for number in (1, 2, 3, 4, 6, 10, 16, 25):
        place.store = place.store.at(f"anfang-{store.name}-{number}")
        place.digest(digests.first)
        kill_at(place, root, number, "kill-after")
        wrong = place.whole()
        expect(not wrong, f"killed at request {number}, there are links to nothing:", wrong[:3])
        place.good(root)
        place.exact(root)


def faulty(store, folder, name, make_faults, check, seconds=LIMIT):
    place = Place(store, folder)
    one, two = place.digest(digests.first), place.digest(digests.second)
    place.good(one)
    faults = make_faults()
    place.proxy.reset(*faults)
    begun = time.monotonic()
    result = place.deploy(two)
    taken = time.monotonic() - begun
    expect(any(fault.hits for fault in faults), f"{name}: the fault was not met", result)
    place.proxy.idle()
    wrong = place.whole(one, two)
    expect(not wrong, f"{name}: links to nothing:", wrong[:3])
    check(place, result, taken, faults)
    expect(taken < seconds, f"{name}: takes {taken:.0f} seconds")
    if result.code == 0:
        place.exact(two)
    place.proxy.reset()
    place.good(two)
    place.exact(two)


def puts(request):
    return request.method in ("PUT", "POST") and not any(name in request.path for name in OWN)


def survives(place, result, taken, faults):
    expect(result.code == 0, "a fault that passes is not survived:", result)


def fails(*words):
    def check(place, result, taken, faults):
        expect(result.code != 0, "succeeds in spite of a fault that stays", result)
        text = (result.out + result.err).lower()
        expect(
            not words or any(word.lower() in text for word in words),
            f"the message has none of {words}:",
            result,
        )

    return check


def skewed(store, folder):
    xml = (
        "<?xml version='1.0' encoding='UTF-8'?><Error><Code>RequestTimeTooSkewed</Code><Message>The difference between "
        "the request time and the current time is too large.</Message></Error>"
    ).encode()
    faulty(
        store,
        folder,
        "clock skew",
        lambda: [Fault(puts, "answer", 999, 403, (("Content-Type", "application/xml"),), xml)],
        fails("clock", "时钟"),
        60,
    )


def an_error_500_is_tried_again(store, folder):
    faulty(store, folder, "500", lambda: [Fault(puts, "answer", 3, 500)], survives, 60)
    lists = lambda request: not request.writes  # noqa: E731
    faulty(store, folder, "500 for reads", lambda: [Fault(lists, "answer", 2, 500)], survives, 60)
    own = lambda request: request.writes and any(name in request.path for name in OWN)  # noqa: E731
    faulty(store, folder, "500 for the list", lambda: [Fault(own, "answer", 2, 502)], survives, 60)


def retry_after_is_obeyed(store, folder):
    def waits(place, result, taken, faults):
        survives(place, result, taken, faults)
        expect(taken >= 3, f"does not wait for Retry-After: {taken:.1f} seconds")

    faulty(store, folder, "503", lambda: [Fault(puts, "answer", 1, 503, (("Retry-After", "3"),))], waits, 60)
    faulty(
        store, folder, "429", lambda: [Fault(puts, "answer", 1, 429, (("Retry-After", "0"),))], survives, 60
    )


def an_error_that_stays_ends_the_deployment(store, folder):
    faulty(store, folder, "500 forever", lambda: [Fault(puts, "answer", 9999, 500)], fails("500"), 100)


def cut_connections_are_tried_again(store, folder):
    actions = ("cut-before", "cut-body", "cut-answer", "cut-after")
    for action in actions if store.is_conditional else actions[1:2]:
        faulty(store, folder, action, lambda: [Fault(puts, action, 2)], survives, 60)
    for action in ("cut-before", "cut-answer") if store.is_conditional else ("cut-answer",):
        reads = lambda request: not request.writes  # noqa: E731
        faulty(store, folder, f"{action} of a read", lambda: [Fault(reads, action, 2)], survives, 60)


def a_stall_is_tried_again(store, folder):
    faulty(store, folder, "stall", lambda: [Fault(puts, "stall", 1, seconds=100)], survives, 75)


def a_wrong_checksum_is_seen(store, folder):
    def resent(place, result, taken, faults):
        survives(place, result, taken, faults)
        expect(
            any(count > 1 for count in sent(place)[0].values()), "a file with another ETag is not sent again"
        )

    faulty(store, folder, "a wrong ETag", lambda: [Fault(puts, "etag", 1)], resent, 60)
    faulty(
        store, folder, "wrong ETags forever", lambda: [Fault(puts, "etag", 9999)], fails("other bytes"), 60
    )


def some_kills(store, folder):
    return killed_at_any_request_the_store_is_whole(store, folder, step=14, first=5)
