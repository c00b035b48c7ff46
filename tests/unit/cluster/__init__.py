"""What several servers share, and how they take turns."""
