"""Subsidies: the portfolios that back markets, who may spend them, and what the policy would do with them."""
