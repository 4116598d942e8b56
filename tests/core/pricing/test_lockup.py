"""How far a price can stay from belief while credits are locked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vectors import vector

from core.pricing import lockup


def test_v34_bands_without_and_with_interest_or_a_loan():
    given_, expected = vector("V34")
    of = (given_["q"], given_["r"], given_["T"])
    plain = lockup.band(*of)

    assert plain == pytest.approx(expected["no_interest"], rel=1e-12)
    assert plain[1] - plain[0] == pytest.approx(expected["width_no_interest"], rel=1e-12)
    assert lockup.band(*of, interest=given_["i"]) == pytest.approx(expected["with_interest"], rel=1e-12)
    assert lockup.band(*of, loan=given_["loan"]) == pytest.approx(expected["with_loan"], rel=1e-12)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 5))
def test_the_band_holds_the_belief_and_is_as_wide_for_any_other(belief: float, rate: float, years: float):
    low, high = lockup.band(belief, rate, years)
    ends = lockup.band(0.5, rate, years)

    assert low <= belief + 1e-12
    assert high >= belief - 1e-12
    assert high - low == pytest.approx(ends[1] - ends[0])
