"""Synthetic voices: what they promise, and how a text is cut so that they can say it in one breath."""
