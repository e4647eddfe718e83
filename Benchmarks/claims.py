"""What claims cost on one core, beside libsodium's check of the signatures alone.

Prints a table in Markdown. Usage: claims.py BENCH-TOKENS BENCH-CLAIMS
"""

import pathlib
import subprocess
import sys
import tempfile

TOKENS = 10000
ROUNDS = 7


def main(generator: str, tool: str) -> None:
    with tempfile.TemporaryDirectory(prefix="nats-claims-bench-") as folder:
        subprocess.run([generator, str(TOKENS), folder, "1"], check=True)
        subprocess.run([tool, str(pathlib.Path(folder) / "pushes-1.txt"), str(ROUNDS)], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
