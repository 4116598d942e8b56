"""Floor 3, people: who somebody is, which wallet is theirs, what role they have."""
