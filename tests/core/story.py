"""The table language of tests/stories: one act a line, names instead of ids, credits instead of micro-units.

    grant WHO AMOUNT [key=] | open OPTION=BASE_RATE ... [subsidy=] [low=] [high=] | ask NAME PRICE LIQUIDITY [cap=]
    spend|buy|sell WHO MARKET OUTCOME AMOUNT [key=] [limit=]
    advance 7d12h | due | choose WHO OPTION | withdraw WHO | read WHO VALUE [of=QUESTION]
    balance WHO | pool | put WHO | at_risk WHO | cash WHO OPTION|none | shares WHO MARKET OUTCOME | price MARKET | state

A spend answers with the shares, a buy with the cost, a sale with the proceeds; a refusal with its kind and reason.
"""

import re
import shlex
from datetime import timedelta
from typing import Any

from exchange_driver import ADMIN, OWNER, Exchange, plan, question
from sqlalchemy import select

from core.decisions.tables import decision, option
from core.errors import Refusal
from core.exchange import deciding, granting, opening, portfolio, resolving, trading
from core.exchange.opening import BaseRate, MeasurePlan, MetricPlan
from core.exchange.trading import Act, Order
from core.markets.metrics import Definition
from core.markets.tables import market
from core.units import parse, to_credits

SPANS = {"d": "days", "h": "hours", "m": "minutes"}
OUTCOMES = {"LONG": 0, "SHORT": 1, "YES": 0, "NO": 1}


class Story:
    """Tells one line after the other to an exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.markets: dict[str, int] = {}

    def tell(self, line: str) -> str:
        """The answer to one line. A refused act must have changed nothing; the books are right after any other."""
        verb, *words = shlex.split(line)
        given = dict(word.split("=", 1) for word in words if "=" in word)
        plain = [word for word in words if "=" not in word]
        if show := getattr(self, f"show_{verb}", None):
            return show(*plain, **given)
        before = self.exchange.digest()
        try:
            answer = getattr(self, f"do_{verb}")(*plain, **given)
        except Refusal as refusal:
            assert self.exchange.digest() == before, f"refused, and yet something changed: {line}"
            return f"refused {type(refusal).__name__} {_reason(refusal)}".strip()
        assert self.exchange.audit() == [], line
        return answer

    def do_grant(self, who: str, amount: str, key: str = "") -> str:
        key = key or self.exchange.new_key()
        return _said(self.exchange.do(granting.grant, ADMIN, who, parse(amount), key, "a story"))

    def do_open(self, subsidy: str = "200", low: str = "0", high: str = "100", **options: str) -> str:
        score = Definition("Score", "points", parse(low), parse(high), "The score a month later.")
        metric = MetricPlan(score, OWNER)
        planned = plan(
            options=tuple(options),
            measures=(MeasurePlan((metric,), tuple(BaseRate(parse(rate)) for rate in options.values())),),
            subsidy=parse(subsidy),
        )
        opened = self.exchange.do(opening.open_decision, ADMIN, planned)
        self.markets |= dict(zip(options, opened.market_ids, strict=True))
        return _said(opened.reserve)

    def do_ask(self, name: str, price: str, liquidity: str, cap: str = "") -> str:
        width = parse(cap) if cap else None
        planned = question(outcomes=opening.yes_no(float(price)), liquidity=parse(liquidity), width_cap=width)
        opened = self.exchange.do(opening.open_question, ADMIN, planned)
        self.markets[name] = opened.market_ids[0]
        return _said(opened.reserve)

    def do_spend(self, *words: str, **given: str) -> str:
        return _said(self._order(Act.SPEND, *words, **given).shares)

    def do_buy(self, *words: str, **given: str) -> str:
        return _said(self._order(Act.BUY, *words, **given).cost)

    def do_sell(self, *words: str, **given: str) -> str:
        return _said(-self._order(Act.SELL, *words, **given).cost)

    def do_advance(self, span: str) -> str:
        for count, letter in re.findall(r"(\d+)([dhm])", span):
            self.exchange.advance(timedelta(**{SPANS[letter]: int(count)}))
        return ""

    def do_due(self) -> str:
        return " ".join(self.exchange.run_due())

    def do_choose(self, who: str, name: str) -> str:
        number = self.exchange.fetch(select(option.c.number).where(option.c.name == name))[0].number
        self.exchange.do(deciding.record, who, 1, number, "It is better.")
        return "recorded"

    def do_withdraw(self, who: str) -> str:
        self.exchange.do(deciding.withdraw, who, 1, "It is moot.")
        return "recorded"

    def do_read(self, who: str, value: str, of: str = "") -> str:
        metric = (
            self.exchange.fetch(select(market.c.metric_id).where(market.c.id == self.markets[of]))[0][0]
            if of
            else 1
        )
        self.exchange.do(resolving.file, who, metric, parse(value), "the dashboard")
        return "filed"

    def show_balance(self, who: str) -> str:
        return _said(self.exchange.held(f"person:{who}", "credit"))

    def show_pool(self) -> str:
        return _said(self.exchange.held("pool:main", "credit"))

    def show_put(self, who: str) -> str:
        return _said(self.exchange.read(portfolio.portfolio, who).in_decisions)

    def show_at_risk(self, who: str) -> str:
        return _said(sum(stake.at_risk for stake in self.exchange.read(portfolio.portfolio, who).stakes))

    def show_cash(self, who: str, name: str) -> str:
        branch = "none" if name == "none" else f"chosen:{self.markets[name]}"
        return _said(self.exchange.held(f"person:{who}", f"credit@D-1:{branch}"))

    def show_shares(self, who: str, name: str, outcome: str) -> str:
        return _said(self.exchange.held(f"person:{who}", f"share:M-{self.markets[name]}:{outcome}"))

    def show_price(self, name: str) -> str:
        row = self.exchange.fetch(select(market.c.prices).where(market.c.id == self.markets[name]))[0]
        return f"{row.prices[0] / 1_000_000:.6f}"

    def show_state(self) -> str:
        return self.exchange.fetch(select(decision.c.state))[0].state

    def _order(
        self, act: Act, who: str, name: str, outcome: str, amount: str, key: str = "", limit: str = ""
    ) -> Any:
        key = key or self.exchange.new_key()
        worst = parse(limit) if limit else None
        order = Order(key, who, self.markets[name], (OUTCOMES[outcome],), act, parse(amount), worst)
        return self.exchange.do(trading.execute, order)


def _said(micro: int) -> str:
    return f"{to_credits(micro).normalize():f}"


def _reason(refusal: Refusal) -> str:
    """The words of a refusal that tell one rule from another, without ids, amounts and names."""
    said = vars(refusal)
    return " ".join(said[part] for part in ("field", "rule", "because", "state") if part in said)
