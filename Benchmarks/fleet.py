"""What nats-servers see: how soon they apply a push, and LOOKUP and PACK over NATS beside a full resolver.

Prints tables in Markdown. Usage: fleet.py NATS-CLAIMS BENCH-TOKENS, with a Python that has `nkeys`.
"""

import calendar
import http.client
import json
import os
import pathlib
import random
import re
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from typing import NamedTuple

from nats_server import Connection, NATSServer, system_key, version
from server import Server, cpu_seconds, free_port

DELIVERIES = int(os.environ.get("BENCH_DELIVERIES", "1000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
LOOKUP_ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "10000"))
PACK_ACCOUNTS = int(os.environ.get("BENCH_PACK_ACCOUNTS", "100000"))
MANY_ACCOUNTS = int(os.environ.get("BENCH_MANY_ACCOUNTS", "1000000"))
PARTS = os.environ.get("BENCH_FLEET_PARTS", "delivery lookups pack").split()
SERVERS = 3
ACCOUNTS = 20
# Between questions whether a server has applied a push, so that they do not keep the cores from that.
QUESTION_PAUSE = 0.005
# LOOKUP requests that are under way at a time.
WINDOW = 1024


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def add_system_account(folder: pathlib.Path, directory: pathlib.Path) -> None:
    shutil.copy(folder / "system.jwt", directory / f"{system_key(folder)}.jwt")


def url_resolver(server: Server) -> str:
    return f"URL(http://127.0.0.1:{server.port}/jwt/v1/accounts/)"


# Delivery


class Pusher:
    """Pushes over one connection, and notes when the answer is there."""

    def __init__(self, server: Server):
        self.socket = socket.create_connection(("127.0.0.1", server.port), 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def push(self, key: str, token: bytes) -> tuple[float, float]:
        """When it was sent, and when its 200 came, in seconds since 1970."""
        head = f"POST /jwt/v1/accounts/{key} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(token)}\r\n\r\n"
        request = head.encode() + token
        sent = time.time()
        self.socket.sendall(request)
        answer = self.socket.recv(65536)
        answered = time.time()
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise SystemExit(f"a push was refused: {answer.decode(errors='replace')}")
        head, body = answer.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"content-length: *(\d+)", head, re.I)[1])
        while len(body) < length:
            body += self.socket.recv(65536)
        return sent, answered


def wait_for_servers(server: Server) -> None:
    """Waits until nats-claims knows all the nats-servers."""
    for _ in range(300):
        if sum(nats["state"] == "live" for nats in json.loads(server.get("/api/v1/servers"))["servers"]) == SERVERS:
            return
        time.sleep(0.1)
    raise SystemExit("nats-claims does not see the nats-servers")


def waited_push(server: Server, key: str, token: bytes) -> dict:
    """Pushes with `?wait=5s`, and gives the answer for programs."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", f"/jwt/v1/accounts/{key}?wait=5s", token, {"Accept": "application/json"})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status != 200:
        raise SystemExit(f"a push was refused: {body.decode(errors='replace')}")
    return json.loads(body)


def applied(answer: dict) -> list[dict]:
    return [step for step in answer["trace"] if step["step"] == "applied"]


class Observation(NamedTuple):
    """When the last server had applied a push, in seconds since 1970."""

    # What that server says of its account, on the same machine's clock.
    said: float
    # Before its answer with the token, and after the question before that, whose answer had the older one; 0 if there was none.
    most: float
    least: float


def update_time(reply: bytes) -> float:
    """When a server says that an account was changed last, in seconds since 1970."""
    text, fraction = re.search(rb'"update_time":"([-0-9T:]{19})(\.[0-9]+)?Z"', reply).groups()
    return calendar.timegm(time.strptime(text.decode(), "%Y-%m-%dT%H:%M:%S")) + float(fraction or 0)


def observe(watchers: list[Connection], key: str, token: bytes, pause: float, since: float = 0) -> Observation:
    """Asks every server what it holds, again after a pause, until each holds the token, by a change after that time."""
    question = b'{"account":"%s"}' % key.encode()
    seen = []
    waiting = {watcher.socket: watcher for watcher in watchers}
    asked = {watcher: 0.0 for watcher in watchers}
    older = {watcher: 0.0 for watcher in watchers}
    end = time.monotonic() + 10
    while waiting:
        time.sleep(pause)
        for watcher in waiting.values():
            if not asked[watcher]:
                asked[watcher] = time.time()
                watcher.send(watcher.request(f"$SYS.REQ.SERVER.{watcher.server_id}.ACCOUNTZ", question))
        for ready in select.select(list(waiting), [], [], 1)[0]:
            watcher = waiting[ready]
            if (reply := watcher.reply()) is None:
                continue
            if token in reply and update_time(reply) > since:
                seen.append(Observation(update_time(reply), time.time(), older[watcher]))
                del waiting[ready]
            else:
                older[watcher], asked[watcher] = asked[watcher], 0.0
        if time.monotonic() > end:
            raise SystemExit("a push was not applied within ten seconds")
    return Observation(*(max(times) for times in zip(*seen)))


def delivery(program: str, generator: str, folder: pathlib.Path) -> None:
    """From the 200 of a push to the last of three servers having applied it."""
    checks = max(1, DELIVERIES // 5)
    versions = -(-(DELIVERIES + 2 * checks) // ACCOUNTS) + 2
    subprocess.run([generator, str(ACCOUNTS), str(folder), str(versions), str(ACCOUNTS)], check=True)
    pushes: list[tuple[str, bytes]] = []
    for version in range(1, versions + 1):
        for line in (folder / f"pushes-{version}.txt").read_text().split():
            key, token = line.split("|")
            pushes.append((key, token.encode()))
    (folder / "store").mkdir()
    add_system_account(folder, folder / "store")
    ports = [free_port() for _ in range(SERVERS)]
    cluster_ports = [free_port() for _ in range(SERVERS)]
    servers: list[NATSServer] = []
    urls = ",".join(f"nats://127.0.0.1:{port}" for port in ports)
    server = Server(program, folder / "store", folder / "operator.jwt", "-nats", urls, "-creds", str(folder / "system.creds"))
    try:
        server.first_lookup(system_key(folder))
        pusher = Pusher(server)
        for key, token in pushes[:ACCOUNTS]:
            pusher.push(key, token)
        routes = ", ".join(f'"nats-route://127.0.0.1:{port}"' for port in cluster_ports)
        for number, (port, cluster_port) in enumerate(zip(ports, cluster_ports), 1):
            cluster = f'cluster {{ name: bench, listen: "127.0.0.1:{cluster_port}", routes: [{routes}] }}'
            servers.append(NATSServer(folder, f"s{number}", url_resolver(server), cluster, port))
        watchers = [Connection(nats, folder / "system.creds") for nats in servers]
        # A client of every account at every server, so that all have loaded it.
        users = [folder / f"users/{key}.creds" for key, _ in pushes[:ACCOUNTS]]
        clients = [Connection(nats, user) for nats in servers for user in users]
        wait_for_servers(server)
        # The second version of each account warms up.
        for key, token in pushes[ACCOUNTS:2 * ACCOUNTS]:
            pusher.push(key, token)
            observe(watchers, key, token, 0)
        measure_delivery(server, watchers, pushes[2 * ACCOUNTS:], checks)
        measure_repair(watchers, pushes)
        for client in clients:
            client.check_open()
    finally:
        server.stop()
        for nats in servers:
            nats.stop()


def measure_delivery(server: Server, watchers: list[Connection], pushes: list[tuple[str, bytes]], checks: int) -> None:
    pusher = Pusher(server)
    rows: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        rows.setdefault(name, []).append(seconds * 1000)

    outside = 0
    for number, (key, token) in enumerate(pushes[:DELIVERIES + checks]):
        # Not in step with anything.
        time.sleep(random.uniform(0.002, 0.02))
        sent, answered = pusher.push(key, token)
        seen = observe(watchers, key, token, QUESTION_PAUSE if number < DELIVERIES else 0)
        outside += not seen.least <= seen.said <= seen.most
        if number < DELIVERIES:
            note("from the push to its 200", answered - sent)
            note("**from the 200 to the last server having applied it**, by the servers' own time of the change", seen.said - answered)
        else:
            note(f"{checks:,} more, asked without a pause: by the servers' own time", seen.said - answered)
            note("the same: at least, as seen from outside", max(0.0, seen.least - answered))
            note("the same: at most, as seen from outside", seen.most - answered)
    for key, token in pushes[DELIVERIES + checks:DELIVERIES + 2 * checks]:
        time.sleep(random.uniform(0.002, 0.02))
        answer = waited_push(server, key, token)
        steps = {step["step"]: step["ms"] for step in answer["trace"]}
        last = [step["ms"] for step in applied(answer)]
        if len(last) != SERVERS:
            raise SystemExit(f"a push was not applied by all: {json.dumps(answer)}")
        note(f"what `?wait=5s` reports of {checks:,} more: from the push to its commit", steps["committed"] / 1000)
        note("the same: from the commit to its publication", (steps["published"] - steps["committed"]) / 1000)
        note("the same: from the commit to the last server's reply", (max(last) - steps["committed"]) / 1000)
    print(f"{DELIVERIES:,} pushes, one after the other, of {ACCOUNTS} accounts that {SERVERS} nats-servers {version()} in a cluster have "
          "loaded:\n")
    print("| | p50 ms | p99 ms | worst ms |")
    print("|---|---|---|---|")
    for name, values in rows.items():
        print(f"| {name} | {percentile(values, 0.5):.2f} | {percentile(values, 0.99):.2f} | {max(values):.2f} |")
    print(f"\nOf the servers' own times {outside} of {DELIVERIES + checks:,} were not between what was seen from outside.", flush=True)


def measure_repair(watchers: list[Connection], pushes: list[tuple[str, bytes]]) -> None:
    """From an older token that a system user publishes to the last of the servers having the stored one again."""
    newest = dict(pushes[:2 * ACCOUNTS + DELIVERIES + 2 * max(1, DELIVERIES // 5)])
    older = dict(pushes[:ACCOUNTS])
    times = []
    # No account more often than three times a minute: that would be a fight.
    for number in range(3 * ACCOUNTS):
        key = list(older)[number % ACCOUNTS]
        rogue = watchers[number % SERVERS]
        started = time.time()
        rogue.send(f"PUB $SYS.ACCOUNT.{key}.CLAIMS.UPDATE {len(older[key])}\r\n".encode() + older[key] + b"\r\n")
        seen = observe(watchers, key, newest[key], QUESTION_PAUSE, since=started)
        times.append((seen.said - started) * 1000)
    print(f"\n{len(times)} older tokens, published by a system user at one server after the other: from that to the last server having the "
          f"stored one again p50 {percentile(times, 0.5):.2f} ms, p99 {percentile(times, 0.99):.2f} ms, worst {max(times):.2f} ms.",
          flush=True)


# LOOKUP and PACK


class Pair:
    """nats-claims with a nats-server, and beside them, if wanted, a nats-server that is a full resolver, with the same accounts; a client asks each."""

    def __init__(self, program: str, generator: str, folder: pathlib.Path, count: int, has_full: bool = True):
        subprocess.run([generator, str(count), str(folder), "0", "0"], check=True)
        self.folder = folder
        self.keys = (folder / "keys.txt").read_text().split()
        add_system_account(folder, folder / "accounts")
        if has_full:
            shutil.copytree(folder / "accounts", folder / "full")
        # Adopting the files leaves free memory behind, which would hide what is measured: that is done by a process of its own.
        adopting = Server(program, folder / "accounts", folder / "operator.jwt")
        try:
            adopting.first_lookup(self.keys[-1])
            adopting.settled_resident()
        finally:
            adopting.stop()
        port = free_port()
        self.claims = Server(program, folder / "accounts", folder / "operator.jwt", "-nats", f"nats://127.0.0.1:{port}",
                             "-creds", str(folder / "system.creds"))
        self.servers: dict[str, NATSServer] = {}
        try:
            self.claims.first_lookup(self.keys[-1])
            self.servers["nats-claims"] = NATSServer(folder, "beside", url_resolver(self.claims), port=port)
            if has_full:
                self.servers["full resolver"] = NATSServer(folder, "full", f'{{ type: full, dir: "{folder}/full" }}')
            self.clients = {name: Connection(server, folder / "system.creds") for name, server in self.servers.items()}
            self.wait_until_equal()
            self.claims.settled_resident()
            for client in self.clients.values():
                client.drain()
        except BaseException:
            self.stop()
            raise

    def token(self, key: str) -> bytes:
        return (self.folder / f"accounts/{key}.jwt").read_bytes()

    def wait_until_equal(self) -> None:
        """Waits until both answer a lookup, and with the same."""
        for name, client in self.clients.items():
            for _ in range(300):
                answer = client.answer(client.request(f"$SYS.REQ.ACCOUNT.{self.keys[0]}.CLAIMS.LOOKUP"), 0.2)
                if answer is not None:
                    break
            if answer != self.token(self.keys[0]):
                raise SystemExit(f"{name} does not answer a lookup with the token")

    def processes(self, name: str) -> list[int]:
        """Those that an answer of this one goes through."""
        return [self.servers[name].process.pid] + ([self.claims.process.pid] if name == "nats-claims" else [])

    def stop(self) -> None:
        self.claims.stop()
        for server in self.servers.values():
            server.stop()


class Counter:
    """Counts what comes to the inbox, across what single reads give."""

    def __init__(self, marker: bytes):
        self.marker = marker
        self.tail = b""
        self.bytes = 0

    def count(self, data: bytes) -> int:
        self.bytes += len(data)
        data = self.tail + data
        self.tail = data[-(len(self.marker) - 1):]
        return data.count(self.marker)


def ask(client: Connection, requests: list[bytes], tokens: list[int], seconds: float) -> dict:
    """Asks for one account after the other, with so many questions under way, and counts the answers."""
    counter = Counter(client.head)
    place = sent = received = expected = 0
    count = len(requests)
    # The list goes round: what is taken at its end goes on at its beginning.
    sizes = [len(client.head) + len(str(size)) + 2 + size + 2 for size in tokens]
    turns = 2 + WINDOW // count
    requests, sizes = requests * turns, sizes * turns
    start = time.perf_counter()
    due = WINDOW
    while received < sent or due:
        if due:
            client.send(b"".join(requests[place:place + due]))
            expected += sum(sizes[place:place + due])
            sent += due
            place = (place + due) % count
        if not select.select([client.socket], [], [], 5)[0]:
            break
        due = counter.count(client.receive())
        received += due
        if time.perf_counter() - start > seconds:
            due = 0
    # What comes after the beginning of the last answer is read too.
    while counter.bytes < expected and select.select([client.socket], [], [], 1)[0]:
        counter.count(client.receive())
    if received != sent or counter.bytes < expected:
        raise SystemExit(f"{sent - received} of {sent} lookups were not answered, {expected - counter.bytes} bytes are missing")
    return {"count": received, "rate": received / (time.perf_counter() - start)}


def lookups(program: str, generator: str, folder: pathlib.Path) -> None:
    """LOOKUP requests a second of random accounts, each answering alone, in turn."""
    pair = Pair(program, generator, folder, LOOKUP_ACCOUNTS)
    try:
        keys = pair.keys
        random.shuffle(keys)
        subjects = [f"$SYS.REQ.ACCOUNT.{key}.CLAIMS.LOOKUP" for key in keys]
        requests = {name: [client.request(subject) for subject in subjects] for name, client in pair.clients.items()}
        tokens = [len(pair.token(key)) for key in keys]
        figures: dict[str, list[dict]] = {name: [] for name in pair.servers}
        for round_number in range(ROUNDS + 1):
            for name in figures:
                before = [cpu_seconds([pid]) for pid in pair.processes(name)]
                figure = ask(pair.clients[name], requests[name], tokens, SECONDS if round_number else 1)
                cpu = [(cpu_seconds([pid]) - b) / figure["count"] * 1e6 for pid, b in zip(pair.processes(name), before)]
                figure["nats-server"], figure["nats-claims"] = cpu[0], cpu[1] if len(cpu) > 1 else 0
                # The first round warms up.
                if round_number:
                    figures[name].append(figure)
        full = statistics.median(row["rate"] for row in figures["full resolver"])
        print(f"\nLOOKUP over NATS, {LOOKUP_ACCOUNTS:,} accounts, tokens of {statistics.mean(tokens):,.0f} bytes on average, {WINDOW:,} "
              f"requests under way, {ROUNDS} alternating rounds of {SECONDS} s, nats-server {version()}, medians:\n")
        print("| answered by | requests/s | nats-claims' CPU µs/request | nats-server's CPU µs/request | beside the full resolver |")
        print("|---|---|---|---|---|")
        for name, rows in figures.items():
            median = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
            own = f"{median['nats-claims']:.1f}" if name == "nats-claims" else ""
            print(f"| {name} | {median['rate']:,.0f} | {own} | {median['nats-server']:.1f} | {median['rate'] / full:.2f} |", flush=True)
    finally:
        pair.stop()


def peak_resident(pid: int) -> float:
    """The most MiB in memory since the process began, or since that was cleared."""
    return int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def fetch(client: Connection) -> dict:
    """Asks for the pack, and reads to its end."""
    # Nothing but the end of an empty message looks like that.
    messages, ends = Counter(client.head), Counter(b" 0\r\n\r\n")
    count = 0
    first = None
    start = time.perf_counter()
    client.send(client.request("$SYS.REQ.CLAIMS.PACK"))
    while True:
        if not select.select([client.socket], [], [], 60)[0]:
            raise SystemExit(f"a pack stopped after {count} messages")
        data = client.receive()
        first = first or time.perf_counter()
        count += messages.count(data)
        if ends.count(data):
            return {"s": time.perf_counter() - start, "first": first - start, "count": count, "bytes": messages.bytes}


def pack(program: str, generator: str, folder: pathlib.Path) -> None:
    """A pack of all accounts, each answering alone, in turn."""
    measure_packs(Pair(program, generator, folder, PACK_ACCOUNTS), PACK_ACCOUNTS)


def million(program: str, generator: str, folder: pathlib.Path) -> None:
    """A pack of very many accounts, by nats-claims alone."""
    measure_packs(Pair(program, generator, folder, MANY_ACCOUNTS, has_full=False), MANY_ACCOUNTS)


def measure_packs(pair: Pair, accounts: int) -> None:
    try:
        pid = pair.claims.process.pid
        figures: dict[str, list[dict]] = {name: [] for name in pair.servers}
        for _ in range(ROUNDS):
            for name in figures:
                time.sleep(1)
                processes = pair.processes(name)
                pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")
                resident = pair.claims.resident()
                before = cpu_seconds(processes)
                figure = fetch(pair.clients[name])
                # The accounts, the system account and the empty message.
                if figure["count"] != accounts + 2:
                    raise SystemExit(f"{name}: a pack of {figure['count']} messages")
                figure["cpu"] = cpu_seconds(processes) - before
                figure["peak"] = peak_resident(pid) - resident
                time.sleep(1)
                figure["resident"], figure["kept"] = resident, pair.claims.resident() - resident
                figures[name].append(figure)
        print(f"\nPACK of {accounts:,} accounts and the system account, {ROUNDS} alternating rounds, nats-server {version()}, "
              "medians:\n")
        print("| answered by | messages | MB | first message after ms | empty message after s | CPU s |")
        print("|---|---|---|---|---|---|")
        for name, rows in figures.items():
            median = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
            print(f"| {name} | {median['count']:,.0f} | {median['bytes'] / 1e6:.0f} | {median['first'] * 1000:.1f} | {median['s']:.2f} "
                  f"| {median['cpu']:.2f} |")
        rows = figures["nats-claims"]
        print(f"\nnats-claims had {rows[0]['resident']:.0f} MiB in memory. While the first pack was read it grew by at most "
              f"{rows[0]['peak']:.1f} MiB, later by {max(row['peak'] for row in rows[1:] or rows):.1f}; after all of them it had "
              f"{rows[-1]['resident'] + rows[-1]['kept']:.0f}.", flush=True)
    finally:
        pair.stop()


def main(program: str, generator: str) -> None:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nats-claims-bench-"))
    try:
        for name, part in (("delivery", delivery), ("lookups", lookups), ("pack", pack), ("million", million)):
            if name in PARTS:
                part(os.path.abspath(program), os.path.abspath(generator), folder / name)
                shutil.rmtree(folder / name)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
