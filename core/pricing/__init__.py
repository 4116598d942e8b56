"""Floor 1, pricing: numbers only."""
