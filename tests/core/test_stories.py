"""Accounting stories: tests/stories/*.txt, one act a line, the expected answer after the arrow (language: story.py)."""

from pathlib import Path

import pytest
from exchange_driver import Exchange
from story import Story

STORIES = sorted((Path(__file__).parents[1] / "stories").glob("*.txt"))


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_story(story: Path, exchange: Exchange) -> None:
    """Each line answers as the story says, and the books are right after each act."""
    told = Story(exchange)
    for number, line in enumerate(story.read_text().splitlines(), 1):
        act, arrow, expected = line.partition("#")[0].partition("->")
        if not act.strip():
            continue
        where = f"{story.name}:{number}: {line}"
        found = told.tell(act)

        if arrow:
            assert found == expected.strip(), where
        assert arrow or not found.startswith("refused"), f"{where}: {found}"
