"""Pictures in letters."""

import doctest

import pytest

from bot.modals import picture


def test_the_examples_are_what_they_say():
    assert doctest.testmod(picture).failed == 0


@pytest.mark.parametrize(("now", "then"), [(0.0, 1.0), (1.0, 0.0), (-0.2, 1.3), (0.5, 0.5)])
def test_a_line_is_as_wide_wherever_it_is_priced(now: float, then: float):
    """Also where the metric's ends are passed; where nothing moves there is no arrow."""
    drawn = picture.scale(("0", "1"), now, then, 0.5)

    assert len(drawn) == picture.WIDTH + 6
    assert drawn.count("●") == 1
    assert ("▶" in drawn, "◀" in drawn) == (then > now, then < now)
