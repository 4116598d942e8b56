"""What the pool pays for makers: one deposit for all branches of a decision."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.funding.pool import Backing, fund_decision, fund_question
from core.ledger.entries import Posting

POOL, ESCROW, CREDIT, BRANCHES = 1, 2, 3, (11, 12, 13)
reserves = st.lists(st.tuples(st.sampled_from(BRANCHES), st.integers(1, 10**12)), min_size=1, max_size=6)


def totals(postings: list[Posting]) -> Counter[tuple[int, int]]:
    held: Counter[tuple[int, int]] = Counter()
    for each in postings:
        held[each.source, each.unit] -= each.amount
        held[each.destination, each.unit] += each.amount
    return held


@given(reserves)
def test_the_deposit_is_the_largest_sum_in_one_branch(wanted: list[tuple[int, int]]):
    """Every maker has its reserve, the pool owes nothing in any branch, and has used up one of them."""
    backings = [Backing(100 + number, unit, reserve) for number, (unit, reserve) in enumerate(wanted)]
    held = totals(fund_decision(POOL, ESCROW, CREDIT, BRANCHES, backings))
    sums = [sum(each.reserve for each in backings if each.unit == unit) for unit in BRANCHES]

    assert held[POOL, CREDIT] == -max(sums) == -held[ESCROW, CREDIT]
    assert [held[ESCROW, unit] for unit in BRANCHES] == [-max(sums)] * 3
    assert min(held[POOL, unit] for unit in BRANCHES) == 0
    assert all(held[each.maker, each.unit] == each.reserve for each in backings)


def test_a_question_s_maker_is_paid_in_plain_credit():
    assert fund_question(POOL, Backing(100, CREDIT, 69)) == [Posting(POOL, 100, 69, CREDIT)]
