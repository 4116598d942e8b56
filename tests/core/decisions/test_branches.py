"""Collateral: whatever a holder gives or gets, one split or one merge leaves the least loose credit at zero."""

from datetime import UTC, datetime
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.decisions.branches import Collateral
from core.ledger.book import Book
from core.ledger.entries import Entry, Posting

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CREDIT, ESCROW, ANN, MAKER = 1, 10, 20, 30
BRANCHES = (101, 102, 103)
COLLATERAL = Collateral(ESCROW, CREDIT, BRANCHES)
amounts = st.integers(0, 1_000)
moves = st.lists(st.tuples(st.sampled_from(BRANCHES), st.integers(1, 500), st.booleans()), max_size=4)


def book(loose: list[int], free: int = 10_000) -> Book:
    """A book in which Ann holds so much loose credit of each branch, and the maker plenty."""
    issued = {(ESCROW, unit): -10_000 - held for unit, held in zip(BRANCHES, loose, strict=True)}
    held = {(ANN, unit): n for unit, n in zip(BRANCHES, loose, strict=True)}
    makers = {(MAKER, unit): 10_000 for unit in BRANCHES}
    return Book(
        dict.fromkeys(product([1, ANN, ESCROW, MAKER], [CREDIT, *BRANCHES]), 0)
        | {(ANN, CREDIT): free, (ESCROW, CREDIT): 20_000, **issued, **held, **makers},
        {CREDIT: 1, **dict.fromkeys(BRANCHES, ESCROW)},
    )


@given(st.lists(amounts, min_size=3, max_size=3), moves)
def test_afterwards_the_least_loose_credit_is_zero(loose: list[int], wanted: list[tuple[int, int, bool]]):
    """And what was split or merged is the same in every branch and in plain credit."""
    pending = [
        Posting(MAKER, ANN, amount, unit) if comes_in else Posting(ANN, MAKER, amount, unit)
        for unit, amount, comes_in in wanted
    ]
    opened = book(loose)
    postings = COLLATERAL.normal_form(opened, ANN, pending)
    after = [opened.balance(ANN, unit, postings) for unit in BRANCHES]
    own = [opened.balance(ANN, unit, pending) for unit in BRANCHES]
    split = 10_000 - opened.balance(ANN, CREDIT, postings)

    assert min(after) == 0
    assert [n + split for n in own] == after
    assert opened.balance(ESCROW, CREDIT, postings) == 20_000 + split


@given(st.lists(amounts, min_size=3, max_size=3))
def test_what_is_in_normal_form_already_is_left_alone(loose: list[int]):
    normal = [n - min(loose) for n in loose]

    assert COLLATERAL.normal_form(book(normal), ANN, []) == []


def test_there_is_a_split_or_a_merge_and_never_both():
    opened = book([0, 5, 7])
    spent = COLLATERAL.normal_form(opened, ANN, [Posting(ANN, MAKER, 3, BRANCHES[0])])
    got = COLLATERAL.normal_form(opened, ANN, [Posting(MAKER, ANN, 9, BRANCHES[0])])

    assert [p.amount for p in spent if p.unit == CREDIT] == [3]
    assert [(p.destination, p.amount) for p in got if p.unit == CREDIT] == [(ANN, 5)]


def test_with_one_branch_left_its_credit_is_plain_credit():
    """A purchase splits one to one, a sale comes back as credit, by the same rule."""
    last = Collateral(ESCROW, CREDIT, BRANCHES[:1])
    opened = book([0, 0, 0])
    bought = last.normal_form(opened, ANN, [Posting(ANN, MAKER, 40, BRANCHES[0])])
    sold = last.normal_form(opened, ANN, [Posting(MAKER, ANN, 40, BRANCHES[0])])

    assert opened.balance(ANN, CREDIT, bought) == 10_000 - 40
    assert opened.balance(ANN, CREDIT, sold) == 10_000 + 40
    for postings in (bought, sold):
        assert opened.balance(ANN, BRANCHES[0], postings) == 0


def test_credit_of_dead_branches_goes_back_to_its_escrow():
    opened = book([4, 0, 7])
    returned = COLLATERAL.return_dead(opened, ANN, BRANCHES[1:])
    opened.post(Entry("death", "d", NOW, tuple(returned)))

    assert [opened.balance(ANN, unit) for unit in BRANCHES] == [4, 0, 0]
    assert opened.balance(ANN, CREDIT) == 10_000


def test_a_breach_stops_the_entry_before_it_is_committed():
    """Proved on the touched rows: the escrow backs each live branch, and the holder is in normal form."""
    right = Book(
        {(ESCROW, CREDIT): 10, (ANN, BRANCHES[0]): 10} | {(ESCROW, unit): -10 for unit in BRANCHES},
        {},
    )
    COLLATERAL.prove(right, ANN)
    with pytest.raises(AssertionError, match="L1"):
        COLLATERAL.prove(Book({(ESCROW, CREDIT): 9} | {(ESCROW, unit): -10 for unit in BRANCHES}, {}), ANN)
    loose = {(ANN, unit): 1 for unit in BRANCHES} | {(ESCROW, unit): -1 for unit in BRANCHES}
    with pytest.raises(AssertionError, match="L3"):
        COLLATERAL.prove(Book(loose | {(ESCROW, CREDIT): 1}, {}), ANN)


@given(st.lists(st.tuples(st.sampled_from(BRANCHES), st.integers(1, 10**12)), min_size=1, max_size=8))
def test_one_deposit_of_the_largest_sum_in_one_branch_pays_makers_in_all(wanted: list[tuple[int, int]]):
    """Every maker has its reserve, and who paid has used up one branch and holds what is left of the others."""
    pool, makers = 40, [100 + number for number in range(len(wanted))]
    empty = Book(
        dict.fromkeys(product([pool, ESCROW, *makers], [CREDIT, *BRANCHES]), 0) | {(pool, CREDIT): 10**13},
        {CREDIT: 1, **dict.fromkeys(BRANCHES, ESCROW)},
    )
    moves = [
        Posting(pool, maker, reserve, unit) for maker, (unit, reserve) in zip(makers, wanted, strict=True)
    ]
    empty.post(Entry("fund", "f", NOW, tuple(COLLATERAL.normal_form(empty, pool, moves))))
    sums = [sum(reserve for unit, reserve in wanted if unit == branch) for branch in BRANCHES]

    assert empty.balance(pool, CREDIT) == 10**13 - max(sums)
    assert empty.balance(ESCROW, CREDIT) == max(sums)
    assert [empty.balance(ESCROW, unit) for unit in BRANCHES] == [-max(sums)] * 3
    assert [empty.balance(pool, unit) for unit in BRANCHES] == [max(sums) - each for each in sums]
    assert [empty.balance(m, unit) for m, (unit, _) in zip(makers, wanted, strict=True)] == [
        r for _, r in wanted
    ]
