"""/subsidy: what is typed whole is done, what misses a piece opens its form with what was typed, and nobody else may."""

import itertools
import re
from collections.abc import Iterator

import pytest
from acts import counts, identity
from live import Live, Person, elements_of, read

from bot import words
from core.exchange import audit, portfolios
from core.units import MICRO

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def bank(quiet: Live) -> Iterator[Live]:
    """A workspace whose books hold whatever was done to its portfolios."""
    yield quiet
    assert [proof.claim for proof in quiet.read(audit.audit) if not proof.holds] == []
    assert quiet.person("U0ADA").state["warnings"] == []


@pytest.fixture(scope="module")
def ada(bank: Live) -> Person:
    return bank.person("U0ADA")


@pytest.fixture(scope="module")
def erin(bank: Live) -> Person:
    return bank.person("U0ERIN")


@pytest.fixture(scope="module")
def emil(bank: Live) -> Person:
    return bank.person("U0EMIL")


@pytest.fixture
def own(ada: Person) -> str:
    """The name of a portfolio for one test alone, which Erin may spend, and nobody else."""
    name = f"Budget {next(NUMBERS)}"
    said = ada.type(f"/subsidy new {name} reserve=2000 spend=500 days=30 @erin because it needs its own.")
    assert f"*{name}* is open. It has no credits yet: `/subsidy fund {name} 1000 because …`." in said
    return name


@pytest.fixture(scope="module")
def second(ada: Person) -> None:
    """Where there is but one portfolio, it needs no name."""
    ada.type("/subsidy new Second reserve=1 spend=1 days=1 @ada because of that.")


def facts(live: Live, name: str) -> portfolios.PortfolioFacts:
    found = live.read(portfolios.overview, identity("U0ADA"), live.workspace.clock())
    return next(each for each in found if each.name == name)


def about(said: str, name: str) -> str:
    """What an answer says of the portfolio of this name."""
    return said.partition(f"\n*{name}*\n")[2].partition("\n*")[0]


def typed(person: Person) -> dict[str, object]:
    """What stands in the form on top, by its inputs."""
    values = {}
    for block in person.modal["blocks"]:
        element = block.get("element", {})
        found = [value for name, value in element.items() if name.startswith("initial_")]
        values[block["block_id"]] = found[0] if found else None
    return values


def option(person: Person, text: str) -> dict[str, object]:
    """The choice in the form on top that begins with this."""
    options = person.element("portfolio")["options"]
    found: dict[str, object] = next(each for each in options if each["text"]["text"].startswith(text))
    return found


def offered(person: Person) -> list[str]:
    return [each["text"]["text"] for block in person.answer["blocks"] for each in elements_of(block)]


def test_what_there_is_is_shown_with_every_number(ada: Person, own: str):
    said = ada.type("/subsidy")
    main, shown = about(said, "Main"), about(said, own)

    assert re.match(r"\d+ portfolios with [\d,.]+ credits free\.", said)
    assert "reserved, without a limit" in main
    assert "It backs D-1 (" in main
    assert "may spend it: every admin" in main
    assert "0 credits free · 0 of 2,000 credits reserved" in shown
    assert re.search(r"Spent since .*: 0 of 500 credits · expected by .*: 0 of 500 credits", shown)
    assert "Not automatic · may spend it: <@U0ERIN> · told in direct messages to them" in shown


def test_everybody_sees_what_they_may_see_and_is_offered_what_they_may_do(
    ada: Person, erin: Person, emil: Person, own: str
):
    said = ada.type("/subsidy")
    assert offered(ada)[:5] == ["Plan", "Automatic", "Pause", "Report", "Fund"]
    assert offered(ada)[-3:] == ["Fund", "Change", "New portfolio"]
    assert f"*{own}*" in said
    said = erin.type("/subsidy")

    assert f"*{own}*" in said
    assert "*Main*" not in said
    assert not {"Fund", "Change", "New portfolio"} & {*offered(erin)}
    assert "Only admins, and the people named to spend a portfolio" in emil.type("/subsidy")
    assert "Ask <@U0ADA>." in read(emil.answer)


@pytest.mark.parametrize(
    "wanted", ["new", "fund", "change Main", "auto on", "pause Main", "withdraw D-1 5", "show"]
)
def test_nobody_else_gets_as_far_as_a_form(bank: Live, emil: Person, wanted: str):
    before = counts(bank)

    assert "Only admins" in (said := emil.type(f"/subsidy {wanted}")) or "Only the people named" in said
    assert emil.state["views"] == []
    assert counts(bank) == before


def test_an_admin_who_is_not_named_may_fund_it_but_not_spend_it(ada: Person, own: str):
    assert "100 credits added: 100 credits are free in it now." in ada.type(
        f"/subsidy fund {own.upper()} 100 because it begins."
    )
    for word in ("pause", "resume", "auto off"):
        assert "Only the people named to spend this portfolio can do that. Ask <@U0ERIN>." in ada.type(
            f"/subsidy {word} {own} because so."
        )


def test_what_is_typed_whole_is_done_and_told(bank: Live, erin: Person, own: str):
    assert "Paused" in erin.type(f"/subsidy pause “{own}” because of the <audit>")
    assert facts(bank, own).paused_reason == "of the <audit>"
    shown = about(erin.type("/subsidy"), own)
    assert "Paused, so it pays for nothing new: of the &lt;audit&gt;" in shown
    erin.press(erin.answer, f"subsidy:resume_P-{facts(bank, own).id}")
    assert typed(erin)["portfolio"] == option(erin, own)
    assert erin.submit(reason={"value": "It is over."})["ok"]
    erin.close()

    assert facts(bank, own).paused_reason is None
    assert [line.what for line in facts(bank, own).log][:2] == ["resumed", "paused"]


def test_what_is_typed_in_part_stands_in_the_form(ada: Person, own: str):
    ada.type(f"/subsidy fund {own} 12.50")
    assert typed(ada) == {"portfolio": option(ada, own), "amount": "12.5", "reason": None}
    ada.close()
    ada.type("/subsidy fund because it is due")
    assert typed(ada) == {"portfolio": None, "amount": None, "reason": "it is due"}
    ada.close()
    ada.type("/subsidy new reserve=300 @erin because why not")
    found = typed(ada)
    assert (found["reserve_budget"], found["spenders"], found["reason"]) == ("300", ["U0ERIN"], "why not")
    assert (found["name"], found["spend_budget"], found["period_days"]) == (None, None, "90")
    ada.close()


def test_automatic_is_looked_at_before_it_is_on_and_is_off_at_once(bank: Live, erin: Person, own: str):
    erin.type(f"/subsidy auto on {own} 40 because it runs itself")
    assert typed(erin)["amount"] == "40"
    assert facts(bank, own).auto_most is None
    assert erin.submit()["ok"]
    assert "at most 40 credits of reserve more" in read(erin.modal)
    erin.close()
    assert facts(bank, own).auto_most == 40 * MICRO
    assert "Automatic, at most 40 credits a day" in about(erin.type("/subsidy"), own)
    assert "Nothing is applied by itself any more." in erin.type(f"/subsidy auto off {own} because enough")
    assert facts(bank, own).auto_most is None
    assert "Say whether it is to be on or off. Did you mean one of these?" in erin.type("/subsidy auto")


def test_a_change_keeps_what_is_not_typed_and_is_told_in_its_channel(
    bank: Live, ada: Person, emil: Person, own: str
):
    ada.type(f"/subsidy change {own} spend=none days=60 #markets because it goes on.")
    found = facts(bank, own)

    assert (found.reserve_budget, found.spend_budget, found.period_days) == (2000 * MICRO, None, 60)
    assert found.spenders == (identity("U0ERIN"),)
    told = read(emil.wait_for(f"Portfolio *{own}*"))
    assert "It may be expected to lose any amount in a period, instead of 500 credits" in told
    assert "A period is 60 days long, instead of 30 days" in told
    assert "Its news come to <#C0MARKETS>" in told
    assert "> it goes on." in told


def test_a_budget_below_what_is_reserved_is_refused_under_its_field(bank: Live, ada: Person):
    ada.type("/subsidy change Main")
    errors = ada.submit(reserve_budget={"value": "40"}, reason={"value": "Less."})["errors"]
    ada.close()

    assert [*errors] == ["reserve_budget"]
    assert re.fullmatch(
        r"[\d.]+ credits are reserved for markets already, so it cannot be 40\. "
        r"Make it at least that, or take some back first\.",
        errors["reserve_budget"],
    )
    assert facts(bank, "Main").reserve_budget is None


def test_liquidity_is_taken_out_after_a_look_at_what_follows(bank: Live, ada: Person):
    before = facts(bank, "Main")
    ada.type("/subsidy withdraw D-1 100 because it is too deep.")
    said = read(ada.modal)
    assert "You are about to free *100 credits* of what is reserved for D-1" in said
    assert "> it is too deep." in said
    assert ada.submit()["ok"]
    freed = facts(bank, "Main").free - before.free
    assert abs(freed - 100 * MICRO) < MICRO // 100
    assert f"came free: *Main* has {words.limit(facts(bank, 'Main').free)} free now." in read(ada.modal)
    ada.close()
    ada.type("/subsidy withdraw D-1")
    refused = ada.submit(amount={"value": "99999"}, reason={"value": "All of it."})["errors"]["amount"]
    assert re.fullmatch(r"At most [\d.]+ credits can come free here: .*", refused)
    assert ada.submit(amount={"value": "1"}, reason={"value": "A little."})["ok"]
    assert ada.modal["title"]["text"] == "Are you sure?"
    ada.act("close", view_id=ada.modal["id"], all=True)

    assert facts(bank, "Main").free == before.free + freed


@pytest.mark.parametrize(
    ("typed", "said", "button"),
    [
        ("withdrw D-1", "`/subsidy withdrw` is not something I know.", "/subsidy withdraw D-1"),
        ("pause Mian because x", "I know no portfolio “Mian”.", "Main"),
        ("withdraw", "Say which decision", "D-1"),
        ("new reserv=5", "`reserv=` does not go there", "/subsidy new reserve=5"),
        ("change Nowhere", "I know no portfolio “Nowhere”.", "Main"),
    ],
)
@pytest.mark.usefixtures("second")
def test_what_is_misspelt_is_asked_about(ada: Person, typed: str, said: str, button: str):
    assert said in ada.type(f"/subsidy {typed}")
    assert button in offered(ada)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("fund Main 0 because x", "This must be more than 0."),
        ("fund Main -5 because x", "This must be more than 0."),
        (
            "fund Main 1,5 because x",
            "“1,5” is not a number here. With a point before the decimals it is 1.5.",
        ),
        ("new main reserve=1 spend=1 days=1 @ada because x", "There is a portfolio called main already."),
        ("change Main days=900 because x", "A period is 1 to 366 days long."),
        ("change Main reserve=0 because x", "This must be more than 0."),
        ("resume Main because x", "Main is not paused."),
        ("withdraw D-99 5 because x", "There is no decision D-99."),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_changes(
    bank: Live, ada: Person, typed: str, said: str
):
    before = counts(bank)

    assert said in ada.type(f"/subsidy {typed}")
    assert counts(bank) == before


def test_home_shows_portfolios_and_leads_to_them(bank: Live, ada: Person, emil: Person, own: str):
    said = read(ada.home())

    assert "*Portfolios*\nMain: " in said
    assert f"{own}: 0 credits free · 0 of 2,000 credits reserved" in said
    ada.press_home("subsidy:show")
    assert "may spend it: every admin" in read(ada.modal)
    ada.press_modal(f"subsidy:fund_P-{facts(bank, own).id}")
    assert typed(ada)["portfolio"] == option(ada, own)
    ada.close()
    assert "Portfolios" not in read(emil.home())


def test_the_report_is_shown_to_whoever_asks_and_sent_as_a_file(bank: Live, ada: Person):
    """As a message with its table, over a form without one."""
    said = ada.type("/subsidy report Main")
    assert "Subsidy report: Main" in said
    ada.press(ada.answer, "subsidy_file")
    assert "The file is on its way to you" in read(ada.answer)
    bank.wait_until(lambda: any(m.get("files") for m in ada.messages("D0ADA")))
    ada.type("/subsidy")
    ada.press(ada.answer, "subsidy:report_P-1")
    assert "are reserved for markets" in read(ada.modal)
    assert "table" not in {block["type"] for block in ada.modal["blocks"]}
    ada.press_modal("subsidy_file")
    assert "The file is on its way to you" in read(ada.modal)
    ada.close()
