"""A sentence for everything that core can refuse, and the field that it belongs under."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import refusals, words
from core import errors
from core.decisions.decision import State as DecisionState
from core.errors import Invalid, NotAllowed, NotOpen, Refusal
from core.markets.market import State as MarketState
from core.markets.resting import State as OrderState
from core.units import MICRO

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 11, 30, 14, tzinfo=UTC)

SAMPLES: list[Refusal] = [
    errors.Invalid("amount", "positive", "0"),
    errors.Unknown("decision", "D-99"),
    errors.NotAllowed("trade", "decider"),
    errors.NotOpen("decision", "D-1", "still_open", AT),
    errors.InsufficientFunds(1, 2, 3 * MICRO, -1),
    errors.OverSpent("Thin markets", 9 * MICRO, 10 * MICRO, datetime(2026, 12, 1, tzinfo=UTC)),
    errors.OverBudget("Thin markets", 9 * MICRO, 8 * MICRO, 2 * MICRO),
    errors.PlanMoved("Main", ("prices", "budgets"), 5 * MICRO, 4 * MICRO),
    errors.PriceMoved(None),
    errors.PriceBound(5 * MICRO, "spend"),
    errors.PriceBound(5 * MICRO, "buy"),
    errors.PriceBound(0, "sell"),
    errors.WidthCap(5 * MICRO, 6 * MICRO, 4 * MICRO, "spend"),
    errors.WidthCap(5 * MICRO, 6 * MICRO, 4 * MICRO, "buy"),
    errors.WidthCap(5 * MICRO, 6 * MICRO, 0, "move"),
    errors.KeyReused("k"),
    errors.Repeated("k", AT),
    errors.Busy(2.5),
]


def test_each_refusal_has_a_sample_here():
    assert {type(sample) for sample in SAMPLES} == set(Refusal.__subclasses__())


@pytest.mark.parametrize("refusal", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_every_refusal_is_a_sentence(refusal: Refusal):
    assert is_sentence(refusals.sentence(refusal))


def test_every_rule_of_core_has_a_sentence():
    """Whatever ``Invalid`` is raised with anywhere in core or bot; no braces are left in what is said."""
    rules = set(said_with("Invalid", 1))
    spoken = {rule: refusals.sentence(Invalid("x", rule, "5000000")) for rule in rules}

    assert len(rules) > 10
    assert [rule for rule, said in spoken.items() if not is_sentence(said)] == []


def test_every_reason_for_not_being_allowed_has_a_sentence():
    reasons = set(said_with("NotAllowed", 1))

    assert len(reasons) >= 5
    assert [r for r in reasons if not is_sentence(refusals.sentence(NotAllowed("act", r)))] == []


def test_every_state_in_which_something_is_not_open_has_a_sentence():
    """Those named where it is raised, and every state that a decision, a market or an order can be in."""
    named = {(state, kind) for state in said_with("NotOpen", 2) for kind in ("decision", "market", "metric")}
    of_decisions = {(str(state), "decision") for state in DecisionState}
    of_markets = {(str(state), "market") for state in MarketState if state != MarketState.OPEN}
    of_orders = {(str(state), "order") for state in OrderState if state != OrderState.RESTING}
    spoken = {
        (state, kind, since): refusals.sentence(NotOpen(kind, "D-1", state, since))
        for state, kind in named | of_decisions | of_markets | of_orders
        for since in (None, AT)
    }

    assert [each for each, said in spoken.items() if not is_sentence(said)] == []
    assert [said for (_, kind, _), said in spoken.items() if kind == "market" and "M-" in said] == []


@pytest.mark.parametrize(
    ("act", "amount"), [("spend", "5 credits"), ("move", "5 credits"), ("sell", "5 shares")]
)
def test_what_fits_is_named_in_what_the_order_names(act: str, amount: str):
    """Credits where the order is for credits, shares where it is for shares; nothing where nothing fits."""
    assert f"The most that fits here is {amount}." in refusals.sentence(errors.PriceBound(5 * MICRO, act))
    said = refusals.sentence(errors.WidthCap(7 * MICRO, 8 * MICRO, 5 * MICRO, act))
    assert f"The most that fits here is {amount}: one person can hold at most 7 shares more" in said
    for refusal in (errors.PriceBound(0, act), errors.WidthCap(7 * MICRO, 8 * MICRO, 0, act)):
        assert "Nothing more fits here now" in refusals.sentence(refusal)


def test_a_metric_in_a_refusal_is_escaped_and_in_plain_text_as_it_was_typed():
    said = refusals.sentence(NotOpen("metric", "<b> & co", "read"))

    assert "&lt;b&gt; &amp; co" in said
    assert "<b> & co" in words.without_markup(said)


def test_what_was_typed_is_named_in_the_refusal():
    assert "“12,5”" in refusals.sentence(Invalid("amount", "number", "12,5"))
    assert refusals.field(Invalid("subsidy", "positive")) == "subsidy"


def said_with(name: str, place: int) -> Iterator[str]:
    """The literal strings that calls of this name have in this place, in core and bot."""
    for folder in ("core", "bot"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                    yield from literals(node.args[place])


def literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def is_sentence(said: str) -> bool:
    return (
        len(said) > 10
        and said[0] in "“" + said[0].upper()
        and said[-1] in ".:"
        and "{" not in strip_dates(said)
    )


def strip_dates(said: str) -> str:
    """Slack's own braces are inside of its dates."""
    head, _, rest = said.partition("<!date")
    return head + rest.partition(">")[2]
