"""A report as a file says what was sent: every number in CSV, everything that it says on one page that can be printed."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from exchange_driver import START, Exchange, measure
from PIL import Image
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.exports import handouts, report
from bot.reports import again, printed, spread
from core.database import migrate, open_engine
from core.exchange import sending
from core.exchange.sending import Kept
from core.exchange.trading import Act
from core.units import MICRO

NAMES = ("Release & go for $5 or $6", "=HYPERLINK(1) 🙂 字")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two measures, of which one was traded, and the report at nine on the day after the next."""
    url = f"sqlite:///{tmp_path_factory.mktemp('handouts') / 'one.db'}"
    engine = open_engine(url)
    migrate(engine)
    exchange = Exchange(engine)
    exchange.grant("pool", 1_000)
    exchange.grant("ann", 500)
    exchange.open(options=NAMES, measures=(measure(50, 40), measure(30, 60)))
    exchange.trade("ann", 1, 0, Act.SPEND, 40 * MICRO)
    exchange.now = START + timedelta(hours=21)
    exchange.run_due()
    exchange.close()
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def kept(database: str) -> Iterator[Kept]:
    engine = open_engine(database)
    with engine.connect() as connection:
        yield sending.sent(connection, "", 1, 1, START)
    engine.dispose()


def test_csv_has_every_number_of_each_measure_and_option_in_units_that_people_know(kept: Kept):
    made = handouts.made(kept, "csv")
    rows = list(csv.DictReader(io.StringIO(made.content.decode())))
    lines = [line for each in kept.facts["measures"] for line in each["options"]]

    assert made.name == "D-1-report-1.csv"
    assert [(row["measure_number"], row["option_number"]) for row in rows] == [
        ("1", "1"),
        ("1", "2"),
        ("2", "1"),
        ("2", "2"),
    ]
    assert [float(row["option_average"]) * MICRO for row in rows] == pytest.approx(
        [x["average"] for x in lines]
    )
    assert {f"option_{name}" for name in lines[0]} <= set(rows[0])
    assert {row["journal_head"] for row in rows} == {kept.head}
    assert {row["at"] for row in rows} == {"2026-01-02T09:00:00+00:00"}
    assert rows[1]["option_name"] == f"'{NAMES[1]}"  # No spreadsheet takes it for a formula.


def test_a_page_is_one_page_and_a_picture_is_as_wide_as_paper(kept: Kept):
    pdf, png = (handouts.made(kept, form) for form in ("pdf", "png"))

    assert pdf.content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type /Page\b", pdf.content)) == 1
    assert Image.open(io.BytesIO(png.content)).size[0] > 1000
    assert "On Score the options are not ranked" in png.alt_text


def test_the_page_says_all_that_the_message_says(kept: Kept):
    """Text, table and charts, each as one piece, in their order; letters that the font lacks have a sign instead."""
    message = again.report(kept)
    kinds = [block["type"] for block in message.payload()["blocks"]]

    assert len(list(printed._pieces(message))) == len(kinds) - kinds.count("actions")
    assert kinds.count("data_visualization") == 1
    assert printed._drawable(NAMES[1]) == "=HYPERLINK(1) \ufffd \ufffd"


def test_a_report_is_shown_as_it_was_without_what_could_be_pressed_then(kept: Kept):
    shown, then = again.report(kept), spread.render(kept.facts)
    blocks = shown.payload()["blocks"]

    assert f"The journal's head was `{kept.head}`" in blocks[0]["elements"][0]["text"]
    assert [b for b in blocks[1:] if b["type"] != "actions"] == [
        b for b in then.payload()["blocks"] if b["type"] != "actions"
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["D-1", "--format", "pdf"], 0, ""),
        (["D-1", "--number", "1", "--format", "csv"], 0, ""),
        (["D-1", "--number", "2", "--format", "csv"], 2, "No such report of D-1"),
        (["D-9", "--format", "png"], 2, "No such report of D-9"),
        (["one", "--format", "png"], 2, "Write it like D-7"),
    ],
)
def test_the_command_line_writes_one_too(
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    status: int,
    said: str,
):
    monkeypatch.setenv("FUTARCHY_DATABASE_URL", database)
    output = tmp_path / "report"
    result = CliRunner().invoke(cli, ["report", *arguments, "--output", str(output)])

    assert result.exit_code == status, result.output
    assert said in result.output
    assert output.exists() == (status == 0)


def test_what_deciders_forecast_and_weigh_is_in_units_that_people_know_too(kept: Kept):
    """As they are kept after a close; a mean of anything else stays as it is."""
    forecast = {"market_id": 2, "given": 1, "mean": 5e7, "median": 5e7, "least": 50 * MICRO, "most": 5e7}
    said = {"by": "dee", "at": 0, "chances": [60, 30], "forecasts": [[1, 55 * MICRO], [2, 45 * MICRO]]}
    made = {"options": [{"number": 1, "welfare": 5e7}], "gap": 1e6, "level": 2e6, "spreads": [1e6]}
    facts = {
        **kept.facts,
        "deciders_said": {"said": [said], "forecasts": [forecast]},
        "ballots": {"welfare": made, "reopened_at": 86_400},
        "residuals": {"chosen": {"mean": 0.25}},
        "redefined": [[0, "Score"]],
    }
    file = io.StringIO()
    report.write(replace(kept, facts=facts), file)
    row = next(csv.DictReader(io.StringIO(file.getvalue())))
    options = json.loads(row["measure_trust_options"])

    assert json.loads(row["deciders_said_said"])[0]["forecasts"] == [[1, 55], [2, 45]]
    assert json.loads(row["deciders_said_forecasts"]) == [
        forecast | {"mean": 50, "median": 50, "least": 50, "most": 50}
    ]
    assert json.loads(row["ballots_welfare_options"]) == [{"number": 1, "welfare": 50}]
    assert (row["ballots_welfare_level"], json.loads(row["ballots_welfare_spreads"])) == ("2.0", [1])
    assert row["ballots_reopened_at"] == "1970-01-02T00:00:00+00:00"
    assert row["residuals_chosen_mean"] == "0.25"
    assert json.loads(row["redefined"]) == [["1970-01-01T00:00:00+00:00", "Score"]]
    assert all(0 <= end <= 100 for option in options for end in option["stable"])
