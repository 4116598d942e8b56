"""Every number, date and name as people read it: amounts, values, times, people, and sides."""

import html
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.numerals import local, percent
from core.exchange.plans import HUNDRED, YES_OR_NO
from core.units import MICRO

_ANSWERS = {0: "No", HUNDRED: "Yes"}
SIDES = {"LONG": "Higher", "SHORT": "Lower", "YES": "Yes", "NO": "No"}
DATES = {  # Each date of a decision as people know it, and what it means.
    "closes_at": ("Trading closes", "Then the deciders decide."),
    "decide_by": ("Decide by", "Later counts as withdrawn."),
    "freezes_at": ("Trading on the chosen option ends", "Not later than the metric can be known."),
}
TOPICS = {  # What people can be told of, each alone, and can switch off.
    "settled": "settled markets",
    "orders": "limit orders",
    "returned": "returned stakes",
    "closing": "decisions and questions that close soon",
    "moves": "big moves against what you hold",
    "credits": "credits received",
}
VOID_PRICES = (
    "the average prices of the 24 h before the close"  # What settles a metric that was never measured.
)


def escape(text: str) -> str:
    """User text in mrkdwn: it can be bold, but it mentions nobody and links nowhere."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """User text as a quotation, line by line."""
    return "\n".join(f"> {escape(line)}" for line in text.splitlines())


def links(urls: Sequence[str]) -> str:
    """Links that core has looked at, as themselves."""
    return " · ".join(f"<{escape(url)}>" for url in urls)


def number(micro: float) -> str:
    """Micro-units as a person reads them: ``60``, ``1,234.50``, ``less than 0.01``."""
    amount = micro / MICRO
    if 0 < abs(amount) < 0.01:
        return f"less than {local('0.01')}"
    return local(f"{amount:,.0f}" if micro % MICRO == 0 else f"{amount:,.2f}")


def credits(micro: float) -> str:  # noqa: A001 - the unit's own name
    return "1 credit" if micro == MICRO else f"{number(micro)} credits"


def signed(micro: float) -> str:
    """A gain or a loss: ``+12.50 credits``, ``-3 credits``, ``0 credits``."""
    if abs(micro) < MICRO / 100:
        return "0 credits"
    return f"{'+' if micro > 0 else '-'}{credits(abs(micro))}"


def limit(micro: int) -> str:
    """Credits of which no more than this is there: cut, never rounded up."""
    return credits(micro // 10_000 * 10_000 if micro >= 10_000 else micro)


def whole(micro: float) -> str:
    """To the nearest whole: ``62``."""
    return local(f"{micro / MICRO:,.0f}")


def rate(credits_each: float) -> str:
    """What a share costs: ``0.571 credits``."""
    return f"{local(f'{credits_each:.3f}')} credits"


def points(of_range: float, digits: int = 1) -> str:
    """A part of a metric's range, in points of which the range has a hundred: ``0.4``, ``-1.1``."""
    written = f"{of_range * 100:,.{digits}f}"
    return local(written.removeprefix("-") if float(written) == 0 else written)


def bits(number_of: float) -> str:
    """``0.42 bits``."""
    return f"{local(f'{number_of:,.2f}')} bits"


def times(factor: float) -> str:
    """``1.33 times``, or ``12 times`` where more digits say nothing."""
    return f"{local(f'{factor:,.2f}' if factor < 10 else f'{factor:,.0f}')} times"


def part(of_all: float, digits: int = 0) -> str:
    """A part of a whole: ``25%``."""
    return percent(local(f"{of_all * 100:,.{digits}f}"))


def typed(number: str) -> str:
    """A number as it came from core or from a form, for its reader: ``1,234.5``."""
    return local(f"{Decimal(number.replace(',', '')):,f}")


def without_markup(sentence: str) -> str:
    """For places that show plain text: dates in UTC, nobody mentioned, and user text as it was typed."""
    sentence = re.sub(r"^<@[^>]*>", "This person", sentence)
    dated = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", sentence)
    return html.unescape(re.sub(r" Ask [^.]*<@[^.]*\.", "", dated))


def plain(micro: int) -> str:
    """Micro-units as they go into a number input: no separators, no trailing zeros."""
    sign, size = "-" if micro < 0 else "", abs(micro)
    return sign + f"{size // MICRO}.{size % MICRO:06d}".rstrip("0").rstrip(".")


def utc_minute(seconds: int) -> str:
    """``24 Nov 09:00``: a time where no zone of the reader's can be known; what it stands in says that it is UTC."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%d %b %H:%M")


def utc_date(seconds: int) -> str:
    """``24 Nov``."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%d %b")


def value(micro: float, unit: str, low: int, high: int) -> str:
    """A metric's value with its unit, in digits that suit its range: ``62.0 points``, ``3.21%``."""
    return with_unit(bare_value(micro, low, high), unit)


def bare_value(micro: float, low: int, high: int) -> str:
    """The same without the unit: ``62.0``."""
    return local(f"{micro / MICRO:,.{decimals(low, high)}f}")


def difference(micro: float, unit: str, low: int, high: int) -> str:
    """How far apart two values of a metric lie: ``4.0 points``, ``3.21 percentage points``."""
    return f"{bare_value(micro, low, high)} {apart(unit)}".rstrip()


def change(micro: float, unit: str, low: int, high: int) -> str:
    """By how much a value changed: ``+4.0 points``, ``-3.21 percentage points``."""
    return f"{bare_change(micro, low, high)} {apart(unit)}".rstrip()


def bare_change(micro: float, low: int, high: int) -> str:
    """The same without the unit; what rounds to nothing has no sign."""
    sign = "+" if micro > 0 else "-"
    is_seen = round(abs(micro) / MICRO, decimals(low, high)) > 0
    return f"{sign if is_seen else ''}{bare_value(abs(micro), low, high)}"


def apart(unit: str) -> str:
    return "percentage points" if unit_name(unit) == "%" else unit


def ratio(of: float, digits: int = 2) -> str:
    """A number without a unit: ``0.15``, or ``2.1``."""
    return local(f"{of:,.{digits}f}")


def decimals(low: int, high: int) -> int:
    """So many digits after the point as make a thousandth of the range visible."""
    return max(0, 3 - math.ceil(math.log10((high - low) / MICRO)))


def exact_value(micro: int, unit: str) -> str:
    """A metric's value as it was filed, to the last digit."""
    return with_unit(local(f"{micro / MICRO:,.6f}".rstrip("0").rstrip(".")), unit)


def reading(micro: int, unit: str) -> str:
    """A value as the answer that it is: ``71 points``, or ``Yes``."""
    return (_ANSWERS.get(micro) if unit == YES_OR_NO else None) or exact_value(micro, unit)


def with_unit(amount: str, unit: str) -> str:
    return percent(amount) if unit_name(unit) == "%" else f"{amount} {unit}".rstrip()


def unit_name(unit: str) -> str:
    """What a value's number counts: of a yes or no, the chance of a yes."""
    return "%" if unit == YES_OR_NO else unit


def one(unit: str) -> str:
    """One more of a metric: ``one unit (reports)``, ``one percentage point``. Not escaped: what people typed has no singular."""
    return "one percentage point" if unit_name(unit) == "%" else f"one unit ({unit})"


def worth(amount: float, unit: str) -> str:
    """So many units of a metric, as weights are told: ``-2.5 points``, ``0.4 percentage points``. Not escaped."""
    written = local(f"{amount:,.6f}".rstrip("0").rstrip("."))
    return f"{written} {apart(unit)}".rstrip()


def count(number_of: int, thing: str) -> str:
    return f"1 {thing}" if number_of == 1 else f"{local(f'{number_of:,}')} {thing}s"


def enumerated(things: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *most, last = things
    return f"{', '.join(most)} and {last}" if most else last


def people(number_of: int) -> str:
    return "1 person" if number_of == 1 else f"{local(f'{number_of:,}')} people"


def moment(at: int | datetime) -> str:
    """A time in the reader's own zone, with UTC for whatever cannot show it."""
    seconds = int(at.timestamp()) if isinstance(at, datetime) else at
    fallback = datetime.fromtimestamp(seconds, tz=UTC).strftime("%d %b %Y %H:%M UTC")
    return f"<!date^{seconds}^{{date_short_pretty}} {{time}}|{fallback}>"


def in_zone(seconds: int, zone: str) -> str:
    """``Mon 30 Nov 09:00``: what the clocks of a zone show then."""
    return datetime.fromtimestamp(seconds, tz=ZoneInfo(zone)).strftime("%a %d %b %H:%M")


def after_window(seconds: int) -> str:
    """When something takes effect that can be challenged for so long."""
    return f"After a challenge window of {span(seconds)}" if seconds else "At once"


def span(seconds: int) -> str:
    """``24 h``, ``90 min``."""
    return f"{seconds // 3600} h" if seconds % 3600 == 0 else f"{seconds // 60} min"


def person(identity: str) -> str:
    """A mention of the person that core knows by this identity."""
    return f"<@{identity.rpartition('/')[2]}>"


def channel(address: str) -> str:
    """A mention of the channel at an address."""
    return f"<#{address.rpartition('/')[2]}>"


def decision(decision_id: int) -> str:
    return f"D-{decision_id}"


def market(market_id: int) -> str:
    return f"M-{market_id}"


def taken(option: str, is_drawn: bool | None) -> str:
    """``Release``; where a lottery may decide, ``Release is chosen`` or ``Release is drawn``. Not escaped."""
    if is_drawn is None:
        return option
    return f"{option} is drawn" if is_drawn else f"{option} is chosen"


def chance(millionths: int) -> str:
    """``25%``, ``33.3%``."""
    return percent(local(f"{millionths / 10_000:.4g}"))


def about(facts: Mapping[str, Any]) -> str:
    """What facts are about, as people call it: ``D-7``, or ``M-12`` for a question that hangs on no decision."""
    if facts["decision_id"]:
        return decision(facts["decision_id"])
    # Facts that were kept before questions were told do not say which one it was.
    return market(facts["market_id"]) if facts.get("market_id") else ""


def side(outcome: str, unit: str = "") -> str:
    """Outcomes as people call them: ``Higher``; ``around 60 points``, ``around 30 or 40 points`` where they stand at values."""
    values = outcome.split(" or ")
    if all(re.fullmatch(r"-?\d+(\.\d+)?", value) for value in values):
        return f"around {with_unit(' or '.join(map(local, values)), unit)}"
    return SIDES.get(outcome, outcome)


def bound(outcome: int, *, is_sale: bool) -> str:
    """On which side of its value a limit order on one of two outcomes trades: ``or less``, ``or more``."""
    return "or more" if (outcome == 0) == is_sale else "or less"


def shares_of(outcome: str, unit: str = "") -> str:
    """``Higher shares``, ``shares around 60 points``. Not escaped."""
    named = side(outcome, unit)
    return f"shares {named}" if named.startswith("around ") else f"{named} shares"


def shares(micro: int, outcome: str, unit: str = "") -> str:
    """``12 Higher shares``, ``12 shares around 60 points``. Not escaped."""
    return f"{number(micro)} {shares_of(outcome, unit)}"
