"""A lottery's draw is the published one, follows its chances exactly, and its markets pay as they should on average."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import opened
from vectors import VECTORS, vector

from core.pricing import lmsr, lottery
from core.pricing.lottery import OUTCOMES, SURE, Lottery
from core.units import MICRO

lotteries = st.builds(
    Lottery,
    st.integers(1, SURE),
    st.lists(st.integers(1, 1000), min_size=2, max_size=4).map(tuple),
)


@pytest.mark.parametrize("published", VECTORS["V28"]["outputs"]["draws"], ids=lambda draw: draw[0])
def test_v28_draws_what_was_published(published: list[object]):
    name, number, by, index = published
    given = VECTORS["V28"]["inputs"]
    seed, beacon = (bytes.fromhex(given[each]) for each in ("seed_hex", "beacon_hex"))
    found = lottery.digest(seed, beacon, str(name))

    assert lottery.commitment(seed) == given["commitment_sha256_of_seed"]
    assert found == number
    assert lottery.drawn(Lottery(SURE // 5, (1, 1)), found) == (index if by == "lottery" else None)


@given(lotteries)
def test_each_option_is_drawn_by_as_many_digests_as_its_chance_says(of: Lottery):
    """At every border between two options, and between them and people, the digest before it draws what it should."""
    border = 0
    for index, chance in enumerate(of.chances):
        before = border
        border = -(-sum(of.chances[: index + 1], Fraction()) * OUTCOMES // 1)
        assert lottery.drawn(of, f"{before:064x}") == index
        assert lottery.drawn(of, f"{border - 1:064x}") == index
        assert abs(Fraction(border - before, OUTCOMES) - chance) < Fraction(1, OUTCOMES)
    assert border == OUTCOMES if of.probability == SURE else lottery.drawn(of, f"{border:064x}") is None


@given(lotteries)
def test_chances_sum_to_the_probability(of: Lottery):
    assert sum(of.chances) == Fraction(of.probability, SURE)


@given(
    st.lists(st.tuples(st.integers(1, 10**14), st.fractions(Fraction(1, 4), 1)), min_size=1, max_size=4),
)
def test_liquidity_is_divided_by_the_chance_and_passes_no_branch(branches: list[tuple[int, Fraction]]):
    """All branches share one b0, to the micro-unit lost in rounding; one of them is used to the full."""
    most, chances = [each for each, _ in branches], [chance for _, chance in branches]
    made = lottery.scaled(most, chances)
    base = min(m * c for m, c in zip(most, chances, strict=True))

    assert all(0 <= base / c - b < 1 for b, c in zip(made, chances, strict=True))
    assert all(b <= m for b, m in zip(made, most, strict=True))
    assert any(b == m for b, m in zip(made, most, strict=True))


@given(st.sampled_from([1, 2, 3, 4]), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_p12_divided_by_its_chance_a_market_pays_on_average_what_one_that_always_counts_would(
    parts: int, before: float, believed: float
):
    """V51: lambda times the payout of b0 / lambda is the payout of b0, for any belief that traders bring."""
    chance, base = Fraction(1, parts), 100 * MICRO
    (scaled,) = lottery.scaled([base * parts], [chance])

    assert float(chance) * payout(scaled, before, believed) == pytest.approx(
        payout(base, before, believed), abs=10 * parts
    )


def test_v51_a_tenth_takes_ten_times_the_liquidity_and_pays_the_same():
    given, expected = vector("V51")
    chance = Fraction(1, 10)
    (liquidity,) = lottery.scaled([round(expected["b"]) * MICRO], [chance])

    assert liquidity == round(given["b0"] / given["lam"]) * MICRO
    assert max(lmsr.weights(liquidity, [0.5, 0.5])) == pytest.approx(expected["reserve"] * MICRO, abs=3)
    paid = float(chance) * payout(liquidity, given["p0"], given["q"])
    assert paid == pytest.approx(expected["expected_payout"] * MICRO, abs=5)


def payout(liquidity: int, before: float, believed: float) -> float:
    """What the maker loses on average once its price is moved to what traders believe, if they are right: micro-credits."""
    state = opened(liquidity / MICRO, [before, 1 - before])
    shares = lmsr.State(liquidity, (0, 0), lmsr.weights(liquidity, [believed, 1 - believed]))
    bought = [state_w - own for state_w, own in zip(state.weights, shares.weights, strict=True)]
    low = min(bought)
    trade = tuple(each - low for each in bought)
    due = believed * trade[0] + (1 - believed) * trade[1]
    return due - lmsr.cost(state, trade)


def test_the_very_end_of_a_share_belongs_to_what_comes_next():
    """Shares are closed below and open above, as U < share has it: no number belongs to two, or to none by mistake."""
    half, quarter = "8" + "0" * 63, "4" + "0" * 63
    last_below = "7" + "f" * 63

    even = Lottery(500_000, (1, 1))
    assert [lottery.drawn(even, each) for each in ("0" * 64, quarter, last_below, half)] == [0, 1, 1, None]
    assert lottery.drawn(Lottery(1_000_000, (1, 1)), "f" * 64) == 1
