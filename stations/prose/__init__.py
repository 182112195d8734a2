"""What rules and word lists can tell about a text, whoever wrote it; no model, no screen."""
