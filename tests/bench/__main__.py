"""Benchmarks, one command each: `python tests/bench throughput --engine sqlite --clients 64`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    ROOT = Path(__file__).parents[2]
    # In place of this folder, which Python would search first.
    sys.path[:1] = [
        str(ROOT),
        str(ROOT / "tests"),
        str(ROOT / "tests" / "core"),
        str(ROOT / "tests" / "core" / "pricing"),
    ]

    from bench.cli import cli

    cli()
