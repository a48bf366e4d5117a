"""What the user asks for, turned into background work, and its results into state."""
