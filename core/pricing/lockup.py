"""Lock-up: how far a price can stay from belief because the credits in it are bound until settlement (THEORY 9)."""

import math

Band = tuple[float, float]


def band(belief: float, rate: float, years: float, *, interest: float = 0.0, loan: float = 0.0) -> Band:
    """Prices at which nobody trades who believes in a probability: from q d to 1 - (1 - q) d, d = e^(-(r - i) T).

    Parameters
    ----------
    belief
        q, from 0 to 1.
    rate
        r a year: what else traders could make of their credits.
    years
        T until settlement.
    interest
        i a year, paid on what is locked.
    loan
        The share l of the stake that is lent: d becomes d / ((1 - l) + l d).

    Notes
    -----
    The width is 1 - d, whatever is believed. Source: THEORY 9, after Page and Clemen (2013); vector V34.

    Examples
    --------
    >>> [round(end, 3) for end in band(0.95, 0.2, 1)]
    [0.778, 0.959]

    """
    discount = math.exp(-(rate - interest) * years)
    discount /= (1 - loan) + loan * discount
    return belief * discount, 1 - (1 - belief) * discount
