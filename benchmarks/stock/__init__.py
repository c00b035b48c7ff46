"""The guide against stock Rasa: the same content, the same questions, the same load."""
