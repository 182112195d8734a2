"""The room: who is in it, and what belongs to whom."""
