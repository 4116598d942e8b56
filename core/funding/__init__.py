"""Floor 3, funding: portfolios that pay for makers, and the rule by which people get credit without asking."""
