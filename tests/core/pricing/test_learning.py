"""What settled markets teach of the cost of information and of attention."""

import numpy as np
import pytest

from core.pricing import learning


def settled(beta: float, noise: float, number: int = 30) -> dict[str, np.ndarray]:
    """Markets that were opened at many liquidities, and learned as their cost says, more or less."""
    random = np.random.default_rng(7)
    liquidity, learnable = random.uniform(10, 300, number), random.uniform(0.1, 0.7, number)
    years, chance = random.uniform(0, 1.5, number), random.uniform(0.3, 1, number)
    cost = learning.cost(beta, learnable, years, chance, 0.2)
    nats = learnable * liquidity / (liquidity + cost) + random.normal(0, noise, number)
    unit = learning.cost(1, learnable, years, chance, 0.2)
    return {"liquidity": liquidity, "learnable": learnable, "nats": nats, "unit": unit}


@pytest.mark.parametrize("beta", [10.0, 30.0, 100.0])
def test_thirty_settled_markets_tell_what_a_nat_costs(beta: float):
    exact = learning.fit_beta(**settled(beta, 0), before=30)
    noisy = learning.fit_beta(**settled(beta, 0.05), before=30)

    assert exact == pytest.approx(beta, rel=1e-6)
    assert noisy == pytest.approx(beta, rel=0.35)


def test_no_fit_moves_a_number_by_more_than_four_times():
    assert learning.fit_beta(**settled(1_000, 0), before=30) == pytest.approx(120)
    assert learning.fit_beta(**settled(1, 0), before=30) == pytest.approx(7.5)
    assert learning.fit_attention([1_000.0] * 30, before=5) == 20
    assert learning.fit_attention([0.0] * 30, before=5) == 1.25


def test_a_nat_is_dearer_the_longer_it_takes_the_rarer_it_counts_and_the_less_it_is_paid_with():
    plain, long, rare, scalar = learning.cost(
        30, [np.log(2), np.log(2), np.log(2), 0.02], [0, 1, 0, 0], [1, 1, 0.5, 1], 0.2
    )

    assert plain == pytest.approx(30)
    assert long == pytest.approx(30 * np.exp(0.2))
    assert rare == pytest.approx(60)
    assert scalar == pytest.approx(30 * np.log(2) / 0.02)


def test_attention_costs_what_nine_of_ten_trades_gain():
    assert learning.fit_attention(np.arange(0, 101), before=8) == pytest.approx(10)
