"""Orders are delivered several times (duplicates.py)."""

import pytest
from campaigns.campaign import conduct
from campaigns.duplicates import duplicates


@pytest.mark.usefixtures("in_memory")
@pytest.mark.parametrize(("engine", "orders"), [("sqlite", 1000), ("postgresql", 500)])
def test_an_order_is_executed_once_however_often_and_wherever_it_is_delivered(
    engine: str, orders: int, seed: int
):
    figures = conduct(duplicates, engine, orders, seed)

    assert figures["deliveries"] > 4 * orders
    assert figures["answered Fill"] > orders
    assert figures["answered KeyReused"] > 0
