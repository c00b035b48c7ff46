"""How the guide's times grow: with turns, answers, stored events and patients at once."""
