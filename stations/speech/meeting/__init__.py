"""What was decided, promised and left open in a conversation: rules find the places, a model words them; no screen."""
