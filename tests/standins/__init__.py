"""Local stand-ins of outside services."""
