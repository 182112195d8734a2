"""From a text to speech: what is said, in which pieces, how loud, and into which file; knows no station."""
