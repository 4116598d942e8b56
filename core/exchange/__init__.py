"""Floor 4, what can happen: the only rooms that a surface calls."""
