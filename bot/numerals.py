"""How numbers are written where the reader is, and what a typed number means there.

Sentences are made far below whoever knows who reads them, so the reader stands in a context variable: the door sets it
for what somebody did, the outbox for each lane.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberFormatError, parse_decimal

from core import units
from core.errors import Invalid

_CALLED = {"es-LA": "es-419"}  # What Slack calls otherwise than everybody else.


@dataclass(frozen=True)
class Numerals:
    """The signs of a locale. ``percent`` is what stands before and after a number of percent."""

    locale: Locale
    decimal: str
    group: str
    percent: tuple[str, str]


@lru_cache
def of(tag: str) -> Numerals:
    """Those of a locale as Slack names it: ``de-DE``; of its language, if nothing else is known. Raises ValueError."""
    locale = _locale(_CALLED.get(tag, tag))
    signs = locale.number_symbols["latn"]
    pattern = locale.percent_formats[None]
    # An upright apostrophe between digits reads as feet or minutes; typographers set a curved one.
    group = signs["group"].replace("'", "\u2019")
    return Numerals(locale, signs["decimal"], group, (pattern.prefix[0], pattern.suffix[0]))


def _locale(tag: str) -> Locale:
    for each in (tag, tag.partition("-")[0]):
        with suppress(UnknownLocaleError):
            return Locale.parse(each, sep="-")
    raise ValueError(f"nobody knows the locale {tag}")


ENGLISH = of("en-US")
_reader: ContextVar[Numerals] = ContextVar("reader", default=ENGLISH)


@contextmanager
def read_by(reader: Numerals) -> Iterator[None]:
    """All numbers that are written while this lasts are for this reader."""
    before = _reader.set(reader)
    try:
        yield
    finally:
        _reader.reset(before)


def local(number: str) -> str:
    """A number that is written as in English, ``1,234.50``, as its reader writes it."""
    reader = _reader.get()
    return number.translate({ord(","): reader.group, ord("."): reader.decimal})


def percent(number: str) -> str:
    """So many percent, the number being written for its reader already: ``3.21%``, ``3,21 %``."""
    before, after = _reader.get().percent
    return f"{before}{number}{after}"


def parse(text: str, field: str) -> int:
    """Micro-units of a number in a text that was typed, with a point before decimals wherever its writer is.

    What would be another number where the writer is can mean either, and is refused. Raises Invalid.
    """
    theirs = _theirs(text)
    try:
        ours = units.parse(text, field)
    except Invalid as no:
        meant = _with_a_comma(text) if theirs is None else theirs
        if no.rule != "number" or meant is None:
            raise
        raise Invalid(field, "point", text, f"{meant:f}") from no
    if theirs is not None and theirs != units.to_credits(ours):
        both = (_clear(units.to_credits(ours)), _clear(theirs))
        raise Invalid(field, "ambiguous", text, " or ".join(both))
    return ours


def parse_all(text: str, field: str) -> tuple[int, ...]:
    """Those of a list that was typed: blanks and semicolons part them, and commas where none stands in a number."""
    is_comma_in_numbers = _reader.get().decimal == ","
    apart = r"[\s;]+|,(?!\d)" if is_comma_in_numbers else r"[\s;,]+"
    return tuple(parse(each, field) for each in re.split(apart, text) if each)


def _with_a_comma(text: str) -> Decimal | None:
    """What was probably meant where a comma stands before decimals, as in most of the world."""
    return Decimal(text.replace(",", ".")) if re.fullmatch(r"\s*[+-]?\d+,\d+\s*", text) else None


def _clear(number: Decimal) -> str:
    """The number so that nobody can read it as another one: three digits behind a point look like thousands."""
    written = f"{number.normalize():f}"
    return f"{written}0" if re.search(r"\.\d{3}$", written) else written


def _theirs(text: str) -> Decimal | None:
    """What the number is where its writer is; None if it is none there, or one in words or in powers of ten."""
    if re.search(r"[^\W\d_]", text):
        return None
    try:
        return parse_decimal(text.strip(), locale=_reader.get().locale, strict=True)
    except NumberFormatError:
        return None
