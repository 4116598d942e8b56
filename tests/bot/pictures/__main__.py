"""A picture of every surface in light and dark, on a desk and on a phone: `python tests/bot/pictures --only "home of"`."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
sys.path[:1] = [str(ROOT), str(ROOT / "tests" / "bot")]  # Instead of this folder itself.

from pictures.cli import cli  # noqa: E402 - the folders that pytest knows from pyproject.toml come first

cli()
