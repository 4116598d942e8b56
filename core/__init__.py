"""The exchange itself: money, prices, decisions. It knows nothing of Slack."""
