"""Long campaigns, one command each: `python tests/campaigns kill --engine sqlite --times 1000`."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:1] = [
    str(ROOT),
    str(ROOT / "tests"),
    str(ROOT / "tests" / "core"),
]  # Instead of this folder itself.

from campaigns.cli import cli  # noqa: E402 - the folders that pytest knows from pyproject.toml come first

cli()
