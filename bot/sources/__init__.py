"""Readings from elsewhere: fetched here, judged and filed by core. Secrets are named, and never leave the environment."""
