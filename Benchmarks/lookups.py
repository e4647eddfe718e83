"""Lookups beside nginx serving the same bytes: both run, and are measured alternately.

Prints a table in Markdown. Usage: lookups.py NATS-CLAIMS BENCH-TOKENS
"""

import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

from server import cpu_seconds, free_port, wrk

ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "10000"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
LONG = int(os.environ.get("BENCH_LONG_SECONDS", "60"))
CONNECTIONS = 64


def wait_until_open(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nothing listens on port {port}")


def nginx_config(folder: pathlib.Path, port: int, workers: int) -> str:
    return f"""
daemon off; worker_processes {workers}; pid {folder}/nginx-{workers}.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 2048; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; keepalive_timeout 300s;
  open_file_cache max=20000 inactive=300s; open_file_cache_valid 300s; open_file_cache_min_uses 1;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port};
    location ~ ^/jwt/v1/accounts/(.*)$ {{ alias {folder}/accounts/$1.jwt; default_type application/jwt; }}
  }}
}}
"""


def children(pid: int) -> list[int]:
    text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def main(program: str, generator: str) -> None:
    folder = pathlib.Path(tempfile.mkdtemp(prefix="nats-claims-bench-"))
    folder.chmod(0o755)
    processes: list[subprocess.Popen] = []
    try:
        subprocess.run([generator, str(ACCOUNTS), str(folder)], check=True)
        # nginx reads the same files; our server adopts a copy of the directory.
        shutil.copytree(folder / "accounts", folder / "store")
        for file in (folder / "accounts").iterdir():
            file.chmod(0o644)
        (folder / "accounts").chmod(0o755)
        servers = {}
        for workers in (1, 2):
            port = free_port()
            config = folder / f"nginx-{workers}.conf"
            config.write_text(nginx_config(folder, port, workers))
            process = subprocess.Popen(
                [shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx", "-c", str(config)], stderr=subprocess.DEVNULL)
            processes.append(process)
            servers[f"nginx, {workers} worker{'s' if workers > 1 else ''}"] = (port, process)
        port = free_port()
        log = (folder / "server.log").open("w")
        process = subprocess.Popen(
            [program, "serve", "-dir", str(folder / "store"), "-operator", str(folder / "operator.jwt"), "-hp", f"127.0.0.1:{port}"],
            stdout=log, stderr=log,
        )
        processes.append(process)
        servers["nats-claims"] = (port, process)
        for server_port, _ in servers.values():
            wait_until_open(server_port)
        key = (folder / "keys.txt").read_text().split()[0]
        bodies = {
            urllib.request.urlopen(f"http://127.0.0.1:{server_port}/jwt/v1/accounts/{key}").read() for server_port, _ in servers.values()
        }
        if len(bodies) != 1:
            raise SystemExit("the servers do not serve the same bytes")

        figures: dict[str, list[dict]] = {name: [] for name in servers}
        for round_number in range(ROUNDS + 1):
            for name, (server_port, process) in servers.items():
                pids = [process.pid] + children(process.pid)
                before = cpu_seconds(pids)
                figure = wrk(server_port, SECONDS if round_number else 3, folder / "keys.txt", CONNECTIONS)
                figure["cpu"] = (cpu_seconds(pids) - before) / figure["count"] * 1e6
                # The first round warms up.
                if round_number:
                    figures[name].append(figure)
        best = max(
            statistics.median(f["rate"] for f in figures[name]) for name in servers if name.startswith("nginx")
        )
        print(f"Random lookups over {ACCOUNTS} accounts, {CONNECTIONS} connections, wrk -t2, {ROUNDS} alternating rounds of {SECONDS} s, medians:\n")
        print("| server | requests/s | p50 ms | p99 ms | CPU µs/request | beside the better nginx |")
        print("|---|---|---|---|---|---|")
        for name, rows in figures.items():
            median = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
            print(
                f"| {name} | {median['rate']:,.0f} | {median['p50']:.2f} | {median['p99']:.2f} | {median['cpu']:.1f} | {median['rate'] / best:.2f} |",
                flush=True,
            )
        long = wrk(port, LONG, folder / "keys.txt", CONNECTIONS)
        print(f"\n{LONG} seconds without a pause: {long['count']:,} lookups, {long['errors']} connection, read, write, status or time-out errors.")
        if long["errors"] or any(row["errors"] for row in figures["nats-claims"]):
            raise SystemExit("there were errors")
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
