"""Proofs by simulation, one command each: `python tests/proofs coin --times 1000`."""

import sys
from pathlib import Path

if __name__ == "__main__":
    ROOT = Path(__file__).parents[2]
    # In place of this folder, which Python would search first.
    sys.path[:1] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "core")]

    from proofs.cli import cli

    cli()
