"""Whatever is written into a portfolio's log is told in a sentence, with its numbers and its reason, and marks nothing up."""

import ast
from pathlib import Path
from typing import Any

import pytest
from live import read

from bot.reports import portfolio
from bot.workspace import check_message
from core.units import MICRO

ROOT = Path(__file__).parents[3]
ABOUT = {"portfolio": "Thin <b>", "by": "T0LAB/U0ADA", "reason": "Because & so."}
FACTS: dict[str, dict[str, Any]] = {
    "opened": {
        "reserve_budget": 500 * MICRO,
        "spend_budget": None,
        "period_days": 30,
        "spenders": ["T0LAB/U0ADA", "T0LAB/U0EMIL"],
    },
    "funded": {"credits": 600 * MICRO, "free": 610 * MICRO},
    "reversed": {"credits": 600 * MICRO, "free": 10 * MICRO, "asked_by": "T0LAB/U0CHEN"},
    "changed": {
        "changed": {
            "name": ["Main", "Thin <b>"],
            "reserve_budget": [None, 500 * MICRO],
            "spend_budget": [100 * MICRO, 50 * MICRO],
            "period_days": [30, 1],
            "spenders": [[], ["T0LAB/U0EMIL"]],
            "address": [None, "T0LAB/C0BUDGET"],
        }
    },
    "automated": {"most": 20 * MICRO},
    "by_hand": {"most": None},
    "paused": {},
    "resumed": {},
    "taken_back": {"of": "D-7", "freed": 30 * MICRO, "free": 40 * MICRO, "reserved": 12 * MICRO},
    "off": {"of": "D-7", "gap_sd": 70_000},
    "stakes": {
        "of": "D-7",
        "stake": 900 * MICRO,
        "gap_sd": 200_000,
        "chance": 800_000,
        "was": {"stake": 700 * MICRO, "gap_sd": 200_000, "chance": 1_000_000},
    },
    "applied": {
        "adds": 25 * MICRO,
        "decisions": [{"of": f"D-{n}", "question": "Ship <b>?", "adds": MICRO} for n in range(25)],
    },
    "learned": {
        "settled": 30,
        "beta": 41 * MICRO,
        "attention": 4 * MICRO,
        "was_beta": 31 * MICRO,
        "was_attention": 5 * MICRO,
        "of": 28,
    },
}


def said(what: str) -> str:
    made = portfolio.changed({**ABOUT, **FACTS[what], "what": what}).payload()
    assert check_message(made) == []
    return read(made)


def test_every_kind_of_change_that_core_writes_has_a_sentence():
    """Also those that other use cases than the portfolio's own write."""
    written = {
        kind.value
        for path in (ROOT / "core/exchange").glob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "portfolio_log.write"
        for kind in ast.walk(call.args[3])
        if isinstance(kind, ast.Constant) and isinstance(kind.value, str)
    }

    assert written == set(portfolio.SAID) == set(FACTS)


@pytest.mark.parametrize("what", FACTS)
def test_a_change_says_which_portfolio_who_and_why_and_marks_nothing_up(what: str):
    """What settled markets taught is nobody's doing."""
    text = said(what)

    assert "Thin &lt;b&gt;" in text
    assert ("<@U0ADA>" in text) == (what != "learned")
    assert "Because &amp; so." in text
    assert "<b>" not in text


def test_what_nobody_did_the_policy_did():
    made = portfolio.changed({**ABOUT, **FACTS["applied"], "what": "applied", "by": None}).payload()

    assert "by the policy" in read(made)


@pytest.mark.parametrize(
    ("what", "numbers"),
    [
        ("opened", ["500 credits", "any amount", "30 days", "<@U0EMIL>"]),
        ("funded", ["600 credits", "610 credits"]),
        ("reversed", ["600 credits", "10 credits", "<@U0CHEN> and <@U0ADA>"]),
        (
            "changed",
            ["not Main", "instead of any amount", "50 credits", "1 day long", "every admin", "<#C0BUDGET>"],
        ),
        ("automated", ["20 credits"]),
        ("off", ["D-7", "7% of the range", "said at its opening"]),
        ("stakes", ["D-7", "900 credits", "700 credits", "20%", "80%"]),
        ("applied", ["25 credits", "D-7, Ship", "17 more decisions"]),
        ("learned", ["30 settled markets", "41 credits", "31 credits", "4 credits", "5 credits"]),
        ("taken_back", ["D-7", "30 credits", "40 credits", "12 credits"]),
    ],
)
def test_a_change_says_its_numbers(what: str, numbers: list[str]):
    text = said(what)

    assert [each for each in numbers if each not in text] == []


def test_a_plan_for_many_decisions_names_some_and_still_says_why():
    many = [{"of": f"D-{number}", "question": "Why? " * 60, "adds": MICRO} for number in range(200)]
    made = portfolio.changed({**ABOUT, "what": "applied", "adds": MICRO, "decisions": many}).payload()

    assert check_message(made) == []
    assert "and 192 more decisions" in read(made)
    assert "Because &amp; so." in read(made)
