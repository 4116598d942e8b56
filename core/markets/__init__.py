"""Floor 3, markets: metrics, outcomes, orders, trades and readings."""
