"""Floor 3, funding: the pool that pays for makers."""
