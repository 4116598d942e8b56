"""Floor 2, the ledger: accounts, units, entries, postings, balances. It knows nothing of markets."""
