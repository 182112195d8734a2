"""The station that listens: recordings to text, subtitles and minutes, texts to other languages."""
