"""The table language of tests/stories: one act a line, names instead of ids, credits instead of micro-units.

    grant WHO AMOUNT [key=] | open OPTION=BASE_RATE[/OF_THE_SECOND_MEASURE] ... [subsidy=] [low=] [high=]
    open_lottery PROBABILITY OPTION=BASE_RATE ... [subsidy=] | draw OPTION|people | breach WHO
    ask NAME PRICE LIQUIDITY [cap=] | bins NAME LIQUIDITY CENTRE=PRICE ...
    spend|buy|sell WHO MARKET OUTCOME[+OUTCOME] AMOUNT [key=] [limit=] [price=] [until=1d]
    sell_all WHO MARKET OUTCOME | move WHO MARKET ESTIMATE AMOUNT | cancel WHO ORDER|all
    mirror WHO MARKET OUTCOME AMOUNT [key=] [limit=] | advance 7d12h | due | choose WHO OPTION | withdraw WHO | read WHO VALUE [of=MARKET] | void WHO [of=MARKET]
    challenge WHO [of=MARKET] | rule WHO upheld|dismissed [of=MARKET]
    balance WHO | pool | put WHO | at_risk WHO | cash WHO MARKET|none | shares WHO MARKET OUTCOME | price MARKET | state
    orders MARKET

A spend answers with the shares, a buy or a move with the cost, a sale with the proceeds, and each with what it leaves
waiting; a cancellation with what came back; a refusal with its kind and reason. Markets are named after their option
or question, those of a second measure with a 2 behind it, those that count if a lottery draws the option with a ~ before
it. A mirrored spend answers with the shares, or the refusal, of each leg.
"""

import re
import shlex
from datetime import timedelta
from typing import Any

from exchange_driver import ADMIN, OWNER, Exchange, lottery, measure, plan, question
from lots import EVEN, beacon_for
from sqlalchemy import select

from core.decisions.tables import decision, option
from core.errors import Refusal
from core.exchange import cancelling, deciding, drawing, granting, opening, portfolio, resolving, trading
from core.exchange.opening import BaseRate, MeasurePlan, MetricPlan
from core.exchange.trading import Act, Fill, Mirror, Order
from core.markets.metrics import Definition
from core.markets.outcomes import bins
from core.markets.resting import State
from core.markets.tables import market, outcome
from core.units import parse, to_credits

SPANS = {"d": "days", "h": "hours", "m": "minutes"}


class Story:
    """Tells one line after the other to an exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.markets: dict[str, int] = {}
        self.lottery = EVEN

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

    def do_open_lottery(self, probability: str, subsidy: str = "200", **options: str) -> str:
        self.lottery = lottery(float(probability), *[1] * len(options))
        planned = plan(
            options=tuple(options),
            measures=(measure(*(int(rate) for rate in options.values())),),
            subsidy=parse(subsidy),
            lottery=self.lottery,
        )
        opened = self.exchange.do(opening.open_decision, ADMIN, planned)
        names = [*options, *(f"~{name}" for name in options)]
        self.markets |= dict(zip(names, opened.market_ids, strict=True))
        return _said(opened.reserve)

    def do_draw(self, wanted: str) -> str:
        index = None if wanted == "people" else self.markets[wanted] - 1
        made = self.exchange.do(drawing.draw, 1, beacon_for(index, self.lottery))
        return "people" if made.option_id is None else wanted

    def do_breach(self, who: str) -> str:
        self.exchange.do(drawing.breach, who, 1, "It was not carried out.")
        return "recorded"

    def do_open(self, subsidy: str = "200", low: str = "0", high: str = "100", **options: str) -> str:
        score = Definition("Score", "points", parse(low), parse(high), "The score a month later.")
        rates = zip(*(rate.split("/") for rate in options.values()), strict=True)
        planned = plan(
            options=tuple(options),
            measures=tuple(
                MeasurePlan((MetricPlan(score, OWNER),), tuple(BaseRate(parse(rate)) for rate in measure))
                for measure in rates
            ),
            subsidy=parse(subsidy),
        )
        opened = self.exchange.do(opening.open_decision, ADMIN, planned)
        names = [*options, *(f"{name}2" for name in options)]
        self.markets |= dict(zip(names, opened.market_ids, strict=False))
        return _said(opened.reserve)

    def do_ask(self, name: str, price: str, liquidity: str, cap: str = "") -> str:
        width = parse(cap) if cap else None
        return self._ask(
            name, outcomes=opening.yes_no(float(price)), liquidity=parse(liquidity), width_cap=width
        )

    def do_bins(self, name: str, liquidity: str, **prices: str) -> str:
        centres = [parse(centre) for centre in prices]
        counted = Definition(name, "pieces", min(centres), max(centres), "How many there are.")
        slots = tuple(bins(centres, [float(price) for price in prices.values()]))
        return self._ask(name, metric=counted, outcomes=slots, liquidity=parse(liquidity))

    def do_spend(self, *words: str, **given: str) -> str:
        fill = self._order(Act.SPEND, *words, **given)
        return _filled(fill.shares, fill)

    def do_mirror(
        self, who: str, name: str, outcomes: str, amount: str, key: str = "", limit: str = ""
    ) -> str:
        market_id, least = self.markets[name], parse(limit) if limit else None
        order = Order(
            key or self.exchange.new_key(),
            who,
            market_id,
            self._outcomes(market_id, outcomes),
            Act.SPEND,
            parse(amount),
            least,
            mirror=Mirror(self.markets[f"~{name}"], least),
        )
        fill = self.exchange.do(trading.execute, order)
        legs = [fill.twin, fill] if fill.is_drawn else [fill, fill.twin]
        return " and ".join(
            f"refused {type(leg).__name__}" if isinstance(leg, Refusal) else _said(leg.shares) for leg in legs
        )

    def do_buy(self, *words: str, **given: str) -> str:
        fill = self._order(Act.BUY, *words, **given)
        return _filled(fill.cost, fill)

    def do_sell(self, *words: str, **given: str) -> str:
        fill = self._order(Act.SELL, *words, **given)
        return _filled(-fill.cost, fill)

    def do_sell_all(self, who: str, name: str, outcome: str) -> str:
        return _said(-self._order(Act.SELL_ALL, who, name, outcome, "0").cost)

    def do_move(self, who: str, name: str, estimate: str, amount: str) -> str:
        asked = {"act": Act.MOVE, "amount": parse(amount), "estimate": parse(estimate)}
        order = Order(self.exchange.new_key(), who, self.markets[name], outcomes=(), **asked)
        return _said(self.exchange.do(trading.execute, order).cost)

    def do_cancel(self, who: str, which: str) -> str:
        if which == "all":
            return _said(sum(each.back for each in self.exchange.do(cancelling.cancel_all, who)))
        return _said(self.exchange.do(cancelling.cancel, who, int(which.removeprefix("O-"))).back)

    def do_advance(self, span: str) -> str:
        self.exchange.advance(_span(span))
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
        self.exchange.do(resolving.file, who, self._metric(of), parse(value), "the dashboard")
        return "filed"

    def do_void(self, who: str, of: str = "") -> str:
        self.exchange.do(resolving.void, who, self._metric(of), "It was never measured.")
        return "filed"

    def do_challenge(self, who: str, of: str = "") -> str:
        self.exchange.do(resolving.challenge, who, self._metric(of), "It is last month's.")
        return "objected"

    def do_rule(self, who: str, ruling: str, of: str = "") -> str:
        said = {"is_upheld": ruling == "upheld", "ruling": "I looked."}
        self.exchange.do(resolving.rule, who, self._metric(of), **said)
        return "ruled"

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
        if name.startswith("~"):
            branch = f"drawn:{self.markets[name[1:]]}"
        return _said(self.exchange.held(f"person:{who}", f"credit@D-1:{branch}"))

    def show_shares(self, who: str, name: str, outcome: str) -> str:
        return _said(self.exchange.held(f"person:{who}", f"share:M-{self.markets[name]}:{outcome}"))

    def show_price(self, name: str) -> str:
        row = self.exchange.fetch(select(market.c.prices).where(market.c.id == self.markets[name]))[0]
        return f"{row.prices[0] / 1_000_000:.6f}"

    def show_state(self) -> str:
        return self.exchange.fetch(select(decision.c.state))[0].state

    def show_orders(self, name: str) -> str:
        """Those that wait, oldest first, and what is left of each."""
        found = self.exchange.orders(self.markets[name])
        return " ".join(
            f"{order.name} {_said(order.left)}" for order in found if order.state == State.RESTING
        )

    def _ask(self, name: str, **terms: Any) -> str:
        opened = self.exchange.do(opening.open_question, ADMIN, question(**terms))
        self.markets[name] = opened.market_ids[0]
        return _said(opened.reserve)

    def _metric(self, of: str) -> int:
        """That of the market; the first one where none is named."""
        wanted = select(market.c.metric_id).where(market.c.id == self.markets[of]) if of else None
        return 1 if wanted is None else self.exchange.fetch(wanted)[0].metric_id

    def _outcomes(self, market_id: int, names: str) -> tuple[int, ...]:
        found = select(outcome.c.name, outcome.c.number).where(outcome.c.market_id == market_id)
        numbers = {row.name: row.number for row in self.exchange.fetch(found)}
        return tuple(numbers[name] for name in names.split("+"))

    def _order(
        self,
        act: Act,
        who: str,
        name: str,
        outcomes: str,
        amount: str,
        key: str = "",
        limit: str = "",
        price: str = "",
        until: str = "",
    ) -> Fill:
        market_id = self.markets[name]
        order = Order(
            key or self.exchange.new_key(),
            who,
            market_id,
            self._outcomes(market_id, outcomes),
            act,
            parse(amount),
            limit=parse(limit) if limit else None,
            price=parse(price) if price else None,
            expires_at=self.exchange.now + _span(until) if until else None,
        )
        return self.exchange.do(trading.execute, order)


def _span(span: str) -> timedelta:
    parts = re.findall(r"(\d+)([dhm])", span)
    return sum((timedelta(**{SPANS[letter]: int(count)}) for count, letter in parts), timedelta())


def _filled(micro: int, fill: Fill) -> str:
    return f"{_said(micro)} and {_said(fill.waits)} waits" if fill.waits else _said(micro)


def _said(micro: int) -> str:
    return f"{to_credits(micro).normalize():f}"


def _reason(refusal: Refusal) -> str:
    """The words of a refusal that tell one rule from another, without ids, amounts and names."""
    said = vars(refusal)
    return " ".join(said[part] for part in ("field", "rule", "because", "state") if part in said)
