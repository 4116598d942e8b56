"""Allocating: a portfolio's credit goes where it buys the most decision value; said first as a plan, applied by those who may."""

from core.exchange.applying import Applied, apply, automatic, plan
from core.exchange.assuming import Assumed, assume, assumed
from core.exchange.proposal import Help, Planned, Prior, Proposal, Remedy, Row, Why
from core.exchange.refitting import refit
from core.funding.assumptions import Assumption

__all__ = [
    "Applied",
    "Assumed",
    "Assumption",
    "Help",
    "Planned",
    "Prior",
    "Proposal",
    "Remedy",
    "Row",
    "Why",
    "apply",
    "assume",
    "assumed",
    "automatic",
    "plan",
    "refit",
]
