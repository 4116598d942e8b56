"""Sources in words: why one could not be read, what speaks against what it gave, and what its owner can do."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import words
from bot.blocks import button
from bot.reports import news
from bot.reports.message import Message

Facts = Mapping[str, Any]

_WHY = {
    "slow": "It did not answer within {detail} seconds.",
    "unreachable": "It could not be reached ({detail}).",
    "no_such_host": "There is no host “{detail}”.",
    "private": "“{detail}” is an address inside our own network, which is asked only with `FUTARCHY_SOURCES_PRIVATE=1`.",
    "scheme": "It sent me on to an address of another kind ({detail}).",
    "hops": "It sent me on more than {detail} times.",
    "status": "It answered with status {detail}.",
    "large": "What it gives is too large: more than a million bytes.",
    "no_json": "What it gives is no JSON: “{detail}”.",
    "no_csv": "What it gives is no CSV: “{detail}”.",
    "expression": "“{detail}” is no expression that can be worked out there.",
    "nothing_there": "There is nothing at “{detail}”.",
    "no_single": "There are several values at “{detail}”, not one.",
    "no_column": "There is no column “{detail}”.",
    "no_row": "There is no such row.",
    "rows": "The query gives more than one row.",
    "columns": "The query gives more than a value and its time.",
    "query": "The database says: {detail}",
    "no_database": "Only SQLite and PostgreSQL can be asked.",
    "not_set": "{detail} is not set where I run.",
    "no_secret": "{detail} is not set where I run.",
    "other_host": "Its secret is for {detail} alone.",
    "no_number": "“{detail}” is no number.",
    "no_time": "“{detail}” is no time.",
    "refused": "{detail}",
}
_DOUBTS = {
    "out_of_range": "It lies outside {low} to {high}, so it would settle as that end.",
    "neither": "It is neither a no (0) nor a yes (100), and would settle in between.",
    "far": "It lies far from what the market expected.",
    "stale": "The source says that it is of before trading ended.",
    "future": "The source says that it is of a time that has not come.",
    "unchanged": "It is the same number as when the source was set, so it may be an old one.",
    "unconfirmed": "It was set before another owner, or another wording of what is read, came in force.",
    "stake": "Whoever set the source has traded here.",
}


def why(said: Sequence[str]) -> str:
    """The sentence for a word and what goes with it; other rules of core are said as they are."""
    word, detail = (*said, "")[:2]
    return _WHY.get(word, "{detail}").format(detail=words.escape(detail))


def doubts(named: Sequence[str], unit: str, low: int, high: int) -> list[str]:
    ends = {name: words.escape(words.exact_value(end, unit)) for name, end in (("low", low), ("high", high))}
    return [_DOUBTS[each].format(**ends) for each in named]


def failed(facts: Facts) -> Message:
    said = (
        f"needs you: its source could not be read, tried {words.count(facts['attempts'], 'time')}. "
        f"{why(facts['why'])}"
    )
    return news.news(facts, said, buttons=[_again(facts), _by_hand(facts), _settings(facts)])


def doubted(facts: Facts) -> Message:
    value = words.escape(words.reading(facts["value"], facts["unit"]))
    of = f", of {words.moment(facts['as_of'])}" if facts["as_of"] else ""
    doubt = " ".join(doubts(facts["doubts"], facts["unit"], facts["low"], facts["high"]))
    said = (
        f"needs you: its source says *{value}*{of}. {doubt} I have filed nothing; "
        "if it is right, say so, and it is filed on your word."
    )
    quoted = f"{facts['where']}: {facts['excerpt']}"
    confirm = button("It is right", "source_right", f"{facts['metric_id']}:{facts['attempt']}", primary=True)
    return news.news(facts, said, quoted, [confirm, _again(facts), _by_hand(facts), _settings(facts)])


def _again(facts: Facts) -> Any:
    return button("Read it again", "source_again", facts["metric_id"])


def _by_hand(facts: Facts) -> Any:
    return button("File by hand", "file", words.about(facts))


def _settings(facts: Facts) -> Any:
    return button("Source", "source", facts["metric_id"])
