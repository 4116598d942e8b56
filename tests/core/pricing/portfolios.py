"""Random portfolios, and what scipy's SLSQP makes of them."""

import numpy as np
from scipy.optimize import minimize

from core.pricing.clearing import marginal
from core.pricing.problem import Problem


def portfolio(seed: int, groups: int, branches: int) -> Problem:
    """Groups with so many markets each; some hold something already, some are capped, some need a least."""
    random = np.random.default_rng(seed)
    markets = groups * branches
    group = np.repeat(np.arange(groups), branches)
    learnable, reserve = random.uniform(0.02, 0.7, markets), random.uniform(0.5, 4, markets)
    liquidity = np.where(random.random(groups) < 0.3, random.uniform(5, 60, groups), 0)[group]
    backed = liquidity * reserve
    held = np.zeros(groups)
    np.maximum.at(held, group, backed)
    value = random.uniform(0, 80, markets) * (random.random(groups) < 0.9)[group]
    worth = np.bincount(group, value * learnable, groups)
    return Problem(
        value=value,
        learnable=learnable,
        cost=random.uniform(10, 400, markets),
        reserve=reserve,
        group=group,
        budget=float(random.uniform(20, 200) * groups),
        spend=float(random.uniform(1, 40) * groups),
        chance=random.uniform(0.1, 1, markets),
        liquidity=liquidity,
        backed=backed,
        held=held,
        most=np.where(random.random(groups) < 0.2, random.uniform(20, 200, groups), np.inf),
        least=np.where(random.random(groups) < 0.5, worth * random.uniform(0.1, 0.8, groups), 0),
    )


def by_slsqp(of: Problem, iterations: int = 500) -> np.ndarray:
    """The reserves that a general solver finds, without any least; as far as it comes in so many iterations."""
    whole = of.whole()

    def spend_slope(reserves: np.ndarray) -> np.ndarray:
        depth = whole.liquidity_at(reserves)
        slope = 1 - (whole.cost / (depth + whole.cost)) ** 2
        return -whole.sum(whole.chance * whole.learnable * slope / whole.reserve)

    reserve = {"type": "ineq", "fun": lambda r: whole.budget - r.sum(), "jac": lambda r: -np.ones_like(r)}
    spend = {"type": "ineq", "fun": lambda r: whole.spend - whole.spend_at(r).sum(), "jac": spend_slope}
    budgets = [reserve, spend] if np.isfinite(whole.spend) else [reserve]
    ends = list(
        zip(whole.held, np.maximum(np.minimum(whole.most, min(whole.budget, 1e6)), whole.held), strict=True)
    )
    free = max(whole.budget - whole.held.sum(), 0.0) / whole.groups
    found = minimize(
        lambda r: -whole.value_at(r).sum(),
        np.clip(
            whole.held + free / 10, *np.transpose(ends)
        ),  # Where nothing is lost yet, it finds no way to go.
        jac=lambda r: -marginal(whole, r, 0.0),
        bounds=ends,
        constraints=budgets,
        method="SLSQP",
        options={"maxiter": iterations, "ftol": 1e-10},
    )
    assert found.success or found.nit >= iterations, found.message
    return found.x
