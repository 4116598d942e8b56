"""The journal as CSV and JSON, and how `futarchy export` ends when it cannot be written."""

import csv
import hashlib
import io
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from beancount.core.data import Transaction
from export_desk import NASTY, Balances, Desk, bean_check, load, micro, of
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.exports import Format


def sums(movements: list[dict[str, str]]) -> Balances:
    """What postings, as CSV and JSON have them, make of every account and unit."""
    held: Counter[tuple[str, str]] = Counter()
    for each in movements:
        held[each["destination"], each["unit"]] += micro(each["amount"])
        held[each["source"], each["unit"]] -= micro(each["amount"])
    return dict(held)


def rows(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))


def test_csv_and_json_sum_to_our_balances(lived: Desk):
    table, document = rows(lived.export("csv")), json.loads(lived.export("json").read_text(encoding="utf-8"))
    stated = {(each["account"], each["unit"]): micro(each["amount"]) for each in document["balances"]}

    assert sums(table) == lived.balances
    assert sums([move for each in document["entries"] for move in each["postings"]]) == lived.balances
    assert stated == lived.balances


def test_csv_and_json_say_the_same_of_every_entry(lived: Desk):
    document = json.loads(lived.export("json").read_text(encoding="utf-8"))
    issuers = {each["name"]: each["issuer"] for each in document["units"]}
    flat = [
        {"entry": each["id"], **each, **move, "issuer": issuers[move["unit"]]}
        for each in document["entries"]
        for move in each["postings"]
    ]
    table = rows(lived.export("csv"))

    assert [{name: str(each[name] or "") for name in table[0]} for each in flat] == table
    assert issuers["credit"] == "treasury"
    assert issuers["share:M-1:LONG"] == "maker:M-1"


def test_what_people_wrote_survives_in_every_format(lived: Desk):
    wanted = [f"because {reason}" for reason in NASTY]
    document = json.loads(lived.export("json").read_text(encoding="utf-8"))
    beancount_file = lived.export("beancount")
    transactions = of(Transaction, load(beancount_file))

    assert [each["reason"] for each in document["entries"]][-len(NASTY) :] == wanted
    assert [each["reason"] for each in rows(lived.export("csv"))][-len(NASTY) :] == wanted
    assert [each.meta.get("reason") for each in transactions][-len(NASTY) :] == wanted
    assert b"\r" not in beancount_file.read_bytes()
    assert "2026-01-01 open Assets:Mine" not in beancount_file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("form", Format)
def test_standard_output_is_the_same_as_the_file(lived: Desk, form: Format):
    printed = CliRunner().invoke(cli, ["export", "--format", form])

    assert printed.stdout_bytes == lived.export(form).read_bytes()


def test_an_empty_journal_is_a_file_too(desk: Desk):
    document = json.loads(desk.export("json").read_text(encoding="utf-8"))

    assert bean_check(desk.export("beancount")) == (0, "")
    assert (document["entries"], document["balances"]) == ([], [])
    assert rows(desk.export("csv")) == []


def test_an_export_that_fails_leaves_what_was_there(lived: Desk):
    file = lived.export("json")
    before = file.read_bytes()
    lived.meddle("ALTER TABLE balance RENAME TO lost")

    done = CliRunner().invoke(cli, ["export", "--format", "json", "--output", str(file)])

    assert done.exit_code == 1
    assert file.read_bytes() == before
    assert [each.name for each in lived.folder.iterdir()] == [file.name]


def test_a_file_that_cannot_be_written_is_said_in_words(desk: Desk):
    status, printed = desk.run("export", "--format", "csv", "--output", str(desk.folder / "no" / "j.csv"))

    assert status == 2
    assert printed.strip().endswith("j.csv cannot be written: No such file or directory.")


def test_a_database_that_cannot_be_opened_is_said_in_words(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FUTARCHY_DATABASE_URL", f"sqlite:///{desk.folder / 'no' / 'exchange.db'}")

    status, printed = desk.run("export", "--format", "csv")

    assert status == 2
    assert "cannot be opened: unable to open database file" in printed


def test_an_unmigrated_database_is_refused_with_the_way_out(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FUTARCHY_DATABASE_URL", f"sqlite:///{desk.folder / 'exchange.db'}")

    status, printed = desk.run("export", "--format", "csv")

    assert status == 2
    assert "Run `futarchy migrate` first." in printed


def test_every_format_states_the_head_of_the_journal_or_the_links_that_make_it(lived: Desk):
    """Whoever posts it can show later that nothing before it was edited; the audit prints the same."""
    document = json.loads(lived.export("json").read_text(encoding="utf-8"))
    _, printed = lived.run("audit")
    last = {each["writer"]: each["hash"] for each in document["entries"]}

    assert f"The journal's head is {document['head']}" in printed
    assert f'custom "head" "{document["head"]}"' in lived.export("beancount").read_text(encoding="utf-8")
    assert {each["writer"]: each["hash"] for each in rows(lived.export("csv"))} == {
        str(writer): link for writer, link in last.items()
    }


def test_the_head_can_be_made_anew_from_the_document_alone(lived: Desk):
    """By the README's two sentences and a library of hashes; an entry that is edited makes another head."""
    document = json.loads(lived.export("json").read_text(encoding="utf-8"))

    assert head_of(document) == document["head"]
    edited = next(each for each in document["entries"] if each["kind"] == "trade")
    edited["postings"][0]["amount"] = "0.000001"
    assert head_of(document) != document["head"]


def head_of(document: dict[str, Any]) -> str:
    accounts, units, people = (document["numbers"][name] for name in ("accounts", "units", "people"))
    ends: dict[int, tuple[int, str]] = {}
    for entry in document["entries"]:
        count, previous = ends.get(entry["writer"], (0, "0" * 64))
        at = round(datetime.fromisoformat(entry["at"]).timestamp() * 1000)
        moved = [
            [accounts[p["source"]], accounts[p["destination"]], micro(p["amount"]), units[p["unit"]]]
            for p in entry["postings"]
        ]
        said = [entry["id"], entry["key"], entry["kind"], at, people.get(entry["by"]), entry["reason"]]
        ends[entry["writer"]] = (count + 1, sha256([previous, *said, *moved]))
    return sha256([[writer, *end] for writer, end in sorted(ends.items())])


def sha256(said: list[Any]) -> str:
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
