"""What tests of the exchange share."""

import pytest

from core.exchange import cancelling, deciding, settling
from core.ledger import holders


@pytest.fixture
def slices_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts that touch everybody take two at a time, so that other things happen in between."""
    for module in (holders, cancelling, deciding, settling):
        monkeypatch.setattr(module, "SLICE", 2)
