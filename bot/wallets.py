"""What the wallets of a person are called: the balance, and the credits that count for long horizons only."""

from collections.abc import Mapping
from typing import Any

NAMES = {"plain": "your balance", "earmarked": "your credits for long horizons"}
LABELS = {"plain": "Balance", "earmarked": "For long horizons"}
WHERE = {"plain": "anywhere", "earmarked": "wherever those pay"}  # They can be spent.
CREDITS = {"plain": "", "earmarked": " for long horizons"}  # Behind an amount of them.


def of(facts: Mapping[str, Any]) -> str:
    """The wallet that facts are about; those about the plain one do not say."""
    return str(facts.get("wallet", "plain"))
