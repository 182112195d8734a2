"""Turns a machine with only Python into one that can run the kit. Standard library only."""
