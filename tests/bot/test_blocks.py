"""Blocks are never longer than Slack takes, and what is cut is not left in ruins."""

import pytest

from bot.blocks import button, fit, rendered, section
from bot.words import escape


@pytest.mark.parametrize("text", ["short", "x" * 3000])
def test_what_fits_is_left_alone(text: str):
    assert fit(text) == text


@pytest.mark.parametrize("lead", range(8))
@pytest.mark.parametrize("unit", [escape("&"), escape("<b>"), "<@U0EMIL> ", "<!date^1|x> "])
def test_what_is_cut_ends_between_marks(lead: int, unit: str):
    """Wherever the cut falls, no entity and no mention is cut through."""
    cut = fit("x" * lead + unit * 2000)
    rest = cut.removesuffix("…")[lead:]

    assert len(cut) <= 3000
    assert cut.endswith("…")
    assert rest.count("&") == rest.count(";")
    assert rest.count("<") == rest.count(">")


def test_a_section_and_a_button_take_any_text():
    assert len(rendered(section("&amp;" * 5000, "s"))["text"]["text"]) <= 3000
    assert len(button("x" * 500, "a", 1, "y" * 500).text.text) <= 75
