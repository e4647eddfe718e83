"""nats-servers under measurement, and a raw connection to one: messages are counted, not taken apart."""

import base64
import json
import pathlib
import re
import secrets
import select
import shutil
import signal
import socket
import subprocess
import time

import nkeys

from server import free_port

ROOT = pathlib.Path(__file__).resolve().parent.parent


def program() -> str:
    """The newest nats-server there is."""
    newest = ROOT / ".build/python/bin/nats-server"
    found = str(newest) if newest.exists() else shutil.which("nats-server", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if found is None:
        raise SystemExit("there is no nats-server: Scripts/bootstrap bench installs one")
    return found


def version() -> str:
    return subprocess.check_output([program(), "--version"], text=True).split()[-1].lstrip("v")


def system_key(folder: pathlib.Path) -> str:
    """The system account of a folder that `bench-tokens` made."""
    claims = (folder / "system.jwt").read_text().split(".")[1]
    return json.loads(base64.urlsafe_b64decode(claims + "=="))["sub"]


class NATSServer:
    """A nats-server of the operator in a folder that `bench-tokens` made."""

    def __init__(self, folder: pathlib.Path, name: str, resolver: str, more: str = "", port: int | None = None):
        self.port = port or free_port()
        config = folder / f"{name}.conf"
        # Pings are put off, so that a connection that only waits need not answer any.
        config.write_text(
            f'listen: "127.0.0.1:{self.port}"\nserver_name: {name}\nping_interval: "1h"\noperator: "{folder}/operator.jwt"\n'
            f"system_account: {system_key(folder)}\nresolver: {resolver}\n{more}\n")
        self.log = (folder / f"{name}.log").open("w")
        self.process = subprocess.Popen([program(), "-c", str(config)], stdout=self.log, stderr=self.log)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.log.close()


class Connection:
    """A client of a nats-server, by a creds file, with an inbox of its own."""

    def __init__(self, server: NATSServer, creds: pathlib.Path):
        token, seed = re.findall(r"^-+BEGIN[^\n]*\n([^\n]+)$", creds.read_text(), re.M)
        self.socket = connected(server)
        self.buffer = b""
        self.inbox = b"_INBOX." + secrets.token_hex(4).encode()
        # How the line before each reply begins: no token and no JSON holds that.
        self.head = b"MSG " + self.inbox + b" 1 "
        info = json.loads(self.line()[len("INFO "):])
        self.server_id = info["server_id"]
        signature = base64.urlsafe_b64encode(nkeys.from_seed(seed.encode()).sign(info["nonce"].encode())).rstrip(b"=").decode()
        options = {"jwt": token, "sig": signature, "verbose": False, "pedantic": False, "lang": "python", "version": "0", "protocol": 0}
        self.send(b"CONNECT " + json.dumps(options).encode() + b"\r\nSUB " + self.inbox + b" 1\r\nPING\r\n")
        while (line := self.line()) != "PONG":
            if line.startswith("-ERR"):
                raise SystemExit(f"the nats-server refuses a client: {line}")

    def line(self) -> str:
        while b"\r\n" not in self.buffer:
            self.buffer += self.receive()
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line.decode()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def receive(self) -> bytes:
        data = self.socket.recv(1 << 20)
        if not data:
            raise SystemExit("the nats-server closed a connection")
        return data

    def request(self, subject: str, payload: bytes = b"") -> bytes:
        """What publishes a question whose answers come to the inbox."""
        return b"PUB %s %s %d\r\n%s\r\n" % (subject.encode(), self.inbox, len(payload), payload)

    def reply(self) -> bytes | None:
        """Reads once, and gives the payload of a reply if that is whole."""
        self.buffer += self.receive()
        start = self.buffer.find(self.head)
        end = self.buffer.find(b"\r\n", start)
        if start < 0 or end < 0:
            return None
        size = int(self.buffer[start + len(self.head):end])
        payload = self.buffer[end + 2:end + 2 + size]
        if len(self.buffer) < end + 2 + size + 2:
            return None
        self.buffer = self.buffer[end + 2 + size + 2:]
        return payload

    def answer(self, request: bytes, patience: float) -> bytes | None:
        """Asks one question, and gives its answer; None when none comes in time."""
        self.send(request)
        end = time.monotonic() + patience
        while select.select([self.socket], [], [], max(0, end - time.monotonic()))[0]:
            if (payload := self.reply()) is not None:
                return payload
        return None

    def drain(self) -> None:
        """Passes over what came meanwhile."""
        while select.select([self.socket], [], [], 0)[0]:
            self.receive()
        self.buffer = b""

    def check_open(self) -> None:
        """Fails if the server refused something to a client that only waits, or closed the connection."""
        if select.select([self.socket], [], [], 0)[0] and b"-ERR" in (said := self.receive()):
            raise SystemExit(f"a nats-server says to a client: {said.decode(errors='replace')}")


def connected(server: NATSServer) -> socket.socket:
    for _ in range(600):
        try:
            connection = socket.create_connection(("127.0.0.1", server.port), 1)
            connection.settimeout(60)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        except OSError:
            if server.process.poll() is not None:
                raise SystemExit(f"a nats-server ended: {pathlib.Path(server.log.name).read_text()}")
            time.sleep(0.1)
    raise SystemExit("a nats-server does not listen")
