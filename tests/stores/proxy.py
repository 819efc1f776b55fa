"""An HTTP proxy between newsprint and a store: counts requests and injects faults."""

import asyncio
import dataclasses
import threading
import urllib.parse


@dataclasses.dataclass
class Request:
    number: int  # from 1, in the order of arrival
    method: str
    path: str  # percent-encoded, with the query
    headers: dict
    bytes: int  # of the body
    status: int = 0  # of the answer; 0 if the client got no answer

    @property
    def key(self):
        return urllib.parse.unquote(self.path.partition("?")[0])

    @property
    def writes(self):
        return self.method not in ("GET", "HEAD", "PROPFIND", "OPTIONS")


@dataclasses.dataclass
class Fault:
    """What happens to a request for which `when` is true, `times` times at most."""

    when: object
    action: str  # answer, stall, cut-before, cut-body, cut-answer, cut-after, etag, kill-before, kill-after
    times: int = 1
    status: int = 500
    headers: tuple = ()
    body: bytes = b""
    seconds: float = 0
    hits: int = 0


class Proxy:
    """Listens on `port` and forwards to `upstream`, both on the loopback."""

    def __init__(self, upstream):
        self.upstream, self.port = upstream, None
        self.requests, self.faults, self.victim = [], [], None
        self.lock, self.busy = threading.Lock(), 0
        self.loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._run, args=(ready,), daemon=True).start()
        ready.wait(10)

    def reset(self, *faults, victim=None):
        with self.lock:
            self.requests, self.faults, self.victim = [], list(faults), victim

    def idle(self, seconds=10):
        """Waits until every request that arrived has been answered by the store."""
        for _ in range(int(seconds / 0.01)):
            if self.busy == 0:
                return
            threading.Event().wait(0.01)
        raise TimeoutError("the store does not answer")

    def written(self):
        return [request for request in self.requests if request.writes]

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)

    def _run(self, ready):
        asyncio.set_event_loop(self.loop)

        async def listen():
            server = await asyncio.start_server(self._client, "127.0.0.1", 0, limit=1 << 24)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()

        self.loop.run_until_complete(listen())
        self.loop.run_forever()

    async def _client(self, reader, writer):
        try:
            while await self._request(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()

    async def _request(self, reader, writer):
        """Serves one request. True if the connection stays open."""
        head = await _head(reader)
        if head is None:
            return False
        (method, path, _), headers, raw = head
        # The length is known before the body has arrived, so that a fault can cut the body.
        with self.lock:
            request = Request(
                len(self.requests) + 1, method, path, headers, int(headers.get("content-length", 0))
            )
            self.requests.append(request)
            fault = next(
                (each for each in self.faults if each.hits < each.times and each.when(request)), None
            )
            if fault:
                fault.hits += 1
        action = fault.action if fault else ""
        if action in ("kill-before", "cut-before"):
            self._kill(action)
            _abort(writer)
            return False
        if action == "cut-body":
            await reader.read(max(1, request.bytes // 2))
            _abort(writer)
            return False
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await _body(reader, headers)
        if action == "stall":
            await asyncio.sleep(fault.seconds)
            return False
        if action == "answer":
            lines = [f"HTTP/1.1 {fault.status} Fault", f"Content-Length: {len(fault.body)}"]
            lines += [f"{name}: {value}" for name, value in fault.headers]
            answer = "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if method == "HEAD" else fault.body)
            request.status, keep = fault.status, True
        else:
            self.busy += 1
            try:
                answer, request.status, keep = await self._forward(method, raw, body)
            finally:
                self.busy -= 1
        if action in ("kill-after", "cut-after"):
            self._kill(action)
            _abort(writer)
            return False
        if action == "etag":
            start, _, rest = answer.partition(b"\r\n\r\n")
            lines = [line for line in start.split(b"\r\n") if not line.lower().startswith(b"etag:")]
            answer = b"\r\n".join(lines + [b'ETag: "' + b"0" * 32 + b'"']) + b"\r\n\r\n" + rest
        if action == "cut-answer":
            writer.write(answer[: len(answer) // 2])
            await writer.drain()
            writer.close()
            return False
        writer.write(answer)
        await writer.drain()
        return keep

    async def _forward(self, method, raw, body):
        """The answer of the store, its status, and whether its end can be seen by its length."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream, limit=1 << 24)
        try:
            writer.write(raw + b"Connection: close\r\n\r\n" + body)
            await writer.drain()
            while True:
                head = await _head(reader)
                if head is None:
                    return b"", 0, False
                (_, status, *_), headers, raw = head
                if status != "100":
                    break
            empty = method == "HEAD" or status in ("204", "304")
            data = b"" if empty else await reader.read(-1) if "content-length" not in headers else b""
            if not empty and "content-length" in headers:
                data = await reader.readexactly(int(headers["content-length"]))
            keep = empty or "content-length" in headers
            end = b"\r\n" if keep else b"Connection: close\r\n\r\n"
            return raw + end + data, int(status), keep
        finally:
            writer.close()

    def _kill(self, action):
        if action.startswith("kill") and self.victim:
            self.victim.kill()


def _abort(writer):
    """Closes a connection without an answer, as a cable does that is pulled."""
    writer.transport.abort()


async def _head(reader):
    """The three parts of the first line, the headers by lower-case name, and the bytes of both
    without `Connection` and `Expect`; None at the end of the connection."""
    line = await reader.readline()
    if not line.strip():
        return None
    kept, headers = [line], {}
    while True:
        line_of_header = await reader.readline()
        if line_of_header in (b"\r\n", b"\n", b""):
            break
        name, _, value = line_of_header.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
        if name.strip().lower() not in ("connection", "expect", "keep-alive"):
            kept.append(line_of_header)
    return line.decode("latin-1").strip().split(" ", 2), headers, b"".join(kept)


async def _body(reader, headers):
    """The bytes of a request's body as they are sent, chunks included."""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        data = b""
        while True:
            line = await reader.readline()
            size = int(line.split(b";")[0], 16)
            data += line + await reader.readexactly(size + 2)
            if size == 0:
                return data
    return await reader.readexactly(int(headers.get("content-length", 0)))


class Pipe:
    """Forwards bytes for protocols other than HTTP, and kills the victim before the client's block
    number `last`."""

    def __init__(self, upstream, last=0):
        self.upstream, self.last, self.victim, self.blocks = upstream, last, None, 0
        self.open = set()
        self.port, self.loop, ready = None, asyncio.new_event_loop(), threading.Event()

        async def listen():
            server = await asyncio.start_server(self._client, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()

        def run():
            self.loop.run_until_complete(listen())
            self.loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        ready.wait(10)

    def reset(self, last):
        self.last, self.victim, self.blocks = last, None, 0

    def stop(self):
        self.loop.call_soon_threadsafe(self.loop.stop)

    async def _client(self, reader, writer):
        upstream = None
        try:
            below, upstream = await asyncio.open_connection("127.0.0.1", self.upstream)
            self.open.add(writer)
            back = asyncio.ensure_future(self._copy(below, writer))
            while data := await reader.read(1 << 16):
                self.blocks += 1
                if self.blocks == self.last and self.victim:
                    self.victim.kill()
                    # The programs `ssh` that newsprint leaves behind end with their connections.
                    for each in list(self.open):
                        each.transport.abort()
                    break
                upstream.write(data)
                await upstream.drain()
            back.cancel()
        except OSError:
            pass
        finally:
            self.open.discard(writer)
            writer.close()
            if upstream:
                upstream.close()

    async def _copy(self, reader, writer):
        try:
            while data := await reader.read(1 << 16):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        writer.close()
