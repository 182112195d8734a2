"""Documents into text: whatever a file claims to be, it is read within limits or refused with a sentence."""
