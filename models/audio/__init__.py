"""Sound files in: whatever recording people bring becomes plain samples on the disk, within limits, or a sentence."""
