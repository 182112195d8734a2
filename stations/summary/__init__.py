"""Long documents in a few sentences, each linked to where it comes from; no screen."""
