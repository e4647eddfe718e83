"""A server under measurement, and the tools that load it."""

import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import urllib.request

HERE = pathlib.Path(__file__).parent


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def cpu_seconds(pids: list[int]) -> float:
    """What processes have used of the cores so far."""
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def wrk(port: int, seconds: float, keys: pathlib.Path, connections: int = 64, pause: int = 0) -> dict:
    """Lookups of random accounts; with a pause every connection waits that many milliseconds, on average, before each."""
    environment = {**os.environ, "BENCH_KEYS": str(keys)}
    if pause:
        environment["BENCH_PAUSE_MS"] = str(pause)
    result = subprocess.run(
        ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(HERE / "random-lookups.lua"), f"http://127.0.0.1:{port}"],
        env=environment, check=True, capture_output=True, text=True,
    ).stdout
    match = re.search(r"RESULT (.*)", result)
    if match is None:
        raise SystemExit(result)
    count, duration, p50, p99, connect, read, write, status, timeout = map(int, match[1].split())
    return {
        "rate": count / duration * 1e6, "count": count, "p50": p50 / 1000, "p99": p99 / 1000,
        "errors": connect + read + write + status + timeout,
    }


class Server:
    """nats-claims as a user gets it, on a directory."""

    def __init__(self, program: str, directory: pathlib.Path, operator: pathlib.Path, *options: str):
        self.port = free_port()
        self.log = directory.with_suffix(".log").open("a")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [program, "serve", "-dir", str(directory), "-operator", str(operator), "-hp", f"127.0.0.1:{self.port}", *options],
            stdout=self.log, stderr=self.log)

    def get(self, path: str) -> bytes:
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30).read()

    def first_lookup(self, key: str) -> float:
        """The seconds from the start of the program to the first answer with a token."""
        request = f"GET /jwt/v1/accounts/{key} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()
        while time.monotonic() < self.started + 120:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as s:
                    s.sendall(request)
                    if s.recv(65536).startswith(b"HTTP/1.1 200 "):
                        return time.monotonic() - self.started
            except OSError:
                pass
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended: see {self.log.name}")
            time.sleep(0.002)
        raise SystemExit("the server does not answer")

    def metric(self, name: str) -> int:
        match = re.search(rf"^{name} (\d+)$", self.get("/metrics").decode(), re.M)
        return int(match[1]) if match else 0

    def lag(self) -> int:
        """How many records the directory's files are behind."""
        return self.metric("nats_claims_directory_lag_records")

    def wait_for_directory(self) -> float:
        """Waits until every file is written, and gives the seconds."""
        start = time.monotonic()
        while self.lag():
            time.sleep(0.05)
        return time.monotonic() - start

    def resident(self) -> float:
        """MiB in memory."""
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text())[1]) / 1024

    def settled_resident(self) -> float:
        """MiB in memory when the work behind the open door has ended: the process uses no CPU for two seconds."""
        before = -1.0
        while (now := cpu_seconds([self.process.pid])) - before > 0.02:
            before = now
            time.sleep(2)
        return self.resident()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)
        self.log.close()


class Load:
    """The repository's own load tool, `bench-load`."""

    def __init__(self, tool: str, pack: pathlib.Path):
        self.tool = tool
        self.pack = pack

    def verification_rate(self, start: int, count: int) -> float:
        """Signatures a second that one core checks, with libsodium alone."""
        return json.loads(subprocess.check_output([self.tool, "verify", str(self.pack), str(start), str(count)]))["rate"]

    def start_push(self, server: Server, clients: int, start: int, count: int) -> subprocess.Popen:
        return subprocess.Popen(
            [self.tool, "push", str(server.port), str(clients), str(self.pack), str(start), str(count)], stdout=subprocess.PIPE)

    def push(self, server: Server, clients: int, start: int, count: int) -> dict:
        before = cpu_seconds([server.process.pid])
        figure = finished(self.start_push(server, clients, start, count))
        figure["cpu"] = (cpu_seconds([server.process.pid]) - before) / count * 1e6
        return figure


def finished(process: subprocess.Popen) -> dict:
    """What a load that was started came to."""
    output = process.communicate()[0]
    if process.returncode:
        raise SystemExit("the load tool failed")
    figure = json.loads(output)
    if figure["refused"]:
        raise SystemExit(f"{figure['refused']} pushes were refused")
    return figure
