"""No text of ours says that a choice brings anything about: neither what stands in the program, nor what it told anybody."""

import ast
from pathlib import Path

import pytest
from payloads import Emitted, Payloads, faults
from verbs import causal

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "bot").rglob("*.py"))


def texts(source: str) -> list[str]:
    """Every string that is no docstring; of one that is put together, its fixed parts."""
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def test_no_text_in_the_program_says_that_a_choice_brings_anything_about():
    """What is told by the tours and journeys is looked at where each of their workspaces is closed (``payloads``)."""
    found = {f"{file.name}: {text}" for file in FILES for text in texts(file.read_text()) if causal(text)}

    assert len(FILES) > 100
    assert found == set()


def test_a_text_is_seen_and_a_docstring_is_not():
    source = '"""It causes."""\nsaid = f"Release improves {metric}"\n'

    assert [causal(text) for text in texts(source)] == ["improves"]


@pytest.mark.parametrize(
    "said",
    [
        "Release causes more incidents.",
        "Release will raise the score.",
        "Holding improves the score.",
        "Release leads to 4 points more.",
        "Release makes the score of next month higher.",
        "The score is higher because of the decision.",
        "This is the effect of choosing Release.",
    ],
)
def test_what_says_so_is_found_in_whatever_is_told(said: str):
    assert any(
        "a price allows no" in fault
        for fault in faults(Emitted("message", "chat.postMessage", {"text": said}))
    )


@pytest.mark.parametrize(
    "said",
    [
        "Release is priced highest on the score: 64 points if chosen, 7 points above Hold.",
        "Traders expect 64 points if Release is chosen.",
        "It is not the effect of choosing it.",
    ],
)
def test_what_a_price_allows_may_be_said(said: str):
    assert list(faults(Emitted("message", "chat.postMessage", {"text": said}))) == []


def test_people_may_say_what_they_like():
    """A reason that somebody typed is quoted as it is, escaped or not; the same words of ours are a fault."""
    heard = Payloads()
    typed = {"view": {"state": {"values": {"reason": {"reason": {"value": "R&D says it improves trust."}}}}}}
    heard.hear("to_app", "view_submission", "record", typed, None)
    quoted = {"text": "Hold was chosen: R&amp;D says it improves trust."}
    heard.hear("to_slack", "chat.postMessage", "", quoted, None)
    assert heard.faults() == []
    heard.hear("to_slack", "chat.postMessage", "", {"text": "Hold improves trust."}, None)

    assert len(heard.faults()) == 1
