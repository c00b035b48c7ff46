"""All that cannot be made again, in one file: conversations, staff's work, content and models."""
