"""Deploys sites to real stores on the loopback, as a user would, and looks at what arrived.

    check.py PROGRAM [--require] [--large] [--only WORD] [--tools FOLDER]

The stores are S3 (moto's server and SeaweedFS), Azure (Azurite), Google Cloud Storage
(fake-gcs-server), WebDAV (WsgiDAV) and SFTP (OpenSSH). A proxy between them and newsprint counts
requests and injects faults. A store that is not installed is skipped; with --require that is an
error. --large deploys 10,000 articles, too. --only runs the scenarios whose name has the word.
"""

import argparse
import base64
import concurrent.futures
import itertools
import multiprocessing
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import traceback
import urllib.parse

# The modules beside this file leave no compiled copies in the work tree.
sys.dont_write_bytecode = True

import faults
import hostile
import later
import place
import scenarios
import servers
from place import Wrong, outputs

HERE = pathlib.Path(__file__).resolve().parent

arguments = argparse.ArgumentParser()
arguments.add_argument("program", type=pathlib.Path)
arguments.add_argument("--require", action="store_true")
arguments.add_argument("--large", action="store_true")
arguments.add_argument("--only", default="")
arguments.add_argument("--tools", type=pathlib.Path, default=HERE.parents[1] / "target/python")
options = arguments.parse_args()
place.program = options.program.resolve()
temporary = pathlib.Path(tempfile.mkdtemp(prefix="newsprint-stores."))

EVERYWHERE = [
    scenarios.every_file_arrives_at_the_address_that_browsers_ask_for,
    scenarios.a_fresh_checkout_sends_nothing,
    scenarios.the_next_day_sends_what_changed_and_leaves_foreign_files,
    scenarios.a_dry_run_writes_nothing,
    scenarios.wrong_keys_and_missing_buckets_have_a_message,
    scenarios.a_private_network_in_the_settings_needs_consent,
    scenarios.a_url_on_the_command_line_is_enough,
    scenarios.two_deployments_at_once_leave_a_whole_site,
    later.a_file_becomes_a_folder_and_a_folder_a_file,
    later.what_others_changed_is_not_deleted,
    later.what_was_not_told_is_told_by_the_next_deployment,
]
# The long scenarios begin.
PLAN = [
    ("SeaweedFS", faults.a_stall_is_tried_again),
    ("SeaweedFS", faults.killed_at_any_request_the_store_is_whole),
    ("SeaweedFS", scenarios.a_thousand_articles),
    ("SeaweedFS", faults.an_error_that_stays_ends_the_deployment),
    ("OpenSSH", faults.some_kills),
    ("WsgiDAV", faults.some_kills),
    ("Azurite", faults.some_kills),
    ("moto", faults.cut_connections_are_tried_again),
    ("moto", faults.an_error_500_is_tried_again),
    ("Azurite", faults.an_error_500_is_tried_again),
    ("WsgiDAV", faults.cut_connections_are_tried_again),
    ("moto", faults.retry_after_is_obeyed),
    ("moto", faults.skewed),
    ("SeaweedFS", hostile.a_file_is_stored_only_if_the_answer_says_so),
    ("Azurite", hostile.a_file_is_stored_only_if_the_answer_says_so),
    ("fake-gcs-server", hostile.a_file_is_stored_only_if_the_answer_says_so),
    ("moto", hostile.a_listing_without_an_end_is_given_up),
    ("moto", hostile.a_retry_is_told_once),
    ("moto", hostile.no_part_of_a_secret_is_shown),
    ("OpenSSH", hostile.a_list_that_is_no_file_or_has_no_end_is_refused),
    ("OpenSSH", hostile.no_connection_outlives_newsprint),
    ("moto", faults.a_wrong_checksum_is_seen),
    ("SeaweedFS", faults.killed_at_the_first_deployment_the_next_one_finishes),
    ("moto", scenarios.compressed_texts_arrive),
    ("Azurite", scenarios.encodings_are_refused_where_they_cannot_be_stored),
    ("WsgiDAV", scenarios.encodings_are_refused_where_they_cannot_be_stored),
    ("SeaweedFS", scenarios.other_headers_are_sent_again),
    ("moto", scenarios.what_changed_is_told),
    ("SeaweedFS", scenarios.a_broken_list_in_the_store_is_no_danger),
    ("SeaweedFS", scenarios.several_targets_get_the_site),
    ("moto", scenarios.keys_that_are_too_long_are_named_before_anything_is_written),
    ("WsgiDAV", later.folders_of_others_stay),
    ("OpenSSH", later.folders_of_others_stay),
]


def all_scenarios():
    plan = PLAN + [(store.name, scenario) for scenario in EVERYWHERE for store in servers.ALL]
    if options.large:
        plan.insert(0, ("SeaweedFS", scenarios.ten_thousand_articles))
    for store, scenario in plan:
        name = f"{store}: {scenario.__name__.replace('_', ' ')}"
        if options.only in name:
            yield name, store, scenario


# The stores that run and what is done with them; processes of scenarios inherit both.
stores = {}
plan = []


def attempt(number):
    """Runs a scenario: its line of the report, true if it passed, and the output of newsprint."""
    name, store, scenario = plan[number]
    folder = temporary / f"{number}"
    folder.mkdir()
    # Prefixes are those of this scenario only.
    place.Place.numbers = itertools.count(number * 100)
    begun = time.monotonic()
    try:
        note = scenario(stores[store], folder)
        line, passed = f"ok {name} ({time.monotonic() - begun:.1f} s{'; ' + note if note else ''})", True
    except Wrong as wrong:
        line, passed = f"not ok {name}: {wrong}", False
    except Exception:  # noqa: BLE001
        line, passed = f"not ok {name}: the test itself fails\n{traceback.format_exc()}", False
    remember_secret_files(folder)
    shutil.rmtree(folder, ignore_errors=True)
    printed, outputs[:] = outputs[:], []
    return line, passed, printed


def secrets():
    """The secrets of all stores, as they are and as programs spell them."""
    plain = {secret for store in servers.ALL for secret in store.secrets}
    encoded = {urllib.parse.quote(secret, safe="") for secret in plain}
    return plain | encoded | {base64.b64encode(secret.encode()).decode() for secret in plain}


def remember_secret_files(folder):
    """Adds files of digests that hold a secret to the outputs."""
    wanted = [secret.encode() for secret in secrets()]
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 22:
            data = path.read_bytes()
            if any(secret in data for secret in wanted):
                outputs.append(([str(path)], data.decode("utf-8", "replace")))


def start():
    """Starts the servers that scenarios need: those that were begun, and why others are missing."""
    wanted = {store for _, store, _ in all_scenarios()}
    started, skipped = [], []
    for kind in servers.ALL:
        if kind.name in wanted:
            store = kind(options.tools, temporary / f"server-{kind.name}")
            started.append(store)
            try:
                store.start()
                stores[store.name] = store
            except servers.Missing as missing:
                skipped.append(str(missing))
    for name, store in list(stores.items()):
        try:
            store.ready()
        except servers.Missing as missing:
            skipped.append(str(missing))
            del stores[name]
    return started, skipped


def main():
    # The servers are stopped then, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begun = time.monotonic()
    failed, passed, runs = [], 0, 0
    started, skipped = [], []
    try:
        started, skipped = start()
        plan.extend(each for each in all_scenarios() if each[1] in stores)
        # Processes, because threads of Python take turns, and the proxies are in them.
        fork = multiprocessing.get_context("fork")
        with concurrent.futures.ProcessPoolExecutor(3, fork) as pool:
            jobs = [pool.submit(attempt, number) for number in range(len(plan))]
            for job in concurrent.futures.as_completed(jobs):
                line, success, printed = job.result()
                runs += len(printed)
                for command, text in printed:
                    if any(secret in text for secret in secrets()):
                        line, success = f"not ok a secret is in the output of {' '.join(command)}", False
                passed += success
                if not success:
                    failed.append(line)
                print(line, flush=True)
    finally:
        for store in started:
            store.stop()
        shutil.rmtree(temporary, ignore_errors=True)
    for line in skipped:
        print(f"skipped {line}")
    if skipped and options.require:
        failed.append("with --require nothing is skipped")
    seconds = time.monotonic() - begun
    print(
        f"stores: {passed} passed, {len(failed)} failed, {len(skipped)} skipped; "
        f"{runs} deployments in {seconds:.0f} seconds"
    )
    sys.exit("\n".join(failed) or 0)


main()
