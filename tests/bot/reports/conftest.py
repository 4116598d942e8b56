"""What the reports are about, written by core once for all of their tests."""

from typing import Any

import lives
import pytest


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return lives.facts_of_both(tmp_path_factory.mktemp)
