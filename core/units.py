"""Amounts are whole micro-units: 1 credit = 1 share = 1,000,000 micro."""

import re
from decimal import Context, Decimal

from core.errors import Invalid

MICRO = 1_000_000
MOST = 10**14  # A hundred million credits: charges stay exact to the micro in float64, sums inside 64 bits.


_SIXTH = Decimal("0.000001")
_WIDE = Context(prec=400)  # Wider than any number that fits into a form.
_TYPED = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?")


def to_micro(amount: Decimal, field: str = "amount") -> int:
    """Whole micro-units of an amount; digits past the sixth are refused, never rounded."""
    if not amount.is_finite():
        raise Invalid(field, "number", str(amount))
    if abs(amount) > MOST // MICRO:
        raise Invalid(field, "too_large", f"{MOST // MICRO:,}")
    if amount != amount.quantize(_SIXTH, context=_WIDE):
        raise Invalid(field, "digits", f"{amount:f}")
    return int(amount.scaleb(6, context=_WIDE))


def parse(text: str, field: str = "amount") -> int:
    """Micro-units of what a person typed: ``100``, ``1,000.50``, ``-3``. A comma only ever parts thousands."""
    typed = text.strip()
    if not _TYPED.fullmatch(typed) or not any(each.isdigit() for each in typed):
        raise Invalid(field, "number", text)
    return to_micro(Decimal(typed.replace(",", "")), field)


def to_credits(micro: int) -> Decimal:
    return Decimal(micro) / MICRO


def within(amount: int, least: int, most: int, field: str) -> int:
    """The amount, if it is neither below the least nor above the most; a refusal names both as they are typed."""
    if not least <= amount <= most:
        raise Invalid(field, "between", f"{to_credits(least):,f}", f"{to_credits(most):,f}")
    return amount


def positive(amount: int, field: str = "amount") -> int:
    """The amount, if it is above zero and within what the ledger carries."""
    if amount <= 0:
        raise Invalid(field, "positive", str(to_credits(amount)))
    if amount > MOST:
        raise Invalid(field, "too_large", f"{MOST // MICRO:,}")
    return amount
