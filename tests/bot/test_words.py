"""Numbers, values and times as people read them, and a sentence for everything that core can refuse."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import words
from core import errors
from core.decisions.registry import State as DecisionState
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
    errors.PriceMoved(None),
    errors.PriceBound(5 * MICRO, "spend"),
    errors.PriceBound(5 * MICRO, "buy"),
    errors.PriceBound(0, "sell"),
    errors.WidthCap(5 * MICRO, 6 * MICRO, 4 * MICRO, "spend"),
    errors.WidthCap(5 * MICRO, 6 * MICRO, 4 * MICRO, "buy"),
    errors.WidthCap(5 * MICRO, 6 * MICRO, 0, "move"),
    errors.KeyReused("k"),
    errors.Busy(2.5),
]


@pytest.mark.parametrize(
    ("micro", "text"),
    [
        (0, "0"),
        (1, "less than 0.01"),
        (9_999, "less than 0.01"),
        (10_000, "0.01"),
        (60 * MICRO, "60"),
        (1_234_500_000, "1,234.50"),
        (MICRO // 2, "0.50"),
        (-3 * MICRO, "-3"),
        (10**14, "100,000,000"),
        (999_999, "1.00"),
    ],
)
def test_numbers_are_read_at_a_glance(micro: int, text: str):
    assert words.number(micro) == text


@pytest.mark.parametrize(
    ("micro", "text"),
    [(MICRO, "1 credit"), (0, "0 credits"), (2 * MICRO, "2 credits"), (1, "less than 0.01")],
)
def test_credits_agree_with_their_number(micro: int, text: str):
    assert words.credits(micro).startswith(text)


@pytest.mark.parametrize(
    ("micro", "text"),
    [(MICRO, "1"), (171_390_001, "171.390001"), (100_500_000, "100.5"), (0, "0"), (1, "0.000001")],
)
def test_what_goes_into_an_input_can_be_parsed_back(micro: int, text: str):
    assert words.plain(micro) == text


@pytest.mark.parametrize(
    ("micro", "unit", "low", "high", "text"),
    [
        (62 * MICRO, "points", 40 * MICRO, 80 * MICRO, "62.0 points"),
        (3_210_000, "%", 0, 10 * MICRO, "3.21%"),
        (1_234_567 * MICRO, "dollars", 0, 10**13, "1,234,567 dollars"),
        (500_000, "yes", 0, MICRO, "0.500 yes"),
        (0.5, "g", 0, 1, "0.000000500 g"),
        (-5 * MICRO, "°C", -20 * MICRO, 20 * MICRO, "-5.0 °C"),
        (0, "", -(10**14), 10**14, "0"),
    ],
)
def test_values_have_the_digits_that_suit_their_range(
    micro: float, unit: str, low: int, high: int, text: str
):
    assert words.value(micro, unit, low, high).strip() == text


@pytest.mark.parametrize(
    ("micro", "unit", "text"),
    [
        (71_250_000, "points", "71.25 points"),
        (20 * MICRO, "%", "20%"),
        (1, "g", "0.000001 g"),
        (0, "g", "0 g"),
    ],
)
def test_what_was_filed_is_shown_to_the_last_digit(micro: int, unit: str, text: str):
    assert words.exact_value(micro, unit) == text


def test_a_time_is_shown_in_the_readers_zone_and_in_utc_where_that_cannot_be():
    assert words.moment(AT) == words.moment(int(AT.timestamp()))
    assert words.moment(AT) == "<!date^1796047200^{date_short_pretty} {time}|30 Nov 2026 14:00 UTC>"


@pytest.mark.parametrize(("seconds", "text"), [(86_400, "24 h"), (5400, "90 min"), (3600, "1 h"), (0, "0 h")])
def test_spans(seconds: int, text: str):
    assert words.span(seconds) == text


def test_a_challenge_window_of_no_length_is_not_spoken_of():
    assert words.after_window(86_400) == "After a challenge window of 24 h"
    assert words.after_window(0) == "At once"


def test_a_quotation_is_marked_line_by_line():
    assert words.quoted("a <b>\nc") == "> a &lt;b&gt;\n> c"


def test_typed_text_mentions_nobody():
    assert words.escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_each_refusal_has_a_sample_here():
    assert {type(sample) for sample in SAMPLES} == set(Refusal.__subclasses__())


@pytest.mark.parametrize("refusal", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_every_refusal_is_a_sentence(refusal: Refusal):
    _, said = words.refusal(refusal)

    assert is_sentence(said)


def test_every_rule_of_core_has_a_sentence():
    """Whatever ``Invalid`` is raised with anywhere in core or bot; no braces are left in what is said."""
    rules = set(said_with("Invalid", 1))
    spoken = {rule: words.refusal(Invalid("x", rule, "5000000"))[1] for rule in rules}

    assert len(rules) > 10
    assert [rule for rule, said in spoken.items() if not is_sentence(said)] == []


def test_every_reason_for_not_being_allowed_has_a_sentence():
    reasons = set(said_with("NotAllowed", 1))

    assert len(reasons) >= 5
    assert [r for r in reasons if not is_sentence(words.refusal(NotAllowed("act", r))[1])] == []


def test_every_state_in_which_something_is_not_open_has_a_sentence():
    """Those named where it is raised, and every state that a decision, a market or an order can be in."""
    named = {(state, kind) for state in said_with("NotOpen", 2) for kind in ("decision", "market", "metric")}
    of_decisions = {(str(state), "decision") for state in DecisionState}
    of_markets = {(str(state), "market") for state in MarketState if state != MarketState.OPEN}
    of_orders = {(str(state), "order") for state in OrderState if state != OrderState.RESTING}
    spoken = {
        (state, kind, since): words.refusal(NotOpen(kind, "D-1", state, since))[1]
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
    assert f"The most that fits here is {amount}." in words.refusal(errors.PriceBound(5 * MICRO, act))[1]
    said = words.refusal(errors.WidthCap(7 * MICRO, 8 * MICRO, 5 * MICRO, act))[1]
    assert f"The most that fits here is {amount}: one person can hold at most 7 shares more" in said
    for refusal in (errors.PriceBound(0, act), errors.WidthCap(7 * MICRO, 8 * MICRO, 0, act)):
        assert "Nothing more fits here now" in words.refusal(refusal)[1]


@pytest.mark.parametrize(
    ("outcome", "unit", "text"),
    [
        ("LONG", "points", "2 Higher shares"),
        ("NO", "", "2 No shares"),
        ("60", "points", "2 shares around 60 points"),
        ("-2.5", "%", "2 shares around -2.5%"),
        ("60", "", "2 shares around 60"),
        ("red", "", "2 red shares"),
    ],
)
def test_shares_are_called_by_what_they_win_on(outcome: str, unit: str, text: str):
    assert words.shares(2 * MICRO, outcome, unit) == text


def test_a_metric_in_a_refusal_is_escaped_and_in_plain_text_as_it_was_typed():
    said = words.refusal(NotOpen("metric", "<b> & co", "read"))[1]

    assert "&lt;b&gt; &amp; co" in said
    assert "<b> & co" in words.without_markup(said)


def test_what_was_typed_is_named_in_the_refusal():
    assert "“12,5”" in words.refusal(Invalid("amount", "number", "12,5"))[1]
    assert words.refusal(Invalid("subsidy", "positive"))[0] == "subsidy"


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
