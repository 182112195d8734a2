"""What runs: engines, model store, offline guard. No screen, no prose."""
