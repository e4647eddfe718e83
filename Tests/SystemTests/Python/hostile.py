"""Hostile clients, and an honest one, for the system tests and the benchmarks. Everything stays on loopback.

    hostile.py attack PORT KEY [NAME...]   runs attacks together; prints {"attack": ..., "outcome": ...} a line
    hostile.py honest PORT KEY             looks KEY up until standard input ends; prints what it saw as one object
"""

import asyncio
import json
import resource
import socket
import sys
import threading
import time

IDLE = 10_000
GIBIBYTE = 1 << 30
PATIENCE = 60


class Target:
    def __init__(self, port, key):
        self.port = port
        self.path = f"/jwt/v1/accounts/{key}"

    async def open(self, source="127.0.0.1"):
        return await asyncio.open_connection("127.0.0.1", self.port, local_addr=(source, 0))

    def request(self, method="GET", path=None, fields="", body=b""):
        return f"{method} {path or self.path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n".encode() + body


def after(start, deadline):
    """When a connection was closed: a machine with other work may be late, and nothing may be early."""
    passed = time.monotonic() - start
    return f"after {deadline if deadline - 0.5 < passed < deadline + 20 else round(passed, 1)} s"


async def outcome(reader, start=None, deadline=0):
    """The status of what comes back, and how the connection ends."""
    data = b""
    end = "stays open"
    try:
        while chunk := await asyncio.wait_for(reader.read(65536), PATIENCE):
            data += chunk
        end = "closed"
    except asyncio.TimeoutError:
        pass
    except ConnectionError:
        end = "closed"
    # Behind a body without a line feed the next answer begins in the same line.
    statuses = [part[:3].decode() for part in data.split(b"HTTP/1.1 ")[1:]]
    statuses = [status for status in statuses if status != "100"]
    if start is not None and end == "closed":
        end += f" {after(start, deadline)}"
    words = [f"{len(statuses)} × {statuses[0]}" if len(statuses) > 2 else " ".join(statuses)] if statuses else []
    return ", ".join(words + [end])


async def send(target, data, shut=False):
    reader, writer = await target.open()
    try:
        writer.write(data)
        await writer.drain()
        if shut:
            writer.write_eof()
    except ConnectionError:
        pass
    result = await outcome(reader)
    writer.close()
    return result


async def trickle(target, head, drops, deadline):
    reader, writer = await target.open()
    start = time.monotonic()
    writer.write(head)

    async def drip():
        try:
            while True:
                await asyncio.sleep(0.4)
                writer.write(drops)
                await writer.drain()
        except ConnectionError:
            pass

    dripping = asyncio.create_task(drip())
    result = await outcome(reader, start, deadline)
    dripping.cancel()
    writer.close()
    return result


async def slow_headers(target):
    return await trickle(target, b"GET / HTTP/1.1\r\nX-Slow: ", b"a", 5)


async def slow_body(target):
    return await trickle(target, target.request("POST", fields="Content-Length: 1000\r\n"), b"a", 10)


async def header_block(target):
    return await send(target, target.request(fields=f"X-Long: {'a' * 20_000}\r\n"))


async def header_count(target):
    return await send(target, target.request(fields="".join(f"X-{number}: a\r\n" for number in range(70))))


async def header_nul(target):
    return await send(target, target.request(fields="X-Odd: a\0b\r\n"))


async def half_closed(target):
    return await send(target, target.request(), shut=True)


async def half_request(target):
    return await send(target, target.request()[:30], shut=True)


async def pipelined(target):
    return await send(target, target.request() * 999 + target.request(fields="Connection: close\r\n"))


async def two_lengths(target):
    return await send(target, target.request("POST", fields="Content-Length: 1\r\nContent-Length: 2\r\n", body=b"aa"))


async def length_and_chunks(target):
    fields = "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"
    return await send(target, target.request("POST", fields=fields, body=b"0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n"))


async def unknown_coding(target):
    return await send(target, target.request("POST", fields="Transfer-Encoding: gzip\r\n", body=b"0\r\n\r\n"))


async def spaced_coding(target):
    return await send(target, target.request("POST", fields="Transfer-Encoding : chunked\r\n", body=b"0\r\n\r\n"))


async def chunk_size(target):
    return await send(target, target.request("POST", fields="Transfer-Encoding: chunked\r\n", body=b"zz\r\n"))


async def chunk_overflow(target):
    return await send(target, target.request("POST", fields="Transfer-Encoding: chunked\r\n", body=b"f" * 40 + b"\r\n"))


async def chunk_extension(target):
    reader, writer = await target.open()
    writer.write(target.request("POST", fields="Transfer-Encoding: chunked\r\n", body=b"1;"))
    return await flood(reader, writer, b"a" * 65536)


async def trailers(target):
    reader, writer = await target.open()
    writer.write(target.request("POST", fields="Transfer-Encoding: chunked\r\n", body=b"0\r\n"))
    return await flood(reader, writer, b"X-Trailer: aaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 1000)


async def flood(reader, writer, block, limit=GIBIBYTE):
    """Sends until the other side has enough."""
    sent = 0

    async def pour():
        nonlocal sent
        try:
            while sent < limit:
                writer.write(block)
                await writer.drain()
                sent += len(block)
        except ConnectionError:
            pass

    pouring = asyncio.create_task(pour())
    result = await outcome(reader)
    pouring.cancel()
    writer.close()
    # What was taken beyond a body's limit is what the buffers of both sides hold.
    return result + (", cut" if sent < 64 << 20 else f", {sent >> 20} MiB were taken")


async def declared_body(target):
    reader, writer = await target.open()
    writer.write(target.request("POST", fields=f"Content-Length: {GIBIBYTE}\r\n"))
    return await flood(reader, writer, b"a" * 65536)


async def chunked_body(target):
    reader, writer = await target.open()
    writer.write(target.request("POST", fields="Transfer-Encoding: chunked\r\n"))
    return await flood(reader, writer, b"10000\r\n" + b"a" * 65536 + b"\r\n")


async def no_http(target):
    return await send(target, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64)


async def never_reads(target):
    """Asks and does not listen; the end is seen by an error, since nothing is read."""
    loop = asyncio.get_running_loop()
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.setblocking(False)
    await loop.sock_connect(connection, ("127.0.0.1", target.port))
    start = time.monotonic()
    try:
        while time.monotonic() - start < PATIENCE:
            try:
                connection.send(target.request() * 100)
            except BlockingIOError:
                await asyncio.sleep(0.2)
        return "stays open"
    except ConnectionError:
        return f"closed {after(start, 30)}"
    finally:
        connection.close()


async def idle(target):
    """Far more connections than there may be, from several addresses, with nothing to say."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE + 500:
        raise RuntimeError(f"this process may open {hard} files only: raise the hard limit to {IDLE + 500}")
    connections = []
    for number in range(IDLE):
        try:
            connections.append(await target.open(f"127.0.0.{2 + number % 8}"))
        except ConnectionError:
            pass
    last = time.monotonic()
    closed = await asyncio.gather(*(outcome(reader) for reader, _ in connections))
    for _, writer in connections:
        writer.close()
    return f"all closed, the last {after(last, 30)}" if set(closed) == {"closed"} else "some stay open"


async def unknown_keys(target):
    """A storm of questions about keys that nobody has, from several addresses."""
    path = "/jwt/v1/accounts/" + "A" * 56
    statuses = set()

    async def ask(source):
        reader, writer = await target.open(source)
        for _ in range(50):
            writer.write(target.request(path=path) * 40)
            for _ in range(40):
                head = await reader.readuntil(b"\r\n\r\n")
                statuses.add(head.split(b" ")[1].decode())
                length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
                await reader.readexactly(int(length.split(b":")[1]))
        writer.close()

    await asyncio.gather(*(ask(f"127.0.0.{2 + number}") for number in range(8)))
    return " ".join(sorted(statuses))


ATTACKS = {
    "slow-headers": slow_headers,
    "slow-body": slow_body,
    "header-block": header_block,
    "header-count": header_count,
    "header-nul": header_nul,
    "half-closed": half_closed,
    "half-request": half_request,
    "pipelined": pipelined,
    "two-lengths": two_lengths,
    "length-and-chunks": length_and_chunks,
    "unknown-coding": unknown_coding,
    "spaced-coding": spaced_coding,
    "chunk-size": chunk_size,
    "chunk-overflow": chunk_overflow,
    "chunk-extension": chunk_extension,
    "trailers": trailers,
    "declared-body": declared_body,
    "chunked-body": chunked_body,
    "no-http": no_http,
    "never-reads": never_reads,
    "idle": idle,
    "unknown-keys": unknown_keys,
}


async def attack(target, names):
    async def run(name):
        try:
            result = await ATTACKS[name](target)
        except Exception as error:
            result = f"failed: {error or type(error).__name__}"
        print(json.dumps({"attack": name, "outcome": result}), flush=True)

    await asyncio.gather(*(run(name) for name in names or ATTACKS))


def honest(target):
    """Lookups over a connection that is kept, and a new one for every tenth."""
    is_over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), is_over.set()), daemon=True).start()
    times, failures, connection = [], [], None
    request = target.request()
    while not is_over.is_set():
        start = time.monotonic()
        try:
            if connection is None or len(times) % 10 == 0:
                if connection:
                    connection.close()
                connection = socket.create_connection(("127.0.0.1", target.port), 10)
            connection.sendall(request)
            answer = connection.recv(65536)
            if not answer.startswith(b"HTTP/1.1 200 "):
                raise ConnectionError(answer[:30].decode() or "closed")
            times.append(time.monotonic() - start)
        except OSError as error:
            failures.append(str(error))
            connection = None
        time.sleep(0.002)
    times.sort()
    place = lambda part: round(times[min(len(times) - 1, int(len(times) * part))] * 1000, 2) if times else None
    print(json.dumps({"lookups": len(times), "failures": failures[:20], "p50": place(0.5), "p99": place(0.99), "worst": place(1)}))


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    target = Target(int(sys.argv[2]), sys.argv[3])
    if sys.argv[1] == "attack":
        asyncio.run(attack(target, sys.argv[4:]))
    else:
        honest(target)


main()
