"""Whatever is written into a portfolio's log is told in a sentence, with its numbers and its reason, and marks nothing up."""

import ast
from collections.abc import Iterator
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
    "applied": {"adds": 9 * MICRO, "decisions": [{"of": "D-7", "question": "Do <we>?", "adds": 9 * MICRO}]},
    "stakes": {
        "of": "D-7",
        "stake": 700 * MICRO,
        "gap_sd": 150_000,
        "chance": 800_000,
        "was": {"stake": 500 * MICRO, "gap_sd": 1, "chance": 1},
    },
    "learned": {
        "of": 31,
        "beta": 25 * MICRO,
        "was_beta": 30 * MICRO,
        "attention": 4 * MICRO,
        "was_attention": 5 * MICRO,
    },
}


def said(what: str) -> str:
    made = portfolio.changed({**ABOUT, **FACTS[what], "what": what}).payload()
    assert check_message(made) == []
    return read(made)


def test_every_kind_of_change_that_core_writes_has_a_sentence():
    """Also those that other use cases than the portfolio's own write."""
    files = [ast.parse(path.read_text()) for path in (ROOT / "core/exchange").glob("*.py")]
    written = {kind for file in files for kind in kinds(file)}

    assert written == set(portfolio.SAID) == set(FACTS)


def kinds(file: ast.Module) -> Iterator[str]:
    """What its calls that write into the log name: in place, or by a constant of the file."""
    named = {
        target.id: value
        for node in file.body
        if isinstance(node, ast.Assign)
        for target, value in zip(parts(node.targets[0]), parts(node.value), strict=False)
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(file):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "portfolio_log.write":
            for kind in ast.walk(call.args[3]):
                said = named.get(kind.id) if isinstance(kind, ast.Name) else kind
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.value


def parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


@pytest.mark.parametrize("what", FACTS)
def test_a_change_says_which_portfolio_who_and_why_and_marks_nothing_up(what: str):
    text = said(what)

    assert "Thin &lt;b&gt;" in text
    assert ("<@U0ADA>" in text) == (what != "learned"), "what settled markets taught is nobody's doing"
    assert "Because &amp; so." in text


@pytest.mark.parametrize(
    ("what", "numbers"),
    [
        ("opened", ["500 credits", "any amount", "30 days", "<@U0EMIL>"]),
        ("funded", ["600 credits", "610 credits"]),
        (
            "changed",
            ["not Main", "instead of any amount", "50 credits", "1 day long", "every admin", "<#C0BUDGET>"],
        ),
        ("reversed", ["600 credits", "10 credits", "<@U0CHEN> and <@U0ADA>"]),
        ("automated", ["20 credits"]),
        ("taken_back", ["D-7", "30 credits", "40 credits", "12 credits"]),
        ("applied", ["9 credits", "D-7 Do &lt;we&gt;?"]),
        ("stakes", ["D-7", "700 credits", "instead of 500 credits", "15%", "80%"]),
        ("learned", ["31 settled markets", "25 credits", "30 credits", "4 credits", "5 credits"]),
    ],
)
def test_a_change_says_its_numbers(what: str, numbers: list[str]):
    text = said(what)

    assert [each for each in numbers if each not in text] == []


def test_a_plan_for_many_decisions_names_some_and_still_says_why():
    many = [{"of": f"D-{number}", "question": "Why? " * 60, "adds": MICRO} for number in range(200)]
    made = portfolio.changed({**ABOUT, "what": "applied", "adds": MICRO, "decisions": many}).payload()

    assert check_message(made) == []
    assert "and 192 decisions more" in read(made)
    assert "Because &amp; so." in read(made)
