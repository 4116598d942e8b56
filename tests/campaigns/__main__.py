"""Long campaigns, one command each: `python tests/campaigns kill --engine sqlite --times 1000`."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "core")]

from campaigns.cli import cli  # noqa: E402 - the folders that pytest knows from pyproject.toml come first

cli()
