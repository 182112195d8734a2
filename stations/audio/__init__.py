"""Voices: reading aloud, audio guides, dialogues, a bot to talk with."""
