"""Durable pushes beside the rate at which one core checks signatures, lookups while pushes run, the directory's lag, start and size.

Prints tables in Markdown. Usage: pushes.py NATS-CLAIMS BENCH-TOKENS BENCH-LOAD
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from server import Load, Server, finished, wrk

ACCOUNTS = int(os.environ.get("BENCH_PUSHES", "100000"))
ROUNDS = int(os.environ.get("BENCH_PUSH_ROUNDS", "5"))
CLIENTS = (16, 64)
LOOKUP_ROUNDS = 3
LOOKUP_SECONDS = 3


def median(rows: list[dict], key: str) -> float:
    return statistics.median(row[key] for row in rows)


def rates(server: Server, packs: list[Load]) -> None:
    """New accounts, then newer tokens of the same, at 16 and 64 clients in turn; each measurement starts with the directory caught up.

    The machine's speed changes from minute to minute: each is set beside the checks before and after it, while the server has
    nothing to do.
    """
    count = ACCOUNTS // (ROUNDS * len(CLIENTS))
    figures: dict[tuple, list[dict]] = {(kind, clients): [] for kind in ("new", "updated") for clients in CLIENTS}
    start = 0
    for _ in range(ROUNDS):
        for clients in CLIENTS:
            for kind, pack in zip(("new", "updated"), packs):
                before = pack.verification_rate(start, min(count, 5000))
                figure = pack.push(server, clients, start, count)
                server.wait_for_directory()
                after = pack.verification_rate(start, min(count, 5000))
                checks = (before + after) / 2
                figures[kind, clients].append({**figure, "checks": checks, "ratio": figure["rate"] / checks})
            start += count
    print(f"Durable pushes, {ROUNDS} alternating rounds of {count:,}, medians; each round beside the signatures that one core checks a second "
          f"(libsodium alone, same tokens) before and after it, the directory caught up:\n")
    print("| accounts | clients | pushes/s | p50 ms | p99 ms | server's CPU µs/push | one core's checks/s | pushes beside checks | lowest |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (kind, clients), rows in figures.items():
        print(f"| {kind} | {clients} | {median(rows, 'rate'):,.0f} | {median(rows, 'p50'):.2f} | {median(rows, 'p99'):.2f} "
              f"| {median(rows, 'cpu'):.0f} | {median(rows, 'checks'):,.0f} | {median(rows, 'ratio'):.2f} "
              f"| {min(row['ratio'] for row in rows):.2f} |", flush=True)


def lag(server: Server, pack: Load) -> None:
    """The directory's lag while every account is updated at full speed, and how long it takes to catch up."""
    process = pack.start_push(server, CLIENTS[-1], 0, ACCOUNTS)
    largest = 0
    while process.poll() is None:
        largest = max(largest, server.lag())
        time.sleep(0.1)
    figure = finished(process)
    left = server.lag()
    seconds = server.wait_for_directory()
    print(f"\n{ACCOUNTS:,} updates without a pause at {CLIENTS[-1]} clients: {figure['rate']:,.0f} a second; the directory was at most "
          f"{largest:,} files behind, {left:,} at the end, and caught up in {seconds:.1f} s.", flush=True)


def lookups(server: Server, packs: list[Load], keys: pathlib.Path) -> None:
    """Lookups alone and while updates run at full speed, with the same load."""
    count = ACCOUNTS * len(packs) // (2 * LOOKUP_ROUNDS)
    slices = [(pack, start) for pack in packs for start in range(0, ACCOUNTS - count + 1, count)]
    print(f"\nLookups alone, and while {CLIENTS[-1]} clients push updates at full speed, {LOOKUP_ROUNDS} alternating rounds, medians:\n")
    print("| lookups | lookups/s | p50 ms | p99 ms | with pushes: lookups/s | p50 ms | p99 ms | p99 beside alone | pushes/s "
          "| beside two busy loops instead: p99 ms |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, pause in (("64 connections, 2,000 a second", 32), ("64 connections, as fast as they can", 0)):
        alone, busy, pushes, others = [], [], [], []
        for _ in range(LOOKUP_ROUNDS):
            alone.append(wrk(server.port, LOOKUP_SECONDS, keys, pause=pause))
            pack, start = slices.pop(0)
            process = pack.start_push(server, CLIENTS[-1], start, count)
            time.sleep(0.7)
            busy.append(wrk(server.port, LOOKUP_SECONDS, keys, pause=pause))
            if process.poll() is not None:
                print("(the pushes ended before the lookups)")
            pushes.append(finished(process))
            server.wait_for_directory()
            others.append(wrk_beside_loops(server.port, keys, pause))
        if any(row["errors"] for row in alone + busy + others):
            raise SystemExit("there were errors")
        print(f"| {name} | {median(alone, 'rate'):,.0f} | {median(alone, 'p50'):.2f} | {median(alone, 'p99'):.2f} | {median(busy, 'rate'):,.0f} "
              f"| {median(busy, 'p50'):.2f} | {median(busy, 'p99'):.2f} | {median(busy, 'p99') / median(alone, 'p99'):.2f} "
              f"| {median(pushes, 'rate'):,.0f} | {median(others, 'p99'):.2f} |", flush=True)


def wrk_beside_loops(port: int, keys: pathlib.Path, pause: int) -> dict:
    """Lookups while two processes do nothing but use the cores: what the scheduler alone costs them."""
    loops = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(2)]
    try:
        return wrk(port, LOOKUP_SECONDS, keys, pause=pause)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def size(program: str, directory: pathlib.Path, operator: pathlib.Path, key: str) -> None:
    """The start on a log that knows all accounts, and what stays in memory."""
    print(f"\nStart with {ACCOUNTS:,} accounts in the log, 3 starts each, medians:\n")
    print("| tokens in memory | first lookup after s | resident MiB |")
    print("|---|---|---|")
    for name, options in (("all (default)", ()), ("16 MiB", ("--cache", "16MiB")), ("8 MiB (`--cache 8MiB`)", ("--cache", "8MiB"))):
        rows = []
        for _ in range(3):
            server = Server(program, directory, operator, *options)
            try:
                rows.append({"first": server.first_lookup(key), "resident": server.settled_resident()})
            finally:
                server.stop()
        print(f"| {name} | {median(rows, 'first'):.2f} | {median(rows, 'resident'):.0f} |", flush=True)


def main(program: str, generator: str, tool: str) -> None:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nats-claims-bench-"))
    parts = os.environ.get("BENCH_PUSH_PARTS", "rates lag lookups size").split()
    try:
        subprocess.run([generator, str(ACCOUNTS), str(folder), "5"], check=True)
        packs = [Load(tool, folder / f"pushes-{number}.txt") for number in range(1, 6)]
        keys = folder / "keys.txt"
        bytes_in_all = (folder / "pushes-1.txt").stat().st_size - ACCOUNTS * 58
        print(f"{ACCOUNTS:,} accounts, tokens of {bytes_in_all / ACCOUNTS:,.0f} bytes on average.\n")
        server = Server(program, folder / "store", folder / "operator.jwt")
        try:
            while True:
                try:
                    server.get("/healthz")
                    break
                except OSError:
                    time.sleep(0.05)
            if "rates" in parts:
                rates(server, packs[:2])
            else:
                packs[0].push(server, 64, 0, ACCOUNTS)
            if "lag" in parts:
                lag(server, packs[2])
            if "lookups" in parts:
                lookups(server, packs[3:], keys)
        finally:
            server.stop()
        if "size" in parts:
            size(program, folder / "store", folder / "operator.jwt", keys.read_text().split()[0])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
