"""/subsidy plan, apply and set: what the policy would do, with reasons and numbers; done only as it was looked at."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from acts import counts, identity, open_question, trade
from live import Live, Person, elements_of, read

from bot.subsidies.reasons import reason
from core.exchange import allocating, audit, portfolios
from core.exchange.allocating import Assumption, Help, Prior, Proposal, Remedy, Row, Why
from core.units import MICRO


@pytest.fixture(scope="module")
def bank(quiet: Live) -> Iterator[Live]:
    """A workspace in which people hold so much that a market can be made deep; whose books hold whatever is applied."""
    ada, emil = quiet.person("U0ADA"), quiet.person("U0EMIL")
    ada.type("/futarchy grant @emil 50000 to trade with")
    trade(emil, "50")
    open_question(quiet)
    yield quiet
    assert [proof.claim for proof in quiet.read(audit.audit) if not proof.holds] == []
    assert ada.state["warnings"] == []


@pytest.fixture(scope="module")
def ada(bank: Live) -> Person:
    return bank.person("U0ADA")


@pytest.fixture
def stated(bank: Live) -> Assumption:
    """A close call that is worth something, whatever was said before; and what was applied drips no more."""
    stakes = Assumption(50_000 * MICRO, 400_000, 800_000)
    bank.write(portfolios.take_back, identity("U0ADA"), 1, None, MICRO, "Begin anew.")
    bank.write(allocating.assume, identity("U0ADA"), 1, stakes, "It is worth this.")
    return stakes


def plan(live: Live) -> Proposal:
    found: Proposal = live.read(allocating.plan, identity("U0ADA"), 1, live.workspace.clock())
    return found


@pytest.mark.usefixtures("stated")
def test_a_plan_is_a_table_with_reasons_and_changes_nothing(bank: Live, ada: Person):
    before, found = counts(bank), plan(bank)
    said = ada.type("/subsidy plan Main")
    (table,) = [block for block in ada.answer["blocks"] if block["type"] == "table"]
    rows = {row[0]["text"]: [cell["text"] for cell in row[1:]] for row in table["rows"]}

    assert re.search(
        r"The policy would reserve at most \*[\d,.]+ credits\* more of \*Main\*, for 1 decision", said
    )
    assert "Nothing is changed yet." in said
    assert re.search(r"D-1: Do we release .*\* A close call worth 50,000 credits: [\d,.]+ credits more", said)
    assert "Hangs on no decision: nothing is decided by it." in said
    assert [*rows][:2] == ["For", "D-1"]
    assert re.fullmatch(r"\d+ \+ [\d,]+", rows["D-1"][0])
    assert re.fullmatch(r"\d+% → \d+%", rows["D-1"][2])
    assert counts(bank) == before
    assert plan(bank).digest == found.digest


@pytest.mark.usefixtures("stated")
def test_row_by_row_it_says_what_it_takes_for_known_and_leads_to_the_stake(ada: Person):
    ada.type("/subsidy plan")
    ada.press(ada.answer, "subsidy:plan_P-1")
    said = read(ada.modal)

    assert "Stake 50,000 credits; the leader is " in said
    assert "with a chance of 80%; 2 options on 1 metric." in said
    assert re.search(r"• Release: liquidity \d+ \+ [\d,]+, of use from \d+ to [\d,]+", said)
    ada.press_modal("subsidy:set_D-1")
    values = [block["element"].get("initial_value") for block in ada.modal["blocks"] if "element" in block]
    assert values == ["50000", "40", "80", None]
    ada.close()


def test_what_is_typed_of_a_stake_is_kept_and_the_rest_stays(bank: Live, ada: Person, stated: Assumption):
    said = ada.type("/subsidy set D-1 stake=60000 gap_sd=15% because it is larger than we thought")
    found = bank.read(allocating.assumed, identity("U0ADA"), 1)

    assert "a whole range is worth 60,000 credits, the gap may lie 15% of the range from" in said
    assert found.of == replace(stated, stake=60_000 * MICRO, gap_sd=150_000)
    ada.type("/subsidy set D-1 chance=0.25")
    assert ada.element("chance")["initial_value"] == "25"
    assert "This is what was said last." in read(ada.modal)
    errors = ada.submit(stake={"value": "0"}, reason={"value": "Nothing."})["errors"]
    assert errors == {"stake": "This must be more than 0."}
    errors = ada.submit(stake={"value": "5"}, gap_sd={"value": "101"}, reason={"value": "Much."})["errors"]
    assert [*errors] == ["gap_sd"]
    ada.close()
    assert bank.read(allocating.assumed, identity("U0ADA"), 1).of == found.of


@pytest.mark.usefixtures("stated")
def test_a_plan_is_applied_as_it_was_looked_at_and_not_after_prices_moved(bank: Live, ada: Person):
    ada.type("/subsidy apply Main because we need to know.")
    assert "nothing is done" in read(ada.modal)
    assert ada.element("reason")["initial_value"] == "we need to know."
    trade(bank.person("U0EMIL"), "100")
    before = counts(bank)
    errors = ada.submit()["errors"]
    assert re.fullmatch(
        r"Since you looked, prices moved.*: the plan of Main added [\d,.]+ credits then, and would add [\d,.]+ credits now\. "
        r"Nothing was done\. Look at it anew, and apply it then\.",
        errors["reason"],
    )
    assert counts(bank) == before
    ada.close()
    adds = plan(bank).adds
    ada.type("/subsidy plan")
    ada.press(ada.answer, "subsidy:apply_P-1")
    assert ada.submit(reason={"value": "It is looked at."})["ok"]
    assert "of *Main* will be reserved, for D-1." in read(ada.modal)
    ada.close()

    assert adds > 0
    assert plan(bank).adds == 0
    (line, *_) = bank.read(portfolios.one, identity("U0ADA"), 1, bank.workspace.clock()).log
    assert (line.what, line.facts["adds"], line.reason) == ("applied", adds, "It is looked at.")
    shown = ada.type("/subsidy")
    assert re.search(r"Main\*\n[\d,.]+ credits free, [\d,.]+ of them promised to markets · ", shown)
    assert "The policy would add nothing to what *Main* backs now." in ada.type("/subsidy apply")
    assert not [each for block in ada.answer["blocks"] for each in elements_of(block)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("set D-1 stake=0 because x", "`stake=0` cannot be: This must be more than 0."),
        ("set D-1 chance=80 because x", "must be between"),
        ("set D-1 gap_sd=x because x", "`gap_sd=x` cannot be: “x” is not a number."),
        ("set D-99 stake=5 because x", "There is no decision D-99."),
        ("set", "Say which decision, for example `/subsidy set D-1`."),
        (
            "set D-1 stke=5",
            "`stke=` does not go there: `stake=`, `gap_sd=`, `chance=` can. Did you mean this?",
        ),
    ],
)
def test_what_cannot_be_stated_is_refused_in_words(bank: Live, ada: Person, typed: str, said: str):
    before = counts(bank)

    assert said in ada.type(f"/subsidy {typed}")
    assert counts(bank) == before


@pytest.mark.parametrize("typed", ["plan Main", "apply Main because x", "set D-1 stake=5 because x"])
def test_nobody_else_plans_or_states_anything(bank: Live, typed: str):
    erin = bank.person("U0ERIN")

    assert "Only admins" in (said := erin.type(f"/subsidy {typed}"))
    assert "Ask <@U0ADA>." in said


PRIOR = Prior(
    stake=500 * MICRO,
    is_stated=True,
    gap=0.02,
    gap_sd=0.15,
    chance=1.0,
    days=30.0,
    options=2,
    measures=1,
    kind="scalar",
    pays_less=34.2,
    learned=0.1,
    learns=0.2,
)
ROW = Row(7, None, "D-7", "Do we?", Why.FUNDED, 100 * MICRO, 30 * MICRO, prior=PRIOR)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROW, "a close call worth 500 credits: 30 credits more"),
        (
            replace(ROW, why=Why.LEAST),
            "a close call worth 500 credits: 30 credits more, just enough to matter",
        ),
        (
            replace(ROW, prior=replace(PRIOR, gap=-0.2, is_stated=False)),
            "an open call worth 500 credits (assumed): 30 credits more",
        ),
        (
            replace(ROW, why=Why.BELOW, needed=220 * MICRO),
            "too small to matter: needs at least 120 credits more",
        ),
        (replace(ROW, why=Why.BELOW), "too small to matter: no reserve would be enough"),
        (
            replace(ROW, why=Why.NOTHING, prior=replace(PRIOR, gap=0.9)),
            "foregone conclusion: nothing to learn",
        ),
        (
            replace(ROW, why=Why.NOTHING),
            "a close call worth 500 credits: what traders could still learn would hardly turn it",
        ),
        (
            replace(ROW, why=Why.HELD, remedies=(Remedy(Help.RANGE, 29),)),
            (
                "a close call worth 500 credits: has as much already as it would get; "
                "its range is too wide: it pays 34 times less than a yes or no"
            ),
        ),
        (
            replace(
                ROW,
                why=Why.WINDOW,
                remedies=(Remedy(Help.BUDGET, 900 * MICRO), Remedy(Help.CAPITAL, 4000 * MICRO)),
            ),
            (
                "a close call worth 500 credits, but it cannot be made useful now; it would need 900 credits of "
                "reserve; it would need traders who hold 4,000 credits"
            ),
        ),
        (replace(ROW, why=Why.HALTED, prior=None), "trading is halted: nothing is added meanwhile"),
    ],
)
def test_reasons_are_short_sentences_with_their_numbers(row: Row, said: str):
    assert reason(row) == said


def test_every_reason_has_words():
    assert all(reason(replace(ROW, why=why)) for why in Why)
    assert all(reason(replace(ROW, remedies=(Remedy(kind, MICRO),))) for kind in Help)
