"""How a message is understood: Rasa graph components, one a file."""
