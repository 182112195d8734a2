"""The kit on a stick: writing it, and installing from it on a laptop without any network."""
