"""Honest lookups beside hostile clients: how long they take, and how much the server grows.

Prints a table in Markdown. Usage: hostile.py NATS-CLAIMS
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

from server import free_port

SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
ROOT = pathlib.Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "Tests/SystemTests/Python/hostile.py"
# The attacks of a row, and whether they are begun again and again for as long as is measured.
ROWS = [
    ("nobody", [], False),
    ("questions about unknown keys from eight addresses", ["unknown-keys"], True),
    ("10,000 idle connections", ["idle"], False),
    ("slow headers and bodies, floods, bodies of 1 GiB, one that never reads, 10,000 idle: all of `docs/security.md` at once", None, False),
]


def resident(pid: int) -> int:
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def attack(arguments: list[str], names: list[str] | None, repeats: bool) -> float:
    """Attacks, and says how many seconds that took."""
    start = time.monotonic()
    if names == []:
        time.sleep(SECONDS)
    while names != []:
        subprocess.run([sys.executable, SCRIPT, "attack", *arguments, *(names or [])], check=True, capture_output=True)
        if not repeats or time.monotonic() - start > SECONDS:
            break
    return time.monotonic() - start


def measure(pid: int, arguments: list[str], title: str, names: list[str] | None, repeats: bool) -> str:
    before = resident(pid)
    honest = subprocess.Popen([sys.executable, SCRIPT, "honest", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    seconds = attack(arguments, names, repeats)
    grown = (resident(pid) - before) / (1 << 20)
    seen = json.loads(honest.communicate()[0])
    if seen["failures"]:
        raise SystemExit(f"{title}: lookups failed: {seen['failures']}")
    return f"| {title} | {seconds:.0f} | {seen['lookups']:,} | {seen['p50']} | {seen['p99']} | {seen['worst']} | {grown:.0f} |"


def main(program: str) -> None:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nats-claims-bench-"))
    port = free_port()
    program = os.path.abspath(program)
    with open(folder / "log", "w") as log:
        server = subprocess.Popen([program, "serve", "-hp", f"127.0.0.1:{port}"], cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        server.stdout.readline()
        accounts = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/accounts"))["accounts"]
        arguments = [str(port), accounts[0]["account"]]
        print("| beside honest lookups | s | lookups | p50 ms | p99 ms | worst ms | server grown by MiB |")
        print("|---|---|---|---|---|---|---|")
        for title, names, repeats in ROWS:
            print(measure(server.pid, arguments, title, names, repeats), flush=True)
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


main(sys.argv[1])
