"""The same cost function in 60-digit decimals: the oracle that charges on the books are held against."""

from collections.abc import Sequence
from decimal import Context, Decimal, localcontext

_DIGITS = Context(prec=60)


def cost(liquidity: int, shares: Sequence[int], weights: Sequence[int], bought: Sequence[int]) -> Decimal:
    """C(s + x) - C(s) in micro-credits for C(s) = b ln sum exp((s_i - W_i) / b); below zero for a sale (THEORY 1)."""
    after = [s + x for s, x in zip(shares, bought, strict=True)]
    with localcontext(_DIGITS):
        return _potential(liquidity, after, weights) - _potential(liquidity, shares, weights)


def _potential(liquidity: int, shares: Sequence[int], weights: Sequence[int]) -> Decimal:
    logits = [s - w for s, w in zip(shares, weights, strict=True)]
    top = max(logits)
    total = sum(((Decimal(each - top) / liquidity).exp() for each in logits), Decimal(0))
    return top + liquidity * total.ln()
