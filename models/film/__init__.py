"""Subtitles into films: attached as a track, or drawn into the picture; strangers' files are opened in a child."""
