"""Places, and what a message about trials means: for the chat server and the actions alike."""
