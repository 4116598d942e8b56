"""Amounts are whole micro-units: 1 credit = 1 share = 1,000,000 micro."""

from decimal import Decimal, InvalidOperation

from core.errors import Invalid

MICRO = 1_000_000
MOST = 10**15  # A billion credits: every sum of amounts stays far inside 64 bits.


def to_micro(amount: Decimal, field: str = "amount") -> int:
    """Whole micro-units of an amount; digits past the sixth are refused, never rounded."""
    if not amount.is_finite():
        raise Invalid(field, "number", str(amount))
    if abs(amount) > MOST // MICRO:
        raise Invalid(field, "too_large", str(MOST // MICRO))
    micro = amount * MICRO
    if micro != micro.to_integral_value():
        raise Invalid(field, "digits", str(amount))
    return int(micro)


def parse(text: str, field: str = "amount") -> int:
    """Micro-units of what a person typed: ``100``, ``1,000.50``, ``-3``."""
    try:
        amount = Decimal(text.strip().replace(",", "").replace("_", ""))
    except InvalidOperation:
        raise Invalid(field, "number", text) from None
    return to_micro(amount, field)


def to_credits(micro: int) -> Decimal:
    return Decimal(micro) / MICRO


def positive(amount: int, field: str = "amount") -> int:
    """The amount, if it is above zero and within what the ledger carries."""
    if amount <= 0:
        raise Invalid(field, "positive", str(to_credits(amount)))
    if amount > MOST:
        raise Invalid(field, "too_large", str(MOST // MICRO))
    return amount
