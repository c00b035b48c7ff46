"""How patients reach the guide. One file a channel, what they share in `incoming`."""
