"""What stands behind a command is taken into its pieces, however they are ordered; and nothing of it is guessed."""

import pytest

from bot.commands.pieces import Pieces, begins_with, taken_apart


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", Pieces("", {})),
        ("Safety 1000", Pieces("Safety 1000", {})),
        ("Safety 1000 because  it is due, because", Pieces("Safety 1000", {}, reason="it is due, because")),
        ("because of it", Pieces("", {}, reason="of it")),
        ("unbecause 3", Pieces("unbecause 3", {})),
        ("D-7 stake=500 gap_sd=0.15", Pieces("D-7", {"stake": "500", "gap_sd": "0.15"})),
        ("reserve=none SPEND=- x", Pieces("x", {"reserve": "", "spend": ""})),
        ('a name="Far off" b', Pieces("a b", {"name": "Far off"})),
        ("a name=“Far off”", Pieces("a", {"name": "Far off"})),
        (
            "A <@U1|ada> <#C1|main> <@U2>, <@U1|ada>",
            Pieces("A", {}, people=("U1", "U2"), channel="C1"),
        ),
        (
            "A spenders=<@U1|ada>,<@U2|b o> channel=<#C1> because <@U3|x=1> said a=b",
            Pieces("A", {}, ("U1", "U2"), "C1", "<@U3|x=1> said a=b"),
        ),
    ],
)
def test_what_was_typed_is_taken_into_pieces(text: str, pieces: Pieces):
    assert taken_apart(text) == pieces


def test_a_key_that_is_not_known_is_named():
    pieces = taken_apart("stake=5 stke=6")

    assert pieces.unknown({"stake"}) == "stke"
    assert pieces.unknown({"stake", "stke"}) is None


@pytest.mark.parametrize(
    ("plain", "found"),
    [
        ("safety 100", ("Safety", "100")),
        ("Safety Two 100", ("Safety Two", "100")),
        ('"Safety" 100', ("Safety", "100")),
        ("“safety two” 100", ("Safety Two", "100")),
        ("Safetyness 100", (None, "Safetyness 100")),
        ("Main", ("Main", "")),
        ("", (None, "")),
    ],
)
def test_a_name_is_found_at_the_beginning_the_longest_one_first(plain: str, found: tuple[str | None, str]):
    assert begins_with(plain, ["Main", "Safety", "Safety Two"]) == found
