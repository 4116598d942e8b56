"""Floor 3, decisions: options, branches, deciders, and which branch can still come true."""
