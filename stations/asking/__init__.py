"""Many requests to the chat model, side by side or one after another; no screen."""
