"""What claims cost on one core, beside libsodium's check of the signatures alone, and `verify` of many tokens on one core and on all.

Prints tables in Markdown. Usage: claims.py NATS-CLAIMS BENCH-TOKENS BENCH-CLAIMS
"""

import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

TOKENS = 10000
ROUNDS = 7
VERIFIED = 100000
VERIFY_ROUNDS = 3


def steps(generator: str, tool: str, folder: pathlib.Path) -> None:
    """Decode, verify, validate and encode, a token and a byte."""
    subprocess.run([generator, str(TOKENS), str(folder), "1"], check=True)
    subprocess.run([tool, str(folder / "pushes-1.txt"), str(ROUNDS)], check=True)


def verify(program: str, generator: str, folder: pathlib.Path) -> None:
    """The command with signature, content and issuer judged, and a line of JSON for each token."""
    subprocess.run([generator, str(VERIFIED), str(folder), "1"], check=True)
    tokens = folder / "tokens.txt"
    tokens.write_text("".join(line.split("|")[1] for line in (folder / "pushes-1.txt").open()))
    command = [program, "verify", "--json", "--operator", str(folder / "operator.jwt"), str(tokens)]
    cores = sorted(os.sched_getaffinity(0))
    print(f"\n`verify --json --operator` of {VERIFIED:,} tokens, {VERIFY_ROUNDS} rounds in turn, medians:\n")
    print("| cores | s | CPU s |")
    print("|---|---|---|")
    figures = {1: [], len(cores): []}
    for _ in range(VERIFY_ROUNDS):
        for count in figures:
            before, start = os.times(), time.monotonic()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True, preexec_fn=lambda: os.sched_setaffinity(0, cores[:count]))
            seconds, after = time.monotonic() - start, os.times()
            used = after.children_user + after.children_system - before.children_user - before.children_system
            figures[count].append((seconds, used))
    for count, rows in figures.items():
        print(f"| {count} | {statistics.median(row[0] for row in rows):.1f} | {statistics.median(row[1] for row in rows):.1f} |")


def main(program: str, generator: str, tool: str) -> None:
    with tempfile.TemporaryDirectory(prefix="nats-claims-bench-") as name:
        folder = pathlib.Path(name)
        (folder / "steps").mkdir()
        (folder / "verify").mkdir()
        steps(generator, tool, folder / "steps")
        verify(program, generator, folder / "verify")


if __name__ == "__main__":
    main(*sys.argv[1:])
