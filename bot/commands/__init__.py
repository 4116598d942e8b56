"""Slash commands: what was typed finds its handler, and what was not understood is answered with what would be."""
