"""Station 10: a chatbot on the own machine."""
