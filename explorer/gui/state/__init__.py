"""What the user is looking at: the session and its parts. They hold, and tell."""
