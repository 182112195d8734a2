"""Texts in another language, sentence by sentence, with checks; whole documents and subtitles; no screen."""
