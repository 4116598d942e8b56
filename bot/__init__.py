"""The Slack face of the exchange: it speaks Slack and decides nothing."""
